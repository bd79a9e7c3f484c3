"""When what an action rests on ends: cancelled where no panel was asked yet, else settled by looking."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bridge.queue import Work
from tests.contract.store.bureau import Bureau
from tests.contract.store.conftest import Opening
from tests.unit.decide.scenario import a_complaint, a_finding, a_service


def suspended_by(bureau: Bureau) -> str:
    """The suspension an attack is answered with; nobody has touched it."""
    bureau.accept(a_service(when="-1d"), a_complaint())
    return str(bureau.action("suspend_service")["id"])


def unfounded(bureau: Bureau) -> None:
    bureau.accept(a_finding("unfounded", "0h"))


def claimed(bureau: Bureau, action: str) -> Work:
    work = bureau.claimed()
    assert work.id == action
    return work


def intended(bureau: Bureau, work: Work) -> None:
    bureau.queue.intend(work, 0, "suspend", "ModuleSuspend", bureau.clock.wall())


def test_a_proposal_is_cancelled(bureau: Bureau) -> None:
    suspended_by(bureau)
    fine = str(bureau.action("charge_fine")["id"])
    unfounded(bureau)
    assert bureau.enquiries.action(fine)["state"] == "cancelled"
    assert bureau.faults() == []


def test_an_approved_action_is_cancelled(bureau: Bureau) -> None:
    suspension = suspended_by(bureau)
    unfounded(bureau)
    assert bureau.enquiries.action(suspension)["state"] == "cancelled"
    assert bureau.claim() is None
    assert bureau.faults() == []


def test_an_action_waiting_to_retry_is_cancelled_where_nothing_was_sent(bureau: Bureau) -> None:
    suspension = suspended_by(bureau)
    work = claimed(bureau, suspension)
    intended(bureau, work)
    bureau.queue.step_failed(work, 0, "unreachable", bureau.clock.wall())
    bureau.finish(work, "waiting", retry_at=bureau.clock.wall() + timedelta(minutes=1))
    unfounded(bureau)
    assert bureau.enquiries.action(suspension)["state"] == "cancelled"
    assert bureau.faults() == []


@pytest.mark.parametrize("state", ["waiting", "unclear"])
def test_an_action_that_may_have_had_effect_is_looked_at_once_more(bureau: Bureau, state: str) -> None:
    suspension = suspended_by(bureau)
    work = claimed(bureau, suspension)
    intended(bureau, work)
    bureau.finish(work, state, retry_at=bureau.clock.wall() + timedelta(minutes=15))
    unfounded(bureau)
    again = claimed(bureau, suspension)
    assert again.withdrawn
    bureau.finish(again, "cancelled")
    assert bureau.enquiries.action(suspension)["state"] == "cancelled"
    assert bureau.enquiries.service("1")["holds"] == []
    assert bureau.faults() == []


def test_an_executing_action_is_settled_by_the_worker_and_then_undone(open_desk: Opening) -> None:
    bureau = open_desk(approvals={"unsuspend_service": "auto"})
    suspension = suspended_by(bureau)
    work = claimed(bureau, suspension)
    unfounded(bureau)
    assert bureau.state_in_queue(suspension) == "executing"
    assert bureau.enquiries.action(suspension)["withdrawn"]
    bureau.finish(work, "done")
    assert bureau.enquiries.action(suspension)["state"] == "done"
    assert bureau.enquiries.service("1")["holds"] == []
    assert bureau.action("unsuspend_service")["state"] == "approved"
    assert bureau.faults() == []


@pytest.mark.parametrize("outcome", ["failed", "manual"])
def test_an_executing_action_that_had_no_effect_leaves_nobody_a_task(bureau: Bureau, outcome: str) -> None:
    suspension = suspended_by(bureau)
    work = claimed(bureau, suspension)
    unfounded(bureau)
    bureau.finish(work, outcome, error="no")
    assert bureau.enquiries.action(suspension)["state"] == "cancelled"
    assert bureau.faults() == []


def test_a_failed_action_is_cancelled_where_nothing_of_it_was_done(bureau: Bureau) -> None:
    suspension = suspended_by(bureau)
    bureau.finish(claimed(bureau, suspension), "failed", error="no")
    unfounded(bureau)
    assert bureau.enquiries.action(suspension)["state"] == "cancelled"
    assert bureau.faults() == []


def test_a_failed_action_that_is_half_done_is_settled_by_the_worker(bureau: Bureau) -> None:
    suspension = suspended_by(bureau)
    work = claimed(bureau, suspension)
    intended(bureau, work)
    bureau.queue.step_done(work, 0, {}, bureau.clock.wall())
    bureau.finish(work, "failed", error="the other panel says no")
    unfounded(bureau)
    assert bureau.faults() == []
    again = claimed(bureau, suspension)
    assert again.withdrawn
    assert [step.state for step in again.steps] == ["done"]
    bureau.finish(again, "done")
    assert bureau.faults() == []


def test_a_half_done_action_that_was_retried_is_not_forgotten(bureau: Bureau) -> None:
    suspension = suspended_by(bureau)
    work = claimed(bureau, suspension)
    intended(bureau, work)
    bureau.queue.step_done(work, 0, {}, bureau.clock.wall())
    bureau.finish(work, "waiting", retry_at=bureau.clock.wall() + timedelta(minutes=1))
    unfounded(bureau)
    assert claimed(bureau, suspension).withdrawn


def test_what_is_done_stays_done_and_is_undone_by_another_action(bureau: Bureau) -> None:
    suspension = suspended_by(bureau)
    bureau.finish_all()
    unfounded(bureau)
    assert bureau.enquiries.action(suspension)["state"] == "done"
    assert bureau.action("unsuspend_service")["state"] == "proposed"
    assert bureau.faults() == []
