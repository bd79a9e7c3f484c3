"""Staff is told once when a source goes silent or starts failing, and once when it is well again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bridge.clock import ManualClock
from bridge.errors import PanelError, PanelUnclear, PanelUnreachable
from bridge.sources.alarms import Alarms
from bridge.store.engine import migrate, open_engine
from bridge.store.sources import Expected, note_arrival, note_failure, register
from bridge.store.store import Store
from tests.unit.decide.scenario import START

EXPECTED = {"abuse": Expected(kind="imap", silent_after=timedelta(hours=24))}


@dataclass
class Staff:
    """Remembers what it was told; `trouble` is what happens instead."""

    told: list[str] = field(default_factory=list)
    trouble: PanelError | None = None

    def tell(self, subject: str, text: str) -> None:
        if isinstance(self.trouble, PanelUnreachable):
            raise self.trouble
        self.told.append(subject)
        if self.trouble is not None:
            raise self.trouble


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(f"sqlite:///{tmp_path / 'tipstaff.db'}")
    migrate(engine)
    opened = Store(engine)
    opened.write(lambda unit: register(unit, EXPECTED, START))
    yield opened
    opened.close()


def looked(store: Store, clock: ManualClock, *staff: Staff, **later: float) -> None:
    clock.move(timedelta(**later))
    for _ in range(2):
        Alarms(store, EXPECTED, clock, [each.tell for each in staff]).look()


def test_silence_and_its_end_are_told_once_each(store: Store) -> None:
    clock, staff = ManualClock(START), Staff()
    looked(store, clock, staff, hours=23)
    assert staff.told == []
    looked(store, clock, staff, hours=2)
    assert staff.told == ["No complaints from abuse"]
    store.write(lambda unit: note_arrival(unit, "abuse", "imap", clock.wall()))
    looked(store, clock, staff, minutes=1)
    assert staff.told[1:] == ["Complaints from abuse arrive again"]


def test_a_failure_is_told_when_it_lasts(store: Store) -> None:
    clock, staff = ManualClock(START), Staff()
    store.write(lambda unit: note_failure(unit, "abuse", "imap", START, "no answer"))
    looked(store, clock, staff, minutes=5)
    assert staff.told == []
    looked(store, clock, staff, minutes=10)
    assert staff.told == ["Complaints from abuse cannot be read"]


def test_who_cannot_be_reached_is_told_another_way_or_later(store: Store) -> None:
    clock, away, staff = ManualClock(START), Staff(trouble=PanelUnreachable("mail", "gone")), Staff()
    looked(store, clock, away, hours=25)
    looked(store, clock, away, staff, minutes=1)
    assert staff.told == ["No complaints from abuse"]


def test_a_lost_answer_is_not_told_again(store: Store) -> None:
    clock, staff = ManualClock(START), Staff(trouble=PanelUnclear("mail", "lost"))
    looked(store, clock, staff, hours=25)
    assert staff.told == ["No complaints from abuse"]
