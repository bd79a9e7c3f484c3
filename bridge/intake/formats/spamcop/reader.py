"""SpamCop's readable text tells what the report's address cannot: of a spamvertised link the host is the offender."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bridge.intake.context import Context
from bridge.intake.mail.document import Mail
from bridge.intake.model import Incident, Reporter, ReporterKind
from bridge.intake.text import prose
from bridge.intake.text.addresses import find_addresses, unique
from bridge.intake.text.links import find_urls, host_of
from bridge.intake.text.times import read_time

_SUBJECT = re.compile(r"\[SpamCop\s{0,20}\(([^)\s]{3,2000})\)\s{0,20}id:\s{0,20}([\w-]{1,40})\]", re.IGNORECASE)
_SPAMVERTISED = re.compile(
    r"spamverti[sz]ed\s{1,20}(?:web\s?)?(?:site|url|link)[^\n:]{0,40}:?\s{0,20}(\S{0,2000})", re.IGNORECASE
)
_IS_AT = re.compile(
    r"(?<!\S)(\S{4,2000})\s{1,20}is\s{1,20}\[?([0-9A-Fa-f.:]{7,45})\]?\s{0,20};\s{0,20}([^\n]{0,60})", re.IGNORECASE
)
_MAIL_FROM = re.compile(
    r"(?:e?-?mail|message) from\s{1,20}\[?([0-9A-Fa-f.:]{7,45})\]?(?:\s{0,20}/\s{0,20}([^\n]{0,60}))?", re.IGNORECASE
)


def read(mail: Mail, context: Context) -> Sequence[Incident]:
    """The incident of a SpamCop report; none for other mail."""
    subject = next((_SUBJECT.search(each.subject) for each in mail.walk() if _SUBJECT.search(each.subject)), None)
    if subject is None:
        return ()
    text = prose.tidy(
        "\n".join(
            part.plain[:50_000]
            for part in mail.parts
            if part.is_textual and not part.content_type.startswith("message/")
        )
    )
    advertised = _SPAMVERTISED.search(text)
    located = _IS_AT.search(text)
    if advertised or (located and "://" in located.group(1)):
        return (_advertised(text, subject, context),)
    return (_source(text, subject, context),)


def _advertised(text: str, subject: re.Match[str], context: Context) -> Incident:
    located = list(_IS_AT.finditer(text))[:50]
    urls = unique(url for match in [*_SPAMVERTISED.finditer(text), *located] for url, _, _ in find_urls(match.group(1)))
    ips = unique(mention.ip for match in located for mention in find_addresses(match.group(2)))
    named = [mention.ip for mention in find_addresses(subject.group(1))]
    stamp = read_time(located[0].group(3), context.times) if located else None
    domains = unique(host for host in (host_of(url) for url in urls) if host and not find_addresses(host))
    return Incident(
        category="messaging/spamvertised",
        ips=context.ours(ips or named),
        urls=urls,
        domains=domains,
        targets=urls,
        occurred_at=stamp.at if stamp else None,
        occurred_text=stamp.text if stamp else "",
        time_certain=bool(stamp and stamp.zoned),
        reporter=_reporter(context),
        report_id=subject.group(2),
        confidence=0.93,
        source_format="spamcop",
    )


def _source(text: str, subject: re.Match[str], context: Context) -> Incident:
    match = _MAIL_FROM.search(text)
    named = [mention.ip for mention in find_addresses(subject.group(1))] or [
        mention.ip for mention in find_addresses(match.group(1) if match else "")
    ]
    stamp = read_time(match.group(2), context.times) if match and match.group(2) else None
    return Incident(
        category="messaging/spam",
        ips=context.ours(named),
        occurred_at=stamp.at if stamp else None,
        occurred_text=stamp.text if stamp else "",
        time_certain=bool(stamp and stamp.zoned),
        reporter=_reporter(context),
        report_id=subject.group(2),
        confidence=0.95,
        source_format="spamcop",
    )


def _reporter(context: Context) -> Reporter:
    return Reporter(name=context.sender.name or "SpamCop", address=context.sender.address, kind=ReporterKind.BLOCKLIST)
