"""Invoices, payments, credits and transactions."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from adapters.whmcs.sandbox import cashier
from adapters.whmcs.sandbox.form import Form
from adapters.whmcs.sandbox.paged import paged
from adapters.whmcs.sandbox.registry import Handlers, Reply
from adapters.whmcs.sandbox.state import ApplicationError, Credit, Invoice, Line, Transaction, next_id
from adapters.whmcs.sandbox.world import World

_STATUSES = ("Draft", "Unpaid", "Paid", "Cancelled", "Refunded", "Collections", "Payment Pending")
_AMOUNT = re.compile(r"[0-9]+(?:\.[0-9]{2})?")


def get_invoices(world: World, form: Form) -> Reply:
    with world.state.lock:
        found = sorted(world.state.invoices.values(), key=lambda invoice: invoice.id)
        if form.text("order").casefold() == "desc":
            found.reverse()
        if wanted := form.number("userid"):
            found = [invoice for invoice in found if invoice.client == wanted]
        if form.has("status"):
            found = [invoice for invoice in found if _has_status(world, invoice, form.text("status"))]
        return paged(world, form, found, ("invoices", "invoice"), lambda invoice: _listed(world, invoice))


def _has_status(world: World, invoice: Invoice, wanted: str) -> bool:
    if wanted == "Overdue":
        return invoice.status == "Unpaid" and invoice.due.isoformat() < world.today()
    return invoice.status == wanted


def _listed(world: World, invoice: Invoice) -> dict[str, Any]:
    client = world.state.clients[invoice.client]
    return {
        **_row(world, invoice),
        "id": invoice.id,
        "firstname": client.seed.firstname,
        "lastname": client.seed.lastname,
        "companyname": client.seed.companyname,
        "created_at": world.local(invoice.created),
        "updated_at": world.local(invoice.created),
        "currencycode": client.seed.currency,
    }


def _row(world: World, invoice: Invoice) -> dict[str, Any]:
    return {
        "userid": invoice.client,
        "date": invoice.issued,
        "duedate": invoice.due,
        "datepaid": world.local(invoice.paid_at),
        "subtotal": f"{invoice.subtotal:.2f}",
        "credit": f"{invoice.credit:.2f}",
        "tax": "0.00",
        "tax2": "0.00",
        "total": f"{invoice.total:.2f}",
        "taxrate": "0.000",
        "taxrate2": "0.000",
        "status": invoice.status,
        "paymentmethod": invoice.payment_method,
        "notes": invoice.notes,
    }


def get_invoice(world: World, form: Form) -> Reply:
    with world.state.lock:
        invoice = world.state.invoice(form.number("invoiceid"))
        items = [
            {
                "id": line.id,
                "type": "Hosting" if line.service else "",
                "relid": line.service,
                "description": line.description,
                "amount": f"{line.amount:.2f}",
                "taxed": int(line.taxed),
            }
            for line in invoice.lines
        ]
        booked = [_transaction(world, one) for one in world.state.transactions.values() if one.invoice == invoice.id]
        return {
            **_row(world, invoice),
            "invoiceid": invoice.id,
            "balance": f"{invoice.balance:.2f}",
            "ccgateway": False,
            "items": {"item": items},
            "transactions": {"transaction": booked} if booked else "",
        }


def create_invoice(world: World, form: Form) -> Reply:
    if form.flag("draft") and form.flag("sendinvoice"):
        raise ApplicationError(
            "Cannot create and send a draft invoice in a single API request. Please create and send separately."
        )
    with world.state.lock:
        client = world.state.client(form.number("userid"))
        number = next_id(world.state.invoices)
        status = form.text("status") or ("Draft" if form.flag("draft") else "Unpaid")
        invoice = Invoice(
            id=number,
            client=client.id,
            status=status,
            issued=_day(form.text("date") or world.today()),
            due=_day(form.text("duedate") or world.today()),
            created=world.now(),
            payment_method=form.text("paymentmethod") or world.seed.payment_methods[0],
            notes=form.text("notes"),
            lines=_lines(form),
        )
        world.state.invoices[number] = invoice
        if form.flag("sendinvoice"):
            lines = "\n".join(f"{line.description}: {line.amount}" for line in invoice.lines)
            world.state.mail(world.now(), client.email, f"Invoice {number} created", lines)
    told = {"source": "api", "user": world.seed.api_admin, "invoiceid": number, "status": status}
    for hook in ("InvoiceCreation", "InvoiceCreated"):
        world.hooks.tell(hook, told, world.api_actor)
    if form.flag("autoapplycredit"):
        cashier.apply_credit(world, number)
    return {"invoiceid": number, "status": status}


def _lines(form: Form) -> list[Line]:
    numbers = sorted(int(name[15:]) for name in form.pairs if re.fullmatch(r"itemdescription[0-9]+", name))
    return [
        Line(
            id=index,
            description=form.text(f"itemdescription{number}"),
            amount=Decimal(form.text(f"itemamount{number}") or "0"),
            taxed=form.flag(f"itemtaxed{number}"),
        )
        for index, number in enumerate(numbers, start=1)
    ]


def update_invoice(world: World, form: Form) -> Reply:
    status = form.text("status")
    if status and status not in _STATUSES:
        raise ApplicationError(f"Invalid status {status}")
    with world.state.lock:
        invoice = world.state.invoice(form.number("invoiceid"))
        if form.text("notes"):
            invoice.notes = form.text("notes")
        if form.has("duedate"):
            invoice.due = _day(form.text("duedate"))
    if status:
        cashier.set_status(world, invoice.id, status, world.api_actor)
    return {"invoiceid": invoice.id}


def add_invoice_payment(world: World, form: Form) -> Reply:
    amount = Decimal(form.text("amount")) if form.has("amount") else None
    cashier.pay(world, form.number("invoiceid"), transid=form.text("transid"), amount=amount)
    return {}


def get_credits(world: World, form: Form) -> Reply:
    with world.state.lock:
        client = world.state.client(form.number("clientid"))
        found = [
            {
                "id": one.id,
                "date": one.booked,
                "description": one.description,
                "amount": f"{one.amount:.2f}",
                "relid": 0,
            }
            for one in world.state.credits.values()
            if one.client == client.id
        ]
    return {"totalresults": len(found), "clientid": client.id, "credits": {"credit": found}}


def add_credit(world: World, form: Form) -> Reply:
    if not _AMOUNT.fullmatch(form.text("amount")):
        raise ApplicationError("Amount must be in decimal format: ### or ###.##")
    if form.text("type") not in ("", "add", "remove"):
        raise ApplicationError("Type can only be add or remove")
    amount = Decimal(form.text("amount")) * (-1 if form.text("type") == "remove" else 1)
    with world.state.lock:
        client = world.state.client(form.number("clientid"))
        number = next_id(world.state.credits)
        world.state.credits[number] = Credit(
            id=number,
            client=client.id,
            booked=_day(form.text("date") or world.today()),
            description=form.text("description"),
            amount=amount,
        )
        client.credit += amount
        return {"newbalance": f"{client.credit:.2f}"}


def get_transactions(world: World, form: Form) -> Reply:
    wanted = {"client": form.number("clientid"), "invoice": form.number("invoiceid")}
    with world.state.lock:
        found = [
            _transaction(world, one)
            for one in world.state.transactions.values()
            if all(number in (None, getattr(one, name)) for name, number in wanted.items())
            and form.text("transid") in ("", one.transid)
        ]
    return {
        "totalresults": len(found),
        "startnumber": 0,
        "numreturned": len(found),
        "transactions": {"transaction": found},
    }


def _transaction(world: World, one: Transaction) -> dict[str, Any]:
    return {
        "id": one.id,
        "userid": one.client,
        "currency": 0,
        "gateway": one.gateway,
        "date": world.local(one.at),
        "description": "Refund" if one.refund_of else "Invoice Payment",
        "amountin": f"{one.amount_in:.2f}",
        "fees": "0.00",
        "amountout": f"{one.amount_out:.2f}",
        "rate": "1.00000",
        "transid": one.transid,
        "invoiceid": one.invoice,
        "refundid": one.refund_of,
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ApplicationError("Date Format is not Valid") from None


HANDLERS: Handlers = {
    "GetInvoices": get_invoices,
    "GetInvoice": get_invoice,
    "CreateInvoice": create_invoice,
    "UpdateInvoice": update_invoice,
    "AddInvoicePayment": add_invoice_payment,
    "GetCredits": get_credits,
    "AddCredit": add_credit,
    "GetTransactions": get_transactions,
}
