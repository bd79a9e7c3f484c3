"""A rehearsal: what happened here through another policy, while the database is only read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.errors import InvalidInput, NotFound
from bridge.policy.load import find_pack
from bridge.rehearsal import instead, rehearse
from bridge.rules import Route, Rules
from tests.contract.store.bureau import Bureau
from tests.unit.decide.scenario import START, a_complaint, a_finding, a_service, hours


def everywhere(bureau: Bureau, pack: str) -> Rules:
    """That pack alone."""
    return instead(bureau.desk.rules, find_pack(pack))


def test_the_live_history_is_run_through_another_policy_beside_the_one_in_force(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint(when="-2h"), a_finding("remediated", "-1h"))
    before = bureau.counts()
    told = rehearse(
        bureau.store, bureau.desk.rules, everywhere(bureau, "dptgroup"), since=None, until=START + hours(48)
    ).to_json()
    assert (told["a"]["policy"], told["b"]["policy"]) == ("klt-net", "dptgroup")
    assert told["suspended"] == {"both": [], "only_a": ["1"], "only_b": []}
    assert told["freed"]["only_a"] == ["1"]
    assert told["sums"] == {"USD": {"fines": {"a": "20.00", "b": "0.00"}}}
    assert bureau.counts() == before


def test_only_what_happened_since_is_rehearsed_with_what_was_known_of_the_services(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint(when="-2h"), a_complaint("content/phishing", name="k2"))
    told = rehearse(
        bureau.store, bureau.desk.rules, everywhere(bureau, "dptgroup"), since=START - hours(1), until=START
    ).to_json()
    assert told["terminated"]["only_a"] == ["1"]
    assert told["suspended"]["only_a"] == []


def test_what_is_only_observed_live_is_rehearsed_as_if_it_were_done(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint())
    observing = bureau.desk.rules.__class__(bureau.desk.rules.pack, mode="observe")
    told = rehearse(
        bureau.store, observing, everywhere(bureau, "klt-net"), since=None, until=START + hours(1)
    ).to_json()
    assert told["suspended"]["both"] == ["1"]


def test_where_nothing_happened_there_is_nothing_to_rehearse(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"))
    with pytest.raises(NotFound):
        rehearse(bureau.store, bureau.desk.rules, everywhere(bureau, "dptgroup"), since=START, until=START + hours(1))


ROUTED = Rules(find_pack("klt-net"), routes=(Route(pack=find_pack("dptgroup"), product_kind=frozenset({"dedicated"})),))


def test_one_of_several_policies_is_replaced_and_the_others_go_on(bureau: Bureau) -> None:
    dedicated = a_service("2", "-1d", client="c2", product_kind="dedicated", ips=["192.0.2.20"])
    both = (a_complaint(when="-2h"), a_complaint(when="-2h", name="k2", ip="192.0.2.20"))
    bureau.accept(a_service(when="-1d"), dedicated, *both)
    other = instead(ROUTED, find_pack("ipcats"), of="dptgroup")
    told = rehearse(bureau.store, ROUTED, other, since=None, until=START).to_json()
    assert (told["a"]["policy"], told["b"]["policy"]) == ("klt-net, dptgroup", "klt-net, ipcats")
    assert told["suspended"] == {"both": ["1"], "only_a": [], "only_b": ["2"]}
    assert [row["service"] for row in told["services"]] == ["2"]


def test_what_takes_nobodys_place_or_bears_anothers_name_is_refused() -> None:
    with pytest.raises(NotFound, match="in use: klt-net, dptgroup"):
        instead(ROUTED, find_pack("ipcats"), of="lanmang")
    renamed = replace(find_pack("ipcats"), name="klt-net")
    with pytest.raises(InvalidInput):
        instead(ROUTED, renamed, of="dptgroup")
    assert instead(ROUTED, find_pack("klt-net"), of="dptgroup").packs == (find_pack("klt-net"),)
