"""Tables in the body, in attachments and in archives, as incidents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from functools import lru_cache

from bridge.categories import UNCLASSIFIED
from bridge.intake import limits
from bridge.intake.context import Context
from bridge.intake.formats.table.columns import zone_in
from bridge.intake.formats.table.feeds import category_of_file, category_of_subject, category_of_words
from bridge.intake.formats.table.rows import Row, find_rows
from bridge.intake.mail.document import Mail, Part
from bridge.intake.model import Incident, ReporterKind, quotable
from bridge.intake.near import near
from bridge.intake.text.addresses import find_addresses, network_of, normalised, unique
from bridge.intake.text.links import host_of, is_domain, is_url
from bridge.intake.text.refang import refang
from bridge.intake.text.times import Stamp, TimeFrame, read_time
from bridge.intake.text.zones import Zone

_MALWARE_HEADINGS = ("malware", "virus", "infection", "family", "bot")
_UTC: Zone = ("UTC", None, None)
_LONGEST_CELL = 4000
_LONGEST_ZONE = 30
_TOLD = ("ip", "link", "domain", "kind")
_SORTABLE = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d")
_OF_SITES = ("content/", "copyright/", "infrastructure/botnet", "messaging/spamvertised")
"""What a row may report that names nothing but a domain."""
_COLUMNS = ("<td", "<th", "<pre", "\t", "&#9", "&#x9", "&tab;")
"""What sets columns apart in HTML, beside the delimiters that a plain text has as well."""
_NOWHERE = frozenset({"0.0.0.0", "::", "127.0.0.1"})


@dataclass(frozen=True)
class _Source:
    """Where a row stands: the offence of its file's name, how its times are read, the offence of the subject."""

    category: str
    times: TimeFrame
    subject: str


@dataclass(frozen=True)
class _Common:
    """What holds for all tables of a mail: how times are read, the offence that the subject names.

    Where no zone is declared, feeds state UTC by custom (files, tables that number networks, what a CERT sends);
    whoever lists what his own machines saw goes by his own clock.
    """

    times: TimeFrame
    subject: str
    from_cert: bool

    def source(self, name: str, headings: Sequence[str]) -> _Source:
        """Of a table in the file `name`, or in the mail's own text where that is empty."""
        utc = bool(name) or self.from_cert or any(heading.strip().lower() == "asn" for heading in headings)
        times = replace(self.times, declared=self.times.declared or _UTC) if utc else self.times
        return _Source(category_of_file(name) if name else UNCLASSIFIED, times, self.subject)


def read(mail: Mail, context: Context) -> Sequence[Incident]:
    """A record for each address, offence and link, dated by its earliest row; rows outside our networks left out."""
    found: dict[tuple[str, str, str], Incident] = {}
    is_ours = lru_cache(maxsize=4096)(lambda ip: bool(context.ours((ip,))))
    repeats = _Repeats()
    for number, (row, source) in enumerate(_rows(mail, context)):
        if number >= limits.ROWS:
            context.remarks.append(f"of its tables {limits.ROWS} rows were read: hand in the whole file as a feed")
            break
        if repeats.tells_nothing_new(row, source.category):
            continue
        for incident in _incidents(row, source, context, is_ours):
            key = (
                "".join(incident.ips or incident.networks or incident.domains),
                incident.category,
                "".join(incident.urls),
            )
            known = found.get(key)
            if known is None or _is_earlier(incident, known):
                found[key] = incident
        if len(found) >= limits.INCIDENTS:
            break
    return tuple(found.values())


class _Repeats:
    """Rows that say of an address what an earlier row said, at a later time: feeds are full of them."""

    def __init__(self) -> None:
        self._earliest: dict[tuple[str, ...], str] = {}

    def tells_nothing_new(self, row: Row, offence: str) -> bool:
        """Only for times that sort as text, and for rows that differ in nothing else that is read of them."""
        times = row.all("time")
        at = "".join([value for _, value in times])
        told = (
            offence,
            *[heading for heading, _ in times],
            *[value for name in _TOLD if name in row.places for _, value in row.all(name)],
        )
        known = self._earliest.get(told)
        if known is None or len(known) != len(at) or not _SORTABLE.match(at) or not _SORTABLE.match(known):
            self._earliest[told] = at
            return False
        if at >= known:
            return True
        self._earliest[told] = at
        return False


def _rows(mail: Mail, context: Context) -> Iterator[tuple[Row, _Source]]:
    common: _Common | None = None
    may_be_ours = near(tuple(context.own)).may_be_ours
    for lines, name in _texts(mail):
        source: _Source | None = None
        for row in find_rows(_bounded(lines, context), may_be_ours):
            common = common or _common(mail, context)
            source = source or common.source(name, row.headings)
            yield row, source


def _common(mail: Mail, context: Context) -> _Common:
    from_cert = context.sender.kind is ReporterKind.CERT
    return _Common(context.times, category_of_subject(mail.subject), from_cert)


def _bounded(lines: Iterable[str], context: Context) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number >= limits.LINES:
            context.remarks.append(f"of a file {limits.LINES} lines were read: hand in the whole file as a feed")
            return
        yield line


def _texts(mail: Mail) -> Iterator[tuple[Iterable[str], str]]:
    """The lines of each text, with the name of its file."""
    for each in mail.walk():
        for part in each.parts:
            if not part.is_textual or part.content_type.startswith("message/") or _only_repeats(part, each):
                continue
            named = part.filename or part.name.rpartition("!")[2]
            if part.attached:
                yield (part.plain.split("\n") if part.is_html else part.lines()), named
            else:
                yield part.tidy.split("\n"), ""


def _only_repeats(part: Part, mail: Mail) -> bool:
    """A page without columns beside a plain text that says the same: it holds no table that the text lacks."""
    if not part.is_html or part.attached or part in mail.body_parts:
        return False
    page = part.text.lower()
    return not any(mark in page for mark in _COLUMNS)


def _is_earlier(incident: Incident, other: Incident) -> bool:
    return incident.occurred_at is not None and (other.occurred_at is None or incident.occurred_at < other.occurred_at)


def _incidents(row: Row, source: _Source, context: Context, is_ours: Callable[[str], bool]) -> Iterator[Incident]:
    """One for each address of the row: a cell may hold several."""
    ips, network = _addresses(row)
    links, domains = _links(row)
    if not ips and links:
        ips = tuple(filter(None, (normalised(host_of(links[0])),)))
    if ips:
        for ip in ips:
            if ip not in _NOWHERE and is_ours(ip):
                yield _incident(row, source, context, ((ip,), ()), (links, domains))
    elif network or links:
        yield _incident(row, source, context, ((), (network,) if network else ()), (links, domains))
    elif domains and not row.places.keys() & {"ip", "link"} and _category(row, source).startswith(_OF_SITES):
        yield _incident(row, source, context, ((), ()), (links, domains))


def _incident(
    row: Row,
    source: _Source,
    context: Context,
    sources: tuple[tuple[str, ...], tuple[str, ...]],
    about: tuple[tuple[str, ...], tuple[str, ...]],
) -> Incident:
    """`sources` are addresses and nets, `about` links and domains."""
    stamp = _time(row, source.times)
    category = _category(row, source)
    links, domains = quotable(about[0], category), about[1]
    return Incident(
        category=category,
        ips=sources[0],
        networks=sources[1],
        urls=links,
        domains=domains if quotable(domains, category) or not sources[0] else (),
        targets=links or quotable(domains, category),
        occurred_at=stamp.at if stamp else None,
        occurred_text=stamp.text if stamp else "",
        time_certain=stamp is not None and stamp.is_certain,
        reporter=context.sender,
        confidence=0.9,
        source_format="table",
    )


def _links(row: Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The row's links and the domains that it names, those of the links included."""
    links, named = row.all("link"), row.all("domain")
    if not links and not named:
        return (), ()
    urls = unique(filter(is_url, (refang(link) for _, link in links)))
    hosts = [*(host_of(url) for url in urls), *(refang(name).lower() for _, name in named)]
    return urls, unique(host for host in hosts if is_domain(host))


@lru_cache(maxsize=4096)
def _ips_in(value: str) -> tuple[str, ...]:
    """The address that a cell is, or those that it lists."""
    plain = refang(value)
    whole = normalised(plain)
    if whole:
        return (whole,)
    return unique(mention.ip for mention in find_addresses(plain[:_LONGEST_CELL]) if mention.prefix is None)


def _addresses(row: Row) -> tuple[tuple[str, ...], str]:
    """The row's addresses, or the net it names instead."""
    for _, value in row.all("ip"):
        ips = _ips_in(value)
        if ips:
            return ips, ""
        net = network_of(value) if "/" in value else None
        if net:
            return (), net
    return (), ""


def _category(row: Row, source: _Source) -> str:
    if source.category != UNCLASSIFIED:
        return source.category
    with_link = bool(row.all("link"))
    for heading, value in row.all("kind"):
        malware = any(word in heading.lower() for word in _MALWARE_HEADINGS)
        category = _of_words(value[:200], malware, with_link)
        if category != UNCLASSIFIED:
            return category
    return source.subject


@lru_cache(maxsize=512)
def _of_words(value: str, malware: bool, with_link: bool) -> str:
    return category_of_words(value, names_malware=malware, with_link=with_link)


def _time(row: Row, frame: TimeFrame) -> Stamp | None:
    """The row's time; a date and a clock in columns of their own belong together."""
    cells = row.all("time")
    if not cells:
        return None
    named = (*(zone_in(heading) for heading, _ in cells), *(value[:_LONGEST_ZONE] for _, value in row.all("zone")))
    zone = next(filter(None, named), "")
    first = read_time(f"{cells[0][1]} {zone}".strip(), frame)
    if first is not None and first.has_time:
        return first
    joined = read_time(" ".join([value for _, value in cells[:2]] + [zone]), frame)
    return joined or (first if first and first.at.tzinfo is UTC else None)
