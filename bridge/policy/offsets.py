"""Times in examples: `6h` is so long after the example began, `-10d` so long before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bridge.errors import InvalidInput
from bridge.timeformat import format_time, parse_duration

Json = Any

TIMES = frozenset({"at", "occurred_at", "started", "ended", "paid_at", "period_start", "period_end"})
"""Fields of events that hold a time."""

_OFFSET = re.compile(r"(-?)(\d{1,6}\s*[smhd])", re.ASCII)


def is_offset(written: Json) -> bool:
    return isinstance(written, str) and _OFFSET.fullmatch(written) is not None


def placed(event: Mapping[str, Json], start: datetime) -> dict[str, Json]:
    """The event with its offsets as times, counted from `start`; whatever is no offset stays as it is."""
    return {
        name: _moment(value, name, start) if name in TIMES and is_offset(value) else value
        for name, value in event.items()
    }


def _moment(written: str, name: str, start: datetime) -> str:
    length = parse_duration(written.removeprefix("-"), name)
    try:
        return format_time(start - length if written.startswith("-") else start + length)
    except OverflowError:
        raise InvalidInput(name, f"{written!r} lies outside the calendar") from None
