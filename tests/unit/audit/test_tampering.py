"""Whatever somebody changes in the database behind the program's back, the audit finds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Table, delete, select, update

from bridge.audit import AS_DECIDED, verify
from bridge.store.engine import migrate, open_engine
from bridge.store.store import Store
from bridge.store.tables import (
    FOLDED,
    actions,
    approvals,
    attempts,
    complaint_events,
    complaints,
    decisions,
    events,
    steps,
    tickets,
)
from bridge.views import Source
from tests.contract.store.bureau import Bureau, open_bureau
from tests.contract.store.happenings import Life

REPORT = {
    "xarf_version": "4.2.0",
    "report_id": "11111111-2222-4333-8444-555555555555",
    "timestamp": "2024-03-01T00:00:00Z",
    "reporter": {"org": "A list", "contact": "list@example.net", "domain": "example.net"},
    "sender": {"org": "A list", "contact": "list@example.net", "domain": "example.net"},
    "source_identifier": "10.0.0.1",
    "category": "connection",
    "type": "port_scan",
    "evidence_source": "honeypot",
    "destination_ip": "198.51.100.1",
    "protocol": "tcp",
    "first_seen": "2024-03-01T00:00:00Z",
}
QUEUE = ("state", "approved", "ended", "withdrawn", "answered")
"""What the queue keeps of an action that the log proves as well."""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which much has happened, and nothing is wrong."""
    path = tmp_path_factory.mktemp("lived") / "tipstaff.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    bureau, life = open_bureau(f"sqlite:///{path}", approvals={"charge_fine": 2}), Life(3)
    life.begin(bureau)
    taken = bureau.doorway._reception.take_complaints(orjson.dumps(REPORT), "application/json", Source(name="tests"))
    assert [item.status for item in taken] == ["accepted"]
    for _ in range(300):
        if not _unfilled(bureau):
            break
        life.step(bureau)
    assert _unfilled(bureau) == set()
    assert list(verify(bureau.store)) == []
    bureau.close()
    return path


UNUSED = frozenset({
    "deliveries", "rereads", "reviews", "drifts", "meta", "complaints", "complaint_events", "complaint_tickets",
    "exhibits", "case_exhibits", "correspondence", "listings", "sources",
})  # fmt: skip


def _unfilled(bureau: Bureau) -> set[str]:
    """Tables of which nothing has been seen yet."""
    return {name for name, count in bureau.counts().items() if count == 0} - UNUSED


@pytest.fixture
def store(lived: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(lived, tmp_path / "tipstaff.db")
    opened = Store.open(f"sqlite:///{tmp_path / 'tipstaff.db'}")
    yield opened
    opened.close()


def some_row(store: Store, table: Table) -> Any:
    """The row in the middle; of actions one that is done, of approvals one that was acted upon."""
    wanted = select(table).order_by(*table.primary_key)
    if table is approvals:
        acted_upon = select(actions.c.id).where(actions.c.approved.is_not(None))
        wanted = wanted.where(approvals.c.action.in_(acted_upon))
    if table is actions:
        wanted = wanted.where(actions.c.state == "done")
    with store.read() as connection:
        rows = connection.execute(wanted).all()
    return rows[len(rows) // 2]


def is_row(table: Table, row: Any) -> Any:
    condition: Any = True
    for column in table.primary_key:
        condition = (column == getattr(row, column.name)) & condition
    return condition


def other(column: Column[Any], value: Any) -> Any:
    """Something else that the column could hold."""
    if isinstance(column.type, Boolean):
        return not value
    if isinstance(column.type, Integer | BigInteger):
        return (value or 0) + 1000
    if isinstance(column.type, LargeBinary):
        return (value or b"") + b"x"
    if isinstance(value, str) and value.endswith("}"):
        return value[:-1] + ',"x":1}'
    return f"{value or ''}x"


def change(store: Store, column: Column[Any]) -> None:
    table = column.table
    row = some_row(store, table)
    value = other(column, getattr(row, column.name))
    store.write(lambda unit: unit.connection.execute(update(table).where(is_row(table, row)).values({column: value})))


def columns(*tables: Table, leaving: frozenset[str] = frozenset()) -> list[Column[Any]]:
    return [column for table in tables for column in table.columns if column.name not in leaving]


UNPROVED = frozenset({"received", "content_type", "reading", "withheld", "preserved"})
"""What is kept of a message besides its bytes."""

PROVED = [
    *columns(events, decisions, *FOLDED, approvals, complaints, leaving=UNPROVED),
    *(actions.c[name] for name in (*AS_DECIDED, *QUEUE)),
    *columns(complaint_events),
]


@pytest.mark.parametrize("column", PROVED, ids=str)
def test_a_changed_value_is_found(store: Store, column: Column[Any]) -> None:
    change(store, column)
    assert list(verify(store)) != []


@pytest.mark.parametrize(
    "table", [events, decisions, *FOLDED, actions, complaints, complaint_events, approvals], ids=str
)
def test_a_row_that_is_gone_is_found(store: Store, table: Table) -> None:
    row = some_row(store, table)
    store.write(lambda unit: unit.connection.execute(delete(table).where(is_row(table, row))))
    assert list(verify(store)) != []


@pytest.mark.parametrize("table", [*FOLDED, actions, decisions], ids=str)
def test_a_row_that_nothing_in_the_log_says_is_found(store: Store, table: Table) -> None:
    row = dict(some_row(store, table)._mapping)
    first = next(iter(table.primary_key))
    row[first.name] = other(first, row[first.name])
    store.write(lambda unit: unit.connection.execute(table.insert(), row))
    assert list(verify(store)) != []


@pytest.mark.parametrize("table", [steps, attempts, tickets, approvals], ids=str)
def test_what_was_carried_out_for_no_action_is_found(store: Store, table: Table) -> None:
    change(store, table.c.action)
    assert list(verify(store)) != []


def test_an_entry_that_cannot_be_read_any_more_is_named_and_the_rest_is_still_checked(store: Store) -> None:
    row = some_row(store, events)
    store.write(lambda unit: unit.connection.execute(update(events).where(is_row(events, row)).values(body="{")))
    said = list(verify(store))
    assert f"log: entry {row.seq} ({row.id}) was changed, or one before it" in said
    assert any(f"entry {row.seq} ({row.id}) cannot be read" in sentence for sentence in said)


def test_a_changed_entry_is_named_and_those_after_it_are_not(store: Store) -> None:
    row = some_row(store, events)
    store.write(lambda unit: unit.connection.execute(update(events).where(is_row(events, row)).values(source="x")))
    changed = [sentence for sentence in verify(store) if "was changed" in sentence]
    assert changed == [f"log: entry {row.seq} ({row.id}) was changed, or one before it"]


def test_an_action_said_to_be_done_that_the_log_has_otherwise_is_named(store: Store) -> None:
    with store.read() as connection:
        waits = connection.execute(select(actions.c.id).where(actions.c.state == "proposed")).scalars().first()
    store.write(lambda unit: unit.connection.execute(update(actions).where(actions.c.id == waits).values(state="done")))
    assert list(verify(store)) == [f"actions: {waits} is done in the queue and proposed in the log"]


def test_a_message_that_was_changed_is_named(store: Store) -> None:
    change(store, complaints.c.body)
    assert [sentence.split()[0] for sentence in verify(store)] == ["complaints:"]


def test_verifying_changes_nothing(store: Store) -> None:
    bureau = open_bureau(str(store.engine.url))
    before = bureau.counts()
    assert bureau.faults() == []
    assert bureau.counts() == before
    bureau.close()
