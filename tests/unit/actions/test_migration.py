"""A machine moves once, is followed while it moves, and is found again wherever it arrived."""

from __future__ import annotations

import pytest

from bridge.ports import Stage
from tests.unit.actions.faults import Fault
from tests.unit.actions.scene import Scene, a_work

WORK = a_work("migrate_service", case=None)


def test_it_is_begun_once_followed_while_it_goes_on_and_done_when_the_machine_has_arrived() -> None:
    scene = Scene()
    under_way = scene.carry(WORK)
    assert under_way is not None
    assert (under_way.state, under_way.error) == ("waiting", "the migration of VPS 101 is under way: 40 %")
    assert scene.settle(WORK.id, rounds=3).state == "waiting"
    scene.servers.migration_ends("2")
    assert scene.settle(WORK.id).state == "done"
    assert scene.faults.writes == ["migrate"]


def test_a_machine_that_is_on_that_node_already_needs_no_call() -> None:
    scene = Scene()
    scene.servers.change("101", node="2")
    outcome = scene.carry(WORK)
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("done", [])


@pytest.mark.parametrize(
    "fault", [Fault.LOST_AFTER, Fault.LOST_LATE, Fault.CRASH_AFTER, Fault.LOST_BEFORE, Fault.CRASH_BEFORE]
)
def test_a_call_that_was_lost_is_looked_for_and_no_machine_is_moved_twice(fault: Fault) -> None:
    scene = Scene()
    scene.faults.at(0, fault)
    scene.carry(WORK)
    scene.settle(WORK.id, rounds=4)
    assert len(scene.servers.migrations) == 1
    scene.servers.migration_ends("2")
    assert scene.settle(WORK.id).state == "done"


@pytest.mark.parametrize("stage", [Stage.FAILED, Stage.ENDED])
def test_a_migration_that_did_not_move_the_machine_is_for_a_person_and_not_begun_again(stage: Stage) -> None:
    scene = Scene()
    scene.carry(WORK)
    scene.servers.migration_ends("0", stage=stage)
    outcome = scene.settle(WORK.id)
    assert outcome.state == "manual"
    assert f"task 1 has {stage.value}, and VPS 101 is still on node 0" in outcome.instructions
    assert scene.faults.writes == ["migrate"]


def test_a_machine_that_bears_another_id_afterwards_is_found_by_its_uuid_and_a_person_writes_that_down() -> None:
    scene = Scene()
    scene.carry(WORK)
    scene.servers.migration_ends("2", vpsid="204")
    outcome = scene.settle(WORK.id)
    assert outcome.state == "manual"
    assert "bears the id 204 now: write it into the service's field vpsid" in outcome.instructions


def test_while_the_panel_moves_it_for_somebody_else_nothing_is_begun() -> None:
    scene = Scene()
    scene.servers.migrate.__wrapped__(scene.servers, "101", scene.refuge)  # type: ignore[attr-defined]  # no call of ours
    outcome = scene.carry(WORK)
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("waiting", [])


def test_without_a_node_to_go_to_it_is_a_task_with_instructions() -> None:
    scene = Scene()
    scene.refuge = None
    outcome = scene.carry(WORK)
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("manual", [])
    assert "keeping its addresses (192.0.2.10, 192.0.2.11)" in outcome.instructions
