"""What becomes of the contract: terms that the customer declines."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.policy.load import load_pack
from bridge.policy.pack import Pack
from tests.unit.decide.scenario import OTHER_IP, a_complaint, a_service, an_event, replayed, seen, unsuspend_asked

PACK = """\
pack: leaving
title: Whoever declines the terms leaves
currency: EUR
versions:
  - version: "1"
    effective: 2020-01-01
    groups:
      any: {categories: ["*"]}
    clauses:
      "1":
        says: A complaint suspends.
        rules:
          - on: strike
            then: [suspend_service]
            because: "Complaint about {service}."
      "2":
        says: Whoever declines the terms leaves with his data.
        rules:
          - on: terms_declined
            when: {suspended: true}
            then:
              - terminate_service: {erase: false, held: false}
            because: "Service {service} is given up."
          - on: {carried_out: terminate_service}
            then:
              - record_note: {text: gone}
            because: "Service {service} is gone."
      "3":
        says: A fourth complaint terminates.
        rules:
          - on: strike
            when: {strike: 4+}
            then:
              - terminate_service: {erase: true}
            because: "Too many complaints about {service}."
"""
TWO = [a_service("1"), a_service("2", ips=[OTHER_IP])]


def declined(when: str = "5h", **named: str) -> dict[str, object]:
    return an_event("terms.declined", when, **named)


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    file = tmp_path / "leaving.yaml"
    file.write_text(PACK)
    return load_pack(file)


def test_a_suspended_service_is_terminated_and_the_data_is_kept(pack: Pack) -> None:
    answers = replayed(a_service(), a_complaint(), declined(service="1"), pack=pack)
    gone = answers.expect_one(action="terminate_service")
    assert (gone["clause"], gone["erase"], gone["approval"], gone["service"]) == ("2", False, 1, "1")
    assert answers.expect_one(action="record_note")["clause"] == "2"
    assert answers.expect_one(record="case", status="closed")["clause"] == "2"


def test_nothing_is_suspended_while_the_termination_waits(pack: Pack) -> None:
    story = [a_service(), a_complaint(), unsuspend_asked("1h", "admin"), seen(when="2h", status="suspended")]
    answers = replayed(*story, declined(service="1"), pack=pack, approve="none")
    assert answers.expect_one(action="terminate_service")["state"] == "proposed"
    assert answers.actions(at="5h") == ["terminate_service"]
    answers.expect_none(record="hold", at="5h")


def test_it_is_proposed_once(pack: Pack) -> None:
    again = declined("6h", service="1")
    answers = replayed(a_service(), a_complaint(), declined(service="1"), again, pack=pack, approve="none")
    answers.expect_one(action="terminate_service")


def test_a_client_leaves_with_all_that_is_suspended(pack: Pack) -> None:
    complaints = [a_complaint(), a_complaint(ip=OTHER_IP, name="k2")]
    both = replayed(*TWO, *complaints, declined(client="c1"), pack=pack)
    assert [gone["service"] for gone in both.where(action="terminate_service")] == ["1", "2"]
    one = replayed(*TWO, a_complaint(), declined(client="c1"), pack=pack)
    assert one.expect_one(action="terminate_service")["service"] == "1"


def test_a_service_that_is_named_leaves_alone(pack: Pack) -> None:
    complaints = [a_complaint(), a_complaint(ip=OTHER_IP, name="k2")]
    answers = replayed(*TWO, *complaints, declined(service="2"), pack=pack)
    assert answers.expect_one(action="terminate_service")["service"] == "2"


def test_what_no_rule_asks_for_is_not_done(pack: Pack) -> None:
    assert replayed(a_service(), declined(service="1"), pack=pack).all == []


@pytest.mark.parametrize("named", [{"service": "9"}, {"client": "nobody"}])
def test_an_unknown_client_or_service_is_only_noted(pack: Pack, named: dict[str, str]) -> None:
    assert replayed(a_service(), declined(**named), pack=pack).actions() == ["record_note"]


def test_only_the_termination_of_the_same_clause_is_followed(pack: Pack) -> None:
    complaints = [a_complaint(when=f"{n}d", name=f"k{n}") for n in range(2, 10, 2)]
    answers = replayed(a_service(), *complaints, pack=pack)
    assert answers.expect_one(action="terminate_service")["clause"] == "3"
    answers.expect_none(action="record_note")
