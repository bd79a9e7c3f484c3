"""Refunds and reversed payments, for which the billing panel has no hook of its own: looked for again and again.

What is found becomes an event under an id made of the panel's own, so that it counts once, whoever finds it and however
often. What was there before the first look is history: nothing is decided about it.

    refund.granted     a transaction that pays money out, or an invoice called refunded without such a transaction
    invoice.refunded   the same of an invoice of ours
    payment.disputed   an invoice that was paid and now stands in collections, where a reversed payment ends
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import orjson
import structlog
from sqlalchemy import and_, select

from bridge.desk import Desk
from bridge.errors import InvalidInput, PanelRefused
from bridge.ids import invoice_event_id
from bridge.marks import marks_in
from bridge.ports import Clock, Disputes, Invoice, Transaction
from bridge.store.store import Unit
from bridge.store.tables import clients, events, services
from bridge.timeformat import format_time, parse_time
from bridge.views import Source

Json = Any

PAYMENTS = Source(name="payments")
CONTACT = timedelta(days=30)
"""A client who opened a ticket no longer ago than that has contacted support before he disputed."""

_SINCE, _HISTORY, _CURSOR = "payments.since", "payments.history", "payments.after"
_SKEW = timedelta(seconds=5)
_EACH_LOOK = 20

_log = structlog.get_logger(__name__)


class Cashbook(Disputes, Protocol):
    """What is read of the billing panel."""

    def invoice(self, invoice: str) -> Invoice | None: ...


class Payments:
    """Any number of processes may look.

    each_look  clients whose transactions are read in one look, in turn; a hook names others that are read at once
    """

    def __init__(self, billing: Cashbook, desk: Desk, clock: Clock, *, each_look: int = _EACH_LOOK) -> None:
        self._billing = billing
        self._desk = desk
        self._clock = clock
        self._each_look = each_look

    def look(self) -> int:
        """One look at everything; how many events came of it. Raises PanelError."""
        since = self._setting(_SINCE)
        if since is None:
            self._begin()
            return 0
        history = set(orjson.loads(self._setting(_HISTORY) or "[]"))
        found = sum(self._disputed(invoice, history) for invoice in list(self._billing.collections()))
        found += sum(self._called_refunded(invoice, history) for invoice in list(self._billing.refunded()))
        return found + sum(map(self.client, self._in_turn()))

    def client(self, client: str) -> int:
        """The refunds of one client; how many were new. Raises PanelError."""
        since = self._setting(_SINCE)
        if since is None:
            return 0
        return self._refunds(self._billing.transactions(client), parse_time(since, _SINCE) - _SKEW)

    def _begin(self) -> None:
        """What stands there already is history."""
        there = [invoice.id for invoice in (*self._billing.collections(), *self._billing.refunded())]

        def work(unit: Unit) -> None:
            if unit.setting(_SINCE) is None:
                unit.set(_HISTORY, orjson.dumps(there).decode())
                unit.set(_SINCE, format_time(self._clock.now()))

        self._desk.store.write(work)

    def _remember(self, invoice: str) -> None:
        """Nothing more will come of this invoice."""

        def work(unit: Unit) -> None:
            known = orjson.loads(unit.setting(_HISTORY) or "[]")
            if invoice not in known:
                unit.set(_HISTORY, orjson.dumps([*known, invoice]).decode())

        self._desk.store.write(work)

    # ---- reversed payments ----

    def _disputed(self, invoice: Invoice, history: set[str]) -> int:
        if invoice.id in history:
            return 0
        whole = self._billing.invoice(invoice.id)
        if whole is None or not self._was_paid(whole):
            # A debt that was never paid is collected, not disputed; once it is paid it leaves collections.
            return 0
        raw: dict[str, Json] = {
            "id": f"dispute.{invoice.id}",
            "type": "payment.disputed",
            "client": invoice.client,
            "contacted_support": self._contacted_support(invoice.client),
        }
        service = self._service_of(whole)
        found = self._accept({**raw, "service": service} if service else raw)
        self._remember(invoice.id)
        return found

    def _was_paid(self, invoice: Invoice) -> bool:
        if invoice.paid is not None:
            return True
        return any(booked.amount_in > 0 for booked in self._billing.transactions_of(invoice.id))

    def _contacted_support(self, client: str) -> bool:
        """Whether he opened a ticket, in whatever department, that is none of ours."""
        from_ = self._clock.now() - CONTACT
        return any(ticket.opened >= from_ and not marks_in(ticket.subject) for ticket in self._billing.asked(client))

    # ---- refunds ----

    def _called_refunded(self, invoice: Invoice, history: set[str]) -> int:
        if invoice.id in history:
            return 0
        if self._is_ours(invoice.id):
            id_ = invoice_event_id(invoice.id, "refunded")
            found = self._accept({"id": id_, "type": "invoice.refunded", "invoice": invoice.id})
        else:
            booked = [one for one in self._billing.transactions_of(invoice.id) if one.amount_out > 0]
            ids = [f"refund.{one.id}" for one in booked] or [f"refund.invoice.{invoice.id}"]
            found = sum(self._granted(id_, invoice.client, invoice.id, None) for id_ in ids)
        self._remember(invoice.id)
        return found

    def _refunds(self, booked: Sequence[Transaction], since: datetime) -> int:
        paid_out = [one for one in booked if one.amount_out > 0 and one.client and (one.at is None or one.at >= since)]
        fresh = self._unknown([f"refund.{one.id}" for one in paid_out])
        return sum(
            self._granted(f"refund.{one.id}", one.client or "", one.invoice, one.at)
            for one in paid_out
            if f"refund.{one.id}" in fresh and not (one.invoice and self._is_told(one.invoice))
        )

    def _granted(self, id_: str, client: str, invoice: str | None, at: datetime | None) -> int:
        service = self._service_by_invoice(client, invoice)
        if service is None:
            _log.warning("a refund names no service that is known", refund=id_, client=client)
            return 0
        moment = min(at or self._clock.now(), self._clock.now())
        raw = {"id": id_, "type": "refund.granted", "client": client, "service": service, "at": format_time(moment)}
        return self._accept(raw)

    def _service_by_invoice(self, client: str, invoice: str | None) -> str | None:
        try:
            whole = self._billing.invoice(invoice) if invoice else None
        except PanelRefused:
            whole = None
        return self._service_of(whole) if whole is not None else self._only_service(client)

    def _service_of(self, invoice: Invoice) -> str | None:
        """A known service that the invoice is for, else the client's only one."""
        with self._desk.store.read() as connection:
            wanted = and_(services.c.id.in_(invoice.services), services.c.client == invoice.client)
            known = set(connection.execute(select(services.c.id).where(wanted)).scalars())
        return next((service for service in invoice.services if service in known), self._only_service(invoice.client))

    def _only_service(self, client: str) -> str | None:
        with self._desk.store.read() as connection:
            known = (
                connection.execute(select(services.c.id).where(services.c.client == client).limit(2)).scalars().all()
            )
        return str(known[0]) if len(known) == 1 else None

    # ---- what is known ----

    def _accept(self, raw: dict[str, Json]) -> int:
        try:
            receipt = self._desk.accept({"at": format_time(self._clock.now()), **raw}, PAYMENTS)
        except InvalidInput as refusal:
            _log.warning("what the panel shows is no event", event=raw["id"], field=refusal.field)
            return 0
        return 0 if receipt.duplicate else 1

    def _is_ours(self, invoice: str) -> bool:
        return self._desk.store.write(lambda unit: unit.directory.client_of_invoice(invoice)) is not None

    def _is_told(self, invoice: str) -> bool:
        """An invoice of ours, or one whose refund was told of as a whole."""
        return self._is_ours(invoice) or not self._unknown([f"refund.invoice.{invoice}"])

    def _unknown(self, ids: Sequence[str]) -> set[str]:
        with self._desk.store.read() as connection:
            known = connection.execute(select(events.c.id).where(events.c.id.in_(list(ids)))).scalars()
            return set(ids) - set(known)

    def _in_turn(self) -> Iterator[str]:
        """A few clients, those who were looked at longest ago."""
        after = self._setting(_CURSOR) or ""
        query = select(clients.c.id).where(clients.c.id > after).order_by(clients.c.id).limit(self._each_look)
        with self._desk.store.read() as connection:
            wanted = list(connection.execute(query).scalars())
        last = wanted[-1] if len(wanted) == self._each_look else ""
        self._desk.store.write(lambda unit: unit.set(_CURSOR, last))
        return iter(wanted)

    def _setting(self, key: str) -> str | None:
        return self._desk.store.write(lambda unit: unit.setting(key))
