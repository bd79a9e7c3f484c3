"""A full reading: what becomes of it, what a second one adds, and what trouble midway leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bridge.errors import PanelUnreachable
from bridge.ports import ServiceStatus
from tests.unit.sync.host import NAMES, Host, a_client, a_machine, a_service, a_vps, open_host


def test_a_service_is_taken_in_with_all_that_the_panels_tell(host: Host) -> None:
    fields = {"Mail ports open": "on"}
    host.has(a_service(product="7", server="4", next_due=date(2026, 3, 15), custom_fields=fields))
    summary = host.sync()
    assert (summary.clients, summary.services, summary.changed_clients, summary.changed_services) == (1, 1, 1, 1)
    assert host.facts() == {
        "status": "active",
        "product_kind": "dedicated",
        "region": "mainland-china",
        "attributes": {"mail_port_open": True},
        "ips": ["192.0.2.10"],
        "period_start": "2026-02-14T23:00:00Z",
        "period_end": "2026-03-14T23:00:00Z",
        "paid_amount": "10.00",
        "currency": "EUR",
    }


def test_a_second_reading_of_the_same_adds_nothing(host: Host) -> None:
    host.has(a_vps(next_due=date(2026, 3, 15)), a_machine(), a_service("22", ips=("2001:db8::/64", "198.51.100.0/29")))
    host.sync()
    before = host.events()
    summary = host.sync()
    assert host.events() == before
    assert (summary.changed_clients, summary.changed_services, summary.gone) == (0, 0, 0)


def test_one_changed_address_is_one_event_and_the_history_stays(host: Host) -> None:
    host.has(a_service("21"), a_service("22", ips=("192.0.2.20",)))
    host.sync()
    before = host.events()
    host.has(a_service("21", ips=("192.0.2.11",)))
    assert host.sync().changed_services == 1
    assert len(host.events()) == len(before) + 1
    assert host.history("192.0.2.10") == [("21", False)]
    assert host.history("192.0.2.11") == [("21", True)]


def test_a_state_that_comes_back_is_taken_in_again(host: Host) -> None:
    for ips in (("192.0.2.10",), ("192.0.2.11",), ("192.0.2.10",)):
        host.has(a_service(ips=ips))
        host.sync()
    assert host.facts()["ips"] == ["192.0.2.10"]
    assert [held for _, held in host.history("192.0.2.10")] == [False, True]


def test_an_address_that_moved_has_its_new_holder_only(host: Host) -> None:
    host.has(a_service("21"), a_service("22", ips=("192.0.2.20",)))
    host.sync()
    host.has(a_service("21", ips=()), a_service("22", ips=("192.0.2.20", "192.0.2.10")))
    host.sync()
    assert host.history("192.0.2.10") == [("21", False), ("22", True)]
    assert host.holder("192.0.2.10") == "22"
    assert host.drifts() == {}


def test_the_longest_prefix_holds(host: Host) -> None:
    host.has(a_service("21", ips=("198.51.100.0/29", "2001:db8::/48")), a_service("22", ips=("198.51.100.3",)))
    host.sync()
    assert [host.holder(ip) for ip in ("198.51.100.2", "198.51.100.3", "2001:db8::7")] == ["21", "22", "21"]


def test_the_machines_addresses_alone_are_those_of_a_vps(host: Host) -> None:
    host.has(a_vps(ips=("192.0.2.99",)), a_machine("1001", "192.0.2.10", "2001:db8::10"))
    host.sync()
    assert host.facts()["ips"] == ["192.0.2.10", "2001:db8::10"]
    assert host.facts()["vps"] == "1/1001/u-1001"
    assert host.facts()["product_kind"] == "vps"


def test_a_panel_behind_two_server_ids_is_read_once(host: Host) -> None:
    host.has(a_vps("21", "1001"), a_vps("22", "1002", server="2"), a_machine("1001"), a_machine("1002", "192.0.2.11"))
    assert host.sync().machines == 2
    assert host.servers.lists == 1


def test_a_service_that_the_panel_deleted_is_terminated_and_holds_nothing(host: Host) -> None:
    host.has(a_service("21"), a_service("22", ips=("192.0.2.20",)))
    host.sync()
    del host.billing.held["21"]
    assert host.sync().gone == 1
    assert (host.facts()["status"], host.facts()["ips"]) == ("terminated", [])
    assert host.holder("192.0.2.10") is None
    assert host.sync().gone == 0


def test_a_service_that_only_others_told_of_is_not_ended(host: Host) -> None:
    host.tell(type="service.observed", service="s-1", client="c-1", product_kind="shared", status="active", ips=[])
    assert host.sync().gone == 0
    assert host.facts("s-1")["status"] == "active"


def test_too_many_missing_at_once_are_not_believed_until_somebody_says_so(host: Host) -> None:
    host.has(*(a_service(str(number), ips=()) for number in range(100, 160)))
    host.sync()
    host.billing.held.clear()
    summary = host.sync()
    assert (summary.missing, summary.gone, summary.is_whole) == (60, 0, False)
    assert host.facts("100")["status"] == "active"
    assert host.sync(accept_missing=True).gone == 60


def test_a_terminated_service_holds_nothing_whatever_its_record_says(host: Host) -> None:
    host.has(a_service("21", status=ServiceStatus.TERMINATED), a_service("22"))
    host.sync()
    assert host.facts("21")["ips"] == []
    assert host.holder("192.0.2.10") == "22"


def test_a_billing_panel_that_fails_midway_changes_no_service(host: Host) -> None:
    host.has(a_service("21"), a_service("22", ips=("192.0.2.20",)))
    host.sync()
    before = host.events()
    host.has(a_service("21", ips=("192.0.2.33",)))
    host.billing.fails_after = 1
    with pytest.raises(PanelUnreachable):
        host.sync()
    assert host.events() == before
    assert host.facts("22")["status"] == "active"


def test_a_server_panel_that_fails_midway_leaves_the_addresses_as_they_were(host: Host) -> None:
    host.has(a_vps("21", "1001"), a_vps("22", "1002", ips=()), a_machine("1001"), a_machine("1002", "192.0.2.20"))
    host.sync()
    host.has(a_vps("21", "1001", status=ServiceStatus.SUSPENDED), a_vps("23", "1003"))
    host.servers.fails_after = 1
    summary = host.sync()
    assert summary.unread == ["virtualizor: no connection"]
    assert host.facts("21")["status"] == "suspended"
    assert [host.holder(ip) for ip in ("192.0.2.10", "192.0.2.20")] == ["21", "22"]
    assert host.facts("23") == {}


def test_what_others_said_is_not_overwritten_by_what_a_panel_does_not_know(host: Host) -> None:
    host.has(a_service())
    host.sync()
    host.tell(
        type="service.observed",
        service="21",
        client="11",
        product_kind="colocation",
        exclusive_bandwidth=True,
        region="eu",
        attributes={"rack": "A4", "mail_port_open": False},
    )
    host.has(a_service(custom_fields={"Mail ports open": "yes"}))
    host.sync()
    facts = host.facts()
    assert (facts["product_kind"], facts["exclusive_bandwidth"], facts["region"]) == ("colocation", True, "eu")
    assert facts["attributes"] == {"rack": "A4", "mail_port_open": True}


def test_what_changed_while_reading_is_read_again_instead_of_set_back(host: Host) -> None:
    host.has(a_service())
    host.sync()

    def meanwhile(what: str, done: int, total: int) -> None:
        if what == "services":
            host.tell(type="service.observed", service="21", client="11", ips=["192.0.2.77"])

    host.has(a_service(ips=("192.0.2.11",)))
    host.synchroniser.everything(meanwhile)
    assert host.facts()["ips"] == ["192.0.2.77"]
    assert host.synchroniser.rereads_waiting() == 1
    host.synchroniser.due_rereads()
    assert host.facts()["ips"] == ["192.0.2.11"]


def test_a_client_is_read_by_itself_only_while_his_currency_is_not_known(tmp_path: Path) -> None:
    host = open_host(tmp_path, refreshed=0)
    host.has(a_client(group="3", custom_fields={"9": "Yes"}), a_client("12", status="Inactive"))
    host.sync()
    host.sync()
    assert host.billing.calls == ["client 11"]
    assert host.client_facts() == {
        "kind": "reseller",
        "verified": {"email": True, "identity": True},
        "locale": "de",
        "currency": "EUR",
    }
    host.desk.store.close()


def test_whether_a_clients_details_are_verified_is_read_from_the_field_that_tells_it(tmp_path: Path) -> None:
    host = open_host(tmp_path)
    host.has(a_client(custom_fields={"details verified": "on", "9": ""}))
    host.sync()
    assert host.client_facts()["verified"] == {"email": True, "details": True, "identity": False}
    host.desk.store.close()


def test_product_and_group_are_taken_in_where_routes_go_by_them(tmp_path: Path) -> None:
    host = open_host(tmp_path, names=replace(NAMES, routed_by=frozenset({"product", "client_group"})))
    host.has(a_client(group="3"), a_client("12", group=None), a_service(product="7"))
    host.sync()
    assert host.facts()["product"] == "7"
    assert (host.client_facts()["group"], host.client_facts("12")["group"]) == ("3", "0")
    host.desk.store.close()


def test_known_clients_are_asked_for_again_in_turn(tmp_path: Path) -> None:
    host = open_host(tmp_path, refreshed=1)
    host.has(*(a_client(number) for number in ("11", "12", "13")))
    for _ in range(4):
        host.sync()
    asked = [call for call in host.billing.calls if call.startswith("client")]
    assert asked[3:] == ["client 11", "client 12", "client 13"]
    host.desk.store.close()


def test_a_clients_change_is_one_event(host: Host) -> None:
    host.sync()
    before = host.events()
    host.has(replace(a_client(), group="3"))
    assert host.sync().changed_clients == 1
    assert len(host.events()) == len(before) + 1
    assert host.client_facts()["kind"] == "reseller"
    assert host.client_facts()["currency"] == "EUR"


def test_a_service_no_event_can_hold_is_named_and_spoils_nothing(host: Host) -> None:
    host.has(a_service("21", ips=tuple(f"10.0.{n >> 8}.{n & 255}" for n in range(10_001))), a_service("22"))
    summary = host.sync()
    assert summary.unusable == ["21"]
    assert host.facts("22")["status"] == "active"


def test_progress_is_told_for_every_kind_of_thing(host: Host) -> None:
    host.has(a_vps(), a_machine())
    told: list[tuple[str, int, int]] = []
    host.synchroniser.everything(lambda what, done, total: told.append((what, done, total)))
    assert told == [("clients", 1, 1), ("machines", 1, 0), ("services", 1, 1), ("changes", 1, 1)]


def test_a_service_of_an_unknown_status_is_told_and_the_rest_goes_on(host: Host) -> None:
    host.has(a_service("21"), a_service("22", ips=()))
    host.sync()
    del host.billing.held["21"]
    host.billing.strange = {"21": "unknown status of a service: 'Frozen'"}
    host.has(a_service("22", ips=("192.0.2.22",)))
    summary = host.sync()
    assert (summary.unreadable, summary.changed_services, summary.gone) == (["21"], 1, 0)
    assert not summary.is_whole
    assert host.facts("21")["status"] == "active"
    assert host.drifts("21")["unreadable"].says == {"billing": "unknown status of a service: 'Frozen'"}
    host.billing.strange = {}
    host.has(a_service("21"))
    assert host.sync().is_whole
    assert host.drifts("21") == {}
