"""Times and durations as text: RFC 3339 in UTC, and `90s`, `6h`, `30d`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import orjson

from bridge.errors import InvalidInput

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_PLAIN = len("2026-01-31T12:00:00Z")
_DURATION = re.compile(r"(\d{1,6})\s*(s|m|h|d)", re.ASCII)
_UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def parse_time(text: object, field: str) -> datetime:
    """An aware UTC datetime from RFC 3339 text; raises InvalidInput naming `field`."""
    if not isinstance(text, str):
        raise InvalidInput(field, "must be a time such as 2026-01-31T12:00:00Z, in quotes")
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise InvalidInput(field, f"{text[:40]!r} is not a time such as 2026-01-31T12:00:00Z")
    try:
        if len(text) == _PLAIN and text[-1] == "Z":
            return datetime.fromisoformat(text)
        fraction = match.group(1)
        if fraction and len(fraction) > 7:
            text = text.replace(fraction, fraction[:7])
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput(field, f"{text[:40]!r} is not a possible time") from None


@lru_cache(maxsize=1024)
def format_time(moment: datetime) -> str:
    """RFC 3339 with `Z`; microseconds only where there are any. A decision tells the same few times again and again."""
    return orjson.dumps(moment, option=orjson.OPT_UTC_Z)[1:-1].decode()


def parse_duration(text: object, field: str) -> timedelta:
    """`90s`, `15m`, `6h` or `30d`; raises InvalidInput naming `field`."""
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise InvalidInput(field, f"{text!r} is not a duration such as 90s, 15m, 6h or 30d")
    return int(match.group(1)) * _UNITS[match.group(2)]


@lru_cache(maxsize=1024)
def format_duration(length: timedelta) -> str:
    """The shortest exact form: `24h`, `7d`, `90s`."""
    seconds = int(length.total_seconds())
    if seconds and seconds % 86400 == 0 and seconds > 86400:
        return f"{seconds // 86400}d"
    if seconds % 3600 == 0:
        return f"{seconds // 3600}h"
    return f"{seconds // 60}m" if seconds % 60 == 0 else f"{seconds}s"
