"""Rows by key, many keys at a time: a page costs as few look-ups as a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from sqlalchemy import Column, Connection, select

from bridge.store.engine import optional_us
from bridge.timeformat import format_time

Json = Any

_AT_ONCE = 500
"""Keys in one look-up: databases bound how many values a statement may hold."""


def rows_by(connection: Connection, column: Column[Any], keys: Iterable[Any], *order: Any) -> dict[Any, list[Any]]:
    """The rows of a table whose `column` is one of the keys, by key; keys without a row are left out."""
    wanted = [key for key in dict.fromkeys(keys) if key is not None]
    found: dict[Any, list[Any]] = {}
    for first in range(0, len(wanted), _AT_ONCE):
        query = select(column.table).where(column.in_(wanted[first : first + _AT_ONCE])).order_by(*order)
        for row in connection.execute(query):
            found.setdefault(getattr(row, column.name), []).append(row)
    return found


def row_by(connection: Connection, column: Column[Any], keys: Iterable[Any]) -> dict[Any, Any]:
    """As rows_by for a column that is unique: the one row of each key."""
    return {key: rows[0] for key, rows in rows_by(connection, column, keys).items()}


def called(service: Any) -> str:
    """What people call the service of a row of `services`: its first domain. Empty where none is known."""
    domains: list[str] = orjson.loads(service.facts).get("domains") if service is not None else []
    return domains[0] if domains else ""


def moment(stored: int | None) -> str | None:
    """A stored time as interface 4 spells it."""
    known = optional_us(stored)
    return None if known is None else format_time(known)


def why(action: str, answer: Mapping[str, Json]) -> str:
    """The sentence that tells people why. A release rests on what placed the hold: its own reason says why it ends."""
    own = answer.get("reason") if action == "unsuspend_service" else None
    return str(own or answer.get("because") or "")
