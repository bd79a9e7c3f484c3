"""A source is watched by one process at a time, however many serve one database: whoever has the lease has the turn."""

from __future__ import annotations

import secrets
import threading
from datetime import datetime, timedelta
from functools import partial
from threading import Event

from sqlalchemy.exc import SQLAlchemyError

from bridge.lease import kept
from bridge.ports import Clock, Watch
from bridge.store.engine import from_us, to_us
from bridge.store.store import Store, Unit

LEASE = timedelta(seconds=30)
"""After a crash somebody else takes over that much later, at most."""
_HEED = 0.2
"""Seconds within which a watch is told to stop."""


class Turn:
    """Runs a watch while it is this process's turn; implements Watch itself."""

    def __init__(self, watch: Watch, store: Store, clock: Clock, lease: timedelta = LEASE) -> None:
        self.name = watch.name
        self._watch = watch
        self._store = store
        self._clock = clock
        self._lease = lease
        self._key = f"turn.{type(watch).__name__}.{watch.name}"
        self._holder = secrets.token_hex(8)
        self._until = clock.wall()

    def run(self, stop: Event) -> None:
        while not stop.is_set():
            if not self._take():
                stop.wait(self._lease.total_seconds() / 3)
                continue
            over = threading.Event()
            follower = threading.Thread(target=_follow, args=(stop, over), name=f"stop {self.name}", daemon=True)
            follower.start()
            try:
                with kept(partial(self._renew, over), self._lease):
                    self._watch.run(over)
            finally:
                over.set()
                follower.join()
                self._store.write(self._release)

    def _take(self) -> bool:
        return self._store.write(self._claim)

    def _claim(self, unit: Unit) -> bool:
        now = self._clock.wall()
        holder, until = _read(unit.setting(self._key))
        if holder != self._holder and until > now:
            return False
        self._until = now + self._lease
        unit.set(self._key, f"{self._holder} {to_us(self._until)}")
        return True

    def _renew(self, over: Event) -> bool:
        """False, and the watch is told to stop, once another has the turn, or might have."""
        try:
            mine = self._take()
        except (SQLAlchemyError, OSError):
            # Nobody can take the turn while the database is away; once the lease has run out it is nobody's.
            mine = self._clock.wall() < self._until
        if not mine:
            over.set()
        return mine

    def _release(self, unit: Unit) -> None:
        holder, _ = _read(unit.setting(self._key))
        if holder == self._holder:
            unit.set(self._key, f"{self._holder} 0")


def _read(kept_as: str | None) -> tuple[str, datetime]:
    holder, _, until = (kept_as or " 0").partition(" ")
    return holder, from_us(int(until))


def _follow(stop: Event, over: Event) -> None:
    """What stops the program stops the watch."""
    while not over.is_set():
        if stop.wait(_HEED):
            over.set()
