"""A heading, then addresses line by line, then the next heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bridge.categories import UNCLASSIFIED
from bridge.intake.context import Context
from bridge.intake.general.category import heaviest
from bridge.intake.mail.document import Mail
from bridge.intake.model import Incident
from bridge.intake.text import offences
from bridge.intake.text.addresses import find_addresses
from bridge.intake.text.times import find_times

_ITEM = re.compile(r"^[\s*\-•#>\d.)]{0,6}(?=\[?[0-9A-Fa-f]{1,4}[.:])")
_MOST_LINES = 20_000


def read(mail: Mail, context: Context) -> Sequence[Incident]:
    """An incident for each address and offence; none unless at least two headings name different offences."""
    texts = (mail.tidy_body, *(part.tidy for part in mail.attachments[:8]))
    rows: dict[tuple[str, str], Incident] = {}
    for text in texts:
        for ip, category, line in _rows(text):
            if context.ours((ip,)):
                rows.setdefault((ip, category), _incident(ip, category, line, context))
    found = tuple(rows.values())
    return found if len({each.category for each in found}) >= 2 else ()


def _rows(text: str) -> Iterator[tuple[str, str, str]]:
    """(address, category of the heading above it, its line)."""
    heading, category = "", UNCLASSIFIED
    for line in text.split("\n")[:_MOST_LINES]:
        bare = line.strip()
        if not bare:
            continue
        listed = _listed_address(line)
        if not listed:
            heading = bare if _is_heading(bare) else heading
            continue
        if heading:
            category = _named(heading, category)
            heading = ""
        if category != UNCLASSIFIED:
            yield listed, category, line


def _listed_address(line: str) -> str:
    """The address with which an item of a list begins; empty for other lines."""
    if not _ITEM.match(line):
        return ""
    mention = next(iter(find_addresses(line[:80])), None)
    return mention.ip if mention and mention.prefix is None and mention.start < 10 else ""


def _is_heading(line: str) -> bool:
    return len(line) < 60 or (len(line) < 140 and line.endswith((":", "-", "=", "]")))


@lru_cache(maxsize=256)
def _named(heading: str, before: str) -> str:
    """The offence that a heading names; one that names none ends the list before it if it ends in a colon."""
    named = heaviest(offences.weigh("", heading))
    if named == UNCLASSIFIED and not heading.endswith(":"):
        return before
    return named


def _incident(ip: str, category: str, line: str, context: Context) -> Incident:
    stamp = next(iter(find_times(line[:300], context.times)), None)
    return Incident(
        category=category,
        ips=(ip,),
        occurred_at=stamp.at if stamp else None,
        occurred_text=stamp.text if stamp else "",
        time_certain=stamp is not None and stamp.is_certain,
        reporter=context.sender,
        confidence=0.8,
        source_format="grouped",
    )
