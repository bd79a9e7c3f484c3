"""A source is watched by one process at a time, and never left alone for long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bridge.clock import SystemClock
from bridge.sources.turns import Turn
from tests.contract.store.bureau import Bureau, new_bureau

LEASE = timedelta(seconds=0.6)
PATIENCE = 10.0


class Mailbox:
    """A watch that only says that it runs."""

    name = "abuse mailbox"

    def __init__(self) -> None:
        self.runs = threading.Event()

    def run(self, stop: threading.Event) -> None:
        self.runs.set()
        stop.wait(PATIENCE)
        self.runs.clear()


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with new_bureau(tmp_path) as opened:
        yield opened


@contextmanager
def serving(bureau: Bureau, mailbox: Mailbox) -> Iterator[threading.Event]:
    """A process that watches, until the event is set."""
    stop = threading.Event()
    turn = Turn(mailbox, bureau.desk.store, SystemClock(), LEASE)
    thread = threading.Thread(target=turn.run, args=(stop,), daemon=True)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(PATIENCE)


def until(true: Callable[[], bool]) -> bool:
    ends = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < ends:
        time.sleep(0.02)
    return true()


def test_of_two_processes_one_watches_and_the_other_takes_over_when_it_ends(bureau: Bureau) -> None:
    first, second = Mailbox(), Mailbox()
    with serving(bureau, first) as stop:
        assert until(first.runs.is_set)
        with serving(bureau, second):
            assert not second.runs.wait(3 * LEASE.total_seconds())
            assert first.runs.is_set()
            stop.set()
            assert until(second.runs.is_set)
            assert not first.runs.is_set()


def test_a_turn_that_was_lost_ends_the_watch(bureau: Bureau) -> None:
    mailbox = Mailbox()
    with serving(bureau, mailbox):
        assert until(mailbox.runs.is_set)
        key = "turn.Mailbox.abuse mailbox"
        bureau.desk.store.write(lambda unit: unit.set(key, f"another {2**51}"))
        assert until(lambda: not mailbox.runs.is_set())
