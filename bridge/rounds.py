"""What goes on by itself while the program serves: the worker, the clock's deadlines, rereads and the periodic sync.

Each round runs in a thread of its own and outlives what goes wrong in it: the trouble is logged and the round comes
again. Any number of processes may run rounds on one database.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog

from bridge.sources.turns import Turn
from bridge.store.engine import to_us
from bridge.wiring import Wired

_log = structlog.get_logger(__name__)

TICK = 1.0
HEARTBEAT = 15.0
PAYMENTS = 60.0
"""Between two looks for refunds and reversed payments, which no hook tells for sure."""
RESTART = 10.0
"""Seconds until a watch that ended in trouble begins anew."""


class Rounds:
    """Starts and stops the threads."""

    def __init__(self, wired: Wired) -> None:
        self._wired = wired
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._synced: datetime | None = None

    def start(self) -> None:
        """Settle what a changed configuration ends, then begin."""
        self._wired.desk.settle_regime()
        self._beat()
        self._begin("heartbeat", lambda: self._every(HEARTBEAT, self._beat))
        self._begin("timekeeper", lambda: self._every(TICK, self._tick))
        worker = self._wired.worker
        if worker is not None and self._wired.config.mode != "observe":
            self._begin("worker", lambda: worker.run(self._stop))
        for watch in self._wired.watches:
            turn = Turn(watch, self._wired.store, self._wired.clock)
            self._begin(watch.name, partial(self._every, RESTART, partial(turn.run, self._stop)))
        if self._wired.synchroniser is not None:
            self._begin("sync", lambda: self._every(TICK, self._reread))
            self._begin("payments", lambda: self._every(PAYMENTS, self._look_at_payments))

    def stop(self, patience: float = 30.0) -> None:
        """End the rounds; what is in flight is finished, or found again by its lease."""
        self._stop.set()
        for thread in self._threads:
            thread.join(patience)

    def wait(self) -> None:
        """Until somebody stops the rounds."""
        self._stop.wait()

    def _begin(self, name: str, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _every(self, seconds: float, work: Callable[[], None]) -> None:
        while not self._stop.is_set():
            try:
                work()
            except Exception as trouble:  # noqa: BLE001 - the round must come again; what happened is written down
                _log.error("round failed", round=threading.current_thread().name, error=type(trouble).__name__)
            self._stop.wait(seconds)

    def _beat(self) -> None:
        now = str(to_us(self._wired.clock.wall()))
        self._wired.store.write(lambda unit: unit.set("worker_seen", now))

    def _tick(self) -> None:
        self._wired.timekeeper.tick()

    def _reread(self) -> None:
        synchroniser = self._wired.synchroniser
        if synchroniser is None:
            return
        synchroniser.due_rereads()
        now = self._wired.clock.wall()
        if self._synced is None:
            self._synced = now
        elif now - self._synced >= self._wired.config.worker.sync_every:
            self._synced = now
            synchroniser.everything(_silent)

    def _look_at_payments(self) -> None:
        if self._wired.synchroniser is not None:
            self._wired.synchroniser.payments()


def _silent(what: str, done: int, total: int) -> None:
    """The periodic sync has nobody to show its progress to."""
