"""Where tables are printed."""

from __future__ import annotations

from rich.console import Console

UNWRAPPED = 1000
"""Columns of what no person reads on a terminal; more than any row here needs."""


def table_console() -> Console:
    """A terminal's width is kept; what is read by another program is never wrapped."""
    console = Console()
    return console if console.is_terminal else Console(width=UNWRAPPED)
