"""Refunds and disputes found by looking: each once, nothing of what was there before, alarm where they were refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from bridge.ports import Invoice, InvoiceStatus, Order, ServiceStatus, Ticket, Transaction
from bridge.store.tables import actions, events
from tests.unit.sync.host import NOW, Host, a_client, a_service, open_host


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """A client with one service under the policy that answers refunds, disputes and orders; looked at once."""
    opened = open_host(tmp_path, pack="ipcats")
    opened.has(a_client(), a_service())
    yield opened
    opened.desk.store.close()


def invoice(id_: str, status: InvoiceStatus = InvoiceStatus.PAID, **more: Any) -> Invoice:
    given: dict[str, Any] = {
        "id": id_,
        "client": "11",
        "status": status,
        "notes": "",
        "created": None,
        "issued": None,
        "total": Decimal("10.00"),
        "balance": None,
        "currency": None,
        "paid": NOW.date(),
        "services": ("21",),
    }
    return Invoice(**{**given, **more})


def refunded(host: Host, id_: str, invoice_: str | None = "91", **more: Any) -> None:
    given: dict[str, Any] = {
        "id": id_,
        "client": "11",
        "invoice": invoice_,
        "at": host.clock.now(),
        "amount_in": Decimal(0),
        "amount_out": Decimal("5.00"),
        "refund_of": "1",
    }
    host.billing.booked.append(Transaction(**{**given, **more}))


def told(host: Host, type_: str) -> list[dict[str, Any]]:
    query = select(events.c.body).where(events.c.type == type_).order_by(events.c.seq)
    with host.desk.store.read() as connection:
        return [orjson.loads(body) for body in connection.execute(query).scalars()]


def decided(host: Host, action: str) -> list[Any]:
    with host.desk.store.read() as connection:
        return list(connection.execute(select(actions).where(actions.c.action == action)))


def ask(host: Host, kind: str, id_: str) -> None:
    """As a hook does."""
    host.desk.store.write(lambda unit: host.synchroniser._rereads.ask(unit, kind, id_, host.clock.wall()))


def look(host: Host) -> int:
    host.clock.move(timedelta(minutes=1))
    return host.synchroniser.payments()


# ---- refunds ----


def test_a_refund_is_told_once_with_its_service(host: Host) -> None:
    host.sync()
    host.billing.invoices["91"] = invoice("91")
    refunded(host, "7")
    assert (look(host), look(host)) == (1, 0)
    (event,) = told(host, "refund.granted")
    assert (event["id"], event["client"], event["service"]) == ("refund.7", "11", "21")


def test_parts_of_one_payment_count_each_and_the_invoice_called_refunded_adds_nothing(host: Host) -> None:
    host.sync()
    host.billing.invoices["91"] = invoice("91")
    refunded(host, "7")
    look(host)
    refunded(host, "8")
    host.billing.invoices["91"] = invoice("91", InvoiceStatus.REFUNDED)
    assert (look(host), look(host)) == (1, 0)
    assert [event["id"] for event in told(host, "refund.granted")] == ["refund.7", "refund.8"]


def test_an_invoice_called_refunded_without_a_transaction_counts_once(host: Host) -> None:
    host.sync()
    host.billing.invoices["91"] = invoice("91", InvoiceStatus.REFUNDED)
    assert (look(host), look(host)) == (1, 0)
    refunded(host, "7")
    assert look(host) == 0


def test_what_was_there_before_the_first_look_is_history(host: Host) -> None:
    host.billing.invoices = {"90": invoice("90", InvoiceStatus.REFUNDED), "91": invoice("91")}
    host.billing.reversed = {"91"}
    refunded(host, "7", at=NOW - timedelta(days=1))
    host.sync()
    assert look(host) == 0
    assert told(host, "refund.granted") + told(host, "payment.disputed") == []


def test_a_hook_has_one_client_looked_at(host: Host) -> None:
    host.sync()
    refunded(host, "7", None)
    ask(host, "payments", "11")
    assert host.synchroniser.due_rereads() == 1
    assert [event["service"] for event in told(host, "refund.granted")] == ["21"]


def test_a_refund_that_names_no_service_of_several_is_left_to_people(host: Host) -> None:
    host.has(a_service("22", ips=()))
    host.sync()
    refunded(host, "7", None)
    assert look(host) == 0


def test_staff_is_alarmed_where_a_refund_was_refused(host: Host) -> None:
    host.sync()
    host.tell(type="refund.requested", service="21", order_kind="trial")
    refunded(host, "7", None)
    look(host)
    (alarm,) = decided(host, "notify_staff")
    assert orjson.loads(alarm.record)["answer"]["template"] == "refund_alarm"
    refunded(host, "8", None)
    look(host)
    assert len(decided(host, "notify_staff")) == 1


def test_a_marked_service_alarms_every_time(host: Host) -> None:
    host.sync()
    host.tell(type="complaint.received", service="21", category="connection/ddos")
    for id_ in ("7", "8"):
        refunded(host, id_, None)
        look(host)
    assert len(decided(host, "notify_staff")) == 2


def test_a_refund_that_nothing_refused_alarms_nobody(host: Host) -> None:
    host.sync()
    refunded(host, "7", None)
    look(host)
    assert decided(host, "notify_staff") == []


# ---- disputes ----


def test_a_paid_invoice_in_collections_is_a_dispute(host: Host) -> None:
    host.sync()
    host.billing.invoices["91"] = invoice("91")
    host.billing.reversed = {"91"}
    assert (look(host), look(host)) == (1, 0)
    (event,) = told(host, "payment.disputed")
    assert (event["id"], event["service"], event["contacted_support"]) == ("dispute.91", "21", False)
    assert len(decided(host, "terminate_client")) == 1


def test_a_debt_that_was_never_paid_is_no_dispute_and_becomes_one_by_a_reversed_payment(host: Host) -> None:
    host.sync()
    host.billing.invoices["91"] = invoice("91", InvoiceStatus.OPEN, paid=None)
    host.billing.reversed = {"91"}
    assert look(host) == 0
    refunded(host, "7", amount_in=Decimal("10.00"), amount_out=Decimal(0), refund_of=None)
    assert look(host) == 1


@pytest.mark.parametrize(
    ("subject", "days", "contacted"),
    [("My server", 3, True), ("My server", 40, False), ("Complaint TS-ABCDEFGHIJKLMNOP", 3, False)],
)
def test_who_opened_a_ticket_of_his_own_lately_has_contacted_support(
    host: Host, subject: str, days: int, contacted: bool
) -> None:
    host.sync()
    opened = host.clock.now() - timedelta(days=days)
    ticket = Ticket(id="1", number="A", department="1", client="11", subject=subject, status="Open", opened=opened)
    host.billing.tickets.append(ticket)
    host.billing.invoices["91"] = invoice("91")
    host.billing.reversed = {"91"}
    look(host)
    assert [event["contacted_support"] for event in told(host, "payment.disputed")] == [contacted]


# ---- orders ----


def order(**more: Any) -> Order:
    given: dict[str, Any] = {"id": "5", "client": "11", "status": "pending", "services": ("23",)}
    return Order(**{**given, **more})


def test_a_new_order_is_told_once_after_its_client_and_service_and_held(host: Host) -> None:
    host.has(a_service("23", product="7", status=ServiceStatus.PENDING, ips=(), order="5"))
    host.billing.orders = [order()]
    host.sync()
    host.sync()
    (event,) = told(host, "order.placed")
    assert (event["order"], event["service"], event["product_kind"]) == ("5", "23", "dedicated")
    assert [row.state for row in decided(host, "hold_order")] == ["approved"]


def test_an_order_that_a_hook_names_is_read_at_once(host: Host) -> None:
    host.sync()
    host.billing.orders = [order(services=(), status="fraud"), order(id="6", status="cancelled")]
    for id_ in ("5", "6", "99"):
        ask(host, "order", id_)
    assert host.synchroniser.due_rereads() == 3
    assert [(event["order"], event["fraud"]) for event in told(host, "order.placed")] == [("5", "failed")]
