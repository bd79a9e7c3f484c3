"""Complaints as they arrive, read into incidents: bytes in, facts out; no store, no network, no clock."""
