"""A whole desk over a real database, with a clock that tests move; what carries it out is played by the test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Row, select, text

from bridge.audit import verify
from bridge.clock import ManualClock
from bridge.config import Limits
from bridge.desk import Desk
from bridge.doorway import Doorway
from bridge.enquiries import Enquiries
from bridge.policy.load import find_pack
from bridge.queue import Outcome, Work
from bridge.reception import Reception
from bridge.rules import Rules
from bridge.store.engine import from_us, migrate, open_engine
from bridge.store.queue import SqlQueue
from bridge.store.store import Store
from bridge.store.tables import actions, deadlines, metadata
from bridge.views import Batch, Filter, Receipt, Source
from bridge.wording import Wording
from tests.unit.decide.scenario import START

Json = Any
Event = Mapping[str, Json]

LEASE = timedelta(seconds=120)
SECRET = b"of a test"
EVERYONE = Source(name="tests")
NO_LIMITS = Limits(suspensions_per_hour=None, terminations_per_hour=None)


@dataclass(frozen=True)
class Bureau:
    """One process's view of the database: its desk, what may be asked of it, and the queue its worker has."""

    desk: Desk
    clock: ManualClock
    enquiries: Enquiries
    doorway: Doorway
    queue: SqlQueue

    @property
    def store(self) -> Store:
        return self.desk.store

    # ---- what comes in ----

    def accept(self, *events: Event, source: Source = EVERYONE) -> Receipt:
        """Accept them one by one; the last one's receipt."""
        receipts = [self.desk.accept(event, source) for event in events]
        return receipts[-1]

    def accept_lines(self, *events: Event | bytes) -> Batch:
        lines = [event if isinstance(event, bytes) else orjson.dumps(event) for event in events]
        return self.desk.accept_lines(lines, EVERYONE, lambda _: True)

    def wait(self, **length: float) -> None:
        self.clock.move(timedelta(**length))

    def fire_due(self) -> int:
        """Fire what is due by now, the earliest first, as the timekeeper does without a panel to look at."""
        fired = 0
        while (row := self._next_due()) is not None:
            self.desk.fire(row.id, row.client, from_us(row.due))
            fired += 1
        return fired

    def _next_due(self) -> Any:
        now = self.clock.now()
        rows = self.rows(select(deadlines).where(deadlines.c.state == "open").order_by(deadlines.c.due, deadlines.c.id))
        return next((row for row in rows if from_us(row.due) <= now), None)

    # ---- what admins say ----

    def approve(self, action: str, by: str = "anna") -> None:
        self.desk.approve(action, None, admin(by))

    def reject(self, action: str, by: str = "anna") -> None:
        self.desk.reject(action, "no", admin(by))

    # ---- the worker's part ----

    def claim(self, worker: str = "w1") -> Work | None:
        return self.queue.claim(worker, self.clock.wall(), LEASE)

    def claimed(self, worker: str = "w1") -> Work:
        work = self.claim(worker)
        assert work is not None
        return work

    def finish(self, work: Work, state: str = "done", **more: Json) -> None:
        self.queue.finish(work, Outcome(state=state, **more), self.clock.wall())

    def finish_all(self) -> list[str]:
        """Carry out whatever may run; the names of the actions in their order."""
        done = []
        while (work := self.claim()) is not None:
            self.finish(work, invoice=f"i-{work.id}" if work.action.startswith("charge_") else None)
            done.append(work.action)
        return done

    # ---- what can be seen ----

    def actions(self, **wanted: str | None) -> list[Mapping[str, Json]]:
        """Newest first, all pages."""
        return self._all(self.enquiries.actions, Filter(**wanted))

    def action(self, name: str, **wanted: str | None) -> Mapping[str, Json]:
        """The one action of that name."""
        found = [action for action in self.actions(**wanted) if action["action"] == name]
        assert len(found) == 1, [(action["action"], action["state"]) for action in self.actions(**wanted)]
        return found[0]

    def cases(self, **wanted: str | None) -> list[Mapping[str, Json]]:
        return self._all(self.enquiries.cases, Filter(**wanted))

    @staticmethod
    def _all(asked: Any, wanted: Filter) -> list[Mapping[str, Json]]:
        found: list[Mapping[str, Json]] = []
        cursor = None
        while True:
            page = asked(wanted, 500, cursor)
            found.extend(page.items)
            cursor = page.next
            if cursor is None:
                return found

    def rows(self, query: Any) -> Sequence[Row[Any]]:
        with self.store.read() as connection:
            return connection.execute(query).all()

    def state_in_queue(self, action: str) -> str:
        return str(self.rows(select(actions.c.state).where(actions.c.id == action))[0][0])

    def faults(self) -> list[str]:
        """What the audit finds."""
        return list(verify(self.store))

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        return {
            table.name: int(self.rows(text(f'SELECT count(*) FROM "{table.name}"'))[0][0])
            for table in metadata.sorted_tables
        }

    def close(self) -> None:
        self.store.close()


def admin(name: str, *, verified: bool = True) -> Source:
    return Source(name="tests", by=name, verified=verified)


def open_bureau(
    url: str,
    *,
    limits: Limits = NO_LIMITS,
    clock: ManualClock | None = None,
    department: str | None = "2",
    policy: str = "klt-net",
    **rules: Json,
) -> Bureau:
    """A desk over the database, which must have its tables; `rules` are fields of Rules."""
    store = Store.open(url)
    clock = clock or ManualClock(START)
    desk = Desk(store, Rules(find_pack(policy), **rules), clock, limits)
    reception = Reception(desk, (), {})
    return Bureau(
        desk,
        clock,
        Enquiries(store, desk, clock, needs_worker=lambda: False),
        Doorway(desk, reception, department=department),
        SqlQueue(store, desk.finished, secret=SECRET, says=lambda policy, version, clause: Wording()),
    )


@contextmanager
def new_bureau(folder: Path) -> Iterator[Bureau]:
    """A desk over a new SQLite database in that folder."""
    url = f"sqlite:///{folder / 'tipstaff.db'}"
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    bureau = open_bureau(url)
    yield bureau
    bureau.close()
