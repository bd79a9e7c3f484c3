"""Invoices that are paid, cancelled or refunded, and payments that are disputed."""

from __future__ import annotations

from bridge.decide.cases import note
from bridge.decide.consequences import apply, matching
from bridge.decide.draft import Draft
from bridge.decide.ledger import settle, waiting_for_payment
from bridge.decide.release import end_satisfied
from bridge.events import InvoiceEvent, InvoicePaid, PaymentDisputed, RefundGranted
from bridge.policy.facts import Facts
from bridge.policy.pack import Trigger
from bridge.state import Charge


def on_invoice(draft: Draft, event: InvoiceEvent) -> None:
    """Close the charges it means; a closed one counts as paid for holds and bars (F)."""
    if event.invoice is None and draft.service(event.service) is None:
        note(draft, f"{event.type} names a service that is not known.", service=event.service)
        return
    paid = isinstance(event, InvoicePaid)
    charges = _meant(draft, event, paid=paid)
    for charge in charges:
        settle(draft, charge, "paid" if paid else "closed")
        draft.has_happened(("paid", charge.id), *([("received", charge.id)] if paid else []))
        draft.end_deadlines(draft.timers_of_charge(charge))
    services = dict.fromkeys(service for charge in charges for service in waiting_for_payment(draft, charge))
    for service in services:
        end_satisfied(draft, service)
    if paid:
        for charge in charges:
            _follow(draft, charge)


def _meant(draft: Draft, event: InvoiceEvent, *, paid: bool) -> list[Charge]:
    """Open charges of the invoice, or of the service and kind; a refund also closes what was paid."""
    charges = draft.state.charges
    if event.invoice:
        statuses = ("open",) if paid else ("open", "paid")
        known = [charges[id_] for id_ in draft.state.invoices.get(event.invoice, ())]
        return [charge for charge in known if charge.status in statuses]
    return [
        charge
        for charge in charges.of_service(event.service)
        if charge.charge == event.charge and charge.status == "open"
    ]


def _follow(draft: Draft, charge: Charge) -> None:
    case = draft.state.cases.get(charge.case or "")
    facts = Facts(
        event=draft.event,
        client=draft.state,
        service=draft.service(charge.service),
        version=draft.version_of(charge.basis),
        case=case,
        charge=charge,
    )
    apply(draft, facts, matching(facts, Trigger("paid", charge.charge)))


def on_dispute(draft: Draft, event: PaymentDisputed) -> None:
    """A dispute is about the client, whichever of his services was paid for."""
    facts = Facts(event=event, client=draft.state, service=None, version=draft.version())
    apply(draft, facts, matching(facts, Trigger("payment_disputed")))


def on_refund_granted(draft: Draft, event: RefundGranted) -> None:
    """No panel can be kept from refunding: where it was refused, staff is told at once.

    A refund that we granted just before is not told apart here: a false alarm is cheaper than a refund paid twice.
    """
    service = draft.service(event.service)
    if service is None:
        note(draft, f"{event.type} names a service that is not known.", service=event.service)
        return
    mark = service.no_refund
    refused = mark.basis if mark is not None and not mark.simulated else service.refund_refused
    if refused is None:
        return
    because = f"Refunded in the panel although refunds are refused under clause {refused.clause}: {refused.because}"
    basis = refused._replace(because=because)
    draft.action("notify_staff", basis, service=service.id, own={"template": "refund_alarm"})
