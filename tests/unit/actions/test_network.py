"""Blocks of the network: what the panel can do is done and put back; everything else is a task."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.actions import BlockPlans
from bridge.queue import Outcome
from tests.unit.actions.faults import Fault
from tests.unit.actions.scene import Scene, a_case, a_work

PORTS = {"scope": "ports", "ports": [25, 465, 587]}


def carried(scene: Scene, action: str, own: dict[str, Any], **changes: Any) -> Outcome:
    outcome = scene.carry(a_work(action, own, **changes))
    assert outcome is not None
    return outcome


@pytest.mark.parametrize(
    ("own", "changes"),
    [
        ({"scope": "ip", "ips": ["192.0.2.10"]}, {}),
        ({"scope": "ip", "ips": ["2001:db8::1"]}, {}),
        (PORTS, {"case": a_case(ips=("2001:db8::1",))}),
        ({"scope": "outbound"}, {"case": a_case(ips=("192.0.2.10", "2001:db8::1"))}),
    ],
    ids=["one address of several", "an IPv6 address", "ports of an IPv6 address", "outbound of both"],
)
def test_what_the_panel_cannot_block_is_a_task(own: dict[str, Any], changes: dict[str, Any]) -> None:
    scene = Scene()
    outcome = carried(scene, "block_network", own, **changes)
    assert (outcome.state, scene.faults.writes) == ("manual", [])
    assert "VPS 1/101" in outcome.instructions


def test_without_a_configured_plan_ports_are_blocked_by_hand() -> None:
    scene = Scene()
    scene.plans = BlockPlans()
    outcome = carried(scene, "block_network", PORTS)
    assert (outcome.state, scene.faults.writes) == ("manual", [])
    assert "25, 465, 587" in outcome.instructions


def test_two_plans_at_once_are_a_task() -> None:
    scene = Scene()
    outcome = carried(scene, "block_network", {"scope": "outbound"}, blocks=(PORTS,))
    assert (outcome.state, scene.faults.writes) == ("manual", [])


def test_a_service_without_a_machine_is_blocked_by_hand() -> None:
    scene = Scene()
    scene.billing.change("12", server="9", vpsid=None)
    assert carried(scene, "block_network", {"scope": "all"}).state == "manual"


def test_the_earlier_plan_is_kept_and_put_back() -> None:
    scene = Scene()
    scene.servers.change("101", firewall_plan="3")
    carried(scene, "block_network", PORTS)
    assert scene.servers.rows["101"].firewall_plan == "7"
    left: dict[str, Any] = {}
    for step in scene.queue.steps["act_block_network"].values():
        left |= step.result
    carried(scene, "unblock_network", PORTS, undoes=left)
    assert scene.servers.rows["101"].firewall_plan == "3"


def test_a_crash_between_setting_the_plan_and_its_answer_does_not_lose_the_earlier_one() -> None:
    scene = Scene()
    scene.servers.change("101", firewall_plan="3")
    scene.faults.at(0, Fault.CRASH_AFTER)
    scene.carry(a_work("block_network", PORTS))
    scene.settle("act_block_network")
    assert scene.queue.steps["act_block_network"][0].result["earlier"] == "3"


def test_a_plan_that_an_admin_changed_since_stays() -> None:
    scene = Scene()
    scene.servers.change("101", firewall_plan="9")
    outcome = carried(scene, "unblock_network", PORTS, undoes={"earlier": None, "plan": "7"})
    assert (outcome.state, scene.faults.writes) == ("done", [])
    assert "plan 9" in outcome.note


def test_a_block_that_was_made_by_hand_is_taken_away_by_hand() -> None:
    scene = Scene()
    assert carried(scene, "unblock_network", PORTS).state == "manual"
    assert carried(scene, "unblock_network", {"scope": "ip", "ips": ["192.0.2.10"]}, id="b").state == "manual"
    assert scene.faults.writes == []


def test_a_network_cut_by_others_before_us_stays_cut() -> None:
    scene = Scene()
    scene.servers.change("101", network_cut=True)
    carried(scene, "block_network", {"scope": "all"})
    assert scene.queue.steps["act_block_network"][0].result["found_cut"] is True
    outcome = carried(scene, "unblock_network", {"scope": "all"}, undoes={"found_cut": True})
    assert (outcome.state, scene.servers.rows["101"].network_cut) == ("done", True)
    assert "before we acted" in outcome.note


def test_a_network_that_another_block_of_ours_keeps_cut_stays_cut_until_that_ends() -> None:
    scene = Scene()
    scene.servers.change("101", network_cut=True)
    other = {"scope": "ip", "ips": ["192.0.2.10"]}
    carried(scene, "block_network", {"scope": "all"}, blocks=(other,))
    assert scene.queue.steps["act_block_network"][0].result["found_cut"] is False
    carried(scene, "unblock_network", {"scope": "all"}, blocks=(other,))
    assert scene.servers.rows["101"].network_cut
    carried(scene, "unblock_network", {"scope": "all"}, id="last", undoes={"found_cut": False})
    assert not scene.servers.rows["101"].network_cut


def test_a_locked_machine_is_waited_for() -> None:
    scene = Scene()
    scene.servers.change("101", locked=True)
    outcome = carried(scene, "block_network", {"scope": "all"})
    assert (outcome.state, scene.faults.writes) == ("waiting", [])
    scene.servers.change("101", locked=False)
    assert scene.settle("act_block_network").state == "done"
