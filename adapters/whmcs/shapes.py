"""Rows of WHMCS answers to the program's own types.

An unknown status is refused and shown, never guessed. Sample answers: api.json; oddities: README.md.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from decimal import Decimal
from typing import TypeVar

from adapters.whmcs.client import PANEL, Answer
from adapters.whmcs.values import (
    Row,
    a_time,
    addresses,
    an_id,
    money,
    rows,
    some_date,
    some_id,
    some_money,
    some_time,
    text,
)
from bridge.errors import PanelRefused, PanelUnclear
from bridge.ports import (
    Attachment,
    BillingClient,
    BillingService,
    Credit,
    Currency,
    Invoice,
    InvoiceStatus,
    Order,
    ServiceStatus,
    Ticket,
    TicketMessage,
    Transaction,
)

T = TypeVar("T")

_SERVICE_STATUS = {
    "pending": ServiceStatus.PENDING,
    "active": ServiceStatus.ACTIVE,
    "suspended": ServiceStatus.SUSPENDED,
    "terminated": ServiceStatus.TERMINATED,
    "cancelled": ServiceStatus.TERMINATED,
    "fraud": ServiceStatus.TERMINATED,
    "completed": ServiceStatus.TERMINATED,
}
_INVOICE_STATUS = {
    "draft": InvoiceStatus.OPEN,
    "unpaid": InvoiceStatus.OPEN,
    "overdue": InvoiceStatus.OPEN,
    "collections": InvoiceStatus.OPEN,
    "payment pending": InvoiceStatus.OPEN,
    "paid": InvoiceStatus.PAID,
    "cancelled": InvoiceStatus.CANCELLED,
    "refunded": InvoiceStatus.REFUNDED,
}
_PROVISIONED = frozenset({"active", "suspended"})
_LOCALES = {
    "arabic": "ar",
    "azerbaijani": "az",
    "catalan": "ca",
    "chinese": "zh",
    "croatian": "hr",
    "czech": "cs",
    "danish": "da",
    "dutch": "nl",
    "english": "en",
    "estonian": "et",
    "farsi": "fa",
    "french": "fr",
    "german": "de",
    "hebrew": "he",
    "hungarian": "hu",
    "italian": "it",
    "macedonian": "mk",
    "norwegian": "nb",
    "polish": "pl",
    "portuguese-br": "pt-BR",
    "portuguese-pt": "pt-PT",
    "romanian": "ro",
    "russian": "ru",
    "spanish": "es",
    "swedish": "sv",
    "turkish": "tr",
    "ukranian": "uk",
    "ukrainian": "uk",
}


def service(row: Row, *, has_module: bool | None, field_names: Mapping[str, str]) -> BillingService:
    """A row of GetClientsProducts.

    has_module    what the product says; None (not known): a service on a server counts as having one
    field_names   names of the product's custom fields by id, for rows that carry no name
    """
    server = some_id(row, "serverid")
    custom = custom_fields(row, field_names)
    by_word = {name.casefold(): value.strip() for name, value in custom.items()}
    return BillingService(
        id=an_id(row, "id"),
        client=an_id(row, "clientid"),
        product=an_id(row, "pid"),
        product_name=text(row, "name"),
        domain=text(row, "domain"),
        status=_known("status of a service", text(row, "status"), _SERVICE_STATUS),
        suspension_reason=text(row, "suspensionreason"),
        server=server,
        vpsid=_vpsid(by_word.get("vpsid", "")),
        vps_uuid=by_word.get("vps_uuid") or None,
        has_module=server is not None if has_module is None else has_module,
        ips=addresses(text(row, "dedicatedip"), text(row, "assignedips")),
        order=some_id(row, "orderid"),
        registered=some_date(row, "regdate"),
        next_due=some_date(row, "nextduedate"),
        billing_cycle=text(row, "billingcycle"),
        recurring_amount=some_money(row, "recurringamount"),
        first_payment_amount=some_money(row, "firstpaymentamount"),
        custom_fields=custom,
    )


def custom_fields(row: Row, names: Mapping[str, str]) -> dict[str, str]:
    """Custom fields by name, by id where no name is to be had; a name `vpsid|VPS id` is its first half."""
    found: dict[str, str] = {}
    for custom in rows(row, "customfields", "customfield"):
        number = text(custom, "id")
        name = field_name(text(custom, "name")) or names.get(number) or number
        if name:
            found[name] = text(custom, "value")
    return found


def field_name(words: str) -> str:
    """The name of a custom field without what only clients see."""
    return words.partition("|")[0].strip()


def client_in_list(row: Row) -> BillingClient:
    """A row of GetClients, which knows neither currency nor language."""
    return BillingClient(
        id=an_id(row, "id"),
        name=_client_name(row),
        email=text(row, "email"),
        group=some_id(row, "groupid"),
        status=text(row, "status"),
        currency=None,
        locale=None,
        email_verified=None,
    )


def client(answer: Answer) -> BillingClient:
    """The `client` object of GetClientsDetails; the deprecated keys beside it are only read where it is missing."""
    inner = answer.get("client")
    row: Row = inner if isinstance(inner, Mapping) else answer
    verified = row.get("email_verified")
    return BillingClient(
        id=some_id(row, "id") or an_id(row, "userid"),
        name=_client_name(row),
        email=text(row, "email"),
        group=some_id(row, "groupid"),
        status=text(row, "status"),
        currency=text(row, "currency_code").strip().upper() or None,
        locale=_LOCALES.get(text(row, "language").strip().casefold()),
        email_verified=None if verified is None else str(verified).casefold() in ("true", "1"),
        custom_fields=custom_fields(row, {}),
    )


def invoice(row: Row, zone: tzinfo) -> Invoice:
    """A row of GetInvoices, or GetInvoice whole; only the former tells the currency and when it was made."""
    return Invoice(
        id=some_id(row, "id") or an_id(row, "invoiceid"),
        client=an_id(row, "userid"),
        status=_known("status of an invoice", text(row, "status"), _INVOICE_STATUS),
        notes=text(row, "notes"),
        created=some_time(row, "created_at", zone),
        issued=some_date(row, "date"),
        total=money(row, "total") + (some_money(row, "credit") or 0),
        balance=some_money(row, "balance"),
        currency=text(row, "currencycode").strip().upper() or None,
        paid=some_date(row, "datepaid"),
        services=_services_of(row),
    )


def _services_of(row: Row) -> tuple[str, ...]:
    """Of the items of GetInvoice those for a service: `Hosting`, and what is named after it (`PromoHosting`)."""
    items = [item for item in rows(row, "items", "item") if text(item, "type").strip().casefold().endswith("hosting")]
    return tuple(dict.fromkeys(number for item in items if (number := some_id(item, "relid"))))


def ticket_in_list(row: Row, zone: tzinfo) -> Ticket:
    """A row of GetTickets."""
    return Ticket(
        id=an_id(row, "id"),
        number=text(row, "tid"),
        department=an_id(row, "deptid"),
        client=some_id(row, "userid") or "",
        subject=text(row, "subject"),
        status=text(row, "status"),
        opened=a_time(row, "date", zone),
    )


def ticket(answer: Answer, zone: tzinfo) -> Ticket:
    """GetTicket with its messages, the oldest first."""
    replies = [_message(row, zone) for row in rows(answer, "replies", "reply")]
    return Ticket(
        id=an_id(answer, "ticketid"),
        number=text(answer, "tid"),
        department=an_id(answer, "deptid"),
        client=some_id(answer, "userid") or "",
        subject=text(answer, "subject"),
        status=text(answer, "status"),
        opened=a_time(answer, "date", zone),
        messages=tuple(sorted(replies, key=lambda message: (message.at, int(message.id)))),
        author=text(answer, "requestor_name") or text(answer, "name"),
        address=text(answer, "requestor_email") or text(answer, "email"),
    )


def _message(row: Row, zone: tzinfo) -> TicketMessage:
    return TicketMessage(
        id=some_id(row, "replyid") or "0",
        at=a_time(row, "date", zone),
        by_staff=bool(text(row, "admin").strip()),
        text=text(row, "message"),
        enclosed=tuple(_enclosed(row)),
    )


def _enclosed(row: Row) -> Iterator[tuple[int, str]]:
    """Index and name of each attachment, as far as they were not removed; what makes no sense is passed over."""
    listed = row.get("attachments")
    for place, each in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(each, Mapping) and not row.get("attachments_removed"):
            index = str(each.get("index", place))
            yield (int(index) if index.isdecimal() else place), text(each, "filename")


def enclosure(answer: Answer) -> Attachment:
    """GetTicketAttachment: `data` is base64."""
    try:
        content = base64.b64decode(text(answer, "data"), validate=True)
    except ValueError as trouble:
        raise PanelUnclear(PANEL, "an attachment is not base64") from trouble
    return Attachment(name=text(answer, "filename"), content=content)


def credit(row: Row, client_id: str) -> Credit:
    """A row of GetCredits."""
    return Credit(
        id=an_id(row, "id"),
        client=client_id,
        booked=some_date(row, "date"),
        description=text(row, "description"),
        amount=money(row, "amount"),
    )


def currency(row: Row) -> Currency:
    """A row of GetCurrencies."""
    return Currency(code=text(row, "code").strip().upper(), rate=money(row, "rate"))


def order(row: Row) -> Order:
    """A row of GetOrders; of its items only services."""
    items = [item for item in rows(row, "lineitems", "lineitem") if text(item, "type").casefold() == "product"]
    services = {number: text(item, "status").strip().casefold() for item in items if (number := some_id(item, "relid"))}
    return Order(
        id=an_id(row, "id"),
        client=an_id(row, "userid"),
        status=text(row, "status").strip().casefold(),
        services=tuple(services),
        provisioned=tuple(number for number, status in services.items() if status in _PROVISIONED),
    )


def transaction(row: Row, zone: tzinfo) -> Transaction:
    """A row of GetTransactions."""
    return Transaction(
        id=an_id(row, "id"),
        client=some_id(row, "userid"),
        invoice=some_id(row, "invoiceid"),
        at=some_time(row, "date", zone),
        amount_in=some_money(row, "amountin") or Decimal(0),
        amount_out=some_money(row, "amountout") or Decimal(0),
        refund_of=some_id(row, "refundid"),
    )


def _client_name(row: Row) -> str:
    person = " ".join(filter(None, (text(row, "firstname").strip(), text(row, "lastname").strip())))
    return text(row, "companyname").strip() or person


def _vpsid(value: str) -> str | None:
    return value if value.isascii() and value.isdigit() and int(value) else None


def _known(what: str, word: str, meanings: Mapping[str, T]) -> T:
    meaning = meanings.get(word.strip().casefold())
    if meaning is None:
        raise PanelRefused(PANEL, f"unknown {what}: {word!r}")
    return meaning
