"""A case's evidence file: all that was said and decided about it, with what proves it."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, select

from bridge.categories import CHILD_ABUSE
from bridge.errors import NotFound
from bridge.events import ActionEvent, DeadlineDue
from bridge.model import MovedRecord, to_log
from bridge.shown import shown_answers
from bridge.store.engine import from_us, optional_us
from bridge.store.log import Entry, entry_of
from bridge.store.store import Store
from bridge.store.tables import (
    actions,
    approvals,
    attempts,
    case_complaints,
    case_exhibits,
    cases,
    complaint_events,
    complaints,
    deadlines,
    decisions,
    events,
    exhibits,
    findings,
    holdings,
    steps,
    tickets,
)
from bridge.timeformat import format_time

Json = Any


def export(store: Store, case: str) -> dict[str, Json]:
    """A case's evidence file. Raises NotFound.

    entries     every event and decision about it, in the order of the log, with the hashes that prove them
    actions     what carrying them out left: who agreed, the steps, every call with the panel's words
    complaints  the messages as they arrived, whole, in base64; of child abuse only what names them
    exhibits    files that the customer gave, whole, in base64
    holdings    who held the addresses: the history of the service
    """
    with store.read() as connection:
        row = connection.execute(select(cases).where(cases.c.id == case)).first()
        if row is None:
            raise NotFound(f"no case {case!r}")
        about = _About(connection, row)
        return {
            "case": case,
            "client": row.client,
            "service": row.service,
            "category": row.category,
            "status": row.status,
            "entries": [_entry(entry, row) for entry in _entries(connection, row) if about.concerns(entry)],
            "actions": [_action(connection, action) for action in about.actions],
            "tickets": list(connection.execute(select(tickets.c.ticket).where(tickets.c.case == case)).scalars()),
            "complaints": list(_complaints(connection, case, withheld=row.category in CHILD_ABUSE)),
            "exhibits": list(_exhibits(connection, case)),
            "holdings": list(_holdings(connection, row.service)),
        }


class _About:
    """What belongs to the case beside the records that name it."""

    def __init__(self, connection: Connection, row: Any) -> None:
        self._case: str = row.id
        self._client: str = row.client
        said = select(case_complaints.c.event).where(case_complaints.c.case == row.id)
        found = select(findings.c.event).where(findings.c.case == row.id)
        self._events = {*connection.execute(said).scalars(), *connection.execute(found).scalars()}
        decided = select(actions.c.id).where(actions.c.case == row.id).order_by(actions.c.seq, actions.c.place)
        self.actions: list[str] = list(connection.execute(decided).scalars())
        self._own = set(self.actions)
        self._deadlines = set(connection.execute(select(deadlines.c.id).where(deadlines.c.case == row.id)).scalars())

    def concerns(self, entry: Entry) -> bool:
        event = entry.event
        if isinstance(event, ActionEvent):
            named = event.action in self._own
        elif entry.parts[0][0].client != self._client:
            named = False
        elif isinstance(event, DeadlineDue):
            named = event.deadline in self._deadlines
        else:
            named = event.id in self._events or getattr(event, "case", None) == self._case
        return named or any(record.case == self._case for _, records in entry.parts for record in records)


def _entries(connection: Connection, case: Any) -> Iterator[Entry]:
    """The client's parts of the log, and those of whoever had the service after him: a hold of the case went with it.

    Other clients' parts of the same events are nobody's business here.
    """
    having = [case.client]
    for client in having:
        having += [to for to in _moved_to(connection, client, case.service) if to not in having]
    return _parts_of(connection, having)


def _moved_to(connection: Connection, client: str, service: str) -> list[str]:
    """The clients to whom the service went from this one, each once."""
    return list(
        dict.fromkeys(
            record.to
            for entry in _parts_of(connection, [client])
            for _, records in entry.parts
            for record in records
            if isinstance(record, MovedRecord) and record.service == service
        )
    )


def _parts_of(connection: Connection, having: Sequence[str]) -> Iterator[Entry]:
    rows = connection.execute(
        select(events, decisions.c.part, decisions.c.records)
        .join(decisions, decisions.c.seq == events.c.seq)
        .where(decisions.c.client.in_(having))
        .order_by(decisions.c.seq, decisions.c.place)
    )
    for row in rows:
        yield entry_of(row, [row])


def _entry(entry: Entry, case: Any) -> dict[str, Json]:
    return {
        "seq": entry.seq,
        "hash": entry.hash,
        "at": format_time(entry.event.at),
        "accepted": format_time(entry.accepted),
        "source": entry.source.name,
        "by": entry.source.by,
        "verified": entry.source.verified,
        "event": orjson.loads(entry.body),
        "records": [
            to_log(record)
            for part, records in entry.parts
            for record in records
            if record.case == case.id
            or (part.client == case.client and record.case is None and record.service in (case.service, None))
        ],
    }


def _action(connection: Connection, action: str) -> dict[str, Json]:
    row = connection.execute(select(actions).where(actions.c.id == action)).one()
    answered = shown_answers(connection, [row]).get(action, {})
    agreed = connection.execute(select(approvals).where(approvals.c.action == action).order_by(approvals.c.at))
    taken = connection.execute(select(steps).where(steps.c.action == action).order_by(steps.c.place))
    calls = connection.execute(select(attempts).where(attempts.c.action == action).order_by(attempts.c.id))
    return {
        **orjson.loads(row.record)["answer"],
        "state": row.state,
        "ended": _time(row.ended),
        "error": row.error,
        "approvals": [
            {"by": item.by, "verified": item.verified, "reason": item.reason, "at": _time(item.at)} for item in agreed
        ],
        **answered,
        "steps": [
            {"name": item.name, "state": item.state, "mark": item.mark, "result": orjson.loads(item.result)}
            for item in taken
        ],
        "calls": [
            {
                "command": item.command,
                "started": _time(item.started),
                "ended": _time(item.ended),
                "outcome": item.outcome,
                "words": item.words,
            }
            for item in calls
        ],
    }


def _complaints(connection: Connection, case: str, *, withheld: bool) -> Iterator[dict[str, Json]]:
    """The messages; of child abuse the reference alone: digest, size, when it came, and that it is kept."""
    rows = connection.execute(
        select(complaints)
        .where(
            complaints.c.digest.in_(
                select(complaint_events.c.digest)
                .join(case_complaints, case_complaints.c.event == complaint_events.c.event)
                .where(case_complaints.c.case == case)
            )
        )
        .order_by(complaints.c.received, complaints.c.digest)
    )
    for row in rows:
        shown = {} if withheld or row.withheld else {"message": base64.b64encode(row.body).decode()}
        yield {
            "sha256": row.digest,
            "received": _time(row.received),
            "content_type": row.content_type,
            "size": len(row.body),
            "preserved": row.preserved,
            "withheld": not shown,
            **shown,
        }


def _exhibits(connection: Connection, case: str) -> Iterator[dict[str, Json]]:
    rows = connection.execute(
        select(case_exhibits, exhibits.c.received, exhibits.c.body, exhibits.c.preserved)
        .select_from(case_exhibits.join(exhibits, exhibits.c.digest == case_exhibits.c.digest))
        .where(case_exhibits.c.case == case)
        .order_by(exhibits.c.received, case_exhibits.c.event, case_exhibits.c.place)
    )
    for row in rows:
        yield {
            "event": row.event,
            "name": row.name,
            "kind": row.kind,
            "size": row.size,
            "sha256": row.digest,
            "received": _time(row.received),
            "preserved": row.preserved,
            "content": base64.b64encode(row.body).decode(),
        }


def _holdings(connection: Connection, service: str) -> Iterator[dict[str, Json]]:
    rows = connection.execute(
        select(holdings).where(holdings.c.service == service).order_by(holdings.c.start, holdings.c.prefix)
    )
    for row in rows:
        yield {"ip": row.prefix, "from": format_time(from_us(row.start)), "to": _time(row.end)}


def _time(stored: int | None) -> str | None:
    moment = optional_us(stored)
    return None if moment is None else format_time(moment)
