"""Rows of the panel, whatever they hold, into words of the program."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.virtualizor.answers import Trouble, error_words, is_done, judge, one_line
from adapters.virtualizor.shapes import (
    address_record,
    holding_from_row,
    identifier,
    machine_from_row,
    moment,
    normal_address,
    rows,
)
from bridge.errors import PanelRefused

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("vpsid", "uuid", "serid", "hostname", "ips", "suspended", "suspend_reason", "nw_suspended", "locked")


@given(st.fixed_dictionaries({}, optional=dict.fromkeys((*FIELDS, "admin_fwid", "machine_status"), anything)))
def test_no_row_breaks_the_reader(row: dict[str, Any]) -> None:
    try:
        machine = machine_from_row("5", row, "panel")
    except PanelRefused:
        return
    assert machine.id.isdigit()
    assert all(normal_address(ip) == ip for ip in machine.ips)
    assert machine.hostname.isprintable()


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("ipid", "ip", "vpsid", "locked", "time"), anything)))
def test_no_address_row_breaks_the_reader(row: dict[str, Any]) -> None:
    record = address_record("5", row)
    holding = holding_from_row(row)
    assert record is None or normal_address(record.ip) == record.ip
    assert holding is None or holding.vpsid.isdigit()


@given(anything, st.sampled_from(["done", "vs"]))
def test_no_json_breaks_the_judge(answer: object, expects: str) -> None:
    judged = judge(200, json.dumps(answer).encode(), expects=expects)
    assert isinstance(judged, Trouble) or judged.keys() >= {expects}


@given(st.binary(max_size=60), st.integers(100, 599))
def test_no_bytes_break_the_judge(body: bytes, status: int) -> None:
    judged = judge(status, body, expects="vs")
    assert isinstance(judged, Trouble) or (status == 200 and "vs" in judged)


@given(anything)
def test_words_of_an_error_are_one_bounded_printable_line(error: object) -> None:
    words = error_words({"error": error})
    assert words is None or (0 < len(words) <= 500 and words == one_line(words))


@pytest.mark.parametrize(
    ("answer", "keys"),
    [
        ({"vs": {"5": {}, "6": {}}}, ["5", "6"]),
        ({"vs": {"K_5": {}}}, ["5"]),
        ({"vs": [{}, {}]}, ["0", "1"]),
        ({"vs": {"5": "no row", "6": None}}, []),
        ({"vs_info": {"5": {}}}, ["5"]),
        ({"vs": None, "vs_info": {"5": {}}}, ["5"]),
        ({"vs": "text"}, []),
        ({}, []),
    ],
    ids=repr,
)
def test_rows_are_found_under_raw_and_sdk_names(answer: dict[str, Any], keys: list[str]) -> None:
    assert [key for key, _ in rows(answer, "vs", "vs_info")] == keys


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1 ", "192.0.2.1"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1/64", "2001:db8::/64"),
        ("192.0.2.01", None),
        ("192.0.2", None),
        ("3221225985", None),
        ("", None),
        ("192.0.2.0/33", None),
    ],
)
def test_an_address_is_written_in_one_way_or_is_none(written: str, normal: str | None) -> None:
    assert normal_address(written) == normal


@pytest.mark.parametrize(
    ("value", "found"),
    [(5, "5"), ("5", "5"), ("005", "5"), (" 5 ", "5"), ("5.0", ""), (None, ""), (True, ""), ("٥", "")],
)
def test_an_id_is_digits_alone(value: object, found: str) -> None:
    assert identifier(value) == found


@pytest.mark.parametrize("value", [1772366400, "1772366400", 1772366400.0])
def test_a_unix_time_is_an_aware_moment(value: object) -> None:
    assert moment(value) == datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("value", [0, "0", -5, None, "soon", 1e30, float("nan"), float("inf"), True])
def test_what_is_no_time_is_none(value: object) -> None:
    assert moment(value) is None


def test_done_is_judged_by_what_is_inside() -> None:
    said: tuple[object, ...] = (1, "1", {"done": True}, {"range": {}}, 7)
    not_said: tuple[object, ...] = (0, "0", {"done": False}, {}, [], None, "false")
    assert [is_done(value) for value in said] == [True] * len(said)
    assert [is_done(value) for value in not_said] == [False] * len(not_said)
