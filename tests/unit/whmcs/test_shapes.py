"""Rows to the program's own types, where the sandbox does not reach."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapters.whmcs import shapes
from bridge.errors import PanelRefused, PanelUnclear

UTC_ZONE = ZoneInfo("UTC")


def a_product_row(**changes: Any) -> dict[str, Any]:
    return {"id": "1", "clientid": "2", "pid": "3", "status": "Active", **changes}


def a_client_row(**changes: Any) -> dict[str, Any]:
    return {"id": 1, "firstname": "Ada", "lastname": "Ähm", "email": "a@b.example", "status": "Active", **changes}


def an_invoice_row(**changes: Any) -> dict[str, Any]:
    return {"id": 1, "userid": 2, "status": "Unpaid", "total": "5.00", "credit": "0.00", **changes}


@pytest.mark.parametrize(
    ("custom", "vpsid"),
    [
        ([{"id": "7", "name": "vpsid", "value": "12"}], "12"),
        ([{"id": "7", "name": "VPSID|VPS number", "value": " 12 "}], "12"),
        ([{"id": 7, "value": "12"}], "12"),
        ([{"id": "8", "value": "12"}], None),
        ([{"id": "7", "name": "vpsid", "value": ""}], None),
        ([{"id": "7", "name": "vpsid", "value": "0"}], None),
        ([{"id": "7", "name": "vpsid", "value": "12; drop"}], None),
        ([], None),
    ],
)
def test_the_vps_is_found_in_the_custom_fields(custom: list[dict[str, Any]], vpsid: str | None) -> None:
    row = a_product_row(customfields={"customfield": custom})
    assert shapes.service(row, has_module=True, field_names={"7": "vpsid"}).vpsid == vpsid


def test_a_custom_field_without_any_name_goes_by_its_id() -> None:
    row = a_product_row(customfields={"customfield": [{"id": "8", "value": "x"}]})
    assert shapes.service(row, has_module=True, field_names={}).custom_fields == {"8": "x"}


@pytest.mark.parametrize(
    ("server", "known", "has_module"), [("0", None, False), ("4", None, True), ("4", False, False)]
)
def test_a_module_is_what_the_product_says_else_a_server(server: str, known: bool | None, has_module: bool) -> None:
    row = a_product_row(serverid=server)
    assert shapes.service(row, has_module=known, field_names={}).has_module is has_module


@pytest.mark.parametrize("status", ["", "Dormant", None])
def test_a_service_of_an_unknown_status_is_refused(status: str | None) -> None:
    with pytest.raises(PanelRefused, match="unknown status of a service"):
        shapes.service(a_product_row(status=status), has_module=True, field_names={})


@pytest.mark.parametrize(
    ("language", "locale"), [("german", "de"), ("English", "en"), ("portuguese-br", "pt-BR"), ("", None), ("xx", None)]
)
def test_the_language_becomes_a_locale(language: str, locale: str | None) -> None:
    assert shapes.client({"client": a_client_row(language=language)}).locale == locale


@pytest.mark.parametrize(("given", "verified"), [(True, True), (1, True), ("1", True), (False, False), (None, None)])
def test_a_verified_address_is_yes_no_or_not_known(given: object, verified: bool | None) -> None:
    assert shapes.client({"client": a_client_row(email_verified=given)}).email_verified is verified


def test_a_client_is_read_from_the_deprecated_keys_where_nothing_else_is_there() -> None:
    found = shapes.client({"result": "success", **a_client_row(id=None, userid=5), "currency_code": "usd"})
    assert (found.id, found.currency, found.name) == ("5", "USD", "Ada Ähm")


def test_an_invoices_total_is_before_credit() -> None:
    assert shapes.invoice(an_invoice_row(total="1.00", credit="4.00"), UTC_ZONE).total == Decimal("5.00")


def test_an_invoice_of_an_unknown_status_is_refused() -> None:
    with pytest.raises(PanelRefused, match="'Lost'"):
        shapes.invoice(an_invoice_row(status="Lost"), UTC_ZONE)


def test_an_invoice_without_an_id_is_unclear() -> None:
    with pytest.raises(PanelUnclear):
        shapes.invoice(an_invoice_row(id=None), UTC_ZONE)


def test_messages_are_in_the_order_of_time() -> None:
    def a_reply(number: str, minute: int, admin: str = "") -> dict[str, Any]:
        return {"replyid": number, "date": f"2026-01-01 10:{minute:02}:00", "message": number, "admin": admin}

    answer = {
        "ticketid": "1",
        "deptid": "2",
        "userid": "0",
        "date": "2026-01-01 10:00:00",
        "replies": {"reply": [a_reply("9", 30), a_reply("0", 0, "Bea"), a_reply("10", 30)]},
    }
    ticket = shapes.ticket(answer, UTC_ZONE)
    assert [message.id for message in ticket.messages] == ["0", "9", "10"]
    assert [message.by_staff for message in ticket.messages] == [True, False, False]
    assert ticket.client == ""


def test_only_services_count_among_an_orders_items() -> None:
    items = [{"type": "product", "relid": 5}, {"type": "domain", "relid": 5}, {"type": "addon", "relid": 6}]
    answer = {"id": 1, "userid": 2, "status": "Pending", "lineitems": {"lineitem": items}}
    assert shapes.order(answer).services == ("5",)


def test_a_refund_names_the_payment_it_takes_back() -> None:
    row = {
        "id": "4",
        "userid": "2",
        "invoiceid": "0",
        "date": "2026-01-01 00:00:00",
        "amountout": "5.00",
        "refundid": "3",
    }
    found = shapes.transaction(row, UTC_ZONE)
    assert (found.amount_in, found.amount_out, found.refund_of, found.invoice) == (
        Decimal(0),
        Decimal("5.00"),
        "3",
        None,
    )
