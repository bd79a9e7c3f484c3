"""A desk on klt-net with one service, and a billing panel in memory that deadlines are held against."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import orjson
from sqlalchemy import select

from bridge.clock import ManualClock
from bridge.config import Limits
from bridge.desk import Desk
from bridge.errors import PanelError
from bridge.policy.load import find_pack
from bridge.ports import BillingPanel, Invoice, InvoiceStatus, Ticket, TicketMessage
from bridge.rules import Rules
from bridge.store.engine import migrate
from bridge.store.store import Store
from bridge.store.tables import actions, deadlines, events, tickets
from bridge.timeformat import format_time
from bridge.timekeeper import Timekeeper
from bridge.views import Source

Json = Any

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ADMIN = Source(name="desk", by="ada", verified=True)
HOUR = timedelta(hours=1)


@dataclass
class MemoryPapers:
    """Invoices and tickets of a billing panel; `trouble` by what is asked for, `*` for everything."""

    invoices: dict[str, InvoiceStatus] = field(default_factory=dict)
    replies: dict[str, list[TicketMessage]] = field(default_factory=dict)
    trouble: dict[str, PanelError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    name: str = "whmcs"

    def invoice(self, invoice: str) -> Invoice | None:
        self._ask(f"invoice {invoice}")
        status = self.invoices.get(invoice)
        if status is None:
            return None
        return Invoice(
            id=invoice, client="c1", status=status, notes="", created=None, issued=None,
            total=Decimal(20), balance=None, currency=None,
        )  # fmt: skip

    def ticket(self, ticket: str) -> Ticket | None:
        self._ask(f"ticket {ticket}")
        if ticket not in self.replies:
            return None
        opening = TicketMessage(id="0", at=NOW, by_staff=False, text="our notice")
        return Ticket(
            id=ticket, number="ABC", department="2", client="c1", subject="", status="Open", opened=NOW,
            messages=(opening, *self.replies[ticket]),
        )  # fmt: skip

    def mail_staff(self, subject: str, text: str) -> None:
        self._ask("mail")
        self.mails.append(f"{subject}\n{text}")

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        for key in (what, "*"):
            if key in self.trouble:
                raise self.trouble[key]


@dataclass
class Office:
    """What tests do and look at, in short words."""

    desk: Desk
    clock: ManualClock
    papers: MemoryPapers
    keeper: Timekeeper

    def accept(self, type_: str, id_: str, **more: Json) -> None:
        raw = {"id": id_, "type": type_, "at": format_time(self.clock.now()), **more}
        self.desk.accept(raw, Source(name="test"))

    def complain(self, id_: str = "k1", category: str = "connection/port_scan") -> None:
        self.accept("complaint.received", id_, ip="192.0.2.10", category=category)

    def tick(self, later: timedelta = timedelta()) -> int:
        self.clock.move(later)
        return self.keeper.tick()

    def ticket(self, case: str = "k1", number: str = "t1") -> None:
        """The notice was opened as a ticket: its action is done."""
        row = {"ticket": number, "case": case, "action": "a"}
        self.desk.store.write(lambda unit: unit.connection.execute(tickets.insert(), row))
        self.papers.replies.setdefault(number, [])

    def charged(self, invoice: str = "77", action: str = "charge_fine") -> str:
        """The fine was approved and its invoice made; returns the action's id."""
        (fine,) = self.actions(action)
        self.desk.approve(fine, None, ADMIN)
        by_hand = actions.update().where(actions.c.id == fine).values(state="manual")
        self.desk.store.write(lambda unit: unit.connection.execute(by_hand))
        self.desk.confirm(fine, ADMIN, invoice=invoice)
        self.papers.invoices[invoice] = InvoiceStatus.OPEN
        return fine

    def notices_done(self) -> None:
        """As if the worker had done what concerns letters."""
        letters = actions.c.action.in_(("notify_customer", "request_evidence"))
        self.desk.store.write(
            lambda unit: unit.connection.execute(actions.update().where(letters).values(state="done"))
        )

    def actions(self, name: str, state: str | None = None) -> list[str]:
        query = select(actions.c.id).where(actions.c.action == name).order_by(actions.c.seq)
        if state is not None:
            query = query.where(actions.c.state == state)
        with self.desk.store.read() as connection:
            return list(connection.execute(query).scalars())

    def state(self, action: str) -> str:
        with self.desk.store.read() as connection:
            return str(connection.execute(select(actions.c.state).where(actions.c.id == action)).scalar())

    def deadlines(self) -> list[tuple[str, str]]:
        query = select(deadlines.c["for"], deadlines.c.state).order_by(deadlines.c.due, deadlines.c.id)
        with self.desk.store.read() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def events(self, type_: str) -> list[str]:
        query = select(events.c.id).where(events.c.type == type_).order_by(events.c.seq)
        with self.desk.store.read() as connection:
            return list(connection.execute(query).scalars())

    def body(self, event: str) -> dict[str, Json]:
        with self.desk.store.read() as connection:
            return dict(
                orjson.loads(connection.execute(select(events.c.body).where(events.c.id == event)).scalar_one())
            )


def open_office(folder: Path, *, with_panel: bool = True, pack: str = "klt-net", **rules: Json) -> Office:
    """One active VPS of client c1 that holds 192.0.2.10."""
    store = Store.open(f"sqlite:///{folder}/tipstaff.db")
    migrate(store.engine)
    clock = ManualClock(NOW)
    limits = Limits(suspensions_per_hour=None, terminations_per_hour=None)
    desk = Desk(store, Rules(find_pack(pack), **rules), clock, limits)
    papers = MemoryPapers()
    keeper = Timekeeper(desk, cast("BillingPanel", papers) if with_panel else None, clock)
    office = Office(desk, clock, papers, keeper)
    office.accept(
        "service.observed", "s", service="1", client="c1", product_kind="vps", status="active", ips=["192.0.2.10"]
    )
    return office


def a_reply(id_: str = "5", later: timedelta = HOUR, *, by_staff: bool = False, text: str = "fixed") -> TicketMessage:
    return TicketMessage(id=id_, at=NOW + later, by_staff=by_staff, text=text)
