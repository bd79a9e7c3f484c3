"""What staff establishes: a case dismissed, resolved, reopened, or only noted (G3, G4, G5, F Cases)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.decide.scenario import (
    IP,
    OTHER_IP,
    a_complaint,
    a_finding,
    a_reply,
    a_service,
    an_event,
    at,
    paid,
    replayed,
    spam,
    unsuspend_asked,
)

DISMISSING = ["unfounded", "authorized", "lawful"]


# ---- G3 ----


@pytest.mark.parametrize("finding", DISMISSING)
def test_a_case_that_was_none_is_undone(finding: str) -> None:
    answers = replayed(a_service(), a_complaint(), a_finding(finding, "1h"), until="72h")
    done = [
        (answer["record"], answer.get("action") or answer["status"], answer["clause"])
        for answer in answers.where(at="1h")
    ]
    assert done == [
        ("case", "dismissed", "G3"),
        ("hold", "ended", "1a"),
        ("action", "unsuspend_service", "1a"),
        ("action", "waive_charge", "1a"),
    ]
    assert [answer for answer in answers if answer["at"] > at("1h")] == []


def test_the_strike_of_a_dismissed_case_is_void() -> None:
    answers = replayed(
        a_service(), a_complaint(), a_finding("unfounded", "1h"), a_complaint("connection/port_scan", "30h", "k2")
    )
    assert answers.expect_one(record="case", status="dismissed")["strike"] == 0
    assert answers.expect_one(record="case", status="opened", case="k2")["strike"] == 1
    assert answers.expect_one(action="suspend_service", case="k2")["clause"] == "1a"


@pytest.mark.parametrize("between", [(), (paid("30m"),)])
def test_a_charge_is_waived_whether_paid_or_not(between: tuple[dict[str, Any], ...]) -> None:
    answers = replayed(a_service(), a_complaint(), *between, a_finding("unfounded", "1h"))
    waiver = answers.expect_one(action="waive_charge")
    assert (waiver["charge"], waiver["amount"], waiver["currency"], waiver["approval"]) == ("fine", "20.00", "USD", 1)
    assert (waiver["case"], waiver["service"], waiver["client"]) == ("k1", "1", "c1")


@pytest.mark.parametrize("kind", ["invoice.cancelled", "invoice.refunded"])
def test_a_charge_that_is_closed_is_not_waived(kind: str) -> None:
    closed = an_event(kind, "30m", invoice="k1.fine")
    replayed(a_service(), a_complaint(), closed, a_finding("unfounded", "1h")).expect_none(action="waive_charge")


def test_a_resolved_case_may_still_turn_out_to_be_none() -> None:
    answers = replayed(a_service(), a_complaint(), a_finding("remediated", "1h"), a_finding("unfounded", "2h"))
    answers.expect_one(record="case", status="dismissed", at="2h")
    answers.expect_one(action="waive_charge", at="2h")


def test_proposals_of_a_dismissed_case_are_cancelled() -> None:
    answers = replayed(
        a_service(), a_complaint("content/phishing"), a_finding("unfounded", "1h"), until="99h", approve="none"
    )
    assert answers.expect_one(action="terminate_service")["state"] == "proposed"
    answers.expect_one(record="hold", status="ended", clause="4")
    answers.expect_one(action="unsuspend_service", clause="4", state="proposed")
    answers.expect_one(action="restore_refund", clause="4", state="done")
    answers.expect_none(action="waive_charge")


def test_bars_end_with_a_dismissed_case() -> None:
    answers = replayed(a_service(), spam(), a_finding("unfounded", "7h"), until="99h")
    assert [(hold["irrevocable"], hold.get("ip")) for hold in answers.where(record="hold", status="ended")] == [
        (False, None), (True, IP),
    ]  # fmt: skip
    assert answers.expect_one(action="lift_bar")["ips"] == [IP]
    answers.expect_one(action="unsuspend_service", at="7h", clause="3")
    assert answers.expect_one(action="waive_charge")["clause"] == "3"


def test_the_no_refund_mark_ends_where_it_rested_on_the_case_alone() -> None:
    two = [a_service(), a_complaint(), a_complaint("connection/port_scan", "1h", "k2")]
    answers = replayed(*two, a_finding("unfounded", "2h", "k2"))
    restored = answers.expect_one(action="restore_refund")
    assert (restored["clause"], restored["scope"], restored["approval"]) == ("1b", "service", "auto")


def test_the_no_refund_mark_stays_while_another_case_supports_it() -> None:
    events = [
        a_service(),
        a_complaint(),
        a_complaint("connection/port_scan", "1h", "k2"),
        a_complaint("connection/intrusion", "2h", "k3"),
    ]
    first = replayed(*events, a_finding("unfounded", "3h", "k2"), approve="none")
    first.expect_none(action="restore_refund")
    both = replayed(*events, a_finding("unfounded", "3h", "k2"), a_finding("unfounded", "4h", "k3"), approve="none")
    assert both.expect_one(action="restore_refund")["at"] == at("4h")


def test_another_cases_hold_keeps_the_service_suspended() -> None:
    answers = replayed(
        a_service(), a_complaint(), a_complaint("connection/port_scan", "1h", "k2"), a_finding("unfounded", "2h", "k2")
    )
    answers.expect_one(record="hold", status="ended", case="k2")
    answers.expect_none(action="unsuspend_service")


def test_dismissing_an_earlier_strike_leaves_decisions_on_later_ones() -> None:
    answers = replayed(
        a_service(), a_complaint(), a_complaint("connection/port_scan", "1h", "k2"), a_finding("unfounded", "2h", "k1")
    )
    answers.expect_none(action="restore_refund")
    assert [hold["case"] for hold in answers.where(record="hold", status="ended")] == ["k1"]


def test_a_dismissed_case_is_not_judged_again() -> None:
    dismissed = [a_service(), a_complaint(), a_finding("unfounded", "1h")]
    for finding in ("not_remediated", "unfounded", "remediated", "culpable"):
        answers = replayed(*dismissed, a_finding(finding, "2h"), until="72h")
        assert [answer["action"] for answer in answers if answer["at"] > at("1h")] == ["record_note"]


# ---- G4 ----


def test_a_remedied_case_is_resolved_and_released() -> None:
    answers = replayed(a_service(), a_complaint(), paid("30m"), a_finding("remediated", "1h"), until="72h")
    resolved = answers.expect_one(record="case", status="resolved")
    assert (resolved["clause"], resolved["strike"]) == ("G4", 1)
    answers.expect_one(record="hold", status="ended", clause="1a", at="1h")
    answers.expect_one(action="unsuspend_service", clause="1a", at="1h")
    answers.expect_none(action="waive_charge")
    assert [answer for answer in answers if answer["at"] > at("1h")] == []


def test_the_strike_of_a_resolved_case_stands() -> None:
    answers = replayed(a_service(), a_complaint(), a_finding("remediated", "1h"), a_complaint(when="48h", name="k2"))
    assert answers.expect_one(record="case", status="opened", case="k2")["strike"] == 2
    answers.expect_one(action="charge_fine", case="k2", clause="1b")


def test_a_remedy_does_not_settle_the_fine() -> None:
    answers = replayed(a_service(), a_complaint(), a_finding("remediated", "1h"), until="25h")
    answers.expect_one(action="suspend_service", clause="9", at="24h")


def test_the_hold_for_an_unpaid_fine_outlives_the_remedy() -> None:
    answers = replayed(a_service(), a_complaint(), a_finding("remediated", "30h"), paid("31h"))
    assert [hold["clause"] for hold in answers.where(record="hold", status="ended", at="30h")] == ["1a", "8"]
    answers.expect_one(record="hold", status="ended", clause="9", at="31h")
    assert answers.expect_one(action="unsuspend_service")["clause"] == "9"


def test_the_bar_outlives_the_remedy() -> None:
    answers = replayed(a_service(), spam(), a_finding("remediated", "7h"), unsuspend_asked("8h", "admin"))
    assert [hold["irrevocable"] for hold in answers.where(record="hold", status="ended")] == [False]
    assert answers.expect_one(record="verdict")["outcome"] == "refuse"


def test_a_proposed_termination_and_its_hold_outlive_the_remedy() -> None:
    answers = replayed(
        a_service(),
        a_complaint("content/phishing"),
        a_finding("remediated", "1h"),
        unsuspend_asked("2h"),
        approve="none",
    )
    answers.expect_none(record="hold", status="ended")
    assert answers.expect_one(record="verdict")["outcome"] == "refuse"


def test_a_case_is_resolved_once() -> None:
    answers = replayed(a_service(), a_complaint(), a_finding("remediated", "1h"), a_finding("remediated", "2h"))
    answers.expect_one(record="case", status="resolved")
    assert answers.actions(at="2h") == ["record_note"]


def test_a_proposed_suspension_falls_with_what_would_have_ended_its_hold() -> None:
    asked = {"suspend_service": 1}
    for finding in ("remediated", "not_culpable"):
        answers = replayed(
            a_service(), a_complaint(), a_finding(finding, "1h"), until="2h", approve="none", approvals=asked
        )
        assert answers.expect_one(action="suspend_service")["state"] == "proposed"
        answers.expect_none(record="hold")


# ---- what no row names ----


@pytest.mark.parametrize("finding", ["culpable", "verified_opt_in"])
def test_a_finding_that_no_row_names_is_noted_and_changes_nothing(finding: str) -> None:
    with_it = replayed(a_service(), a_complaint(), a_finding(finding, "1h"), until="30h")
    without = replayed(a_service(), a_complaint(), until="30h")
    assert with_it.actions(at="1h") == ["record_note"]
    assert [answer for answer in with_it if answer["at"] != at("1h")] == without.all


def test_not_culpable_means_nothing_where_nothing_rests_on_it() -> None:
    answers = replayed(a_service(), spam(kind="individual"), a_finding("not_culpable", "1h"))
    assert answers.actions(at="1h") == ["record_note"]


def test_not_culpable_leaves_deadlines_running() -> None:
    answers = replayed(a_service(), a_complaint(), a_finding("not_culpable", "1h"), until="6h")
    answers.expect_one(action="notify_customer", reminder=1, at="6h")


# ---- which case is meant ----


def test_a_finding_about_a_service_means_its_newest_open_case() -> None:
    events = [a_service(ips=[IP, OTHER_IP]), a_complaint(), a_complaint("messaging/spam", "1h", "k2")]
    answers = replayed(
        *events, a_finding("remediated", "2h", None, service="1"), a_finding("remediated", "3h", None, service="1")
    )
    assert [answer["case"] for answer in answers.where(record="case", status="resolved")] == ["k2", "k1"]


def test_a_finding_about_a_service_means_its_newest_case_where_none_is_open() -> None:
    events = [
        a_service(),
        a_complaint(),
        a_complaint("messaging/spam", "1h", "k2"),
        a_finding("remediated", "2h", "k1"),
        a_finding("remediated", "3h", "k2"),
    ]
    answers = replayed(*events, a_finding("unfounded", "4h", None, service="1"))
    assert answers.expect_one(record="case", status="dismissed")["case"] == "k2"


@pytest.mark.parametrize(
    "named", [{"case": "nowhere"}, {"service": "99"}, {"service": "1"}], ids=["case", "service", "service without case"]
)
def test_a_finding_about_nothing_known_is_noted(named: dict[str, str]) -> None:
    event = an_event("finding.recorded", "1h", finding="remediated", by="anna", **named)
    assert replayed(a_service(), event).actions() == ["record_note"]


# ---- not remediated ----


def test_the_customer_is_asked_again_with_new_deadlines_and_reminders() -> None:
    events = [a_service(), a_complaint(), a_reply("2h"), a_finding("not_remediated", "10h")]
    answers = replayed(*events, until="40h")
    again = answers.expect_one(action="notify_customer", at="10h")
    assert (again["template"], again["clause"], again["respond_by"]) == ("complaint", "8", at("16h"))
    assert again["remedies"] == ["reinstall", "clean"]
    assert answers.expect_one(record="deadline", at="10h")["due"] == at("16h")
    assert answers.expect_one(record="case", at="10h")["status"] == "awaiting_customer"
    assert [(notice["at"], notice["reminder"]) for notice in answers.where(template="reminder")] == [
        (at("16h"), 1), (at("22h"), 2),
    ]  # fmt: skip
    answers.expect_one(record="hold", clause="8", at="34h")
    answers.expect_one(action="refuse_refund", clause="8", at="34h")


def test_new_deadlines_replace_the_old_ones() -> None:
    answers = replayed(a_service(), spam(kind="individual"), a_finding("not_remediated", "3h"), until="60h")
    assert [notice["at"] for notice in answers.where(template="reminder")] == [at("9h"), at("15h")]
    answers.expect_one(action="suspend_service", at="27h", clause="8")


def test_a_second_reply_ends_the_second_round() -> None:
    events = [a_service(), spam(kind="individual"), a_reply("1h"), a_finding("not_remediated", "10h"), a_reply("12h")]
    answers = replayed(*events, until="60h")
    answers.expect_none(template="reminder")
    answers.expect_none(action="suspend_service")
    assert len(answers.where(record="case", status="awaiting_staff")) == 2


def test_it_reopens_a_resolved_case() -> None:
    events = [a_service(), a_complaint(), paid("30m"), a_finding("remediated", "1h"), a_finding("not_remediated", "2h")]
    answers = replayed(*events, until="9h")
    assert answers.expect_one(record="case", at="2h")["status"] == "awaiting_customer"
    answers.expect_one(action="notify_customer", reminder=1, at="8h")


def test_nothing_more_is_asked_about_a_terminated_service() -> None:
    answers = replayed(a_service(), a_complaint("content/phishing"), a_finding("not_remediated", "1h"), until="48h")
    assert answers.actions(at="1h") == ["record_note"]
    assert [answer for answer in answers if answer["at"] > at("1h")] == []


@pytest.mark.parametrize("events", [[a_reply("3h")], [an_event("evidence.provided", "3h", case="k1", kind="other")]])
def test_what_the_customer_says_to_a_closed_case_is_only_noted(events: list[dict[str, Any]]) -> None:
    answers = replayed(a_service(), a_complaint(), a_finding("remediated", "1h"), *events)
    assert [answer.get("action") for answer in answers.where(at="3h")] == ["record_note"]
