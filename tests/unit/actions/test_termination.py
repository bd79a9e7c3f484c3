"""Termination: never by guess, never twice, and what cannot be erased by a module is a task."""

from __future__ import annotations

import pytest

from bridge.ports import BillingService, ServiceStatus
from tests.unit.actions.faults import WORDS, Fault
from tests.unit.actions.panels import a_machine, a_service
from tests.unit.actions.scene import Scene, a_work

WORK = a_work("terminate_service", {"erase": True})


def test_the_machine_is_recorded_before_the_module_empties_the_link() -> None:
    scene = Scene()
    scene.carry(WORK)
    assert scene.billing.rows["12"].vpsid is None
    assert scene.queue.steps[WORK.id][0].result["vpsid"] == "101"
    assert scene.queue.steps[WORK.id][0].result["uuid"] == "uuid-101"


def test_a_termination_that_keeps_the_data_is_a_task_with_exact_words() -> None:
    scene = Scene()
    outcome = scene.carry(a_work("terminate_service", {"erase": False}))
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("manual", [])
    assert "VPS 1/101, uuid uuid-101" in outcome.instructions
    assert "Hand over the data" in outcome.instructions


def test_an_error_of_the_module_after_which_the_machine_is_gone_is_done_and_noted_as_drift() -> None:
    scene = Scene()
    original = scene.billing.terminate

    def deletes_and_breaks(service: str) -> None:
        del scene.servers.rows["101"]
        original(service)

    scene.billing.terminate = deletes_and_breaks  # type: ignore[method-assign]  # a module that breaks after deleting
    outcome = scene.carry(WORK)
    assert outcome is not None
    assert outcome.state == "done"
    assert "gone while the billing panel says active" in outcome.note
    assert scene.billing.rows["12"].status is ServiceStatus.ACTIVE


def test_a_machine_whose_id_means_another_one_counts_as_gone_and_is_not_harmed() -> None:
    scene = Scene()
    scene.faults.at(0, Fault.REFUSED)
    scene.servers.rows["101"] = a_machine(uuid="uuid-of-somebody-else")
    outcome = scene.carry(WORK)
    assert outcome is not None
    assert outcome.state == "done"
    assert scene.servers.rows["101"].uuid == "uuid-of-somebody-else"


def test_a_refusal_of_the_module_while_everything_stands_fails_in_its_words() -> None:
    scene = Scene()
    scene.faults.at(0, Fault.REFUSED)
    outcome = scene.carry(WORK)
    assert outcome is not None
    assert (outcome.state, outcome.error) == ("failed", WORDS)


def test_a_service_terminated_by_others_needs_no_call() -> None:
    scene = Scene()
    scene.billing.change("12", status=ServiceStatus.TERMINATED)
    outcome = scene.carry(WORK)
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("done", [])
    assert "still in the server panel" in outcome.note


def test_a_machine_gone_before_we_acted_does_not_pass_for_our_doing() -> None:
    """The billing panel still has to be told; its module's own error then shows that the machine is gone."""
    scene = Scene()
    scene.servers.rows.clear()
    outcome = scene.carry(WORK)
    assert outcome is not None
    assert outcome.state == "done"
    assert scene.faults.writes == ["terminate"]
    assert "gone" in outcome.note


def test_a_lost_termination_that_deleted_the_machine_is_not_called_again() -> None:
    scene = Scene()
    scene.faults.at(0, Fault.CRASH_BEFORE)
    scene.carry(WORK)
    scene.servers.rows.clear()
    scene.billing.change("12", vpsid=None, vps_uuid=None)
    outcome = scene.settle(WORK.id)
    assert outcome.state == "done"
    assert scene.faults.writes == ["terminate"]
    assert "VPS 1/101 is gone" in outcome.note


def test_a_machine_that_was_migrated_to_another_id_is_not_taken_for_gone() -> None:
    scene = Scene()
    scene.servers.rows = {"202": a_machine(id="202")}
    outcome = scene.carry(WORK)
    assert outcome is not None
    assert (outcome.state, outcome.error) == ("failed", "VPS not found")
    assert "202" in scene.servers.rows


# ---- a client ----

CLIENT = a_work("terminate_client", service=None, case=None)


def test_a_client_ends_service_by_service_and_his_account_last() -> None:
    scene = Scene()
    scene.billing.rows["9"] = a_service(id="9", vpsid=None, vps_uuid=None)
    scene.billing.rows["13"] = a_service(id="13", status=ServiceStatus.TERMINATED)
    scene.billing.rows["14"] = a_service(id="14", status=ServiceStatus.PENDING, vpsid=None)
    outcome = scene.carry(CLIENT)
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("done", ["terminate", "terminate", "close_client"])
    assert [step.name for _, step in sorted(scene.queue.steps[CLIENT.id].items())] == [
        *("services", "machine 9", "terminate 9", "machine 12", "terminate 12"),
        "close",
    ]
    assert scene.billing.people["3"].status == "Closed"


@pytest.mark.parametrize(
    ("service", "words"),
    [
        (a_service(id="9", has_module=False), "Without a server module: 9"),
        (a_service(id="77"), "Exempt"),
    ],
)
def test_a_client_with_a_service_that_no_module_may_end_is_a_task_before_anything_is_done(
    service: BillingService, words: str
) -> None:
    scene = Scene()
    scene.exempt = frozenset({"77"})
    scene.billing.rows[service.id] = service
    outcome = scene.carry(CLIENT)
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("manual", [])
    assert words in outcome.instructions


def test_an_account_is_not_closed_over_a_service_that_stands() -> None:
    scene = Scene()
    scene.faults.at(0, Fault.REFUSED)
    outcome = scene.carry(CLIENT)
    assert outcome is not None
    assert (outcome.state, outcome.error, scene.faults.writes) == ("failed", WORDS, ["terminate"])
    scene.queue.retry(CLIENT.id)
    assert scene.settle(CLIENT.id).state == "done"
    assert scene.billing.people["3"].status == "Closed"


def test_a_service_that_came_meanwhile_keeps_the_account_open() -> None:
    scene = Scene()
    original = scene.billing.terminate

    def another_comes(service: str) -> None:
        original(service)
        scene.billing.rows["15"] = a_service(id="15", vpsid=None)

    scene.billing.terminate = another_comes  # type: ignore[method-assign]  # an order comes in between
    outcome = scene.carry(CLIENT)
    assert outcome is not None
    assert outcome.state == "manual"
    assert "Not terminated: 15" in outcome.instructions
    assert scene.billing.people["3"].status == "Active"
