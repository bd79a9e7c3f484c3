"""What two policies would do differently with the same events: whom, and the sums."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bridge.errors import NotFound
from bridge.policy.comparing import Comparison, compare
from bridge.policy.load import find_pack
from bridge.policy.pack import Pack
from bridge.rules import Rules
from bridge.timeformat import parse_time
from tests.unit.decide.scenario import a_complaint, a_finding, a_service, at, events
from tests.unit.policy.tiny import NOTICE, a_pack, clause

FINE = "on: strike\n  when: {{group: attacks}}\n  then: [{{charge_fine: {{amount: {amount}, due: 24h}}}}]"
HARSH = "on: strike\n  when: {group: attacks}\n  then: [suspend_service]"


def compared(a: Pack, b: Pack, *written: Mapping[str, Any], until: str | None = None) -> Comparison:
    end = parse_time(at(until), "until") if until else None
    return compare(Rules(a, at_once=True), Rules(b, at_once=True), events(*written), end)


@pytest.fixture
def mild(tmp_path: Path) -> Pack:
    return a_pack(tmp_path, NOTICE, clause("1", FINE.format(amount="10.00")))


@pytest.fixture
def harsh(tmp_path: Path) -> Pack:
    return a_pack(tmp_path, NOTICE, clause("1", FINE.format(amount="25.50")), clause("2", HARSH))


def test_a_policy_does_nothing_different_from_itself(mild: Pack) -> None:
    same = compared(mild, mild, a_service(), a_complaint())
    assert same.different() == []
    assert same.to_json()["fined"] == {"both": ["1"], "only_a": [], "only_b": []}


def test_who_is_suspended_fined_and_freed_and_the_sums_are_told_for_both(mild: Pack, harsh: Pack) -> None:
    told = compared(mild, harsh, a_service(), a_complaint(), a_finding("remediated", "1h")).to_json()
    assert told["suspended"] == {"both": [], "only_a": [], "only_b": ["1"]}
    assert told["freed"] == {"both": [], "only_a": [], "only_b": ["1"]}
    assert told["sums"] == {"EUR": {"fines": {"a": "10.00", "b": "25.50"}}}
    (row,) = told["services"]
    assert (row["service"], row["client"]) == ("1", "c1")
    assert (row["a"]["suspended"], row["b"]["suspended"]) == ([], ["2"])
    assert row["b"]["sums"] == {"EUR": {"fines": "25.50"}}


def test_services_that_fare_the_same_are_not_listed(mild: Pack, harsh: Pack) -> None:
    other = a_service("2", ips=["192.0.2.20"])
    silent = a_complaint("messaging/spam", name="k2", ip="192.0.2.20")
    told = compared(mild, harsh, a_service(), other, a_complaint(), silent, until="25h").to_json()
    assert [row["service"] for row in told["services"]] == ["1"]
    assert told["suspended"]["both"] == ["1", "2"]


def test_a_version_is_taken_by_its_number() -> None:
    pack = find_pack("klt-net@2022-06-07")
    assert [version.number for version in pack.versions] == ["2022-06-07"]
    with pytest.raises(NotFound, match="it has 2022-06-07"):
        find_pack("klt-net@1999-01-01")


def test_what_is_given_back_is_counted_apart(mild: Pack) -> None:
    told = compared(mild, mild, a_service(), a_complaint(), a_finding("unfounded", "1h")).to_json()
    assert told["sums"]["EUR"] == {"fines": {"a": "10.00", "b": "10.00"}, "waived": {"a": "10.00", "b": "10.00"}}
