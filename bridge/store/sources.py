"""How each source of complaints is: when it last brought something, since when it fails, how far it was read.

A source is a mailbox, a folder of feeds, a blocklist, a token of the API, the mail pipe, the panel's tickets, the
report form. What is written here is no part of the log: it says nothing about clients.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from bridge.store.engine import from_us, optional_us, storable, to_us
from bridge.store.store import Unit
from bridge.store.tables import listings, sources
from bridge.timeformat import format_duration, format_time

Json = Any

OK, FAILING, SILENT, NEW = "ok", "failing", "silent", "new"
SOURCE_STATES = (OK, FAILING, SILENT, NEW)

FAILING_AFTER = timedelta(minutes=10)
"""A failure shorter than this mends itself more often than not: nobody is told."""

_LONGEST_ERROR = 500


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What the configuration says of a source: its kind, and how long it may bring nothing; None: any time."""

    kind: str
    silent_after: timedelta | None = None


Expectations = Mapping[str, Expected]


def register(unit: Unit, expected: Expectations, now: datetime) -> None:
    """Sources of the configuration exist from the first start on: from then their silence is counted.

    One that it names no longer is read no more, and so fails no more.
    """
    gone = sources.update().where(sources.c.name.not_in(list(expected)))
    unit.connection.execute(gone.values(failing=None, error=None, told=None))
    for name, source in expected.items():
        _write(unit, name, source.kind, now, {})


def note_arrival(unit: Unit, name: str, kind: str, now: datetime, messages: int = 1) -> None:
    """Messages came in from that source. One that is read fails until all of it was read: that is `note_success`."""
    moment = to_us(now)
    values = {"tried": moment, "succeeded": moment, "brought": moment}
    _write(unit, name, kind, now, values, messages=messages)


def note_success(unit: Unit, name: str, kind: str, now: datetime) -> None:
    """The source was read, whether it held anything new or not."""
    moment = to_us(now)
    _write(unit, name, kind, now, {"tried": moment, "succeeded": moment, "failing": None, "error": None})


def note_failure(unit: Unit, name: str, kind: str, now: datetime, error: str) -> None:
    """The source could not be read; `failing` keeps the first time."""
    values = {
        "tried": to_us(now),
        "error": storable(error[:_LONGEST_ERROR]),
        "failing": func.coalesce(sources.c.failing, to_us(now)),
    }
    _write(unit, name, kind, now, values)


def position(connection: Connection, name: str) -> Mapping[str, Json]:
    """How far the source was read, in its own words; empty at first."""
    kept = connection.execute(select(sources.c.position).where(sources.c.name == name)).scalar()
    return orjson.loads(kept) if kept else {}


def keep_position(unit: Unit, name: str, kind: str, now: datetime, reached: Mapping[str, Json]) -> None:
    _write(unit, name, kind, now, {"position": orjson.dumps(dict(reached)).decode()})


def note_told(unit: Unit, name: str, told: str | None) -> None:
    """Staff knows that the source is in that state; None: it is well again."""
    unit.connection.execute(sources.update().where(sources.c.name == name).values(told=told))


def _write(unit: Unit, name: str, kind: str, now: datetime, values: Mapping[str, Json], *, messages: int = 0) -> None:
    name = storable(name[:200])
    counted = {**values, "kind": kind, "messages": sources.c.messages + messages}
    known = sources.update().where(sources.c.name == name).values(**counted)
    if unit.connection.execute(known).rowcount:
        return
    first = {key: value for key, value in values.items() if key != "failing"}
    if "failing" in values:
        first["failing"] = to_us(now) if values["failing"] is not None else None
    row = {"name": name, "since": to_us(now), "kind": kind, "messages": messages, **first}
    unit.connection.execute(sources.insert().values(**row))


# ---- what is shown ----


def state_of(row: Any, expected: Expected | None, now: datetime) -> str:
    """How a source is. Failing comes before silent: what cannot be read brings nothing either."""
    if row.failing is not None and now - from_us(row.failing) >= FAILING_AFTER:
        return FAILING
    last = row.brought if row.brought is not None else row.since
    allowed = expected.silent_after if expected is not None else None
    if allowed is not None and now - from_us(last) > allowed:
        return SILENT
    return OK if row.succeeded is not None else NEW


def shown_sources(connection: Connection, expected: Expectations, now: datetime) -> list[dict[str, Json]]:
    """Every source by name, as the API and the pages show it."""
    rows = connection.execute(select(sources).order_by(sources.c.name)).all()
    return [_shown(row, expected.get(row.name), now) for row in rows]


def _shown(row: Any, expected: Expected | None, now: datetime) -> dict[str, Json]:
    allowed = expected.silent_after if expected is not None else None
    return {
        "name": row.name,
        "kind": row.kind,
        "state": state_of(row, expected, now),
        "last_message": _time(row.brought),
        "last_success": _time(row.succeeded),
        "last_try": _time(row.tried),
        "failing_since": _time(row.failing),
        "error": row.error,
        "silent_after": format_duration(allowed) if allowed is not None else None,
        "messages": row.messages,
        "told": row.told,
    }


MOST_LISTINGS = 1000


def shown_listings(connection: Connection) -> list[dict[str, Json]]:
    """What stands on a list now, the newest first; `event` is the complaint that it became."""
    open_ = select(listings).where(listings.c.cleared.is_(None))
    rows = connection.execute(open_.order_by(listings.c.since.desc(), listings.c.subject).limit(MOST_LISTINGS))
    return [
        {
            "list": row.list,
            "subject": row.subject,
            "since": _time(row.since),
            "seen": _time(row.seen),
            "says": row.says,
            "ips": orjson.loads(row.ips),
            "removal": row.removal,
            "event": row.event,
        }
        for row in rows
    ]


def _time(stored: int | None) -> str | None:
    moment = optional_us(stored)
    return None if moment is None else format_time(moment)
