"""A lease is renewed for as long as its holder is at work, and no longer."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from bridge.actions import Panels
from bridge.lease import kept
from bridge.queue import Work
from bridge.worker import Worker, WorkerSettings
from tests.unit.actions.queue import MemoryQueue
from tests.unit.actions.scene import SECRET, Scene, a_work, letters

LEASE = timedelta(milliseconds=30)
PATIENCE = 10.0


class Renewals:
    """Counts; `lost` is the number of the renewal that fails."""

    def __init__(self, enough: int, lost: int | None = None) -> None:
        self.count = 0
        self.reached = threading.Event()
        self._enough = enough
        self._lost = lost

    def once_more(self) -> bool:
        self.count += 1
        if self.count >= self._enough:
            self.reached.set()
        return self.count != self._lost


def three_leases() -> None:
    threading.Event().wait(LEASE.total_seconds() * 3)


def test_what_lasts_longer_than_the_lease_keeps_it_and_lets_it_go_afterwards() -> None:
    renewals = Renewals(enough=6)
    with kept(renewals.once_more, LEASE):
        assert renewals.reached.wait(PATIENCE)
    count = renewals.count
    three_leases()
    assert renewals.count == count


def test_a_lease_that_was_lost_is_not_asked_for_again() -> None:
    renewals = Renewals(enough=3, lost=3)
    with kept(renewals.once_more, LEASE):
        assert renewals.reached.wait(PATIENCE)
        three_leases()
    assert renewals.count == 3


class BusyQueue(MemoryQueue):
    """Its database is locked at the first renewal."""

    def __init__(self) -> None:
        super().__init__()
        self.renewed = 0
        self.reached = threading.Event()

    def renew(self, work: Work, now: datetime) -> None:
        self.renewed += 1
        if self.renewed == 1:
            raise TimeoutError("database is locked")
        super().renew(work, now)
        self.reached.set()


def test_a_slow_call_is_kept_alive_even_where_a_renewal_fails() -> None:
    scene, queue = Scene(), BusyQueue()
    work = a_work("suspend_service", {"reason": "Spam"})
    suspend = scene.billing.suspend

    def slowly(service: str, reason: str) -> None:
        assert queue.reached.wait(PATIENCE)
        suspend(service, reason)

    scene.billing.suspend = slowly  # type: ignore[method-assign]  # a panel that takes its time
    queue.add(work)
    panels = Panels(billing=scene.billing, servers=lambda _: scene.servers, plans=lambda _: scene.plans)
    worker = Worker(queue, panels, letters(), None, scene.clock, WorkerSettings(secret=SECRET, lease=LEASE))
    assert worker.run_once()
    assert queue.last(work.id).state == "done"
