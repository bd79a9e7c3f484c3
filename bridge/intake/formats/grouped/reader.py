"""A heading, then addresses line by line, then the next heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bridge.categories import UNCLASSIFIED
from bridge.intake.context import Context
from bridge.intake.general.category import heaviest
from bridge.intake.mail.document import Mail
from bridge.intake.model import Incident
from bridge.intake.text import offences, prose
from bridge.intake.text.addresses import find_addresses
from bridge.intake.text.times import find_times

_ITEM = re.compile(r"^[\s*\-•#>\d.)]{0,6}(?=\[?[0-9A-Fa-f]{1,4}[.:])")
_HEADING = re.compile(r"^[^\n]{4,140}[:\-=]?\s*$")
_MOST_LINES = 20_000


def read(mail: Mail, context: Context) -> Sequence[Incident]:
    """An incident for each address and offence; none unless at least two headings name different offences."""
    texts = (mail.body, *(part.plain for part in mail.attachments[:8]))
    rows: dict[tuple[str, str], Incident] = {}
    for text in texts:
        for ip, category, line in _rows(prose.tidy(text)):
            if context.ours((ip,)):
                rows.setdefault((ip, category), _incident(ip, category, line, context))
    found = tuple(rows.values())
    return found if len({each.category for each in found}) >= 2 else ()


def _rows(text: str) -> Iterator[tuple[str, str, str]]:
    """(address, category of the heading above it, its line)."""
    category = UNCLASSIFIED
    for line in text.split("\n")[:_MOST_LINES]:
        if not line.strip():
            continue
        mentions = find_addresses(line) if any(char.isdigit() for char in line) else []
        if mentions and _ITEM.match(line) and mentions[0].prefix is None and mentions[0].start < 10:
            if category != UNCLASSIFIED:
                yield mentions[0].ip, category, line
        elif not mentions and _HEADING.match(line) and line.rstrip().endswith((":", "-", "=", "]")) | (len(line) < 60):
            named = heaviest(offences.weigh("", line))
            if named != UNCLASSIFIED:
                category = named
            elif line.rstrip().endswith(":"):
                category = UNCLASSIFIED


def _incident(ip: str, category: str, line: str, context: Context) -> Incident:
    stamp = next(iter(find_times(line[:300], context.times)), None)
    return Incident(
        category=category,
        ips=(ip,),
        occurred_at=stamp.at if stamp else None,
        occurred_text=stamp.text if stamp else "",
        time_certain=bool(stamp and stamp.zoned and stamp.has_time),
        reporter=context.sender,
        confidence=0.8,
        source_format="grouped",
    )
