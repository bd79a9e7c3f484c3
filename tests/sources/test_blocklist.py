"""The listings of our own addresses, asked of a real name server: each begins and ends once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from adapters.dns.lookup import DnsLookup
from bridge.config.sources import BlocklistConfig
from bridge.sources.listings import BlocklistWatch
from bridge.sources.lists import ListFile, Zone
from bridge.store.tables import events
from tests.contract.store.bureau import Bureau
from tests.sources.name_server import NameServer, running
from tests.unit.decide.scenario import IP

OWN = (ip_network("192.0.2.0/30"),)


def config(**more: Any) -> BlocklistConfig:
    given: dict[str, Any] = {
        "name": "zen", "zone": "list.example", "file": None, "removal": "customer", "codes": {},
        "every": timedelta(hours=1), "queries_per_second": 1000, "resolver": (), **more,
    }  # fmt: skip
    return BlocklistConfig(**given)


@pytest.fixture
def names() -> Iterator[NameServer]:
    with running() as server:
        server.addresses["2.0.0.127.list.example"] = "127.0.0.2"
        yield server


def a_watch(bureau: Bureau, names: NameServer) -> BlocklistWatch:
    """A new one each time, as after a restart."""
    zone = Zone("list.example", DnsLookup([("127.0.0.1", names.port)]), {})
    return BlocklistWatch(config(), zone, bureau.desk, OWN)


def a_round(watch: BlocklistWatch) -> bool:
    return watch.round(threading.Event())


def backwards(ip: str) -> str:
    return ".".join(reversed(ip.split("."))) + ".list.example"


def test_a_listing_opens_one_case_and_clears_once_however_often_it_is_seen(bureau: Bureau, names: NameServer) -> None:
    names.addresses[backwards(IP)] = "127.0.0.4"
    for _ in range(3):
        assert a_round(a_watch(bureau, names))
    (case,) = bureau.cases()
    assert (case["id"], case["category"]) == (f"listing.zen.{IP}.1", "reputation/blocklist")
    assert case["complaints"][0]["reporter"] == {"name": "zen", "kind": "blocklist"}
    assert len(case["complaints"]) == 1
    del names.addresses[backwards(IP)]
    assert cleared(bureau, names, rounds=1) == []
    assert cleared(bureau, names, rounds=3) == [f"listing.zen.{IP}.1.cleared.{IP}"]
    names.addresses[backwards(IP)] = "127.0.0.4"
    a_round(a_watch(bureau, names))
    assert [each["since"] is not None for each in bureau.enquiries.listings()] == [True]
    assert bureau.faults() == []


def cleared(bureau: Bureau, names: NameServer, rounds: int) -> list[str]:
    for _ in range(rounds):
        a_round(a_watch(bureau, names))
    return [row.id for row in bureau.rows(select(events.c.id).where(events.c.type == "listing.cleared"))]


def test_an_sbl_listing_is_a_task_for_the_admin(bureau: Bureau, names: NameServer) -> None:
    names.addresses[backwards(IP)] = "127.0.0.2"
    names.texts[backwards(IP)] = '"https://list.example/query/SBL4711"'
    a_round(a_watch(bureau, names))
    (listing,) = bureau.enquiries.listings()
    assert (listing["removal"], listing["list"], listing["ips"]) == ("provider", "zen", [IP])
    task = bureau.action("notify_staff")
    assert (task["template"], IP in task["because"]) == ("delist", True)
    assert bureau.cases()[0]["complaints"][0]["report_id"] == "SBL4711"


def test_a_list_that_does_not_answer_changes_nothing_and_is_a_failing_source(bureau: Bureau, names: NameServer) -> None:
    names.addresses[backwards(IP)] = "127.0.0.4"
    a_round(a_watch(bureau, names))
    names.addresses[backwards(IP)] = "127.255.255.254"
    names.addresses.update({backwards(str(ip)): "127.255.255.254" for ip in OWN[0]})
    assert not any(a_round(a_watch(bureau, names)) for _ in range(3))
    assert len(bureau.enquiries.listings()) == 1
    (source,) = bureau.enquiries.sources()
    assert "127.255.255.254" in source["error"]


def test_a_file_of_networks_is_compared_with_what_services_hold(bureau: Bureau, tmp_path: Path) -> None:
    path = tmp_path / "drop.txt"
    path.write_text("192.0.2.0/24 ; SBL99\n")
    watch = BlocklistWatch(config(zone=None, file=path), ListFile(path), bureau.desk, OWN)
    assert a_round(watch)
    (listing,) = bureau.enquiries.listings()
    assert (listing["subject"], listing["ips"]) == ("192.0.2.0/24", [IP])
    path.write_text("198.51.100.1\n")
    assert [a_round(watch), a_round(watch)] == [True, True]
    assert bureau.enquiries.listings() == []
