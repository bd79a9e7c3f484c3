"""The clock, held against the panel's; the mail server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests

from bridge.config import MailConfig, WhmcsConfig
from bridge.doctor.finding import Finding, fault, fine, warning

CLOCK = "clock"
MAIL = "mail"

_TOLERATED = timedelta(minutes=5)
"""Of signatures and of events: beyond it hooks are refused."""
_NOTICEABLE = timedelta(seconds=30)
_BUILT = datetime(2026, 1, 1, tzinfo=UTC)
_TIMEOUT = 10.0


def check_clock(now: datetime, theirs: datetime | None) -> Iterator[Finding]:
    """theirs: the time on the panel's machine, None where it could not be had."""
    if now < _BUILT:
        yield fault(CLOCK, f"this machine believes it is {now:%Y-%m-%d}", "set its clock; run an NTP client")
    if theirs is None:
        yield warning(CLOCK, "the panel did not tell its time: the clocks were not compared", "compare them by hand")
        return
    apart = abs(now - theirs)
    seconds = int(apart.total_seconds())
    if apart > _TOLERATED:
        yield fault(
            CLOCK, f"this clock and the panel's are {seconds} seconds apart: hooks are refused", "run NTP on both"
        )
    elif apart > _NOTICEABLE:
        yield warning(CLOCK, f"this clock and the panel's are {seconds} seconds apart", "run NTP on both")
    else:
        yield fine(CLOCK, "agrees with the panel's")


def server_time(config: WhmcsConfig) -> datetime | None:
    """The time that the panel's web server tells with any answer; sends no credentials, follows nothing."""
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.head(
                config.url, timeout=_TIMEOUT, allow_redirects=False, verify=config.ca_file if config.ca_file else True
            )
        told = parsedate_to_datetime(answer.headers["Date"])
    except (requests.RequestException, OSError, KeyError, ValueError, TypeError):
        return None
    return told.astimezone(UTC) if told.tzinfo is not None else None


def check_mail(config: MailConfig) -> Iterator[Finding]:
    """Whether a mail server answers there; nothing is sent and nobody logs in."""
    if "@" not in config.sender:
        yield fault(MAIL, f"from is {config.sender!r}, no address", "give the address that reporters may answer to")
    url = urlsplit(config.smtp)
    host, port = url.hostname or "127.0.0.1", url.port
    try:
        if url.scheme == "smtps":
            secure = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=_TIMEOUT, context=secure)
        else:
            connection = smtplib.SMTP(host, port or 25, timeout=_TIMEOUT)
        with connection:
            connection.noop()
    except (OSError, smtplib.SMTPException) as trouble:
        yield fault(
            MAIL, f"no mail server answers at {host}: {type(trouble).__name__}", "mend mail.smtp, or the server"
        )
    else:
        yield fine(MAIL, f"a mail server answers at {host}")
