"""Where a mail came from, by its own header lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bridge.intake.mail.headers import Headers
from bridge.intake.text.addresses import find_addresses, is_public, unique

_SENDER_FIELDS = (
    "x-originating-ip", "x-sender-ip", "x-source-ip", "x-client-ip", "x-remote-ip", "x-aol-ip", "x-hmxmroriginatingip",
    "x-ms-exchange-organization-originalclientipaddress", "x-forefront-antispam-report", "x-spam-source-ip", "x-mail-sender-ip",
    "x-original-sender-ip", "x-sid-pra-ip", "x-envelope-sender-ip", "x-connecting-ip",
)  # fmt: skip
_CLIENT_IP = re.compile(r"(?:client-ip|smtp\.remote-ip|sender ip is|\bcip|designates|\bip)\s?[=:]?\s?\[?([0-9A-Fa-f.:]{7,45})", re.IGNORECASE)
_FROM_CLAUSE = re.compile(r"^\s*from\s(.{0,600}?)(?:\sby\s|$)", re.IGNORECASE | re.DOTALL)


def senders_of(headers: Headers) -> tuple[str, ...]:
    """Addresses from which the mail may have been sent, most telling first: checks by the receiving side, then hops, newest first."""
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
    for value in headers.all("received"):
        clause = _FROM_CLAUSE.match(value)
        if clause:
            yield from _public(clause.group(1))


def _public(text: str) -> Iterator[str]:
    for mention in find_addresses(text):
        if is_public(mention.ip):
            yield mention.ip
