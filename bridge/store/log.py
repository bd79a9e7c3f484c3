"""The event log with its hash chain, and clients' states folded from it.

States are kept in memory between transactions. Another process may write too: at the start of each transaction the tail
is compared, and a state that may be behind is brought up to date before it is used.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Select, and_, bindparam, func, select

from bridge.events import EVENT_TYPES, Event, field_names, parse_event
from bridge.evolve import evolve
from bridge.model import Record, from_log, to_log
from bridge.routing import Part
from bridge.state import Client
from bridge.store.engine import from_us, storable, to_us
from bridge.store.prepared import Prepared
from bridge.store.tables import decisions, events
from bridge.views import Source

Json = Any

KEPT_STATES = 5_000
LONG_HISTORY = 2_000
"""From so many decisions on folding a client's state takes longer than a question may wait."""

WARMED = 100
"""How many of those are folded at the start; the others when they are asked about."""

FIRST_HASH = "0" * 64


@dataclass(slots=True)
class _Kept:
    """A state, and up to which seq it was folded."""

    state: Client
    seq: int


class Mark(NamedTuple):
    """The tail of the log at some moment."""

    seq: int
    hash: str


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
        self._lent: set[str] = set()
        self._lent_before: set[str] = set()

    def refresh(self, connection: Connection) -> None:
        """At the start of a transaction: take the tail from the database."""
        self._lent_before.clear()
        self._lent.clear()
        seq, self._hash = _TAIL.first(connection, {}) or (0, FIRST_HASH)
        if seq != self.seq:
            self._checked = seq
        self.seq = seq

    def mark(self) -> Mark:
        """Where the log stands before a piece of work, to go back to if that fails."""
        self._lent_before |= self._lent
        self._lent.clear()
        return Mark(self.seq, self._hash)

    def back_to(self, mark: Mark) -> None:
        """After a piece of work that failed and was rolled back: states that it had in hand must not be used again."""
        self._drop(self._lent)
        self.seq, self._hash = mark.seq, mark.hash

    def forget(self) -> None:
        """After a transaction that was not committed: the same for everything since it began."""
        self._drop(self._lent | self._lent_before)
        self.seq = -1

    def _drop(self, clients: Iterable[str]) -> None:
        for client in list(clients):
            self._kept.pop(client, None)
        self._lent.clear()

    def has(self, connection: Connection, event: Event) -> bool:
        """Whether an event of that id was accepted; the program's own have ids of their own."""
        return _HAS.first(connection, {"wanted": event.id, "internal": event.internal}) is not None

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
        rows = [_decision_row(seq, place, part, records) for place, (part, records) in enumerate(parts)]
        row = {
            "seq": seq,
            "id": event.id,
            "internal": event.internal,
            "type": event.type,
            "at": to_us(event.at),
            "accepted": to_us(accepted),
            "source": source.name,
            "by": None if source.by is None else storable(source.by),
            "verified": source.verified,
            "body": body,
        }
        self._hash = chain(self._hash, list(row.values()), [list(item.values()) for item in rows])
        _ADD_EVENT.run(connection, {**row, "hash": self._hash})
        for item in rows:
            _ADD_DECISION.run(connection, item)
        self.seq = seq
        for part, _ in parts:
            kept = self._kept.get(part.client)
            if kept is not None:
                kept.seq = seq
        return seq

    def state(self, connection: Connection, client: str | None) -> Client:
        """The client's state as of now; folded from the log where it is not at hand.

        It goes on changing: read it within the transaction, and change it by `evolve` alone.
        """
        if client is None:
            return Client(id=None)
        self._lent.add(client)
        kept = self._kept.get(client)
        if kept is None:
            kept = _Kept(Client(id=client), 0)
            self._catch_up(connection, client, kept)
            self._kept[client] = kept
            if len(self._kept) > KEPT_STATES:
                self._kept.popitem(last=False)
            return kept.state
        if kept.seq < self._checked:
            self._catch_up(connection, client, kept)
        self._kept.move_to_end(client)
        return kept.state

    def warm_up(self, connection: Connection, least: int) -> None:
        """Fold the states of the clients with at least so many decisions."""
        for client in connection.execute(long_histories(least)).scalars().all():
            self.state(connection, client)

    def _catch_up(self, connection: Connection, client: str, kept: _Kept) -> None:
        for part, records in parts_of(connection, client, after=kept.seq):
            evolve(kept.state, part, records)
        kept.seq = self.seq


def long_histories(least: int) -> Select[Any]:
    """The clients with at least so many decisions, the longest first."""
    number = func.count()
    named = select(decisions.c.client).where(decisions.c.client.is_not(None)).group_by(decisions.c.client)
    return named.having(number >= least).order_by(number.desc()).limit(WARMED)


def _decision_row(seq: int, place: int, part: Part, records: Sequence[Record]) -> dict[str, Json]:
    return {
        "seq": seq,
        "place": place,
        "client": part.client,
        "part": orjson.dumps(part.to_log()).decode(),
        "records": orjson.dumps([to_log(record) for record in records]).decode(),
    }


_TAIL = Prepared(select(events.c.seq, events.c.hash).order_by(events.c.seq.desc()).limit(1))
_HAS = Prepared(
    select(events.c.seq).where(and_(events.c.id == bindparam("wanted"), events.c.internal == bindparam("internal")))
)
_ADD_EVENT = Prepared(events.insert())
_ADD_DECISION = Prepared(decisions.insert())


def stored_event(body: str, at: int) -> Event:
    """The event of a log row; its decision's time is the row's, which may be later than the sender's."""
    raw: dict[str, Json] = orjson.loads(body)
    moment = from_us(at)
    kind = EVENT_TYPES.get(raw["type"])
    if kind is not None and kind.internal:
        own = {name: raw[name] for name in field_names(kind) if name in raw}
        return kind(**{**own, "at": moment})
    event = parse_event(raw)
    return event if event.at == moment else replace(event, at=moment)


def parts_of(connection: Connection, client: str, *, after: int = 0) -> Iterator[tuple[Part, tuple[Record, ...]]]:
    """A client's parts and records in the order of the log."""
    for body, at, part, records in _PARTS.run(connection, {"client": client, "after": after}):
        yield (
            Part.from_log(stored_event(body, at), orjson.loads(part)),
            tuple(from_log(item) for item in orjson.loads(records)),
        )


_PARTS = Prepared(
    select(events.c.body, events.c.at, decisions.c.part, decisions.c.records)
    .select_from(decisions.join(events, events.c.seq == decisions.c.seq))
    .where(and_(decisions.c.client == bindparam("client"), decisions.c.seq > bindparam("after")))
    .order_by(decisions.c.seq, decisions.c.place)
)


def entries(connection: Connection, *, after: int = 0, limit: int | None = None) -> Iterator[Entry]:
    """The log in order, each event with its parts."""
    rows = connection.execute(select(events).where(events.c.seq > after).order_by(events.c.seq).limit(limit))
    for row in rows:
        stored = connection.execute(select(decisions).where(decisions.c.seq == row.seq).order_by(decisions.c.place))
        yield entry_of(row, stored.all())


def entry_of(row: Any, stored: Sequence[Any]) -> Entry:
    """The entry of a row of `events` and its rows of `decisions`."""
    event = stored_event(row.body, row.at)
    parts = tuple(
        (
            Part.from_log(event, orjson.loads(item.part)),
            tuple(from_log(record) for record in orjson.loads(item.records)),
        )
        for item in stored
    )
    source = Source(name=row.source, by=row.by, verified=row.verified)
    return Entry(row.seq, event, row.body, from_us(row.accepted), source, parts, row.hash)
