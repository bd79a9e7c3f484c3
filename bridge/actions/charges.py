"""Fines, fees and deposits: one invoice each, with a line per address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from bridge.actions.errand import Errand, earliest
from bridge.actions.money import Rate, amount_of, rate_for
from bridge.actions.registry import Action, action, whom
from bridge.actions.step import Attempt, Call, Seen, Sight, Step
from bridge.letters import plain
from bridge.marks import bears, marked
from bridge.ports import Capability, Invoice, InvoiceLine
from bridge.timeformat import parse_time

Json = Any

INVOICE = "invoice"

_LONGEST_NOTES = 500
_LONGEST_LINE = 250


@dataclass(frozen=True, kw_only=True)
class Charge(Action):
    """What fines, fees and deposits have in common."""

    charge: ClassVar[str] = ""

    amount: str
    currency: str
    due: str
    ips: tuple[str, ...] = ()

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (_MakeInvoice(self),)

    def by_hand(self, errand: Errand) -> str:
        return (
            f"Invoice {whom(errand)} by hand: {self.amount} {self.currency} ({self.charge}; "
            f"{', '.join(self.ips) or 'no address named'}), unpaid, untaxed, no credit applied, due {self.due}; write "
            f"{errand.mark(INVOICE)} at the end of its notes. Then confirm here with its number."
        )

    def lines(self, errand: Errand, rate: Rate) -> list[InvoiceLine]:
        """One per address where it is charged per address, else one; rounded each for itself."""
        units = int(errand.work.plan.get("units", 1))
        if units > 1 and units == len(self.ips):
            unit = amount_of(str(errand.work.plan["unit"]))
            return [self._line(errand, rate, unit, ip) for ip in self.ips]
        return [self._line(errand, rate, amount_of(self.amount), ", ".join(self.ips))]

    def _line(self, errand: Errand, rate: Rate, amount: Decimal, ips: str) -> InvoiceLine:
        work = errand.work
        what = errand.letters.word("charge", self.charge, work.locale)
        sum_of_pack = f" ({amount:.2f} {self.currency})" if rate.converts else ""
        parts = [
            f"{what}{sum_of_pack}: {work.policy} {work.version}, clause {work.clause}",
            f"service {work.service.id}" if work.service else "",
            plain(ips, 100),
            f"case {plain(work.case.id, 60)}" if work.case else "",
        ]
        return InvoiceLine(text=", ".join(filter(None, parts))[:_LONGEST_LINE], amount=rate.convert(amount))

    def due_at(self, errand: Errand) -> datetime:
        """Counted from when it is carried out, as the deadline is."""
        seconds = errand.work.plan.get("due_in")
        return errand.now + timedelta(seconds=int(seconds)) if seconds is not None else parse_time(self.due, "due")


@action("charge_fine", undo="waive_charge", needs={Capability.INVOICE}, main=INVOICE)
@dataclass(frozen=True, kw_only=True)
class ChargeFine(Charge):
    """A fine, as an invoice to the client: unpaid, untaxed, no credit applied by itself.

    amount, currency   the pack's sum in all; invoiced in the client's currency at the panel's rate, rounded half up per
                       line, the pack's sum in the line's text where it was converted. No rate: by hand
    ips        one line each where it is charged per address
    due        when it is to be paid; the invoice shows the date in the panel's zone
    Done when  an invoice of the client bears our mark in its notes.
    Source     interface 4 and 9; WHMCS CreateInvoice, GetInvoices, GetCurrencies.
    """

    charge = "fine"


@action("charge_fee", undo="waive_charge", needs={Capability.INVOICE}, main=INVOICE)
@dataclass(frozen=True, kw_only=True)
class ChargeFee(Charge):
    """A fee for something the customer asked for, as an invoice; everything else as charge_fine."""

    charge = "fee"


@action("hold_deposit", undo="return_deposit", needs={Capability.INVOICE}, main=INVOICE)
@dataclass(frozen=True, kw_only=True)
class HoldDeposit(Charge):
    """A deposit, as an invoice; everything else as charge_fine."""

    charge = "deposit"


@dataclass(frozen=True)
class _MakeInvoice(Step):
    action: Charge
    name = INVOICE
    sight = Sight.OBJECT

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        """The sums in the pack's currency: the client's own, and its rate, only the panel knows."""
        currency = self.action.currency
        lines = self.action.lines(errand, Rate(currency, currency, Decimal(1)))
        told = "\n".join(f"{line.amount:.2f} {currency}  {line.text}" for line in lines)
        due = f"{self.action.due_at(errand):%Y-%m-%d %H:%M} UTC"
        given = {"client": errand.client, "lines": told, "due": due, "notes": self._notes(errand)}
        return (Call(to="billing", command="CreateInvoice", given=given),)

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        """The client's invoice with our mark in its notes, whatever has become of it since; the first one counts."""
        if since is None:
            return None
        token = errand.mark(self.name)
        ours = [
            invoice
            for invoice in errand.billing.invoices(errand.client)
            if bears(invoice.notes, token)
            and invoice.client == errand.client
            and _made_no_earlier(errand, invoice, since)
        ]
        if not ours:
            return None
        first = min(ours, key=lambda invoice: (len(invoice.id), invoice.id))
        return _invoiced(first, first.currency or self._currency(errand))

    def prepare(self, errand: Errand) -> Attempt:
        rate = rate_for(errand, self.action.currency, self.action.by_hand(errand))
        lines = self.action.lines(errand, rate)
        due = errand.billing.local_date(self.action.due_at(errand))
        issued = errand.billing.local_date(errand.now)
        notes = self._notes(errand)

        def call() -> Mapping[str, Json]:
            invoice = errand.billing.create_invoice(
                client=errand.client, lines=lines, due=due, issued=issued, notes=notes
            )
            total = sum((line.amount for line in lines), Decimal())
            return {"invoice": invoice, "invoiced": f"{rate.to} {total:.2f}"}

        return Attempt(call=call, command="CreateInvoice")

    def confirm(self, errand: Errand, since: datetime, answer: Mapping[str, Json]) -> Seen | None:
        invoice = errand.billing.invoice(answer["invoice"])
        if invoice is None or not bears(invoice.notes, errand.mark(self.name)):
            return None
        return _invoiced(invoice, answer["invoiced"].partition(" ")[0])

    def _notes(self, errand: Errand) -> str:
        work = errand.work
        about = f"Tipstaff {work.action}: {work.policy} {work.version}, clause {work.clause}"
        case = f", case {plain(work.case.id, 80)}" if work.case else ""
        return marked(about + case, errand.mark(self.name), longest=_LONGEST_NOTES, apart="\n")

    def _currency(self, errand: Errand) -> str:
        client = errand.billing.client(errand.client)
        return (client.currency if client else None) or self.action.currency


def _made_no_earlier(errand: Errand, invoice: Invoice, since: datetime) -> bool:
    from_ = earliest(since)
    if invoice.created is not None:
        return invoice.created >= from_
    return invoice.issued is None or invoice.issued >= errand.billing.local_date(from_)


def _invoiced(invoice: Invoice, currency: str) -> Seen:
    return Seen({"invoice": invoice.id, "invoiced": f"{currency} {invoice.total:.2f}"})
