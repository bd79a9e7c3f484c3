"""klt-net, row by row: what each clause demands of which complaint, when, and what it must not do."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.categories import CATEGORIES
from bridge.policy.examples import run_examples
from bridge.policy.load import find_pack
from tests.unit.decide.scenario import (
    IP,
    OTHER_IP,
    a_complaint,
    a_finding,
    a_reply,
    a_reseller,
    a_service,
    an_event,
    at,
    listing_cleared,
    paid,
    replayed,
    seen,
    spam,
    unsuspend_asked,
)

SECURITY = [
    "connection/ddos",
    "connection/arp_spoofing",
    "infrastructure/botnet",
    "content/malware",
    "content/remote_compromise",
]
INFRINGEMENT = ["copyright/copyright", "copyright/p2p", "copyright/usenet", "content/brand_infringement"]
SPAM = ["messaging/spam", "messaging/open_relay", "messaging/spamvertised", "reputation/blocklist"]
FRAUD = ["content/phishing", "content/phishing_redirect", "content/fraud", "conduct/payment_fraud"]
WORK, SONG = "http://shop.example/film", "http://shop.example/song"
TWO_IPS = a_service(ips=[IP, OTHER_IP])
MAIL_OPEN = a_service(attributes={"mail_port_open": True})


def test_the_packs_own_examples_hold() -> None:
    failures = [failure for _, _, failure in run_examples(find_pack("klt-net")) if failure is not None]
    assert failures == []


def test_every_clause_is_there_and_the_version_is_the_texts() -> None:
    pack = find_pack("klt-net")
    assert list(pack.newest.clauses) == ["1a", "1b", *(str(number) for number in range(2, 13))]
    assert (pack.newest.number, pack.newest.currency) == ("2022-06-07", "USD")
    answer = replayed(a_service(), a_complaint()).expect_one(action="charge_fine")
    assert (answer["policy"], answer["version"], answer["currency"]) == ("klt-net", "2022-06-07", "USD")


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_any_category_is_a_strike_and_is_notified_under_clause_8(category: str) -> None:
    answers = replayed(a_service(), a_complaint(category))
    assert answers.expect_one(record="case", status="opened")["strike"] == 1
    notice = answers.expect_one(action="notify_customer")
    assert (notice["clause"], notice["template"], notice["respond_by"]) == ("8", "complaint", at("6h"))


@pytest.mark.parametrize("category", sorted(CATEGORIES - {*FRAUD}))
def test_only_security_suspends_and_fines_at_once_where_a_person_complains(category: str) -> None:
    answers = replayed(a_service(), a_complaint(category))
    security = category.startswith(("connection/", "infrastructure/")) or category in SECURITY
    assert sorted(answers.actions()) == (
        ["charge_fine", "notify_customer", "suspend_service"] if security else ["notify_customer"]
    )


# ---- 1a, 1b ----


@pytest.mark.parametrize("category", SECURITY)
def test_1a_the_first_security_strike_suspends_and_costs_20_dollars_an_address(category: str) -> None:
    answers = replayed(TWO_IPS, a_complaint(category, ips=[IP, OTHER_IP]))
    suspension = answers.expect_one(action="suspend_service")
    assert (suspension["clause"], suspension["approval"], suspension["state"]) == ("1a", "auto", "done")
    fine = answers.expect_one(action="charge_fine")
    assert (fine["clause"], fine["amount"], fine["ips"], fine["due"]) == ("1a", "40.00", [IP, OTHER_IP], at("24h"))
    assert (fine["approval"], fine["currency"]) == (1, "USD")
    assert answers.expect_one(action="notify_customer")["remedies"] == ["reinstall", "clean"]
    hold = answers.expect_one(record="hold")
    assert (hold["status"], hold["irrevocable"], hold["clause"], hold["service"]) == ("placed", False, "1a", "1")
    answers.expect_none(action="refuse_refund")


def test_1a_a_complaint_without_an_address_costs_one_unit() -> None:
    fine = replayed(a_service(), a_complaint(service="1")).expect_one(action="charge_fine")
    assert fine["amount"] == "20.00"
    assert "ips" not in fine


def test_1a_what_was_not_deliberate_is_fined_and_not_suspended() -> None:
    answers = replayed(a_service(), a_complaint(deliberate=False))
    answers.expect_one(action="charge_fine", clause="1a")
    answers.expect_none(action="suspend_service")
    answers.expect_none(record="hold")
    replayed(a_service(), a_complaint(deliberate=True)).expect_one(action="suspend_service")


def test_1a_accepted_evidence_ends_the_hold_and_leaves_the_fine() -> None:
    answers = replayed(a_service(), a_complaint(), a_finding("not_culpable", "2h"))
    assert answers.expect_one(record="hold", status="ended")["clause"] == "1a"
    assert answers.expect_one(action="unsuspend_service")["clause"] == "1a"
    answers.expect_none(action="waive_charge")
    answers.expect_none(record="case", at="2h")


@pytest.mark.parametrize("second", SECURITY)
def test_1b_a_later_security_strike_forfeits_the_refund_too(second: str) -> None:
    first = "connection/scraping"
    answers = replayed(a_service(), a_complaint(first), a_reply("1h"), paid("2h"), a_complaint(second, "30h", "k2"))
    answers.expect_one(record="hold", clause="1b", case="k2")
    assert answers.expect_one(action="refuse_refund")["clause"] == "1b"
    fine = answers.expect_one(action="charge_fine", case="k2")
    assert (fine["clause"], fine["amount"], fine["due"]) == ("1b", "20.00", at("54h"))


def test_1b_suspends_even_where_it_was_not_deliberate_and_evidence_does_not_end_it() -> None:
    events = [a_service(), a_complaint(), a_finding("remediated", "1h"), paid("2h")]
    answers = replayed(
        *events, a_complaint(when="30h", name="k2", deliberate=False), a_finding("not_culpable", "31h", "k2")
    )
    answers.expect_one(action="suspend_service", clause="1b")
    assert answers.actions(at="31h") == ["record_note"]


def test_1b_counts_security_strikes_only_and_live_ones_only() -> None:
    other = replayed(a_service(), spam(kind="individual"), a_complaint(when="1h", name="k2"))
    other.expect_one(action="suspend_service", clause="1a")
    dismissed = replayed(a_service(), a_complaint(), a_finding("lawful", "1h"), a_complaint(when="30h", name="k2"))
    dismissed.expect_none(clause="1b")


def test_1b_counts_on_the_service_and_not_on_the_client() -> None:
    answers = replayed(
        a_service("1"), a_service("2", ips=[OTHER_IP]), a_complaint(), a_complaint(ip=OTHER_IP, name="k2")
    )
    assert [action["clause"] for action in answers.where(action="suspend_service")] == ["1a", "1a"]


# ---- 2 ----


@pytest.mark.parametrize("category", INFRINGEMENT)
def test_2_the_first_infringement_brings_only_the_notice(category: str) -> None:
    answers = replayed(a_service(), a_complaint(category, targets=[WORK]), a_reply("1h"), until="48h")
    assert answers.actions() == ["notify_customer"]


def test_2_another_target_costs_20_dollars_an_address() -> None:
    answers = replayed(
        TWO_IPS,
        a_complaint("copyright/copyright", targets=[WORK]),
        a_complaint("copyright/p2p", "1h", "k2", targets=[SONG], ips=[IP, OTHER_IP]),
    )
    fine = answers.expect_one(action="charge_fine")
    assert (fine["clause"], fine["case"], fine["amount"], fine["due"]) == ("2", "k2", "40.00", at("25h"))
    answers.expect_none(action="suspend_service")


@pytest.mark.parametrize("targets", [[WORK], []])
def test_2_the_same_target_again_or_none_is_a_reminder_without_a_fine(targets: list[str]) -> None:
    answers = replayed(
        a_service(),
        a_complaint("copyright/copyright", targets=[WORK]),
        a_complaint("copyright/copyright", "48h", "k2", targets=targets),
    )
    answers.expect_one(record="case", status="opened", case="k2")
    answers.expect_none(action="charge_fine")


def test_2_one_new_target_among_old_ones_is_enough() -> None:
    first, second = (
        a_complaint("copyright/p2p", targets=[WORK]),
        a_complaint("copyright/p2p", "48h", "k2", targets=[WORK, SONG]),
    )
    replayed(a_service(), first, second).expect_one(action="charge_fine", clause="2")


def test_2_a_target_named_by_a_complaint_that_joined_is_not_new() -> None:
    answers = replayed(
        a_service(),
        a_complaint("copyright/p2p", targets=[WORK]),
        a_complaint("copyright/p2p", "1h", "k2", targets=[WORK, SONG]),
        a_complaint("copyright/p2p", "48h", "k3", targets=[SONG]),
    )
    answers.expect_one(record="duplicate", complaint="k2")
    answers.expect_none(action="charge_fine")


def test_2_a_dismissed_infringement_is_set_aside() -> None:
    answers = replayed(
        a_service(),
        a_complaint("copyright/p2p", targets=[WORK]),
        a_finding("unfounded", "1h"),
        a_complaint("copyright/p2p", "48h", "k2", targets=[SONG]),
        a_complaint("copyright/p2p", "96h", "k3", targets=["magnet:another"]),
    )
    assert [fine["case"] for fine in answers.where(action="charge_fine")] == ["k3"]


def test_2_another_service_of_the_client_does_not_make_it_a_later_one() -> None:
    answers = replayed(
        a_service("1"),
        a_service("2", ips=[OTHER_IP]),
        a_complaint("copyright/p2p", targets=[WORK]),
        a_complaint("copyright/p2p", name="k2", targets=[SONG], ip=OTHER_IP),
    )
    answers.expect_none(action="charge_fine")


# ---- 3 ----


@pytest.mark.parametrize("kind", ["blocklist", "operator"])
@pytest.mark.parametrize("category", SPAM)
def test_3_spam_from_a_list_or_an_operator_suspends_at_once(category: str, kind: str) -> None:
    answers = replayed(a_service(), a_complaint(category, reporter={"name": "x", "kind": kind}))
    assert sorted(answers.actions()) == ["notify_customer", "suspend_service"]
    assert answers.expect_one(action="suspend_service")["clause"] == "3"


def test_3_six_hours_of_silence_cost_20_dollars_and_bar_the_address() -> None:
    answers = replayed(a_service(), spam(), until="6h")
    assert answers.actions(at="6h") == ["charge_fine", "bar_unsuspension", "notify_customer"]
    fine = answers.expect_one(action="charge_fine")
    assert (fine["clause"], fine["amount"], fine["due"]) == ("3", "20.00", at("30h"))
    bar = answers.expect_one(record="hold", irrevocable=True)
    assert (bar["status"], bar["clause"], bar["ip"], bar["case"]) == ("placed", "3", IP, "k1")


def test_3_a_reply_in_time_spares_both() -> None:
    answers = replayed(a_service(), spam(), a_reply("5h"), until="48h")
    assert sorted(answers.actions()) == ["notify_customer", "suspend_service"]


def test_3_not_remediated_costs_and_bars_at_once() -> None:
    answers = replayed(a_service(), spam(), a_reply("1h"), a_finding("not_remediated", "3h"), until="9h")
    assert sorted(answers.actions(at="3h")) == ["bar_unsuspension", "charge_fine", "notify_customer"]
    assert answers.actions(at="9h") == ["notify_customer"]


@pytest.mark.parametrize("kind", ["individual", "automated", "cert", "rights_holder"])
def test_3_spam_from_others_is_only_a_matter_of_clause_8(kind: str) -> None:
    answers = replayed(a_service(), spam(kind=kind), a_finding("not_remediated", "3h"), until="9h")
    assert set(answers.actions()) == {"notify_customer"}


@pytest.mark.parametrize("order", [("remediated", "paid"), ("paid", "remediated")])
def test_3_the_bar_falls_when_remedied_and_paid_in_either_order(order: tuple[str, str]) -> None:
    steps = {"remediated": a_finding("remediated", "8h"), "paid": paid("8h")}
    first, second = (steps[word] for word in order)
    second = {**second, "at": at("9h")}
    answers = replayed(a_service(), spam(), first, second, until="99h")
    lifted = answers.expect_one(action="lift_bar")
    assert (lifted["at"], lifted["clause"], lifted["ips"], lifted["approval"]) == (at("9h"), "3", [IP], "auto")
    answers.expect_one(record="hold", status="ended", irrevocable=True, at="9h")
    answers.expect_one(action="unsuspend_service", at="9h", clause="3")


@pytest.mark.parametrize("kind", ["invoice.cancelled", "invoice.refunded"])
def test_3_a_fine_that_was_cancelled_counts_as_paid_for_the_bar(kind: str) -> None:
    closed = an_event(kind, "9h", invoice="k1.fine")
    replayed(a_service(), spam(), a_finding("remediated", "8h"), closed).expect_one(action="lift_bar", at="9h")


def test_3_the_hold_of_the_case_does_not_fall_with_the_listing() -> None:
    answers = replayed(a_service(), spam(), listing_cleared("7h"), unsuspend_asked("8h"))
    answers.expect_one(action="lift_bar", at="7h")
    answers.expect_none(action="unsuspend_service")
    assert answers.expect_one(record="verdict")["outcome"] == "refuse"


def test_3_a_listing_cleared_before_the_bar_does_not_spare_it() -> None:
    replayed(a_service(), spam(), listing_cleared("1h"), until="6h").expect_one(action="bar_unsuspension", at="6h")


def test_3_a_bar_that_fell_comes_again_with_not_remediated() -> None:
    answers = replayed(a_service(), spam(), listing_cleared("7h"), a_finding("not_remediated", "8h"))
    assert [bar["at"] for bar in answers.where(action="bar_unsuspension")] == [at("6h"), at("8h")]
    answers.expect_one(action="charge_fine")


def test_3_the_bar_stays_while_the_fine_waits_for_approval() -> None:
    answers = replayed(a_service(), spam(), a_finding("remediated", "8h"), until="99h", approve="none")
    assert answers.expect_one(action="charge_fine")["state"] == "proposed"
    answers.expect_none(action="lift_bar")


# ---- 4 ----


@pytest.mark.parametrize("category", FRAUD)
def test_4_fraud_terminates_without_refund_and_costs_20_dollars(category: str) -> None:
    answers = replayed(a_service(), a_complaint(category), until="99h")
    gone = answers.expect_one(action="terminate_service")
    assert (gone["clause"], gone["erase"], gone["approval"], gone["state"]) == ("4", True, 1, "done")
    assert answers.expect_one(action="refuse_refund")["clause"] == "4"
    assert answers.expect_one(action="charge_fine")["amount"] == "20.00"
    answers.expect_none(action="suspend_service")
    answers.expect_none(record="hold")


def test_4_until_it_is_approved_the_service_is_held_suspended() -> None:
    answers = replayed(a_service(), a_complaint("content/phishing"), approve="none")
    assert answers.expect_one(action="terminate_service")["state"] == "proposed"
    suspension = answers.expect_one(action="suspend_service")
    assert (suspension["clause"], suspension["approval"], suspension["state"]) == ("4", "auto", "done")
    assert answers.expect_one(record="hold")["clause"] == "4"
    assert answers.expect_one(action="charge_fine")["state"] == "proposed"


# ---- 5 ----


@pytest.mark.parametrize("kind", ["blocklist", "operator", "individual"])
@pytest.mark.parametrize("category", SPAM)
def test_5_an_open_mail_port_costs_50_dollars_at_once(category: str, kind: str) -> None:
    answers = replayed(MAIL_OPEN, a_complaint(category, reporter={"name": "x", "kind": kind}))
    fine = answers.expect_one(action="charge_fine")
    assert (fine["at"], fine["clause"], fine["amount"], fine["due"]) == (at("0h"), "5", "50.00", at("24h"))


def test_5_it_replaces_the_fine_of_clause_3_and_not_its_bar() -> None:
    answers = replayed(MAIL_OPEN, spam(), a_finding("not_remediated", "7h"), until="48h")
    answers.expect_one(action="charge_fine")
    answers.expect_one(action="bar_unsuspension", clause="3", at="6h")


@pytest.mark.parametrize("approve", ["all", "none"])
def test_5_never_both_even_where_the_fine_only_waits_for_approval(approve: str) -> None:
    replayed(MAIL_OPEN, spam(), until="48h", approve=approve).expect_one(action="charge_fine", clause="5")


def test_5_the_bar_falls_with_the_50_dollars_paid() -> None:
    replayed(MAIL_OPEN, spam(), a_finding("remediated", "8h"), paid("9h")).expect_one(action="lift_bar", at="9h")


def test_5_what_is_said_of_the_mail_port_stays_until_said_otherwise() -> None:
    kept = replayed(MAIL_OPEN, seen(when="1h", attributes={"other": 1}), spam("2h"))
    kept.expect_one(action="charge_fine", clause="5")
    silent = replayed(MAIL_OPEN, seen(when="1h", attributes={"mail_port_open": None}), spam("2h"))
    silent.expect_one(action="charge_fine", clause="5")
    closed = replayed(MAIL_OPEN, seen(when="1h", attributes={"mail_port_open": False}), spam("2h"))
    closed.expect_none(action="charge_fine")


def test_5_does_not_concern_other_complaints() -> None:
    replayed(MAIL_OPEN, a_complaint("copyright/p2p")).expect_none(action="charge_fine")


# ---- 6, 7 ----


def asked(cause: str, when: str = "1h", ip: str = IP) -> dict[str, Any]:
    return an_event("ip_replacement.requested", when, "r1", service="1", ip=ip, cause=cause)


def test_6_the_customers_own_fault_is_refused() -> None:
    answers = replayed(a_service(), asked("customer"))
    assert [(answer["record"], answer["clause"]) for answer in answers.where(at="1h")] == [
        ("verdict", "6"),
        ("action", "6"),
    ]
    verdict = answers.expect_one(record="verdict")
    assert (verdict["question"], verdict["outcome"]) == ("ip_replacement", "refuse")
    refusal = answers.expect_one(record="action")
    assert (refusal["action"], refusal["ip"], refusal["approval"]) == ("refuse_ip_replacement", IP, "auto")


def test_7_through_others_it_costs_5_dollars_and_comes_once_paid() -> None:
    answers = replayed(a_service(), asked("third_party"), paid("3h", "fee"))
    assert answers.expect_one(record="verdict")["outcome"] == "allow"
    fee = answers.expect_one(action="charge_fee")
    assert (fee["clause"], fee["amount"], fee["currency"], fee["at"]) == ("7", "5.00", "USD", at("1h"))
    assert (fee["due"], fee["approval"]) == (at("25h"), 1)
    new = answers.expect_one(action="replace_ip")
    assert (new["at"], new["clause"], new["ip"], new["approval"]) == (at("3h"), "7", IP, 1)


def test_7_the_fee_is_known_by_the_id_of_its_invoice() -> None:
    paid_by_id = an_event("invoice.paid", "3h", invoice="r1.fee")
    replayed(a_service(), asked("third_party"), paid_by_id).expect_one(action="replace_ip", at="3h")


@pytest.mark.parametrize("kind", ["invoice.cancelled", "invoice.refunded"])
def test_7_a_fee_that_was_cancelled_is_not_paid(kind: str) -> None:
    closed = an_event(kind, "2h", service="1", charge="fee")
    replayed(a_service(), asked("third_party"), closed, paid("3h", "fee")).expect_none(action="replace_ip")


def test_7_an_unpaid_fee_has_no_consequence() -> None:
    answers = replayed(a_service(), asked("third_party"), until="99h")
    assert answers.actions() == ["charge_fee"]


def test_7_a_fee_that_waits_for_approval_cannot_be_paid() -> None:
    replayed(a_service(), asked("third_party"), paid("3h", "fee"), approve="none").expect_none(action="replace_ip")


def test_7_paying_a_fine_replaces_nothing() -> None:
    replayed(a_service(), a_complaint(), asked("third_party"), paid("3h")).expect_none(action="replace_ip")


def test_7_the_providers_own_fault_is_free() -> None:
    answers = replayed(a_service(), asked("provider"))
    assert answers.expect_one(record="verdict")["outcome"] == "allow"
    assert answers.actions() == ["replace_ip"]
    assert answers.expect_one(action="replace_ip")["clause"] == "7"


# ---- 8 ----


def test_8_three_notices_and_then_suspended_without_a_refund() -> None:
    answers = replayed(a_service(), spam(kind="individual"), until="99h")
    told = [
        (answer["at"], answer.get("action") or answer["record"], answer.get("reminder") or answer.get("due"))
        for answer in answers
        if answer["record"] in ("action", "deadline")
    ]
    assert told == [
        (at("0h"), "notify_customer", None),
        (at("0h"), "deadline", at("6h")),
        (at("6h"), "notify_customer", 1),
        (at("6h"), "deadline", at("12h")),
        (at("12h"), "notify_customer", 2),
        (at("12h"), "deadline", at("24h")),
        (at("24h"), "suspend_service", None),
        (at("24h"), "refuse_refund", None),
    ]
    assert {answer["clause"] for answer in answers} == {"8"}
    assert {answer["for"] for answer in answers.where(record="deadline")} == {"reply"}
    assert [answer["status"] for answer in answers.where(record="case")] == ["opened", *["awaiting_customer"] * 3]


def test_8_reminders_say_until_when_and_in_which_form() -> None:
    answers = replayed(a_service(), spam(kind="individual"), until="12h")
    reminders = answers.where(template="reminder")
    assert [(reminder["respond_by"], reminder["remedies"]) for reminder in reminders] == [
        (at("12h"), ["stop_sending", "delist"]), (at("24h"), ["stop_sending", "delist"]),
    ]  # fmt: skip


def test_8_what_is_suspended_already_is_only_held_once_more() -> None:
    answers = replayed(a_service(), a_complaint(), paid("1h"), until="24h")
    answers.expect_one(action="suspend_service")
    answers.expect_one(record="hold", clause="8", at="24h")
    answers.expect_one(action="refuse_refund", clause="8")


def test_8_the_suspension_ends_with_the_remedy_and_not_with_the_reply() -> None:
    answers = replayed(a_service(), spam(kind="individual"), a_reply("30h"), a_finding("remediated", "31h"))
    answers.expect_one(action="unsuspend_service", at="31h", clause="8")


# ---- 9 ----


def test_9_an_unpaid_fine_suspends_after_24_hours_and_payment_releases() -> None:
    quiet = [a_service(), a_complaint(deliberate=False), a_reply("1h")]
    answers = replayed(*quiet, an_event("invoice.paid", "30h", invoice="k1.fine"))
    suspension = answers.expect_one(action="suspend_service")
    assert (suspension["at"], suspension["clause"], suspension["case"]) == (at("24h"), "9", "k1")
    answers.expect_one(record="hold", status="ended", clause="9", at="30h")
    answers.expect_one(action="unsuspend_service", clause="9", at="30h")


def test_9_a_deadline_of_the_payment_is_set_when_the_fine_is_issued() -> None:
    deadline = replayed(a_service(), a_complaint()).expect_one(record="deadline", for_="payment")
    assert (deadline["due"], deadline["case"], deadline["service"]) == (at("24h"), "k1", "1")


@pytest.mark.parametrize("kind", ["invoice.paid", "invoice.cancelled", "invoice.refunded"])
@pytest.mark.parametrize("when", ["2h", "24h"])
def test_9_a_fine_settled_in_time_suspends_nothing(kind: str, when: str) -> None:
    quiet = [a_service(), a_complaint(deliberate=False), a_reply("1h")]
    answers = replayed(*quiet, an_event(kind, when, service="1", charge="fine"), until="99h")
    answers.expect_none(action="suspend_service")


@pytest.mark.parametrize("kind", ["invoice.cancelled", "invoice.refunded"])
def test_9_a_fine_that_is_cancelled_ends_the_hold_as_payment_does(kind: str) -> None:
    quiet = [a_service(), a_complaint(deliberate=False), a_reply("1h")]
    replayed(*quiet, an_event(kind, "30h", invoice="k1.fine")).expect_one(
        action="unsuspend_service", clause="9", at="30h"
    )


def test_9_neither_remedy_nor_reply_ends_the_hold() -> None:
    quiet = [a_service(), a_complaint(deliberate=False), a_reply("1h")]
    answers = replayed(*quiet, a_reply("30h"), a_finding("remediated", "31h"))
    answers.expect_none(record="hold", status="ended")


def test_9_a_fine_that_waits_for_approval_is_not_issued_yet() -> None:
    quiet = [a_service(), a_complaint(deliberate=False), a_reply("1h")]
    answers = replayed(*quiet, until="99h", approve="none")
    answers.expect_none(action="suspend_service")
    answers.expect_none(for_="payment")


# ---- 10 ----

THIRD = [
    a_service(),
    a_complaint("copyright/p2p", "0h", "k1", targets=[WORK]),
    a_complaint("messaging/spam", "1h", "k2"),
]


@pytest.mark.parametrize("category", ["vulnerability/cve", "usage/mining", "other/unclassified", "content/adult"])
def test_10_the_third_strike_of_any_kind_terminates(category: str) -> None:
    answers = replayed(*THIRD, a_complaint(category, "2h", "k3"), until="99h")
    gone = answers.expect_one(action="terminate_service")
    assert (gone["clause"], gone["erase"], gone["case"], gone["approval"]) == ("10", True, "k3", 1)
    assert answers.expect_one(action="refuse_refund")["clause"] == "10"
    assert answers.expect_one(record="case", status="opened", case="k3")["strike"] == 3
    answers.expect_none(action="suspend_service", at="2h")


def test_10_the_fine_of_its_own_kind_still_applies() -> None:
    answers = replayed(*THIRD, a_complaint("connection/ddos", "2h", "k3"))
    assert answers.expect_one(action="charge_fine")["clause"] == "1a"
    infringement = replayed(*THIRD, a_complaint("copyright/p2p", "2h", "k3", targets=[SONG]))
    assert infringement.expect_one(action="charge_fine")["clause"] == "2"


def test_10_fraud_as_the_third_strike_terminates_once_under_its_own_row() -> None:
    answers = replayed(*THIRD, a_complaint("content/phishing", "2h", "k3"))
    assert answers.expect_one(action="terminate_service")["clause"] == "4"
    answers.expect_one(action="refuse_refund")


def test_10_a_void_strike_does_not_count() -> None:
    answers = replayed(*THIRD, a_finding("unfounded", "90m"), a_complaint("vulnerability/cve", "2h", "k3"))
    answers.expect_none(action="terminate_service")
    assert answers.expect_one(record="case", status="opened", case="k3")["strike"] == 2


def test_10_until_it_is_approved_the_service_is_held_suspended() -> None:
    answers = replayed(*THIRD, a_complaint("vulnerability/cve", "2h", "k3"), approve="none")
    assert answers.expect_one(action="terminate_service")["state"] == "proposed"
    assert answers.expect_one(action="suspend_service")["clause"] == "10"
    assert answers.expect_one(record="hold")["clause"] == "10"


# ---- 12 ----


def test_12_a_reseller_gets_every_notice_in_the_resellers_form() -> None:
    answers = replayed(a_reseller(), a_service(), spam(kind="individual"), until="12h")
    assert [notice["template"] for notice in answers.where(action="notify_customer")] == [
        "reseller_complaint", "reseller_reminder", "reseller_reminder",
    ]  # fmt: skip
    assert replayed(a_service(), spam()).expect_one(action="notify_customer")["template"] == "complaint"


def test_12_it_does_not_matter_when_the_client_was_seen_to_be_a_reseller() -> None:
    later = an_event("client.observed", "1h", client="c1", kind="reseller", locale="de")
    silent = an_event("client.observed", "2h", client="c1", locale="en")
    answers = replayed(a_service(), later, silent, spam("3h"))
    assert answers.expect_one(action="notify_customer")["template"] == "reseller_complaint"
