"""Reading both panels over HTTP: what is taken in, what a second reading adds, what trouble midway leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.virtualizor import sandbox as virtualizor
from adapters.whmcs import sandbox as whmcs
from adapters.whmcs.sandbox import people
from bridge.errors import PanelError
from bridge.views import Source
from tests.flows.two_panels import NOW, PASSWORD, TwoPanels, a_machine, a_vps, two_panels

SOURCE = Source(name="test")


def complaint(panels: TwoPanels, id_: str, ip: str) -> list[str]:
    """What a complaint about the address becomes: the kinds of its records."""
    at = panels.clock.now().isoformat().replace("+00:00", "Z")
    raw = {"id": id_, "type": "complaint.received", "at": at, "ip": ip, "category": "connection/port_scan"}
    return [str(record["record"]) for record in panels.desk.accept(raw, SOURCE).records]


def test_both_panels_are_read_into_services_clients_and_holdings(tmp_path: Path) -> None:
    with two_panels(tmp_path) as panels:
        summary = panels.sync()
        assert (summary.clients, summary.services, summary.machines) == (2, 3, 2)
        assert (summary.drifts, summary.is_whole) == (0, True)
        assert panels.facts(21) == {
            "status": "active",
            "product_kind": "vps",
            "attributes": {"mail_port_open": False},
            "ips": ["192.0.2.10", "2001:db8::10"],
            "domains": ["vps1001.example"],
            "vps": "1/1001/u-1001",
            "period_start": "2026-02-14T23:00:00Z",
            "period_end": "2026-03-14T23:00:00Z",
            "paid_amount": "10.00",
            "currency": "EUR",
        }
        assert panels.facts(23)["ips"] == ["198.51.100.1", "198.51.100.8/29", "2001:db8:23::/48"]
        held_by = [panels.holder(ip) for ip in ("2001:db8::10", "198.51.100.9", "2001:db8:23:1::5", "203.0.113.1")]
        assert held_by == ["21", "23", "23", None]


def test_a_second_reading_adds_nothing_and_one_changed_address_one_event(tmp_path: Path) -> None:
    with two_panels(tmp_path) as panels:
        panels.sync()
        before = panels.events()
        panels.sync()
        assert panels.events() == before
        panels.give(1001, "192.0.2.11", "2001:db8::10")
        panels.edit(21, dedicated_ip="192.0.2.11")
        assert panels.sync().changed_services == 1
        assert len(panels.events()) == len(before) + 1
        assert panels.history("192.0.2.10") == [("21", False)]
        assert panels.history("192.0.2.11") == [("21", True)]


def test_an_address_that_moved_is_its_new_holders_and_the_old_one_answers_for_the_past(tmp_path: Path) -> None:
    with two_panels(tmp_path) as panels:
        panels.sync()
        panels.give(1001, "192.0.2.11", "2001:db8::10")
        panels.give(1002, "192.0.2.20", "192.0.2.10")
        panels.sync()
        assert panels.history("192.0.2.10") == [("21", False), ("22", True)]
        past = panels.desk.store.write(lambda unit: unit.directory.holder("192.0.2.10", NOW))
        assert (past, panels.holder("192.0.2.10")) == ("21", "22")
        assert {(drift.service, drift.kind) for drift in panels.drifts()} == {("21", "addresses"), ("22", "addresses")}


def test_a_complaint_about_an_address_that_two_claim_is_nobodys(tmp_path: Path) -> None:
    twice = (a_vps(21, 1001, "192.0.2.10"), a_vps(22, 1001, "192.0.2.10", client=12))
    with two_panels(tmp_path, twice, (a_machine(1001, "192.0.2.10"),)) as panels:
        panels.sync()
        assert complaint(panels, "k1", "192.0.2.10") == ["unattributed"]
        assert [drift.kind for drift in panels.drifts()] == ["address_held_twice", "address_held_twice"]


def test_what_the_panels_disagree_about_is_noted_until_it_is_mended(tmp_path: Path) -> None:
    with two_panels(tmp_path) as panels:
        panels.machines.estate.machine(1001).suspended = True
        with panels.machines.estate.lock:
            panels.machines.estate.remove_machine(panels.machines.estate.machine(1002))
        panels.sync()
        noted = {drift.service: (drift.kind, drift.says["server"]) for drift in panels.drifts()}
        assert noted == {"21": ("status", "suspended"), "22": ("machine_gone", "no such VPS")}
        panels.machines.estate.machine(1001).suspended = False
        panels.sync()
        assert [drift.service for drift in panels.drifts()] == ["22"]


def test_suspension_and_termination_in_the_panel_are_seen(tmp_path: Path) -> None:
    with two_panels(tmp_path) as panels:
        panels.sync()
        people.command(panels.world, 21, "suspend", "admin", "late payment")
        people.command(panels.world, 22, "terminate", "admin")
        panels.sync()
        assert (panels.facts(21)["status"], panels.facts(22)["status"]) == ("suspended", "terminated")
        assert panels.holder("192.0.2.20") is None
        assert panels.facts(22)["vps"] == "1/1002/u-1002"


def test_every_page_is_read(tmp_path: Path) -> None:
    many = tuple(a_vps(number, 2000 + number, f"10.1.0.{number}") for number in range(1, 41))
    machines = tuple(a_machine(2000 + number, f"10.1.0.{number}") for number in range(1, 41))
    with two_panels(tmp_path, many, machines, page_size=7) as panels:
        summary = panels.sync()
        assert (summary.services, summary.changed_services) == (40, 40)
        assert len(panels.world.journal.calls("GetClientsProducts")) > 5
        assert panels.sync().changed_services == 0


@pytest.mark.parametrize("kind", [whmcs.FaultKind.HTTP_500, whmcs.FaultKind.HTML, whmcs.FaultKind.CUT_JSON])
def test_a_billing_panel_that_breaks_midway_ends_nothing(tmp_path: Path, kind: whmcs.FaultKind) -> None:
    with two_panels(tmp_path, page_size=1) as panels:
        panels.sync()
        before = panels.events()
        fault = whmcs.Fault(kind=kind, action="GetClientsProducts", times=50)

        def break_after_the_first(what: str, done: int, total: int) -> None:
            if (what, done) == ("services", 1):
                panels.world.faults.order(fault)

        panels.edit(23, dedicated_ip="198.51.100.2")
        with pytest.raises(PanelError):
            panels.synchroniser.everything(break_after_the_first)
        assert panels.events() == before
        panels.world.faults.clear()
        assert panels.sync().changed_services == 1


def test_a_server_panel_that_is_down_leaves_addresses_and_takes_the_rest(tmp_path: Path) -> None:
    with two_panels(tmp_path) as panels:
        panels.sync()
        panels.machines.faults.set(virtualizor.Fault(call="vs*", kind=virtualizor.FaultKind.SERVER_ERROR, times=0))
        panels.edit(21, status="Suspended")
        panels.edit(23, dedicated_ip="198.51.100.2")
        summary = panels.sync()
        assert len(summary.unread) == 1
        assert PASSWORD not in summary.unread[0]
        assert panels.facts(21)["status"] == "suspended"
        assert panels.facts(21)["ips"] == ["192.0.2.10", "2001:db8::10"]
        assert panels.holder("198.51.100.2") == "23"


def test_a_hooks_ask_reads_one_service_and_its_machine(tmp_path: Path) -> None:
    with two_panels(tmp_path) as panels:
        panels.sync()
        panels.give(1001, "192.0.2.12", "2001:db8::10")
        assert panels.synchroniser.service("21") is True
        assert panels.synchroniser.service("21") is False
        assert panels.holder("192.0.2.12") == "21"
        assert panels.synchroniser.client("12") is False


def test_a_reseller_is_known_by_his_group(tmp_path: Path) -> None:
    with two_panels(tmp_path) as panels:
        panels.sync()
        assert panels.client(12)["kind"] == "reseller"
        whole = {"kind": "customer", "verified": {"email": True}, "locale": "de", "currency": "EUR"}
        assert panels.client(11) == whole
        people.edit_client(panels.world, 11, {"groupid": 3})
        assert panels.sync().changed_clients == 1
        assert panels.client(11) == {**whole, "kind": "reseller"}


def test_on_postgresql_it_is_the_same(tmp_path: Path, postgres_database: str) -> None:
    with two_panels(tmp_path, database=postgres_database) as panels:
        panels.sync()
        before = panels.events()
        panels.sync()
        assert panels.events() == before
        panels.give(1001, "192.0.2.10")
        with panels.world.state.lock:
            del panels.world.state.services[22]
        summary = panels.sync()
        assert (summary.changed_services, summary.gone) == (1, 1)
        assert [drift.kind for drift in panels.drifts()] == ["addresses"]
        assert [panels.holder(ip) for ip in ("192.0.2.10", "2001:db8::10", "192.0.2.20")] == ["21", None, None]


def test_one_row_that_nobody_understands_stops_no_sync(tmp_path: Path) -> None:
    with two_panels(tmp_path) as panels:
        panels.sync()
        panels.edit(21, status="Frozen")
        panels.edit(23, dedicated_ip="198.51.100.2")
        summary = panels.sync()
        assert (summary.unreadable, summary.gone) == (["21"], 0)
        assert panels.holder("198.51.100.2") == "23"
        assert [(drift.service, drift.kind) for drift in panels.drifts()] == [("21", "unreadable")]
