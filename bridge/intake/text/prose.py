"""Running text made fit for reading: quote marks off, lines bounded, defanged parts whole."""

from __future__ import annotations

import re

from bridge.intake import limits
from bridge.intake.text.refang import refang
from bridge.intake.text.sieve import Sought

_QUOTE = re.compile(r"^(?:[ \t]{0,8}>[ \t]?){1,20}", re.MULTILINE)
_SOFT = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e]")
_WIDE_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u3000]")
_ATTRIBUTION = Sought(
    r"^(?:-{2,}\s{0,20}(?:original|forwarded|weitergeleitete|urspr|mensaje|mensagem|message|исходн"
    r"|переслан)[^\n]{0,60}-{2,}|_{10,}"
    r"|(?:your |the )?original (?:message|request|report|complaint|e-?mail)\s?:?"
    r"|on [^\n]{5,120} wrote:|am [^\n]{5,120} schrieb[^\n]{0,80}:"
    r"|le [^\n]{5,120} a [ée]crit\s?:|begin forwarded message:?)\s{0,20}$",
    re.MULTILINE,
)


_QUOTED = re.compile(r"^[^\n>]{5,160}:[ \t]*\n(?=[ \t]{0,8}>)", re.MULTILINE)
"""A line that introduces what is quoted below it, in whatever language."""


def tidy(text: str) -> str:
    """Bounded, without quote marks and invisible characters, defanged parts written out."""
    bounded = "\n".join(line[: limits.LINE] for line in text[: limits.PROSE].split("\n"))
    plain = _WIDE_SPACES.sub(" ", _SOFT.sub("", bounded)) if not bounded.isascii() else bounded
    return refang(_QUOTE.sub("", plain) if ">" in plain else plain)


def attribution(body: str) -> str:
    """The line above a quotation that says who wrote it, in lower case; empty if there is none."""
    match = _ATTRIBUTION.search(body[: limits.PROSE])
    return match.group(0).lower() if match else ""


def own_words(body: str) -> str:
    """What the writer added himself: the text before the quoted or forwarded message, quoted lines left out."""
    body = body[: limits.PROSE]
    cut = _ATTRIBUTION.search(body)
    text = body[: cut.start()] if cut else body
    if ">" not in text:
        return text
    return "\n".join(line for line in _QUOTED.sub("", text).split("\n") if not line.lstrip().startswith(">"))
