"""A source of complaints is well, fails, or has gone silent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bridge.store.engine import migrate, open_engine
from bridge.store.sources import Expected, note_arrival, note_failure, note_success, register, shown_sources
from bridge.store.store import Store
from tests.unit.decide.scenario import START

MAILBOX = Expected(kind="imap", silent_after=timedelta(hours=24))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(f"sqlite:///{tmp_path / 'tipstaff.db'}")
    migrate(engine)
    opened = Store(engine)
    opened.write(lambda unit: register(unit, {"abuse": MAILBOX}, START))
    yield opened
    opened.close()


def state(store: Store, **later: float) -> str:
    with store.read() as connection:
        (only,) = shown_sources(connection, {"abuse": MAILBOX}, START + timedelta(**later))
    return str(only["state"])


def test_a_source_nobody_has_read_yet_is_new_and_then_silent(store: Store) -> None:
    assert state(store, hours=1) == "new"
    assert state(store, hours=25) == "silent"


def test_reading_an_empty_mailbox_is_well_but_does_not_end_its_silence(store: Store) -> None:
    store.write(lambda unit: note_success(unit, "abuse", "imap", START + timedelta(hours=23)))
    assert state(store, hours=23) == "ok"
    assert state(store, hours=25) == "silent"


def test_a_message_ends_the_silence(store: Store) -> None:
    store.write(lambda unit: note_arrival(unit, "abuse", "imap", START + timedelta(hours=23)))
    assert state(store, hours=25) == "ok"


def test_failing_counts_from_the_first_failure_and_ends_with_a_success(store: Store) -> None:
    store.write(lambda unit: note_failure(unit, "abuse", "imap", START, "no answer"))
    store.write(lambda unit: note_failure(unit, "abuse", "imap", START + timedelta(minutes=9), "no answer"))
    assert state(store, minutes=9) == "new"
    assert state(store, minutes=11) == "failing"
    store.write(lambda unit: note_success(unit, "abuse", "imap", START + timedelta(minutes=12)))
    assert state(store, minutes=13) == "ok"


def test_a_source_that_is_configured_no_longer_fails_no_more(store: Store) -> None:
    store.write(lambda unit: note_failure(unit, "abuse", "imap", START, "no answer"))
    assert state(store, minutes=11) == "failing"
    store.write(lambda unit: register(unit, {}, START))
    assert state(store, minutes=12) == "new"


def test_a_first_failure_of_an_unknown_source_is_kept(store: Store) -> None:
    store.write(lambda unit: note_failure(unit, "other", "feed", START, "no such folder"))
    with store.read() as connection:
        other = shown_sources(connection, {}, START + timedelta(hours=1))[1]
    assert (other["name"], other["state"], other["error"]) == ("other", "failing", "no such folder")
