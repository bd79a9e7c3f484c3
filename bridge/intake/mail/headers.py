"""Header fields: unfolded, decoded one by one, so that a broken one costs only itself."""

from __future__ import annotations

import binascii
import re
from collections.abc import Collection, Mapping, Sequence
from itertools import islice

from bridge.intake import limits
from bridge.intake.mail.charsets import decode

_FIELD = re.compile(rb"^([!-9;-~]{1,76})[ \t]*:[ \t]*(.*(?:\n[ \t].*)*)", re.MULTILINE)
_FOLD = re.compile(rb"\n[ \t]+")
_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s{1,20}(?==\?[^?\s]{1,40}\?[bBqQ]\?)")
_PARAM = re.compile(r";\s{0,20}([\w-]{1,40}\*?(?:\d{1,2}\*?)?)\s{0,20}=\s{0,20}(\"[^\"]{0,1000}\"?|[^;\s]{0,1000})")
_ANGLE = re.compile(r"<\s{0,20}([^<>\s@]{1,128}@[^<>\s]{1,255}?)\s{0,20}>")
_NOT_BASE64 = bytes(sorted(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")))
_BARE = re.compile(r"[\w.+=/~-]{1,128}@[\w.-]{1,255}")


class Headers:
    """The fields of one header block, each unfolded and decoded when it is asked for: of forty that a mail has few
    are."""

    def __init__(self, written: Mapping[str, Sequence[bytes]] | None = None) -> None:
        self._written = written or {}
        self._values: dict[str, tuple[str, ...]] = {}

    @property
    def names(self) -> Collection[str]:
        """In lower case."""
        return self._written.keys()

    def first(self, name: str) -> str:
        """The first field of that name; empty if there is none."""
        values = self.all(name)
        return values[0] if values else ""

    def all(self, name: str) -> tuple[str, ...]:
        """The fields of that name (in lower case) in their order."""
        if name not in self._written:
            return ()
        if name not in self._values:
            self._values[name] = tuple([decode_value(_unfolded(value)) for value in self._written[name]])
        return self._values[name]


def read_headers(block: bytes) -> Headers:
    """The fields of a header block; lines that are none are passed over."""
    lines = block[: limits.HEADERS].replace(b"\r\n", b"\n")
    if b"\r" in lines:
        lines = _FOLD.sub(b" ", lines).replace(b"\r", b"\n")
    written: dict[str, list[bytes]] = {}
    for match in islice(_FIELD.finditer(lines), limits.HEADER_LINES):
        name, value = match.groups()
        written.setdefault(name.decode("ascii").lower(), []).append(value)
    return Headers(written)


def _unfolded(value: bytes) -> bytes:
    return (_FOLD.sub(b" ", value) if b"\n" in value else value)[: limits.HEADER_VALUE]


def decode_value(raw: bytes) -> str:
    """A header's value as text, encoded words resolved."""
    text = decode(raw).strip()
    if "=?" not in text:
        return text
    return _WORD.sub(_word, _BETWEEN_WORDS.sub(r"\1", text))


def _word(match: re.Match[str]) -> str:
    charset, encoding, payload = match.groups()
    raw = payload.encode("utf-8", "replace")
    if encoding in "bB":
        return decode(base64_bytes(raw), charset.partition("*")[0])
    return decode(binascii.a2b_qp(raw, header=True), charset.partition("*")[0])


def base64_bytes(raw: bytes) -> bytes:
    """Decoded as far as it goes; padding that is missing is no reason to lose the rest."""
    kept = raw.translate(None, _NOT_BASE64)
    kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def undo(sent: bytes, encoding: str) -> bytes:
    """Bytes without their transfer encoding; an unknown one is left."""
    match encoding.strip().lower():
        case "base64":
            return base64_bytes(sent)
        case "quoted-printable":
            return binascii.a2b_qp(sent)
        case _:
            return sent


def value_and_params(value: str) -> tuple[str, dict[str, str]]:
    """`text/plain; charset=x` as (`text/plain`, {`charset`: `x`}); names in lower case, RFC 2231 prefixes taken off."""
    main = value.partition(";")[0].strip().lower()
    params: dict[str, str] = {}
    for match in _PARAM.finditer(value):
        name, text = match.group(1).lower(), match.group(2).strip('"')
        if "*" in name:
            name, text = name.partition("*")[0], text.rpartition("''")[2]
            params[name] = params.get(name, "") + text
        else:
            params.setdefault(name, text)
    return main, params


def address_of(value: str) -> tuple[str, str]:
    """`Name <a@b>` as (name, address in lower case); either may be empty."""
    match = _ANGLE.search(value) or _BARE.search(value)
    if not match:
        return value.strip().strip('"')[:200], ""
    address = match.group(1) if match.re is _ANGLE else match.group(0)
    name = value[: match.start()].strip().strip("\"'").strip()
    return name[:200], address.lower().strip(".")
