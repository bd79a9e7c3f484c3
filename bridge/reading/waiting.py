"""What waits for a person: proposals, failures and tasks, the most urgent first, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, and_, func, literal, select

from bridge.letters import Letters
from bridge.ports import Clock
from bridge.reading.evidence import NONE, Evidence, evidence_of
from bridge.reading.foresight import Foresight, foresee
from bridge.reading.lookup import moment, row_by
from bridge.reading.works import Works
from bridge.rules import Rules
from bridge.shown import shown_actions
from bridge.store.store import Store
from bridge.store.tables import actions, events

Json = Any

PER_PAGE = 25
_FEW = 3
WAITING = ("proposed", "failed", "manual")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What led to an action: the event, where it came from, and in whose name, proved or only said."""

    type: str
    source: str
    by: str | None
    verified: bool
    at: str | None


@dataclass(frozen=True, kw_only=True)
class Card:
    """An action that waits, with all that a person needs to decide.

    action         as interface 6 words it
    called         what people call its service; may be empty
    only_deferred  it may not be rejected
    wanted         how many admins must agree
    """

    action: Mapping[str, Json]
    called: str
    only_deferred: bool
    wanted: int
    asked: Asked | None
    category: str
    evidence: Evidence
    foresight: Foresight


@dataclass(frozen=True, kw_only=True)
class Queue:
    """One page of a state's actions; `kinds` counts the whole state by action, `total` what the filter leaves."""

    state: str
    cards: Sequence[Card]
    kinds: Mapping[str, int]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


class Waiting:
    """Reads what waits; asks no panel."""

    def __init__(self, store: Store, clock: Clock, rules: Rules, letters: Letters, secret: bytes) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._letters = letters
        self._secret = secret

    def counts(self) -> Mapping[str, int]:
        """How many wait, by state."""
        with self._store.read() as connection:
            return counts(connection)

    def queue(self, state: str, kind: str | None = None, page: int = 1) -> Queue:
        """The most urgent first, those of a kind together, the oldest of them first."""
        with self._store.read() as connection:
            kinds = _kinds(connection, state)
            total = sum(kinds.values()) if kind is None else kinds.get(kind, 0)
            page = min(max(page, 1), max(1, -(-total // PER_PAGE)))
            cards = self._cards(connection, _ids(connection, state, kind, page))
        return Queue(state=state, cards=cards, kinds=kinds, total=total, page=page)

    def of_case(self, case: str) -> Sequence[Card]:
        """What waits in one case, all states together."""
        waits = and_(actions.c.case == case, actions.c.state.in_(WAITING))
        with self._store.read() as connection:
            ids = connection.execute(select(actions.c.id).where(waits).order_by(*_ORDER).limit(PER_PAGE)).scalars()
            return self._cards(connection, list(ids))

    def _cards(self, connection: Connection, ids: Sequence[str]) -> list[Card]:
        known = row_by(connection, actions.c.id, ids)
        rows = [known[id_] for id_ in ids]
        evidence = evidence_of(connection, list({row.case for row in rows if row.case}), _FEW)
        causes = row_by(connection, events.c.seq, (row.seq for row in rows))
        works = Works(connection, rows, evidence, self._rules)
        shown = shown_actions(connection, rows)
        now = self._clock.now()
        return [
            Card(
                action={**_UNSAID, **answer},
                called=works.called(row.service),
                only_deferred=bool(orjson.loads(row.record)["plan"].get("only_deferred")),
                wanted=int(row.approval) if row.approval.isdecimal() else 0,
                asked=_asked(causes.get(row.seq)),
                category=works.category(row.case),
                evidence=evidence.get(row.case, NONE),
                foresight=foresee(works.of(row), self._letters, self._secret, now),
            )
            for row, answer in zip(rows, shown, strict=True)
        ]


_UNSAID: Mapping[str, None] = dict.fromkeys(
    "service client case amount currency simulated limited lapses error instructions note version".split()
)
"""What an action may have or lack."""

_ORDER = (actions.c.urgency, actions.c.action, actions.c.created, actions.c.id)


def counts(connection: Connection) -> dict[str, int]:
    """How many actions wait for a person, by state."""
    return {state: _number(connection, state) for state in WAITING}


def _number(connection: Connection, state: str) -> int:
    counted = select(func.count()).select_from(actions).where(_is(state))
    return connection.execute(counted).scalar() or 0


def _is(state: str) -> ColumnElement[bool]:
    """The state, written into the statement: the index of what waits serves no other."""
    return actions.c.state == literal(state, literal_execute=True)


def _kinds(connection: Connection, state: str) -> dict[str, int]:
    """Actions of the state by name, the most urgent names first."""
    counted = select(actions.c.action, func.count()).where(_is(state))
    ordered = counted.group_by(actions.c.urgency, actions.c.action).order_by(actions.c.urgency, actions.c.action)
    return {row[0]: row[1] for row in connection.execute(ordered)}


def _ids(connection: Connection, state: str, kind: str | None, page: int) -> list[str]:
    query = select(actions.c.id).where(_is(state))
    if kind is not None:
        query = query.where(actions.c.action == kind)
    return list(connection.execute(query.order_by(*_ORDER).limit(PER_PAGE).offset((page - 1) * PER_PAGE)).scalars())


def _asked(row: Any) -> Asked | None:
    if row is None:
        return None
    return Asked(type=row.type, source=row.source, by=row.by, verified=bool(row.verified), at=moment(row.at))
