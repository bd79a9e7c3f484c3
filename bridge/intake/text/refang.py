"""Defanged addresses and links made whole again: `hxxp`, `[.]`, `(dot)` and their kin."""

from __future__ import annotations

import re

from bridge.intake.text.sieve import Sieve

_HALF_BRACKETED = (
    re.compile(r"\\\.(?<=\w\\\.)(?=\w)"),
    re.compile(r"\[\.(?<=\w\[\.)(?=\w)"),
    re.compile(r"\.\](?<=\w\.\])(?=\w)"),
)
_SPACE = "[ \t\n\u00a0]?"
_COLON = re.compile(r"\[:\]|\[:(?=//)|\(:\)")
_SLASHES = re.compile(r"(?<=:)\[//\]|(?<=:)\[/\]\[/\]")
_SCHEME = re.compile(
    r"\bh(?:xx|XX|\*\*|tt?xt?|xt?t|xxt)p(s?)(?=\s?[\[(]?:|\[)|\bmeow(?=://)|\bh__p(s?)(?=:)|\bhttp(s?)\[(?::|://)\]",
    re.IGNORECASE,
)
_SCHEME_COLON = re.compile(r"(http(?<!\whttp)s?)(?:\[:\]//|\[://\]|:\\\\|:/{3,}|\s:\s?//\s?|:\s//\s?|:// )(?=\w)")
_SPACED_DOTS = re.compile(r" \. ?\d{1,3} \. ?\d")
_SPACED_ADDRESS = re.compile(r"(?<![\d.])\d{1,3} \. ?\d{1,3} \. ?\d{1,3} \. ?\d{1,3}(?![\d.])")
_SPACED_LINK = re.compile(r"//[\w.-]{1,200}(?: \.[\w-]{2,63}){1,4}(?=[\s/:?]|$)")
_BRACKETED_DOT = re.compile(r"[\[({<]" + _SPACE + r"(?:\.|dot|punkt)\s?[\])}>]\s?", re.IGNORECASE)
_BRACKETED_AT = re.compile(r"[\[({]" + _SPACE + r"(?:@|at)\s?[\])}]\s?", re.IGNORECASE)
_WAYS = (_SCHEME, _COLON, _SCHEME_COLON, _BRACKETED_DOT, *_HALF_BRACKETED, _BRACKETED_AT)
_SIEVE = Sieve((way, way) for way in _WAYS)


def refang(text: str) -> str:
    """The text with defanged dots, schemes and at-signs written out; text without any comes back as it is."""
    if " ." in text:
        text = _SPACED_ADDRESS.sub(_closed_up, text) if _SPACED_DOTS.search(text) else text
        text = _SPACED_LINK.sub(_closed_up, text)
    ways = _SIEVE.found_in(text)
    if _SCHEME in ways:
        text = _SCHEME.sub(_scheme, text)
    if _COLON in ways or "[/" in text:
        text = _SLASHES.sub("//", _COLON.sub(":", text))
    if _SCHEME_COLON in ways or _SCHEME in ways or _COLON in ways:
        text = _SCHEME_COLON.sub(r"\1://", text)
    if _BRACKETED_DOT in ways:
        text = _put(".", _BRACKETED_DOT, text)
    for half in _HALF_BRACKETED:
        text = half.sub(".", text) if half in ways else text
    return _put("@", _BRACKETED_AT, text) if _BRACKETED_AT in ways else text


def _put(mark: str, bracketed: re.Pattern[str], text: str) -> str:
    """The mark for each of its bracketed spellings, one space before it taken off as well."""
    pieces = bracketed.split(text)
    if len(pieces) == 1:
        return text
    return mark.join([*(piece[:-1] if piece[-1:].isspace() else piece for piece in pieces[:-1]), pieces[-1]])


def _closed_up(match: re.Match[str]) -> str:
    return match.group().replace(" ", "")


def _scheme(match: re.Match[str]) -> str:
    written = match.group(0)
    scheme = "https" if "s" in (match.group(1) or match.group(2) or match.group(3) or "").lower() else "http"
    return scheme + "://" if written.endswith("//]") else scheme + ":" if written.endswith(":]") else scheme


def is_defanged(text: str) -> bool:
    """Somebody took the trouble to make this harmless: a sign that it is meant as the bad one."""
    return refang(text) != text
