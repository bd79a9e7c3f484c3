"""The Infringement block of ACNS, read by its tags: nothing is resolved or expanded as an XML parser would."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from bridge.intake.context import Context
from bridge.intake.mail.document import Mail
from bridge.intake.model import Incident, Reporter, ReporterKind
from bridge.intake.text.addresses import normalised, unique
from bridge.intake.text.links import host_of, is_url
from bridge.intake.text.times import read_time

_OPENING = re.compile(r"<\s{0,5}Infringement\b", re.IGNORECASE)
_SOURCE = re.compile(
    r"<\s{0,5}Source\s{0,5}>(.{0,8000}?)(?:<\s{0,5}/\s{0,5}Source\s{0,5}>|\Z)", re.IGNORECASE | re.DOTALL
)
_LONGEST_BLOCK = 40_000
_MOST_BLOCKS = 100


def read(mail: Mail, context: Context) -> Sequence[Incident]:
    """One incident for each source address of each block; blocks that are repeated in an attachment count once."""
    found: dict[tuple[tuple[str, ...], str], Incident] = {}
    for text in _texts(mail):
        for block in _blocks(text):
            incident = _incident(block, context)
            if incident is not None:
                found.setdefault((incident.ips or incident.urls, incident.occurred_text), incident)
    return tuple(found.values())


def _blocks(text: str) -> Iterator[str]:
    """From one opening tag to the next: a closing tag may be missing."""
    starts = [match.start() for match in islice(_OPENING.finditer(text), _MOST_BLOCKS + 1)]
    for start, end in pairwise([*starts[:_MOST_BLOCKS], *(starts[_MOST_BLOCKS:] or [len(text)])]):
        yield text[start : min(end, start + _LONGEST_BLOCK)]


def _texts(mail: Mail) -> Iterator[str]:
    for part in mail.every_part():
        if not part.is_textual:
            continue
        text = part.text
        if "nfringement" not in text or ("<" not in text and "&lt;" not in text):
            continue
        plain = f"\n{text}".replace("\n- ", "\n")
        yield html.unescape(plain) if "&lt;" in plain else plain


def _incident(block: str, context: Context) -> Incident | None:
    source = _SOURCE.search(block)
    inner = source.group(1) if source else block
    ip = normalised(_tag(inner, "IP_Address") or _tag(inner, "IPAddress") or _tag(block, "IP_Address"))
    links = unique(url for url in (_tag(inner, "URL"), _tag(inner, "URL_Base")) if is_url(url))
    if ip is None and not links:
        return None
    stamp = read_time(_tag(inner, "TimeStamp") or _tag(block, "TimeStamp"), context.times)
    works = unique(work[:300] for work in (_tag(block, "Title"), _tag(block, "Hash"), _tag(block, "FileName")) if work)
    shared = (
        "torrent" in _tag(inner, "SubType").lower() + _tag(inner, "Type").lower()
        or "p2p" in _tag(inner, "Type").lower()
    )
    return Incident(
        category="copyright/p2p" if shared or not links else "copyright/copyright",
        ips=context.ours((ip,) if ip else ()),
        urls=links,
        domains=unique(host_of(url) for url in links if not normalised(host_of(url))),
        targets=(*links, *works),
        occurred_at=stamp.at if stamp else None,
        occurred_text=stamp.text if stamp else "",
        time_certain=bool(stamp and stamp.zoned),
        reporter=_reporter(block, context),
        report_id=_tag(block, "ID")[:200],
        confidence=0.96,
        source_format="acns",
    )


def _tag(text: str, name: str) -> str:
    """The content of the first element of that name, wherever it stands."""
    match = re.search(
        rf"<\s{{0,20}}{name}(?:\s[^<>]{{0,300}})?>\s{{0,20}}(?:<!\[CDATA\[)?([^<\]]{{0,2000}})", text, re.IGNORECASE
    )
    return html.unescape(match.group(1)).strip() if match else ""


def _reporter(block: str, context: Context) -> Reporter:
    name = _tag(block, "Entity") or context.sender.name
    return Reporter(name=name[:200], address=context.sender.address, kind=ReporterKind.RIGHTS_HOLDER)
