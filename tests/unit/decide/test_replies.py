"""What a customer's answer ends, and what it does not (G5)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bridge.policy.load import load_pack
from bridge.policy.pack import Pack
from tests.unit.decide.scenario import a_complaint, a_finding, a_reply, a_service, an_event, at, replayed, spam

ASKING = """
pack: asking
title: A policy with a remedy deadline and a request for evidence
currency: EUR
versions:
  - version: "1"
    effective: 2020-01-01
    groups:
      any: {categories: ["*"]}
      bulk: {categories: [messaging/bulk_messaging]}
    clauses:
      "1":
        says: Remedy within 12 hours or be suspended.
        rules:
          - on: strike
            when: {group: any}
            then:
              - notify_customer: {template: complaint, remedy_within: 12h}
            because: "A complaint about {service}."
          - on: {no_remedy: 12h}
            then: [suspend_service]
            because: "No remedy of {service}."
      "2":
        says: Evidence within 24 hours or be suspended.
        rules:
          - on: strike
            when: {group: bulk}
            then:
              - request_evidence: {kind: double_opt_in, within: 24h}
            because: "Bulk mail from {service}."
          - on: {no_evidence: 24h}
            then: [suspend_service]
            because: "No evidence from {service}."
"""


@pytest.fixture
def asking(tmp_path: Path) -> Pack:
    file = tmp_path / "asking.yaml"
    file.write_text(ASKING)
    return load_pack(file)


@pytest.mark.parametrize("when", ["1h", "6h", "7h", "12h", "23h"])
def test_a_reply_ends_reminders_and_the_reply_deadline(when: str) -> None:
    answers = replayed(a_service(), spam(kind="individual"), a_reply(when), until="72h")
    waiting = answers.expect_one(record="case", status="awaiting_staff")
    assert (waiting["at"], waiting["clause"], waiting["strike"]) == (at(when), "G5", 1)
    assert [answer for answer in answers if answer["at"] > at(when)] == []
    assert all(notice["at"] < at(when) for notice in answers.where(template="reminder"))
    answers.expect_none(action="suspend_service")


def test_a_reply_at_the_instant_of_the_deadline_comes_first() -> None:
    answers = replayed(a_service(), spam(), a_reply("6h"), until="12h")
    answers.expect_none(action="charge_fine")
    answers.expect_none(action="bar_unsuspension")


def test_a_reply_lifts_no_hold() -> None:
    answers = replayed(a_service(), a_complaint(), a_reply("1h"), until="23h")
    answers.expect_none(record="hold", status="ended")
    answers.expect_none(action="unsuspend_service")


def test_a_reply_does_not_end_the_deadline_of_a_payment() -> None:
    answers = replayed(a_service(), a_complaint(), a_reply("1h"), until="24h")
    answers.expect_one(record="hold", status="placed", clause="9", at="24h")


def test_a_reply_that_names_only_the_service_means_its_newest_open_case() -> None:
    answers = replayed(a_service(), a_complaint(), spam("1h", "k2"), a_reply("2h", None, service="1"))
    assert answers.expect_one(record="case", status="awaiting_staff")["case"] == "k2"


@pytest.mark.parametrize("named", [{"case": "nowhere"}, {"service": "99"}, {"service": "1"}])
def test_a_reply_to_nothing_known_is_noted(named: dict[str, str]) -> None:
    answers = replayed(a_service(), an_event("customer.replied", "1h", **named))
    assert answers.actions() == ["record_note"]


def test_a_remedy_deadline_runs_on_but_its_consequence_is_proposed(asking: Pack) -> None:
    events = [a_service(), a_complaint(), a_reply("1h")]
    answers = replayed(*events, until="12h", approve="none", pack=asking)
    assert answers.expect_one(record="deadline")["for"] == "remedy"
    suspension = answers.expect_one(action="suspend_service", at="12h")
    assert (suspension["approval"], suspension["state"]) == (1, "proposed")
    answers.expect_none(record="hold")


def test_without_an_answer_the_consequence_is_automatic(asking: Pack) -> None:
    answers = replayed(a_service(), a_complaint(), until="12h", approve="none", pack=asking)
    assert answers.expect_one(action="suspend_service", at="12h")["approval"] == "auto"


def test_where_it_is_suspended_already_the_hold_is_proposed_too(asking: Pack) -> None:
    events = [a_service(status="suspended"), a_complaint(), a_reply("1h")]
    answers = replayed(*events, until="12h", approve="none", pack=asking)
    assert answers.expect_one(action="suspend_service")["state"] == "proposed"
    answers.expect_none(record="hold")


@pytest.mark.parametrize("approval", ["auto", 2])
def test_no_configuration_makes_that_consequence_automatic(asking: Pack, approval: str | int) -> None:
    answers = replayed(
        a_service(), a_complaint(), a_reply("1h"), until="12h", pack=asking, approvals={"suspend_service": approval}
    )
    assert answers.expect_one(action="suspend_service")["approval"] == (1 if approval == "auto" else 2)


def test_after_not_remediated_the_earlier_reply_no_longer_counts(asking: Pack) -> None:
    answers = replayed(
        a_service(), a_complaint(), a_reply("1h"), a_finding("not_remediated", "2h"), until="20h", pack=asking
    )
    assert answers.expect_one(action="suspend_service", at="14h")["approval"] == "auto"


def test_a_deadline_for_evidence_ends_with_evidence_or_a_reply_that_claims_it(asking: Pack) -> None:
    bulk = [a_service(), a_complaint("messaging/bulk_messaging")]
    silent = replayed(*bulk, until="24h", pack=asking)
    assert silent.expect_one(action="request_evidence")["respond_by"] == at("24h")
    silent.expect_one(action="suspend_service", clause="2", at="24h")
    given = an_event("evidence.provided", "1h", case="k1", kind="double_opt_in")
    for meeting in (given, a_reply("1h", claims="evidence")):
        replayed(*bulk, meeting, until="24h", pack=asking).expect_none(action="suspend_service")
    other = replayed(*bulk, a_reply("1h", claims="remediated"), until="24h", pack=asking)
    other.expect_one(action="suspend_service", clause="2", at="24h")


def test_evidence_does_not_stand_for_a_reply() -> None:
    given = an_event("evidence.provided", "1h", case="k1", kind="not_culpable")
    answers = replayed(a_service(), a_complaint(), given, until="6h")
    answers.expect_one(action="notify_customer", reminder=1, at="6h")
    answers.expect_none(record="hold", status="ended")


def appeal(when: str, case: str = "k1") -> dict[str, Any]:
    return a_reply(when, case=case, text="It was not me.", claims="disputes", appeal=True)


def test_an_appeal_tells_staff_even_where_the_case_is_closed_and_opens_it_again() -> None:
    answers = replayed(a_service(), a_complaint(), a_finding("remediated", "1h"), appeal("48h"))
    told = answers.expect_one(action="notify_staff", template="appeal")
    assert (told["at"], told["case"], told["clause"], told["approval"]) == (at("48h"), "k1", "G5", "auto")
    assert answers.expect_one(record="case", status="awaiting_staff")["strike"] == 1


def test_an_appeal_that_succeeds_takes_back_what_the_closed_case_did() -> None:
    told = [a_service(), a_complaint(), a_finding("remediated", "1h"), appeal("48h"), a_finding("unfounded", "49h")]
    answers = replayed(*told)
    answers.expect_one(action="waive_charge", amount="20.00")
    assert answers.expect_one(record="case", status="dismissed")["strike"] == 0


def test_an_appeal_of_an_open_case_tells_staff_and_answers_it() -> None:
    answers = replayed(a_service(), spam(kind="individual"), appeal("1h"), until="72h")
    answers.expect_one(action="notify_staff", template="appeal")
    answers.expect_one(record="case", status="awaiting_staff")


def test_what_was_dismissed_is_not_opened_by_an_appeal() -> None:
    answers = replayed(a_service(), a_complaint(), a_finding("unfounded", "1h"), appeal("2h"))
    answers.expect_none(action="notify_staff")
    answers.expect_none(record="case", status="awaiting_staff")
