"""Caps: a share of what the machine may use now, kept between attempts, never of something nobody knows."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.actions import Allotments
from bridge.ports import Cap
from tests.unit.actions.faults import Fault
from tests.unit.actions.scene import Scene, a_work


def limit(metric: str = "cpu", cap: Any = 0.8) -> Any:
    return a_work("limit_resource", {"metric": metric, "cap": cap})


@pytest.mark.parametrize(
    ("metric", "now", "after"),
    [
        ("cpu", {Cap.CPU: 100}, {Cap.CPU: 80}),
        ("cpu", {Cap.CPU: 0}, {Cap.CPU: 80}),
        ("cpu", {Cap.CPU: 3}, {Cap.CPU: 3}),
        ("bandwidth", {Cap.DOWNLOAD: 1000, Cap.UPLOAD: -1}, {Cap.DOWNLOAD: 800, Cap.UPLOAD: -1}),
        ("bandwidth", {Cap.DOWNLOAD: 1000, Cap.UPLOAD: 101}, {Cap.DOWNLOAD: 800, Cap.UPLOAD: 81}),
        ("disk_io", {Cap.IOPS: 500, Cap.READ: 0, Cap.WRITE: 0}, {Cap.IOPS: 400, Cap.READ: 0, Cap.WRITE: 0}),
    ],
)
def test_what_caps_the_machine_now_is_lowered(metric: str, now: dict[Cap, int], after: dict[Cap, int]) -> None:
    scene = Scene()
    scene.servers.capped = dict(now)
    outcome = scene.carry(limit(metric))
    assert outcome is not None
    assert (outcome.state, scene.servers.capped) == ("done", after)
    assert "before it was" in outcome.note


@pytest.mark.parametrize("metric", ["disk_io", "bandwidth", "asn_traffic"])
def test_without_a_number_to_take_the_share_of_it_is_a_task(metric: str) -> None:
    scene = Scene()
    outcome = scene.carry(limit(metric))
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("manual", [])
    assert f"Limit {metric} of service 12 (VPS 1/101" in outcome.instructions


@pytest.mark.parametrize("cap", [None, "50%", 0, 1, 80, "NaN"])
def test_what_is_no_share_is_a_task(cap: Any) -> None:
    scene = Scene()
    outcome = scene.carry(limit(cap=cap))
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("manual", [])


def test_a_machine_without_a_cap_gets_a_share_of_the_allotment_in_the_configuration() -> None:
    scene = Scene()
    scene.allotments = Allotments(disk_io=200, bandwidth=12_500)
    scene.carry(limit("bandwidth"))
    scene.queue.add(a_work("limit_resource", {"metric": "disk_io", "cap": 0.5}, id="act_second"))
    scene.once()
    assert scene.servers.capped[Cap.DOWNLOAD] == 10_000
    assert (scene.servers.capped[Cap.READ], scene.servers.capped[Cap.WRITE]) == (100, 100)


@pytest.mark.parametrize("fault", [Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.CRASH_AFTER])
def test_a_lost_cap_is_not_taken_of_itself(fault: Fault) -> None:
    scene = Scene()
    scene.faults.at(0, fault)
    scene.carry(limit())
    assert scene.settle("act_limit_resource").state == "done"
    assert scene.servers.capped[Cap.CPU] == 80
