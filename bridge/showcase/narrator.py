"""Tells, a line each, what was decided under which clause and what arrived in the panels."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import func, select

from bridge.events import ActionEvent, DeadlineDue
from bridge.model import ActionRecord, CaseRecord, DeadlineRecord, HoldRecord, Record, UnattributedRecord
from bridge.store.log import Entry, entries
from bridge.store.store import Store
from bridge.store.tables import events
from bridge.timeformat import format_time

Json = Any
Tell = Callable[[str], None]

_STATES = {"approved": "at once", "proposed": "PROPOSED: waits for an admin", "done": "only simulated"}

_HOLDS = {"placed": "held under", "ended": "no longer held under"}


class Narrator:
    """Reads the log as it grows."""

    def __init__(self, store: Store, tell: Tell) -> None:
        self._store = store
        self._tell = tell
        self._seq = 0
        self._names: dict[str, str] = {}
        self._deadlines: dict[str, str] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="narrator", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def catch_up(self) -> None:
        """Tell everything that has been logged since."""
        with self._store.read() as connection:
            fresh = list(entries(connection, after=self._seq, limit=200))
        for entry in fresh:
            self._seq = entry.seq
            self._entry(entry)

    def skip(self) -> None:
        """What has been logged up to now is not told."""
        with self._store.read() as connection:
            self._seq = connection.execute(select(func.max(events.c.seq))).scalar() or 0

    def _follow(self) -> None:
        while not self._stop.is_set():
            self.catch_up()
            self._stop.wait(0.3)

    def _entry(self, entry: Entry) -> None:
        event = entry.event
        if isinstance(event, ActionEvent):
            name = self._names.get(event.action)
            what = event.type.removeprefix("action.")
            if name is not None:
                words = "" if event.reason is None else f" ({event.reason})"
                invoice = getattr(event, "invoice", None)
                self._say(event.at, f"{name}: {what}{f', invoice {invoice}' if invoice else ''}{words}")
        elif isinstance(event, DeadlineDue):
            over = f"the time for {event.deadline.rpartition('.')[2]} is over"
            self._say(event.at, self._deadlines.get(event.deadline, over))
        for _, records in entry.parts:
            for record in records:
                self._record(record)

    def _record(self, record: Record) -> None:
        clause = f"clause {record.basis.clause}"
        if isinstance(record, ActionRecord):
            self._names[record.id] = f"service {record.service}: {record.action}"
            state = _STATES.get(record.state, record.state)
            self._say(record.at, f"service {record.service}: {record.action}{_detail(record.own)}, {clause}, {state}")
        elif isinstance(record, CaseRecord) and record.status == "opened":
            self._say(
                record.at, f"service {record.service}: case opened, {record.category}, strike {record.strike}, {clause}"
            )
        elif isinstance(record, CaseRecord) and record.status in ("resolved", "dismissed", "closed"):
            self._say(record.at, f"service {record.service}: case {record.status}, {clause}")
        elif isinstance(record, DeadlineRecord):
            self._deadlines[record.id] = f"service {record.service}: the time for {record.for_} is over, {clause}"
        elif isinstance(record, HoldRecord) and record.status in _HOLDS:
            self._say(record.at, f"service {record.service}: {_HOLDS[record.status]} {clause}")
        elif isinstance(record, UnattributedRecord):
            self._say(record.at, f"nobody held {', '.join(record.ips)} then: shown to a person, {clause}")

    def _say(self, at: Any, text: str) -> None:
        self._tell(f"  {format_time(at)[5:16].replace('T', ' ')}  {text}")


def _detail(own: Mapping[str, Json]) -> str:
    if "amount" in own:
        return f" {own['amount']} {own['currency']}"
    return f" ({own['template']})" if "template" in own else ""
