"""The sandbox's database: mutable rows by id, under one lock. Nothing here calls anyone."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from adapters.whmcs.sandbox.seed import (
    Seed,
    SeedAdmin,
    SeedClient,
    SeedCurrency,
    SeedDepartment,
    SeedOrder,
    SeedProduct,
    SeedServer,
    SeedService,
)

T = TypeVar("T")


class ApplicationError(Exception):
    """`result: error`, in the panel's words."""


@dataclass(kw_only=True)
class Client:
    id: int
    seed: SeedClient
    status: str
    groupid: int
    email: str
    email_verified: bool
    custom_fields: dict[str, str]
    credit: Decimal = Decimal(0)


@dataclass(kw_only=True)
class Service:
    id: int
    client: int
    product: int
    server: int
    order: int
    domain: str
    status: str
    suspend_reason: str
    dedicated_ip: str
    assigned_ips: str
    regdate: date
    nextduedate: date | None
    first_amount: Decimal
    recurring_amount: Decimal
    billing_cycle: str
    custom_fields: dict[str, str]
    notes: str = ""


@dataclass(kw_only=True)
class Line:
    id: int
    description: str
    amount: Decimal
    service: int = 0
    taxed: bool = False


@dataclass(kw_only=True)
class Invoice:
    id: int
    client: int
    status: str
    issued: date
    due: date
    created: datetime
    payment_method: str
    notes: str
    lines: list[Line]
    credit: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    paid_at: datetime | None = None

    @property
    def subtotal(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        """After credit, as the panel's `total` is."""
        return self.subtotal - self.credit

    @property
    def balance(self) -> Decimal:
        return self.total - self.paid


@dataclass(kw_only=True)
class Message:
    """`admin` is the name of the staff member who wrote it, empty for the client; `files` are what is attached."""

    id: int
    at: datetime
    text: str
    admin: str = ""
    files: tuple[tuple[str, bytes], ...] = ()

    @property
    def attachments(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(name for name, _ in self.files)


@dataclass(kw_only=True)
class Ticket:
    id: int
    tid: str
    client: int
    department: int
    service: int
    subject: str
    status: str
    priority: str
    messages: list[Message]

    @property
    def opened(self) -> datetime:
        return self.messages[0].at


@dataclass(kw_only=True)
class Credit:
    id: int
    client: int
    booked: date
    description: str
    amount: Decimal


@dataclass(kw_only=True)
class Note:
    id: int
    client: int
    at: datetime
    text: str
    sticky: bool


@dataclass(kw_only=True)
class Mail:
    """A mail that the panel would have sent; `to` is an address, or `admins`."""

    at: datetime
    to: str
    subject: str
    text: str


@dataclass(kw_only=True)
class Transaction:
    id: int
    client: int
    invoice: int
    at: datetime
    gateway: str
    transid: str
    amount_in: Decimal = Decimal(0)
    amount_out: Decimal = Decimal(0)
    refund_of: int = 0


@dataclass(kw_only=True)
class Order:
    id: int
    client: int
    services: tuple[int, ...]
    status: str
    placed: datetime


@dataclass(kw_only=True)
class State:
    """`lock` is held while rows are read or changed, never while somebody is called."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    clients: dict[int, Client] = field(default_factory=dict)
    products: Mapping[int, SeedProduct] = field(default_factory=dict)
    servers: Mapping[int, SeedServer] = field(default_factory=dict)
    currencies: Mapping[str, SeedCurrency] = field(default_factory=dict)
    departments: Mapping[int, SeedDepartment] = field(default_factory=dict)
    admins: Mapping[int, SeedAdmin] = field(default_factory=dict)
    services: dict[int, Service] = field(default_factory=dict)
    invoices: dict[int, Invoice] = field(default_factory=dict)
    tickets: dict[int, Ticket] = field(default_factory=dict)
    credits: dict[int, Credit] = field(default_factory=dict)
    notes: dict[int, Note] = field(default_factory=dict)
    transactions: dict[int, Transaction] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)

    def client(self, number: int | None) -> Client:
        return _found(self.clients, number, "Client ID Not Found")

    def service(self, number: int | None) -> Service:
        return _found(self.services, number, "Service ID not found")

    def invoice(self, number: int | None) -> Invoice:
        return _found(self.invoices, number, "Invoice ID Not Found")

    def ticket(self, number: int | None) -> Ticket:
        return _found(self.tickets, number, "Ticket ID Not Found")

    def order(self, number: int | None) -> Order:
        return _found(self.orders, number, "Order ID Not Found")

    def mail(self, at: datetime, to: str, subject: str, text: str) -> None:
        self.mails.append(Mail(at=at, to=to, subject=subject, text=text))


def _found(table: Mapping[int, T], number: int | None, words: str) -> T:
    row = table.get(number or 0)
    if row is None:
        raise ApplicationError(words)
    return row


def next_id(table: Mapping[int, object]) -> int:
    """The id of the next row."""
    return max(table, default=0) + 1


def planted(seed: Seed, now: datetime) -> State:
    """The state that a seed describes."""
    state = State(
        products={product.id: product for product in seed.products},
        servers={server.id: server for server in seed.servers},
        currencies={currency.code: currency for currency in seed.currencies},
        departments={department.id: department for department in seed.departments},
        admins={admin.id: admin for admin in seed.admins},
    )
    state.clients = {client.id: _client(client) for client in seed.clients}
    state.services = {service.id: _service(service) for service in seed.services}
    state.orders = {order.id: _order(order, now) for order in seed.orders}
    for invoice in seed.invoices:
        lines = [
            Line(id=number, description=line.description, amount=line.amount, service=line.service)
            for number, line in enumerate(invoice.lines, start=1)
        ]
        state.invoices[invoice.id] = Invoice(
            id=invoice.id,
            client=invoice.client,
            status=invoice.status,
            issued=invoice.issued,
            due=invoice.due,
            created=now,
            payment_method=seed.payment_methods[0],
            notes=invoice.notes,
            lines=lines,
        )
    return state


def _client(seed: SeedClient) -> Client:
    return Client(
        id=seed.id,
        seed=seed,
        status=seed.status,
        groupid=seed.groupid,
        email=seed.email,
        email_verified=seed.email_verified,
        custom_fields=dict(seed.custom_fields),
    )


def _service(seed: SeedService) -> Service:
    return Service(
        id=seed.id,
        client=seed.client,
        product=seed.product,
        server=seed.server,
        order=seed.order,
        domain=seed.domain,
        status=seed.status,
        suspend_reason=seed.suspend_reason,
        dedicated_ip=seed.dedicated_ip,
        assigned_ips=seed.assigned_ips,
        regdate=seed.regdate,
        nextduedate=seed.nextduedate,
        first_amount=seed.first_amount,
        recurring_amount=seed.recurring_amount,
        billing_cycle=seed.billing_cycle,
        custom_fields=dict(seed.custom_fields),
    )


def _order(seed: SeedOrder, now: datetime) -> Order:
    return Order(id=seed.id, client=seed.client, services=seed.services, status=seed.status, placed=now)
