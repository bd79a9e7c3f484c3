"""Signed deliveries by the Standard Webhooks scheme, version 1 (symmetric): headers and bytes in, delivery id out.

What is signed is `<webhook-id>.<webhook-timestamp>.<body>`, with HMAC-SHA-256 under the key that the secret carries
(`whsec_` and base64). An empty body is signed like any other. Whether an id was seen before is the caller's to know.
Source: https://www.standardwebhooks.com/ (specification 1.0); interface 6.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from bridge.errors import InvalidInput, Unauthorized

ID_HEADER = "webhook-id"
TIMESTAMP_HEADER = "webhook-timestamp"
SIGNATURE_HEADER = "webhook-signature"
TOLERANCE = timedelta(minutes=5)

_SECRET_PREFIX = "whsec_"
_VERSION = "v1"
_ID = re.compile(r"[!-~]{1,255}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_LONGEST_SIGNATURE_HEADER = 4096


def key_of(secret: str) -> bytes:
    """The key bytes of a `whsec_…` secret; the prefix and base64 padding may be absent.

    Raises InvalidInput (field `hook_secret`) where it is empty or no base64; the secret is not repeated in the message.
    """
    text = secret.strip().removeprefix(_SECRET_PREFIX).rstrip("=")
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise InvalidInput("hook_secret", "is not whsec_ followed by base64") from None
    if not key:
        raise InvalidInput("hook_secret", "is empty")
    return key


def sign(secret: str, delivery_id: str, timestamp: int, body: bytes) -> str:
    """The value of the signature header, `v1,<base64>`; `timestamp` in whole Unix seconds.

    Raises InvalidInput where the secret cannot be used.
    """
    return f"{_VERSION},{base64.b64encode(_digest(secret, delivery_id, timestamp, body)).decode()}"


def verify(
    secret: str, headers: Mapping[str, str], body: bytes, now: datetime, tolerance: timedelta = TOLERANCE
) -> str:
    """The delivery id of a request whose signature holds.

    headers    in any case; the signature header may hold several signatures, parted by spaces, of several versions
    now        aware; the timestamp may lie `tolerance` before or after it
    Raises     Unauthorized on anything wrong with the request, InvalidInput where our own secret cannot be used.
    """
    delivery_id = _header(headers, ID_HEADER)
    if not _ID.fullmatch(delivery_id):
        raise Unauthorized(f"{ID_HEADER} is not 1 to 255 printable ASCII characters")
    timestamp = _timestamp(_header(headers, TIMESTAMP_HEADER), now, tolerance)
    expected = _digest(secret, delivery_id, timestamp, body)
    given = _header(headers, SIGNATURE_HEADER)
    if len(given) > _LONGEST_SIGNATURE_HEADER:
        raise Unauthorized(f"{SIGNATURE_HEADER} is too long")
    if not any(_matches(part, expected) for part in given.split()):
        raise Unauthorized(f"no signature in {SIGNATURE_HEADER} fits")
    return delivery_id


def _digest(secret: str, delivery_id: str, timestamp: int, body: bytes) -> bytes:
    return hmac.digest(key_of(secret), f"{delivery_id}.{timestamp}.".encode() + body, hashlib.sha256)


def _header(headers: Mapping[str, str], name: str) -> str:
    found = [value for key, value in headers.items() if key.lower() == name]
    if len(found) != 1 or not found[0]:
        raise Unauthorized(f"{name} is missing" if not any(found) else f"{name} is given more than once")
    return found[0]


def _timestamp(text: str, now: datetime, tolerance: timedelta) -> int:
    if not _TIMESTAMP.fullmatch(text):
        raise Unauthorized(f"{TIMESTAMP_HEADER} is not a whole number of Unix seconds")
    timestamp = int(text)
    age = now.timestamp() - timestamp
    if age > tolerance.total_seconds():
        raise Unauthorized(f"{TIMESTAMP_HEADER} is too old")
    if -age > tolerance.total_seconds():
        raise Unauthorized(f"{TIMESTAMP_HEADER} lies too far ahead")
    return timestamp


def _matches(part: str, expected: bytes) -> bool:
    version, _, encoded = part.partition(",")
    if version != _VERSION:
        return False
    try:
        given = base64.b64decode(encoded, validate=True)
    except ValueError:
        return False
    return hmac.compare_digest(given, expected)
