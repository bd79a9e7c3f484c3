"""A rehearsal: what happened here through another policy, while the database is only read."""

from __future__ import annotations

import pytest

from bridge.errors import NotFound
from bridge.policy.load import find_pack
from bridge.rehearsal import rehearse
from tests.contract.store.bureau import Bureau
from tests.unit.decide.scenario import START, a_complaint, a_finding, a_service, hours


def test_the_live_history_is_run_through_another_policy_beside_the_one_in_force(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint(when="-2h"), a_finding("remediated", "-1h"))
    before = bureau.counts()
    told = rehearse(
        bureau.store, bureau.desk.rules, find_pack("dptgroup"), since=None, until=START + hours(48)
    ).to_json()
    assert (told["a"]["policy"], told["b"]["policy"]) == ("klt-net", "dptgroup")
    assert told["suspended"] == {"both": [], "only_a": ["1"], "only_b": []}
    assert told["freed"]["only_a"] == ["1"]
    assert told["sums"] == {"USD": {"fines": {"a": "20.00", "b": "0.00"}}}
    assert bureau.counts() == before


def test_only_what_happened_since_is_rehearsed_with_what_was_known_of_the_services(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint(when="-2h"), a_complaint("content/phishing", name="k2"))
    told = rehearse(
        bureau.store, bureau.desk.rules, find_pack("dptgroup"), since=START - hours(1), until=START
    ).to_json()
    assert told["terminated"]["only_a"] == ["1"]
    assert told["suspended"]["only_a"] == []


def test_what_is_only_observed_live_is_rehearsed_as_if_it_were_done(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint())
    observing = bureau.desk.rules.__class__(bureau.desk.rules.pack, mode="observe")
    told = rehearse(bureau.store, observing, find_pack("klt-net"), since=None, until=START + hours(1)).to_json()
    assert told["suspended"]["both"] == ["1"]


def test_where_nothing_happened_there_is_nothing_to_rehearse(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"))
    with pytest.raises(NotFound):
        rehearse(bureau.store, bureau.desk.rules, find_pack("dptgroup"), since=START, until=START + hours(1))
