"""A lease that lasts as long as its holder: renewed while work goes on, run out soon after a crash."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

_RENEWALS = 3
"""In the time of one lease: two may fail before it runs out."""


@contextmanager
def kept(renew: Callable[[], bool], lease: timedelta) -> Iterator[None]:
    """Renew a lease until the block ends, so that nobody takes a slow call for a lost one and repeats it.

    renew   called from another thread; must not raise; False ends it: the lease is lost
    """
    ended = threading.Event()

    def keep() -> None:
        while not ended.wait(lease.total_seconds() / _RENEWALS) and renew():
            pass

    keeper = threading.Thread(target=keep, name="tipstaff-lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()
