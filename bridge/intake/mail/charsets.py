"""Bytes of unknown or falsely declared charset into text."""

from __future__ import annotations

import re

_TEXT_CODECS = re.compile(
    r"(utf[-_]?(8|8-sig|16|16le|16be|32)|us-ascii|ascii|ansi_x3\.4-1968"
    r"|iso[-_]?8859[-_]?\d{1,2}(-[ie])?|latin[-_]?\d{1,2}"
    r"|(windows|cp|ibm|x-cp)[-_]?\d{3,5}|koi8[-_]?[rut]|gb2312|gbk|gb18030|big5(-?hkscs)?|euc[-_]?(jp|kr|cn|tw)"
    r"|iso-2022-(jp|kr)(-\d)?|shift[-_]?jis|sjis|ks_c_5601-1987|tis-620|mac[-_]?\w{3,12})",
    re.IGNORECASE,
)
_ALIASES = {"ansi_x3.4-1968": "ascii", "euc-cn": "gb2312", "ks_c_5601-1987": "cp949", "gb2312": "gb18030"}
_HIGH = bytes(range(0x80, 0x100))
_FREQUENT_CYRILLIC = frozenset("оеаинтсрвлкмдпу")


def decode(data: bytes, declared: str = "") -> str:
    """Text in the declared charset if it fits, else UTF-8, else a Cyrillic one by its letters, else windows-1252.

    Codecs that are no charsets (`rot13`, `zip`, `idna` …) are never looked up. Never raises.
    """
    if not declared and data.isascii():
        return data.decode("ascii")
    for name in (_codec(declared), "utf-8"):
        text = _strict(data, name)
        if text is not None:
            return text.removeprefix("\ufeff")
    guessed = _cyrillic(data)
    return guessed if guessed is not None else data.decode("windows-1252", "replace")


def _codec(declared: str) -> str:
    name = declared.strip().strip("\"'").lower()
    if not _TEXT_CODECS.fullmatch(name):
        return ""
    if name.startswith("windows-"):
        name = "cp" + name.removeprefix("windows-")
    return _ALIASES.get(name, name.removeprefix("x-"))


def _strict(data: bytes, codec: str) -> str | None:
    if not codec:
        return None
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError):
        return None


def _cyrillic(data: bytes) -> str | None:
    """KOI8-R or windows-1251, if most high bytes come out as frequent lower-case letters."""
    sample = data[:20_000]
    high = len(sample) - len(sample.translate(None, _HIGH))
    if high < 10 or high * 5 < len(sample):
        return None
    scores = {codec: _frequent(sample.decode(codec, "replace")) for codec in ("cp1251", "koi8-r")}
    best = max(scores, key=lambda codec: scores[codec])
    return data.decode(best, "replace") if scores[best] * 2 > high else None


def _frequent(text: str) -> int:
    return sum(map(text.count, _FREQUENT_CYRILLIC))
