"""For an event: which clause applies, and for every other clause which condition failed with which value."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bridge.errors import NotFound
from bridge.policy.explaining import Explanation, explain
from bridge.policy.load import find_pack
from bridge.policy.pack import Pack
from bridge.replay import Replay
from bridge.rules import Rules
from bridge.timeformat import parse_time
from tests.unit.decide.scenario import a_complaint, a_service, an_event, at, events, spam
from tests.unit.policy.tiny import NOTICE, a_pack, clause


def explained(
    *written: Mapping[str, Any], event: str | None = None, until: str | None = None, pack: Pack | None = None
) -> Explanation:
    end = parse_time(at(until), "until") if until else None
    return explain(Rules(pack or find_pack("klt-net"), at_once=True), events(*written), event, end)


def why_not(told: Explanation, number: str) -> list[str]:
    (found,) = [each for each in told.clauses if each.clause.number == number]
    return [rule.why_not() for rule in found.rules if not rule.applies]


def applying(told: Explanation) -> list[str]:
    return [each.clause.number for each in told.clauses if each.applies]


def test_the_clauses_that_apply_are_those_of_the_decision() -> None:
    told = explained(a_service(), a_complaint("connection/ddos"))
    assert applying(told) == ["1a", "8"]
    assert {record["clause"] for record in told.records} == {"1a", "8"}


def test_every_other_clause_names_the_condition_that_failed_with_its_value() -> None:
    told = explained(a_service(), spam(kind="individual"))
    assert why_not(told, "1b") == [
        "group: security fails: group is spam; strike_of_group: 2+ fails: strike_of_group is 1"
    ]
    assert "reporter: blocklist or operator fails: reporter is individual" in why_not(told, "3")
    assert why_not(told, "5") == ["mail_port_open: true fails: mail_port_open is false"]
    assert why_not(told, "9") == ["asked only on unpaid: fine, which did not happen"]


def test_an_earlier_event_is_explained_as_it_was_then() -> None:
    written = (a_service(), a_complaint(), a_complaint("connection/port_scan", "48h", "k2"))
    assert "strike_of_group: 2+ fails: strike_of_group is 1" in why_not(explained(*written, event="k1"), "1b")
    assert "1b" in applying(explained(*written))


def test_a_deadline_is_explained_where_it_is_the_last_that_happened() -> None:
    told = explained(a_service(), spam(), until="7h")
    assert told.event.type == "deadline.due"
    assert applying(told) == ["3", "8"]


def test_explaining_changes_nothing_of_what_is_decided() -> None:
    written = (a_service(), spam(), a_complaint("content/phishing", "1h", "k2"))
    plain = list(Replay(Rules(find_pack("klt-net"), at_once=True)).run(events(*written), None))
    told = explained(*written, event="k2")
    assert list(told.records) == [record for record in plain if record["at"] == at("1h")]


def test_a_row_that_is_not_reached_says_which_clause_answers(tmp_path: Path) -> None:
    row = "on: {question: ip_replacement}\n  verdict: refuse"
    pack = a_pack(tmp_path, NOTICE, clause("1", row), clause("2", row))
    asked = an_event("ip_replacement.requested", "1h", service="1", ip="192.0.2.10", cause="customer")
    told = explained(a_service(), asked, pack=pack)
    assert (applying(told), why_not(told, "2")) == (["1"], ["clause 1 answers first"])


def test_what_keeps_a_complaint_from_being_a_strike_is_told(tmp_path: Path) -> None:
    file = Path(a_pack(tmp_path, NOTICE).file)
    counted = file.read_text().replace("remedies: [clean]", "counts_unless: {product_kind: dedicated}")
    file.with_name("counting.yaml").write_text(counted)
    pack = find_pack(str(file.with_name("counting.yaml")))
    told = explained(a_service(product_kind="dedicated"), a_complaint("connection/ddos"), pack=pack)
    assert applying(told) == []
    (item,) = told.to_json()["counts"] or [None]
    assert item == {
        "condition": "unless product_kind: dedicated", "fact": "product_kind", "wanted": "dedicated", "unless": True,
        "value": "dedicated", "holds": False,
    }  # fmt: skip


@pytest.mark.parametrize("event", [None, "k9"])
def test_what_did_not_happen_cannot_be_explained(event: str | None) -> None:
    with pytest.raises(NotFound):
        explained(*([] if event is None else [a_service()]), event=event)
