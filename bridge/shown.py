"""Cases, actions and services as interface 6 words them, many at a time: a page costs as few look-ups as a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Column, Connection, and_, func, select

from bridge.categories import CHILD_ABUSE
from bridge.errors import NotFound
from bridge.state import Client
from bridge.store.engine import optional_us
from bridge.store.log import stored_event
from bridge.store.store import Unit
from bridge.store.tables import (
    actions,
    approvals,
    attempts,
    case_complaints,
    charges,
    complaint_events,
    complaint_tickets,
    correspondence,
    deadlines,
    events,
    findings,
    holdings,
    holds,
    services,
    steps,
)
from bridge.timeformat import format_time

Json = Any
Rows = Sequence[Any]

SHOWN_STATE = {"waiting": "approved", "unclear": "executing"}
"""The store tells more states apart than interface 1 does."""

MOST_COMPLAINTS = 500
"""How many complaints of one case are shown; the evidence file has all."""

MOST_COUNTED = 5_000
"""How many complaints of one case are counted into lines."""

_AT_ONCE = 1_000
"""Keys in one look-up: databases bound how many values a statement may hold."""


def _grouped(connection: Connection, by: Column[Any], keys: Sequence[str], *order: Column[Any]) -> dict[str, list[Any]]:
    """The rows of a table whose `by` is one of the keys, by key."""
    found: dict[str, list[Any]] = {key: [] for key in keys}
    for first in range(0, len(keys), _AT_ONCE):
        wanted = select(by.table).where(by.in_(keys[first : first + _AT_ONCE])).order_by(*order)
        for row in connection.execute(wanted):
            found[getattr(row, by.name)].append(row)
    return found


def _time(stored: int | None) -> str | None:
    moment = optional_us(stored)
    return None if moment is None else format_time(moment)


# ---- actions ----


def shown_actions(connection: Connection, rows: Rows) -> list[dict[str, Json]]:
    """The records of interface 4 with their states now, who agreed, and the panel's own words."""
    keys = [row.id for row in rows]
    agreed = _grouped(connection, approvals.c.action, keys, approvals.c.at, approvals.c.by)
    calls = _grouped(connection, attempts.c.action, keys, attempts.c.id)
    taken = _grouped(connection, steps.c.action, keys, steps.c.place)
    answers = shown_answers(connection, rows)
    return [_action(row, agreed[row.id], calls[row.id], taken[row.id], answers.get(row.id, {})) for row in rows]


def shown_answers(connection: Connection, rows: Rows) -> dict[str, dict[str, Json]]:
    """By action: who rejected it or confirmed it as done by hand, when and why, as the log says."""
    entries = {row.answered: row.id for row in rows if row.answered is not None}
    said: dict[str, dict[str, Json]] = {}
    seqs = list(entries)
    for first in range(0, len(seqs), _AT_ONCE):
        for entry in connection.execute(select(events).where(events.c.seq.in_(seqs[first : first + _AT_ONCE]))):
            reason = orjson.loads(entry.body).get("reason")
            who = {"by": entry.by, "at": _time(entry.accepted), "verified": entry.verified, "reason": reason}
            said[entries[entry.seq]] = {"rejected" if entry.type == "action.rejected" else "confirmed": who}
    return said


def _action(row: Any, agreed: Rows, calls: Rows, taken: Rows, answered: Mapping[str, Json]) -> dict[str, Json]:
    answer: dict[str, Json] = orjson.loads(row.record)["answer"]
    return {
        **answer,
        "state": SHOWN_STATE.get(row.state, row.state),
        "waiting": row.state in SHOWN_STATE or None,
        "withdrawn": row.withdrawn or None,
        "approvals": [
            {"by": item.by, "at": _time(item.at), "verified": item.verified, "reason": item.reason} for item in agreed
        ],
        **answered,
        "attempts": row.attempts,
        "calls": [_call(item) for item in calls],
        "error": row.error,
        "instructions": row.instructions,
        "note": row.note,
        "mark": taken[0].mark if taken else None,
        "lapses": _time(row.lapses) if row.state == "proposed" else None,
        "unconfirmed": row.unconfirmed or None,
    }


def _call(row: Any) -> dict[str, Json]:
    return {
        "step": row.place,
        "command": row.command,
        "started": _time(row.started),
        "ended": _time(row.ended),
        "outcome": row.outcome,
        "words": row.words,
    }


# ---- cases ----


def shown_cases(connection: Connection, rows: Rows) -> list[dict[str, Json]]:
    """Cases with their complaints, findings, deadlines and actions."""
    keys = [row.id for row in rows]
    said, reports = _complaints(connection, keys)
    letters = _letters(connection, keys)
    found = _grouped(connection, findings.c.case, keys, findings.c.at, findings.c.event)
    timers = _grouped(connection, deadlines.c.case, keys, deadlines.c.due, deadlines.c.id)
    decided = _grouped(connection, actions.c.case, keys, actions.c.seq, actions.c.place)
    shown = iter(shown_actions(connection, [action for key in keys for action in decided[key]]))
    return [
        {
            "id": row.id,
            "status": row.status,
            "strike": row.strike,
            "service": row.service,
            "client": row.client,
            "category": row.category,
            "opened_at": _time(row.opened_at),
            "policy": row.policy,
            "version": row.version,
            "complaints": said[row.id],
            "reports": reports[row.id],
            "correspondence": [] if row.category in CHILD_ABUSE else letters[row.id],
            "findings": [_finding(item) for item in found[row.id]],
            "deadlines": [_deadline(item) for item in timers[row.id]],
            "actions": [next(shown) for _ in decided[row.id]],
        }
        for row in rows
    ]


Lines = dict[str, list[dict[str, Json]]]


def _complaints(connection: Connection, cases: Sequence[str]) -> tuple[Lines, Lines]:
    """Of each case the first complaints, as they were sent; and all, a line for each reporter and matter."""
    place = func.row_number().over(partition_by=case_complaints.c.case, order_by=case_complaints.c.seq).label("place")
    numbered = select(case_complaints.c.case, case_complaints.c.seq, place).where(case_complaints.c.case.in_(cases))
    first = numbered.subquery()
    rows = connection.execute(
        select(first.c.case, first.c.place, events.c.body, events.c.at)
        .join(events, events.c.seq == first.c.seq)
        .where(first.c.place <= MOST_COUNTED)
        .order_by(first.c.seq)
    )
    told: Lines = {case: [] for case in cases}
    lines: dict[str, dict[tuple[Json, ...], dict[str, Json]]] = {case: {} for case in cases}
    for case, number, body, at in rows:
        if number <= MOST_COMPLAINTS:
            told[case].append(_complaint(body, at))
        _count(lines[case], orjson.loads(body), _time(at))
    return told, {case: list(found.values()) for case, found in lines.items()}


def _count(lines: dict[tuple[Json, ...], dict[str, Json]], raw: Mapping[str, Json], at: str | None) -> None:
    """One more on the line of the same reporter, category and addresses."""
    reporter = raw.get("reporter") or {}
    ips = raw.get("ips") or ([raw["ip"]] if raw.get("ip") else [])
    key = (reporter.get("name"), reporter.get("kind"), raw["category"], *sorted(ips))
    new = {"reporter": reporter, "category": raw["category"], "ips": ips, "count": 0, "first": at}
    line = lines.setdefault(key, new)
    line["count"] += 1
    line["last"] = at


def _letters(connection: Connection, cases: Sequence[str]) -> dict[str, list[dict[str, Json]]]:
    """What reporters wrote later in the tickets by which they had complained."""
    rows = connection.execute(
        select(case_complaints.c.case, correspondence.c.ticket, correspondence.c.at, correspondence.c.text)
        .select_from(
            case_complaints.join(complaint_events, complaint_events.c.event == case_complaints.c.event)
            .join(complaint_tickets, complaint_tickets.c.digest == complaint_events.c.digest)
            .join(correspondence, correspondence.c.ticket == complaint_tickets.c.ticket)
        )
        .where(case_complaints.c.case.in_(cases))
        .distinct()
        .order_by(correspondence.c.at)
    )
    told: dict[str, list[dict[str, Json]]] = {case: [] for case in cases}
    for case, ticket, at, text in rows:
        told[case].append({"ticket": ticket, "at": _time(at), "text": text})
    return told


def _complaint(body: str, at: int) -> dict[str, Json]:
    raw = orjson.loads(body)
    event = stored_event(body, at)
    wanted = ("category", "reporter", "report_id", "targets", "severity", "occurred_at", "ip", "ips", "complete")
    return {"id": event.id, "at": format_time(event.at), **{name: raw[name] for name in wanted if name in raw}}


def _finding(row: Any) -> dict[str, Json]:
    return {"finding": row.finding, "by": row.by, "verified": row.verified, "note": row.note, "at": _time(row.at)}


def _deadline(row: Any) -> dict[str, Json]:
    kind = getattr(row, "for")
    return {"id": row.id, "for": kind, "due": _time(row.due), "state": row.state, "clause": row.clause}


# ---- services ----


def shown_service(unit: Unit, id_: str) -> dict[str, Json]:
    """Holds, bars, strikes, charges, refund standing, addresses. Raises NotFound."""
    connection = unit.connection
    row = connection.execute(select(services).where(services.c.id == id_)).first()
    if row is None:
        raise NotFound(f"no service {id_!r}")
    state = unit.log.state(connection, row.client)
    return {
        "id": id_,
        "client": row.client,
        "facts": orjson.loads(row.facts),
        "suspension": state.services[id_].suspension or None,
        "holds": _holds(connection, id_, irrevocable=False),
        "bars": _holds(connection, id_, irrevocable=True),
        "strikes": _strikes(state, id_),
        "charges": _charges(connection, id_),
        "refund": _refund(state, id_),
        "ips": _ips(connection, id_),
    }


def _holds(connection: Connection, service: str, *, irrevocable: bool) -> list[dict[str, Json]]:
    rows = connection.execute(
        select(holds)
        .where(and_(holds.c.service == service, holds.c.irrevocable.is_(irrevocable)))
        .order_by(holds.c.since, holds.c.id)
    )
    return [
        {
            "id": row.id,
            "case": row.case,
            "clause": row.clause,
            "since": _time(row.since),
            "ended": _time(row.ended),
            "irrevocable": bool(row.irrevocable),
            "scope": row.scope,
            "ip": row.ip,
            "noted": row.status == "noted",
            "simulated": bool(row.simulated),
        }
        for row in rows
    ]


def _strikes(state: Client, service: str) -> list[dict[str, Json]]:
    known = state.services[service]
    return [
        {"case": case.id, "at": format_time(case.opened_at), "void": not case.counted, "category": case.category}
        for case in (state.cases[id_] for id_ in known.cases)
        if case.counts
    ]


def _charges(connection: Connection, service: str) -> list[dict[str, Json]]:
    rows = connection.execute(select(charges).where(charges.c.service == service).order_by(charges.c.due))
    return [
        {
            "id": row.id,
            "charge": row.charge,
            "amount": row.amount,
            "currency": row.currency,
            "invoice": row.invoice,
            "due": _time(row.due),
            "status": row.status,
            "case": row.case,
            "simulated": bool(row.simulated),
        }
        for row in rows
    ]


def _refund(state: Client, service: str) -> dict[str, Json]:
    mark = state.services[service].no_refund
    if mark is None or mark.simulated:
        return {"refused": False, "clause": None}
    return {"refused": True, "clause": mark.basis.clause}


def _ips(connection: Connection, service: str) -> list[dict[str, Json]]:
    rows = connection.execute(
        select(holdings).where(holdings.c.service == service).order_by(holdings.c.start, holdings.c.prefix)
    )
    return [{"ip": row.prefix, "from": _time(row.start), "to": _time(row.end)} for row in rows]
