"""The log as a page: searched from its end backwards, and whether its newest part is whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from bridge.reading.lookup import moment, rows_by
from bridge.store.log import FIRST_HASH, chain
from bridge.store.store import Store
from bridge.store.tables import decisions, events

PER_PAGE = 50
CHECKED = 200
LONGEST_BODY = 4_000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is looked for: `words` is the beginning of an event's id, or who did it; `before` a place in the log."""

    words: str = ""
    type: str = ""
    client: str = ""
    before: int = 0


@dataclass(frozen=True, kw_only=True)
class Line:
    """An entry; `body` is the beginning of the event as it was sent, `clients` whom it was decided about."""

    seq: int
    id: str
    type: str
    at: str | None
    source: str
    by: str | None
    verified: bool
    hash: str
    body: str
    clients: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Chain:
    """How the log ends: its length, the last hash, how many of the newest entries were checked, and what is broken."""

    length: int
    last: str
    checked: int
    broken: Sequence[int]


@dataclass(frozen=True, kw_only=True)
class Trail:
    """One page, newest first; `more` is the place from which the next page goes on, 0 at the end."""

    lines: Sequence[Line]
    more: int
    chain: Chain


class Trails:
    """Reads the log from the last commit."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, asked: Asked) -> Trail:
        with self._store.read() as connection:
            rows = _rows(connection, asked)
            shown = rows[:PER_PAGE]
            about = rows_by(connection, decisions.c.seq, [row.seq for row in shown])
            lines = [_line(row, about.get(row.seq, ())) for row in shown]
            more = shown[-1].seq if len(rows) > PER_PAGE else 0
            return Trail(lines=lines, more=more, chain=_chain(connection))


def _rows(connection: Connection, asked: Asked) -> Sequence[Any]:
    body = func.substr(events.c.body, 1, LONGEST_BODY).label("body")
    columns = [events.c[name] for name in ("seq", "id", "type", "at", "source", "by", "verified", "hash")]
    query = select(*columns, body)
    if asked.before:
        query = query.where(events.c.seq < asked.before)
    if asked.type:
        query = query.where(events.c.type == asked.type)
    if asked.words:
        begins = and_(events.c.id >= asked.words, events.c.id < asked.words + "\U0010ffff")
        query = query.where(or_(begins, events.c.by == asked.words))
    if asked.client:
        query = query.where(events.c.seq.in_(select(decisions.c.seq).where(decisions.c.client == asked.client)))
    return connection.execute(query.order_by(events.c.seq.desc()).limit(PER_PAGE + 1)).all()


def _line(row: Any, about: Sequence[Any]) -> Line:
    return Line(
        seq=row.seq,
        id=row.id,
        type=row.type,
        at=moment(row.at),
        source=row.source,
        by=row.by,
        verified=row.verified,
        hash=row.hash,
        body=row.body,
        clients=tuple(dict.fromkeys(part.client for part in about if part.client)),
    )


def _chain(connection: Connection) -> Chain:
    """The newest entries, each against the one before it."""
    tail = select(events).order_by(events.c.seq.desc()).limit(CHECKED + 1)
    rows = list(reversed(connection.execute(tail).all()))
    if not rows:
        return Chain(length=0, last=FIRST_HASH, checked=0, broken=())
    parts = rows_by(connection, decisions.c.seq, [row.seq for row in rows], decisions.c.seq, decisions.c.place)
    previous = FIRST_HASH if rows[0].seq == 1 else None
    broken = []
    for row in rows:
        whole = None if previous is None else chain(previous, list(row)[:-1], [list(p) for p in parts.get(row.seq, ())])
        if whole is not None and whole != row.hash:
            broken.append(row.seq)
        previous = row.hash
    checked = len(rows) if rows[0].seq == 1 else len(rows) - 1
    return Chain(length=rows[-1].seq, last=rows[-1].hash, checked=checked, broken=tuple(broken))
