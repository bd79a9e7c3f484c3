"""Panels in memory: they keep what real ones keep, and their writes can fail before or after the effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from bridge.errors import PanelRefused
from bridge.ports import (
    Attachment,
    BillingClient,
    BillingService,
    Cap,
    Capability,
    Credit,
    Currency,
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    Machine,
    Migration,
    Order,
    Refuge,
    ServiceStatus,
    Stage,
    Ticket,
    TicketMessage,
    Unreadable,
)
from tests.unit.actions.faults import Faults, Faulty, read, write

START = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)

SERVERS = frozenset(
    {
        Capability.CUT_NETWORK,
        Capability.FIREWALL_PLAN,
        Capability.REPLACE_IP,
        Capability.LIMIT_RESOURCE,
        Capability.MIGRATE,
    }
)


class ManualClock:
    """Time that passes when a test says so; the clock of decisions and the wall's are the same here."""

    def __init__(self, faults: Faults) -> None:
        self.moment = START
        self._faults = faults

    def now(self) -> datetime:
        return self.moment

    def wall(self) -> datetime:
        return self.moment

    def passes(self, length: timedelta) -> None:
        self.moment += length
        self._faults.time_passes()


def a_service(**changes: object) -> BillingService:
    service = BillingService(
        id="12",
        client="3",
        product="1",
        product_name="VPS S",
        domain="vps.example",
        status=ServiceStatus.ACTIVE,
        suspension_reason="",
        server="1",
        vpsid="101",
        vps_uuid="uuid-101",
        has_module=True,
        ips=("192.0.2.10", "192.0.2.11"),
        order=None,
        registered=None,
        next_due=None,
        billing_cycle="Monthly",
        recurring_amount=None,
        first_payment_amount=None,
    )
    return replace(service, **changes)  # type: ignore[arg-type]  # a test names fields of the dataclass


def a_machine(**changes: object) -> Machine:
    machine = Machine(
        id="101",
        uuid="uuid-101",
        node="0",
        hostname="vps.example",
        ips=("192.0.2.10", "192.0.2.11"),
        suspended=False,
        suspend_reason="",
        network_cut=False,
        locked=False,
        firewall_plan=None,
    )
    return replace(machine, **changes)  # type: ignore[arg-type]  # a test names fields of the dataclass


class MemoryServerPanel(Faulty):
    """One server panel with a machine or two."""

    name = "virtual"
    capabilities = SERVERS

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.rows: dict[str, Machine] = {"101": a_machine()}
        self.capped: dict[Cap, int] = {Cap.CPU: 100, Cap.DOWNLOAD: 0, Cap.UPLOAD: -1, Cap.READ: 0, Cap.WRITE: 0}
        self.free: list[str] = ["198.51.100.7", "192.0.2.77", "2001:db8::7"]
        self.migrations: list[Migration] = []

    def change(self, vpsid: str, **changes: object) -> None:
        self.rows[vpsid] = replace(self.rows[vpsid], **changes)  # type: ignore[arg-type]  # fields of the dataclass

    def probe(self) -> str:
        return "memory"

    @read
    def machines(self, *, unreadable: Unreadable | None = None) -> Iterator[Machine]:
        return iter(list(self.rows.values()))

    @read
    def machine(self, vpsid: str) -> Machine | None:
        return self.rows.get(vpsid)

    def holder_of(self, ip: str) -> Machine | None:
        return next((row for row in self.rows.values() if ip in row.ips), None)

    @write
    def cut_network(self, vpsid: str, uuid: str) -> None:
        self.change(vpsid, network_cut=True)

    @write
    def restore_network(self, vpsid: str, uuid: str) -> None:
        self.change(vpsid, network_cut=False)

    @write
    def set_firewall_plan(self, vpsid: str, plan: str | None, uuid: str = "") -> None:
        self.change(vpsid, firewall_plan=plan)

    @read
    def free_ips(self, node: str, *, version: int) -> Sequence[str]:
        return [ip for ip in self.free if (":" in ip) == (version == 6)]

    @write
    def set_ips(self, vpsid: str, ips: Sequence[str], uuid: str = "") -> None:
        self.free = [ip for ip in self.free if ip not in ips]
        self.change(vpsid, ips=tuple(ips))

    @read
    def caps(self, vpsid: str) -> dict[Cap, int]:
        return dict(self.capped)

    @write
    def set_caps(self, vpsid: str, caps: Mapping[Cap, int], uuid: str = "") -> None:
        self.capped.update(caps)

    @read
    def last_migration(self, vpsid: str) -> Migration | None:
        return self.migrations[-1] if self.migrations else None

    @write
    def migrate(self, vpsid: str, refuge: Refuge, uuid: str = "") -> None:
        self.migrations.append(Migration(id=str(len(self.migrations) + 1), stage=Stage.UNDER_WAY, percent="40"))
        self.change(vpsid, locked=True)

    def migration_ends(self, node: str, *, vpsid: str = "101", stage: Stage = Stage.ENDED) -> None:
        """The panel is done with the one under way; the machine is on that node under that id."""
        self.migrations[-1] = replace(self.migrations[-1], stage=stage, percent="100")
        machine = self.rows.pop("101")
        self.rows[vpsid] = replace(machine, id=vpsid, node=node, locked=False)


class MemoryBillingPanel(Faulty):
    """One billing panel with client 3 and his service 12, whose machine is in `servers`."""

    name = "billing"
    capabilities = frozenset(Capability) - SERVERS - {Capability.REPORTER_MAIL}

    def __init__(self, faults: Faults, clock: ManualClock, servers: MemoryServerPanel) -> None:
        self.faults = faults
        self._clock = clock
        self._servers = servers
        self.rows: dict[str, BillingService] = {"12": a_service()}
        self.people = {
            "3": BillingClient(
                id="3",
                name="Ann Example",
                email="ann@example",
                group=None,
                status="Active",
                currency="EUR",
                locale=None,
                email_verified=True,
            )
        }
        self.rates = {"USD": Currency(code="USD", rate=Decimal("1.25")), "EUR": Currency(code="EUR", rate=Decimal(1))}
        self.opened: list[Ticket] = []
        self.attached: list[Attachment] = []
        self.made: list[Invoice] = []
        self.lines: dict[str, list[InvoiceLine]] = {}
        self.due: dict[str, date] = {}
        self.booked: list[Credit] = []
        self.notes: list[tuple[str, str, bool]] = []
        self.mails: list[tuple[str, str]] = []
        self.orders: dict[str, str] = {"7": "active"}
        self.keeps_reasons = True

    def _time(self) -> datetime:
        """A panel's times have whole seconds."""
        return self._clock.wall().replace(microsecond=0)

    def change(self, service: str, **changes: object) -> None:
        self.rows[service] = replace(self.rows[service], **changes)  # type: ignore[arg-type]  # fields of the dataclass

    def probe(self) -> str:
        return "memory"

    def clients(self) -> Iterator[BillingClient]:
        return iter(self.people.values())

    @read
    def client(self, client: str) -> BillingClient | None:
        return self.people.get(client)

    def client_count(self) -> int:
        return len(self.people)

    def services(self, *, client: str | None = None, unreadable: Unreadable | None = None) -> Iterator[BillingService]:
        return (row for row in self.rows.values() if client is None or row.client == client)

    @read
    def service(self, service: str) -> BillingService | None:
        return self.rows.get(service)

    def service_count(self) -> int:
        return len(self.rows)

    @read
    def currencies(self) -> dict[str, Currency]:
        return self.rates

    # ---- module commands ----

    def _module(self, service: str) -> Machine | None:
        vpsid = self.rows[service].vpsid
        machine = self._servers.rows.get(vpsid or "")
        if vpsid and machine is None:
            raise PanelRefused("billing", "VPS not found")
        if machine is not None and machine.locked:
            raise PanelRefused("billing", "VPS is locked")
        return machine

    @write
    def suspend(self, service: str, reason: str) -> None:
        if self._module(service) is not None:
            self._servers.change("101", suspended=True)
        self.change(service, status=ServiceStatus.SUSPENDED, suspension_reason=reason if self.keeps_reasons else "")

    @write
    def unsuspend(self, service: str) -> None:
        if self._module(service) is not None:
            self._servers.change("101", suspended=False)
        self.change(service, status=ServiceStatus.ACTIVE, suspension_reason="")

    @write
    def terminate(self, service: str) -> None:
        if self._module(service) is not None:
            del self._servers.rows["101"]
        self.change(service, status=ServiceStatus.TERMINATED, vpsid=None, vps_uuid=None, ips=())

    @write
    def set_addresses(self, service: str, dedicated: str | None, assigned: Sequence[str]) -> None:
        self.change(service, ips=(*([dedicated] if dedicated else []), *assigned))

    # ---- tickets ----

    @read
    def tickets(self, client: str, *, subject: str | None = None) -> Iterator[Ticket]:
        found = [ticket for ticket in self.opened if ticket.client == client and (subject or "") in ticket.subject]
        return (replace(ticket, messages=()) for ticket in reversed(found))

    @read
    def ticket(self, ticket: str) -> Ticket | None:
        return next((found for found in self.opened if found.id == ticket), None)

    @write
    def open_ticket(
        self, *, client: str, service: str | None, subject: str, message: str, attachments: Sequence[Attachment] = ()
    ) -> Ticket:
        self.attached.extend(attachments)
        return self.add_ticket(client, subject, message, self._time())

    def add_ticket(self, client: str, subject: str, message: str, at: datetime) -> Ticket:
        number = len(self.opened) + 1
        ticket = Ticket(
            id=str(number),
            number=f"ABC-{number}",
            department="2",
            client=client,
            subject=subject,
            status="Answered",
            opened=at,
            messages=(TicketMessage(id="0", at=at, by_staff=True, text=message),),
        )
        self.opened.append(ticket)
        return ticket

    @write
    def reply(self, ticket: str, message: str, attachments: Sequence[Attachment] = ()) -> None:
        self.attached.extend(attachments)
        at = next(place for place, found in enumerate(self.opened) if found.id == ticket)
        known = self.opened[at]
        text = TicketMessage(id=str(len(known.messages)), at=self._time(), by_staff=True, text=message)
        self.opened[at] = replace(known, messages=(*known.messages, text))

    # ---- money ----

    @read
    def invoices(self, client: str) -> Iterator[Invoice]:
        return (invoice for invoice in reversed(self.made) if invoice.client == client)

    @read
    def invoice(self, invoice: str) -> Invoice | None:
        found = next((made for made in self.made if made.id == invoice), None)
        return None if found is None else replace(found, created=None, currency=None)

    @write
    def create_invoice(self, *, client: str, lines: Sequence[InvoiceLine], due: date, issued: date, notes: str) -> str:
        invoice = self.add_invoice(client, sum((line.amount for line in lines), Decimal()), notes, self._time())
        self.lines[invoice] = list(lines)
        self.due[invoice] = due
        return invoice

    def add_invoice(self, client: str, total: Decimal, notes: str, at: datetime) -> str:
        number = str(len(self.made) + 50)
        invoice = Invoice(
            id=number,
            client=client,
            status=InvoiceStatus.OPEN,
            notes=notes,
            created=at,
            issued=at.date(),
            total=total,
            balance=total,
            currency="EUR",
        )
        self.made.append(invoice)
        return number

    def change_invoice(self, invoice: str, **changes: object) -> None:
        at = next(place for place, made in enumerate(self.made) if made.id == invoice)
        self.made[at] = replace(self.made[at], **changes)  # type: ignore[arg-type]  # fields of the dataclass

    @write
    def cancel_invoice(self, invoice: str) -> None:
        self.change_invoice(invoice, status=InvoiceStatus.CANCELLED, balance=Decimal())

    @read
    def credits(self, client: str) -> Sequence[Credit]:
        return [credit for credit in self.booked if credit.client == client]

    @write
    def add_credit(self, client: str, amount: Decimal, description: str) -> None:
        number = str(len(self.booked) + 1)
        self.booked.append(
            Credit(id=number, client=client, booked=self._time().date(), description=description, amount=amount)
        )

    # ---- words and orders ----

    @write
    def add_client_note(self, client: str, text: str, *, sticky: bool = False) -> None:
        self.notes.append((client, text, sticky))

    @write
    def mail_staff(self, subject: str, text: str) -> None:
        self.mails.append((subject, text))

    @read
    def order(self, order: str) -> Order | None:
        status = self.orders.get(order)
        return None if status is None else Order(id=order, client="3", status=status, services=("12",))

    def pending_orders(self) -> Iterator[Order]:
        return iter(())

    @write
    def hold_order(self, order: str) -> None:
        self.orders[order] = "pending"

    @write
    def release_order(self, order: str) -> None:
        self.orders[order] = "active"

    @write
    def refuse_order(self, order: str) -> None:
        self.orders[order] = "cancelled"

    @write
    def close_client(self, client: str) -> None:
        self.people[client] = replace(self.people[client], status="Closed")

    def local_date(self, moment: datetime) -> date:
        return (moment + timedelta(hours=1)).date()


class MemoryMailer(Faulty):
    """Mails that went out, as (to, subject, text)."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.sent: list[tuple[str, str, str]] = []

    @write
    def send(self, *, to: str, subject: str, text: str, reference: str) -> None:
        self.sent.append((to, subject, text))
