"""Events accepted a second, beside a bare durable commit, and how soon a verdict comes with a long history behind it.

The reference makes one durable commit for each request under a lock, as the plainest correct service would. The goals:
a verdict under 5 ms at the median with 100,000 events of history, and no slower than 1.2 times the empty database.
Printed, not asserted: a machine's mood is no defect.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import orjson
import pytest

from bridge.clock import SystemClock
from bridge.config import Limits
from bridge.desk import Desk
from bridge.policy.load import find_pack
from bridge.rules import Rules
from bridge.store.engine import migrate, open_engine
from bridge.store.store import Store
from bridge.timeformat import format_time
from bridge.views import Source

THREADS, EACH, SERVICES = 16, 250, 200
HISTORY = 100_000
ASKED = 500
US = Source(name="benchmark")

Event = dict[str, Any]
_numbers = count()


def new_event(type_: str, **fields: Any) -> Event:
    """An event of now, with an id of its own."""
    return {"id": f"e{next(_numbers)}", "type": type_, "at": format_time(datetime.now(UTC)), **fields}


def seen(service: int, client: int) -> Event:
    ip = f"10.0.{service // 250}.{service % 250}"
    standing = {"product_kind": "vps", "status": "active", "ips": [ip]}
    return new_event("service.observed", service=str(service), client=f"c{client}", **standing)


def asked(number: int) -> Event:
    return new_event("unsuspend.requested", service=str(number % SERVICES), by="automation")


def seen_again(number: int) -> Event:
    return seen(number % SERVICES, number % SERVICES)


def complained(number: int) -> Event:
    return new_event(
        "complaint.received",
        ip=f"10.0.0.{number % SERVICES}",
        category="messaging/spam",
        reporter={"name": "a list", "kind": "individual"},
        report_id=str(number),
    )


def opened(path: Path) -> Desk:
    limits = Limits(suspensions_per_hour=None, terminations_per_hour=None)
    return Desk(Store.open(f"sqlite:///{path}"), Rules(find_pack("klt-net")), SystemClock(), limits)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk that knows some services, each with a client of its own."""
    engine = open_engine(f"sqlite:///{tmp_path / 'tipstaff.db'}")
    migrate(engine)
    engine.dispose()
    desk = opened(tmp_path / "tipstaff.db")
    for service in range(SERVICES):
        desk.accept(seen(service, service), US)
    yield desk
    desk.store.close()


def per_second(does: Callable[[int], object]) -> float:
    """How often it is done a second by so many threads at once."""
    total = THREADS * EACH
    started = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(does, range(total)))
    return total / (time.perf_counter() - started)


def accept(desk: Desk, make: Callable[[int], Event], number: int) -> None:
    desk.accept(make(number), US)


class Bare:
    """The reference: one durable commit for each request, under a lock."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("CREATE TABLE events (id TEXT PRIMARY KEY, body TEXT)")
        self._lock = threading.Lock()

    def take(self, number: int) -> None:
        event = asked(number)
        body = orjson.dumps(event).decode()
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("INSERT INTO events VALUES (?, ?)", (event["id"], body))
            self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


@pytest.mark.bench
def test_events_accepted_beside_bare_commits(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bare = Bare(tmp_path / "bare.db")
    kinds = {"a verdict": asked, "a service seen again": seen_again, "a complaint": complained}
    with capsys.disabled():
        print()
        for name, make in kinds.items():
            reference = per_second(bare.take)
            own = per_second(partial(accept, desk, make))
            print(f"{name:22} {own:6.0f}/s   bare commits {reference:6.0f}/s   {own / reference:.2f} of them")
    bare.close()
    with desk.store.read() as connection:
        stored = connection.exec_driver_sql("SELECT count(*) FROM events WHERE NOT internal").scalar()
    assert stored == SERVICES + len(kinds) * THREADS * EACH


# ---- a verdict with a long history ----


@dataclass(frozen=True)
class Answers:
    """Milliseconds to a verdict: the first after opening the database, and the median of many."""

    first: float
    usual: float


def verdicts(path: Path, clients: int) -> Answers:
    desk = opened(path)
    times = []
    for number in range(ASKED + 1):
        event = new_event("unsuspend.requested", service=str(number % clients), by="automation")
        started = time.perf_counter()
        receipt = desk.accept(event, US)
        times.append((time.perf_counter() - started) * 1000)
        assert receipt.records[0]["record"] == "verdict"
    desk.store.close()
    return Answers(first=times[0], usual=median(times[1:]))


def history(path: Path, clients: int, events: int) -> None:
    """So many events of so many clients with one service each: mostly questions and replies, one complaint in fifty."""
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    desk = opened(path)
    begin = datetime.now(UTC) - timedelta(days=30)

    def lines() -> Iterator[bytes]:
        for client in range(clients):
            yield orjson.dumps(seen(client, client) | {"at": format_time(begin)})
        for number in range(events - clients):
            yield orjson.dumps(past(number, number % clients) | {"at": format_time(begin + timedelta(seconds=number))})

    batch = desk.accept_lines(lines(), US, lambda _: True)
    assert batch.accepted == max(events, clients)
    desk.store.close()


def past(number: int, service: int) -> Event:
    if number % 50 == 0:
        ip = f"10.0.{service // 250}.{service % 250}"
        return new_event("complaint.received", ip=ip, category="messaging/spam", targets=[f"http://{number}/"])
    if number % 2:
        return new_event("customer.replied", service=str(service))
    return new_event("unsuspend.requested", service=str(service), by="admin")


@pytest.mark.bench
@pytest.mark.parametrize("clients", [1, SERVICES])
def test_a_verdict_with_a_long_history(clients: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history(tmp_path / "empty.db", clients, 0)
    history(tmp_path / "long.db", clients, HISTORY)
    empty, long = verdicts(tmp_path / "empty.db", clients), verdicts(tmp_path / "long.db", clients)
    with capsys.disabled():
        print(f"\n{HISTORY} events of {clients} client(s)")
        print(f"  median  {long.usual:8.2f} ms, empty {empty.usual:6.2f} ms, {long.usual / empty.usual:.2f} times")
        print(f"  first after a start {long.first:8.1f} ms, empty {empty.first:6.1f} ms")
    assert long.usual > 0
