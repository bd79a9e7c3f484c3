"""Makes HTML: templates that escape everything, and how times and words are put for a reader."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from bridge.errors import InvalidInput
from bridge.timeformat import format_time, parse_time
from bridge.web.pages.text import Text

Json = Any

SOON = timedelta(hours=12)
FEW_HOURS = timedelta(hours=12)
_AN_HOUR = timedelta(hours=1)

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
    return made


def press(template: str, text: Text, now: datetime, **shown: Json) -> str:
    """A page's HTML. Templates say `t(key)`, `word("section", token)`, `when(time)` and `ago(time)`."""
    return (
        environment()
        .get_template(template)
        .render(
            t=text,
            word=text.word,
            now=now,
            when=when,
            ago=lambda moment: ago(text, moment, now),
            soon=lambda moment: is_soon(moment, now),
            **shown,
        )
    )


def when(moment: Json) -> Markup:
    """A time to the minute, in UTC; what is no time stands as it is."""
    known = _moment(moment)
    if known is None:
        return escape(moment or "")
    return Markup('<time datetime="{}">{:%Y-%m-%d %H:%M} UTC</time>').format(format_time(known), known)


def ago(text: Text, moment: Json, now: datetime) -> Markup:
    """How far a time lies from now, the time itself beside it for whoever points at it."""
    known = _moment(moment)
    if known is None:
        return escape(moment or "")
    return Markup('<time datetime="{0}" title="{1:%Y-%m-%d %H:%M} UTC">{2}</time>').format(
        format_time(known), known, distance(text, known - now)
    )


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


def _moment(said: Json) -> datetime | None:
    if isinstance(said, datetime):
        return said
    try:
        return parse_time(said, "time")
    except InvalidInput:
        return None
