"""WHMCS, the billing panel."""
