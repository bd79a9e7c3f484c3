"""WHMCS hooks into events: one small pure function per hook, and the table of all that are used (interface 6).

The names of variables are WHMCS's own; ids come as numbers or text. Hostile values raise InvalidInput naming `vars.x`.
A hook that is our own doing decides nothing. Source: developers.whmcs.com, Hooks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bridge.ids import invoice_event_id, reply_event_id
from bridge.views import HookNews, HookOwn, HookQuestion
from hooks.delivery import Hook, HookLookup, Meaning

Json = Any

ASKING = frozenset({"PreModuleUnsuspend", "PreModuleCreate", "ShoppingCartValidateCheckout"})
"""Hooks that wait for a verdict."""

_OWN_COMMANDS = ("Suspend", "Unsuspend", "Terminate")


def translate(hook: Hook, lookup: HookLookup) -> Meaning:
    """What a hook means; None where nobody uses it or it concerns nobody here. Raises InvalidInput."""
    known = HOOKS.get(hook.name)
    if known is not None:
        return known(hook, lookup)
    if hook.name.startswith("AfterModule"):
        return service_after_module_command(hook, lookup)
    return None


# ---- hooks that ask ----


def question_from_pre_module_unsuspend(hook: Hook, lookup: HookLookup) -> Meaning:
    """May this service be unsuspended? Our own unsuspension is not asked about."""
    service = hook.id_of("params", "serviceid")
    clause = lookup.own_command(service, "ModuleUnsuspend", hook.at)
    if clause is not None:
        return HookOwn(clause=clause)
    return HookQuestion(event=hook.event("unsuspend.requested", service=service, by=hook.by))


def question_from_pre_module_create(hook: Hook, lookup: HookLookup) -> Meaning:
    """May this be provisioned? Our own release of an order is not asked about."""
    service = hook.id_of("params", "serviceid")
    client = hook.id_if_any("params", "userid") or lookup.client_of_service(service)
    if client is None:
        return None
    clause = lookup.own_command(service, "AcceptOrder", hook.at)
    if clause is not None:
        return HookOwn(clause=clause)
    return HookQuestion(event=_order_placed(hook, client, order=f"of service {service}", service=service))


def question_from_checkout(hook: Hook, lookup: HookLookup) -> Meaning:
    """May this client order? A new client has no id yet, and the order has none either."""
    client = hook.id_if_any("clientId")
    if client is None or not lookup.is_refused(client):
        return None
    return HookQuestion(event=_order_placed(hook, client, order=f"not placed yet ({hook.delivery[:60]})"))


def _order_placed(hook: Hook, client: str, **fields: str) -> dict[str, Json]:
    """The hook says neither what kind of product it is about nor which order of the panel it is."""
    return hook.event("order.placed", client=client, product_kind="other", placed=False, **fields)


# ---- hooks after which something is read again ----


def service_after_module_command(hook: Hook, lookup: HookLookup) -> Meaning:
    """A module command ran, or failed: the service may look different, unless it was our own command."""
    path = ("params", "serviceid") if "params" in hook.vars or "serviceid" not in hook.vars else ("serviceid",)
    service = hook.id_of(*path)
    command = hook.name.removeprefix("AfterModule")
    if command in _OWN_COMMANDS and lookup.own_command(service, f"Module{command}", hook.at) is not None:
        return None
    return HookNews(reread=(("service", service),))


def service_after_edit(hook: Hook, lookup: HookLookup) -> Meaning:
    """The record was changed, by hand or by us: addresses and status are read again."""
    return HookNews(reread=(("service", hook.id_of("serviceid")),))


def services_after_checkout(hook: Hook, lookup: HookLookup) -> Meaning:
    """An order was placed: it is read with its client and services, which are new."""
    services, order = hook.ids_of("ServiceIDs"), hook.id_if_any("OrderID")
    if not services:
        return None
    placed = (("order", order),) if order is not None else ()
    return HookNews(reread=(*(("service", service) for service in services), *placed))


def client_after_edit(hook: Hook, lookup: HookLookup) -> Meaning:
    return HookNews(reread=(("client", hook.id_of("userid")),))


def client_after_add(hook: Hook, lookup: HookLookup) -> Meaning:
    """`user_id` is the person who logs in; the client is `client_id`, in older versions `userid`."""
    client = hook.id_of("client_id") if "client_id" in hook.vars else hook.id_of("userid")
    return HookNews(reread=(("client", client),))


# ---- invoices ----


def _event_from_invoice(type_: str) -> Callable[[Hook, HookLookup], Meaning]:
    def event_from_invoice(hook: Hook, lookup: HookLookup) -> Meaning:
        invoice = hook.id_of("invoiceid")
        if not lookup.is_our_invoice(invoice):
            return None
        id_ = invoice_event_id(invoice, type_.removeprefix("invoice."))
        return HookNews(events=(hook.event(type_, id_, invoice=invoice),))

    event_from_invoice.__doc__ = f"{type_}, for our own invoices only."
    return event_from_invoice


def payments_after_transaction(hook: Hook, lookup: HookLookup) -> Meaning:
    """Money was booked: where it went out, the client's refunds are read. Nothing stops a refund."""
    client, back = hook.id_if_any("userid"), hook.id_if_any("refundid")
    paid_out = str(hook.vars.get("amountout") or "0").strip("0. ") != ""
    return HookNews(reread=(("payments", client),)) if client is not None and (paid_out or back) else None


event_from_invoice_paid = _event_from_invoice("invoice.paid")
event_from_invoice_cancelled = _event_from_invoice("invoice.cancelled")
event_from_invoice_refunded = _event_from_invoice("invoice.refunded")


# ---- tickets ----


def event_from_ticket_user_reply(hook: Hook, lookup: HookLookup) -> Meaning:
    """A customer answered in a case's ticket. It claims nothing: only the customer's page or staff say what it is.

    In a ticket that is itself a complaint it was the reporter who wrote: that is no customer's answer to anything.
    """
    ticket, reply = hook.id_of("ticketid"), hook.id_if_any("replyid")
    text = hook.text_of("message")
    case = lookup.case_of_ticket(ticket)
    if case is None:
        known = lookup.is_complaint_ticket(ticket)
        return HookNews(letter=(ticket, reply or hook.delivery, text)) if known and text.strip() else None
    id_ = reply_event_id(ticket, reply) if reply is not None else None
    return HookNews(events=(hook.event("customer.replied", id_, case=case, **({"text": text} if text else {})),))


def complaint_from_ticket_open(hook: Hook, lookup: HookLookup) -> Meaning:
    """Somebody opened a ticket in the abuse department; ours are told by their mark or by their case."""
    ticket, department = hook.id_of("ticketid"), hook.id_of("deptid")
    subject, message = hook.text_of("subject"), hook.text_of("message")
    if department != lookup.abuse_department() or lookup.is_own_ticket(ticket, subject):
        return None
    return HookNews(ticket=(ticket, subject, message))


HOOKS: Mapping[str, Callable[[Hook, HookLookup], Meaning]] = {
    "PreModuleUnsuspend": question_from_pre_module_unsuspend,
    "PreModuleCreate": question_from_pre_module_create,
    "ShoppingCartValidateCheckout": question_from_checkout,
    "AfterModuleSuspend": service_after_module_command,
    "AfterModuleUnsuspend": service_after_module_command,
    "AfterModuleTerminate": service_after_module_command,
    "AfterModuleCreate": service_after_module_command,
    "AfterModuleChangePackage": service_after_module_command,
    "ServiceEdit": service_after_edit,
    "AdminServiceEdit": service_after_edit,
    "ClientEdit": client_after_edit,
    "ClientAdd": client_after_add,
    "AfterShoppingCartCheckout": services_after_checkout,
    "InvoicePaid": event_from_invoice_paid,
    "InvoiceCancelled": event_from_invoice_cancelled,
    "InvoiceRefunded": event_from_invoice_refunded,
    "AddTransaction": payments_after_transaction,
    "TicketUserReply": event_from_ticket_user_reply,
    "TicketOpen": complaint_from_ticket_open,
}
"""Every hook that is used, and what it means; of further AfterModule* hooks the service is read again."""
