"""What happens to an invoice: paid, cancelled, refunded, taken back. Payment of a service's invoice unsuspends it."""

from __future__ import annotations

from decimal import Decimal

from adapters.whmcs.sandbox import module_commands
from adapters.whmcs.sandbox.hook_sender import AUTOMATION, Actor
from adapters.whmcs.sandbox.state import ApplicationError, Transaction, next_id
from adapters.whmcs.sandbox.world import World

_STATUS_HOOKS = {"Cancelled": "InvoiceCancelled", "Refunded": "InvoiceRefunded", "Unpaid": "InvoiceUnpaid"}


def pay(world: World, number: int | None, *, transid: str, amount: Decimal | None = None) -> None:
    """Book a payment, of the whole balance where no amount is given; in full it makes the invoice Paid."""
    with world.state.lock:
        invoice = world.state.invoice(number)
        if invoice.status == "Cancelled":
            raise ApplicationError("It is not possible to add a payment to an invoice that is Cancelled")
        sum_paid = invoice.balance if amount is None else amount
        _book(world, invoice.id, transid=transid, amount_in=sum_paid)
        invoice.paid += sum_paid
        is_paid = invoice.balance <= 0 and invoice.status != "Paid"
    world.hooks.tell("AddInvoicePayment", {"invoiceid": invoice.id})
    if is_paid:
        _become_paid(world, invoice.id)


def apply_credit(world: World, number: int) -> None:
    """Pay what the client's credit balance can."""
    with world.state.lock:
        invoice = world.state.invoice(number)
        client = world.state.client(invoice.client)
        used = min(client.credit, invoice.balance)
        if used <= 0:
            return
        client.credit -= used
        invoice.credit += used
        is_paid = invoice.balance <= 0
    if is_paid:
        _become_paid(world, number)


def _become_paid(world: World, number: int) -> None:
    with world.state.lock:
        invoice = world.state.invoice(number)
        invoice.status = "Paid"
        invoice.paid_at = world.now()
        client = world.state.client(invoice.client)
        world.state.mail(world.now(), client.email, f"Payment of invoice {number} received", "")
        renewed = [line.service for line in invoice.lines if line.service]
        suspended = [one for one in renewed if world.state.service(one).status == "Suspended"]
    world.hooks.tell("InvoicePaidPreEmail", {"invoiceid": number})
    for service in suspended:
        _unsuspend_if_allowed(world, service)
    world.hooks.tell("InvoicePaid", {"invoiceid": number})


def _unsuspend_if_allowed(world: World, service: int) -> None:
    """A hook or a server that says no leaves the service suspended, and the payment as it is."""
    try:
        module_commands.run(world, service, module_commands.UNSUSPEND, AUTOMATION)
    except ApplicationError:
        return


def refund(world: World, number: int, *, transid: str) -> None:
    """Give the money back at the gateway: a transaction out, status Refunded."""
    with world.state.lock:
        invoice = world.state.invoice(number)
        payments = [one for one in world.state.transactions.values() if one.invoice == number and one.amount_in > 0]
        if not payments:
            raise ApplicationError("The invoice has no payment to refund")
        booked = _book(world, number, transid=transid, amount_out=invoice.paid, refund_of=payments[-1].id)
        told = {
            "id": booked.id,
            "userid": invoice.client,
            "amountin": 0.0,
            "amountout": float(invoice.paid),
            "transid": transid,
            "invocieid": number,
            "refundid": booked.refund_of,
        }
    world.hooks.tell("AddTransaction", told)
    set_status(world, number, "Refunded", AUTOMATION)


def set_status(world: World, number: int, status: str, actor: Actor) -> None:
    """Change the word only; Paid books no money."""
    with world.state.lock:
        invoice = world.state.invoice(number)
        was, invoice.status = invoice.status, status
    if was != status and status in _STATUS_HOOKS:
        world.hooks.tell(_STATUS_HOOKS[status], {"invoiceid": number}, actor)


def _book(
    world: World,
    invoice: int,
    *,
    transid: str,
    amount_in: Decimal = Decimal(0),
    amount_out: Decimal = Decimal(0),
    refund_of: int = 0,
) -> Transaction:
    number = next_id(world.state.transactions)
    booked = Transaction(
        id=number,
        client=world.state.invoice(invoice).client,
        invoice=invoice,
        at=world.now(),
        gateway=world.state.invoice(invoice).payment_method,
        transid=transid,
        amount_in=amount_in,
        amount_out=amount_out,
        refund_of=refund_of,
    )
    world.state.transactions[number] = booked
    return booked
