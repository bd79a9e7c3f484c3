"""The YAML part of X-ARF, read line by line: senders' YAML is often none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bridge.categories import UNCLASSIFIED
from bridge.intake.context import Context
from bridge.intake.formats.xarf.words import category_of_type
from bridge.intake.general.category import heaviest
from bridge.intake.mail.document import Mail, Part
from bridge.intake.model import Incident, quotable
from bridge.intake.reporters import reporter_of
from bridge.intake.text import offences
from bridge.intake.text.addresses import find_addresses, normalised, unique
from bridge.intake.text.links import find_urls, host_of, is_domain
from bridge.intake.text.refang import refang
from bridge.intake.text.times import read_time

_LINE = re.compile(r"^[ \t]{0,4}([A-Za-z][A-Za-z-]{1,30})[ \t]*:[ \t]*(.{0,2000})$", re.MULTILINE)
_MARKS = frozenset({"reported-from", "report-type", "schema-url", "source-type", "report-id", "user-agent"})
_LOGINS = frozenset("ssh sshd mail smtp imap pop3 pop ftp sip rdp telnet sasl dovecot postfix".split())
_SITES = frozenset("web http https apache nginx www".split())
_BY_SCHEMA = {"fraud": "content/phishing", "info": UNCLASSIFIED, "abuse": UNCLASSIFIED, "private": UNCLASSIFIED}


def read(mail: Mail, context: Context) -> Sequence[Incident]:
    """One incident for each report part."""
    found = []
    for part in mail.every_part():
        fields = _fields(part)
        if fields:
            found.append(_incident(part, fields, context))
    return tuple(found)


def _fields(part: Part) -> Mapping[str, str]:
    """Keys in lower case to values; empty if the part is no X-ARF report."""
    if not part.is_textual or len(part.data) > 60_000 or part.is_html:
        return {}
    text = part.text
    if "ource" not in text or not re.search(r"^\s{0,4}source\s{0,20}:", text, re.IGNORECASE | re.MULTILINE):
        return {}
    fields: dict[str, str] = {}
    for match in _LINE.finditer(text):
        fields.setdefault(match.group(1).lower(), match.group(2).strip().strip("\"'"))
    return fields if len(_MARKS & fields.keys()) >= 2 and fields.get("source") else {}


def _incident(part: Part, fields: Mapping[str, str], context: Context) -> Incident:
    source = refang(fields["source"])
    urls = unique(url for url, _, _ in find_urls(source))
    ips = context.ours((*_ips(source), *(ip for url in urls for ip in _ips(host_of(url))), *_ips(fields.get("ip", ""))))
    named = (fields.get("domain", ""), fields.get("source-domain", ""), source, *(host_of(url) for url in urls))
    domains = unique(name.lower() for name in named if name and is_domain(name))
    stamp = read_time(
        fields.get("date", "") or fields.get("occurrence-date", "") or fields.get("timestamp", ""), context.times
    )
    reported_from = fields.get("reported-from", "")
    category = _category(fields)
    return Incident(
        category=category,
        ips=ips,
        urls=quotable(urls, category),
        domains=domains if quotable(domains, category) or not ips else (),
        targets=quotable(urls or domains, category),
        occurred_at=stamp.at if stamp else None,
        occurred_text=stamp.text if stamp else "",
        time_certain=bool(stamp and stamp.zoned),
        reporter=reporter_of(context.sender.name, reported_from, context) if "@" in reported_from else context.sender,
        report_id=fields.get("report-id", "")[:200],
        complete=bool(ips or urls or domains),
        evidence=(part.evidence(),),
        confidence=0.95 if ips or urls else 0.7,
        source_format="x_arf",
    )


def _ips(text: str) -> Iterator[str]:
    whole = normalised(text)
    if whole:
        yield whole
    elif "://" not in text:
        yield from (mention.ip for mention in find_addresses(text) if mention.prefix is None)


def _category(fields: Mapping[str, str]) -> str:
    kind = fields.get("report-type", "")
    known = category_of_type(kind)
    if known != UNCLASSIFIED:
        return known
    worded = heaviest(offences.weigh(kind.replace("-", " ").replace("_", " "), fields.get("service", "")))
    if worded != UNCLASSIFIED:
        return worded
    service = fields.get("service", "").strip().lower()
    if service in _LOGINS:
        return "connection/login_attack"
    if service in _SITES:
        return "connection/vulnerability_scan"
    return _BY_SCHEMA.get(fields.get("category", "").lower(), UNCLASSIFIED)
