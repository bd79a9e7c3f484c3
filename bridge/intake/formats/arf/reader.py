"""A message/feedback-report and the mail it reports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bridge.categories import UNCLASSIFIED
from bridge.intake.context import Context
from bridge.intake.mail.document import Mail, Part
from bridge.intake.mail.headers import Headers, read_headers
from bridge.intake.model import Incident
from bridge.intake.text.addresses import find_addresses, unique
from bridge.intake.text.links import find_urls, host_of
from bridge.intake.text.received import senders_of
from bridge.intake.text.refang import refang
from bridge.intake.text.times import Stamp, read_time

_TYPES = {
    "abuse": "messaging/spam", "fraud": "content/phishing", "virus": "content/malware",
    "miscategorized": "messaging/spam",
    "other": "messaging/spam", "complaint": "messaging/spam", "spam": "messaging/spam", "phishing": "content/phishing",
}  # fmt: skip
_NO_COMPLAINT = frozenset({"opt-out", "opt-out-list", "not-spam", "auth-failure", "dmarc", "xarf"})
_RECEIVED_AT = re.compile(r";\s{0,20}(.{10,60})$", re.DOTALL)


def read(mail: Mail, context: Context) -> Sequence[Incident]:
    """One incident for each feedback report; none for those that are no complaint (opt-out, not-spam, xarf)."""
    reports = [part for part in mail.every_part() if part.content_type == "message/feedback-report"]
    found = []
    for part in reports:
        fields = read_headers(part.data.lstrip(b"\r\n"))
        if feedback_type(fields) not in _NO_COMPLAINT:
            found.append(_incident(mail, part, fields, context))
    return tuple(found)


def feedback_type(fields: Headers) -> str:
    return fields.first("feedback-type").strip().lower()


def _incident(mail: Mail, part: Part, fields: Headers, context: Context) -> Incident:
    reported = next((nested.headers for nested in mail.nested), Headers())
    uris = [refang(value.strip("<> ")) for value in fields.all("reported-uri")]
    urls = unique(url for value in uris for url, _, _ in find_urls(value))
    stamp = _time(fields, reported, context)
    ips = context.ours(_sources(fields, reported))
    category = _TYPES.get(feedback_type(fields), UNCLASSIFIED)
    domains = unique(host_of(url) for url in urls) or unique(value.lower() for value in fields.all("reported-domain"))
    return Incident(
        category=category,
        ips=ips[:1],
        urls=urls,
        domains=domains,
        targets=urls,
        occurred_at=stamp.at if stamp else None,
        occurred_text=stamp.text if stamp else "",
        time_certain=bool(stamp and stamp.zoned),
        reporter=context.sender,
        report_id=fields.first("original-envelope-id")[:200] or reported.first("message-id").strip("<> ")[:200],
        evidence=(part.evidence(),),
        complete=bool(ips or urls or domains),
        confidence=0.95 if ips else 0.7,
        source_format="arf",
    )


def _sources(fields: Headers, reported: Headers) -> Iterator[str]:
    """Source-IP, where the reporter says it; else where the reported mail says it came from."""
    for value in (*fields.all("source-ip"), *fields.all("source")):
        for mention in find_addresses(value):
            yield mention.ip
    yield from senders_of(reported)


def _time(fields: Headers, reported: Headers, context: Context) -> Stamp | None:
    for value in (
        fields.first("arrival-date"),
        fields.first("received-date"),
        *_hop_times(reported),
        reported.first("date"),
    ):
        stamp = read_time(value, context.times)
        if stamp:
            return stamp
    return None


def _hop_times(reported: Headers) -> Iterator[str]:
    for value in reported.all("received")[:1]:
        match = _RECEIVED_AT.search(value)
        if match:
            yield match.group(1)
