"""Rows of `url_info`; the address may be missing, and IPv6 hosts stand without brackets."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from bridge.intake import limits
from bridge.intake.context import Context
from bridge.intake.mail.document import Mail
from bridge.intake.model import Incident
from bridge.intake.text.addresses import normalised, unique
from bridge.intake.text.links import is_domain
from bridge.intake.text.times import read_time

_PART_OF_NAME = re.compile(r"_message\b", re.IGNORECASE)
_MESSAGE = re.compile(r"<\s{0,20}notification_message\b([^>]{0,300})>", re.IGNORECASE)
_LIST_OR_ROW = re.compile(r"<\s{0,20}(list|url_info)\b([^>]{0,3000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-z_]{1,20})\s{0,20}=\s{0,20}\"([^\"]{0,2500})\"", re.IGNORECASE)
_AUTHORITY = re.compile(r"^[a-z]{2,8}://(?:[^/@]*@)?([^/?#]{1,300})", re.IGNORECASE)
_BY_LIST = {
    "0": "content/malware",
    "1": "content/phishing",
    "2": "content/malware",
    "malware": "content/malware",
    "phishing": "content/phishing",
}


def read(mail: Mail, context: Context) -> Sequence[Incident]:
    """One incident for each address or host and each kind of list, with all its links."""
    for part in mail.every_part():
        text = part.text if part.is_textual else ""
        start = _MESSAGE.search(text) if _PART_OF_NAME.search(text) else None
        if start:
            return _incidents(text[start.start() :], dict(_ATTRIBUTE.findall(start.group(1))).get("date", ""), context)
    return ()


def _incidents(text: str, date: str, context: Context) -> tuple[Incident, ...]:
    groups: dict[tuple[str, str], list[str]] = {}
    category = _BY_LIST["0"]
    for number, match in enumerate(_LIST_OR_ROW.finditer(text)):
        attributes = {name.lower(): html.unescape(value) for name, value in _ATTRIBUTE.findall(match.group(2))}
        if match.group(1).lower() == "list":
            category = _BY_LIST.get(attributes.get("type", "").lower(), category)
        elif number < limits.INCIDENTS and attributes.get("url"):
            source = normalised(attributes.get("ip", "")) or _host(attributes["url"])
            groups.setdefault((source, category), []).append(attributes["url"])
    stamp = read_time(date, context.times)
    found = []
    for (source, kind), links in groups.items():
        ips = context.ours((source,)) if normalised(source) else ()
        domains = unique(host for host in (_host(url) for url in links) if is_domain(host))
        if not ips and not domains:
            continue
        urls = unique(links)[: limits.URLS]
        found.append(
            Incident(
                category=kind,
                ips=ips,
                urls=urls,
                domains=domains[: limits.URLS],
                targets=urls,
                reporter=context.sender,
                occurred_at=stamp.at if stamp else None,
                occurred_text=date,
                confidence=0.95,
                source_format="safe_browsing",
            )
        )
    return tuple(found)


def _host(url: str) -> str:
    """The host, or the IPv6 address that stands there without brackets, with or without a port behind it."""
    match = _AUTHORITY.match(url)
    authority = match.group(1) if match else ""
    if authority.count(":") > 1:
        return normalised(authority) or normalised(authority.rpartition(":")[0]) or ""
    host = authority.partition(":")[0].lower()
    return normalised(host) or host
