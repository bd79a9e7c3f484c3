"""Marks: short keyed tokens that we leave where a panel keeps text, so that we know our own doing again.

A mark derives from the installation's secret, the action and the step, so nobody else can make one beforehand, and the
same step of the same action always leaves the same. It stands last in its field (interface 9).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

_DIGITS = 16
_ANY = re.compile(r"TS-(?<![A-Za-z0-9-]TS-)[A-Z2-7]{16}(?![A-Za-z0-9-])")


def mark(secret: bytes, action_id: str, step: str) -> str:
    """`TS-` and 16 base32 characters of HMAC-SHA-256(secret, action id + step)."""
    digest = hmac.new(secret, f"{action_id}{step}".encode(), hashlib.sha256).digest()
    return "TS-" + base64.b32encode(digest).decode("ascii")[:_DIGITS]


def marks_in(field: str) -> tuple[str, ...]:
    """Every token in a field that has the form of a mark, whoever's it is."""
    return tuple(_ANY.findall(field))


def bears(field: str, token: str) -> bool:
    """Whether exactly this mark stands in the field; a longer word that contains it does not count."""
    return token in marks_in(field)


def marked(text: str, token: str, *, longest: int, apart: str = " ") -> str:
    """`text` with the mark last, cut so that the whole has at most `longest` characters and the mark survives."""
    room = longest - len(token) - len(apart)
    kept = text if len(text) <= room else text[: room - 1].rstrip() + "…"
    return f"{kept}{apart}{token}" if kept else token
