"""Giving back what an invoice took, and crediting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from bridge.actions.errand import Errand, earliest
from bridge.actions.money import amount_of, rate_for
from bridge.actions.registry import Action, action, whom
from bridge.actions.step import Attempt, ByHand, Call, Fact, Impossible, Seen, Sight, Step
from bridge.letters import plain
from bridge.marks import bears, marked
from bridge.ports import Capability, Credit, Invoice, InvoiceStatus

Json = Any

CREDIT = "credit"

_LONGEST_DESCRIPTION = 250


@dataclass(frozen=True, kw_only=True)
class GiveBack(Action):
    """What a waiver and the return of a deposit have in common: one invoice, undone exactly."""

    amount: str
    currency: str

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (_Before(self), _Cancel(self), _CreditTaken(self))

    def by_hand(self, errand: Errand) -> str:
        invoice = errand.work.plan.get("invoice") or "not known"
        taken = errand.work.plan.get("invoiced") or f"{self.currency} {self.amount}"
        return (
            f"Give back what the invoice of {whom(errand)} took (invoice {invoice}, {taken}): cancel it where it is "
            "unpaid, credit exactly what was paid where it is. Then confirm here."
        )


@action("waive_charge", undo=None, needs={Capability.INVOICE, Capability.CREDIT}, main=CREDIT)
@dataclass(frozen=True, kw_only=True)
class WaiveCharge(GiveBack):
    """Take a fine, fee or deposit back; a new one would be a new charge, so nothing undoes it.

    charge             fine, fee or deposit
    amount, currency   the pack's sum, for the record: given back is what the invoice really took, never converted
    Done when          the invoice, read again, is cancelled where it was unpaid; and what was paid on it is on the
                       client's balance, by a credit that bears our mark.
    Source             interface 4 and 9; WHMCS GetInvoice, UpdateInvoice, AddCredit, GetCredits.
    """

    charge: str


@action("return_deposit", undo=None, needs={Capability.INVOICE, Capability.CREDIT}, main=CREDIT)
@dataclass(frozen=True, kw_only=True)
class ReturnDeposit(GiveBack):
    """Give a deposit back, exactly as waive_charge does; a new one would be a new deposit, so nothing undoes it."""


def _invoice(give_back: GiveBack, errand: Errand) -> Invoice:
    number = errand.work.plan.get("invoice")
    invoice = errand.billing.invoice(str(number)) if number else None
    if invoice is None:
        raise ByHand(f"The billing panel does not show its invoice. {give_back.by_hand(errand)}")
    if invoice.client != errand.client:
        raise Impossible(f"invoice {invoice.id} is another client's")
    return invoice


def _paid_so_far(invoice: Invoice) -> Decimal:
    """What an open or paid invoice took up to now; of a cancelled one the balance says nothing sure."""
    if invoice.status is InvoiceStatus.PAID:
        return invoice.total
    if invoice.status is not InvoiceStatus.OPEN or invoice.balance is None:
        return Decimal()
    return max(invoice.total - invoice.balance, Decimal())


@dataclass(frozen=True)
class _Before(Fact):
    """What had been paid on the invoice before we touch it."""

    action: GiveBack
    name = "before"

    def look(self, errand: Errand, since: datetime | None) -> Seen:
        return Seen({"taken": f"{_paid_so_far(_invoice(self.action, errand)):.2f}"})


@dataclass(frozen=True)
class _Cancel(Step):
    """Cancel the invoice while it is open; a paid or refunded one stays as it is."""

    action: GiveBack
    name = "cancel"
    sight = Sight.STATE

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        invoice = str(errand.work.plan.get("invoice") or "")
        return (Call(to="billing", command="UpdateInvoice", given={"invoice": invoice, "status": "Cancelled"}),)

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        status = _invoice(self.action, errand).status
        if status is InvoiceStatus.OPEN:
            return None
        ours = status is InvoiceStatus.CANCELLED and since is not None
        return Seen({"cancelled": ours, "found": status.value})

    def prepare(self, errand: Errand) -> Attempt:
        invoice = _invoice(self.action, errand)

        def call() -> Mapping[str, Json]:
            errand.billing.cancel_invoice(invoice.id)
            return {"taken": f"{_paid_so_far(invoice):.2f}"}

        return Attempt(call=call, command="UpdateInvoice")


@dataclass(frozen=True)
class _CreditTaken(Step):
    """Credit what was paid on the invoice; nothing where nothing was."""

    action: GiveBack
    name = CREDIT
    sight = Sight.OBJECT

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        taken = str(errand.work.plan.get("invoiced") or f"{self.action.currency} {self.action.amount}")
        return (Call(to="billing", command="AddCredit", given={"client": errand.client, "at_most": taken}),)

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        found = _credited(errand, since)
        if found is not None:
            return Seen({"credited": f"{found.amount:.2f}"})
        return None if self._taken(errand) > 0 else Seen({"credited": "0.00"})

    def prepare(self, errand: Errand) -> Attempt:
        return _add_credit(errand, self._taken(errand), f"Charge taken back, invoice {errand.work.plan['invoice']}")

    def _taken(self, errand: Errand) -> Decimal:
        """What was paid on it. One that somebody else cancelled or refunded is settled already."""
        invoice = _invoice(self.action, errand)
        if invoice.status is InvoiceStatus.PAID:
            return invoice.total
        cancel = errand.results["cancel"]
        if invoice.status is not InvoiceStatus.CANCELLED or not cancel.get("cancelled"):
            return Decimal()
        return Decimal(cancel.get("taken", errand.results["before"]["taken"]))


# ---- credits ----


@dataclass(frozen=True, kw_only=True)
class Grant(Action):
    """What credits that are granted have in common."""

    amount: str = ""
    currency: str = ""

    def steps(self, errand: Errand) -> Sequence[Step]:
        if not (self.amount and self.currency):
            raise ByHand(f"How much is not known: settle the sum first. {self.by_hand(errand)}")
        return (_CreditGranted(self),)

    def by_hand(self, errand: Errand) -> str:
        return (
            f"Credit {self.amount or 'the sum'} {self.currency} to {whom(errand)} by hand, in the client's currency, "
            f"and write {errand.mark(CREDIT)} at the end of the description. Then confirm here."
        )


@action("grant_refund", undo=None, needs={Capability.CREDIT}, main=CREDIT)
@dataclass(frozen=True, kw_only=True)
class GrantRefund(Grant):
    """Refund to the client's balance; money given is not taken back, so nothing undoes it.

    amount, currency   in the client's currency at the panel's rate where it is another; no rate: by hand
    to         credit: gateways cannot be told
    Done when  a credit of the client bears our mark.
    Source     interface 4; WHMCS AddCredit, GetCredits.
    """

    to: str = "credit"


@action("credit_client", undo=None, needs={Capability.CREDIT}, main=CREDIT)
@dataclass(frozen=True, kw_only=True)
class CreditClient(Grant):
    """Credit the client's balance, as grant_refund does; nothing undoes it."""


@dataclass(frozen=True)
class _CreditGranted(Step):
    action: Grant
    name = CREDIT
    sight = Sight.OBJECT

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        sum_ = f"{self.action.amount} {self.action.currency}"
        return (Call(to="billing", command="AddCredit", given={"client": errand.client, "amount": sum_}),)

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        found = _credited(errand, since)
        return Seen({"credited": f"{found.amount:.2f}"}) if found is not None else None

    def prepare(self, errand: Errand) -> Attempt:
        rate = rate_for(errand, self.action.currency, self.action.by_hand(errand))
        amount = rate.convert(amount_of(self.action.amount))
        converted = f" ({self.action.amount} {self.action.currency})" if rate.converts else ""
        return _add_credit(errand, amount, f"{errand.work.because}{converted}")


def _add_credit(errand: Errand, amount: Decimal, words: str) -> Attempt:
    description = marked(plain(words, 200), errand.mark(CREDIT), longest=_LONGEST_DESCRIPTION)

    def call() -> Mapping[str, Json]:
        errand.billing.add_credit(errand.client, amount, description)
        return {"credited": f"{amount:.2f}"}

    return Attempt(call=call, command="AddCredit")


def _credited(errand: Errand, since: datetime | None) -> Credit | None:
    """The client's credit with our mark; credits carry a date and no time."""
    if since is None:
        return None
    token, day = errand.mark(CREDIT), errand.billing.local_date(earliest(since))
    for credit in errand.billing.credits(errand.client):
        if bears(credit.description, token) and (credit.booked is None or credit.booked >= day):
            return credit
    return None
