"""lanmang, row by row: what each clause demands of which event, when, and what it must not do."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.categories import CATEGORIES
from bridge.events import ActionApproved, ActionExpired, ActionRejected
from bridge.policy.examples import run_examples
from bridge.policy.load import find_pack
from bridge.replay import Replay
from bridge.rules import Rules
from tests.unit.decide.scenario import (
    Answers,
    Story,
    a_complaint,
    a_finding,
    a_reply,
    a_reseller,
    a_service,
    an_event,
    at,
    events,
    paid,
    replayed,
    seen,
    unsuspend_asked,
)

LANMANG = find_pack("lanmang")
ILLEGAL = ["content/adult", "content/csam", "content/csem", "content/gambling", "content/illegal"]


def judged(*written: dict[str, Any], until: str | None = None, approve: str = "all", **more: Any) -> Answers:
    return replayed(*written, until=until, approve=approve, pack=LANMANG, **more)


def illegal(when: str = "0h", name: str = "k1", category: str = "content/illegal", **more: Any) -> dict[str, Any]:
    return a_complaint(category, when, name, **more)


def undertaken(when: str, service: str = "1") -> dict[str, Any]:
    return an_event("undertaking.signed", when, service=service, by="the owner")


def deposited(when: str) -> dict[str, Any]:
    return paid(when, "deposit")


def cancelled(when: str, type_: str = "invoice.cancelled") -> dict[str, Any]:
    return an_event(type_, when, service="1", charge="deposit")


def expired(when: str) -> dict[str, Any]:
    return an_event("service.expired", when, service="1")


def declined(when: str, **named: str) -> dict[str, Any]:
    return an_event("terms.declined", when, **(named or {"service": "1"}))


CLEAN = [a_service(), illegal(), deposited("1d"), undertaken("2d")]
"""A service that was suspended, met both conditions, and is connected again with 5000 yuan deposited."""


def test_the_packs_own_examples_hold() -> None:
    failures = [failure for _, _, failure in run_examples(LANMANG) if failure is not None]
    assert failures == []


def test_every_clause_is_there_and_the_version_is_the_texts() -> None:
    pack = LANMANG
    assert (pack.newest.number, pack.newest.currency) == ("2007-09-05", "CNY")


# ---- 1 ----


@pytest.mark.parametrize("category", ILLEGAL)
def test_1_illegal_content_is_a_strike_suspends_and_names_both_conditions(category: str) -> None:
    answers = judged(a_service(), illegal(category=category))
    assert answers.expect_one(record="case", status="opened")["strike"] == 1
    suspension = answers.expect_one(action="suspend_service")
    assert (suspension["clause"], suspension["approval"], suspension["state"]) == ("1", "auto", "done")
    notice = answers.expect_one(action="notify_customer")
    assert (notice["clause"], notice["conditions"]) == ("1", ["deposit", "undertaking"])
    assert "respond_by" not in notice
    hold = answers.expect_one(record="hold")
    assert (hold["status"], hold["irrevocable"], hold["clause"]) == ("placed", False, "1")


@pytest.mark.parametrize("category", sorted(CATEGORIES - {*ILLEGAL, "content/abusive"}))
def test_1_any_other_category_counts_no_strike_and_is_left_to_staff(category: str) -> None:
    answers = judged(a_service(), a_complaint(category))
    assert answers.expect_one(record="case")["strike"] == 0
    assert answers.actions() == ["notify_staff"]


def test_1_a_reseller_is_told_in_his_form() -> None:
    notice = judged(a_reseller(), a_service(), illegal()).expect_one(action="notify_customer")
    assert (notice["template"], notice["conditions"]) == ("reseller_complaint", ["deposit", "undertaking"])


def test_1_an_incomplete_complaint_asks_its_reporter_only() -> None:
    assert judged(a_service(), illegal(complete=False)).actions() == ["notify_reporter"]


# ---- 2 ----


def test_2_the_deposit_is_asked_for_with_the_suspension_and_due_in_7_days() -> None:
    answers = judged(a_service(), illegal())
    deposit = answers.expect_one(action="hold_deposit")
    assert (deposit["clause"], deposit["amount"], deposit["currency"]) == ("2", "5000.00", "CNY")
    assert (deposit["due"], deposit["approval"], deposit["case"]) == (at("7d"), 1, "k1")
    assert answers.expect_one(record="deadline", for_="payment")["due"] == at("7d")


def test_2_nothing_follows_when_the_deposit_stays_unpaid() -> None:
    assert judged(a_service(), illegal(), until="30d").where(at="7d") == []


@pytest.mark.parametrize("first", [deposited("1d"), undertaken("1d")])
def test_2_both_conditions_release_in_either_order_and_neither_alone(first: dict[str, Any]) -> None:
    second = undertaken("2d") if first["type"] == "invoice.paid" else deposited("2d")
    answers = judged(a_service(), illegal(), first, second)
    assert answers.where(at="1d") == []
    assert answers.expect_one(record="hold", at="2d")["status"] == "ended"
    release = answers.expect_one(action="unsuspend_service")
    assert (release["clause"], release["approval"], release["case"], release["at"]) == ("2", 1, "k1", at("2d"))


def test_2_the_release_is_proposed() -> None:
    story = Story(a_service(), illegal(), undertaken("1d"), pack=LANMANG, approvals={"hold_deposit": "auto"})
    assert story.take(deposited("2d")).expect_one(action="unsuspend_service")["state"] == "proposed"


@pytest.mark.parametrize("finding", ["remediated", "not_culpable"])
def test_2_no_finding_of_that_kind_releases(finding: str) -> None:
    answers = judged(a_service(), illegal(), a_finding(finding, "1d"), undertaken("2d"))
    answers.expect_none(action="unsuspend_service")
    answers.expect_none(record="hold", status="ended")
    answers.expect_none(action="waive_charge")


def test_2_the_conditions_outlive_the_finding() -> None:
    answers = judged(a_service(), illegal(), a_finding("remediated", "1d"), undertaken("2d"), deposited("3d"))
    assert answers.expect_one(record="case", status="resolved")["at"] == at("1d")
    assert answers.expect_one(action="unsuspend_service")["at"] == at("3d")


def test_2_automation_does_not_release_meanwhile_and_an_admin_may() -> None:
    answers = judged(a_service(), illegal(), undertaken("1d"), unsuspend_asked("2d"), unsuspend_asked("3d", "admin"))
    verdicts = answers.where(record="verdict")
    assert [verdict["outcome"] for verdict in verdicts] == ["refuse", "allow"]


@pytest.mark.parametrize("event", ["invoice.cancelled", "invoice.refunded"])
def test_2_a_deposit_that_was_closed_does_not_count_as_paid(event: str) -> None:
    answers = judged(a_service(), illegal(), undertaken("1d"), cancelled("2d", event))
    answers.expect_none(action="unsuspend_service")


def test_2_a_deposit_that_was_paid_and_refunded_does_not_count_as_paid() -> None:
    refunded = an_event("invoice.refunded", "2d", invoice="k1.deposit")
    answers = judged(a_service(), illegal(), deposited("1d"), refunded, undertaken("3d"))
    answers.expect_none(action="unsuspend_service")


def test_2_an_undertaking_from_before_the_complaint_does_not_count() -> None:
    answers = judged(a_service(), undertaken("-1d"), illegal(), deposited("1d"))
    answers.expect_none(action="unsuspend_service")


def test_2_an_undertaking_for_another_service_does_not_count() -> None:
    answers = judged(
        a_service(), a_service("2", ips=[]), illegal(), deposited("1d"), undertaken("2d", "2"), undertaken("3d", "9")
    )
    answers.expect_none(action="unsuspend_service")
    assert answers.actions(at="3d") == ["record_note"]


def test_2_a_later_strike_waits_for_the_same_open_deposit() -> None:
    answers = judged(
        a_service(), illegal(), illegal("2d", "k2"), undertaken("3d"), deposited("4d"), a_finding("remediated", "5d")
    )
    answers.expect_one(action="hold_deposit")
    answers.expect_none(action="forfeit_deposit")
    assert [hold["case"] for hold in answers.where(record="hold", status="placed")] == ["k1", "k2"]
    assert [hold["case"] for hold in answers.where(record="hold", status="ended")] == ["k1", "k2"]
    release = answers.expect_one(action="unsuspend_service")
    assert (release["clause"], release["at"], release["case"]) == ("2", at("4d"), "k2")


def test_2_a_proposed_deposit_stands_for_a_later_strike_too() -> None:
    answers = judged(a_service(), illegal(), illegal("2d", "k2"), approve="none")
    assert answers.expect_one(action="hold_deposit")["case"] == "k1"


def test_2_an_undertaking_between_two_strikes_counts_for_the_first_alone() -> None:
    answers = judged(a_service(), illegal(), undertaken("1d"), illegal("2d", "k2"), deposited("3d"))
    assert answers.expect_one(record="hold", status="ended")["case"] == "k1"
    answers.expect_none(action="unsuspend_service")


def test_2_after_a_closed_deposit_a_later_one_serves_the_first_strike_too() -> None:
    answers = judged(a_service(), illegal(), cancelled("1d"), illegal("2d", "k2"), undertaken("3d"), deposited("4d"))
    assert [deposit["case"] for deposit in answers.where(action="hold_deposit")] == ["k1", "k2"]
    assert answers.expect_one(action="unsuspend_service")["at"] == at("4d")


# ---- dismissals (G3) ----


def test_dismissing_waives_the_open_deposit_and_releases() -> None:
    answers = judged(a_service(), illegal(), a_finding("unfounded", "1d"))
    waived = answers.expect_one(action="waive_charge")
    assert (waived["clause"], waived["charge"], waived["amount"], waived["currency"]) == (
        "2", "deposit", "5000.00", "CNY",
    )  # fmt: skip
    assert answers.expect_one(action="unsuspend_service")["clause"] == "1"


def test_dismissing_waives_a_deposit_that_was_paid() -> None:
    answers = judged(*CLEAN, a_finding("lawful", "3d"))
    assert answers.expect_one(action="waive_charge")["clause"] == "2"
    assert judged(*CLEAN, a_finding("lawful", "3d"), expired("9d")).where(action="return_deposit") == []


def test_dismissing_a_case_leaves_its_open_deposit_to_another_that_needs_it() -> None:
    answers = judged(
        a_service(), illegal(), illegal("26h", "k2"), a_finding("unfounded", "2d"), undertaken("3d"), deposited("4d")
    )
    answers.expect_none(action="waive_charge")
    assert answers.expect_one(record="hold", status="ended", at="2d")["case"] == "k1"
    release = answers.expect_one(action="unsuspend_service")
    assert (release["at"], release["case"]) == (at("4d"), "k2")


def test_the_deposit_goes_with_the_last_case_that_needs_it() -> None:
    findings = [a_finding("unfounded", "2d"), a_finding("unfounded", "3d", "k2")]
    answers = judged(a_service(), illegal(), illegal("26h", "k2"), *findings)
    assert answers.expect_one(action="waive_charge")["at"] == at("3d")
    other = judged(a_service(), illegal(), illegal("26h", "k2"), a_finding("unfounded", "2d", "k2"))
    other.expect_none(action="waive_charge")


def test_a_proposed_deposit_is_left_to_another_case_too_and_goes_with_the_last() -> None:
    story = Story(a_service(), illegal(), illegal("26h", "k2"), pack=LANMANG)
    deposit = next(iter(story.replay.states["c1"].pending_for("1", "hold_deposit"))).id
    story.take(a_finding("unfounded", "2d"))
    assert deposit in story.replay.states["c1"].pending
    story.take(a_finding("unfounded", "3d", "k2"))
    assert deposit not in story.replay.states["c1"].pending


# ---- 3 ----


def test_3_a_clean_contract_returns_the_deposit_when_it_ends() -> None:
    answers = judged(*CLEAN, expired("300d"), expired("301d"))
    returned = answers.expect_one(action="return_deposit")
    assert (returned["clause"], returned["amount"], returned["currency"]) == ("3", "5000.00", "CNY")
    assert (returned["approval"], returned["at"]) == (1, at("300d"))


def test_3_nothing_is_returned_that_was_not_paid() -> None:
    assert judged(a_service(), illegal(), expired("300d")).where(at="300d") == []


def test_3_an_expiry_of_an_unknown_service_is_noted() -> None:
    assert judged(expired("1d")).actions() == ["record_note"]


def test_3_a_deposit_goes_back_after_the_panel_terminated_the_service() -> None:
    answers = judged(*CLEAN, seen(when="9d", status="terminated"), expired("10d"))
    answers.expect_one(action="return_deposit")


# ---- 4 ----


def test_4_a_new_strike_costs_the_deposit_and_asks_for_another() -> None:
    answers = judged(*CLEAN, illegal("9d", "k2"))
    assert answers.expect_one(action="suspend_service", at="9d")["clause"] == "4"
    forfeited = answers.expect_one(action="forfeit_deposit")
    assert (forfeited["clause"], forfeited["amount"], forfeited["currency"]) == ("4", "5000.00", "CNY")
    assert (forfeited["approval"], forfeited["case"]) == (1, "k2")
    deposit = answers.expect_one(action="hold_deposit", case="k2")
    assert (deposit["clause"], deposit["amount"], deposit["due"]) == ("2", "5000.00", at("16d"))
    assert answers.expect_one(action="notify_customer", case="k2")["conditions"] == ["deposit", "undertaking"]


def test_4_the_new_deposit_and_a_new_undertaking_release_again() -> None:
    again = [*CLEAN, illegal("9d", "k2")]
    judged(*again, deposited("10d")).expect_none(action="unsuspend_service", at="10d")
    judged(*again, undertaken("10d")).expect_none(action="unsuspend_service", at="10d")
    both = judged(*again, deposited("10d"), undertaken("11d"))
    assert both.expect_one(action="unsuspend_service", case="k2")["clause"] == "2"


def test_4_a_strike_before_the_undertaking_came_forfeits_too_and_both_wait() -> None:
    answers = judged(a_service(), illegal(), deposited("1d"), illegal("2d", "k2"), undertaken("3d"), deposited("4d"))
    answers.expect_one(action="forfeit_deposit")
    assert answers.expect_one(action="unsuspend_service")["at"] == at("4d")


def test_4_a_forfeited_deposit_is_not_returned() -> None:
    judged(*CLEAN, illegal("9d", "k2"), expired("300d")).expect_none(action="return_deposit")


def test_4_the_second_deposit_is_returned_where_it_stays_clean() -> None:
    again = [*CLEAN, illegal("9d", "k2"), deposited("10d"), undertaken("11d")]
    assert judged(*again, expired("300d")).expect_one(action="return_deposit")["case"] == "k2"


def test_4_the_same_incident_again_costs_nothing() -> None:
    answers = judged(*CLEAN, illegal("3h", "k2"))
    answers.expect_one(record="duplicate", complaint="k2")
    answers.expect_none(action="forfeit_deposit")


def test_4_a_complaint_of_another_kind_costs_nothing() -> None:
    assert judged(*CLEAN, a_complaint("connection/ddos", "9d", "k2")).actions(at="9d") == ["notify_staff"]


def forfeiting() -> tuple[Story, Any]:
    """A forfeiture that waits for an admin, and its proposal."""
    asked_for = {"hold_deposit": "auto", "unsuspend_service": "auto"}
    story = Story(*CLEAN, pack=LANMANG, approvals=asked_for)
    return story, story.take(illegal("9d", "k2")).expect_one(action="forfeit_deposit", state="proposed")


def test_4_a_forfeiture_is_proposed_once_and_keeps_the_deposit_from_being_returned() -> None:
    story, _ = forfeiting()
    story.take(illegal("12d", "k3")).expect_none(action="forfeit_deposit")
    story.take(expired("20d")).expect_none(action="return_deposit")


@pytest.mark.parametrize("given_up", [ActionRejected, ActionExpired])
def test_4_a_forfeiture_that_is_given_up_leaves_the_deposit_to_the_end_of_the_contract(given_up: Any) -> None:
    story, proposal = forfeiting()
    story.answer(given_up, proposal, "10d").expect_none(action="return_deposit")
    assert story.take(expired("20d")).expect_one(action="return_deposit")["case"] == "k1"


def test_4_a_forfeiture_given_up_after_the_contract_ended_gives_the_deposit_back() -> None:
    story, proposal = forfeiting()
    story.take(expired("20d"))
    story.answer(ActionRejected, proposal, "21d").expect_one(action="return_deposit")


def test_4_dismissing_the_new_strike_withdraws_the_forfeiture_that_waits() -> None:
    story, proposal = forfeiting()
    story.take(a_finding("unfounded", "10d", "k2"))
    assert proposal["id"] not in story.replay.states["c1"].pending
    story.take(expired("20d")).expect_one(action="return_deposit")


def test_4_dismissing_the_new_strike_holds_the_forfeited_deposit_again() -> None:
    answers = judged(*CLEAN, illegal("9d", "k2"), a_finding("unfounded", "10d", "k2"), expired("20d"))
    assert answers.expect_one(action="waive_charge")["case"] == "k2"
    answers.expect_one(action="record_note", at="10d")
    assert answers.expect_one(action="return_deposit")["case"] == "k1"


def test_4_dismissing_the_first_strike_leaves_what_was_decided_on_the_second() -> None:
    answers = judged(*CLEAN, illegal("9d", "k2"), a_finding("unfounded", "10d"))
    assert answers.actions(at="10d") == []


# ---- 5 ----


def test_5_a_suspended_customer_who_declines_is_terminated_with_his_data() -> None:
    answers = judged(a_service(), illegal(), declined("1d"))
    gone = answers.expect_one(action="terminate_service")
    assert (gone["clause"], gone["erase"], gone["approval"]) == ("5", False, 1)
    waived = answers.expect_one(action="waive_charge")
    assert (waived["clause"], waived["charge"], waived["amount"], waived["at"]) == ("2", "deposit", "5000.00", at("1d"))
    answers.expect_none(action="return_deposit")
    answers.expect_none(action="unsuspend_service")


def test_5_a_deposit_that_was_paid_goes_back() -> None:
    answers = judged(a_service(), illegal(), deposited("1d"), declined("2d"))
    assert answers.expect_one(action="return_deposit")["clause"] == "5"
    answers.expect_none(action="waive_charge")


def test_5_a_forfeited_deposit_does_not_go_back_and_the_new_one_is_waived() -> None:
    answers = judged(*CLEAN, illegal("9d", "k2"), declined("10d"))
    answers.expect_none(action="return_deposit")
    assert answers.expect_one(action="waive_charge")["case"] == "k2"


def test_5_nothing_is_suspended_or_settled_while_the_termination_waits() -> None:
    answers = judged(a_service(), illegal(), declined("1d"), approve="none")
    assert answers.actions(at="1d") == ["terminate_service"]
    answers.expect_none(record="hold", at="1d")


def test_5_a_customer_who_is_not_suspended_keeps_his_service() -> None:
    assert judged(a_service(), declined("1d")).all == []
    judged(*CLEAN, declined("3d")).expect_none(action="terminate_service")


def test_5_a_client_leaves_with_what_is_suspended_of_his() -> None:
    answers = judged(a_service(), a_service("2", ips=[]), illegal(), declined("1d", client="c1"))
    assert answers.expect_one(action="terminate_service")["service"] == "1"


def test_5_a_deposit_that_nobody_approved_yet_is_asked_for_no_longer() -> None:
    asked_for = {"terminate_service": 1}
    story = Story(a_service(), illegal(), declined("1d"), pack=LANMANG, approvals=asked_for)
    deposit = next(iter(story.replay.states["c1"].pending_for("1", "hold_deposit"))).id
    gone = story.last.expect_one(action="terminate_service")
    story.answer(ActionApproved, gone, "2d")
    assert deposit not in story.replay.states["c1"].pending


def test_a_reply_lifts_nothing() -> None:
    answers = judged(a_service(), illegal(), a_reply("1h"))
    assert answers.expect_one(record="case", at="1h")["status"] == "awaiting_staff"
    answers.expect_none(record="hold", status="ended")


def test_the_same_story_is_told_the_same_way_twice() -> None:
    story = events(*CLEAN, illegal("9d", "k2"), declined("10d"))
    rules = Rules(LANMANG, at_once=True)
    assert list(Replay(rules).run(story, None)) == list(Replay(rules).run(story, None))


# ---- 6 ----

PERIOD = {"paid_amount": "300.00", "currency": "CNY", "period_start": at("0h"), "period_end": at("30d")}


def mishap(started: str = "5d", ended: str = "7d", **more: Any) -> dict[str, Any]:
    """Of service 1, declared when it ended."""
    given = {"incident": "room closed", "affected": ["1"], **more}
    return an_event("incident.declared", given.pop("when", ended), started=at(started), ended=at(ended), **given)


def test_6_who_was_suspended_by_the_incident_is_connected_again_and_credited() -> None:
    answers = judged(a_service(**PERIOD), seen(when="5d", status="suspended"), mishap())
    release = answers.expect_one(action="unsuspend_service")
    assert (release["clause"], release["approval"], release["at"]) == ("6", 1, at("7d"))
    credit = answers.expect_one(action="credit_client")
    assert (credit["clause"], credit["amount"], credit["currency"], credit["approval"]) == ("6", "20.00", "CNY", 1)
    assert (credit["service"], credit["client"]) == ("1", "c1")
    assert answers.actions() == ["unsuspend_service", "credit_client"]


@pytest.mark.parametrize("suspended", ["4d", "8d"])
def test_6_who_was_suspended_before_or_after_is_only_credited(suspended: str) -> None:
    answers = judged(a_service(**PERIOD), seen(when=suspended, status="suspended"), mishap(when="9d"))
    assert answers.actions() == ["credit_client"]


def test_6_who_was_suspended_before_and_is_seen_so_again_is_only_credited() -> None:
    looks = [seen(when="4d", status="suspended"), seen(when="6d", status="suspended")]
    assert judged(a_service(**PERIOD), *looks, mishap()).actions() == ["credit_client"]


def test_6_who_is_back_already_is_only_credited() -> None:
    looks = [seen(when="5d", status="suspended"), seen(when="6d", status="active")]
    assert judged(a_service(**PERIOD), *looks, mishap()).actions() == ["credit_client"]


@pytest.mark.parametrize(
    ("ended", "paid_amount", "credited"),
    [("121h", "100.00", "3.33"), ("7d", "100.00", "6.66"), ("156h", "299.99", "14.99"), ("145h", "300.00", "10.41")],
)
def test_6_the_credit_is_the_share_of_the_time_at_least_a_day_rounded_down(
    ended: str, paid_amount: str, credited: str
) -> None:
    answers = judged(a_service(**{**PERIOD, "paid_amount": paid_amount}), mishap(ended=ended))
    assert answers.expect_one(action="credit_client")["amount"] == credited


@pytest.mark.parametrize("unknown", ["paid_amount", "period_start", "period_end"])
def test_6_where_the_payment_is_not_known_staff_is_told(unknown: str) -> None:
    known = {name: value for name, value in PERIOD.items() if name != unknown}
    answers = judged(a_service(**known), seen(when="5d", status="suspended"), mishap())
    assert answers.actions() == ["unsuspend_service", "notify_staff"]
    assert answers.expect_one(action="notify_staff")["clause"] == "6"


def test_6_the_cause_gets_nothing_and_the_others_do() -> None:
    services = [a_service(str(number), ips=[], **PERIOD) for number in (1, 2, 3)]
    answers = judged(*services, mishap(cause="1", affected=["1", "2", "3"]))
    assert [credit["service"] for credit in answers.where(record="action")] == ["2", "3"]


def test_6_who_is_held_himself_gets_nothing() -> None:
    answers = judged(a_service(**PERIOD), illegal("4d"), mishap(migrate=True))
    assert answers.where(at="7d") == []


def test_6_who_was_held_and_is_clean_again_is_innocent() -> None:
    answers = judged(a_service(**PERIOD), *CLEAN[1:], mishap())
    assert answers.actions(at="7d") == ["credit_client"]


def test_6_everybody_affected_is_migrated_where_that_is_asked() -> None:
    answers = judged(a_service(**PERIOD), mishap(migrate=True))
    migration = answers.expect_one(action="migrate_service")
    assert (migration["clause"], migration["approval"]) == ("6", 1)


def test_6_every_client_gets_his_part() -> None:
    services = [a_service("1", **PERIOD), a_service("2", ips=[], client="c2", **PERIOD)]
    answers = judged(*services, mishap(affected=["1", "2", "9"]))
    given = answers.where(action="credit_client")
    assert [(credit["client"], credit["service"]) for credit in given] == [("c1", "1"), ("c2", "2")]
    assert answers.expect_one(action="record_note")["service"] == "9"


def test_6_the_same_incident_declared_again_credits_only_who_was_left_out() -> None:
    services = [a_service("1", **PERIOD), a_service("2", ips=[], **PERIOD)]
    again = mishap(when="8d", affected=["1", "2"], migrate=True)
    answers = judged(*services, mishap(migrate=True), again)
    assert [credit["service"] for credit in answers.where(action="credit_client")] == ["1", "2"]
    assert [credit["service"] for credit in answers.where(action="migrate_service")] == ["1", "2"]


def test_6_who_is_gone_is_credited_and_nothing_else() -> None:
    answers = judged(a_service(**PERIOD), seen(when="6d", status="terminated"), mishap(migrate=True))
    assert answers.actions() == ["credit_client"]


# ---- 7 ----

POLICE = {"name": "police", "kind": "law_enforcement"}


@pytest.mark.parametrize("category", ILLEGAL)
def test_7_illegal_content_found_culpable_is_referred(category: str) -> None:
    answers = judged(a_service(), illegal(category=category), a_finding("culpable", "1h"))
    assert answers.actions(at="1h") == ["preserve_evidence", "refer_to_authority"]
    referral = answers.expect_one(action="refer_to_authority")
    assert (referral["clause"], referral["approval"], referral["case"]) == ("7", 1, "k1")
    assert answers.expect_one(action="preserve_evidence")["approval"] == "auto"


@pytest.mark.parametrize("kind", ["court", "law_enforcement"])
@pytest.mark.parametrize("category", ["content/illegal", "content/abusive", "connection/ddos"])
def test_7_a_complaint_of_the_police_or_a_court_is_referred_whatever_it_is_about(kind: str, category: str) -> None:
    answers = judged(a_service(), a_complaint(category, reporter={"name": "they", "kind": kind}))
    assert answers.expect_one(action="refer_to_authority")["clause"] == "7"
    assert answers.expect_one(action="preserve_evidence")["clause"] == "7"


@pytest.mark.parametrize("kind", ["authority", "cert", "individual", "provider"])
def test_7_no_other_reporter_s_complaint_is_referred(kind: str) -> None:
    answers = judged(a_service(), illegal(reporter={"name": "they", "kind": kind}))
    answers.expect_none(action="refer_to_authority")


def test_7_a_case_is_referred_once() -> None:
    answers = judged(
        a_service(), illegal(reporter=POLICE), illegal("1h", "k2", reporter=POLICE), a_finding("culpable", "2h")
    )
    answers.expect_one(action="refer_to_authority")
    answers.expect_one(action="preserve_evidence")


def test_7_the_police_may_join_a_known_incident_and_changes_nothing_else() -> None:
    answers = judged(a_service(), illegal(), illegal("1h", "k2", reporter=POLICE))
    assert answers.expect_one(record="duplicate")["case"] == "k1"
    assert answers.actions(at="1h") == ["preserve_evidence", "refer_to_authority"]


def test_7_the_police_is_answered_about_a_service_that_is_gone() -> None:
    answers = judged(a_service(), seen(when="1h", status="terminated"), illegal("2h", reporter=POLICE))
    assert answers.actions() == ["preserve_evidence", "refer_to_authority"]


def test_7_a_finding_after_the_police_referred_it_is_not_told_as_if_no_clause_knew_it() -> None:
    answers = judged(a_service(), illegal(reporter=POLICE), a_finding("culpable", "2h"))
    assert answers.expect_one(action="record_note")["text"] == "Found culpable: nothing is left to do."
    answers.expect_none(at="2h", action="refer_to_authority")


# ---- 8 ----


def test_8_slander_of_the_host_is_kept_and_told_and_is_no_strike() -> None:
    answers = judged(a_service(), a_complaint("content/abusive", reporter={"name": "we", "kind": "provider"}))
    assert answers.expect_one(record="case")["strike"] == 0
    assert [(action["action"], action["clause"]) for action in answers.where(record="action")] == [
        ("preserve_evidence", "8"),
        ("notify_staff", "8"),
    ]


def test_8_abuse_that_others_complain_of_is_shown_to_staff() -> None:
    answers = judged(a_service(), a_complaint("content/abusive", reporter={"name": "x", "kind": "individual"}))
    assert answers.actions() == ["notify_staff"]


def test_8_slander_that_somebody_else_told_of_before_is_kept_too() -> None:
    host = a_complaint("content/abusive", "1h", "k2", reporter={"name": "we", "kind": "provider"})
    answers = judged(a_service(), a_complaint("content/abusive"), host)
    assert answers.actions(at="1h") == ["preserve_evidence", "notify_staff"]
