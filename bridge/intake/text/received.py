"""Where a mail came from, by its own header lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bridge.intake.mail.headers import Headers
from bridge.intake.text.addresses import find_addresses, is_public, unique

_SENDER_FIELDS = (
    "x-originating-ip", "x-sender-ip", "x-source-ip", "x-client-ip", "x-remote-ip", "x-aol-ip", "x-hmxmroriginatingip",
    "x-ms-exchange-organization-originalclientipaddress", "x-forefront-antispam-report", "x-spam-source-ip",
    "x-mail-sender-ip",
    "x-original-sender-ip", "x-sid-pra-ip", "x-envelope-sender-ip", "x-connecting-ip",
)  # fmt: skip
_CLIENT_IP = re.compile(
    r"(?:client-ip|smtp\.remote-ip|sender ip is|\bcip|designates|\bip)\s?[=:]?\s?\[?([0-9A-Fa-f.:]{7,45})",
    re.IGNORECASE,
)
_DOMAIN = re.compile(
    r"([a-z0-9-]{1,63}\.(?:(?:co|com|net|org|ac|gov|edu)\.[a-z]{2}|[a-z]{2,24}))(?![\w.-])", re.IGNORECASE
)
_FROM_CLAUSE = re.compile(r"^\s*from\s(.{0,600}?)(?:\sby\s|$)", re.IGNORECASE | re.DOTALL)


_PRIVATE = re.compile(r"[\[(](?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}(?:\.\d{1,3})?[\])]")
"""A receiver with such an address takes mail from machines of its own house alone."""
_DELIVERED = re.compile(r"\S{1,200}\s(?:\([^)]{0,200}\)\s)?with\s(?:lmtp|local)", re.IGNORECASE)
"""Into a mailbox: by a machine of the house to another."""


def senders_of(headers: Headers) -> tuple[str, ...]:
    """Where the mail may have come from, most telling first: the receiver's own checks, then hops, newest first."""
    return unique((*_checked(headers), *_named(headers), *_hops(headers)))


def _checked(headers: Headers) -> Iterator[str]:
    for name in ("received-spf", "authentication-results", "x-received-spf", "arc-authentication-results"):
        for value in headers.all(name):
            for match in _CLIENT_IP.finditer(value):
                yield from _public(match.group(1).strip(".:"))


def _named(headers: Headers) -> Iterator[str]:
    for name in _SENDER_FIELDS:
        for value in headers.all(name):
            text = _CLIENT_IP.search(value)
            yield from _public(text.group(1) if text and name == "x-forefront-antispam-report" else value)


def _hops(headers: Headers) -> Iterator[str]:
    """Senders of the hops: first those where one organisation handed the mail to another, newest first."""
    within: list[str] = []
    hops = [(clause.group(1), value[clause.end() :]) for value, clause in _clauses(headers) if clause]
    receivers = {ip for _, rest in hops for ip in _public(rest.partition(";")[0][:200])}
    for sender, rest in hops:
        found = list(_public(sender))
        if _same_house(sender, rest) or _PRIVATE.search(rest[:200]) or _DELIVERED.match(rest):
            within.extend(found)
        else:
            yield from (ip for ip in found if ip not in receivers)
            within.extend(ip for ip in found if ip in receivers)
    yield from within


def _clauses(headers: Headers) -> Iterator[tuple[str, re.Match[str] | None]]:
    for value in headers.all("received")[:40]:
        yield value, _FROM_CLAUSE.match(value)


def _same_house(sender: str, rest: str) -> bool:
    """Both ends of a hop are named under one domain."""
    names = {match.group(1).lower() for match in _DOMAIN.finditer(sender[:300])}
    receiver = _DOMAIN.search(rest[:200])
    return receiver is not None and receiver.group(1).lower() in names


def _public(text: str) -> Iterator[str]:
    for mention in find_addresses(text):
        if is_public(mention.ip):
            yield mention.ip
