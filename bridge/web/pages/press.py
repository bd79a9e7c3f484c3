"""Makes HTML: templates that escape everything, and how times and words are put for a reader."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from bridge.categories import CATEGORIES
from bridge.errors import InvalidInput
from bridge.reading.cases import SOON
from bridge.timeformat import format_time, parse_time
from bridge.web.pages.text import DEFAULT, Text, text_of
from bridge.web.pages.zones import offset_of

Json = Any

FEW_HOURS = timedelta(hours=12)
_AN_HOUR = timedelta(hours=1)
_TOKEN = re.compile(r"\b[a-z]+/[a-z_0-9]+")

_STEPS = (
    (timedelta(days=2), timedelta(days=1), "days"),
    (timedelta(hours=2), timedelta(hours=1), "hours"),
    (timedelta(minutes=1), timedelta(minutes=1), "minutes"),
)


@cache
def environment() -> Environment:
    """The templates, read when the first page is asked for."""
    made = Environment(
        loader=PackageLoader("bridge.web.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["clip"] = clip
    made.filters["spelt"] = spelt
    return made


def press(template: str, text: Text, now: datetime, zone: tzinfo = UTC, **shown: Json) -> str:
    """A page's HTML, its times in `zone`.

    Templates say `t(key)`, `word("section", token)`, `when(time)` and `ago(time)`.
    """
    return (
        environment()
        .get_template(template)
        .render(
            t=text,
            word=text.word,
            now=now,
            when=lambda moment: when(moment, zone),
            ago=lambda moment: ago(text, moment, now, zone),
            soon=lambda moment: is_soon(moment, now),
            **shown,
        )
    )


def when(moment: Json, zone: tzinfo = UTC) -> Markup:
    """A time to the minute, with its zone; what is no time stands as it is."""
    known = _moment(moment)
    if known is None:
        return escape(moment or "")
    return Markup('<time datetime="{}">{}</time>').format(format_time(known), clock_time(known, zone))


def ago(text: Text, moment: Json, now: datetime, zone: tzinfo = UTC) -> Markup:
    """How far a time lies from now, the time itself beside it for whoever points at it."""
    known = _moment(moment)
    if known is None:
        return escape(moment or "")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        format_time(known), clock_time(known, zone), distance(text, known - now)
    )


def clock_time(moment: datetime, zone: tzinfo) -> str:
    """`2024-03-01 14:00 UTC+01:00`"""
    there = moment.astimezone(zone)
    return f"{there:%Y-%m-%d %H:%M} {offset_of(there)}"


def is_soon(moment: Json, now: datetime) -> bool:
    """Whether a time has passed, or will within half a day."""
    known = _moment(moment)
    return known is not None and known - now < SOON


def distance(text: Text, length: timedelta) -> str:
    """`in 5 h 20 min`, `3 d ago`, `now`: to the minute where few hours are left."""
    size, way = abs(length), "in" if length > timedelta() else "ago"
    if _AN_HOUR <= size < FEW_HOURS:
        hours, rest = divmod(size, _AN_HOUR)
        return text(f"time.{way}_hours_minutes", h=hours, n=rest // timedelta(minutes=1))
    for least, unit, name in _STEPS:
        if size >= least:
            return text(f"time.{way}_{name}", n=int(size / unit))
    return text("time.now")


def length(text: Text, taken: timedelta) -> str:
    """`5 h`, `3 days`: a duration in its largest unit."""
    for least, unit, name in _STEPS:
        if taken >= least:
            return text.word("length", name).replace("{n}", str(int(taken / unit)))
    return text("length.moment")


def clip(said: object, longest: int = 300) -> str:
    """At most so many characters, the cut marked."""
    words = str(said)
    return words if len(words) <= longest else words[: longest - 1] + "…"


def spelt(because: str) -> str:
    """A sentence of a policy with the tokens of categories as people say them, in the sentence's own English."""
    english = text_of(DEFAULT)
    return _TOKEN.sub(lambda found: english.word("category", found[0]) if found[0] in CATEGORIES else found[0], because)


def _moment(said: Json) -> datetime | None:
    if isinstance(said, datetime):
        return said
    try:
        return parse_time(said, "time")
    except InvalidInput:
        return None
