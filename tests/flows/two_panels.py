"""Both sandbox panels over real HTTP, and in front of them a synchroniser, a desk and a worker, all in this process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import select

from adapters.virtualizor import sandbox as virtualizor
from adapters.virtualizor.access import Access
from adapters.virtualizor.client import VirtualizorClient
from adapters.virtualizor.panel import VirtualizorPanel
from adapters.whmcs import sandbox as whmcs
from adapters.whmcs.client import Credentials, Timeouts, WhmcsClient
from adapters.whmcs.panel import WhmcsPanel
from adapters.whmcs.sandbox import people
from bridge.actions import BlockPlans, Panels
from bridge.clock import ManualClock
from bridge.config import Limits, PanelNames
from bridge.desk import Desk
from bridge.drift import Drift, list_drifts
from bridge.letters import load_letters
from bridge.policy.load import find_pack
from bridge.rules import Rules
from bridge.store.engine import migrate, to_us
from bridge.store.queue import SqlQueue
from bridge.store.store import Store
from bridge.store.tables import actions, clients, events, holdings, services
from bridge.sync import Summary, Synchroniser
from bridge.views import Source
from bridge.wording import Wording
from bridge.worker import Worker, WorkerSettings

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PACKS = Path(__file__).parent / "packs"
SECRET = b"of the flow"
SOURCE = Source(name="flow")
NOTHING: Mapping[str, Any] = MappingProxyType({})
KEY, PASSWORD = "key-of-the-flow", "password-of-the-flow"

NAMES = PanelNames(
    reseller_groups=frozenset({"3"}),
    product_kind={"2": "dedicated"},
    mail_port_open="Mail ports open",
    identity_verified=None,
    region={},
    exclusive_bandwidth=frozenset(),
)


def whmcs_seed(url: str, services_: tuple[whmcs.SeedService, ...]) -> whmcs.Seed:
    return whmcs.Seed(
        timezone="Europe/Berlin",
        clients=(
            whmcs.SeedClient(id=11, firstname="Ada", lastname="Lind", email="ada@lind.example", language="german"),
            whmcs.SeedClient(id=12, firstname="Bo", lastname="Marsh", email="bo@marsh.example", groupid=3),
        ),
        products=(
            whmcs.SeedProduct(id=1, name="VPS", custom_fields=("vpsid", "vps_uuid", "Mail ports open")),
            whmcs.SeedProduct(id=2, name="Server", module="", custom_fields=()),
        ),
        servers=(whmcs.SeedServer(id=1, name="virt-1", url=url, password=PASSWORD),),
        services=services_,
    )


def a_vps(number: int, vpsid: int, ip: str, assigned: str = "", **more: Any) -> whmcs.SeedService:
    """A VPS of client 11 whose record names its machine's addresses."""
    given: dict[str, Any] = {
        "id": number,
        "client": 11,
        "product": 1,
        "server": 1,
        "regdate": date(2026, 1, 15),
        "nextduedate": date(2026, 3, 15),
        "dedicated_ip": ip,
        "assigned_ips": assigned,
        "custom_fields": {"vpsid": str(vpsid), "vps_uuid": f"u-{vpsid}"},
    }
    return whmcs.SeedService(**{**given, **more})


def a_machine(vpsid: int, *ips: str, **more: Any) -> virtualizor.SeedMachine:
    return virtualizor.SeedMachine(vpsid=vpsid, uuid=f"u-{vpsid}", hostname=f"vps{vpsid}.example", ips=ips, **more)


SERVICES = (
    a_vps(21, 1001, "192.0.2.10", "2001:DB8:0:0::10"),
    a_vps(22, 1002, "192.0.2.20", client=12),
    whmcs.SeedService(
        id=23,
        client=12,
        product=2,
        regdate=date(2026, 1, 1),
        dedicated_ip="198.51.100.1",
        assigned_ips="198.51.100.8/29\r\n2001:db8:23::/48",
    ),
)
MACHINES = (a_machine(1001, "192.0.2.10", "2001:db8::10"), a_machine(1002, "192.0.2.20"))


@dataclass
class TwoPanels:
    """The panels as people see them, and what the program knows of them."""

    world: whmcs.World
    machines: virtualizor.SandboxPanel
    desk: Desk
    clock: ManualClock
    synchroniser: Synchroniser
    estate: virtualizor.Server
    worker: Worker

    def sync(self) -> Summary:
        self.clock.move(timedelta(hours=1))
        return self.synchroniser.everything()

    def edit(self, service: int, **changes: Any) -> None:
        people.edit_service(self.world, service, changes)

    def give(self, vpsid: int, *ips: str) -> None:
        """The machine has exactly these addresses from now on."""
        estate = self.machines.estate
        with estate.lock:
            vps = estate.machine(vpsid)
            for ip in ips:
                if estate.find_address(ip) is None:
                    estate.add_address(ip, vps.node)
            for version in (4, 6):
                estate.replace_addresses(vps, version, [ip for ip in ips if (":" in ip) == (version == 6)])

    def events(self) -> list[str]:
        with self.desk.store.read() as connection:
            return list(connection.execute(select(events.c.id).order_by(events.c.seq)).scalars())

    def facts(self, service: int) -> dict[str, Any]:
        with self.desk.store.read() as connection:
            stored = connection.execute(select(services.c.facts).where(services.c.id == str(service))).scalar_one()
        return dict(orjson.loads(stored))

    def client(self, client: int) -> dict[str, Any]:
        with self.desk.store.read() as connection:
            stored = connection.execute(select(clients.c.facts).where(clients.c.id == str(client))).scalar_one()
        return dict(orjson.loads(stored))

    def history(self, prefix: str) -> list[tuple[str, bool]]:
        """Who held it, the first first: (service, whether it still does)."""
        query = select(holdings.c.service, holdings.c.end).where(holdings.c.prefix == prefix).order_by(holdings.c.start)
        with self.desk.store.read() as connection:
            return [(row.service, row.end is None) for row in connection.execute(query)]

    def holder(self, ip: str) -> str | None:
        return self.desk.store.write(lambda unit: unit.directory.holder(ip, self.clock.now()))

    def drifts(self) -> list[Drift]:
        with self.desk.store.read() as connection:
            return list_drifts(connection)

    # ---- deciding and carrying out ----

    def tell(self, id_: str, type_: str, **fields: Any) -> None:
        """An event from outside, as of now."""
        at = self.clock.now().isoformat().replace("+00:00", "Z")
        self.desk.accept({"id": id_, "type": type_, "at": at, **fields}, SOURCE)

    def complain(self, id_: str, ip: str, category: str, **more: Any) -> None:
        self.tell(id_, "complaint.received", ip=ip, category=category, **more)

    def queue(self, action: str, own: Mapping[str, Any] | None = None, **more: Any) -> str:
        """An approved action as if some policy had decided it: client 11, service 21 unless said; its id."""
        given = {"client": "11", "service": "21", "case": None, "plan": {}, **more}
        id_ = f"act_{action}_{len(self.actions())}"
        basis = {"policy": "blocks", "version": "1", "clause": "1", "because": "A person wanted it."}
        named = {name: given[name] for name in ("client", "service", "case") if given[name] is not None}
        answer = {"record": "action", "id": id_, "action": action, **basis, **named, **(own or {})}
        row = {
            "id": id_,
            "seq": 1_000_000 + len(self.actions()),
            "place": 0,
            "client": given["client"],
            "service": given["service"],
            "case": given["case"],
            "action": action,
            "urgency": 1,
            "state": "approved",
            "approval": "1",
            "simulated": False,
            "withdrawn": False,
            "record": orjson.dumps({"answer": answer, "plan": given["plan"]}).decode(),
            "created": to_us(self.clock.now()),
            "retry_at": 0,
            "attempts": 0,
            "unconfirmed": False,
        }
        self.desk.store.write(lambda unit: unit.connection.execute(actions.insert(), row))
        return id_

    def approve(self) -> None:
        """Every proposal, by one admin."""
        for id_, row in self.actions().items():
            if row.state == "proposed":
                self.desk.approve(id_, None, Source(name="test", by="anna", verified=True))

    def carry(self, rounds: int = 40) -> None:
        """The worker goes on, and time with it, until nothing is under way."""
        for _ in range(rounds):
            while self.worker.run_once():
                continue
            moving = {row.state for row in self.actions().values()} & {"approved", "executing", "waiting", "unclear"}
            if not moving:
                return
            self.clock.move(timedelta(minutes=3))
        raise AssertionError(f"it goes on for ever: {self.actions().values()}")

    def actions(self) -> dict[str, Any]:
        """The rows of all actions, by id."""
        with self.desk.store.read() as connection:
            return {row.id: row for row in connection.execute(select(actions).order_by(actions.c.seq, actions.c.place))}

    def action(self, name: str) -> Any:
        """The newest of that name."""
        return [row for row in self.actions().values() if row.action == name][-1]

    def machine(self, vpsid: int) -> Any:
        return self.machines.estate.machine(vpsid)

    def at_machines(self, call: str, kind: virtualizor.FaultKind, *, after: bool = False, times: int = 1) -> None:
        self.machines.faults.set(virtualizor.Fault(call=call, kind=kind, after=after, times=times))


@contextmanager
def two_panels(
    folder: Path,
    services_: tuple[whmcs.SeedService, ...] = SERVICES,
    machines_: tuple[virtualizor.SeedMachine, ...] = MACHINES,
    *,
    page_size: int = 250,
    database: str | None = None,
    pack: str = "klt-net",
    seed: Mapping[str, Any] = NOTHING,
    estate_seed: Mapping[str, Any] = NOTHING,
) -> Iterator[TwoPanels]:
    """Started for one test and stopped after it; what goes against the documentation fails the test."""
    clock = ManualClock(NOW)
    estate = virtualizor.make_app(
        virtualizor.Seed(machines=machines_, **estate_seed), api_key=KEY, api_password=PASSWORD, now=clock.now
    )
    servers = virtualizor.serve(estate)
    app = whmcs.make_app(replace(whmcs_seed(servers.url, services_), **seed), now=clock.now)
    billing = whmcs.serve(app, cron_every=3600)
    store = Store.open(database or f"sqlite:///{folder}/tipstaff.db")
    migrate(store.engine)
    limits = Limits(suspensions_per_hour=None, terminations_per_hour=None)
    desk = Desk(store, Rules(find_pack(pack, base=PACKS)), clock, limits)
    server_panel = VirtualizorPanel(
        VirtualizorClient(Access(url=servers.url, api_key=KEY, api_password=PASSWORD), sleep=_at_once)
    )
    panel = _billing(billing.url, page_size)
    synchroniser = Synchroniser(panel, {"1": server_panel}.get, ("1",), desk, NAMES, clock, refreshed=0)
    panels = Panels(billing=panel, servers={"1": server_panel}.get, plans=lambda _: BlockPlans(ports="7", outbound="8"))
    queue = SqlQueue(store, desk.finished, secret=SECRET, says=lambda policy, version, clause: Wording())
    worker = Worker(queue, panels, load_letters(), None, clock, WorkerSettings(secret=SECRET))
    try:
        yield TwoPanels(whmcs.world_of(app), virtualizor.panel_of(estate), desk, clock, synchroniser, servers, worker)
    finally:
        store.close()
        billing.stop()
        servers.stop()
    assert not whmcs.world_of(app).journal.violations
    assert virtualizor.panel_of(estate).journal.violations() == []


def _billing(url: str, page_size: int) -> WhmcsPanel:
    client = WhmcsClient(
        url=url,
        credentials=Credentials(identifier="sandbox-identifier", secret="sandbox-secret", access_key=None),
        timeouts=Timeouts(connect=2.0, read=2.0, whole=5.0),
        sleep=_at_once,
    )
    return WhmcsPanel(
        client,
        abuse_department="2",
        payment_method="banktransfer",
        admin_username="tipstaff",
        timezone=ZoneInfo("Europe/Berlin"),
        page_size=page_size,
    )


def _at_once(_: float) -> None:
    """No test waits for a retry."""
