"""The complaints of cases, as pages show them: the first few of each, and how many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from bridge.events import ComplaintReceived
from bridge.store.log import stored_event
from bridge.store.tables import case_complaints, complaint_events, complaints, events
from bridge.timeformat import format_time

Json = Any

LONGEST_MESSAGE = 20_000


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """One complaint of a case. All but `event`, `at` and `category` is what a stranger wrote.

    address    where its reporter wants to be answered
    occurred   when the abuse happened, as the complaint says
    as_written its time in its own words where that names no moment: without a zone or a clock, or none at all
    """

    event: str
    at: str
    category: str
    reporter: str
    reporter_kind: str
    address: str
    report_id: str
    ips: tuple[str, ...]
    targets: tuple[str, ...]
    severity: str
    occurred: str | None
    as_written: str | None = None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What was complained of in one case: the first complaints, and their number in all."""

    complaints: Sequence[Complaint]
    total: int

    @property
    def ips(self) -> Sequence[str]:
        """The addresses that these complaints name, each once."""
        return list(dict.fromkeys(ip for complaint in self.complaints for ip in complaint.ips))


NONE = Evidence(complaints=(), total=0)


def evidence_of(connection: Connection, cases: Sequence[str], most: int) -> Mapping[str, Evidence]:
    """By case, at most so many complaints of each, the earliest first."""
    if not cases:
        return {}
    case, seq = case_complaints.c.case, case_complaints.c.seq
    place = func.row_number().over(partition_by=case, order_by=seq).label("place")
    total = func.count().over(partition_by=case).label("total")
    first = select(case, seq, place, total).where(case.in_(cases)).subquery()
    rows = connection.execute(
        select(first.c.case, first.c.total, events.c.body, events.c.at)
        .join(events, events.c.seq == first.c.seq)
        .where(first.c.place <= most)
        .order_by(first.c.seq)
    )
    found: dict[str, tuple[list[Complaint], int]] = {}
    for id_, number, body, at in rows:
        found.setdefault(id_, ([], number))[0].append(complaint_of(body, at))
    return {id_: Evidence(complaints=told, total=number) for id_, (told, number) in found.items()}


def complaint_of(body: str, at: int) -> Complaint:
    """A complaint out of its row in the log."""
    event = stored_event(body, at)
    assert isinstance(event, ComplaintReceived)
    raw = orjson.loads(body)
    address, read = raw.get("reporter_address"), raw.get("read")
    return Complaint(
        event=event.id,
        at=format_time(event.at),
        category=event.category,
        reporter=event.reporter.name,
        reporter_kind=event.reporter.kind,
        address=address if isinstance(address, str) else "",
        report_id=event.report_id or "",
        ips=event.addresses,
        targets=event.targets,
        severity=event.severity,
        occurred=format_time(event.occurred_at) if event.occurred_at else None,
        as_written=_as_written(read) if isinstance(read, dict) else None,
    )


def _as_written(read: Mapping[str, Json]) -> str | None:
    """None where the time is certain, or nobody said whether it is."""
    return None if read.get("time_certain", True) else str(read.get("time", ""))


def message_of(connection: Connection, event: str) -> str:
    """The beginning of the message that a complaint was read from, as text; empty where it came otherwise."""
    row = connection.execute(
        select(func.substr(complaints.c.body, 1, LONGEST_MESSAGE).label("body"))
        .select_from(complaints.join(complaint_events, complaints.c.digest == complaint_events.c.digest))
        .where(complaint_events.c.event == event, complaints.c.withheld.is_(False))
    ).first()
    return bytes(row.body).decode("utf-8", "replace") if row is not None else ""
