"""Which of the times in a text is that of the incident."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from datetime import timedelta

from bridge.intake.general.term import BY
from bridge.intake.text.addresses import names_one
from bridge.intake.text.sieve import Sieve
from bridge.intake.text.times import Stamp, TimeFrame

_EVENT = re.compile(
    r"(?:attack|incident|event|detect\w*|occur\w*|happen\w*|infring\w*|first|observed|recorded"
    r"|start\w*|beg[ai]n\w*|seen|logged|access|captured|noticed|took place|activity|listed"
    r"|vorfall|angriff\w*|erkannt|festgestellt|début|inicio|início|обнаруж\w*|зафиксир\w*|abuse)[^\n]{0,30}$",
    re.IGNORECASE,
)
_TIME_WORD = re.compile(
    r"\b(?:date|time|timestamp|datum|zeit\w*|uhrzeit|fecha|hora|data|ora|heure|дата|время|when"
    r"|wann|quand|ts|datetime|czas|godz\w*"
    r"|tijd)\b[^\n\w]{0,12}(?:\([^)\n]{0,20}\)[^\n\w]{0,6})?$|\b(?:on|at|am|um|le|el|em|since"
    r"|seit)\s{0,2}$",
    re.IGNORECASE,
)
_LAST = re.compile(r"\b(?:last|latest|end\w*|until|to|bis|zuletzt|final|stop\w*)\b[^\n]{0,25}$", re.IGNORECASE)
_NOT_EVENT = re.compile(
    r"(?:deadline|no later than|before|expir\w*|respond\w*|reply\w*|within|frist|due|generated"
    r"|created|creation|registered|published|copyright|issued|notice (?:date|id|sent)"
    r"|report(?:ed)? (?:date|time|sent|on|id|generated)|date of (?:this )?(?:report|notice)"
    r"|effective|updated|modified|valid|born|version|released?|signed"
    r"|timestamp of (?:this )?report|sent|report generated|not after|changed|allocated|whois"
    r"|last-modified)[^\n]{0,28}$",
    re.IGNORECASE,
)
_HEADER_LINE = re.compile(
    r"^[ \t>|*]{0,6}(?:(?:date|sent|gesendet|datum|fecha|enviado(?: el| em)?|envoyé|дата"
    r"|отправлено|received|delivery-date|data|verzonden|inviato|wys[lł]ano"
    r"|x-originalarrivaltime|resent-date|x-\w[\w-]{0,40}|;)(?:\*?\s{0,3}[:;]|(?!\s[^\W\d]))"
    r"|from (?:-|\S{1,80}@\S{1,80})\s)",
    re.IGNORECASE,
)
_HOP = re.compile(r"eceived:([^;]{1,600});\s{1,12}(?:[A-Z][a-z]{2},\s{1,2})?$")
_LONGEST_HOP = 630
"""At the end of a `Received:` field stands when a mail came: nobody but its sender vouches for its `Date:`."""
_WROTE = re.compile(r"\b(?:wrote|schrieb|a écrit|escribi[óo]|escreveu|ha scritto|napisał\w?|написал\w?|schreef)\b")
_LONGEST_NAME = 200
_LOG_LINE = re.compile(
    r"^[\s>*|\[(\"'#\d.:-]{0,12}$|^(?:\S{1,40}\s){0,2}[\[(]?$|- - \[$|^\S{1,60}\s\S{1,40}\s\S{1,40}\s\[$"
)
_LABELS = Sieve((label, label) for label in (_LAST, _NOT_EVENT, BY, _EVENT, _TIME_WORD))
_RECENT = timedelta(days=45)


def incident_time(stamps: Sequence[Stamp], text: str, frame: TimeFrame, ips: Set[str]) -> Stamp | None:
    """The time that is labelled as the incident's, or stands in a line with an offender; None if none is stated."""
    best: tuple[float, int] | None = None
    chosen: Stamp | None = None
    for stamp in stamps:
        score = _likelihood(stamp, text, frame, ips)
        if score > 0 and (best is None or (score, -stamp.start) > best):
            best, chosen = (score, -stamp.start), stamp
    return chosen


def _likelihood(stamp: Stamp, text: str, frame: TimeFrame, ips: Set[str]) -> float:
    """How much speaks for this time being the incident's; 0 or less: it is not."""
    if stamp.at > frame.sent + timedelta(hours=3):
        return 0.0
    line_start = text.rfind("\n", 0, stamp.start) + 1
    line_end = text.find("\n", stamp.end)
    line = text[line_start : line_end if line_end >= 0 else len(text)]
    before = text[max(line_start, stamp.start - 60) : stamp.start]
    if not before.strip():
        before = _line_above(text, line_start) + before
    score = 1.0 + _by_label(before, is_ahead=stamp.at > frame.sent) + _by_age(frame.sent - stamp.at)
    if (_HEADER_LINE.match(line) and stamp.start - line_start < 60) or _opens_quotation(stamp, text):
        score -= 1.8 if not _EVENT.search(before) else 0.0
    elif hop := _hop(stamp, text):
        score += 2.5 if names_one(hop, ips) else 0.5
    elif _LOG_LINE.search(text[line_start : stamp.start][-80:]):
        score += 1.0
    if names_one(line[:600], ips):
        score += 2.0
    return score if stamp.has_time else score - 2.6


def _opens_quotation(stamp: Stamp, text: str) -> bool:
    """`On <this day>, somebody wrote`, in a line or two: when the quoted mail was written."""
    wrote = _WROTE.search(text, stamp.end, stamp.end + _LONGEST_NAME)
    return wrote is not None and text.count("\n", stamp.end, wrote.start()) <= 1


def _hop(stamp: Stamp, text: str) -> str:
    """What the `Received:` field that the time ends says before; empty if it ends none."""
    if ";" not in text[max(0, stamp.start - 20) : stamp.start]:
        return ""
    match = _HOP.search(text, max(0, stamp.start - _LONGEST_HOP), stamp.start)
    return match.group(1) if match else ""


def _by_label(before: str, *, is_ahead: bool) -> float:
    says = _LABELS.found_in(before)
    last = 1.0 if _LAST in says and _LAST.search(before[-30:]) else 0.0
    if _NOT_EVENT in says or (is_ahead and BY in says):
        return -2.5 - last
    if _EVENT in says:
        return 3.0 - last
    return (2.0 if _TIME_WORD in says else 0.0) - last


def _by_age(age: timedelta) -> float:
    return -2.0 if age > timedelta(days=400) else -0.5 if age > _RECENT else 0.0


def _line_above(text: str, line_start: int) -> str:
    end = line_start - 1
    if end <= 0:
        return ""
    line = text[text.rfind("\n", 0, end) + 1 : end].strip()
    return line + " " if 0 < len(line) < 50 else ""
