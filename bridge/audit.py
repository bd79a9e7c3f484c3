"""The audit: the chain over the log is whole, and what is folded from it is what the tables say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import Connection, Table, create_engine, select

from bridge.errors import NotFound
from bridge.events import ActionCancelled, ActionDone, ActionEvent, ActionExpired, ActionRejected
from bridge.model import ActionRecord, to_log
from bridge.store.engine import to_us
from bridge.store.fold import fold
from bridge.store.log import FIRST_HASH, Entry, chain, entries
from bridge.store.store import Store
from bridge.store.tables import FOLDED, actions, case_complaints, metadata
from bridge.timeformat import format_time

Json = Any

_FINAL: dict[type[ActionEvent], str] = {
    ActionDone: "done",
    ActionRejected: "rejected",
    ActionExpired: "expired",
    ActionCancelled: "cancelled",
}


def verify(store: Store) -> Iterator[str]:
    """Everything that does not agree, one sentence each; nothing where all is well."""
    fresh = create_engine("sqlite://")
    metadata.create_all(fresh)
    expected: dict[str, str] = {}
    with store.read() as connection, fresh.begin() as folded:
        yield from _check_chain(connection, folded, expected)
        yield from _check_actions(connection, expected)
        for table in FOLDED:
            yield from _compare(table, connection, folded)
    fresh.dispose()


def _check_chain(connection: Connection, folded: Connection, expected: dict[str, str]) -> Iterator[str]:
    previous, last = FIRST_HASH, 0
    for entry in entries(connection):
        if entry.seq != last + 1:
            yield f"log: entry {last + 1} is missing"
        if entry.hash != _hash(previous, entry):
            yield f"log: entry {entry.seq} ({entry.event.id}) was changed, or one before it"
        previous, last = entry.hash, entry.seq
        _expect(entry, expected)
        for part, records in entry.parts:
            fold(
                folded, entry.seq, part, records, entry.source, accepted=entry.accepted, expire_after=None, queue=False
            )


def _hash(previous: str, entry: Entry) -> str:
    source = entry.source
    row = [
        entry.seq, entry.event.id, entry.event.type, to_us(entry.event.at), to_us(entry.accepted), source.name,
        source.by, source.verified, entry.body,
    ]  # fmt: skip
    parts = [
        [
            entry.seq,
            place,
            part.client,
            orjson.dumps(part.to_log()).decode(),
            orjson.dumps([to_log(record) for record in records]).decode(),
        ]
        for place, (part, records) in enumerate(entry.parts)
    ]
    return chain(previous, row, parts)


def _expect(entry: Entry, expected: dict[str, str]) -> None:
    """How each action must have ended by what the log says; empty: it has not."""
    for _, records in entry.parts:
        for record in records:
            if isinstance(record, ActionRecord):
                expected[record.id] = ""
    if isinstance(entry.event, ActionEvent) and type(entry.event) in _FINAL:
        expected[entry.event.action] = _FINAL[type(entry.event)]


def _check_actions(connection: Connection, expected: dict[str, str]) -> Iterator[str]:
    known = {row.id: row.state for row in connection.execute(select(actions.c.id, actions.c.state))}
    for action, state in expected.items():
        if action not in known:
            yield f"actions: {action} was decided and is not in the queue"
        elif state and known[action] != state:
            yield f"actions: {action} is {known[action]} in the queue and {state} in the log"
        elif not state and known[action] in ("done", "rejected", "expired"):
            yield f"actions: {action} is {known[action]} in the queue, and nothing in the log says so"
    for action in known.keys() - expected.keys():
        yield f"actions: {action} is in the queue and was never decided"


def _compare(table: Table, connection: Connection, folded: Connection) -> Iterator[str]:
    key = [column.name for column in table.primary_key]
    stored = {
        tuple(row[name] for name in key): tuple(row.values()) for row in connection.execute(select(table)).mappings()
    }
    made = {tuple(row[name] for name in key): tuple(row.values()) for row in folded.execute(select(table)).mappings()}
    for id_ in sorted(stored.keys() | made.keys(), key=str):
        name = " ".join(str(part) for part in id_)
        if id_ not in made:
            yield f"{table.name}: {name} is stored, and nothing in the log says so"
        elif id_ not in stored:
            yield f"{table.name}: {name} follows from the log and is not stored"
        elif stored[id_] != made[id_]:
            yield f"{table.name}: {name} differs from what the log says"


def export(store: Store, case: str) -> dict[str, Json]:
    """A case's evidence file: every event and decision about it, with the hashes that prove them. Raises NotFound."""
    with store.read() as connection:
        of_case = set(
            connection.execute(select(case_complaints.c.event).where(case_complaints.c.case == case)).scalars()
        )
        own_actions = set(connection.execute(select(actions.c.id).where(actions.c.case == case)).scalars())
        if not of_case:
            raise NotFound(f"no case {case!r}")
        found = [entry for entry in entries(connection) if _concerns(entry, case, of_case, own_actions)]
    return {"case": case, "entries": [_exported(entry, case) for entry in found]}


def _concerns(entry: Entry, case: str, of_case: set[str], own_actions: set[str]) -> bool:
    event = entry.event
    if event.id in of_case or getattr(event, "case", None) == case:
        return True
    if isinstance(event, ActionEvent) and event.action in own_actions:
        return True
    return any(record.case == case for _, records in entry.parts for record in records)


def _exported(entry: Entry, case: str) -> dict[str, Json]:
    return {
        "seq": entry.seq,
        "hash": entry.hash,
        "accepted": format_time(entry.accepted),
        "source": entry.source.name,
        "by": entry.source.by,
        "verified": entry.source.verified,
        "event": orjson.loads(entry.body),
        "records": [to_log(record) for _, records in entry.parts for record in records if record.case in (case, None)],
    }
