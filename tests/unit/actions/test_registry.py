"""Every action of the policies' vocabulary can be carried out, or is a task with instructions."""

from __future__ import annotations

import pytest

from bridge.actions import ACTIONS, build, main_mark
from bridge.errors import InvalidInput
from bridge.policy.verbs import ACTIONS as VOCABULARY
from bridge.ports import Capability
from tests.unit.actions.panels import MemoryBillingPanel
from tests.unit.actions.scene import SECRET, Scene, a_work


def test_the_registry_holds_every_action_and_no_other() -> None:
    assert set(ACTIONS) == set(VOCABULARY)


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_every_action_says_what_it_means_and_why_nothing_undoes_it(name: str) -> None:
    cls = ACTIONS[name]
    words = cls.__doc__ or ""
    assert "Done when" in words or "everything else as" in words or " as " in words
    assert cls.undo is None or cls.undo in ACTIONS
    if cls.undo is None:
        assert any(hint in words for hint in ("undoes", "cannot be taken back", "is a new migration"))


@pytest.mark.parametrize("name", ["limit_resource", "refer_to_authority", "credit_client"])
def test_what_no_panel_of_ours_does_is_a_task_with_instructions(name: str) -> None:
    scene = Scene()
    outcome = scene.carry(a_work(name, {"metric": "cpu", "cap": "50%"}))
    assert outcome is not None
    assert outcome.state == "manual"
    assert "confirm here" in outcome.instructions


def test_a_panel_that_cannot_do_it_makes_it_a_task() -> None:
    class Meagre(MemoryBillingPanel):
        capabilities = frozenset({Capability.TICKET})

    scene = Scene()
    scene.billing = Meagre(scene.faults, scene.clock, scene.servers)
    outcome = scene.carry(a_work("suspend_service", {"reason": "x"}))
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("manual", [])
    assert "service 12" in outcome.instructions


def test_fields_that_an_action_does_not_know_are_left_aside_and_missing_ones_named() -> None:
    assert build("hold_order", {"order": "7", "case": "c1"}) == build("hold_order", {"order": "7"})
    with pytest.raises(InvalidInput, match="order"):
        build("hold_order", {})
    with pytest.raises(InvalidInput, match="not known"):
        build("launch_rocket", {})


def test_the_mark_to_look_for_is_that_of_the_step_that_leaves_one() -> None:
    scene = Scene()
    work = a_work("suspend_service", {"reason": "x"})
    scene.carry(work)
    token = main_mark(SECRET, "suspend_service", work.id)
    assert token is not None
    assert scene.billing.rows["12"].suspension_reason.endswith(token)
    assert main_mark(SECRET, "unsuspend_service", work.id) is None


def test_an_action_that_is_not_known_fails_and_harms_nothing() -> None:
    scene = Scene()
    outcome = scene.carry(a_work("launch_rocket"))
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("failed", [])


def test_an_order_that_is_held_already_needs_no_call_and_one_that_is_not_there_fails() -> None:
    scene = Scene()
    scene.billing.orders["7"] = "pending"
    outcome = scene.carry(a_work("hold_order", {"order": "7"}, service=None, case=None))
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("done", [])
    gone = scene.carry(a_work("hold_order", {"order": "8"}, id="b", service=None, case=None))
    assert gone is not None
    assert gone.state == "failed"
