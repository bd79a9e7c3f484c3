"""Made-up mails grown to the size of those that arrive.

The mails of the test suite say what matters and nothing else: 400 bytes, five header fields. What reaches an abuse
mailbox is fifteen thousand bytes at the median: forty-three header fields of hops, signatures and filters, a page
beside the text, two thousand characters of text (a tenth of it over seven thousand) with logs, quoted headers, whois
output and footers, and now and then a picture or a log attached.
"""

from __future__ import annotations

import base64
import html
import random
from collections.abc import Sequence

from tests.intake.corpus import Case

_FIELDS = 38
_TEXT = (500, 800, 1000, 1200, 1500, 2000, 2500, 4000, 7000, 45_000)
"""Characters put to the text of one mail after another."""
_FOOTERS = (
    "This message is meant for the person it is addressed to; passing it on is not permitted.",
    "You are receiving this because your address is given as the contact for the network in the public registry.",
    "We send one message a day for each address and network. The times are those of our sensors, which are set by NTP.",
    "Example Hosting Ltd., 1 Example Street, Example Town. Registered in Example, company number 01234567.",
)
_MONTHS = ("Sep", "Oct", "Nov")


def full_size(cases: Sequence[Case]) -> list[bytes]:
    """Each of the mails grown; those that are built of several parts only by header fields."""
    return [_grown(case.raw, number) for number, case in enumerate(cases)]


def _grown(raw: bytes, number: int) -> bytes:
    chance = random.Random(number)
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    fields = "\n".join(_field(chance, place) for place in range(_FIELDS)).encode()
    if b"content-type:" in head.lower() or not body:
        return fields + b"\n" + head + b"\n\n" + body
    text = body.decode("utf-8", "replace") + "\n\n" + _padding(chance, _TEXT[number % len(_TEXT)])
    parts = [_part("text/plain; charset=utf-8", text), _part("text/html; charset=utf-8", _page(text))]
    if number % 5 == 0:
        parts.append(_part('text/plain; name="excerpt.log"', _padding(chance, 6000)))
    if number % 7 == 0:
        parts.append(
            _part('image/png; name="logo.png"', base64.encodebytes(chance.randbytes(60_000)).decode(), "base64")
        )
    return (
        b"".join(
            [fields, b"\n", head, b'\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="=_b"\n\n', *parts]
        )
        + b"--=_b--\n"
    )


def _part(kind: str, content: str, encoding: str = "8bit") -> bytes:
    return f"--=_b\nContent-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n{content}\n".encode()


def _field(chance: random.Random, place: int) -> str:
    at = f"Fri, 15 Nov 2024 {chance.randrange(24):02}:{chance.randrange(60):02}:{chance.randrange(60):02} +0000"
    signature = base64.b64encode(chance.randbytes(180)).decode()
    match place % 6:
        case 0:
            return (
                f"Received: from mx{place}.example.net (mx{place}.example.net [203.0.113.{place}])\n"
                f"\tby in.example.org with ESMTPS id {chance.randrange(10**9):x}; {at}"
            )
        case 1:
            return f"X-Signature-{place}: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.net;\n\tb={signature}"
        case 2:
            return f"X-Filter-{place}: score=-1.{place} required=5.0 tests=A_{place},B_{place},C_{place} autolearn=ham"
        case 3:
            return f"X-Gateway-Results-{place}: in.example.org; spf=pass smtp.mailfrom=example.net; dkim=pass"
        case 4:
            return f"X-Tenant-Id-{place}: {chance.randrange(10**15):x}-{chance.randrange(10**15):x}"
        case _:
            return f"X-Transport-Stamp-{place}: {at}"


def _padding(chance: random.Random, size: int) -> str:
    pieces: list[str] = []
    while sum(map(len, pieces)) < size:
        kind = chance.choice((_log, _log, _log, _quoted_headers, _whois, _footer))
        pieces.append(kind(chance))
    return "\n\n".join(pieces)


def _log(chance: random.Random) -> str:
    return "\n".join(
        f"{chance.choice(_MONTHS)} {chance.randrange(1, 29):2} {chance.randrange(24):02}:{chance.randrange(60):02}:"
        f"{chance.randrange(60):02} gate sshd[{chance.randrange(30_000)}]: Failed password for invalid user "
        f"user{chance.randrange(50)} from 198.51.100.{chance.randrange(1, 250)} port {chance.randrange(60_000)} ssh2"
        for _ in range(chance.randrange(3, 12))
    )


def _quoted_headers(chance: random.Random) -> str:
    return (
        f"> Received: from relay.example ([198.51.100.{chance.randrange(1, 250)}]) by mx.example.org\n"
        "> From: Somebody <somebody@example.net>\n"
        "> Subject: an offer you will like\n"
        f"> Message-ID: <{chance.randrange(10**12):x}@relay.example>"
    )


def _whois(chance: random.Random) -> str:
    third = chance.randrange(1, 250)
    return (
        f"inetnum:        198.51.{third}.0 - 198.51.{third}.255\nnetname:        EXAMPLE-NET\n"
        "descr:          Example network\ncountry:        EX\nremarks:        see https://www.example.net/contact\n"
        "last-modified:  2021-03-04T05:06:07Z\nsource:         EXAMPLE"
    )


def _footer(chance: random.Random) -> str:
    return chance.choice(_FOOTERS)


def _page(text: str) -> str:
    paragraphs = "".join(
        f'<p style="margin:0 0 12px 0;font-family:Arial,sans-serif">{html.escape(each).replace(chr(10), "<br>")}</p>\n'
        for each in text.split("\n\n")
    )
    return f"<html><head><style>p {{ color: #222; }}</style></head><body>{paragraphs}</body></html>"
