"""Suspending and releasing: ours is told from theirs, both panels are read, and nothing of others is lifted."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.ports import ServiceStatus
from tests.unit.actions.faults import WORDS, Fault
from tests.unit.actions.panels import a_machine
from tests.unit.actions.scene import Scene, a_work

SUSPEND = a_work("suspend_service", {"reason": "Spam complaint: suspended at once."})
UNSUSPEND = a_work("unsuspend_service", {"reason": "The last reason has ended."})
OURS = "Spam TS-ABCDEFGHIJKLMNOP"


def suspended(scene: Scene, reason: str) -> None:
    scene.billing.change("12", status=ServiceStatus.SUSPENDED, suspension_reason=reason)
    scene.servers.change("101", suspended=True)


def test_the_reason_is_one_line_and_ends_with_the_mark() -> None:
    scene = Scene()
    scene.carry(SUSPEND)
    assert scene.billing.rows["12"].suspension_reason == f"Spam complaint: suspended at once. {scene.mark(SUSPEND)}"
    assert scene.queue.commands == [("suspend", "ModuleSuspend")]


@pytest.mark.parametrize("reason", ["", "  \r\n ", "x" * 5000, "two\nlines"])
def test_the_reason_is_never_empty_and_never_too_long(reason: str) -> None:
    scene = Scene()
    scene.carry(a_work("suspend_service", {"reason": reason}))
    written = scene.billing.rows["12"].suspension_reason
    assert len(written) <= 200
    assert "\n" not in written
    assert len(written.split()) > 1
    assert written.endswith(scene.mark(a_work("suspend_service")))


def test_a_service_that_billing_suspended_before_is_theirs_and_is_not_touched() -> None:
    scene = Scene()
    suspended(scene, "Overdue on payment")
    outcome = scene.carry(SUSPEND)
    assert outcome is not None
    assert (outcome.state, outcome.theirs) == ("done", True)
    assert scene.faults.writes == []
    assert scene.billing.rows["12"].suspension_reason == "Overdue on payment"


def test_a_service_that_an_earlier_action_of_ours_suspended_is_ours() -> None:
    scene = Scene()
    suspended(scene, OURS)
    outcome = scene.carry(SUSPEND)
    assert outcome is not None
    assert (outcome.state, outcome.theirs) == ("done", False)
    assert scene.faults.writes == []


def test_a_machine_that_runs_although_billing_says_suspended_is_suspended_again() -> None:
    scene = Scene()
    suspended(scene, OURS)
    scene.servers.change("101", suspended=False)
    outcome = scene.carry(SUSPEND)
    assert outcome is not None
    assert outcome.state == "done"
    assert scene.servers.rows["101"].suspended


def test_a_terminated_service_is_not_suspended() -> None:
    scene = Scene()
    scene.billing.change("12", status=ServiceStatus.TERMINATED)
    outcome = scene.carry(SUSPEND)
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("failed", [])
    assert "terminated" in outcome.error


def test_a_service_of_another_client_by_now_is_not_touched() -> None:
    scene = Scene()
    scene.billing.change("12", client="4")
    outcome = scene.carry(SUSPEND)
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("failed", [])


def test_a_locked_machine_is_waited_for() -> None:
    scene = Scene()
    scene.servers.change("101", locked=True)
    outcome = scene.carry(SUSPEND)
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("waiting", [])
    scene.servers.change("101", locked=False)
    assert scene.settle(SUSPEND.id).state == "done"


def test_a_machine_that_got_locked_meanwhile_is_tried_again_and_does_not_fail() -> None:
    scene = Scene()
    scene.faults.at(0, Fault.REFUSED)
    original = scene.billing.suspend

    def locks_first(service: str, reason: str) -> None:
        scene.servers.change("101", locked=True)
        original(service, reason)

    scene.billing.suspend = locks_first  # type: ignore[method-assign]  # the machine gets locked under our hands
    outcome = scene.carry(SUSPEND)
    assert outcome is not None
    assert outcome.state == "waiting"
    del scene.billing.suspend
    scene.servers.change("101", locked=False)
    assert scene.settle(SUSPEND.id).state == "done"


def test_a_service_without_a_module_is_manual_with_the_reason_to_give() -> None:
    scene = Scene()
    scene.billing.change("12", has_module=False, vpsid=None)
    outcome = scene.carry(SUSPEND)
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("manual", [])
    assert scene.mark(SUSPEND) in outcome.instructions
    assert "service 12" in outcome.instructions


def test_a_service_without_a_machine_is_read_back_in_the_billing_panel_alone() -> None:
    scene = Scene()
    scene.billing.change("12", server="9", vpsid=None)
    scene.servers.rows.clear()
    outcome = scene.carry(a_work("suspend_service", {"reason": "x"}))
    assert outcome is not None
    assert outcome.state == "done"


def test_an_error_of_the_module_after_which_the_machine_is_suspended_is_done_and_noted_as_drift() -> None:
    scene = Scene()
    scene.faults.at(0, Fault.REFUSED)
    scene.servers.change("101", suspended=True)
    outcome = scene.carry(SUSPEND)
    assert outcome is not None
    assert outcome.state == "done"
    assert "billing panel says active" in outcome.note


def test_a_suspension_whose_reason_the_panel_did_not_keep_is_ours_since_the_panel_said_yes() -> None:
    scene = Scene()
    scene.billing.keeps_reasons = False
    outcome = scene.carry(SUSPEND)
    assert outcome is not None
    assert (outcome.state, outcome.theirs) == ("done", False)
    assert "did not keep" in outcome.note


def test_billing_that_says_suspended_while_the_machine_runs_on_is_not_taken_for_done() -> None:
    scene = Scene()
    machine = a_machine(id="101")
    original = scene.billing.suspend

    def only_in_billing(service: str, reason: str) -> None:
        original(service, reason)
        scene.servers.rows["101"] = machine

    scene.billing.suspend = only_in_billing  # type: ignore[method-assign]  # a module that lies
    outcome = scene.carry(SUSPEND)
    assert outcome is not None
    assert outcome.state == "unclear"
    del scene.billing.suspend
    assert scene.settle(SUSPEND.id).state == "done"
    assert scene.servers.rows["101"].suspended


@pytest.mark.parametrize("reason", ["Overdue on payment", ""])
def test_somebody_elses_suspension_is_not_lifted(reason: str) -> None:
    scene = Scene()
    suspended(scene, reason)
    outcome = scene.carry(UNSUSPEND)
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("failed", [])
    assert "somebody else's suspension" in outcome.error
    assert reason in outcome.error


def test_a_suspension_made_in_the_server_panel_itself_is_not_lifted() -> None:
    scene = Scene()
    suspended(scene, OURS)
    scene.servers.change("101", suspend_reason="attack, by hand")
    outcome = scene.carry(UNSUSPEND)
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("failed", [])
    assert "attack, by hand" in outcome.error


def test_somebody_elses_suspension_is_lifted_where_the_decision_says_so() -> None:
    scene = Scene()
    suspended(scene, "room closed")
    outcome = scene.carry(a_work("unsuspend_service", {"reason": "Cut off because of others."}, plan={"theirs": True}))
    assert outcome is not None
    assert outcome.state == "done"
    assert scene.billing.rows["12"].status is ServiceStatus.ACTIVE


@pytest.mark.parametrize(
    "known", [{"plan": {"unmarked": True}}, {"undoes": {"unmarked": True}}], ids=["taken over", "the reason was lost"]
)
def test_what_is_known_to_be_ours_without_a_mark_is_lifted(known: dict[str, Any]) -> None:
    scene = Scene()
    suspended(scene, "Overdue on Payment")
    outcome = scene.carry(a_work("unsuspend_service", **known))
    assert outcome is not None
    assert outcome.state == "done"
    assert scene.billing.rows["12"].status is ServiceStatus.ACTIVE


def test_a_person_in_the_server_panel_is_heard_even_where_billings_suspension_was_taken_over() -> None:
    scene = Scene()
    suspended(scene, "Overdue on Payment")
    scene.servers.change("101", suspend_reason="attack, by hand")
    outcome = scene.carry(a_work("unsuspend_service", plan={"unmarked": True}))
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("failed", [])


def test_ours_is_lifted_and_read_back_in_both_panels() -> None:
    scene = Scene()
    suspended(scene, OURS)
    outcome = scene.carry(UNSUSPEND)
    assert outcome is not None
    assert outcome.state == "done"
    assert scene.billing.rows["12"].status is ServiceStatus.ACTIVE
    assert not scene.servers.rows["101"].suspended
    assert scene.queue.commands == [("unsuspend", "ModuleUnsuspend")]


def test_a_service_that_is_active_already_needs_no_call() -> None:
    scene = Scene()
    outcome = scene.carry(UNSUSPEND)
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("done", [])


def test_a_refused_release_stays_in_the_panels_words() -> None:
    scene = Scene()
    suspended(scene, OURS)
    scene.faults.at(0, Fault.REFUSED)
    outcome = scene.carry(UNSUSPEND)
    assert outcome is not None
    assert (outcome.state, outcome.error) == ("failed", WORDS)


@pytest.mark.parametrize("name", ["bar_unsuspension", "lift_bar", "preserve_evidence"])
def test_what_no_panel_needs_to_know_is_done_without_a_call(name: str) -> None:
    scene = Scene()
    outcome = scene.carry(a_work(name, {"scope": "service"}))
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("done", [])
