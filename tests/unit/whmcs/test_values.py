"""Single values of WHMCS answers, in every spelling the contract allows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.whmcs import values
from bridge.errors import PanelUnclear

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "answer",
    [
        {"credits": {"credit": [{"id": "1"}, {"id": "2"}]}},
        {"credits": [{"id": "1"}, {"id": "2"}]},
        {"credits": {"credit": {"0": {"id": "1"}, "1": {"id": "2"}}}},
        {"credits[credit][0][id]": "1", "credits[credit][1][id]": "2", "credits": ""},
        {"credits[credit][1][id]": "2", "credits[credit][0][id]": "1"},
        {"credits[credit][2][id]": "1", "credits[credit][10][id]": "2"},
    ],
)
def test_a_list_is_read_in_every_spelling(answer: dict[str, Any]) -> None:
    assert [row["id"] for row in values.rows(answer, "credits", "credit")] == ["1", "2"]


@pytest.mark.parametrize(
    "answer",
    [{}, {"x": []}, {"x": ""}, {"x": None}, {"x": {}}, {"x": {"one": []}}, {"x": {"one": ""}}, {"x": {"other": []}}],
)
def test_an_empty_list_is_read_in_every_spelling(answer: dict[str, Any]) -> None:
    assert values.rows(answer, "x", "one") == []


def test_one_object_is_a_list_of_one() -> None:
    assert values.rows({"x": {"one": {"id": 1}}}, "x", "one") == [{"id": 1}]


@pytest.mark.parametrize("found", ["text", 7, [1, 2], {"one": "text"}, {"one": [None]}, {"one": [[]]}])
def test_a_list_that_is_none_is_unclear(found: object) -> None:
    with pytest.raises(PanelUnclear, match="x of an answer"):
        values.rows({"x": found}, "x", "one")


def test_entities_are_decoded_once() -> None:
    row = {"a": "Tom &amp; Jerry &lt;b&gt; &#039;x&#039; &amp;amp;"}
    assert values.text(row, "a") == "Tom & Jerry <b> 'x' &amp;"


@pytest.mark.parametrize(("value", "read"), [(None, ""), (False, ""), (7, "7"), ("7", "7"), (Decimal("1.50"), "1.50")])
def test_a_text_may_be_a_number_or_missing(value: object, read: str) -> None:
    assert values.text({"a": value}, "a") == read


@pytest.mark.parametrize("value", [1, "1", " 1 ", "01"])
def test_an_id_is_a_text_of_digits_from_int_and_text(value: object) -> None:
    assert values.an_id({"id": value}, "id") == "1"


@pytest.mark.parametrize("value", [None, "", "0", 0, "x", "-1", "1.5", [], "9" * 40])
def test_an_id_that_is_none_is_unclear(value: object) -> None:
    with pytest.raises(PanelUnclear, match="id of an answer"):
        values.an_id({"id": value}, "id")


@pytest.mark.parametrize(("value", "total"), [("31", 31), (31, 31), ("", None), (None, None), ("0", 0)])
def test_a_count_is_read_from_int_and_text(value: object, total: int | None) -> None:
    assert values.count({"n": value}, "n") == total


@pytest.mark.parametrize(("value", "amount"), [("15.95", "15.95"), ("-3.00", "-3"), (7, "7"), (Decimal("1.1"), "1.1")])
def test_money_stays_decimal(value: object, amount: str) -> None:
    assert values.money({"m": value}, "m") == Decimal(amount)


@pytest.mark.parametrize("value", ["", None, "$5", "NaN", "1,50", "Infinity"])
def test_money_that_is_none_is_unclear(value: object) -> None:
    with pytest.raises(PanelUnclear):
        values.money({"m": value}, "m")


@pytest.mark.parametrize("value", ["", None, "0000-00-00", "0000-00-00 00:00:00"])
def test_no_date_is_no_date(value: object) -> None:
    assert values.some_date({"d": value}, "d") is None
    assert values.some_time({"d": value}, "d", BERLIN) is None


def test_a_date_is_read_from_a_date_and_from_a_time() -> None:
    assert values.some_date({"d": "2026-03-02"}, "d") == date(2026, 3, 2)
    assert values.some_date({"d": "2026-03-02 23:59:59"}, "d") == date(2026, 3, 2)


@pytest.mark.parametrize("value", ["02/03/2026", "2026-13-01", "soon"])
def test_a_date_in_another_spelling_is_unclear(value: str) -> None:
    with pytest.raises(PanelUnclear):
        values.some_date({"d": value}, "d")
    with pytest.raises(PanelUnclear):
        values.some_time({"d": value}, "d", BERLIN)


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2026-01-10 12:00:00", "2026-01-10T11:00:00"),
        ("2026-07-10 12:00:00", "2026-07-10T10:00:00"),
        ("2026-07-10T12:00:00+00:00", "2026-07-10T12:00:00"),
        ("2026-07-10T12:00:00.000000Z", "2026-07-10T12:00:00"),
        # the hour that is there twice: the later one
        ("2026-10-25 02:30:00", "2026-10-25T01:30:00"),
        # the hour that is not there
        ("2026-03-29 02:30:00", "2026-03-29T01:30:00"),
    ],
)
def test_local_times_become_utc(local: str, utc: str) -> None:
    assert values.a_time({"t": local}, "t", BERLIN) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@given(st.integers(946_684_800, 2_524_608_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_an_object_never_looks_older_than_it_is(moment: datetime) -> None:
    written = moment.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M:%S")
    assert values.a_time({"t": written}, "t", BERLIN) >= moment


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        (("192.0.2.1", "192.0.2.2\r\n192.0.2.3"), ("192.0.2.1", "192.0.2.2", "192.0.2.3")),
        (("", "192.0.2.2, 192.0.2.3;192.0.2.4 192.0.2.2"), ("192.0.2.2", "192.0.2.3", "192.0.2.4")),
        (("2001:DB8:0::1", "2001:db8::/48"), ("2001:db8::1", "2001:db8::/48")),
        (("192.0.2.9/24", "192.0.2.1/32"), ("192.0.2.0/24", "192.0.2.1")),
        (("[2001:db8::5]",), ("2001:db8::5",)),
        (("server-7 (main)", "tbd", "0.0.0.0", "::", "1.2.3", "192.0.2.1:80"), ()),
    ],
)
def test_addresses_are_read_out_of_free_text(fields: tuple[str, ...], found: tuple[str, ...]) -> None:
    assert values.addresses(*fields) == found


@given(st.text())
def test_no_text_breaks_the_reading_of_addresses(words: str) -> None:
    assert isinstance(values.addresses(words), tuple)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_whatever_stands_in_a_field_is_read_or_unclear(value: object) -> None:
    row: dict[str, Any] = {"f": value}
    for read in (values.an_id, values.money, values.some_date, values.count, values.text, values.rows):
        assert len(_complaint(read, row)) < 200


def _complaint(read: Callable[[dict[str, Any], str], object], row: dict[str, Any]) -> str:
    try:
        read(row, "f")
    except PanelUnclear as error:
        return str(error)
    return ""
