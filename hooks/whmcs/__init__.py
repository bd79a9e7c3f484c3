"""What comes in from WHMCS; `addon/` is what is copied into it."""
