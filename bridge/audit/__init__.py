"""The audit: the chain over the log is whole, and what is folded from it is what the tables say.

The log proves what was decided and who agreed. What carrying out keeps besides (steps, attempts, tickets, answers to
deliveries) is nowhere else, so of that only its ties to the log can be checked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import Connection, Table, create_engine, select
from sqlalchemy.exc import SQLAlchemyError

from bridge.audit.ledger import Ledger
from bridge.errors import TipstaffError
from bridge.evidence import export
from bridge.store.engine import from_us
from bridge.store.fold import fold
from bridge.store.log import FIRST_HASH, chain, entry_of
from bridge.store.store import Store
from bridge.store.tables import (
    FOLDED,
    actions,
    approvals,
    attempts,
    case_exhibits,
    complaint_events,
    complaints,
    decisions,
    events,
    exhibits,
    metadata,
    steps,
    tickets,
)
from bridge.views import CLIENT_PAGE

__all__ = ["export", "verify"]

Json = Any

CHUNK = 500

_UNREADABLE = (TipstaffError, SQLAlchemyError, LookupError, TypeError, ValueError, AttributeError)
"""What reading or folding an entry that somebody changed may come to."""


def verify(store: Store) -> Iterator[str]:
    """Everything that does not agree, one sentence each; nothing where all is well."""
    fresh = create_engine("sqlite://")
    metadata.create_all(fresh)
    ledger = Ledger()
    with store.read() as connection, fresh.begin() as folded:
        yield from _check_log(connection, folded, ledger)
        yield from _check_orphans(connection)
        yield from ledger.faults(connection)
        for table in FOLDED:
            yield from _compare(table, _columns(table), connection, folded)
        yield from _compare(actions, AS_DECIDED, connection, folded)
        yield from _check_complaints(connection)
        yield from _check_exhibits(connection)
        yield from _check_ties(connection)
    fresh.dispose()


AS_DECIDED = "seq place client service case action approval simulated record created".split()
"""The columns of an action that follow from its decision alone."""


def _check_log(connection: Connection, folded: Connection, ledger: Ledger) -> Iterator[str]:
    previous, last = FIRST_HASH, 0
    for row, parts in _stored(connection):
        if row.seq != last + 1:
            yield f"log: entry {last + 1} is missing"
        if row.hash != chain(previous, list(row)[:-1], [list(part) for part in parts]):
            yield f"log: entry {row.seq} ({row.id}) was changed, or one before it"
        previous, last = row.hash, row.seq
        try:
            _fold(folded, ledger, row, parts)
        except _UNREADABLE as trouble:
            yield f"log: entry {row.seq} ({row.id}) cannot be read: {type(trouble).__name__}"


def _fold(folded: Connection, ledger: Ledger, row: Any, parts: list[Any]) -> None:
    entry = entry_of(row, parts)
    ledger.note(entry)
    for part, records in entry.parts:
        fold(folded, row.seq, part, records, entry.source, accepted=from_us(row.accepted), expire_after=None)


def _stored(connection: Connection) -> Iterator[tuple[Any, list[Any]]]:
    """The rows of the log as they are, each event with its decisions."""
    after = 0
    while True:
        rows = connection.execute(select(events).where(events.c.seq > after).order_by(events.c.seq).limit(CHUNK)).all()
        if not rows:
            return
        parts: dict[int, list[Any]] = {}
        inside = decisions.c.seq.between(rows[0].seq, rows[-1].seq)
        for part in connection.execute(select(decisions).where(inside).order_by(decisions.c.seq, decisions.c.place)):
            parts.setdefault(part.seq, []).append(part)
        for row in rows:
            yield row, parts.get(row.seq, [])
        after = rows[-1].seq


def _check_orphans(connection: Connection) -> Iterator[str]:
    lonely = select(decisions.c.seq).where(decisions.c.seq.not_in(select(events.c.seq))).distinct()
    for seq in connection.execute(lonely.order_by(decisions.c.seq)).scalars():
        yield f"log: a decision is left of entry {seq}, which is missing"


# ---- tables beside the log ----


def _columns(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def _compare(table: Table, columns: list[str], connection: Connection, folded: Connection) -> Iterator[str]:
    stored = _contents(table, columns, connection)
    made = _contents(table, columns, folded)
    for id_ in sorted(stored.keys() | made.keys(), key=str):
        name = " ".join(str(part) for part in id_)
        if id_ not in made:
            yield f"{table.name}: {name} is stored, and nothing in the log says so"
        elif id_ not in stored:
            yield f"{table.name}: {name} follows from the log and is not stored"
        elif stored[id_] != made[id_]:
            yield f"{table.name}: {name} differs from what the log says"


def _contents(table: Table, columns: list[str], connection: Connection) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    key = [column.name for column in table.primary_key]
    return {
        tuple(row[name] for name in key): tuple(row[name] for name in columns)
        for row in connection.execute(select(table)).mappings()
    }


def _check_complaints(connection: Connection) -> Iterator[str]:
    """A message is named by its digest, and the events read from it by that."""
    for row in connection.execute(select(complaints.c.digest, complaints.c.body)):
        if hashlib.sha256(row.body).hexdigest() != row.digest:
            yield f"complaints: the message {row.digest} was changed"
    read = (
        select(complaint_events.c.event, complaint_events.c.digest, complaints.c.digest.label("kept"), events.c.seq)
        .select_from(complaint_events)
        .outerjoin(complaints, complaints.c.digest == complaint_events.c.digest)
        .outerjoin(events, (events.c.id == complaint_events.c.event) & events.c.internal.is_(False))
    )
    for event, digest, kept, seq in connection.execute(read):
        if kept is None:
            yield f"complaints: the message that {event} was read from is missing"
        elif seq is None or not event.startswith(f"mail-{digest[:32]}-"):
            yield f"complaint_events: {event} was not read from {digest}"

    linked = select(complaint_events.c.event)
    unlinked = select(events.c.id).where(
        events.c.id.like("mail-%"), events.c.internal.is_(False), events.c.id.not_in(linked)
    )
    kept = {digest[:32] for digest in connection.execute(select(complaints.c.digest)).scalars()}
    for event in connection.execute(unlinked).scalars():
        if event.removeprefix("mail-").rpartition("-")[0] in kept:
            yield f"complaint_events: {event} is not linked to the message that it is named after"


def _check_exhibits(connection: Connection) -> Iterator[str]:
    """A file is named by its digest, and the event that it came with names it; none of those is missing."""
    for row in connection.execute(select(exhibits.c.digest, exhibits.c.body)):
        if hashlib.sha256(row.body).hexdigest() != row.digest:
            yield f"exhibits: the file {row.digest} was changed"
    kept = {
        (row.event, row.place): (row.case, row.digest, row.name, row.kind, row.size, row.content)
        for row in connection.execute(
            select(case_exhibits, exhibits.c.digest.label("content"))
            .select_from(case_exhibits)
            .outerjoin(exhibits, exhibits.c.digest == case_exhibits.c.digest)
        )
    }
    given = select(events.c.id, events.c.body).where(
        events.c.type == "evidence.provided", events.c.source == CLIENT_PAGE, events.c.internal.is_(False)
    )
    for id_, body in connection.execute(given):
        told = _read(body)
        for place, one in enumerate(told.get("files") or ()):
            digest, *more = (one.get(name) for name in ("sha256", "name", "kind", "size"))
            says = (told.get("case"), digest, *more, digest)
            if kept.pop((id_, place), None) != says:
                yield f"case_exhibits: file {place} of {id_} is missing or was changed"
    for id_, place in sorted(kept):
        yield f"case_exhibits: file {place} of {id_} is stored, and nothing in the log says so"


def _read(body: str) -> dict[str, Any]:
    """An event's body; where somebody changed it beyond reading, the log's own check says so."""
    try:
        told = orjson.loads(body)
        return {**told, "files": [dict(one) for one in told.get("files") or ()]}
    except (*_UNREADABLE, orjson.JSONDecodeError):
        return {}


def _check_ties(connection: Connection) -> Iterator[str]:
    """What carrying out wrote down belongs to an action that was decided."""
    known = select(actions.c.id)
    for table in (approvals, steps, attempts, tickets):
        strangers = select(table.c.action).where(table.c.action.not_in(known)).distinct()
        for action in connection.execute(strangers.order_by(table.c.action)).scalars():
            yield f"{table.name}: {action} was never decided"
