"""Virtualizor, the VPS panel."""
