"""What reaches every service of a client: account-wide suspensions and marks, disputes, the end of an account."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bridge.events import ActionApproved, ActionDone, ActionRejected
from bridge.policy.load import load_pack
from bridge.policy.pack import Pack
from tests.unit.decide.scenario import (
    Answers,
    Story,
    a_complaint,
    a_finding,
    a_service,
    an_event,
    at,
    paid,
    replayed,
    seen,
    unsuspend_asked,
)

PACK = """\
pack: house
title: All under one roof
currency: EUR
versions:
  - version: "1"
    effective: 2020-01-01
    groups:
      spam: {categories: [messaging/spam]}
      other: {categories: ["*"]}
    clauses:
      "1":
        says: Spam suspends the account.
        rules:
          - on: strike
            when: {group: spam}
            then:
              - suspend_service: {reach: client}
              - refuse_refund: {reach: client}
            because: "Spam from service {service}: the account is suspended."
      "2":
        says: Whoever disputes a payment before he speaks with us loses the account.
        rules:
          - on: payment_disputed
            when: {contacted_support: false}
            then:
              - refuse_refund: {reach: client}
              - terminate_client
            because: "A payment was disputed without a word to support."
          - on: payment_disputed
            when: {contacted_support: true}
            then:
              - notify_staff: {template: review}
            because: "A payment was disputed after support was asked."
      "3":
        says: Other trouble suspends.
        rules:
          - on: strike
            when: {group: other}
            then: [suspend_service, refuse_refund]
            because: "Trouble with service {service}."
"""

THREE = [
    a_service("1"),
    a_service("2", ips=["192.0.2.12"]),
    a_service("3", ips=["192.0.2.13"]),
    a_service("9", client="c2", ips=["192.0.2.19"]),
]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    file: Path = tmp_path_factory.mktemp("packs") / "house.yaml"
    file.write_text(PACK)
    return load_pack(file)


def disputed(when: str = "1h", contacted: bool = False, **more: Any) -> dict[str, Any]:
    return an_event("payment.disputed", when, client="c1", contacted_support=contacted, **more)


def services_of(answers: Answers, **wanted: Any) -> list[str]:
    return [answer["service"] for answer in answers.where(**wanted)]


# ---- account-wide ----


def test_every_service_of_the_client_is_suspended_and_marked_and_nobody_elses(pack: Pack) -> None:
    answers = replayed(*THREE, a_complaint("messaging/spam"), pack=pack)
    assert services_of(answers, action="suspend_service", case="k1", clause="1") == ["1", "2", "3"]
    assert services_of(answers, action="refuse_refund", case="k1", clause="1") == ["1", "2", "3"]
    assert services_of(answers, record="hold", status="placed", case="k1") == ["1", "2", "3"]


def test_a_terminated_service_and_one_not_yet_set_up_are_not_suspended(pack: Pack) -> None:
    events = [*THREE, seen("2", "1h", status="terminated"), seen("3", "1h", status="pending")]
    answers = replayed(*events, a_complaint("messaging/spam", "2h"), pack=pack)
    assert services_of(answers, action="suspend_service") == ["1"]
    assert services_of(answers, action="refuse_refund") == ["1", "3"]


@pytest.mark.parametrize("finding", ["unfounded", "remediated"])
def test_the_finding_on_the_case_frees_all_of_them(pack: Pack, finding: str) -> None:
    answers = replayed(*THREE, a_complaint("messaging/spam"), a_finding(finding, "1h"), pack=pack)
    assert services_of(answers, record="hold", status="ended", at="1h") == ["1", "2", "3"]
    assert services_of(answers, action="unsuspend_service", at="1h") == ["1", "2", "3"]
    restored = ["1", "2", "3"] if finding == "unfounded" else []
    assert services_of(answers, action="restore_refund") == restored


def test_a_hold_of_their_own_keeps_the_others_suspended(pack: Pack) -> None:
    other = a_complaint("connection/ddos", "1h", "k2", ip="192.0.2.12")
    answers = replayed(*THREE, a_complaint("messaging/spam"), other, a_finding("unfounded", "2h"), pack=pack)
    assert services_of(answers, action="unsuspend_service") == ["1", "3"]
    assert services_of(answers, action="restore_refund") == ["1", "3"]
    answers.expect_one(record="hold", status="placed", service="2", case="k2")


def test_lifting_the_hold_of_the_case_lifts_all_and_of_a_service_only_its_own(pack: Pack) -> None:
    spam = [*THREE, a_complaint("messaging/spam")]
    lifted = an_event("hold.lifted", "1h", case="k1", by="anna", reason="agreed")
    assert services_of(replayed(*spam, lifted, pack=pack), action="unsuspend_service") == ["1", "2", "3"]
    lifted = an_event("hold.lifted", "1h", service="2", by="anna", reason="agreed")
    assert services_of(replayed(*spam, lifted, pack=pack), action="unsuspend_service") == ["2"]


def test_lifting_the_holds_of_an_unknown_case_lifts_nothing(pack: Pack) -> None:
    lifted = an_event("hold.lifted", "1h", case="k9", service="1", by="anna", reason="agreed")
    assert replayed(*THREE, a_complaint("messaging/spam"), lifted, pack=pack).actions(at="1h") == ["record_note"]


# ---- disputes ----


def test_a_dispute_refuses_every_refund_and_ends_the_account(pack: Pack) -> None:
    answers = replayed(*THREE, disputed(), pack=pack)
    assert services_of(answers, action="refuse_refund", clause="2") == ["1", "2", "3"]
    ended = answers.expect_one(action="terminate_client")
    assert (ended["client"], ended["approval"], ended["state"], "service" in ended) == ("c1", 1, "done", False)
    answers.expect_none(action="suspend_service")


def test_every_service_is_held_while_the_end_of_the_account_is_proposed(pack: Pack) -> None:
    answers = replayed(*THREE, disputed(), approve="none", pack=pack)
    assert answers.expect_one(action="terminate_client")["state"] == "proposed"
    assert services_of(answers, action="suspend_service", state="done", clause="2") == ["1", "2", "3"]
    assert services_of(answers, record="hold", status="placed") == ["1", "2", "3"]


def test_what_was_held_for_the_proposal_is_freed_when_it_is_rejected(pack: Pack) -> None:
    story = Story(*THREE, disputed(), pack=pack)
    answers = story.answer(ActionRejected, story.last.expect_one(action="terminate_client"), "2h")
    assert services_of(answers, record="hold", status="ended") == ["1", "2", "3"]
    assert services_of(answers, action="unsuspend_service") == ["1", "2", "3"]
    answers.expect_none(action="restore_refund")
    story.take(disputed("3h")).expect_one(action="terminate_client", state="proposed")


def test_after_the_account_has_ended_nothing_is_sanctioned_any_more(pack: Pack) -> None:
    story = Story(*THREE, disputed(), pack=pack)
    proposal = story.last.expect_one(action="terminate_client")
    story.answer(ActionApproved, proposal, "2h")
    story.answer(ActionDone, proposal, "2h")
    assert story.take(disputed("3h")).actions() == []
    answers = story.take(a_complaint("messaging/spam", "4h"))
    answers.expect_one(record="case", status="opened")
    assert answers.actions() == []


def test_open_cases_and_deadlines_of_all_services_end_with_the_account(pack: Pack) -> None:
    answers = replayed(*THREE, a_complaint(), a_complaint(ip="192.0.2.12", name="k2"), disputed(), pack=pack)
    assert [answer["case"] for answer in answers.where(record="case", status="closed")] == ["k1", "k2"]


def test_a_second_dispute_decides_nothing_twice(pack: Pack) -> None:
    answers = replayed(*THREE, disputed(), disputed("2h"), approve="none", pack=pack)
    answers.expect_one(action="terminate_client")
    assert answers.where(at="2h") == []


def test_who_spoke_with_support_first_is_left_alone_and_staff_is_told(pack: Pack) -> None:
    assert replayed(*THREE, disputed(contacted=True), pack=pack).actions() == ["notify_staff"]


def test_a_mark_that_rests_on_a_dispute_too_outlives_the_case(pack: Pack) -> None:
    first, second = a_complaint("connection/ddos", "0h"), disputed("1h")
    for events in ([first, second], [{**second, "at": at("0h")}, {**first, "at": at("1h")}]):
        answers = replayed(a_service("1"), *events, a_finding("unfounded", "2h"), approve="none", pack=pack)
        answers.expect_none(action="restore_refund")


def test_automation_may_not_unsuspend_what_the_account_is_held_for(pack: Pack) -> None:
    verdict = replayed(*THREE, a_complaint("messaging/spam"), unsuspend_asked("1h", service="3"), pack=pack)
    answer = verdict.expect_one(record="verdict")
    assert (answer["outcome"], answer["clause"], answer["case"]) == ("refuse", "1", "k1")


# ---- a charge of the client's ----

FEE = """\
      "4":
        says: A disputed payment costs a fee.
        rules:
          - on: payment_disputed
            when: {contacted_support: true}
            then:
              - charge_fee: {amount: 35.00, due: 7d}
            because: "A payment was disputed."
          - on: {unpaid: fee}
            then:
              - suspend_service: {reach: client, until: paid}
            because: "The fee for a disputed payment is not paid."
"""


@pytest.fixture(scope="module")
def charging(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    file: Path = tmp_path_factory.mktemp("packs") / "charging.yaml"
    file.write_text(PACK + FEE)
    return load_pack(file)


def test_a_fee_that_is_no_services_has_its_deadline_and_its_payment_frees_everything(charging: Pack) -> None:
    bill = an_event("invoice.paid", "200h", invoice="dispute.fee")
    dispute = {**disputed("0h", contacted=True), "id": "dispute"}
    answers = replayed(*THREE, dispute, bill, until="300h", pack=charging)
    due = answers.expect_one(record="deadline", for_="payment", clause="4", client="c1")
    assert (due["due"], "service" in due) == (at("168h"), False)
    assert services_of(answers, action="suspend_service", at="168h", clause="4") == ["1", "2", "3"]
    assert services_of(answers, action="unsuspend_service", at="200h", clause="4") == ["1", "2", "3"]


def test_a_fee_that_is_paid_in_time_suspends_nothing(charging: Pack) -> None:
    dispute = {**disputed("0h", contacted=True), "id": "dispute"}
    answers = replayed(
        *THREE, dispute, an_event("invoice.paid", "20h", invoice="dispute.fee"), until="300h", pack=charging
    )
    answers.expect_none(action="suspend_service")


# ---- until what the case was charged is paid ----

RECONNECTED = """\
      "5":
        says: To be connected again costs a fee.
        rules:
          - on: strike
            when: {group: spam}
            then:
              - charge_fee: {amount: 15.00, due: 14d}
              - suspend_service: {until: remediated and paid}
            because: "Spam from service {service}: a fee connects it again."
"""


@pytest.fixture(scope="module")
def reconnecting(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    file: Path = tmp_path_factory.mktemp("packs") / "reconnecting.yaml"
    file.write_text(PACK[: PACK.index('      "1":')] + RECONNECTED)
    return load_pack(file)


@pytest.mark.parametrize("first", ["paid", "remedied"])
def test_a_service_is_connected_again_once_it_is_remedied_and_the_fee_paid(reconnecting: Pack, first: str) -> None:
    bill, remedy = paid("1h", "fee"), a_finding("remediated", "2h")
    if first == "remedied":
        bill, remedy = paid("2h", "fee"), a_finding("remediated", "1h")
    answers = replayed(a_service(), a_complaint("messaging/spam"), bill, remedy, pack=reconnecting)
    assert services_of(answers, action="unsuspend_service") == ["1"]
    answers.expect_one(action="unsuspend_service", at="2h")


@pytest.mark.parametrize("first", ["rejected", "remedied"])
def test_a_fee_that_an_admin_does_not_want_keeps_nobody_suspended(reconnecting: Pack, first: str) -> None:
    story = Story(a_service(), a_complaint("messaging/spam"), pack=reconnecting)
    proposal = story.last.expect_one(action="charge_fee", state="proposed")
    if first == "remedied":
        story.take(a_finding("remediated", "1h")).expect_none(action="unsuspend_service")
        story.answer(ActionRejected, proposal, "2h").expect_one(action="unsuspend_service")
    else:
        story.answer(ActionRejected, proposal, "1h").expect_none(action="unsuspend_service")
        story.take(a_finding("remediated", "2h")).expect_one(action="unsuspend_service")
