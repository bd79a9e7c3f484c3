"""Sandbox panels with a dozen sample clients, for the demo, for flow tests and for trying out a configuration.

Together with `bridge.wiring` the only place that knows the adapters by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from adapters.virtualizor import sandbox as virtualizor
from adapters.whmcs import sandbox as whmcs
from adapters.whmcs.sandbox.world import World

ABUSE_DEPARTMENT = 2
API_KEY = "sandbox-api-key"
API_PASSWORD = "sandbox-api-password"
SERVER = 1
REFUGE, STORAGE = 1, 5
"""The node that machines are migrated to, and its storage."""
RESELLERS = 3
MAIL_FIELD = "Mail ports open"
VPS, DEDICATED = 1, 2

_PEOPLE = (
    ("Ada", "Lind", "ada@lind.example", ""),
    ("Bo", "Marsh", "bo@marsh.example", "Marsh Mailings"),
    ("Chen", "Wei", "chen@wei.example", ""),
    ("Dara", "Okoye", "dara@okoye.example", "Okoye Film Club"),
    ("Emil", "Nowak", "emil@nowak.example", ""),
    ("Fatou", "Diop", "fatou@diop.example", ""),
    ("Goran", "Ilic", "goran@ilic.example", ""),
    ("Hana", "Sato", "hana@sato.example", "Sato Games"),
    ("Ines", "Costa", "ines@costa.example", "Costa Resale"),
    ("Jon", "Berg", "jon@berg.example", ""),
    ("Kira", "Volk", "kira@volk.example", ""),
    ("Liam", "Ford", "liam@ford.example", "Ford Colocation"),
)
"""Client 1 to 12; client n has service n with 192.0.2.(10 + n). 9 resells, 12 has a machine without a VPS."""

_MAILER, _RESELLER, _DEDICATED, _WITH_IPV6 = 2, 9, 12, 5


@dataclass(frozen=True, kw_only=True)
class Keys:
    """What the panels' APIs ask of whoever calls them."""

    identifier: str = whmcs.Seed().identifier
    secret: str = field(default=whmcs.Seed().secret, repr=False)
    api_key: str = field(default=API_KEY, repr=False)
    api_password: str = field(default=API_PASSWORD, repr=False)


@dataclass(frozen=True)
class Sandboxes:
    """Two running panels; `world` is the WHMCS inside, for looking and for faults."""

    whmcs: whmcs.Server
    virtualizor: virtualizor.Server
    world: World
    keys: Keys

    def connect(self, bridge_url: str, hook_secret: str) -> None:
        """From now on hooks go to the bridge."""
        self.world.hooks.connect(bridge_url, hook_secret)

    def stop(self) -> None:
        self.whmcs.stop()
        self.virtualizor.stop()


def start_sandboxes(
    now: Callable[[], datetime], *, ports: tuple[int, int] = (0, 0), keys: Keys | None = None
) -> Sandboxes:
    """Start both panels on loopback; port 0 takes a free one."""
    keys = keys or Keys()
    machines = virtualizor.make_app(_machines(), api_key=keys.api_key, api_password=keys.api_password, now=now)
    servers = virtualizor.serve(machines, port=ports[1])
    app = whmcs.make_app(_installation(servers.url, keys, now().date()), now=now)
    return Sandboxes(whmcs.serve(app, port=ports[0], cron_every=1.0), servers, whmcs.world_of(app), keys)


_CONFIGURATION = """\
policy = "klt-net"
mode = "approve"
database_url = "sqlite:///tipstaff.db"

[server]
listen = "127.0.0.1:{port}"
hook_secret = "{hook_secret}"
metrics_from = ["127.0.0.1/32"]

[[token]]
name = "demo"
token = "{token}"
scopes = ["admin"]

[whmcs]
url = "{whmcs_url}"
identifier = "{identifier}"
secret = "{secret}"
abuse_department = {department}
payment_method = "banktransfer"
admin_username = "tipstaff"
timezone = "{timezone}"

[virtualizor]
url = "{virtualizor_url}"
servers = [{server}]
api_key = "{api_key}"
api_password = "{api_password}"
port_block_plan = 7
outbound_block_plan = 8
migrate_to = {refuge}
migrate_storage = [{storage}]

[networks]
own = ["192.0.2.0/24", "2001:db8::/32"]

[limits]
suspensions_per_hour = 100
terminations_per_hour = 10

[mapping]
reseller_groups = [{resellers}]
product_kind = {{ "{dedicated}" = "dedicated" }}
mail_port_open = {{ custom_field = "{mail_field}" }}

[[reporter]]
match = "@blocklist.example"
kind = "blocklist"
"""


def configuration(sandboxes: Sandboxes, *, port: int, hook_secret: str, token: str) -> str:
    """A tipstaff.toml for these panels."""
    keys = sandboxes.keys
    return _CONFIGURATION.format(
        port=port,
        hook_secret=hook_secret,
        token=token,
        whmcs_url=sandboxes.whmcs.url,
        identifier=keys.identifier,
        secret=keys.secret,
        department=ABUSE_DEPARTMENT,
        timezone=whmcs.Seed().timezone,
        virtualizor_url=sandboxes.virtualizor.url,
        server=SERVER,
        api_key=keys.api_key,
        api_password=keys.api_password,
        refuge=REFUGE,
        storage=STORAGE,
        resellers=RESELLERS,
        dedicated=DEDICATED,
        mail_field=MAIL_FIELD,
    )


def _addresses(client: int) -> tuple[str, ...]:
    return (f"192.0.2.{10 + client}", *((f"2001:db8::{client}",) if client == _WITH_IPV6 else ()))


def _machines() -> virtualizor.Seed:
    machines = tuple(
        virtualizor.SeedMachine(
            vpsid=100 + client,
            hostname=f"vps{client}.{person[2].partition('@')[2]}",
            ips=_addresses(client),
            email=person[2],
        )
        for client, person in enumerate(_PEOPLE, 1)
        if client != _DEDICATED
    )
    return virtualizor.Seed(
        machines=machines,
        nodes={0: "localhost", REFUGE: "refuge"},
        storages={STORAGE: REFUGE},
        free_ips={0: ("192.0.2.200", "192.0.2.201", "2001:db8::200")},
    )


def _installation(servers_url: str, keys: Keys, today: date) -> whmcs.Seed:
    return whmcs.Seed(
        identifier=keys.identifier,
        secret=keys.secret,
        clients=tuple(
            whmcs.SeedClient(
                id=number,
                firstname=person[0],
                lastname=person[1],
                email=person[2],
                companyname=person[3],
                currency="EUR" if number % 4 == 0 else "USD",
                groupid=RESELLERS if number == _RESELLER else 0,
            )
            for number, person in enumerate(_PEOPLE, 1)
        ),
        products=(
            whmcs.SeedProduct(id=VPS, name="VPS 2", custom_fields=("vpsid", "vps_uuid", MAIL_FIELD)),
            whmcs.SeedProduct(id=DEDICATED, name="Dedicated 1", module="", custom_fields=(MAIL_FIELD,)),
        ),
        servers=(whmcs.SeedServer(id=SERVER, name="kvm1", url=servers_url, password=keys.api_password),),
        services=tuple(_service(number, today) for number in range(1, len(_PEOPLE) + 1)),
        currencies=(whmcs.SeedCurrency(code="USD"), whmcs.SeedCurrency(code="EUR", rate=Decimal("0.92"))),
    )


def _service(number: int, today: date) -> whmcs.SeedService:
    fields = {MAIL_FIELD: "on"} if number == _MAILER else {}
    if number != _DEDICATED:
        fields["vpsid"] = str(100 + number)
    addresses = _addresses(number)
    return whmcs.SeedService(
        id=number,
        client=number,
        product=DEDICATED if number == _DEDICATED else VPS,
        server=SERVER,
        regdate=today - timedelta(days=400 - number),
        nextduedate=today + timedelta(days=10),
        domain=_PEOPLE[number - 1][2].partition("@")[2],
        dedicated_ip=addresses[0],
        assigned_ips="\n".join(addresses[1:]),
        custom_fields=fields,
    )
