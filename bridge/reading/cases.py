"""Cases: found by what a person knows of them, and each told as one story."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from bridge.actions import ACTIONS
from bridge.categories import CATEGORIES, CHILD_ABUSE
from bridge.decide.undoing import CAN_BE_UNDONE
from bridge.errors import NotFound
from bridge.reading.evidence import NONE, Evidence, evidence_of, message_of
from bridge.reading.exhibits import files_of
from bridge.reading.lookup import called, moment, row_by, rows_by, why
from bridge.reading.waiting import WAITING
from bridge.shown import shown_answers
from bridge.state import OPEN_STATUSES
from bridge.store.directory import SqlDirectory
from bridge.store.engine import to_us
from bridge.store.store import Store
from bridge.store.tables import (
    actions,
    approvals,
    attempts,
    cases,
    charges,
    deadlines,
    decisions,
    domains,
    events,
    findings,
    holds,
    services,
    tickets,
)

Json = Any

PER_PAGE = 50
SHOWN_COMPLAINTS = 50
MOST_MOMENTS = 500
OPEN, OVERDUE, URGENT = "open", "overdue", "urgent"
SOON = timedelta(hours=12)
"""How near a deadline is that makes a case urgent."""


@dataclass(frozen=True, kw_only=True)
class Search:
    """What is looked for; empty texts look for nothing.

    words   the beginning of a case's id, or a service, a client or an address by its whole name
    status  a status, `open` for all that are not settled, `overdue` for those with a deadline that passed,
            `urgent` for those with one that will soon
    group   the first part of a category, or a whole one
    now     what `overdue` is counted from
    """

    now: datetime

    words: str = ""
    status: str = ""
    group: str = ""
    page: int = 1


@dataclass(frozen=True, kw_only=True)
class Row:
    """A case in a list.

    called   what people call its service; may be empty
    due      its next deadline
    waiting  how many of its actions wait for a person
    """

    id: str
    status: str
    strike: int
    service: str
    called: str
    client: str
    category: str
    opened_at: str | None
    due: str | None
    due_for: str | None
    waiting: int


@dataclass(frozen=True, kw_only=True)
class Found:
    """One page of cases, newest first."""

    rows: Sequence[Row]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Something that happened in a case; `said` is what its kind tells, some of it written by strangers."""

    at: str
    kind: str
    said: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """All of a case.

    message   the beginning of the first complaint's message, as text; never of child abuse
    open      deadlines that run, the next first
    held      whether holds or bars of it stand
    """

    row: Row
    policy: str
    version: str
    evidence: Evidence
    message: str
    story: Sequence[Moment]
    open: Sequence[Mapping[str, Json]]
    held: bool
    tickets: Sequence[str]
    invoices: Sequence[str]


class Cases:
    """Reads cases from the last commit."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, search: Search) -> Found:
        with self._store.read() as connection:
            where = and_(True, *_conditions(connection, search))
            total = connection.execute(select(func.count()).select_from(cases).where(where)).scalar() or 0
            page = min(max(search.page, 1), max(1, -(-total // PER_PAGE)))
            ordered = select(cases).where(where).order_by(cases.c.seq.desc(), cases.c.id.desc())
            rows = connection.execute(ordered.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
            return Found(rows=_rows(connection, rows), total=total, page=page)

    def of(self, column: str, id_: str, most: int = PER_PAGE) -> Sequence[Row]:
        """The newest cases of a `service` or a `client`."""
        with self._store.read() as connection:
            mine = select(cases).where(cases.c[column] == id_).order_by(cases.c.seq.desc()).limit(most)
            return _rows(connection, connection.execute(mine).all())

    def dossier(self, id_: str) -> Dossier:
        """Raises NotFound."""
        with self._store.read() as connection:
            row = connection.execute(select(cases).where(cases.c.id == id_)).first()
            if row is None:
                raise NotFound(f"no case {id_!r}")
            evidence = evidence_of(connection, [id_], SHOWN_COMPLAINTS).get(id_, NONE)
            timers = rows_by(connection, deadlines.c.case, [id_], deadlines.c.due).get(id_, [])
            standing = rows_by(connection, holds.c.case, [id_], holds.c.since).get(id_, [])
            named = connection.execute(select(tickets.c.ticket).where(tickets.c.case == id_)).scalars()
            billed = connection.execute(select(charges.c.invoice).where(charges.c.case == id_)).scalars()
            return Dossier(
                row=_rows(connection, [row])[0],
                policy=row.policy,
                version=row.version,
                evidence=evidence,
                message=_message(connection, row, evidence),
                story=_story(connection, row, evidence, timers, standing),
                open=[_timer(timer) for timer in timers if timer.state == "open"],
                held=any(hold.status == "placed" for hold in standing),
                tickets=list(named),
                invoices=[invoice for invoice in billed if invoice],
            )


def _message(connection: Connection, row: Any, evidence: Evidence) -> str:
    if row.category in CHILD_ABUSE or not evidence.complaints:
        return ""
    return message_of(connection, evidence.complaints[0].event)


# ---- lists ----


def _conditions(connection: Connection, search: Search) -> list[Any]:
    conditions: list[Any] = []
    if search.status == OPEN:
        conditions.append(cases.c.status.in_(sorted(OPEN_STATUSES)))
    elif search.status in (OVERDUE, URGENT):
        near = is_overdue(search.now) if search.status == OVERDUE else is_urgent(search.now)
        conditions.append(cases.c.id.in_(select(deadlines.c.case).where(near)))
    elif search.status:
        conditions.append(cases.c.status == search.status)
    if search.group:
        named = [name for name in CATEGORIES if name == search.group or name.startswith(f"{search.group}/")]
        conditions.append(cases.c.category.in_(sorted(named)))
    if search.words:
        conditions.append(_named(connection, search.words))
    return conditions


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """Of a deadline: it runs, and its time has passed."""
    return and_(deadlines.c.state == "open", deadlines.c.due < to_us(now))


def is_urgent(now: datetime) -> ColumnElement[bool]:
    """Of a deadline: its time will soon have passed."""
    return and_(deadlines.c.state == "open", deadlines.c.due >= to_us(now), deadlines.c.due < to_us(now + SOON))


def _named(connection: Connection, words: str) -> Any:
    """Ids by their beginning go through the index: a text and the text that sorts behind all it begins."""
    begins = and_(cases.c.id >= words, cases.c.id < words + "\U0010ffff")
    named = select(domains.c.service).where(domains.c.name == words.lower().rstrip("."))
    known = [begins, cases.c.service == words, cases.c.client == words, cases.c.service.in_(named)]
    holders = _holders(connection, words)
    if holders:
        known.append(cases.c.service.in_(holders))
    return or_(*known)


def _holders(connection: Connection, words: str) -> list[str]:
    """Services that hold or held an address."""
    try:
        ip = str(ipaddress.ip_address(words))
    except ValueError:
        return []
    return SqlDirectory(connection).holders_ever(ip)


def _rows(connection: Connection, rows: Sequence[Any]) -> list[Row]:
    keys = [row.id for row in rows]
    due = rows_by(connection, deadlines.c.case, keys, deadlines.c.due)
    known = row_by(connection, services.c.id, (row.service for row in rows))
    counted = (
        select(actions.c.case, func.count())
        .where(and_(actions.c.case.in_(keys), actions.c.state.in_(WAITING)))
        .group_by(actions.c.case)
    )
    waiting = {row[0]: row[1] for row in connection.execute(counted)} if keys else {}
    running = {case: [timer for timer in timers if timer.state == "open"] for case, timers in due.items()}
    return [_row(row, called(known.get(row.service)), running.get(row.id, ()), waiting) for row in rows]


def _row(row: Any, name: str, timers: Sequence[Any], waiting: Mapping[str, int]) -> Row:
    following = timers[0] if timers else None
    return Row(
        id=row.id,
        status=row.status,
        strike=row.strike,
        service=row.service,
        called=name,
        client=row.client,
        category=row.category,
        opened_at=moment(row.opened_at),
        due=moment(following.due) if following is not None else None,
        due_for=getattr(following, "for") if following is not None else None,
        waiting=waiting.get(row.id, 0),
    )


# ---- the story of a case ----

_TOLD = (
    "customer.replied",
    "evidence.provided",
    "hold.lifted",
    "notification.released",
    "action.deferred",
    "case.noted",
    "action.undone",
    "unsuspend.requested",
    "invoice.paid",
    "listing.cleared",
)
"""Events that no other table tells of."""


def _story(
    connection: Connection, row: Any, evidence: Evidence, timers: Sequence[Any], standing: Sequence[Any]
) -> list[Moment]:
    """Everything that happened, the earliest first; what was complained of again stands together."""
    told = [
        *_complaints(evidence),
        *_events(connection, row),
        *_findings(connection, row.id),
        *_actions(connection, row.id, standing),
        *(_hold(hold, "placed", hold.since) for hold in standing),
        *(_hold(hold, "ended", hold.ended) for hold in standing if hold.ended is not None),
        *(Moment(at=moment(timer.due) or "", kind="deadline", said=_timer(timer)) for timer in timers if _fired(timer)),
    ]
    return sorted(told, key=lambda item: (item.at, _AFTER.get(item.kind, 0)))


_AFTER: Mapping[str, int] = {"action": 1, "hold": 2}
"""Of one instant, what was decided comes after what it was decided for."""


def _fired(timer: Any) -> bool:
    return bool(timer.state == "fired")


def _complaints(evidence: Evidence) -> list[Moment]:
    """The first one, and the others joined to the day's first of them, so that a hundred do not hide the rest.

    Those that are too many to be shown count with the last of them.
    """
    groups: dict[str, list[Any]] = {}
    for place, complaint in enumerate(evidence.complaints):
        groups.setdefault("first" if place == 0 else complaint.at[:10], []).append(complaint)
    last, unshown = next(reversed(groups), None), evidence.total - len(evidence.complaints)
    return [
        Moment(
            at=told[0].at,
            kind="complaint",
            said={"complaints": told, "joined": name != "first", "count": len(told) + (name == last) * unshown},
        )
        for name, told in groups.items()
    ]


def _events(connection: Connection, row: Any) -> list[Moment]:
    """What the client's log says of the case, or of its service as a whole."""
    rows = connection.execute(
        select(events.c.type, events.c.at, events.c.body, events.c.by, events.c.verified, events.c.id)
        .select_from(decisions.join(events, events.c.seq == decisions.c.seq))
        .where(and_(decisions.c.client == row.client, decisions.c.seq >= row.seq, events.c.type.in_(_TOLD)))
        .order_by(decisions.c.seq)
        .limit(MOST_MOMENTS)
    )
    given = files_of(connection, row.id)
    found = []
    for kind, at, body, by, verified, id_ in rows:
        raw: dict[str, Json] = orjson.loads(body)
        about = raw.get("case")
        if about == row.id or (about is None and raw.get("service") == row.service):
            said = {name: raw.get(name) for name in ("text", "claims", "reason", "kind", "appeal", "name")}
            said |= {"by": raw.get("by") or by, "verified": verified, "files": given.get(id_, ())}
            found.append(Moment(at=moment(at) or "", kind=kind.replace(".", "_"), said=said))
    return found


def _findings(connection: Connection, case: str) -> list[Moment]:
    rows = connection.execute(select(findings).where(findings.c.case == case).order_by(findings.c.at))
    return [
        Moment(
            at=moment(row.at) or "",
            kind="finding",
            said={"finding": row.finding, "by": row.by, "verified": row.verified, "note": row.note},
        )
        for row in rows
    ]


_SHOWN = ("action", "clause", "amount", "currency", "template", "reminder", "respond_by", "simulated")
"""What of an action's record the story shows as it stands."""


def _actions(connection: Connection, case: str, standing: Sequence[Any]) -> list[Moment]:
    """Each action when it was decided, and again when it ended, with its calls and what the panels said."""
    decided = select(actions).where(actions.c.case == case).order_by(actions.c.seq, actions.c.place)
    rows = connection.execute(decided.limit(MOST_MOMENTS)).all()
    agreed = rows_by(connection, approvals.c.action, [row.id for row in rows], approvals.c.at)
    calls = rows_by(connection, attempts.c.action, [row.id for row in rows], attempts.c.id)
    answered = shown_answers(connection, rows)
    in_effect = _in_effect(connection, case, rows, standing)
    told = []
    for row in rows:
        answer = orjson.loads(row.record)["answer"]
        told.append(
            Moment(
                at=moment(row.created) or "",
                kind="action",
                said={
                    **{name: answer.get(name) for name in _SHOWN},
                    "because": why(row.action, answer),
                    "id": row.id,
                    "undo": ACTIONS[row.action].undo if row.id in in_effect else None,
                    "state": row.state,
                    "ended": moment(row.ended),
                    "error": row.error,
                    "note": row.note,
                    "unconfirmed": row.unconfirmed,
                    "approvals": [_approval(item) for item in agreed.get(row.id, ())],
                    **answered.get(row.id, {}),
                    "calls": [_call(item) for item in calls.get(row.id, ())],
                },
            )
        )
    return told


_GIVEN_UP = frozenset({"rejected", "expired", "cancelled", "failed"})


def _in_effect(connection: Connection, case: str, rows: Sequence[Any], standing: Sequence[Any]) -> set[str]:
    """Ids of actions whose effect stands, that an admin may take back, and that nothing takes back yet."""
    placed = {
        (hold.clause, hold.scope == "network")
        for hold in standing
        if hold.status == "placed" or (hold.scope == "network" and hold.status == "noted")
    }
    charged = select(charges.c.id).where(and_(charges.c.case == case, charges.c.status.in_(("open", "paid"))))
    charged_by = set(connection.execute(charged).scalars())
    undoing = [row for row in rows if row.state not in _GIVEN_UP]
    given_back = {
        orjson.loads(row.record)["plan"].get("of")
        for row in undoing
        if row.action in ("waive_charge", "return_deposit", "forfeit_deposit")
    }
    restored = any(row.action == "restore_refund" for row in undoing)

    def stands(row: Any) -> bool:
        if row.action == "refuse_refund":
            return not restored
        if row.action in ("suspend_service", "bar_unsuspension", "block_network"):
            return (orjson.loads(row.record)["answer"]["clause"], row.action == "block_network") in placed
        return row.id in charged_by - given_back

    return {row.id for row in rows if row.state == "done" and row.action in CAN_BE_UNDONE and stands(row)}


def _approval(row: Any) -> dict[str, Json]:
    return {"by": row.by, "verified": row.verified, "reason": row.reason, "at": moment(row.at)}


def _call(row: Any) -> dict[str, Json]:
    told = {"command": row.command, "outcome": row.outcome, "words": row.words}
    return {**told, "started": moment(row.started), "ended": moment(row.ended)}


def _hold(row: Any, status: str, at: int) -> Moment:
    said = {"status": status, "clause": row.clause, "bar": row.irrevocable, "scope": row.scope, "ip": row.ip}
    return Moment(at=moment(at) or "", kind="hold", said={**said, "simulated": row.simulated})


def _timer(row: Any) -> dict[str, Json]:
    return {"for": getattr(row, "for"), "due": moment(row.due), "clause": row.clause, "state": row.state}
