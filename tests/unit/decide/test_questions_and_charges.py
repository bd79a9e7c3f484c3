"""Approvals, refunds, orders, charges, and what is only noted (G10, G12, G14, G15, F Charges, F Cases, F Panels)."""

from __future__ import annotations

from typing import Any

import pytest

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
    paid,
    replayed,
    seen,
    spam,
)

MARKED = [a_service(), a_complaint(), a_complaint("connection/port_scan", "1h", "k2")]


def refund_asked(when: str = "2h", service: str = "1") -> dict[str, Any]:
    return an_event("refund.requested", when, service=service, amount="10.00", reason="change_of_mind")


# ---- approvals ----


@pytest.mark.parametrize(
    ("action", "approval"),
    [
        ("notify_customer", "auto"),
        ("suspend_service", "auto"),
        ("charge_fine", 1),
        ("refuse_refund", "auto"),
        ("bar_unsuspension", "auto"),
        ("lift_bar", "auto"),
        ("unsuspend_service", 1),
        ("waive_charge", 1),
        ("restore_refund", "auto"),
    ],
)
def test_what_needs_no_approval_is_done_and_the_rest_is_proposed(action: str, approval: str | int) -> None:
    events = [a_service(), spam(), a_finding("not_remediated", "1h"), a_complaint(when="1h", name="k2")]
    events += [a_finding("unfounded", "90m"), a_complaint("connection/port_scan", "2h", "k3")]
    events += [a_finding("unfounded", "3h", case) for case in ("k2", "k3")]
    asked = replayed(*events, approve="none").where(action=action)
    agreed = replayed(*events).where(action=action)
    assert {(answer["approval"], answer["state"]) for answer in asked} <= {
        (approval, "done" if approval == "auto" else "proposed")
    }
    assert {(answer["approval"], answer["state"]) for answer in agreed} == {(approval, "done")}


def test_the_configuration_says_who_must_agree() -> None:
    answers = replayed(
        a_service(),
        a_complaint("content/phishing"),
        approve="none",
        approvals={"terminate_service": 2, "charge_fine": "auto", "suspend_service": 1},
    )
    assert [(answer["action"], answer["approval"], answer["state"]) for answer in answers.where(record="action")][
        :4
    ] == [
        ("terminate_service", 2, "proposed"),
        ("suspend_service", 1, "proposed"),
        ("refuse_refund", "auto", "done"),
        ("charge_fine", "auto", "done"),
    ]


def test_enforce_lifts_only_what_may_be_automatic() -> None:
    answers = replayed(a_service(), a_complaint("content/phishing"), approve="none", mode="enforce")
    assert answers.expect_one(action="charge_fine")["approval"] == "auto"
    assert answers.expect_one(action="terminate_service")["approval"] == 1
    answers.expect_one(action="suspend_service", state="done")


def test_a_record_of_an_action_is_made_once() -> None:
    answers = replayed(*MARKED, until="99h")
    ids = [answer["id"] for answer in answers.where(record="action")]
    assert len(ids) == len(set(ids))


# ---- refunds ----


def test_a_marked_service_gets_no_refund_and_the_customer_is_told() -> None:
    answers = replayed(*MARKED, refund_asked())
    verdict = answers.expect_one(record="verdict")
    assert (verdict["question"], verdict["outcome"], verdict["clause"]) == ("refund", "refuse", "1b")
    notice = answers.expect_one(action="notify_customer", at="2h")
    assert (notice["template"], notice["clause"]) == ("refund_refused", "1b")
    answers.expect_one(action="refuse_refund")


def test_a_reseller_is_told_in_the_resellers_form() -> None:
    answers = replayed(a_reseller(), *MARKED, refund_asked())
    assert answers.expect_one(action="notify_customer", at="2h")["template"] == "reseller_refund_refused"


def test_a_restored_service_is_judged_as_any_other() -> None:
    answers = replayed(*MARKED, a_finding("unfounded", "90m", "k2"), refund_asked())
    assert answers.expect_one(record="verdict")["outcome"] == "review"


@pytest.mark.parametrize(
    ("asked", "outcome"),
    [
        (refund_asked(), "review"),
        (an_event("sla_credit.requested", "2h", service="1", kind="downtime"), "review"),
        (an_event("order.placed", "2h", order="o1", client="c1", product_kind="vps"), "allow"),
        (refund_asked(service="99"), "allow"),
        (an_event("sla_credit.requested", "2h", service="99", kind="downtime"), "allow"),
        (an_event("ip_replacement.requested", "2h", service="99", ip=IP, cause="customer"), "allow"),
        (an_event("order.placed", "2h", order="o1", client="new", service="99", product_kind="vps"), "allow"),
    ],
)
def test_a_question_without_a_row_has_a_common_answer(asked: dict[str, Any], outcome: str) -> None:
    answers = replayed(a_service(), asked)
    assert [answer["record"] for answer in answers] == ["verdict"]
    assert answers.all[0]["outcome"] == outcome


def test_the_answer_about_an_address_names_it() -> None:
    asked = an_event("ip_replacement.requested", "2h", service="1", ip=IP, cause="customer")
    assert replayed(a_service(), asked).expect_one(record="verdict")["ip"] == IP
    assert "ip" not in replayed(a_service(), refund_asked()).expect_one(record="verdict")


# ---- orders ----


def test_every_order_of_a_refused_client_is_held() -> None:
    events = [
        a_service(),
        an_event("order.placed", "1h", order="o1", client="c1", product_kind="vps"),
        an_event("client.refused", "2h", client="c1", by="anna"),
        an_event("order.placed", "3h", order="o2", client="c1", product_kind="vps"),
        an_event("order.placed", "4h", order="o3", client="c1", product_kind="vps", service="77"),
        an_event("order.placed", "5h", order="o4", client="c2", product_kind="vps"),
    ]
    answers = replayed(*events)
    assert [verdict["outcome"] for verdict in answers.where(record="verdict")] == ["allow", "hold", "hold", "allow"]
    held = answers.where(action="hold_order")
    assert [(action["order"], action["clause"], action["state"]) for action in held] == [
        ("o2", "G15", "done"), ("o3", "G15", "done"),
    ]  # fmt: skip


# ---- charges ----


def test_an_invoice_is_known_by_case_and_charge() -> None:
    by_id = an_event("invoice.paid", "1h", invoice="k1.fine")
    replayed(a_service(), a_complaint(), by_id, until="24h").expect_none(clause="9")


def test_each_case_of_one_complaint_has_its_own_invoice() -> None:
    events = [a_service("1"), a_service("2", client="c2", ips=[OTHER_IP]), a_complaint(ips=[IP, OTHER_IP])]
    answers = replayed(*events, an_event("invoice.paid", "1h", invoice="k1.2.fine"), until="24h")
    assert answers.expect_one(record="hold", clause="9")["service"] == "1"


def test_paying_by_service_settles_all_its_open_fines() -> None:
    answers = replayed(*MARKED, paid("2h"), until="30h")
    answers.expect_none(clause="9")


def test_paying_another_kind_of_charge_settles_no_fine() -> None:
    replayed(*MARKED, paid("2h", "fee"), until="30h").expect_one(record="hold", clause="9", case="k1")


@pytest.mark.parametrize("kind", ["invoice.paid", "invoice.cancelled", "invoice.refunded"])
def test_an_invoice_nobody_knows_does_nothing(kind: str) -> None:
    assert replayed(a_service(), an_event(kind, "1h", invoice="nobody's")).all == []


def test_a_refund_of_a_paid_fine_closes_it_so_that_it_is_not_waived() -> None:
    refunded = an_event("invoice.refunded", "2h", invoice="k1.fine")
    answers = replayed(a_service(), a_complaint(), paid("1h"), refunded, a_finding("unfounded", "3h"))
    answers.expect_none(action="waive_charge")


def test_a_charge_is_waived_once() -> None:
    answers = replayed(a_service(), a_complaint(), a_finding("unfounded", "1h"), a_finding("unfounded", "2h"))
    answers.expect_one(action="waive_charge")


def test_money_is_text_with_two_decimals_and_times_are_utc() -> None:
    shifted = {**a_complaint(), "at": "2024-03-01T05:30:00+05:30"}
    fine = replayed(a_service(), shifted).expect_one(action="charge_fine")
    assert (fine["amount"], fine["at"], fine["due"]) == ("20.00", "2024-03-01T00:00:00Z", "2024-03-02T00:00:00Z")


# ---- what is only noted ----


@pytest.mark.parametrize(
    "event",
    [
        an_event("service.expired", "1h", service="99"),
        an_event("undertaking.signed", "1h", service="99", by="x"),
        an_event("usage.observed", "1h", service="99", metric="cpu", value=0.5, hours=1),
        an_event("terms.declined", "1h", service="99"),
        an_event("refund.granted", "1h", service="99", client="c1"),
        an_event("invoice.paid", "1h", service="99", charge="fine"),
        an_event("evidence.provided", "1h", case="nowhere", kind="other"),
        an_event("notification.released", "1h", case="nowhere", by="anna"),
        an_event("action.deferred", "1h", case="nowhere", by="anna", action="x", reason="y"),
    ],
    ids=lambda event: event["type"],
)
def test_an_event_about_nothing_known_is_noted(event: dict[str, Any]) -> None:
    assert replayed(a_service(), event).actions() == ["record_note"]


@pytest.mark.parametrize(
    "event",
    [
        an_event("service.expired", "1h", service="1"),
        an_event("usage.observed", "1h", service="1", metric="cpu", value=0.99, hours=9),
        an_event("payment.disputed", "1h", client="c1", contacted_support=False),
        an_event("staff.abused", "1h", client="c1"),
        an_event("terms.declined", "1h", client="c1"),
        an_event("client.observed", "1h", client="c1", kind="customer"),
        an_event("incident.declared", "1h", incident="i", affected=["1"], started=at("0h"), ended=at("1h")),
    ],
    ids=lambda event: event["type"],
)
def test_what_klt_net_has_no_row_for_does_nothing(event: dict[str, Any]) -> None:
    assert replayed(a_service(), event).all == []


def test_every_record_names_its_basis_in_one_sentence() -> None:
    events = [a_reseller(), *MARKED, spam("2h", "k3"), a_reply("3h"), refund_asked("4h"), a_finding("unfounded", "5h")]
    events += [a_complaint(ip="203.0.113.1", name="k9", when="5h"), seen(when="6h", status="suspended")]
    for answer in replayed(*events, until="99h"):
        assert answer["record"] in {"action", "verdict", "deadline", "hold", "case", "duplicate", "unattributed"}
        assert answer["policy"] == "klt-net"
        assert answer["version"] == "2022-06-07"
        assert answer["clause"]
        assert answer["because"].endswith(".")
        assert answer["at"].endswith("Z")
