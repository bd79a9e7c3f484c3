"""A service that another client has from now on: its holds stay on it, its cases with whom they are about."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.policy.load import find_pack
from tests.unit.decide.scenario import (
    Answers,
    a_complaint,
    a_finding,
    a_reply,
    a_service,
    an_event,
    paid,
    replayed,
    seen,
    unsuspend_asked,
)

HELD = [a_service(), a_complaint()]
MOVED = seen(when="2h", client="c2")


def moved(*later: dict[str, Any], **more: Any) -> Answers:
    """A service held because of its first client's doing goes to another after two hours."""
    return replayed(*HELD, MOVED, *later, **more)


def test_the_hold_goes_along_and_staff_is_told() -> None:
    answers = moved()
    assert [(hold["status"], hold["client"], hold["case"]) for hold in answers.where(record="hold", at="2h")] == [
        ("ended", "c1", "k1"), ("placed", "c2", "k1"),
    ]  # fmt: skip
    alarm = answers.expect_one(action="notify_staff", at="2h")
    assert (alarm["template"], alarm["client"], alarm["service"]) == ("service_moved", "c1", "1")
    answers.expect_none(action="unsuspend_service")


def test_nobody_slips_a_hold_by_passing_the_service_on() -> None:
    verdict = moved(unsuspend_asked("3h")).expect_one(record="verdict")
    assert (verdict["outcome"], verdict["clause"], verdict["client"]) == ("refuse", "1a", "c2")


@pytest.mark.parametrize("finding", ["remediated", "unfounded", "not_culpable"])
def test_what_is_found_of_the_earlier_clients_case_releases_the_service(finding: str) -> None:
    answers = moved(a_finding(finding, "3h"))
    release = answers.expect_one(action="unsuspend_service")
    assert (release["client"], release["service"], release["clause"]) == ("c2", "1", "1a")


def test_a_finding_that_ends_no_hold_leaves_the_service_alone() -> None:
    answers = moved(a_finding("culpable", "3h"), a_finding("not_remediated", "4h"))
    answers.expect_none(action="unsuspend_service")
    answers.expect_none(action="notify_customer", at="4h")


@pytest.mark.parametrize("named", [{"case": "k1"}, {"service": "1"}])
def test_an_admin_lifts_it_by_case_or_by_service(named: dict[str, str]) -> None:
    answers = moved(an_event("hold.lifted", "3h", by="anna", reason="another owner", **named))
    answers.expect_one(action="unsuspend_service", client="c2")


def test_the_earlier_clients_deadlines_and_debts_do_nothing_more_to_the_service() -> None:
    answers = moved(until="9d")
    assert answers.actions(at="24h") == []
    answers.expect_none(action="terminate_service")
    answers.expect_one(action="charge_fine")
    answers = moved(paid("3h"), a_reply("4h"))
    answers.expect_none(action="unsuspend_service")


def test_a_proposal_to_terminate_is_withdrawn_and_the_hold_stays() -> None:
    story = replayed(a_service(), a_complaint("content/phishing"), MOVED, unsuspend_asked("3h"), approve="none")
    assert story.expect_one(record="verdict")["outcome"] == "refuse"
    story.expect_one(action="terminate_service", client="c1")


def test_strikes_begin_anew_and_what_is_known_of_the_service_stays() -> None:
    later = a_complaint("connection/port_scan", "30h", "k2")
    answers = moved(later)
    case = answers.expect_one(record="case", status="opened", case="k2")
    assert (case["client"], case["strike"]) == ("c2", 1)
    answers.expect_none(action="suspend_service", case="k2")
    released = moved(later, a_finding("remediated", "31h"), a_finding("remediated", "32h", "k2"))
    assert [action["at"] for action in released.where(action="unsuspend_service")] == [
        released.expect_one(record="case", status="resolved", case="k2")["at"]
    ]


def test_a_service_that_comes_back_brings_its_hold_back() -> None:
    answers = moved(seen(when="3h", client="c1"), unsuspend_asked("4h"), a_finding("remediated", "5h"))
    assert answers.expect_one(record="verdict")["client"] == "c1"
    assert answers.expect_one(action="unsuspend_service")["client"] == "c1"


def test_the_refusal_of_refunds_goes_along() -> None:
    events = [a_service(), a_complaint(), a_finding("remediated", "1h"), MOVED]
    answers = replayed(*events, an_event("refund.requested", "3h", service="1"), pack=find_pack("ipcats"))
    assert answers.expect_one(record="verdict")["outcome"] == "refuse"


def test_where_nothing_stands_nobody_is_told_and_nothing_is_forgotten() -> None:
    dedicated = a_service(product_kind="dedicated")
    answers = replayed(dedicated, MOVED, a_complaint("usage/mining", "3h"), pack=find_pack("ipcats"))
    assert answers.expect_one(record="case", status="opened")["strike"] == 0
    answers.expect_none(action="notify_staff")
