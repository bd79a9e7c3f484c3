"""Reading in a process of its own: whatever a message holds, it costs a bounded time and memory, and only itself."""

from bridge.confined.reader import ConfinedReader

__all__ = ["ConfinedReader"]
