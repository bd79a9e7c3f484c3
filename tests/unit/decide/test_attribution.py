"""Who has to answer a complaint: the holder of the address at the time it is about (G1, F Incidents, interface 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.unit.decide.scenario import IP, OTHER_IP, a_complaint, a_service, at, replayed, seen


def opened(*events: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(case, service) of every case opened."""
    answers = replayed(*events)
    return [(answer["case"], answer["service"]) for answer in answers.where(record="case", status="opened")]


def test_a_complaint_about_an_address_nobody_held_is_recorded_and_does_nothing() -> None:
    answers = replayed(a_service(), a_complaint(ip="198.51.100.1"), until="48h")
    only = answers.expect_one(record="unattributed")
    assert len(answers.all) == 1
    assert (only["clause"], only["complaint"], only["ips"], only["at"]) == ("G1", "k1", ["198.51.100.1"], at("0h"))
    assert only["because"].endswith(".")
    assert "service" not in only


def test_a_complaint_about_an_unknown_service_is_unattributed() -> None:
    assert [answer["record"] for answer in replayed(a_service(), a_complaint(service="99"))] == ["unattributed"]


def test_the_holder_at_the_time_of_the_abuse_answers_and_the_present_one_is_not_touched() -> None:
    answers = replayed(
        a_service("1"),
        a_service("2", "10h", client="c2", ips=[IP]),
        a_complaint(when="12h", occurred_at=at("9h")),
    )
    assert {answer["service"] for answer in answers} == {"1"}
    assert answers.expect_one(action="suspend_service")["client"] == "c1"


def test_the_holder_when_the_complaint_came_answers_where_it_names_no_time() -> None:
    answers = replayed(a_service("1"), a_service("2", "10h", client="c2", ips=[IP]), a_complaint(when="12h"))
    assert {answer["service"] for answer in answers} == {"2"}


def test_an_address_changes_hands_at_the_instant_it_is_seen_elsewhere() -> None:
    moved = [a_service("1"), a_service("2", "10h", client="c2", ips=[IP])]
    assert opened(*moved, a_complaint(when="12h", occurred_at=at("10h"))) == [("k1", "2")]
    just_before = "2024-03-01T09:59:59Z"
    assert opened(*moved, a_complaint(when="12h", occurred_at=just_before)) == [("k1", "1")]


def test_an_address_given_up_is_held_by_nobody_from_then_on() -> None:
    given_up = [a_service("1"), seen("1", "5h", ips=[])]
    assert opened(*given_up, a_complaint(when="6h")) == []
    assert opened(*given_up, a_complaint(when="6h", occurred_at=at("4h"))) == [("k1", "1")]


def test_an_observation_without_addresses_leaves_them_as_they_were() -> None:
    assert opened(a_service("1"), seen("1", "1h", status="active"), a_complaint(when="2h")) == [("k1", "1")]


def test_the_first_sight_dates_addresses_back_to_the_start_of_the_period() -> None:
    first = a_service("1", "10h", period_start=at("2h"))
    assert opened(first, a_complaint(when="12h", occurred_at=at("2h"))) == [("k1", "1")]
    assert opened(first, a_complaint(when="12h", occurred_at=at("1h"))) == []
    assert opened(a_service("1", "10h"), a_complaint(when="12h", occurred_at=at("9h"))) == []


def test_an_address_added_later_is_held_from_then() -> None:
    added = [
        a_service("1", "10h", period_start=at("2h")),
        seen("1", "11h", ips=[IP, OTHER_IP], period_start=at("2h")),
    ]
    assert opened(*added, a_complaint(when="12h", ip=OTHER_IP, occurred_at=at("10h"))) == []
    assert opened(*added, a_complaint(when="12h", ip=OTHER_IP, occurred_at=at("11h"))) == [("k1", "1")]


def test_the_first_sight_never_reaches_back_into_the_time_of_another() -> None:
    events = [
        a_service("1", "0h"),
        seen("1", "5h", ips=[]),
        a_service("2", "10h", client="c2", ips=[IP], period_start=at("-9d")),
    ]
    assert opened(*events, a_complaint(when="12h", occurred_at=at("4h"))) == [("k1", "1")]
    assert opened(*events, a_complaint(when="12h", occurred_at=at("6h"))) == [("k1", "2")]


def test_a_prefix_holds_every_address_in_it() -> None:
    prefix = a_service("1", ips=["198.51.100.0/24", "2001:db8:1::/48"])
    assert opened(prefix, a_complaint(ip="198.51.100.77")) == [("k1", "1")]
    assert opened(prefix, a_complaint(ip="2001:db8:1:ffff::9")) == [("k1", "1")]
    assert opened(prefix, a_complaint(ip="198.51.101.1")) == []


@pytest.mark.parametrize("order", [("1", "2"), ("2", "1")])
def test_the_longest_prefix_holds(order: tuple[str, str]) -> None:
    networks = {"1": ["198.51.100.0/24"], "2": ["198.51.100.77"]}
    services = [a_service(name, client=f"c{name}", ips=networks[name]) for name in order]
    assert opened(*services, a_complaint(ip="198.51.100.77")) == [("k1", "2")]
    assert opened(*services, a_complaint(ip="198.51.100.78")) == [("k1", "1")]


def test_an_address_is_the_same_however_it_is_written() -> None:
    service = a_service("1", ips=["2001:DB8:0:0::1", "192.0.2.10/32"])
    assert opened(service, a_complaint(ip="2001:db8::1")) == [("k1", "1")]
    assert opened(service, a_complaint(ip="::ffff:192.0.2.10")) == [("k1", "1")]


def test_two_services_of_one_client_get_a_case_each() -> None:
    events = [a_service("1", ips=[IP]), a_service("2", ips=[OTHER_IP]), a_complaint(ips=[OTHER_IP, IP])]
    assert opened(*events) == [("k1", "2"), ("k1.1", "1")]
    answers = replayed(*events)
    assert answers.expect_one(action="charge_fine", case="k1")["ips"] == [OTHER_IP]
    assert answers.expect_one(action="charge_fine", case="k1.1")["ips"] == [IP]
    assert [answer["strike"] for answer in answers.where(record="case", status="opened")] == [1, 1]


def test_services_of_two_clients_get_a_case_each_and_stray_addresses_are_unattributed() -> None:
    events = [
        a_service("1", client="c1", ips=[IP]),
        a_service("2", client="c2", ips=[OTHER_IP]),
        a_complaint(ips=["203.0.113.5", IP, OTHER_IP]),
    ]
    assert opened(*events) == [("k1", "1"), ("k1.2", "2")]
    answers = replayed(*events)
    assert answers.expect_one(record="unattributed")["ips"] == ["203.0.113.5"]
    assert {(answer["client"], answer["service"]) for answer in answers.where(record="action")} == {
        ("c1", "1"), ("c2", "2"),
    }  # fmt: skip


def test_where_the_first_service_has_a_duplicate_the_others_keep_their_longer_id() -> None:
    events = [
        a_service("1", client="c1", ips=[IP]),
        a_service("2", client="c2", ips=[OTHER_IP]),
        a_complaint(name="k1", ip=IP),
        a_complaint(name="k2", when="1h", ips=[IP, OTHER_IP]),
    ]
    answers = replayed(*events)
    assert answers.expect_one(record="duplicate")["case"] == "k1"
    assert answers.expect_one(record="case", status="opened", at="1h")["case"] == "k2.2"


def test_a_case_is_found_again_by_its_longer_id() -> None:
    answers = replayed(
        a_service("1", client="c1", ips=[IP]),
        a_service("2", client="c2", ips=[OTHER_IP]),
        a_complaint(ips=[IP, OTHER_IP]),
        {"id": "f", "type": "finding.recorded", "at": at("1h"), "case": "k1.2", "finding": "unfounded", "by": "anna"},
    )
    dismissed = answers.expect_one(record="case", status="dismissed")
    assert (dismissed["case"], dismissed["client"], dismissed["strike"]) == ("k1.2", "c2", 0)
