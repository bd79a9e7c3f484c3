"""What hooks ask for: one reading serves many, trouble is tried again later, nothing is asked of a panel in vain."""

from __future__ import annotations

from datetime import timedelta

from bridge.errors import PanelUnreachable
from bridge.ports import ServiceStatus
from bridge.store.engine import to_us
from bridge.store.tables import rereads
from bridge.sync.rereads import Rereads
from tests.unit.sync.host import Host, a_client, a_machine, a_service, a_vps


def ask(host: Host, kind: str = "service", id_: str = "21") -> None:
    asked = Rereads(host.desk.store)
    host.desk.store.write(lambda unit: asked.ask(unit, kind, id_, host.clock.wall()))


def test_a_service_is_read_again_when_a_hook_asks(host: Host) -> None:
    host.has(a_vps(), a_machine())
    ask(host)
    assert host.synchroniser.due_rereads() == 1
    assert host.facts()["ips"] == ["192.0.2.10"]
    assert host.synchroniser.rereads_waiting() == 0


def test_one_reading_serves_many_asks(host: Host) -> None:
    host.has(a_service())
    for _ in range(5):
        ask(host)
        host.clock.move(timedelta(seconds=1))
    assert host.synchroniser.due_rereads() == 1
    assert host.billing.calls == ["service 21"]


def test_a_client_is_read_whole(host: Host) -> None:
    host.has(a_client(email_verified=False))
    ask(host, "client", "11")
    host.synchroniser.due_rereads()
    assert host.client_facts()["verified"] == {"email": False}


def test_a_panel_that_cannot_be_read_is_asked_again_later_and_later(host: Host) -> None:
    host.has(a_service())
    host.billing.trouble = PanelUnreachable("whmcs", "no connection")
    ask(host)
    assert [tried(host, timedelta()), tried(host, timedelta(seconds=4)), tried(host, timedelta(seconds=2))] == [1, 0, 1]
    host.clock.move(timedelta(hours=2))
    host.synchroniser.due_rereads()
    assert tried(host, timedelta(minutes=14)) == 0
    host.billing.trouble = None
    assert tried(host, timedelta(minutes=2)) == 1
    assert host.facts()["status"] == "active"


def tried(host: Host, later: timedelta) -> int:
    """How many calls a look makes that much later."""
    host.clock.move(later)
    before = len(host.billing.calls)
    host.synchroniser.due_rereads()
    return len(host.billing.calls) - before


def test_a_service_behind_an_unread_machine_panel_waits(host: Host) -> None:
    host.has(a_vps(), a_machine())
    host.servers.trouble = PanelUnreachable("virtualizor", "no connection")
    ask(host)
    assert host.synchroniser.due_rereads() == 0
    assert host.facts() == {}
    assert host.synchroniser.rereads_waiting() == 1


def test_an_ask_that_comes_while_reading_is_not_lost(host: Host) -> None:
    asked = Rereads(host.desk.store)
    ask(host)
    (claimed,) = asked.claim(host.clock.wall(), 10)
    host.clock.move(timedelta(seconds=1))
    ask(host)
    asked.done(claimed)
    assert asked.waiting() == 1


def test_two_processes_do_not_read_the_same_at_once(host: Host) -> None:
    ask(host)
    first, second = Rereads(host.desk.store), Rereads(host.desk.store)
    assert len(first.claim(host.clock.wall(), 10)) == 1
    assert second.claim(host.clock.wall(), 10) == []
    host.clock.move(timedelta(seconds=61))
    assert len(second.claim(host.clock.wall(), 10)) == 1


def test_what_cannot_be_read_for_a_day_is_left_to_the_next_sync(host: Host) -> None:
    host.billing.trouble = PanelUnreachable("whmcs", "no connection")
    ask(host)
    host.clock.move(timedelta(hours=25))
    host.synchroniser.due_rereads()
    assert host.synchroniser.rereads_waiting() == 0


def test_a_deleted_service_is_terminated_by_a_single_reading(host: Host) -> None:
    host.has(a_service())
    host.sync()
    del host.billing.held["21"]
    assert host.synchroniser.service("21") is True
    assert host.facts()["status"] == "terminated"


def test_a_terminated_service_keeps_its_kind_and_machine_for_the_record(host: Host) -> None:
    host.has(a_vps(), a_machine())
    host.sync()
    host.has(a_service(status=ServiceStatus.TERMINATED, ips=()))
    host.synchroniser.service("21")
    facts = host.facts()
    assert (facts["status"], facts["product_kind"], facts["vps"], facts["ips"]) == (
        "terminated",
        "vps",
        "1/1001/u-1001",
        [],
    )


def test_an_unknown_kind_of_row_left_by_others_reads_a_service(host: Host) -> None:
    host.has(a_service())
    row = {"kind": "service", "id": "21", "asked": to_us(host.clock.wall()), "retry_at": 0}
    host.desk.store.write(lambda unit: unit.connection.execute(rereads.insert(), row))
    assert host.synchroniser.due_rereads() == 1
    assert host.facts()["status"] == "active"
