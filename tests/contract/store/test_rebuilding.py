"""Whatever happens, the states at hand are those that the log gives, and the tables are those that it gives too."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from bridge.evolve import evolve
from bridge.state import Client
from bridge.store.log import parts_of
from bridge.store.store import Unit
from tests.contract.store.bureau import Bureau
from tests.contract.store.conftest import Opening
from tests.contract.store.happenings import Life

STEPS = 120


def states(unit: Unit) -> dict[str, object]:
    """Each client's state as the log has it at hand."""
    return {f"c{number}": asdict(unit.log.state(unit.connection, f"c{number}")) for number in range(3)}


def folded(unit: Unit) -> dict[str, object]:
    """Each client's state, folded from the first entry on."""
    found: dict[str, object] = {}
    for number in range(3):
        state = Client(id=f"c{number}")
        for part, records in parts_of(unit.connection, f"c{number}"):
            evolve(state, part, records)
        found[f"c{number}"] = asdict(state)
    return found


def check(bureau: Bureau) -> None:
    at_hand, afresh = bureau.store.write(states), bureau.store.write(folded)
    assert at_hand == afresh
    assert bureau.faults() == []


@pytest.mark.parametrize("seed", range(3))
def test_states_at_hand_are_those_folded_from_the_log(open_desk: Opening, seed: int) -> None:
    bureau, life = open_desk(approvals={"charge_fine": 2}), Life(seed)
    life.begin(bureau)
    for number in range(STEPS):
        life.step(bureau)
        if number % 50 == 0:
            check(bureau)
    check(bureau)
    assert bureau.counts()["events"] > STEPS / 2


@pytest.mark.parametrize("seed", range(2))
def test_processes_that_take_turns_agree_about_every_state(open_desk: Opening, seed: int) -> None:
    one = open_desk()
    others = [open_desk(clock=one.clock) for _ in range(2)]
    life = Life(seed)
    life.begin(one)
    for number in range(STEPS):
        life.step((one, *others)[number % 3])
    for bureau in (one, *others):
        assert bureau.store.write(states) == bureau.store.write(folded)
    assert one.faults() == []


def test_observing_leaves_a_log_that_can_be_rebuilt_too(open_desk: Opening) -> None:
    bureau, life = open_desk(mode="observe"), Life(7)
    life.begin(bureau)
    for _ in range(STEPS):
        life.step(bureau)
    check(bureau)
    enforcing = open_desk(mode="enforce", clock=bureau.clock)
    enforcing.desk.settle_regime()
    for _ in range(STEPS):
        life.step(enforcing)
    check(enforcing)
