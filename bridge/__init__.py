"""Tipstaff carries out what a hosting provider's own abuse policy decides."""

__version__ = "0.1.0"
