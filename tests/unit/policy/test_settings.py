"""What a pack sets once for its clauses, what it may ask of orders and refunds; sums for a part of a time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import InvalidPack
from bridge.policy.load import load_pack
from bridge.policy.settings import UsageLimit
from bridge.prorata import pro_rata

PACK = """\
pack: limits
title: What may be used
currency: EUR
versions:
  - version: "1"
    effective: 2020-01-01
    settings:
      identity_regions: [north, south]
      usage_limits: {cpu: {share: 0.75, hours: 2}}
    groups:
      other: {categories: ["*"]}
    clauses:
      "1":
        says: Enough is enough.
        rules:
          - on: {over_limit: cpu}
            when: {over_limit_since: first}
            then:
              - limit_resource: {cap: 0.5}
            because: "Service {service} uses too much {metric}."
          - on: {question: refund}
            when: {refunds_granted: 3+, verified: [email], outage_longer_than: 24h}
            verdict: allow
            then:
              - grant_refund: {amount: remaining_time}
            because: "Refunded."
"""


def test_settings_are_read_as_what_they_mean(tmp_path: Path) -> None:
    file = tmp_path / "limits.yaml"
    file.write_text(PACK)
    settings = load_pack(file).newest.settings
    assert settings["identity_regions"] == {"north", "south"}
    assert settings["usage_limits"] == {"cpu": UsageLimit(Decimal("0.75"), Decimal(2))}


MISTAKES = [
    ("identity_regions", "identity_region", 8, "did you mean 'identity_regions'"),
    ("[north, south]", "[1]", 8, "must be a region"),
    ("cpu: {share", "cpus: {share", 9, "did you mean 'cpu'"),
    ("{share: 0.75, hours: 2}", "0.75", 9, "must be written as"),
    ("share: 0.75", "share: 1.5", 9, "between 0 and 1"),
    ("share: 0.75", "share: 0", 9, "above 0"),
    ("hours: 2", "hours: -1", 9, "0 or more"),
    ("hours: 2", "hours: many", 9, "must be a number"),
    ("over_limit: cpu", "over_limit: cpus", 16, "did you mean 'cpu'"),
    ("over_limit_since: first", "over_limit_since: soon", 17, "not a duration"),
    ("cap: 0.5", "cap: 1", 19, "between 0 and 1"),
    ("refunds_granted: 3+", "refunds_granted: 3", 22, "is not a number such as 3+"),
    ("verified: [email]", "verified: [emial]", 22, "did you mean 'email'"),
    ("outage_longer_than: 24h", "outage_longer_than: long", 22, "not a duration"),
    ("amount: remaining_time", "amount: 10", 25, "remaining_time"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "says"), MISTAKES)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, right: str, wrong: str, line: int, says: str) -> None:
    file = tmp_path / "limits.yaml"
    file.write_text(PACK.replace(right, wrong, 1))
    with pytest.raises(InvalidPack) as refusal:
        load_pack(file)
    assert (refusal.value.line, says in str(refusal.value)) == (line, True), refusal.value


def test_sums_for_a_part_of_a_time_are_rounded_down_to_the_cent() -> None:
    assert pro_rata(Decimal("100.00"), timedelta(days=20), timedelta(days=30)) == Decimal("66.66")
    assert str(pro_rata(Decimal("30"), timedelta(days=10), timedelta(days=30))) == "10.00"
    assert str(pro_rata(Decimal("0.01"), timedelta(days=29), timedelta(days=30))) == "0.00"


@given(st.decimals("0", "1000000", places=2), st.integers(1, 10**12), st.integers(0, 10**12))
def test_what_is_left_and_what_is_gone_never_come_to_more_than_the_whole(
    amount: Decimal, whole: int, gone: int
) -> None:
    length, past = timedelta(microseconds=whole), timedelta(microseconds=min(gone, whole))
    parts = pro_rata(amount, past, length) + pro_rata(amount, length - past, length)
    assert amount - Decimal("0.01") <= parts <= amount
