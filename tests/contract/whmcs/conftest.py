"""A sandbox WHMCS over real HTTP and the panel on it; what goes against the documentation fails the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from adapters.whmcs.client import Credentials, Timeouts, WhmcsClient
from adapters.whmcs.panel import WhmcsPanel
from adapters.whmcs.sandbox import (
    Fault,
    FaultKind,
    Quirks,
    Seed,
    SeedClient,
    SeedCurrency,
    SeedInvoice,
    SeedLine,
    SeedOrder,
    SeedProduct,
    SeedServer,
    SeedService,
    World,
    make_app,
    serve,
    world_of,
)
from adapters.whmcs.sandbox.server_module import ServerModule, virtualizor_module

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FAST = Timeouts(connect=2.0, read=0.6, whole=5.0)


def a_seed(*, quirks: Quirks | None = None, extra_services: int = 0, access_key: str | None = None) -> Seed:
    """Two clients, a VPS, a service without a module, one that is paid by invoice 1, and a pending order."""
    more = tuple(
        SeedService(id=100 + index, client=11, product=1, server=1, regdate=date(2025, 1, 1))
        for index in range(extra_services)
    )
    return Seed(
        timezone="Europe/Berlin",
        access_key=access_key,
        quirks=quirks or Quirks(),
        currencies=(SeedCurrency(code="EUR"), SeedCurrency(code="USD", rate=Decimal("1.08"))),
        clients=(
            SeedClient(id=11, firstname="Ada", lastname="Ähm", email="ada@customer.example", language="german"),
            SeedClient(
                id=12,
                firstname="Bo",
                lastname="Rast",
                companyname="Rast & Söhne <GmbH>",
                email="bo@reseller.example",
                currency="USD",
                groupid=3,
                custom_fields={"Identity verified": "yes"},
            ),
        ),
        products=(SeedProduct(id=1, name="VPS S"), SeedProduct(id=2, name="Consulting", module="", custom_fields=())),
        servers=(SeedServer(id=1, name="virt-1"),),
        services=(
            SeedService(
                id=21,
                client=11,
                product=1,
                server=1,
                order=31,
                domain="vps.customer.example",
                regdate=date(2026, 1, 15),
                nextduedate=date(2026, 3, 15),
                dedicated_ip="192.0.2.10",
                assigned_ips="192.0.2.11\r\n2001:DB8:0:0::1, 198.51.100.0/29",
                custom_fields={"vpsid": "1001", "vps_uuid": "u-1001"},
            ),
            SeedService(id=22, client=12, product=2, regdate=date(2026, 2, 1)),
            *more,
        ),
        invoices=(
            SeedInvoice(
                id=1,
                client=11,
                issued=date(2026, 3, 1),
                due=date(2026, 3, 15),
                lines=(SeedLine(description="VPS S", amount=Decimal("10.00"), service=21),),
            ),
        ),
        orders=(SeedOrder(id=31, client=11, services=(21,)),),
    )


@dataclass
class Sandbox:
    """One running installation and a panel on it; `moment[0]` is its clock, `tolerated` violations a test provokes."""

    world: World
    url: str
    moment: list[datetime]
    tolerated: set[str] = field(default_factory=set)

    def client(self, *, secret: str = "sandbox-secret", access_key: str | None = None) -> WhmcsClient:
        credentials = Credentials(identifier="sandbox-identifier", secret=secret, access_key=access_key)
        return WhmcsClient(url=self.url, credentials=credentials, timeouts=FAST, sleep=lambda _seconds: None)

    def panel(self, client: WhmcsClient | None = None, *, page_size: int = 250) -> WhmcsPanel:
        return WhmcsPanel(
            client or self.client(),
            abuse_department="2",
            payment_method="banktransfer",
            admin_username="tipstaff",
            timezone=ZoneInfo("Europe/Berlin"),
            page_size=page_size,
        )

    def fault(self, kind: FaultKind, action: str, *, times: int = 1, seconds: float = 0.0, words: str = "") -> None:
        self.world.faults.order(Fault(kind=kind, action=action, times=times, seconds=seconds, words=words))

    def calls(self, action: str) -> int:
        return len(self.world.journal.calls(action))


StartSandbox = Callable[..., Sandbox]


@pytest.fixture
def start() -> Iterator[StartSandbox]:
    """Starts sandboxes; at the end each has to be free of violations."""
    running = []
    started: list[Sandbox] = []

    def start_one(seed: Seed | None = None, *, module: ServerModule = virtualizor_module) -> Sandbox:
        moment = [NOW]
        app = make_app(seed or a_seed(), now=lambda: moment[0], module=module)
        server = serve(app, cron_every=3600)
        running.append(server)
        started.append(Sandbox(world=world_of(app), url=server.url, moment=moment))
        return started[-1]

    yield start_one
    for server in running:
        server.stop()
    for sandbox in started:
        assert set(sandbox.world.journal.violations) <= sandbox.tolerated


@pytest.fixture
def whmcs(start: StartSandbox) -> Sandbox:
    """A sandbox of the usual seed."""
    return start()
