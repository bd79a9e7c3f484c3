"""Single values of a WHMCS answer: lists in all their spellings, number strings, money, dates, addresses.

Whatever cannot be read raises PanelUnclear and names the field: an answer that makes no sense is looked at again.
"""

from __future__ import annotations

import html
import ipaddress
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from adapters.whmcs.client import PANEL, Answer
from bridge.errors import PanelUnclear

Row = Mapping[str, Any]

_NO_DATE = "0000-00-00"
_BETWEEN_ADDRESSES = re.compile(r"[\s,;]+")
_DIGITS = re.compile(r"[0-9]{1,18}")
_LONGEST_SHOWN = 60


def rows(answer: Answer, plural: str, singular: str | None = None) -> list[Row]:
    """The rows of a list, whatever shape the panel gave it.

    `products.product`, a plain list, one object where there is one row, flat keys (`credits[credit][0][id]`), and for
    an empty list `{"x": []}`, `[]`, `""`, null or no key at all.
    """
    found = answer.get(plural)
    if isinstance(found, Mapping) and singular is not None:
        found = found.get(singular)
    if not found:
        return _flat_rows(answer, plural, singular)
    if isinstance(found, Mapping):
        found = list(found.values()) if all(_is_number(key) for key in found) else [found]
    if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
        raise unreadable(plural, found)
    return found


def _flat_rows(answer: Answer, plural: str, singular: str | None) -> list[Row]:
    prefix = f"{plural}[{singular}]" if singular else plural
    pattern = re.compile(re.escape(prefix) + r"\[([0-9]{1,9})\]\[(\w+)\]")
    found: dict[int, dict[str, Any]] = {}
    for key, value in answer.items():
        if match := pattern.fullmatch(key):
            found.setdefault(int(match[1]), {})[match[2]] = value
    return [found[index] for index in sorted(found)]


def text(row: Row, key: str) -> str:
    """A text with its HTML entities decoded once; missing and null are empty."""
    value = row.get(key)
    if value is None or value is False:
        return ""
    if isinstance(value, str | int | Decimal):
        return html.unescape(str(value))
    raise unreadable(key, value)


def some_id(row: Row, key: str) -> str | None:
    """An id as a string of digits; None for 0, empty and missing."""
    value = text(row, key).strip()
    if value in ("", "0"):
        return None
    if not _is_number(value):
        raise unreadable(key, value)
    return str(int(value)) if int(value) else None


def an_id(row: Row, key: str) -> str:
    """An id that has to be there."""
    found = some_id(row, key)
    if found is None:
        raise unreadable(key, row.get(key))
    return found


def count(answer: Answer, key: str) -> int | None:
    """A count as int, from int or number string; None where the panel did not say."""
    value = text(answer, key).strip()
    if not value:
        return None
    if not _is_number(value):
        raise unreadable(key, value)
    return int(value)


def money(row: Row, key: str) -> Decimal:
    """An amount that has to be there."""
    found = some_money(row, key)
    if found is None:
        raise unreadable(key, row.get(key))
    return found


def some_money(row: Row, key: str) -> Decimal | None:
    """An amount, None where the panel gave none."""
    value = text(row, key).strip()
    if not value:
        return None
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise unreadable(key, value) from None
    if not amount.is_finite():
        raise unreadable(key, value)
    return amount


def some_date(row: Row, key: str) -> date | None:
    """The date at the start of a date or time; None for `0000-00-00` and empty."""
    value = text(row, key).strip()[: len(_NO_DATE)]
    if value in ("", _NO_DATE):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise unreadable(key, value) from None


def some_time(row: Row, key: str, zone: tzinfo) -> datetime | None:
    """An instant in UTC; a time without a zone is the panel's local time. None for `0000-00-00 …` and empty.

    In the hour that the clocks repeat, the later instant is taken: an object of ours must never look older than the
    moment we asked for it.
    """
    value = text(row, key).strip()
    if not value or value.startswith(_NO_DATE):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise unreadable(key, value) from None
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    return max(moment.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


def a_time(row: Row, key: str, zone: tzinfo) -> datetime:
    """An instant that has to be there."""
    found = some_time(row, key, zone)
    if found is None:
        raise unreadable(key, row.get(key))
    return found


def addresses(*lists: str) -> tuple[str, ...]:
    """IP addresses and prefixes out of free text, normalised, each once, in their order; other words are left out."""
    found = (address for words in lists for word in _BETWEEN_ADDRESSES.split(words) for address in _address(word))
    return tuple(dict.fromkeys(found))


def _address(word: str) -> Iterator[str]:
    try:
        network = ipaddress.ip_network(word.strip("[]"), strict=False)
    except ValueError:
        return
    if network.num_addresses > 1:
        yield str(network)
    elif not network.network_address.is_unspecified:
        yield str(network.network_address)


def unreadable(key: str, value: object) -> PanelUnclear:
    """The error for a field of an answer that cannot be understood."""
    shown = repr(value)
    if len(shown) > _LONGEST_SHOWN:
        shown = f"{shown[:_LONGEST_SHOWN]}…"
    return PanelUnclear(PANEL, f"{key} of an answer cannot be read: {shown}")


def _is_number(value: object) -> bool:
    return isinstance(value, str) and _DIGITS.fullmatch(value) is not None
