"""What the panel does: module commands, tickets, invoices, credits, notes, orders; each exactly as often as asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from adapters.whmcs.sandbox import Quirks, cashier, people
from adapters.whmcs.sandbox.seed import SeedServer
from bridge.errors import InvalidInput, NotSupported, PanelRefused
from bridge.ports import Attachment, InvoiceLine, InvoiceStatus, ServiceStatus
from tests.contract.whmcs.conftest import NOW, Sandbox, StartSandbox, a_seed


def _status(sandbox: Sandbox) -> ServiceStatus:
    service = sandbox.panel().service("21")
    assert service is not None
    return service.status


def test_a_suspension_is_read_back_with_its_reason(whmcs: Sandbox) -> None:
    whmcs.panel().suspend("21", "Spam, see ticket; it's <urgent> TS-ABCDEFGHIJKLMNOP")
    service = whmcs.panel().service("21")
    assert service is not None
    assert service.status is ServiceStatus.SUSPENDED
    assert service.suspension_reason == "Spam, see ticket; it's <urgent> TS-ABCDEFGHIJKLMNOP"


def test_a_mark_after_characters_beyond_the_basic_plane_is_kept(whmcs: Sandbox) -> None:
    whmcs.panel().suspend("21", "\N{PILE OF POO}\ud800\x00 TS-ABCDEFGHIJKLMNOP")
    service = whmcs.panel().service("21")
    assert service is not None
    assert service.suspension_reason == "\ufffd\ufffd\ufffd TS-ABCDEFGHIJKLMNOP"


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_suspension_without_a_reason_is_not_sent(whmcs: Sandbox, reason: str) -> None:
    with pytest.raises(InvalidInput):
        whmcs.panel().suspend("21", reason)
    assert whmcs.calls("ModuleSuspend") == 0


def test_an_unsuspension_clears_the_reason(whmcs: Sandbox) -> None:
    whmcs.panel().suspend("21", "because")
    whmcs.panel().unsuspend("21")
    service = whmcs.panel().service("21")
    assert service is not None
    assert (service.status, service.suspension_reason) == (ServiceStatus.ACTIVE, "")


def test_a_termination_empties_the_vps_and_its_addresses(whmcs: Sandbox) -> None:
    whmcs.panel().terminate("21")
    service = whmcs.panel().service("21")
    assert service is not None
    assert (service.status, service.vpsid, service.vps_uuid, service.ips) == (ServiceStatus.TERMINATED, None, None, ())


def test_a_module_that_fails_changes_nothing_and_its_words_come_through(start: StartSandbox) -> None:
    def locked(command: str, server: SeedServer | None, vpsid: str) -> str:
        return f"VPS {vpsid} is locked"

    sandbox = start(module=locked)
    with pytest.raises(PanelRefused, match="VPS 1001 is locked"):
        sandbox.panel().suspend("21", "because")
    assert _status(sandbox) is ServiceStatus.ACTIVE
    assert [one.hook for one in sandbox.world.hooks.fired] == ["PreModuleSuspend", "AfterModuleSuspendFailed"]


def test_a_service_without_a_module_becomes_manual(whmcs: Sandbox) -> None:
    with pytest.raises(NotSupported, match="not assigned to a module"):
        whmcs.panel().suspend("22", "because")


def test_addresses_are_written_to_the_record_alone(whmcs: Sandbox) -> None:
    whmcs.panel().set_addresses("21", "192.0.2.77", ["2001:db8::7", "198.51.100.8/29"])
    service = whmcs.panel().service("21")
    assert service is not None
    assert service.ips == ("192.0.2.77", "2001:db8::7", "198.51.100.8/29")
    assert [one.hook for one in whmcs.world.hooks.fired] == ["ServiceEdit"]


def test_addresses_are_cleared_by_unset(whmcs: Sandbox) -> None:
    whmcs.panel().set_addresses("21", None, [])
    service = whmcs.panel().service("21")
    assert service is not None
    assert service.ips == ()
    (call,) = whmcs.world.journal.calls("UpdateClientProduct")
    assert call.parameters == {"serviceid": "21", "unset[0]": "dedicatedip", "unset[1]": "assignedips"}


def test_a_ticket_is_opened_in_the_abuse_department_and_mailed(whmcs: Sandbox) -> None:
    ticket = whmcs.panel().open_ticket(
        client="11", service="21", subject="Abuse & more TS-A", message="Dear Ada,\n<please> act."
    )
    assert (ticket.department, ticket.client, ticket.subject) == ("2", "11", "Abuse & more TS-A")
    assert ticket.opened == NOW
    assert [message.text for message in ticket.messages] == ["Dear Ada,\n<please> act."]
    (mail,) = whmcs.world.state.mails
    assert mail.to == "ada@customer.example"


def test_the_admin_flag_may_have_no_effect(whmcs: Sandbox) -> None:
    ticket = whmcs.panel().open_ticket(client="11", service=None, subject="s", message="m")
    assert [one.hook for one in whmcs.world.hooks.fired] == ["TicketOpen"]
    assert ticket.messages[0].by_staff is False


def test_the_admin_flag_may_have_an_effect(start: StartSandbox) -> None:
    sandbox = start(a_seed(quirks=Quirks(admin_flag_works=True)))
    ticket = sandbox.panel().open_ticket(client="11", service=None, subject="s", message="m")
    assert [one.hook for one in sandbox.world.hooks.fired] == ["TicketOpenAdmin"]
    assert ticket.messages[0].by_staff is True


def test_attachments_arrive_by_name(whmcs: Sandbox) -> None:
    files = [Attachment(name="report.eml", content=b"\x00\xff"), Attachment(name="ü.txt", content=b"")]
    whmcs.panel().open_ticket(client="11", service=None, subject="s", message="m", attachments=files)
    assert whmcs.world.state.tickets[1].messages[0].attachments == ("report.eml", "ü.txt")


def test_replies_tell_staff_from_client(whmcs: Sandbox) -> None:
    panel = whmcs.panel()
    ticket = panel.open_ticket(client="11", service=None, subject="s", message="m")
    whmcs.moment[0] += timedelta(hours=1)
    people.client_reply(whmcs.world, int(ticket.id), "It's fixed")
    panel.reply(ticket.id, "Thank you TS-B")
    read = panel.ticket(ticket.id)
    assert read is not None
    assert [(message.text, message.by_staff) for message in read.messages] == [
        ("m", False),
        ("It's fixed", False),
        ("Thank you TS-B", True),
    ]
    assert read.messages[1].at == NOW + timedelta(hours=1)
    assert read.status == "Answered"


def test_tickets_are_those_of_the_client_and_department_newest_first(whmcs: Sandbox) -> None:
    panel = whmcs.panel()
    panel.open_ticket(client="11", service=None, subject="one TS-A", message="m")
    whmcs.moment[0] += timedelta(minutes=1)
    panel.open_ticket(client="11", service=None, subject="two TS-B", message="m")
    panel.open_ticket(client="12", service=None, subject="other TS-A", message="m")
    people.client_ticket(whmcs.world, 11, 1, "elsewhere TS-A", "m")
    assert [ticket.subject for ticket in panel.tickets("11")] == ["two TS-B", "one TS-A"]
    assert [ticket.subject for ticket in panel.tickets("11", subject="TS-A")] == ["one TS-A"]


def _lines(*amounts: str) -> list[InvoiceLine]:
    return [InvoiceLine(text=f"Line {index}", amount=Decimal(amount)) for index, amount in enumerate(amounts)]


def test_an_invoice_is_unpaid_sent_untaxed_and_carries_its_notes(whmcs: Sandbox) -> None:
    panel = whmcs.panel()
    number = panel.create_invoice(
        client="12", lines=_lines("20.00", "0.5"), due=date(2026, 3, 9), issued=date(2026, 3, 2), notes="Fine TS-A"
    )
    (found,) = panel.invoices("12")
    assert (found.id, found.notes, found.total, found.currency) == (number, "Fine TS-A", Decimal("20.50"), "USD")
    assert (found.created, found.issued, found.status) == (NOW, date(2026, 3, 2), InvoiceStatus.OPEN)
    (call,) = whmcs.world.journal.calls("CreateInvoice")
    assert call.parameters == {
        "userid": "12",
        "status": "Unpaid",
        "sendinvoice": "1",
        "paymentmethod": "banktransfer",
        "date": "2026-03-02",
        "duedate": "2026-03-09",
        "notes": "Fine TS-A",
        "itemdescription1": "Line 0",
        "itemamount1": "20.00",
        "itemdescription2": "Line 1",
        "itemamount2": "0.50",
    }
    assert [mail.to for mail in whmcs.world.state.mails] == ["bo@reseller.example"]


@pytest.mark.parametrize("amount", ["0", "-1.00", "1.005", "NaN", "Infinity"])
def test_an_amount_that_is_no_whole_cents_is_not_sent(whmcs: Sandbox, amount: str) -> None:
    panel = whmcs.panel()
    with pytest.raises(InvalidInput):
        panel.create_invoice(client="12", lines=_lines(amount), due=NOW.date(), issued=NOW.date(), notes="")
    with pytest.raises(InvalidInput):
        panel.add_credit("12", Decimal(amount), "TS-A")
    assert whmcs.world.journal.counts() == {}


def test_an_invoice_without_lines_is_not_sent(whmcs: Sandbox) -> None:
    with pytest.raises(InvalidInput):
        whmcs.panel().create_invoice(client="12", lines=[], due=NOW.date(), issued=NOW.date(), notes="")


def test_an_invoice_of_more_lines_than_php_reads_becomes_manual(whmcs: Sandbox) -> None:
    lines = _lines(*["1.00"] * 451)
    with pytest.raises(NotSupported, match="451 lines"):
        whmcs.panel().create_invoice(client="12", lines=lines, due=NOW.date(), issued=NOW.date(), notes="")
    assert whmcs.calls("CreateInvoice") == 0


def test_the_largest_invoice_of_one_call_arrives_whole(whmcs: Sandbox) -> None:
    panel = whmcs.panel()
    number = panel.create_invoice(
        client="12", lines=_lines(*["1.00"] * 450), due=NOW.date(), issued=NOW.date(), notes="TS-A"
    )
    invoice = panel.invoice(number)
    assert invoice is not None
    assert invoice.total == 450


def test_invoices_are_read_newest_first_page_by_page(whmcs: Sandbox) -> None:
    panel = whmcs.panel(page_size=2)
    for index in range(5):
        panel.create_invoice(
            client="12", lines=_lines("1.00"), due=NOW.date(), issued=NOW.date(), notes=f"number {index}"
        )
    assert [invoice.notes for invoice in panel.invoices("12")] == [f"number {index}" for index in (4, 3, 2, 1, 0)]


def test_the_total_is_that_of_the_lines_before_credit(whmcs: Sandbox) -> None:
    whmcs.world.state.invoices[1].credit = Decimal("4.00")
    invoice = whmcs.panel().invoice("1")
    assert invoice is not None
    assert (invoice.total, invoice.balance) == (Decimal("10.00"), Decimal("6.00"))


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Draft", InvoiceStatus.OPEN),
        ("Payment Pending", InvoiceStatus.OPEN),
        ("Collections", InvoiceStatus.OPEN),
        ("Paid", InvoiceStatus.PAID),
        ("Cancelled", InvoiceStatus.CANCELLED),
        ("Refunded", InvoiceStatus.REFUNDED),
    ],
)
def test_an_invoices_status_is_translated(whmcs: Sandbox, word: str, status: InvoiceStatus) -> None:
    whmcs.world.state.invoices[1].status = word
    invoice = whmcs.panel().invoice("1")
    assert invoice is not None
    assert invoice.status is status


def test_an_invoice_is_cancelled_and_the_panel_tells(whmcs: Sandbox) -> None:
    whmcs.panel().cancel_invoice("1")
    invoice = whmcs.panel().invoice("1")
    assert invoice is not None
    assert invoice.status is InvoiceStatus.CANCELLED
    assert [one.hook for one in whmcs.world.hooks.fired] == ["InvoiceCancelled"]


def test_invoices_in_collections_and_refunds_can_be_found(whmcs: Sandbox) -> None:
    cashier.pay(whmcs.world, 1, transid="t-1")
    cashier.refund(whmcs.world, 1, transid="r-1")
    payment, refund = whmcs.panel().transactions("11")
    assert (payment.amount_in, payment.refund_of, payment.at) == (Decimal("10.00"), None, NOW)
    assert (refund.amount_out, refund.refund_of, refund.invoice) == (Decimal("10.00"), payment.id, "1")
    whmcs.world.state.invoices[1].status = "Collections"
    assert [invoice.id for invoice in whmcs.panel().collections()] == ["1"]


@pytest.mark.parametrize("flat", [True, False])
def test_a_credit_is_booked_and_found_by_its_description(start: StartSandbox, flat: bool) -> None:
    sandbox = start(a_seed(quirks=Quirks(flat_lists=flat)))
    sandbox.panel().add_credit("12", Decimal(5), "Waived & done TS-A")
    (credit,) = sandbox.panel().credits("12")
    assert (credit.description, credit.amount, credit.client) == ("Waived & done TS-A", Decimal("5.00"), "12")
    assert sandbox.panel().credits("11") == []


def test_a_client_note_is_sticky_where_asked(whmcs: Sandbox) -> None:
    whmcs.panel().add_client_note("11", "No refunds", sticky=True)
    whmcs.panel().add_client_note("11", "Seen")
    assert [(note.text, note.sticky) for note in whmcs.world.state.notes.values()] == [
        ("No refunds", True),
        ("Seen", False),
    ]


def test_a_mail_to_staff_holds_no_markup_and_no_template_tag_of_a_sender(whmcs: Sandbox) -> None:
    whmcs.panel().mail_staff("Case 1", "<b>{php}phpinfo(){/php}</b>\nSecond line")
    (mail,) = whmcs.world.state.mails
    assert mail.to == "admins"
    assert mail.text == "&lt;b&gt;&#123;php&#125;phpinfo()&#123;/php&#125;&lt;/b&gt;<br />\nSecond line"


def test_an_order_is_held_released_and_refused(whmcs: Sandbox) -> None:
    panel = whmcs.panel()
    order = panel.order("31")
    assert order is not None
    assert (order.client, order.status, order.services) == ("11", "pending", ("21",))
    panel.release_order("31")
    released = panel.order("31")
    assert released is not None
    assert released.status == "active"
    with pytest.raises(PanelRefused, match="Status not Pending"):
        panel.refuse_order("31")
    panel.hold_order("31")
    panel.refuse_order("31")
    refused = panel.order("31")
    assert refused is not None
    assert refused.status == "cancelled"


def test_a_closed_account_runs_no_module(whmcs: Sandbox) -> None:
    whmcs.panel().close_client("11")
    client = whmcs.panel().client("11")
    assert client is not None
    assert client.status == "Closed"
    assert [one.hook for one in whmcs.world.hooks.fired] == ["InvoiceCancelled", "ClientClose"]


def test_times_in_summer_are_an_hour_further_from_utc(whmcs: Sandbox) -> None:
    whmcs.moment[0] = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    ticket = whmcs.panel().open_ticket(client="11", service=None, subject="s", message="m")
    assert ticket.opened == datetime(2026, 7, 1, 10, 0, tzinfo=UTC)


def test_what_is_attached_to_a_ticket_and_its_replies_is_read_back(whmcs: Sandbox) -> None:
    panel = whmcs.panel()
    files = [Attachment(name="report.eml", content=b"\x00\xff"), Attachment(name="ü.txt", content=b"x")]
    ticket = panel.open_ticket(client="11", service=None, subject="s", message="m", attachments=files)
    panel.reply(ticket.id, "more", [Attachment(name="more.csv", content=b"ip\n")])
    shown = panel.ticket(ticket.id)
    assert shown is not None
    assert (shown.author, shown.address) == ("Ada Ähm", "ada@customer.example")
    enclosed = [(message.id, index, name) for message in shown.messages for index, name in message.enclosed]
    assert [name for _, _, name in enclosed] == ["report.eml", "ü.txt", "more.csv"]
    contents = [panel.enclosure(ticket.id, message, index) for message, index, _ in enclosed]
    assert [file.content for file in contents if file is not None] == [b"\x00\xff", b"x", b"ip\n"]
    assert panel.enclosure(ticket.id, "0", 7) is None
    assert panel.enclosure("999", "0", 0) is None
