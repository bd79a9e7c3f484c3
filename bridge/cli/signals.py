"""Waiting to be told to end."""

from __future__ import annotations

import signal
import threading
from types import FrameType


def wait_for_signal() -> None:
    """Until Ctrl-C or SIGTERM."""
    stop = threading.Event()

    def leave(_: int, __: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, leave)
    stop.wait()
