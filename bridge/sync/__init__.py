"""What the panels show, taken in: everything at once, or one service or client again. Only changes become events."""

from bridge.sync.synchroniser import SYNCED, Progress, Summary, Synchroniser

__all__ = ["SYNCED", "Progress", "Summary", "Synchroniser"]
