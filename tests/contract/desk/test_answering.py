"""Proposals and what admins say to them: approved, rejected, retried, confirmed, or left unanswered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bridge.errors import Conflict, InvalidInput, NotAllowed, NotFound
from bridge.timeformat import format_time
from bridge.views import Source
from tests.contract.store.bureau import Bureau, admin
from tests.contract.store.conftest import Opening
from tests.unit.decide.scenario import START, a_complaint, a_service, spam

TWO = {"approvals": {"charge_fine": 2}}


def proposed(bureau: Bureau) -> str:
    """The fine that an attack is answered with, waiting for one admin."""
    bureau.accept(a_service(when="-1d"), a_complaint())
    fine = bureau.action("charge_fine")
    assert fine["state"] == "proposed"
    return str(fine["id"])


def test_one_approval_is_enough_where_one_is_asked(bureau: Bureau) -> None:
    fine = proposed(bureau)
    bureau.approve(fine)
    shown = bureau.enquiries.action(fine)
    assert shown["state"] == "approved"
    assert [(item["by"], item["verified"], item["at"]) for item in shown["approvals"]] == [
        ("anna", True, format_time(START))
    ]
    assert bureau.faults() == []


def test_two_different_admins_must_agree_where_two_are_asked(open_desk: Opening) -> None:
    bureau = open_desk(**TWO)
    fine = proposed(bureau)
    bureau.approve(fine, "anna")
    assert bureau.enquiries.action(fine)["state"] == "proposed"
    assert bureau.faults() == []
    bureau.approve(fine, "bert")
    assert bureau.enquiries.action(fine)["state"] == "approved"
    assert [item["by"] for item in bureau.enquiries.action(fine)["approvals"]] == ["anna", "bert"]
    assert bureau.faults() == []


@pytest.mark.parametrize("again", ["anna", "Anna", " anna  "])
def test_the_same_admin_does_not_count_twice(open_desk: Opening, again: str) -> None:
    bureau = open_desk(**TWO)
    fine = proposed(bureau)
    bureau.approve(fine, "anna")
    with pytest.raises(NotAllowed):
        bureau.approve(fine, again)
    assert len(bureau.enquiries.action(fine)["approvals"]) == 1


@pytest.mark.parametrize("by", [None, "", "  ", "x" * 257])
def test_an_answer_without_a_usable_name_is_refused(bureau: Bureau, by: str | None) -> None:
    fine = proposed(bureau)
    with pytest.raises(InvalidInput) as refusal:
        bureau.desk.approve(fine, None, Source(name="tests", by=by))
    assert refusal.value.field == "by"
    assert bureau.enquiries.action(fine)["state"] == "proposed"


def test_a_reason_that_is_no_reason_any_more_is_refused(bureau: Bureau) -> None:
    fine = proposed(bureau)
    with pytest.raises(InvalidInput) as refusal:
        bureau.desk.reject(fine, "x" * 100_001, admin("anna"))
    assert refusal.value.field == "reason"


def test_what_is_answered_already_cannot_be_answered_again(bureau: Bureau) -> None:
    fine = proposed(bureau)
    bureau.reject(fine)
    shown = bureau.enquiries.action(fine)
    assert shown["state"] == "rejected"
    assert shown["rejected"] == {"by": "anna", "at": format_time(START), "verified": True, "reason": "no"}
    assert bureau.faults() == []
    with pytest.raises(Conflict):
        bureau.approve(fine)
    with pytest.raises(Conflict):
        bureau.reject(fine)
    assert bureau.faults() == []


def test_what_is_not_there_cannot_be_answered(bureau: Bureau) -> None:
    for answer in (bureau.approve, bureau.reject):
        with pytest.raises(NotFound):
            answer("act_0")
    with pytest.raises(NotFound):
        bureau.desk.retry("act_0", admin("anna"))
    with pytest.raises(NotFound):
        bureau.desk.confirm("act_0", admin("anna"))


def test_a_hostile_name_or_reason_is_kept_as_text_that_every_database_takes(bureau: Bureau) -> None:
    fine = proposed(bureau)
    bureau.desk.approve(fine, "be\0cause \udcff", admin("an\0na"))
    shown = bureau.enquiries.action(fine)["approvals"][0]
    assert (shown["by"], shown["reason"]) == ("an\N{REPLACEMENT CHARACTER}na", "be\N{REPLACEMENT CHARACTER}cause ?")
    assert bureau.faults() == []


def test_an_approved_suspension_holds_the_service_only_once_it_is_done(open_desk: Opening) -> None:
    bureau = open_desk(approvals={"suspend_service": 1})
    bureau.accept(a_service(when="-1d"), spam())
    suspension = bureau.action("suspend_service")["id"]
    bureau.approve(suspension)
    assert bureau.enquiries.service("1")["holds"] == []
    bureau.finish_all()
    assert len(bureau.enquiries.service("1")["holds"]) == 1
    assert bureau.enquiries.service("1")["suspension"] == "ours"
    assert bureau.faults() == []


def test_a_bar_is_done_as_soon_as_it_is_approved(open_desk: Opening) -> None:
    bureau = open_desk(approvals={"bar_unsuspension": 1})
    bureau.accept(a_service(when="-1d"), spam())
    bureau.finish_all()
    bureau.wait(hours=7)
    bureau.fire_due()
    bar = bureau.action("bar_unsuspension")
    assert bar["state"] == "proposed"
    assert bureau.enquiries.service("1")["bars"] == []
    bureau.approve(str(bar["id"]))
    assert bureau.enquiries.action(str(bar["id"]))["state"] == "done"
    assert len(bureau.enquiries.service("1")["bars"]) == 1
    assert bureau.faults() == []


def test_a_bar_without_approval_is_done_in_the_transaction_that_decides_it(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), spam())
    bureau.finish_all()
    bureau.wait(hours=7)
    bureau.fire_due()
    assert bureau.action("bar_unsuspension")["state"] == "done"
    assert len(bureau.enquiries.service("1")["bars"]) == 1


# ---- failed and manual ----


def test_a_failed_action_shows_the_panels_words_and_can_be_retried(bureau: Bureau) -> None:
    fine = proposed(bureau)
    bureau.approve(fine)
    while (work := bureau.claim()) is not None:
        bureau.finish(work, "failed" if work.id == fine else "done", error="no such client" if work.id == fine else "")
    shown = bureau.enquiries.action(fine)
    assert (shown["state"], shown["error"], shown["attempts"]) == ("failed", "no such client", 1)
    bureau.desk.retry(fine, admin("bert"))
    assert bureau.enquiries.action(fine)["state"] == "approved"
    assert bureau.enquiries.action(fine)["error"] is None
    assert bureau.finish_all() == ["charge_fine"]
    assert bureau.enquiries.action(fine)["attempts"] == 2
    assert bureau.faults() == []


def test_only_a_failed_action_can_be_retried_and_only_a_manual_one_confirmed(bureau: Bureau) -> None:
    fine = proposed(bureau)
    with pytest.raises(Conflict):
        bureau.desk.retry(fine, admin("anna"))
    with pytest.raises(Conflict):
        bureau.desk.confirm(fine, admin("anna"))


def test_a_manual_action_is_done_once_an_admin_confirms_it(bureau: Bureau) -> None:
    fine = proposed(bureau)
    bureau.approve(fine)
    while (work := bureau.claim()) is not None:
        bureau.finish(work, "manual" if work.id == fine else "done", instructions="write an invoice")
    assert bureau.enquiries.action(fine)["instructions"] == "write an invoice"
    assert bureau.faults() == []
    with pytest.raises(InvalidInput) as refusal:
        bureau.desk.confirm(fine, admin("bert"), invoice=" ")
    assert refusal.value.field == "invoice"
    bureau.desk.confirm(fine, admin("bert", verified=False), "sent by post", invoice="77")
    shown = bureau.enquiries.action(fine)
    assert shown["state"] == "done"
    assert shown["confirmed"] == {"by": "bert", "at": format_time(START), "verified": False, "reason": "sent by post"}
    assert [charge["invoice"] for charge in bureau.enquiries.service("1")["charges"]] == ["77"]
    assert bureau.faults() == []


# ---- left unanswered ----


def test_a_proposal_nobody_answered_lapses_and_staff_is_told(open_desk: Opening) -> None:
    bureau = open_desk(expire_after=timedelta(hours=72))
    fine = proposed(bureau)
    assert bureau.enquiries.action(fine)["lapses"] == format_time(START + timedelta(hours=72))
    bureau.wait(hours=72)
    bureau.desk.lapse(fine)
    assert bureau.enquiries.action(fine)["state"] == "expired"
    assert [action["template"] for action in bureau.actions() if action["action"] == "notify_staff"] == [
        "proposal_lapsed"
    ]
    assert bureau.faults() == []


def test_a_termination_never_lapses(open_desk: Opening) -> None:
    bureau = open_desk(expire_after=timedelta(hours=72))
    bureau.accept(a_service(when="-1d"), a_complaint("content/phishing"))
    assert bureau.action("terminate_service")["lapses"] is None


def test_an_answered_proposal_does_not_lapse_any_more(open_desk: Opening) -> None:
    bureau = open_desk(expire_after=timedelta(hours=72))
    fine = proposed(bureau)
    bureau.approve(fine)
    bureau.desk.lapse(fine)
    assert bureau.enquiries.action(fine)["state"] == "approved"
