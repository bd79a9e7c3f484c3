"""Ids of events that more than one may notice first: a hook tells, or a look finds. Both make the same id."""

from __future__ import annotations


def invoice_event_id(invoice: str, became: str) -> str:
    """That an invoice was paid, cancelled or refunded."""
    return f"whmcs.invoice.{invoice}.{became}"


def reply_event_id(ticket: str, message: str) -> str:
    """That a customer wrote that message."""
    return f"whmcs.reply.{ticket}.{message}"
