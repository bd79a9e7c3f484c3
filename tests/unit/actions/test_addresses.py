"""Another address: chosen once, the whole list kept, both records agree, the customer is told."""

from __future__ import annotations

import pytest

from tests.unit.actions.faults import Fault
from tests.unit.actions.scene import Scene, a_work

WORK = a_work("replace_ip", {"ip": "192.0.2.11"}, case=None)


def test_the_address_is_replaced_in_its_place_by_the_nearest_free_one_and_both_records_agree() -> None:
    scene = Scene()
    scene.carry(WORK)
    assert scene.servers.rows["101"].ips == ("192.0.2.10", "192.0.2.77")
    assert scene.billing.rows["12"].ips == ("192.0.2.10", "192.0.2.77")
    text = scene.billing.opened[0].messages[0].text
    assert "Old address: 192.0.2.11" in text
    assert "New address: 192.0.2.77" in text


def test_an_ipv6_address_is_replaced_by_an_ipv6_address() -> None:
    scene = Scene()
    scene.servers.change("101", ips=("192.0.2.10", "2001:db8::1"))
    scene.billing.change("12", ips=("192.0.2.10", "2001:db8::1"))
    scene.carry(a_work("replace_ip", {"ip": "2001:db8::1"}, case=None))
    assert scene.servers.rows["101"].ips == ("192.0.2.10", "2001:db8::7")


def test_another_attempt_means_the_address_chosen_first() -> None:
    scene = Scene()
    scene.faults.at(0, Fault.CRASH_BEFORE)
    scene.carry(WORK)
    scene.servers.free.insert(0, "192.0.2.12")
    assert scene.settle(WORK.id).state == "done"
    assert "192.0.2.77" in scene.servers.rows["101"].ips
    assert "192.0.2.12" not in scene.servers.rows["101"].ips


def test_a_chosen_address_that_somebody_else_was_given_meanwhile_is_a_task() -> None:
    scene = Scene()
    scene.faults.at(0, Fault.CRASH_BEFORE)
    scene.carry(WORK)
    scene.servers.free.remove("192.0.2.77")
    assert scene.settle(WORK.id).state == "manual"
    assert scene.servers.rows["101"].ips == ("192.0.2.10", "192.0.2.11")


def test_without_a_free_address_it_is_a_task() -> None:
    scene = Scene()
    scene.servers.free = ["2001:db8::7"]
    outcome = scene.carry(WORK)
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("manual", [])


def test_an_address_that_the_machine_does_not_have_is_not_replaced() -> None:
    scene = Scene()
    outcome = scene.carry(a_work("replace_ip", {"ip": "203.0.113.1"}, case=None))
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("failed", [])


@pytest.mark.parametrize("ip", ["nonsense", "192.0.2.0/24", ""])
def test_what_is_no_single_address_fails_with_words(ip: str) -> None:
    scene = Scene()
    outcome = scene.carry(a_work("replace_ip", {"ip": ip}, case=None))
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("failed", [])


def test_a_billing_record_that_did_not_know_the_address_gets_the_machines_list() -> None:
    scene = Scene()
    scene.billing.change("12", ips=("203.0.113.9",))
    scene.carry(WORK)
    assert scene.billing.rows["12"].ips == ("192.0.2.10", "192.0.2.77")
