"""WHMCS as the program's billing panel (bridge.ports.BillingPanel).

Every write is one call; which parameters each sends is listed in README.md. Ids come from outside: what is no number is
nothing the panel has, and is never sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from adapters.whmcs import shapes
from adapters.whmcs.catalogue import Catalogue
from adapters.whmcs.checked import amount as whole_cents
from adapters.whmcs.checked import insist
from adapters.whmcs.checked import number as number_of
from adapters.whmcs.client import PANEL, WhmcsClient
from adapters.whmcs.form import Value, attached
from adapters.whmcs.mail_body import admin_mail_body
from adapters.whmcs.paging import pages, total_of
from adapters.whmcs.values import Row, an_id, rows, text
from bridge.errors import InvalidInput, NotSupported, PanelError, PanelRefused, PanelUnclear
from bridge.ports import (
    Attachment,
    BillingClient,
    BillingService,
    Capability,
    Credit,
    Currency,
    Invoice,
    InvoiceLine,
    Order,
    Ticket,
    Transaction,
    Unreadable,
)

CAPABILITIES = frozenset(
    {
        Capability.SUSPEND,
        Capability.TERMINATE,
        Capability.TICKET,
        Capability.INVOICE,
        Capability.CREDIT,
        Capability.CLIENT_NOTE,
        Capability.STAFF_MAIL,
        Capability.ORDER,
        Capability.CLOSE_CLIENT,
    }
)

_PAGE = 250
_MOST_LINES = 450


class WhmcsPanel:
    """One WHMCS installation.

    abuse_department   id of the department in which tickets are opened and looked for
    payment_method     system name of the gateway on our invoices
    admin_username     in whose name replies are written
    timezone           the panel's own; its times carry none
    page_size          rows asked for at once; a panel may give fewer
    """

    name = PANEL

    def __init__(
        self,
        client: WhmcsClient,
        *,
        abuse_department: str,
        payment_method: str,
        admin_username: str,
        timezone: ZoneInfo,
        page_size: int = _PAGE,
    ) -> None:
        self._client = client
        self._catalogue = Catalogue(client)
        self._department = abuse_department
        self._payment_method = payment_method
        self._admin = admin_username
        self._zone = timezone
        self._page_size = page_size

    @property
    def capabilities(self) -> frozenset[Capability]:
        return CAPABILITIES

    def probe(self) -> str:
        """The version; where the credential may not read it (the action is newer than some API roles), says so."""
        try:
            version = self._client.read("WhmcsDetails").get("whmcs")
        except PanelRefused as refusal:
            if "permission" not in refusal.words.casefold():
                raise
            self._client.read("GetCurrencies")
            return "WHMCS, version not shown to this credential"
        return f"WHMCS {text(version, 'version')}" if isinstance(version, Mapping) else "WHMCS"

    # Clients and services

    def clients(self) -> Iterator[BillingClient]:
        order = {"orderby": "id", "sorting": "ASC"}
        return map(shapes.client_in_list, self._pages("GetClients", order, ("clients", "client")))

    def client(self, client: str) -> BillingClient | None:
        number = number_of(client)
        if number is None:
            return None
        try:
            return shapes.client(self._client.read("GetClientsDetails", clientid=number))
        except PanelRefused as refusal:
            _unless_not_found(refusal)
            return None

    def client_count(self) -> int:
        return total_of(self._client, "GetClients")

    def services(self, *, client: str | None = None, unreadable: Unreadable | None = None) -> Iterator[BillingService]:
        """All services, or one client's. Products are read anew at the start."""
        number = None if client is None else number_of(client)
        if client is not None and number is None:
            return
        self._catalogue.refresh()
        for row in self._pages("GetClientsProducts", {"clientid": number}, ("products", "product")):
            found = self._readable(row, unreadable)
            if found is not None:
                yield found

    def _readable(self, row: Row, unreadable: Unreadable | None) -> BillingService | None:
        try:
            return self._service(row)
        except PanelError as problem:
            if unreadable is None:
                raise
            unreadable(an_id(row, "id"), problem.words)
            return None

    def service(self, service: str) -> BillingService | None:
        number = number_of(service)
        if number is None:
            return None
        answer = self._client.read("GetClientsProducts", serviceid=number)
        found = [row for row in rows(answer, "products", "product") if text(row, "id") == str(number)]
        return self._service(found[0]) if found else None

    def _service(self, row: Row) -> BillingService:
        product = self._catalogue.product(text(row, "pid"))
        return shapes.service(row, has_module=product.has_module, field_names=product.field_names)

    def service_count(self) -> int:
        return total_of(self._client, "GetClientsProducts")

    def currencies(self) -> dict[str, Currency]:
        listed = rows(self._client.read("GetCurrencies"), "currencies", "currency")
        return {found.code: found for found in map(shapes.currency, listed)}

    # Module commands and the service record

    def suspend(self, service: str, reason: str) -> None:
        """`reason` is what the customer reads; it must not be empty (InvalidInput)."""
        if not reason.strip():
            raise InvalidInput("reason", "a suspension needs a reason")
        self._client.write("ModuleSuspend", serviceid=insist(service, "service"), suspendreason=reason)

    def unsuspend(self, service: str) -> None:
        self._client.write("ModuleUnsuspend", serviceid=insist(service, "service"))

    def terminate(self, service: str) -> None:
        self._client.write("ModuleTerminate", serviceid=insist(service, "service"))

    def set_addresses(self, service: str, dedicated: str | None, assigned: Sequence[str]) -> None:
        cleared = [name for name, kept in (("dedicatedip", dedicated), ("assignedips", assigned)) if not kept]
        self._client.write(
            "UpdateClientProduct",
            serviceid=insist(service, "service"),
            dedicatedip=dedicated or None,
            assignedips="\n".join(assigned) or None,
            unset=cleared,
        )

    # Tickets

    def tickets(self, client: str, *, subject: str | None = None) -> Iterator[Ticket]:
        """`subject` keeps tickets whose subject contains it; compared here, how the panel does is not documented."""
        number = number_of(client)
        if number is None:
            return
        found = self._listed_tickets({"clientid": number, "deptid": self._department})
        yield from (ticket for ticket in found if _is_ours(ticket, client, self._department, subject))

    def asked(self, client: str) -> Iterator[Ticket]:
        """All departments, those too that the admin behind the credential does not belong to."""
        number = number_of(client)
        found = self._listed_tickets({"clientid": number}) if number is not None else []
        return (ticket for ticket in found if ticket.client == client)

    def _listed_tickets(self, asked: Mapping[str, Value]) -> list[Ticket]:
        listed = self._pages("GetTickets", {**asked, "ignore_dept_assignments": True}, ("tickets", "ticket"))
        found = [shapes.ticket_in_list(row, self._zone) for row in listed]
        return sorted(found, key=lambda ticket: (ticket.opened, int(ticket.id)), reverse=True)

    def ticket(self, ticket: str) -> Ticket | None:
        number = number_of(ticket)
        if number is None:
            return None
        try:
            return shapes.ticket(self._client.read("GetTicket", ticketid=number, repliessort="ASC"), self._zone)
        except PanelRefused as refusal:
            _unless_not_found(refusal)
            return None

    def enclosure(self, ticket: str, message: str, index: int) -> Attachment | None:
        """An attachment of the opening message, `0`, or of a reply; None where it was deleted."""
        kind, number = ("ticket", ticket) if message == "0" else ("reply", message)
        asked: dict[str, Value] = {"relatedid": insist(number, kind), "type": kind, "index": index}
        try:
            answer = self._client.read("GetTicketAttachment", **asked)
        except PanelRefused as refusal:
            if any(words in refusal.words.casefold() for words in _GONE):
                return None
            raise
        return shapes.enclosure(answer)

    def open_ticket(
        self, *, client: str, service: str | None, subject: str, message: str, attachments: Sequence[Attachment] = ()
    ) -> Ticket:
        """Open a ticket; raises PanelUnclear where it was opened and could not be read back.

        `admin` may have no effect through the external API: then TicketOpen fires as if the client had written, and the
        opening message is not marked as staff's. Know the ticket by the mark in its subject.
        """
        answer = self._client.write(
            "OpenTicket",
            deptid=self._department,
            clientid=insist(client, "client"),
            serviceid=None if service is None else insist(service, "service"),
            subject=subject,
            message=message,
            admin=True,
            attachments=attached(attachments),
        )
        number = an_id(answer, "id")
        try:
            opened = self.ticket(number)
        except PanelError as error:
            raise PanelUnclear(PANEL, f"ticket {number} was opened but not read back: {error.words}") from error
        if opened is None:
            raise PanelUnclear(PANEL, f"ticket {number} was opened but is not there")
        return opened

    def reply(self, ticket: str, message: str, attachments: Sequence[Attachment] = ()) -> None:
        self._client.write(
            "AddTicketReply",
            ticketid=insist(ticket, "ticket"),
            message=message,
            adminusername=self._admin,
            attachments=attached(attachments),
        )

    # Money

    def invoices(self, client: str) -> Iterator[Invoice]:
        """One client's invoices, newest first."""
        number = number_of(client)
        return iter(()) if number is None else self._invoices({"userid": number})

    def collections(self) -> Iterator[Invoice]:
        return self._invoices({"status": "Collections"})

    def refunded(self) -> Iterator[Invoice]:
        return self._invoices({"status": "Refunded"})

    def _invoices(self, asked: Mapping[str, Value]) -> Iterator[Invoice]:
        newest_first: dict[str, Value] = {**asked, "orderby": "id", "order": "desc"}
        for row in self._pages("GetInvoices", newest_first, ("invoices", "invoice")):
            yield shapes.invoice(row, self._zone)

    def invoice(self, invoice: str) -> Invoice | None:
        """With its balance; without currency and time of making, which this call does not tell."""
        number = number_of(invoice)
        if number is None:
            return None
        try:
            return shapes.invoice(self._client.read("GetInvoice", invoiceid=number), self._zone)
        except PanelRefused as refusal:
            _unless_not_found(refusal)
            return None

    def create_invoice(self, *, client: str, lines: Sequence[InvoiceLine], due: date, issued: date, notes: str) -> str:
        """NotSupported for more lines than PHP reads of one form; InvalidInput for none and for parts of a cent."""
        if not lines:
            raise InvalidInput("lines", "an invoice needs a line")
        if len(lines) > _MOST_LINES:
            raise NotSupported(PANEL, f"an invoice of {len(lines)} lines; at most {_MOST_LINES} fit into one call")
        parameters: dict[str, Value] = {
            "userid": insist(client, "client"),
            "status": "Unpaid",
            "sendinvoice": True,
            "paymentmethod": self._payment_method,
            "date": issued.isoformat(),
            "duedate": due.isoformat(),
            "notes": notes,
        }
        for index, line in enumerate(lines, start=1):
            parameters[f"itemdescription{index}"] = line.text
            parameters[f"itemamount{index}"] = whole_cents(line.amount)
        return an_id(self._client.write_with("CreateInvoice", parameters), "invoiceid")

    def cancel_invoice(self, invoice: str) -> None:
        self._client.write("UpdateInvoice", invoiceid=insist(invoice, "invoice"), status="Cancelled")

    def credits(self, client: str) -> Sequence[Credit]:
        number = number_of(client)
        if number is None:
            return ()
        answer = self._client.read("GetCredits", clientid=number)
        return [shapes.credit(row, str(number)) for row in rows(answer, "credits", "credit")]

    def add_credit(self, client: str, amount: Decimal, description: str) -> None:
        """`amount` is in the client's currency and more than nothing."""
        self._client.write(
            "AddCredit", clientid=insist(client, "client"), description=description, amount=whole_cents(amount)
        )

    def transactions(self, client: str) -> Sequence[Transaction]:
        return self._transactions("clientid", client)

    def transactions_of(self, invoice: str) -> Sequence[Transaction]:
        return [one for one in self._transactions("invoiceid", invoice) if one.invoice == invoice]

    def _transactions(self, by: str, text_id: str) -> Sequence[Transaction]:
        number = number_of(text_id)
        if number is None:
            return ()
        answer = self._client.read_with("GetTransactions", {by: number})
        return [shapes.transaction(row, self._zone) for row in rows(answer, "transactions", "transaction")]

    # Words

    def add_client_note(self, client: str, text: str, *, sticky: bool = False) -> None:
        self._client.write("AddClientNote", userid=insist(client, "client"), notes=text, sticky=sticky)

    def mail_staff(self, subject: str, text: str) -> None:
        """To the admins who get the panel's system mails."""
        self._client.write("SendAdminEmail", customsubject=subject, custommessage=admin_mail_body(text))

    # Orders and accounts

    def order(self, order: str) -> Order | None:
        number = number_of(order)
        if number is None:
            return None
        found = rows(self._client.read("GetOrders", id=number), "orders", "order")
        return next((shapes.order(row) for row in found if text(row, "id") == str(number)), None)

    def pending_orders(self) -> Iterator[Order]:
        listed = self._pages("GetOrders", {"status": "Pending"}, ("orders", "order"))
        return (order for order in map(shapes.order, listed) if order.status == "pending")

    def hold_order(self, order: str) -> None:
        self._client.write("PendingOrder", orderid=insist(order, "order"))

    def release_order(self, order: str) -> None:
        """Whether it provisions at once is the product's own setting."""
        self._client.write("AcceptOrder", orderid=insist(order, "order"))

    def refuse_order(self, order: str) -> None:
        self._client.write("CancelOrder", orderid=insist(order, "order"))

    def close_client(self, client: str) -> None:
        """Runs no module: services are terminated before."""
        self._client.write("CloseClient", clientid=insist(client, "client"))

    def local_date(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()

    def faults(self) -> Sequence[str]:
        """Whether department, payment method and admin of the configuration exist in the panel."""
        departments = self._client.read("GetSupportDepartments", ignore_dept_assignments=True)
        gateways = self._client.read("GetPaymentMethods")
        admins = self._client.read("GetAdminUsers")
        ids = _known(rows(departments, "departments", "department"), "id")
        modules = _known(rows(gateways, "paymentmethods", "paymentmethod"), "module")
        names = _known(rows(admins, "admin_users"), "username")
        checks = (
            ("abuse_department", self._department, ids),
            ("payment_method", self._payment_method, modules),
            ("admin_username", self._admin, names),
        )
        return [
            f"{setting} {wanted!r} is not in WHMCS, which has {', '.join(known) or 'none'}"
            for setting, wanted, known in checks
            if wanted not in known
        ]

    def _pages(self, action: str, asked: Mapping[str, Value], names: tuple[str, str]) -> Iterator[Row]:
        return pages(self._client, action, asked, names, size=self._page_size)


_GONE = ("not found", "no attachments found", "attachments deleted", "invalid attachment index")


def _unless_not_found(refusal: PanelRefused) -> None:
    if "not found" not in refusal.words.casefold():
        raise refusal


def _is_ours(ticket: Ticket, client: str, department: str, subject: str | None) -> bool:
    if ticket.client != str(int(client)) or ticket.department != department:
        return False
    return subject is None or subject in ticket.subject


def _known(listed: Sequence[Row], key: str) -> list[str]:
    return [text(row, key) for row in listed]
