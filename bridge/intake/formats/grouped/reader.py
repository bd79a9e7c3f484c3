"""A heading, then addresses or links line by line, then the next heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from bridge.categories import UNCLASSIFIED
from bridge.intake.context import Context
from bridge.intake.general.category import heaviest
from bridge.intake.general.wanted import may_be_bad
from bridge.intake.mail.document import Mail
from bridge.intake.model import Incident, quotable
from bridge.intake.text import offences
from bridge.intake.text.addresses import find_addresses, normalised
from bridge.intake.text.links import find_urls, host_of
from bridge.intake.text.times import find_times

_ITEM = re.compile(r"\n[ \t\r*\-•#>\d.)]{0,6}(?=\[?[0-9A-Fa-f]{1,4}[.:]|https?://)")
_INDENTED = 10
_FRAME = "[](){}<>=*-# "
_MOST_ITEMS = 20_000


class _Item(NamedTuple):
    """What an item of a list begins with: an address, or a link and the address that is its host, if one is."""

    ip: str
    url: str = ""


def read(mail: Mail, context: Context) -> Sequence[Incident]:
    """An incident for each item and offence; none unless headings name at least two different ones of addresses."""
    texts = (mail.tidy_body, *(part.tidy for part in mail.attachments[:8]))
    sender = context.sender.address.rpartition("@")[2]
    lists = [(text, _items(text)) for text in texts]
    if sum(not item.url for _, items in lists for _, _, item in items) < 2:
        return ()
    rows: dict[tuple[_Item, str], str] = {}
    for text, items in lists:
        for item, category, line in _rows(text, items):
            wanted = context.ours((item.ip,)) if item.ip else may_be_bad(host_of(item.url), (sender,))
            if wanted:
                rows.setdefault((item, category), line)
    if len({category for item, category in rows if not item.url}) < 2:
        return ()
    return tuple(_incident(item, category, line, context) for (item, category), line in rows.items())


def _items(text: str) -> list[tuple[int, str, _Item]]:
    """(where its line begins, its line, item)."""
    found: list[tuple[int, str, _Item]] = []
    for item in islice(_ITEM.finditer(f"\n{text}"), _MOST_ITEMS):
        start, end = item.start(), text.find("\n", item.start())
        line = text[start : end if end >= 0 else len(text)]
        listed = _listed(line)
        if listed:
            found.append((start, line, listed))
    return found


def _rows(text: str, items: Sequence[tuple[int, str, _Item]]) -> Iterator[tuple[_Item, str, str]]:
    """(item, category of the heading above it, its line)."""
    category, seen = UNCLASSIFIED, 0
    for start, line, item in items:
        heading = _heading(text[seen:start].split("\n"))
        category, seen = _named(heading, category) if heading else category, start + len(line)
        if category != UNCLASSIFIED:
            yield item, category, line


def _listed(line: str) -> _Item | None:
    """None for lines that only look like an item of a list."""
    link = next(iter(find_urls(line)), None)
    if link and link[1] < _INDENTED:
        return _Item(normalised(host_of(link[0])) or "", link[0][:2000])
    mention = next(iter(find_addresses(line[:80])), None)
    return _Item(mention.ip) if mention and mention.prefix is None and mention.start < _INDENTED else None


def _heading(lines: Sequence[str]) -> str:
    """The last of the lines that may be one; empty if none may."""
    return next((bare for bare in map(str.strip, reversed(lines)) if bare and _is_heading(bare)), "")


def _is_heading(line: str) -> bool:
    return len(line) < 60 or (len(line) < 140 and line.endswith((":", "-", "=", "]")))


@lru_cache(maxsize=256)
def _named(heading: str, before: str) -> str:
    """The offence that a heading names; one that names none ends the list before it by a colon or bracket."""
    named = heaviest(offences.weigh("", heading.strip(_FRAME)))
    if named == UNCLASSIFIED and not heading.endswith((":", "]")):
        return before
    return named


def _incident(item: _Item, category: str, line: str, context: Context) -> Incident:
    stamp = next(iter(find_times(line[:300], context.times)), None)
    links = quotable((item.url,) if item.url else (), category)
    return Incident(
        category=category,
        ips=(item.ip,) if item.ip else (),
        urls=links,
        domains=() if item.ip else quotable((host_of(item.url),), category),
        targets=links,
        occurred_at=stamp.at if stamp else None,
        occurred_text=stamp.text if stamp else "",
        time_certain=stamp is not None and stamp.is_certain,
        reporter=context.sender,
        confidence=0.8,
        source_format="grouped",
    )
