"""What the program needs of the world outside: a billing panel, a server panel, a mailer, a clock.

Adapters implement these protocols and translate at the edge: everything below is in the program's own words, ids are
strings, money is Decimal, times are aware UTC. No method retries a write; reads may be retried by the adapter.
Every method may raise a PanelError; which one tells the caller what to do next (bridge.errors).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from threading import Event
from typing import Protocol


class Capability(Enum):
    """What a panel can do for us; packs are compared with it at start, in `doctor` and in `policy check`."""

    SUSPEND = "suspend"
    TERMINATE = "terminate"
    TICKET = "ticket"
    INVOICE = "invoice"
    CREDIT = "credit"
    CLIENT_NOTE = "client_note"
    STAFF_MAIL = "staff_mail"
    ORDER = "order"
    CLOSE_CLIENT = "close_client"
    CUT_NETWORK = "cut_network"
    FIREWALL_PLAN = "firewall_plan"
    REPLACE_IP = "replace_ip"
    LIMIT_RESOURCE = "limit_resource"
    MIGRATE = "migrate"
    REPORTER_MAIL = "reporter_mail"


class ServiceStatus(Enum):
    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


@dataclass(frozen=True, kw_only=True)
class BillingService:
    """A service as the billing panel shows it.

    status            the panel's own word translated; Cancelled, Fraud and Completed count as terminated
    has_module        False where no server module stands behind it: module commands are refused, actions are manual
    server, vpsid     the panel's server id and the VPS id of its custom field or service property; None where not known
    ips               dedicated and assigned addresses, normalised, in the panel's order; prefixes as CIDR
    custom_fields     by name; where the panel gives no name, by id
    """

    id: str
    client: str
    product: str
    product_name: str
    domain: str
    status: ServiceStatus
    suspension_reason: str
    server: str | None
    vpsid: str | None
    vps_uuid: str | None
    has_module: bool
    ips: tuple[str, ...]
    order: str | None
    registered: date | None
    next_due: date | None
    billing_cycle: str
    recurring_amount: Decimal | None
    first_payment_amount: Decimal | None
    custom_fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class BillingClient:
    """A client as the billing panel shows it; `currency` is an ISO code, None where the list did not say."""

    id: str
    name: str
    email: str
    group: str | None
    status: str
    currency: str | None
    locale: str | None
    email_verified: bool | None
    custom_fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class InvoiceLine:
    """`amount` is in the invoice's currency."""

    text: str
    amount: Decimal


class InvoiceStatus(Enum):
    OPEN = "open"
    PAID = "paid"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """`notes` is where our mark stands; `total` is what the lines add up to, before credit; `balance` what is left.

    paid      the day of the payment, None where there was none
    services  those that the lines are for; only where the invoice was read by itself
    """

    id: str
    client: str
    status: InvoiceStatus
    notes: str
    created: datetime | None
    issued: date | None
    total: Decimal
    balance: Decimal | None
    currency: str | None
    paid: date | None = None
    services: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TicketMessage:
    """One text of a ticket; the first is the opening message. `by_staff` says who wrote it.

    enclosed  what is attached: (index, name as the panel gives it) of each
    """

    id: str
    at: datetime
    by_staff: bool
    text: str
    enclosed: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """`id` is internal, `number` is what the client sees; `messages` is empty in lists.

    author, address  who opened it, client or not; only where the ticket was read by itself
    """

    id: str
    number: str
    department: str
    client: str
    subject: str
    status: str
    opened: datetime
    messages: tuple[TicketMessage, ...] = ()
    author: str = ""
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """`name` is safe to show; `content` are its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Credit:
    """A signed booking on a client's balance; `description` is where our mark stands."""

    id: str
    client: str
    booked: date | None
    description: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Currency:
    """`rate` is the amount of this currency that one unit of the panel's default currency buys."""

    code: str
    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class Order:
    """`status` is the panel's word, in lower case: pending, active, cancelled, fraud …

    provisioned  those of its services that run or are suspended
    """

    id: str
    client: str
    status: str
    services: tuple[str, ...]
    provisioned: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Transaction:
    """Money that came in or went out at a gateway; `refund_of` is the transaction that a refund takes back."""

    id: str
    client: str | None
    invoice: str | None
    at: datetime | None
    amount_in: Decimal
    amount_out: Decimal
    refund_of: str | None


Unreadable = Callable[[str, str], None]
"""Told of a row of a list that makes no sense: its id, and what is wrong with it. The rest of the list goes on."""


class BillingPanel(Protocol):
    """The panel that knows clients, services and money."""

    name: str

    @property
    def capabilities(self) -> frozenset[Capability]: ...

    def probe(self) -> str:
        """Version text of the panel; raises where address, credentials or rights are wrong."""

    def clients(self) -> Iterator[BillingClient]: ...
    def client(self, client: str) -> BillingClient | None: ...
    def client_count(self) -> int: ...
    def services(self, *, client: str | None = None, unreadable: Unreadable | None = None) -> Iterator[BillingService]:
        """All services, or one client's; a row that makes no sense raises where nobody wants to be told of it."""

    def service(self, service: str) -> BillingService | None: ...
    def service_count(self) -> int: ...
    def currencies(self) -> dict[str, Currency]: ...

    def suspend(self, service: str, reason: str) -> None: ...
    def unsuspend(self, service: str) -> None: ...
    def terminate(self, service: str) -> None: ...
    def set_addresses(self, service: str, dedicated: str | None, assigned: Sequence[str]) -> None:
        """Write the record only; no module runs."""

    def tickets(self, client: str, *, subject: str | None = None) -> Iterator[Ticket]:
        """Tickets of one client in the abuse department, without their messages, newest first."""

    def ticket(self, ticket: str) -> Ticket | None: ...
    def open_ticket(
        self, *, client: str, service: str | None, subject: str, message: str, attachments: Sequence[Attachment] = ()
    ) -> Ticket:
        """Open a ticket as staff in the abuse department; the panel mails it to the client."""

    def reply(self, ticket: str, message: str, attachments: Sequence[Attachment] = ()) -> None: ...

    def invoices(self, client: str) -> Iterator[Invoice]: ...
    def invoice(self, invoice: str) -> Invoice | None: ...
    def create_invoice(self, *, client: str, lines: Sequence[InvoiceLine], due: date, issued: date, notes: str) -> str:
        """An unpaid, untaxed invoice, sent to the client; returns its id. Credit is not applied by itself."""

    def cancel_invoice(self, invoice: str) -> None: ...
    def credits(self, client: str) -> Sequence[Credit]: ...
    def add_credit(self, client: str, amount: Decimal, description: str) -> None: ...

    def add_client_note(self, client: str, text: str, *, sticky: bool = False) -> None: ...
    def mail_staff(self, subject: str, text: str) -> None: ...

    def order(self, order: str) -> Order | None: ...
    def pending_orders(self) -> Iterator[Order]: ...
    def hold_order(self, order: str) -> None: ...
    def release_order(self, order: str) -> None: ...
    def refuse_order(self, order: str) -> None: ...
    def close_client(self, client: str) -> None: ...

    def local_date(self, moment: datetime) -> date:
        """The calendar date of an instant in the panel's time zone."""


class Disputes(Protocol):
    """A billing panel that can be asked for refunds and reversed payments, since no hook tells them all."""

    def transactions(self, client: str) -> Sequence[Transaction]: ...
    def transactions_of(self, invoice: str) -> Sequence[Transaction]: ...
    def refunded(self) -> Iterator[Invoice]:
        """Invoices that the panel calls refunded; those of every client, newest first."""

    def asked(self, client: str) -> Iterator[Ticket]:
        """A client's tickets in whatever department, without their messages, newest first."""

    def collections(self) -> Iterator[Invoice]:
        """Invoices handed to collections, where a reversed payment ends; those of every client, newest first."""


class SelfCheck(Protocol):
    """A panel that can say whether its configuration fits."""

    def faults(self) -> Sequence[str]:
        """What has to be mended, one plain sentence each; empty where all is well. Only reads."""


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A virtual server as the server panel shows it.

    ips           IPv4 and IPv6 together, normalised, the primary address first where known
    network_cut   the separate flag of the network; the machine may run all the same
    locked        busy or locked by an admin: every operation is refused, try again later
    firewall_plan the admin-made plan in force; None for none
    """

    id: str
    uuid: str
    node: str
    hostname: str
    ips: tuple[str, ...]
    suspended: bool
    suspend_reason: str
    network_cut: bool
    locked: bool
    firewall_plan: str | None


@dataclass(frozen=True, kw_only=True)
class Refuge:
    """Where machines are migrated to: a node of the server panel, and those of its storages that take their disks."""

    node: str
    storages: tuple[str, ...]


class Stage(Enum):
    """How far background work of a server panel is; FAILED also where the panel itself has lost track of it."""

    UNDER_WAY = "under way"
    ENDED = "ended"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Migration:
    """A machine's move to another node, as the server panel tells of it: its task's id, stage and percents done."""

    id: str
    stage: Stage
    percent: str


class Cap(Enum):
    """What a machine may be kept to: percent of each core; KB/s of the line; operations, and MB read and written, per
    second of the disks. 0 is no cap."""

    CPU = "cpu"
    DOWNLOAD = "download"
    UPLOAD = "upload"
    IOPS = "iops"
    READ = "read"
    WRITE = "write"


class ServerPanel(Protocol):
    """The panel that knows virtual servers. Suspending and terminating go through the billing panel."""

    name: str

    @property
    def capabilities(self) -> frozenset[Capability]: ...

    def probe(self) -> str:
        """Version or host name of the panel; raises where address, credentials or rights are wrong."""

    def machines(self, *, unreadable: Unreadable | None = None) -> Iterator[Machine]:
        """Every machine; a row that makes no sense raises where nobody wants to be told of it."""

    def machine(self, vpsid: str) -> Machine | None: ...
    def holder_of(self, ip: str) -> Machine | None:
        """The one machine holding exactly that address; None for none; PanelRefused for two."""

    def cut_network(self, vpsid: str, uuid: str) -> None: ...
    def restore_network(self, vpsid: str, uuid: str) -> None: ...
    def set_firewall_plan(self, vpsid: str, plan: str | None, uuid: str = "") -> None: ...
    def free_ips(self, node: str, *, version: int) -> Sequence[str]: ...
    def set_ips(self, vpsid: str, ips: Sequence[str], uuid: str = "") -> None:
        """Replace the machine's whole list of addresses, IPv4 and IPv6; whatever is left out is released."""

    def caps(self, vpsid: str) -> dict[Cap, int]:
        """What is capped now; caps that the panel does not show are left out."""

    def set_caps(self, vpsid: str, caps: Mapping[Cap, int], uuid: str = "") -> None:
        """Set these caps and leave all else."""

    def last_migration(self, vpsid: str) -> Migration | None:
        """The newest that was begun of the machine that bore this id then."""

    def migrate(self, vpsid: str, refuge: Refuge, uuid: str = "") -> None:
        """Begin to move the machine with its addresses. It goes on afterwards, and the machine may get another id."""


OWN_NOTICE = "X-Tipstaff"
"""Header field of all mail that the program sends, so that what comes back to it is known."""


class Mailer(Protocol):
    """Plain mail to reporters and, if wanted, staff."""

    def send(self, *, to: str, subject: str, text: str, reference: str) -> None:
        """Hand one message over; raises PanelUnclear where the answer was lost after the text was sent."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message of a mailbox, or its beginning: `size` is what the whole has."""

    content: bytes
    size: int


class MailboxSession(Protocol):
    """One connection to a mailbox. Messages are told by UIDs, which hold as long as `validity` stays the same."""

    validity: int

    def after(self, uid: int) -> Sequence[int]:
        """UIDs of messages that came later, ascending."""

    def fetch(self, uid: int, most: int) -> Letter | None:
        """At most so many bytes, without marking anything; None where the message is gone. Raises SourceUnreachable."""

    def mark_taken(self, uid: int) -> None:
        """Raises MarkRefused where the server will not have it."""

    def mark_quarantined(self, uid: int) -> None:
        """As `mark_taken`."""

    def wait(self, seconds: float, stop: Event) -> None:
        """Until something new is announced, at most for so many seconds; ends soon after `stop`."""


class Mailbox(Protocol):
    """A mailbox that complaints arrive in."""

    def opened(self) -> AbstractContextManager[MailboxSession]:
        """Raises SourceUnreachable, also for what goes wrong with the connection while it is open."""


class NameLookup(Protocol):
    """Name servers. Both raise SourceUnreachable where no answer was had, which is not the same as none being there."""

    def addresses(self, name: str) -> Sequence[str]:
        """IPv4 addresses of a name; none where it does not exist."""

    def texts(self, name: str) -> Sequence[str]: ...


class Enclosures(Protocol):
    """Where tickets are read with what is attached to them."""

    def ticket(self, ticket: str) -> Ticket | None: ...
    def enclosure(self, ticket: str, message: str, index: int) -> Attachment | None:
        """What is attached to a message of a ticket; None where the panel has it no longer."""


class Watch(Protocol):
    """Something that brings complaints, or looks after what does, for as long as the program serves."""

    name: str

    def run(self, stop: Event) -> None:
        """Until `stop` is set."""


class Clock(Protocol):
    """`now` is for decisions and deadlines (a demo may move it), `wall` for leases, signatures and retries."""

    def now(self) -> datetime: ...
    def wall(self) -> datetime: ...


Panels = Callable[[str], "ServerPanel | None"]
"""The server panel behind a WHMCS server id; None where that server has none."""
