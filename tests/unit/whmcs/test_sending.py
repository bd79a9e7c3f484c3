"""What leaves for WHMCS: forms as PHP reads them, checked against the documented parameters."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.whmcs.checked import number
from adapters.whmcs.contract import actions
from adapters.whmcs.form import attached, body, clean, fields
from adapters.whmcs.mail_body import admin_mail_body
from bridge.ports import Attachment


def test_booleans_are_one_or_left_out() -> None:
    assert fields({"a": True, "b": False, "c": None}) == [("a", "1")]


def test_lists_are_numbered_in_brackets() -> None:
    assert fields({"unset": ["notes", "ns1"]}) == [("unset[0]", "notes"), ("unset[1]", "ns1")]


def test_numbers_are_written_plainly() -> None:
    assert fields({"id": 7, "amount": Decimal("5.00")}) == [("id", "7"), ("amount", "5.00")]


def test_a_form_arrives_as_it_was_meant() -> None:
    pairs = [("message", "a=b&c; ü %\n+"), ("unset[0]", "x")]
    assert parse_qsl(body(pairs).decode("ascii"), keep_blank_values=True) == pairs


@given(st.text())
def test_any_text_can_be_sent(text: str) -> None:
    assert dict(parse_qsl(body([("t", clean(text))]).decode("ascii"), keep_blank_values=True))["t"] == clean(text)


@given(st.text())
def test_what_is_sent_fits_into_three_bytes_a_character(text: str) -> None:
    assert all(ord(char) <= 0xFFFF for char in clean(text))
    assert clean(clean(text)) == clean(text)


def test_attachments_are_base64_of_a_list_whose_data_is_base64() -> None:
    encoded = attached([Attachment(name="a.eml", content=b"\x00\xff")])
    assert encoded is not None
    assert json.loads(base64.b64decode(encoded)) == [{"name": "a.eml", "data": "AP8="}]
    assert attached([]) is None


@pytest.mark.parametrize(
    ("action", "field", "documented"),
    [
        ("CreateInvoice", "itemamount12", True),
        ("CreateInvoice", "itemamount", False),
        ("CreateInvoice", "itemamount[1]", False),
        ("UpdateClientProduct", "unset[0]", True),
        ("UpdateInvoice", "itemamount[13]", True),
        ("ModuleSuspend", "accountid", True),
        ("ModuleSuspend", "reason", False),
        ("UpdateTicket", "clientid", False),
    ],
)
def test_the_table_knows_numbered_bracketed_and_older_names(action: str, field: str, documented: bool) -> None:
    contract = actions().get(action)
    found = contract is not None and contract.undocumented([field]) == ()
    assert found is documented


def test_the_table_knows_what_has_to_be_there() -> None:
    assert actions()["ModuleSuspend"].missing(["accountid"]) == ()
    assert actions()["ModuleSuspend"].missing(["suspendreason"]) == ("serviceid",)
    assert actions()["GetTicket"].missing([]) == ("ticketid or ticketnum",)
    assert actions()["OpenTicket"].missing(["deptid", "subject"]) == ("message",)


@pytest.mark.parametrize(
    ("text", "found"),
    [("7", 7), ("007", 7), ("0", None), ("", None), ("7x", None), ("-7", None), ("٧", None), ("7 ", None)],
)
def test_only_digits_are_a_number_of_the_panel(text: str, found: int | None) -> None:
    assert number(text) == found


def test_a_mail_to_staff_keeps_its_lines_and_loses_its_markup() -> None:
    assert admin_mail_body("a {b}\r\n<c>\nd") == "a &#123;b&#125;<br />\n&lt;c&gt;<br />\nd"
