"""What is in force is not decided again, and a terminated service is left alone (G7, G12, F Holds)."""

from __future__ import annotations

import pytest

from bridge.events import ActionApproved, ActionCancelled, ActionDone, ActionRejected
from tests.unit.decide.scenario import (
    Story,
    a_complaint,
    a_finding,
    a_service,
    at,
    replayed,
    seen,
    spam,
    unsuspend_asked,
)

THREE = [
    a_service(),
    a_complaint("messaging/spam", "0h", "k1"),
    a_complaint("copyright/copyright", "30h", "k2"),
    a_complaint("vulnerability/cve", "60h", "k3"),
]


def test_a_clause_fines_an_incident_once() -> None:
    events = [a_service(), spam(), a_finding("not_remediated", "7h"), a_finding("not_remediated", "8h")]
    answers = replayed(*events, until="48h")
    assert answers.expect_one(action="charge_fine")["at"] == at("6h")
    answers.expect_one(action="bar_unsuspension")


def test_the_no_refund_mark_is_decided_once() -> None:
    answers = replayed(
        a_service(), a_complaint(), a_complaint("connection/port_scan", "1h", "k2"), until="30h", approve="none"
    )
    assert answers.expect_one(action="refuse_refund")["clause"] == "1b"


def test_a_mark_that_was_restored_can_be_made_again() -> None:
    answers = replayed(
        a_service(),
        a_complaint(),
        a_complaint("connection/port_scan", "1h", "k2"),
        a_finding("unfounded", "2h", "k2"),
        a_complaint("connection/intrusion", "3h", "k3"),
    )
    assert [action["at"] for action in answers.where(action="refuse_refund")] == [at("1h"), at("3h")]


def test_a_termination_is_proposed_once_while_it_waits() -> None:
    answers = replayed(*THREE, a_complaint("connection/ddos", "90h", "k4"), approve="none")
    assert answers.expect_one(action="terminate_service")["case"] == "k3"


@pytest.mark.parametrize("kind", [ActionRejected, ActionCancelled])
def test_a_rejected_termination_releases_and_is_proposed_anew_by_the_next_strike(
    kind: type[ActionRejected | ActionCancelled],
) -> None:
    story = Story(*THREE)
    proposal = story.last.expect_one(action="terminate_service", clause="10")
    assert (proposal["state"], proposal["approval"], proposal["erase"]) == ("proposed", 1, True)
    assert story.last.expect_one(action="suspend_service")["clause"] == "10"
    rejected = story.answer(kind, proposal, "61h")
    assert rejected.expect_one(record="hold", status="ended")["clause"] == "10"
    assert rejected.actions() == ["unsuspend_service"]
    again = story.take(a_complaint("connection/ddos", "90h", "k4"))
    assert again.expect_one(action="terminate_service", clause="10")["case"] == "k4"
    assert [hold["clause"] for hold in again.where(record="hold", status="placed")] == ["1a", "10"]


def test_rejecting_a_termination_leaves_other_holds() -> None:
    story = Story(a_service(), a_complaint("connection/ddos"), a_complaint("content/phishing", "1h", "k2"))
    rejected = story.answer(ActionRejected, story.last.expect_one(action="terminate_service"), "2h")
    assert rejected.expect_one(record="hold", status="ended")["clause"] == "4"
    rejected.expect_none(action="unsuspend_service")


def test_an_approved_termination_is_carried_out() -> None:
    story = Story(a_service(), a_complaint("content/phishing"))
    proposal = story.last.expect_one(action="terminate_service")
    story.answer(ActionApproved, proposal, "1h")
    assert story.take(a_complaint("content/phishing", "48h", "k2")).actions() == []


def test_a_termination_that_is_done_ends_deadlines_and_closes_cases() -> None:
    story = Story(a_service(), a_complaint("connection/ddos"), a_complaint("content/phishing", "1h", "k2"))
    done = story.answer(ActionDone, story.last.expect_one(action="terminate_service"), "2h")
    assert [(answer["case"], answer["status"]) for answer in done.where(record="case")] == [
        ("k1", "closed"), ("k2", "closed"),
    ]  # fmt: skip
    assert len(story.replay.states["c1"].timers) == 0


# ---- terminated services ----


def test_a_terminated_service_gets_a_case_for_the_record_and_no_further_sanction() -> None:
    for gone in ([a_complaint("content/phishing")], [seen(when="1h", status="terminated")]):
        answers = replayed(a_service(), *gone, a_complaint("connection/ddos", "48h", "k2"), until="99h")
        later = [answer for answer in answers if answer["at"] >= at("48h")]
        assert [(answer["record"], answer.get("status")) for answer in later] == [("case", "opened")]


def test_a_termination_at_once_suspends_nothing_first() -> None:
    answers = replayed(*THREE[:3], a_complaint("connection/ddos", "60h", "k3"), until="99h")
    assert answers.actions(at="60h") == ["charge_fine", "notify_customer", "terminate_service"]
    answers.expect_none(record="hold", at="60h")


def test_termination_ends_every_deadline_of_the_service() -> None:
    answers = replayed(
        a_service(), a_complaint("connection/ddos"), a_complaint("content/phishing", "1h", "k2"), until="99h"
    )
    assert [answer for answer in answers if answer["at"] > at("1h")] == []


def test_termination_leaves_other_services_of_the_client() -> None:
    answers = replayed(
        a_service("1"),
        a_service("2", ips=["192.0.2.20"]),
        a_complaint("connection/ddos", ip="192.0.2.20", name="k1"),
        a_complaint("content/phishing", "1h", "k2"),
        until="6h",
    )
    answers.expect_one(action="notify_customer", reminder=1, service="2")


def test_a_dismissed_case_of_a_terminated_service_still_gives_the_money_back() -> None:
    answers = replayed(a_service(), a_complaint("content/phishing"), a_finding("unfounded", "1h"))
    assert answers.actions(at="1h") == ["waive_charge", "restore_refund"]


def test_nobody_unsuspends_what_is_terminated_by_a_finding() -> None:
    answers = replayed(
        a_service(),
        a_complaint("connection/ddos"),
        a_complaint("content/phishing", "1h", "k2"),
        a_finding("remediated", "2h"),
    )
    answers.expect_none(action="unsuspend_service")


def test_a_service_held_for_a_proposed_termination_is_not_unsuspended_by_automation() -> None:
    answers = replayed(a_service(), a_complaint("content/phishing"), unsuspend_asked("1h"), approve="none")
    assert answers.expect_one(record="verdict")["clause"] == "4"
