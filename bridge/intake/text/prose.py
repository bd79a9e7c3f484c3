"""Running text made fit for reading: quote marks off, lines bounded, defanged parts whole."""

from __future__ import annotations

import re
from itertools import zip_longest

from bridge.intake import limits
from bridge.intake.text.refang import refang
from bridge.intake.text.sieve import Sought

_QUOTE = re.compile(r"\n(?:[ \t]{0,8}>[ \t]?){1,20}")
_UNUSUAL = re.compile("[\u00a0\u00ad\u2000-\u200f\u202a-\u202f\u2060\u3000\ufeff]")
_SOFT = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e]")
_WIDE_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u3000]")
_WRITER = r"\*?(?:from|von|de|da|van|od|от|kimden|från|发件人|差出人)\*?\s?:"
_ATTRIBUTION = Sought(
    r"^(?:-{2,}\s{0,20}(?:original|forwarded|weitergeleitete|urspr|mensaje|mensagem|message|исходн"
    r"|переслан)[^\n]{0,60}-{2,}|_{10,}"
    r"|(?:your |the )?original (?:message|request|report|complaint|e-?mail)\s?:?"
    r"|on [^\n]{5,120} wrote:|am [^\n]{5,120} schrieb[^\n]{0,80}:"
    r"|le [^\n]{5,120} a [ée]crit\s?:|begin forwarded message:?)\s{0,20}$(?:\n[ \t*]{0,4}" + _WRITER + r"[^\n]{0,200})?"
    r"|^[ \t*]{0,4}"
    + _WRITER
    + r"[^\n]{3,200}\n\s{0,4}\*?(?:sent|gesendet|envoy[ée]|enviad[oa](?: el)?|inviato|verzonden"
    r"|wys[łl]ano|отправлено|gönderildi|odesl[áa]no|skickat|发送时间|送信日時)\*?\s?:",
    re.MULTILINE,
)
"""What stands above a quoted mail; of one quoted with its headers together with who wrote it."""


_INTRODUCES = re.compile(r"[^>]{5,160}:[ \t]*")
"""A line that introduces what is quoted below it, in whatever language."""
_IS_QUOTED = re.compile(r"[ \t]{0,8}>")


def tidy(text: str) -> str:
    """Bounded, without quote marks and invisible characters, defanged parts written out."""
    plain = text[: limits.PROSE]
    lines = plain.split("\n")
    if max(map(len, lines)) > limits.LINE:
        plain = "\n".join([line[: limits.LINE] for line in lines])
    if not plain.isascii() and _UNUSUAL.search(plain):
        plain = _WIDE_SPACES.sub(" ", _SOFT.sub("", plain))
    return refang(_QUOTE.sub("\n", "\n" + plain)[1:] if ">" in plain else plain)


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
    lines = text.split("\n")
    return "\n".join([line for line, below in zip_longest(lines, lines[1:], fillvalue="") if _is_own(line, below)])


def _is_own(line: str, below: str) -> bool:
    """Neither quoted nor what introduces a quotation."""
    if ">" in line:
        return not line.lstrip().startswith(">")
    return not (">" in below and _IS_QUOTED.match(below) and _INTRODUCES.fullmatch(line))
