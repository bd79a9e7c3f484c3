"""Defanged addresses and links made whole again: `hxxp`, `[.]`, `(dot)` and their kin."""

from __future__ import annotations

import re

_HALF_BRACKETED = {
    "\\.": re.compile(r"\\\.(?<=\w\\\.)(?=\w)"),
    "[.": re.compile(r"\[\.(?<=\w\[\.)(?=\w)"),
    ".]": re.compile(r"\.\](?<=\w\.\])(?=\w)"),
}
_COLON = re.compile(r"\[:\]|\[:(?=//)|\(:\)")
_SLASHES = re.compile(r"(?<=:)\[//\]|(?<=:)\[/\]\[/\]")
_SCHEME = re.compile(
    r"\bh(?:xx|XX|\*\*|tt?xt?|xt?t|xxt)p(s?)(?=\s?[\[(]?:|\[)|\bmeow(?=://)|\bh__p(s?)(?=:)|\bhttp(s?)\[(?::|://)\]",
    re.IGNORECASE,
)
_SCHEME_COLON = re.compile(r"(http(?<!\whttp)s?)(?:\[:\]//|\[://\]|:\\\\|:/{3,}|\s:\s?//\s?|:\s//\s?|:// )(?=\w)")
_SPACED_ADDRESS = re.compile(r"(?<![\d.])\d{1,3} \. ?\d{1,3} \. ?\d{1,3} \. ?\d{1,3}(?![\d.])")
_SPACED_LINK = re.compile(r"(?<=//)[\w.-]{1,200}(?: \.[\w-]{2,63}){1,4}(?=[\s/:?]|$)")
_BRACKETED_DOT = re.compile(r"[\[({<]\s?(?:\.|dot|punkt)\s?[\])}>]\s?", re.IGNORECASE)
_BRACKETED_AT = re.compile(r"[\[({]\s?(?:@|at)\s?[\])}]\s?", re.IGNORECASE)
_SCHEMES = ("hx", "h**", "htx", "httx", "meow", "h__p", "http[", "https[")
_MARKS = ("[", "(", "{", "\\", "hxx", "hXX", "HXX", "meow", "h**", "htx", "htX", "hTX", "hxt", "hXt", "<.>", "h__")


def refang(text: str) -> str:
    """The text with defanged dots, schemes and at-signs written out; text without any comes back as it is."""
    if " ." in text:
        text = _SPACED_ADDRESS.sub(_closed_up, text)
        text = _SPACED_LINK.sub(_closed_up, text)
    if not any(mark in text for mark in _MARKS):
        return text
    lowered = text.lower()
    if any(scheme in lowered for scheme in _SCHEMES):
        text = _SCHEME.sub(_scheme, text)
    if "[:" in text or "(:" in text or "[/" in text:
        text = _SLASHES.sub("//", _COLON.sub(":", text))
    text = _SCHEME_COLON.sub(r"\1://", text)
    text = _put(".", _BRACKETED_DOT, text)
    for mark, pattern in _HALF_BRACKETED.items():
        text = pattern.sub(".", text) if mark in text else text
    return _put("@", _BRACKETED_AT, text)


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
