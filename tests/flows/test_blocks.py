"""Network blocks in a server panel over HTTP: set, put back, lost on the way, undone by somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.virtualizor.sandbox import FaultKind
from bridge.views import Source
from tests.flows.two_panels import TwoPanels, two_panels

KINDS = (
    FaultKind.SERVER_ERROR,
    FaultKind.TOO_MANY,
    FaultKind.LOST,
    FaultKind.CUT,
    FaultKind.HTML,
    FaultKind.REDIRECT,
)
SCOPES = {"connection/ddos": "vs:suspend_net", "messaging/spam": "managevps"}
OWN: dict[str, dict[str, Any]] = {
    "connection/ddos": {"scope": "all"},
    "messaging/spam": {"scope": "ports", "ports": [25, 465, 587]},
}


@pytest.fixture
def panels(tmp_path: Path) -> Iterator[TwoPanels]:
    with two_panels(tmp_path, pack="blocks.yaml") as opened:
        opened.sync()
        yield opened


def open_up(panels: TwoPanels) -> None:
    panels.machine(1002).network_cut, panels.machine(1002).settings["admin_fwid"] = None, "0"


def sent(panels: TwoPanels, call: str) -> int:
    return [entry["call"] for entry in panels.machines.journal.entries()].count(call)


def is_blocked(panels: TwoPanels, category: str) -> bool:
    machine = panels.machine(1002)
    return machine.settings["admin_fwid"] == "7" if SCOPES[category] == "managevps" else bool(machine.network_cut)


@pytest.mark.parametrize("after", [False, True], ids=["before the effect", "after the effect"])
@pytest.mark.parametrize("category", SCOPES)
def test_a_block_whose_answer_is_lost_is_looked_for_and_set(panels: TwoPanels, category: str, after: bool) -> None:
    for kind in KINDS:
        open_up(panels)
        made = sent(panels, SCOPES[category])
        panels.at_machines(SCOPES[category], kind, after=after)
        panels.queue("block_network", OWN[category], client="12", service="22")
        panels.carry()
        assert (kind, panels.action("block_network").state) == (kind, "done")
        assert is_blocked(panels, category)
        assert sent(panels, SCOPES[category]) - made == (1 if after else 2)


def test_a_panel_that_cannot_be_read_is_waited_for(panels: TwoPanels) -> None:
    for kind in KINDS:
        open_up(panels)
        panels.at_machines("vs", kind, times=9)
        panels.queue("block_network", OWN["connection/ddos"], client="12", service="22")
        panels.carry()
        assert (kind, panels.action("block_network").state) == (kind, "done")
        assert panels.machine(1002).network_cut


def test_what_was_in_force_before_is_put_back_by_a_remedy(panels: TwoPanels) -> None:
    panels.machine(1002).settings["admin_fwid"] = "8"
    panels.complain("k1", "192.0.2.20", "messaging/spam")
    panels.carry()
    assert panels.machine(1002).settings["admin_fwid"] == "7"
    panels.tell("f1", "finding.recorded", case="k1", finding="remediated", by="anna")
    panels.approve()
    panels.carry()
    assert panels.action("unblock_network").state == "done"
    assert panels.machine(1002).settings["admin_fwid"] == "8"


def test_two_firewall_plans_at_once_are_a_task(panels: TwoPanels) -> None:
    panels.complain("k1", "192.0.2.20", "messaging/spam")
    panels.carry()
    panels.complain("k2", "192.0.2.20", "content/phishing_redirect")
    panels.carry()
    assert panels.action("block_network").state == "manual"
    assert "another block's is in force" in panels.action("block_network").instructions
    assert panels.machine(1002).settings["admin_fwid"] == "7"


def test_an_address_is_cut_only_where_the_machine_has_no_other(panels: TwoPanels) -> None:
    panels.complain("k1", "192.0.2.20", "connection/spoofing")
    panels.complain("k2", "192.0.2.10", "connection/spoofing")
    panels.carry()
    assert panels.machine(1002).network_cut
    assert not panels.machine(1001).network_cut
    assert panels.action("block_network").state == "manual"


@pytest.mark.parametrize("category", SCOPES)
def test_a_block_that_somebody_took_away_is_shown_as_drift_until_it_is_back(panels: TwoPanels, category: str) -> None:
    panels.complain("k1", "192.0.2.20", category)
    panels.carry()
    panels.sync()
    assert panels.drifts() == []
    machine = panels.machine(1002)
    machine.network_cut, machine.settings["admin_fwid"] = None, "0"
    panels.sync()
    (drift,) = panels.drifts()
    assert (drift.service, drift.kind) == ("22", "block_undone")
    assert drift.says["server"] in ("the network is on", "no firewall plan")
    machine.network_cut, machine.settings["admin_fwid"] = "1", "7"
    panels.sync()
    assert panels.drifts() == []


def test_a_block_that_an_admin_set_by_hand_is_nobodys_drift(panels: TwoPanels) -> None:
    panels.complain("k1", "192.0.2.10", "connection/spoofing")
    panels.carry()
    panels.desk.confirm(panels.action("block_network").id, _admin())
    panels.sync()
    assert panels.drifts() == []


def _admin() -> Source:
    return Source(name="test", by="anna", verified=True)
