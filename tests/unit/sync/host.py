"""A host in memory: both panels, a database, a desk on klt-net; builders state only what matters to their test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import orjson
from sqlalchemy import select

from bridge.clock import ManualClock
from bridge.config import Limits, PanelNames
from bridge.desk import Desk
from bridge.drift import Drift, list_drifts
from bridge.errors import PanelError, PanelRefused, PanelUnreachable
from bridge.policy.load import find_pack
from bridge.ports import (
    BillingClient,
    BillingPanel,
    BillingService,
    Invoice,
    InvoiceStatus,
    Machine,
    Order,
    ServerPanel,
    ServiceStatus,
    Ticket,
    Transaction,
    Unreadable,
)
from bridge.rules import Rules
from bridge.store.engine import migrate
from bridge.store.store import Store
from bridge.store.tables import clients, events, holdings, services
from bridge.sync import Summary, Synchroniser
from bridge.views import Source

Json = Any

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)

_ELSEWHERE = Source(name="elsewhere")

NAMES = PanelNames(
    reseller_groups=frozenset({"3"}),
    product_kind={"7": "dedicated"},
    mail_port_open="Mail ports open",
    details_verified="Details verified",
    identity_verified="9",
    region={"4": "mainland-china"},
    exclusive_bandwidth=frozenset(),
)


def a_service(id_: str = "21", **more: Any) -> BillingService:
    """An active service of client 11 without a machine."""
    given: dict[str, Any] = {
        "id": id_,
        "client": "11",
        "product": "1",
        "product_name": "Server",
        "domain": "",
        "status": ServiceStatus.ACTIVE,
        "suspension_reason": "",
        "server": None,
        "vpsid": None,
        "vps_uuid": None,
        "has_module": True,
        "ips": ("192.0.2.10",),
        "order": None,
        "registered": date(2026, 1, 15),
        "next_due": None,
        "billing_cycle": "Monthly",
        "recurring_amount": Decimal("10.00"),
        "first_payment_amount": Decimal("15.00"),
    }
    return BillingService(**{**given, **more})


def a_vps(id_: str = "21", vpsid: str = "1001", **more: Any) -> BillingService:
    """A service with a machine on server 1."""
    return a_service(id_, **{"server": "1", "vpsid": vpsid, "vps_uuid": f"u-{vpsid}", **more})


def a_machine(id_: str = "1001", *ips: str, **more: Any) -> Machine:
    given: dict[str, Any] = {
        "id": id_,
        "uuid": f"u-{id_}",
        "node": "0",
        "hostname": "",
        "ips": ips or ("192.0.2.10",),
        "suspended": False,
        "suspend_reason": "",
        "network_cut": False,
        "locked": False,
        "firewall_plan": None,
    }
    return Machine(**{**given, **more})


def a_client(id_: str = "11", **more: Any) -> BillingClient:
    given: dict[str, Any] = {
        "id": id_,
        "name": "",
        "email": "",
        "group": None,
        "status": "Active",
        "currency": "EUR",
        "locale": "de",
        "email_verified": True,
    }
    return BillingClient(**{**given, **more})


@dataclass
class MemoryBilling:
    """The reading half of a billing panel. `fails_after` rows of services the panel is gone; `calls` counts."""

    held: dict[str, BillingService] = field(default_factory=dict)
    people: dict[str, BillingClient] = field(default_factory=dict)
    fails_after: int | None = None
    trouble: PanelError | None = None
    calls: list[str] = field(default_factory=list)
    name: str = "whmcs"
    strange: dict[str, str] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    invoices: dict[str, Invoice] = field(default_factory=dict)
    reversed: set[str] = field(default_factory=set)
    booked: list[Transaction] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)

    def services(self, *, client: str | None = None, unreadable: Unreadable | None = None) -> Iterator[BillingService]:
        for service_id, words in self.strange.items():
            if unreadable is None:
                raise PanelRefused(self.name, words)
            unreadable(service_id, words)
        for place, service in enumerate(list(self.held.values())):
            if self.fails_after is not None and place >= self.fails_after:
                raise PanelUnreachable(self.name, "no connection")
            yield service

    def service(self, service: str) -> BillingService | None:
        self._ask(f"service {service}")
        return self.held.get(service)

    def clients(self) -> Iterator[BillingClient]:
        """A list tells neither currency nor language."""
        for client in self.people.values():
            yield replace(client, currency=None, locale=None, email_verified=None, custom_fields={})

    def client(self, client: str) -> BillingClient | None:
        self._ask(f"client {client}")
        return self.people.get(client)

    def client_count(self) -> int:
        return len(self.people)

    def service_count(self) -> int:
        return len(self.held)

    def pending_orders(self) -> Iterator[Order]:
        return iter(self.orders)

    def order(self, order: str) -> Order | None:
        return next((found for found in self.orders if found.id == order), None)

    def collections(self) -> Iterator[Invoice]:
        return (invoice for invoice in self.invoices.values() if invoice.id in self.reversed)

    def refunded(self) -> Iterator[Invoice]:
        return (invoice for invoice in self.invoices.values() if invoice.status is InvoiceStatus.REFUNDED)

    def invoice(self, invoice: str) -> Invoice | None:
        return self.invoices.get(invoice)

    def transactions(self, client: str) -> list[Transaction]:
        return [one for one in self.booked if one.client == client]

    def transactions_of(self, invoice: str) -> list[Transaction]:
        return [one for one in self.booked if one.invoice == invoice]

    def asked(self, client: str) -> Iterator[Ticket]:
        return (ticket for ticket in self.tickets if ticket.client == client)

    def local_date(self, moment: datetime) -> date:
        return (moment + timedelta(hours=1)).date()

    def _ask(self, call: str) -> None:
        self.calls.append(call)
        if self.trouble is not None:
            raise self.trouble


@dataclass
class MemoryServers:
    """A server panel. `fails_after` machines of a list it is gone."""

    held: dict[str, Machine] = field(default_factory=dict)
    fails_after: int | None = None
    trouble: PanelError | None = None
    lists: int = 0
    name: str = "virtualizor"

    def machines(self, *, unreadable: Unreadable | None = None) -> Iterator[Machine]:
        self.lists += 1
        for place, machine in enumerate(list(self.held.values())):
            if self.fails_after is not None and place >= self.fails_after:
                raise PanelUnreachable(self.name, "no connection")
            yield machine

    def machine(self, vpsid: str) -> Machine | None:
        if self.trouble is not None:
            raise self.trouble
        return self.held.get(vpsid)

    def holder_of(self, ip: str) -> Machine | None:
        return next((machine for machine in self.held.values() if ip in machine.ips), None)


@dataclass
class Host:
    """Everything of one installation, with short words for what tests look at."""

    billing: MemoryBilling
    servers: MemoryServers
    desk: Desk
    clock: ManualClock
    synchroniser: Synchroniser

    def has(self, *things: BillingService | BillingClient | Machine) -> None:
        """The panels hold these; one of that id is replaced."""
        for thing in things:
            if isinstance(thing, BillingService):
                self.billing.held[thing.id] = thing
            elif isinstance(thing, BillingClient):
                self.billing.people[thing.id] = thing
            else:
                self.servers.held[thing.id] = thing

    def sync(self, *, accept_missing: bool = False) -> Summary:
        """An hour later, a full reading."""
        self.clock.move(timedelta(hours=1))
        return self.synchroniser.everything(accept_missing=accept_missing)

    def tell(self, **event: Json) -> None:
        """Something that another source says."""
        at = self.clock.now().isoformat().replace("+00:00", "Z")
        raw = {"id": f"told-{len(self.events())}", "at": at, **event}
        self.desk.accept(raw, source=_ELSEWHERE)

    def events(self) -> list[str]:
        with self.desk.store.read() as connection:
            return list(connection.execute(select(events.c.id).order_by(events.c.seq)).scalars())

    def facts(self, service: str = "21") -> dict[str, Json]:
        with self.desk.store.read() as connection:
            stored = connection.execute(select(services.c.facts).where(services.c.id == service)).scalar()
        return dict(orjson.loads(stored)) if stored else {}

    def client_facts(self, client: str = "11") -> dict[str, Json]:
        with self.desk.store.read() as connection:
            stored = connection.execute(select(clients.c.facts).where(clients.c.id == client)).scalar()
        return dict(orjson.loads(stored)) if stored else {}

    def history(self, prefix: str) -> list[tuple[str, bool]]:
        """Who held it, the first first: (service, whether it still does)."""
        query = select(holdings.c.service, holdings.c.end).where(holdings.c.prefix == prefix).order_by(holdings.c.start)
        with self.desk.store.read() as connection:
            return [(row.service, row.end is None) for row in connection.execute(query)]

    def holder(self, ip: str) -> str | None:
        return self.desk.store.write(lambda unit: unit.directory.holder(ip, self.clock.now()))

    def drifts(self, service: str | None = None) -> dict[str, Drift]:
        with self.desk.store.read() as connection:
            return {drift.kind: drift for drift in list_drifts(connection, service)}


def open_host(
    folder: Path,
    names: PanelNames = NAMES,
    *,
    pack: str = "klt-net",
    details: int = 20_000,
    refreshed: int = 300,
) -> Host:
    store = Store.open(f"sqlite:///{folder}/tipstaff.db")
    migrate(store.engine)
    clock = ManualClock(NOW)
    limits = Limits(suspensions_per_hour=None, terminations_per_hour=None)
    desk = Desk(store, Rules(find_pack(pack)), clock, limits)
    billing, servers = MemoryBilling(), MemoryServers()
    panels: Mapping[str, ServerPanel] = {"1": cast("ServerPanel", servers), "2": cast("ServerPanel", servers)}
    synchroniser = Synchroniser(
        cast("BillingPanel", billing), panels.get, ("1", "2"), desk, names, clock, details=details, refreshed=refreshed
    )
    return Host(billing, servers, desk, clock, synchroniser)
