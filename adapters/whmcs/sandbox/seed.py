"""What a sandbox WHMCS holds when it starts, as data, and which of the panel's oddities it shows."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")

EmptyList = Literal["nested", "list", "text", "missing"]


@dataclass(frozen=True, kw_only=True)
class SeedClient:
    id: int
    firstname: str
    lastname: str
    email: str
    companyname: str = ""
    currency: str = "EUR"
    groupid: int = 0
    language: str = "english"
    status: str = "Active"
    email_verified: bool = True
    custom_fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SeedProduct:
    """`module` is empty where no server module stands behind it; `custom_fields` are names."""

    id: int
    name: str
    module: str = "virtualizor"
    group: str = "VPS"
    custom_fields: tuple[str, ...] = ("vpsid", "vps_uuid")
    autosetup: bool = True


@dataclass(frozen=True, kw_only=True)
class SeedServer:
    """A server entry: `url` of its Virtualizor (empty: its module always succeeds), `password` the API password."""

    id: int
    name: str
    url: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class SeedService:
    id: int
    client: int
    product: int
    regdate: date
    server: int = 0
    order: int = 0
    domain: str = ""
    status: str = "Active"
    suspend_reason: str = ""
    dedicated_ip: str = ""
    assigned_ips: str = ""
    nextduedate: date | None = None
    first_amount: Decimal = Decimal("10.00")
    recurring_amount: Decimal = Decimal("10.00")
    billing_cycle: str = "Monthly"
    custom_fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SeedLine:
    """`service` is the service that a payment renews; 0 for a line of no service."""

    description: str
    amount: Decimal
    service: int = 0


@dataclass(frozen=True, kw_only=True)
class SeedInvoice:
    id: int
    client: int
    issued: date
    due: date
    lines: tuple[SeedLine, ...]
    status: str = "Unpaid"
    notes: str = ""


@dataclass(frozen=True, kw_only=True)
class SeedOrder:
    id: int
    client: int
    services: tuple[int, ...]
    status: str = "Pending"


@dataclass(frozen=True, kw_only=True)
class SeedCurrency:
    """`rate` is how much of it one unit of the default currency buys; the first currency is the default."""

    code: str
    rate: Decimal = Decimal(1)


@dataclass(frozen=True, kw_only=True)
class SeedDepartment:
    id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class SeedAdmin:
    id: int
    username: str
    name: str
    departments: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Quirks:
    """Oddities of the panel, as its documented samples have them.

    flat_lists           `credits[credit][0][id]` where the sample shows it
    empty_list           how a list without rows looks
    encoded_text         texts come back with HTML entities
    custom_field_names   a service's custom field rows carry names
    admin_flag_works     OpenTicket's `admin` has an effect through the external API
    most_rows            the largest page, whatever was asked for
    """

    flat_lists: bool = True
    empty_list: EmptyList = "nested"
    encoded_text: bool = True
    custom_field_names: bool = True
    admin_flag_works: bool = False
    most_rows: int = 1000


@dataclass(frozen=True, kw_only=True)
class Seed:
    """A whole installation.

    api_admin      the admin behind the credential
    timezone       of its local times
    callback_key   what the server module's callback accepts; empty: nothing
    """

    identifier: str = "sandbox-identifier"
    secret: str = field(default="sandbox-secret", repr=False)
    access_key: str | None = field(default=None, repr=False)
    callback_key: str = field(default="", repr=False)
    timezone: str = "UTC"
    api_admin: int = 1
    payment_methods: tuple[str, ...] = ("banktransfer",)
    clients: tuple[SeedClient, ...] = ()
    products: tuple[SeedProduct, ...] = ()
    servers: tuple[SeedServer, ...] = ()
    services: tuple[SeedService, ...] = ()
    invoices: tuple[SeedInvoice, ...] = ()
    orders: tuple[SeedOrder, ...] = ()
    currencies: tuple[SeedCurrency, ...] = (SeedCurrency(code="EUR"),)
    departments: tuple[SeedDepartment, ...] = (SeedDepartment(id=1, name="Support"), SeedDepartment(id=2, name="Abuse"))
    admins: tuple[SeedAdmin, ...] = (SeedAdmin(id=1, username="tipstaff", name="Tipstaff", departments=(1, 2)),)
    quirks: Quirks = field(default_factory=Quirks)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Seed:
        """A seed out of plain values: objects are dicts, lists stay lists, dates and amounts may be texts.

        Raises TypeError for a key that no field has and for one that is missing.
        """
        return _built(cls, data)


def _built(kind: type[T], data: Mapping[str, Any]) -> T:
    hints = get_type_hints(kind)
    known = {one.name for one in fields(kind)} if is_dataclass(kind) else set()
    if unknown := set(data) - known:
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return kind(**{key: _value(hints[key], value) for key, value in data.items()})


def _value(hint: Any, value: Any) -> Any:
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], item) for item in value)
    if isinstance(hint, types.UnionType):
        return None if value is None else _value(get_args(hint)[0], value)
    if is_dataclass(hint) and isinstance(hint, type) and isinstance(value, Mapping):
        return _built(hint, value)
    if hint is date and isinstance(value, str):
        return date.fromisoformat(value)
    return Decimal(str(value)) if hint is Decimal else value
