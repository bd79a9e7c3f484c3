"""A sandbox panel over real HTTP, and the adapter in front of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from adapters.virtualizor.access import Access, Style
from adapters.virtualizor.client import VirtualizorClient
from adapters.virtualizor.panel import VirtualizorPanel
from adapters.virtualizor.sandbox import (
    Callback,
    Fault,
    FaultKind,
    SandboxPanel,
    Seed,
    SeedMachine,
    Traits,
    make_app,
    panel_of,
    serve,
)
from adapters.virtualizor.sandbox.estate import Vps

API_KEY = "KEY-of-the-sandbox"
API_PASSWORD = "PASS-of-the-sandbox"
START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

MACHINES = (
    SeedMachine(vpsid=12, uuid="uuid-12", hostname="mail.example", ips=("192.0.2.10", "2001:DB8:0:0:0::10")),
    SeedMachine(vpsid=13, uuid="uuid-13", hostname="web.example", ips=("192.0.2.100",), node=1),
    SeedMachine(vpsid=14, uuid="uuid-14", hostname="busy.example", ips=("192.0.2.14",), locked="backup"),
    SeedMachine(vpsid=15, uuid="uuid-15", hostname="bare.example", ips=()),
)
USUAL = Traits()


class MovingClock:
    """A second passes with every look."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


@dataclass(frozen=True)
class Lab:
    """The adapter, and what stands behind it."""

    panel: VirtualizorPanel
    client: VirtualizorClient
    sandbox: SandboxPanel
    url: str

    def fail(self, call: str, kind: FaultKind, *, times: int = 1, after: bool = False, shape: str = "list") -> None:
        self.sandbox.faults.set(Fault(call=call, kind=kind, times=times, after=after, seconds=0.0, shape=shape))

    def calls(self) -> list[str]:
        return [entry["call"] for entry in self.sandbox.journal.entries()]

    def sent(self, call: str) -> list[dict[str, str]]:
        """The parameters of each such call, form fields after the query's, without `act` and `api`."""
        entries = [entry for entry in self.sandbox.journal.entries() if entry["call"] == call]
        sent = [{**entry["query"], **entry["form"]} for entry in entries]
        return [{name: value for name, value in each.items() if name not in ("act", "api")} for each in sent]

    def machine(self, vpsid: int) -> Vps:
        return self.sandbox.estate.machines[vpsid]


OpenLab = Callable[..., Lab]


@pytest.fixture
def open_lab() -> Iterator[OpenLab]:
    """`open_lab(machines=…, traits=…, style=…, callback=…)`: a sandbox and an adapter that looks at it."""
    servers = []

    def opened(
        *,
        machines: tuple[SeedMachine, ...] = MACHINES,
        traits: Traits = USUAL,
        style: Style = Style.PAIR,
        api_password: str = API_PASSWORD,
        callback: Callback | None = None,
    ) -> Lab:
        seed = Seed(
            machines=machines,
            nodes={0: "localhost", 1: "node-1"},
            free_ips={0: ("192.0.2.20", "192.0.2.21", "2001:db8::20"), 1: ("192.0.2.30",)},
            locked_ips={0: ("192.0.2.22",)},
            storages={5: 1, 6: 0},
            traits=traits,
        )
        app = make_app(seed, api_key=API_KEY, api_password=API_PASSWORD, now=MovingClock(), callback=callback)
        server = serve(app)
        servers.append(server)
        access = Access(url=server.url, api_key=API_KEY, api_password=api_password, style=style)
        client = VirtualizorClient(access, sleep=lambda _: None)
        return Lab(VirtualizorPanel(client), client, panel_of(app), server.url)

    yield opened
    for server in servers:
        server.stop()


@pytest.fixture
def lab(open_lab: OpenLab) -> Iterator[Lab]:
    """The usual panel; whatever a test does with it must be in the table of documented calls."""
    opened = open_lab()
    yield opened
    assert opened.sandbox.journal.violations() == []
