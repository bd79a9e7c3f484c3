"""The event log with its hash chain, and clients' states folded from it.

States are kept in memory between transactions. Another process may write too: at the start of each transaction the tail
is compared, and a state that may be behind is brought up to date before it is used.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, and_, bindparam, select

from bridge.events import Event, parse_event
from bridge.evolve import evolve
from bridge.model import Record, from_log, to_log
from bridge.routing import Part
from bridge.state import Client
from bridge.store.engine import from_us, to_us
from bridge.store.tables import decisions, events
from bridge.views import Source

Json = Any

KEPT_STATES = 5_000
FIRST_HASH = "0" * 64


@dataclass(slots=True)
class _Kept:
    """A state, and up to which seq it was folded."""

    state: Client
    seq: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as it was accepted, with its parts and their records."""

    seq: int
    event: Event
    body: str
    accepted: datetime
    source: Source
    parts: tuple[tuple[Part, tuple[Record, ...]], ...]
    hash: str


def chain(previous: str, row: Sequence[Json], parts: Sequence[Sequence[Json]]) -> str:
    """The hash of an entry: over the one before it and everything the entry holds."""
    return hashlib.sha256(previous.encode() + orjson.dumps([row, parts])).hexdigest()


class Log:
    """Appends to the log and knows the states; used inside write transactions only, by one thread."""

    def __init__(self) -> None:
        self.seq = 0
        self._hash = FIRST_HASH
        self._kept: OrderedDict[str | None, _Kept] = OrderedDict()
        self._checked = 0

    def refresh(self, connection: Connection) -> None:
        """At the start of a transaction: take the tail from the database."""
        row = connection.execute(_TAIL).first()
        self._hash, seq = (row.hash, row.seq) if row is not None else (FIRST_HASH, 0)
        if seq != self.seq:
            self._checked = seq
        self.seq = seq

    def forget(self) -> None:
        """After a transaction that was not committed: nothing folded since may be used."""
        self._kept.clear()
        self.seq = -1

    def has(self, connection: Connection, event: str) -> bool:
        return connection.execute(_HAS, {"wanted": event}).first() is not None

    def append(
        self,
        connection: Connection,
        event: Event,
        body: str,
        parts: Sequence[tuple[Part, tuple[Record, ...]]],
        source: Source,
        accepted: datetime,
    ) -> int:
        """Add an event with its parts; returns its seq. Fold the records yourself, before or after."""
        seq = self.seq + 1
        rows = [
            {
                "seq": seq,
                "place": place,
                "client": part.client,
                "part": orjson.dumps(part.to_log()).decode(),
                "records": orjson.dumps([to_log(record) for record in records]).decode(),
            }
            for place, (part, records) in enumerate(parts)
        ]
        row = {
            "seq": seq,
            "id": event.id,
            "type": event.type,
            "at": to_us(event.at),
            "accepted": to_us(accepted),
            "source": source.name,
            "by": source.by,
            "verified": source.verified,
            "body": body,
        }
        self._hash = chain(self._hash, list(row.values()), [list(item.values()) for item in rows])
        connection.execute(_ADD_EVENT, {**row, "hash": self._hash})
        connection.execute(_ADD_DECISIONS, rows)
        self.seq = seq
        for part, _ in parts:
            kept = self._kept.get(part.client)
            if kept is not None:
                kept.seq = seq
        return seq

    def state(self, connection: Connection, client: str | None) -> Client:
        """The client's state as of now; folded from the log where it is not at hand."""
        if client is None:
            return Client(id=None)
        kept = self._kept.get(client)
        if kept is None:
            kept = self._kept[client] = _Kept(Client(id=client), 0)
            self._catch_up(connection, client, kept)
            if len(self._kept) > KEPT_STATES:
                self._kept.popitem(last=False)
        elif kept.seq < self._checked:
            self._catch_up(connection, client, kept)
        self._kept.move_to_end(client)
        return kept.state

    def _catch_up(self, connection: Connection, client: str, kept: _Kept) -> None:
        for part, records in parts_of(connection, client, after=kept.seq):
            evolve(kept.state, part, records)
        kept.seq = self.seq


_TAIL = select(events.c.seq, events.c.hash).order_by(events.c.seq.desc()).limit(1)
_HAS = select(events.c.seq).where(events.c.id == bindparam("wanted"))
_ADD_EVENT = events.insert()
_ADD_DECISIONS = decisions.insert()


def stored_event(body: str, at: int) -> Event:
    """The event of a log row; its decision's time is the row's, which may be later than the sender's."""
    event = parse_event(orjson.loads(body), internal=True)
    moment = from_us(at)
    return event if event.at == moment else replace(event, at=moment)


def parts_of(connection: Connection, client: str, *, after: int = 0) -> Iterator[tuple[Part, tuple[Record, ...]]]:
    """A client's parts and records in the order of the log."""
    rows = connection.execute(
        select(events.c.body, events.c.at, decisions.c.part, decisions.c.records)
        .select_from(decisions.join(events, events.c.seq == decisions.c.seq))
        .where(and_(decisions.c.client == client, decisions.c.seq > after))
        .order_by(decisions.c.seq, decisions.c.place)
    )
    for body, at, part, records in rows:
        yield (
            Part.from_log(stored_event(body, at), orjson.loads(part)),
            tuple(from_log(item) for item in orjson.loads(records)),
        )


def entries(connection: Connection, *, after: int = 0, limit: int | None = None) -> Iterator[Entry]:
    """The log in order, each event with its parts."""
    rows = connection.execute(select(events).where(events.c.seq > after).order_by(events.c.seq).limit(limit))
    for row in rows:
        event = stored_event(row.body, row.at)
        parts = tuple(
            (
                Part.from_log(event, orjson.loads(item.part)),
                tuple(from_log(record) for record in orjson.loads(item.records)),
            )
            for item in connection.execute(
                select(decisions).where(decisions.c.seq == row.seq).order_by(decisions.c.place)
            )
        )
        source = Source(name=row.source, by=row.by, verified=row.verified)
        yield Entry(row.seq, event, row.body, from_us(row.accepted), source, parts, row.hash)
