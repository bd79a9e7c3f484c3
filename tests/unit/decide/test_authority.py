"""Authorities and evidence: once for a case, deferred and never rejected, and nothing told before it is released."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.events import ActionRejected
from bridge.policy.load import load_pack
from bridge.policy.pack import Pack
from tests.unit.decide.scenario import Story, a_complaint, a_finding, a_service, an_event, replayed, seen

PACK = """\
pack: secret
title: Matters that are not told at once
currency: EUR
versions:
  - version: "1"
    effective: 2020-01-01
    groups:
      grave: {categories: [content/csam, content/illegal]}
      other: {categories: ["*"]}
    clauses:
      "1":
        says: Grave matters go to the authorities; the customer is told when staff says so.
        rules:
          - on: [strike, {finding: culpable}]
            when: {group: grave}
            then:
              - refer_to_authority: {only_deferred: true}
              - preserve_evidence
              - suspend_service
            because: "Service {service} is held while a matter is looked into."
          - on: released
            when: {group: grave}
            then:
              - notify_customer: {template: complaint}
            because: "A complaint about service {service} was looked into."
"""


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    file = tmp_path / "secret.yaml"
    file.write_text(PACK)
    return load_pack(file)


def released(when: str, case: str = "k1") -> dict[str, object]:
    return an_event("notification.released", when, case=case, by="anna")


def deferred(when: str, reason: str, case: str = "k1", action: str = "refer_to_authority") -> dict[str, object]:
    return an_event("action.deferred", when, case=case, by="anna", action=action, reason=reason)


def test_the_kind_is_what_happened_and_evidence_is_kept_without_asking(pack: Pack) -> None:
    answers = replayed(a_service(), a_complaint("content/csam"), approve="none", pack=pack)
    referral = answers.expect_one(action="refer_to_authority")
    assert (referral["kind"], referral["approval"], referral["state"]) == ("content/csam", 1, "proposed")
    kept = answers.expect_one(action="preserve_evidence")
    assert (kept["kind"], kept["approval"], kept["state"]) == ("content/csam", "auto", "done")
    assert "only_deferred" not in referral


@pytest.mark.parametrize("approve", ["all", "none"])
def test_neither_is_decided_again_for_the_same_case(pack: Pack, approve: str) -> None:
    events = [a_service(), a_complaint("content/csam"), a_finding("culpable", "1h")]
    answers = replayed(*events, approve=approve, pack=pack)
    answers.expect_one(action="refer_to_authority")
    answers.expect_one(action="preserve_evidence")


def test_a_referral_that_was_rejected_is_proposed_anew(pack: Pack) -> None:
    story = Story(a_service(), pack=pack)
    referral = story.take(a_complaint("content/illegal")).expect_one(action="refer_to_authority")
    story.answer(ActionRejected, referral, "1h")
    assert story.take(a_finding("culpable", "2h")).actions() == ["refer_to_authority"]


def test_a_terminated_service_is_not_sanctioned_and_yet_referred(pack: Pack) -> None:
    answers = replayed(a_service(), seen(when="1h", status="terminated"), a_complaint("content/csam", "2h"), pack=pack)
    assert answers.actions() == ["refer_to_authority", "preserve_evidence"]


def test_the_customer_is_told_only_once_it_is_released(pack: Pack) -> None:
    answers = replayed(a_service(), a_complaint("content/csam"), released("5h"), released("6h"), pack=pack)
    notice = answers.expect_one(action="notify_customer")
    assert (notice["at"], notice["clause"], notice["template"]) == (released("5h")["at"], "1", "complaint")
    assert answers.actions(at="6h") == ["record_note"]


@pytest.mark.parametrize("case", ["k1", "k2"])
def test_releasing_what_is_withheld_by_nobody_is_only_noted(pack: Pack, case: str) -> None:
    answers = replayed(a_service(), a_complaint("connection/ddos"), released("1h", case), pack=pack)
    assert answers.actions(at="1h") == ["record_note"]


def test_a_deferral_is_noted_and_leaves_the_proposal(pack: Pack) -> None:
    story = Story(a_service(), a_complaint("content/illegal"), pack=pack)
    note = story.take(deferred("1h", "the prosecutor\nasks us to wait")).expect_one(action="record_note")
    assert note["text"] == "refer_to_authority was deferred by anna: the prosecutor asks us to wait"
    assert (note["case"], note["service"], note["clause"]) == ("k1", "1", "1")
    assert story.take(a_finding("culpable", "2h")).actions() == ["record_note"]


def test_a_deferral_may_name_the_action_by_its_id(pack: Pack) -> None:
    story = Story(a_service(), pack=pack)
    referral = story.take(a_complaint("content/illegal")).expect_one(action="refer_to_authority")
    note = story.take(deferred("1h", "wait", action=referral["id"])).expect_one(action="record_note")
    assert note["text"] == "refer_to_authority was deferred by anna: wait"


@pytest.mark.parametrize("case", ["k1", "k2"])
def test_deferring_what_waits_for_nothing_is_noted_too(pack: Pack, case: str) -> None:
    answers = replayed(a_service(), a_complaint(), deferred("1h", "wait", case), pack=pack)
    note = answers.expect_one(action="record_note", at="1h")
    assert "refer_to_authority" in note["text"]


@pytest.mark.parametrize(
    "link", ["http://bad.example/a.jpg", "hxxps://bad[.]example/x", "bad.example", "(bad(.)example)", "//192.0.2.1/x"]
)
def test_a_reason_about_child_abuse_is_noted_without_links(pack: Pack, link: str) -> None:
    events = [a_service(), a_complaint("content/csam", targets=["http://bad.example/a.jpg"])]
    answers = replayed(*events, deferred("1h", f"see {link} first"), pack=pack, approve="none")
    note = answers.expect_one(action="record_note")
    assert note["text"] == "refer_to_authority was deferred by anna: see [withheld] first"
    assert not [answer for answer in answers if "bad" in str(answer) or "192.0.2.1/" in str(answer)]
