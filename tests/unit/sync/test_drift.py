"""Where panels disagree: what is noted, who an address belongs to then, and when the note goes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bridge.ports import ServiceStatus
from bridge.store.engine import to_us
from bridge.store.tables import holds
from tests.unit.sync.host import NOW, Host, a_machine, a_service, a_vps


def test_panels_that_agree_leave_no_note(host: Host) -> None:
    host.has(a_vps(), a_machine())
    assert host.sync().drifts == 0


def test_other_addresses_on_record_than_on_the_machine_are_noted(host: Host) -> None:
    host.has(a_vps(ips=("192.0.2.99",)), a_machine())
    host.sync()
    assert host.drifts()["addresses"].says == {"billing": ["192.0.2.99"], "server": ["192.0.2.10"]}


def test_a_note_keeps_its_time_and_goes_when_the_panels_agree_again(host: Host) -> None:
    host.has(a_vps(ips=("192.0.2.99",)), a_machine())
    host.sync()
    host.has(a_vps(ips=("192.0.2.98",)))
    host.sync()
    noted = host.drifts()["addresses"]
    assert (noted.since, noted.says["billing"]) == (NOW + timedelta(hours=1), ["192.0.2.98"])
    host.has(a_vps())
    host.sync()
    assert host.drifts() == {}


def test_a_machine_that_is_gone_is_noted_and_holds_nothing(host: Host) -> None:
    host.has(a_vps(), a_machine())
    host.sync()
    host.servers.held.clear()
    host.sync()
    assert host.drifts()["machine_gone"].says["server"] == "no such VPS"
    assert host.facts()["status"] == "active"
    assert host.holder("192.0.2.10") is None


def test_an_id_that_means_another_machine_by_now_is_not_the_services(host: Host) -> None:
    host.has(a_vps(), a_machine(uuid="u-other"))
    host.sync()
    assert "machine_gone" in host.drifts()
    assert host.facts()["ips"] == []


def test_a_migrated_machine_is_found_by_its_uuid(host: Host) -> None:
    host.has(a_vps(), a_machine("2002", uuid="u-1001"))
    host.sync()
    assert host.facts()["vps"] == "1/2002/u-1001"
    assert host.facts()["ips"] == ["192.0.2.10"]
    assert host.drifts()["machine_moved"].says == {"billing": "VPS 1/1001", "server": "VPS 1/2002"}


def test_a_single_reading_finds_a_migrated_machine_by_its_address(host: Host) -> None:
    host.has(a_vps(), a_machine("2002", uuid="u-1001"))
    host.synchroniser.service("21")
    assert host.facts()["vps"] == "1/2002/u-1001"


@pytest.mark.parametrize(
    ("status", "suspended"),
    [
        (ServiceStatus.ACTIVE, True),
        (ServiceStatus.SUSPENDED, False),
        (ServiceStatus.TERMINATED, False),
    ],
)
def test_panels_that_differ_about_suspension_are_noted(host: Host, status: ServiceStatus, suspended: bool) -> None:
    host.has(a_vps(status=status), a_machine(suspended=suspended))
    host.sync()
    assert host.drifts()["status"].says["billing"] == status.value


def test_an_address_on_two_machines_is_nobodys_and_both_are_noted(host: Host) -> None:
    host.has(a_vps("21", "1001"), a_vps("22", "1002"), a_machine("1001"), a_machine("1002"))
    host.sync()
    assert host.holder("192.0.2.10") is None
    says = {"addresses": ["192.0.2.10"], "services": ["21", "22"], "counts_for": {"192.0.2.10": "nobody"}}
    assert [host.drifts(service)["address_held_twice"].says for service in ("21", "22")] == [says, says]


def test_while_two_claim_an_address_nothing_changes_from_sync_to_sync(host: Host) -> None:
    host.has(a_service("21"), a_service("22"))
    host.sync()
    before = host.events()
    host.sync()
    assert host.events() == before


def test_a_second_claim_takes_the_address_from_its_holder_and_keeps_the_history(host: Host) -> None:
    host.has(a_service("21"))
    host.sync()
    host.has(a_service("22"))
    host.sync()
    assert host.holder("192.0.2.10") is None
    assert host.history("192.0.2.10") == [("21", False)]
    del host.billing.held["22"]
    host.sync()
    assert host.holder("192.0.2.10") == "21"
    assert host.drifts() == {}


def test_a_machines_own_address_outranks_a_record(host: Host) -> None:
    host.has(a_vps("21"), a_machine(), a_service("22", client="12"))
    host.sync()
    assert host.holder("192.0.2.10") == "21"
    assert host.drifts("22")["address_held_twice"].says["counts_for"] == {"192.0.2.10": "21"}


def test_a_licence_beside_its_own_server_is_no_drift(host: Host) -> None:
    host.has(a_service("21", product="7"), a_service("22"))
    host.sync()
    assert host.holder("192.0.2.10") == "21"
    assert host.drifts() == {}


def test_private_addresses_may_be_on_many_machines(host: Host) -> None:
    host.has(a_vps("21", "1001", ips=("10.0.0.2",)), a_vps("22", "1002", ips=("10.0.0.2",)))
    host.has(a_machine("1001", "10.0.0.2"), a_machine("1002", "10.0.0.2"))
    host.sync()
    assert host.drifts() == {}


def test_a_single_reading_tells_a_move_from_a_second_claim(host: Host) -> None:
    host.has(a_service("21"), a_service("22", ips=("192.0.2.20",)))
    host.sync()
    host.has(a_service("22", ips=("192.0.2.10",)))
    host.synchroniser.service("22")
    assert host.holder("192.0.2.10") is None
    assert "address_held_twice" in host.drifts("21")
    host.has(a_service("21", ips=()))
    host.synchroniser.service("22")
    assert host.holder("192.0.2.10") == "22"
    assert host.drifts() == {}


def a_hold(host: Host, **more: object) -> None:
    row = {
        "id": "h1",
        "seq": 1,
        "client": "11",
        "service": "21",
        "clause": "1a",
        "since": to_us(NOW),
        "irrevocable": False,
        "scope": "service",
        "status": "placed",
        "simulated": False,
    }
    host.desk.store.write(lambda unit: unit.connection.execute(holds.insert(), {**row, **more}))


def test_a_service_seen_active_while_our_hold_stands_is_noted(host: Host) -> None:
    host.has(a_service())
    host.sync()
    a_hold(host)
    host.sync()
    assert host.drifts()["active_while_held"].says == {"billing": "active", "tipstaff": "held suspended"}
    host.has(a_service(status=ServiceStatus.SUSPENDED))
    host.sync()
    assert host.drifts() == {}


@pytest.mark.parametrize("hold", [{"status": "noted"}, {"simulated": True}, {"scope": "ip"}, {"seq": 10**6}])
def test_a_hold_that_asks_for_no_suspension_now_is_no_drift(host: Host, hold: dict[str, object]) -> None:
    host.has(a_service())
    host.sync()
    a_hold(host, **hold)
    host.sync()
    assert host.drifts() == {}
