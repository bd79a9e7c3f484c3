"""Time zones as people and programs write them: names, offsets, regions, and sentences that declare one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bridge.intake.text.sieve import Sieve, Sought
from bridge.intake.text.signs import in_lower_case

_HOURS = {
    "Z": 0, "UTC": 0, "GMT": 0, "UT": 0, "WET": 0, "WEST": 1, "BST": 1, "IST": 5.5, "CET": 1, "MEZ": 1, "CEST": 2,
    "MESZ": 2,
    "EET": 2, "EEST": 3, "MSK": 3, "MSD": 4, "TRT": 3, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5,
    "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "BRT": -3, "BRST": -2, "ART": -3,
    "CLT": -4, "CLST": -3, "COT": -5, "PET": -5, "VET": -4, "GST": 4, "PKT": 5, "UZT": 5, "YEKT": 5, "ALMT": 5,
    "AQTT": 5,
    "OMST": 6, "NOVT": 7, "KRAT": 7, "ICT": 7, "WIB": 7, "WITA": 8, "SGT": 8, "HKT": 8, "AWST": 8, "PHT": 8, "MYT": 8,
    "JST": 9, "KST": 9, "WIT": 9, "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "SAST": 2,
    "EAT": 3, "CAT": 2, "WAT": 1, "IDT": 3, "IRST": 3.5, "SAMT": 4, "AMT": -4, "NPT": 5.75, "MMT": 6.5,
    "SEČ": 1, "SELČ": 2,
    "МСК": 3, "北京时间": 8, "北京時間": 8, "台北時間": 8, "日本時間": 9, "한국시간": 9, "한국 시간": 9,
}  # fmt: skip
_OF_BOTH_HALVES = {
    "PST/PDT": "America/Los_Angeles", "MST/MDT": "America/Denver", "CST/CDT": "America/Chicago",
    "EST/EDT": "America/New_York", "CET/CEST": "Europe/Berlin", "MEZ/MESZ": "Europe/Berlin", "GMT/BST": "Europe/London",
    "EET/EEST": "Europe/Kyiv", "AEST/AEDT": "Australia/Sydney", "NZST/NZDT": "Pacific/Auckland",
}  # fmt: skip
"""A region's zone in winter and in summer, as `EST/EDT`."""
_ALMATY_MOVED = datetime(2024, 3, 1)
_NAMES = "|".join(sorted(_HOURS, key=len, reverse=True))
_OFFSET = r"[+\-\u2212]\d{1,2}(?::?\d{2})?"
_SPACED_OFFSET = r"[+\-\u2212]\s?\d{1,2}(?::?\d{2})?"
"""After the name of a zone a sign may stand apart: `UTC - 3`."""
_REGION = (
    r"(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Etc|Indian"
    r"|Pacific)/[A-Z][A-Za-z_]{1,20}(?:/[A-Z][A-Za-z_]{1,20})?"
)

ZONE = (
    rf"(?:(?:\"?\s{{1,2}}(?:tz|timezone)[=:]\s?\"?)?(?:\s?Uhr\b)?\s{{0,2}}[(\[（]?\s?(?:(?P<region>{_REGION})|(?P<name>(?-i:{_NAMES}|utc|gmt|cest|cet)\b)?\s?"
    rf"(?P<offset>{_OFFSET}(?!\d|[:.]\d))?)[)\]]?)"
)
"""A zone right after a time; every part of it is optional."""

_LABEL = re.compile(
    rf"(?:\((?P<name>{_NAMES})\s?(?P<offset>{_OFFSET})?\)\W{{0,3}}"
    rf"|\b(?P<of>{_NAMES})\s?(?P<by>{_OFFSET})?(?:\s(?:[Tt]ime|[Dd]ate))?\)?\s?[:=]\W{{0,3}})$"
)
"""A zone in the label right before a time: `Timestamp (UTC) `, `UTC Time: `."""
_LONGEST_LABEL = 24
_SUBJECT = re.compile(
    r"time[ -]?zone|zeitzone|fuso[ -]?hor[aá]rio|zona horaria|fuseau horaire|fuso orario"
    r"|часово\w+ пояс\w*|strefa czasowa|tijdzone"
    r"|\btz\b|\btimes?(?:stamps?)?\b|\bzeiten\b|\bzeitangaben\b|\buhrzeiten\b|\bhor[aá](?:rio)?s?\b|\blogs?\b"
    r"|\bseen\b|\bentries\b|\bevents?\b"
    r"|\bheures?\b|\bdates?\b|\bвремя\b|\blaikas\b|\btijden\b|\bčasy\b|\bczasy?\b|\btidspunkt\b|\bklokkesl[æe]t\b",
    re.IGNORECASE,
)
_CANDIDATE = re.compile(
    rf"(?P<region>{_REGION})|\b(?P<both>{'|'.join(_OF_BOTH_HALVES)})\b|\b(?P<name>[A-Z]{{2,5}})\b"
    rf"(?:(?:\soffset(?:\s(?:of|is))?[:=]?)?\s?(?P<offset>{_SPACED_OFFSET})"
    rf"(?!\d|[:.]\d|-\d))?|(?<![\w:.])(?P<bare>{_OFFSET})(?!\d|[:.]\d|-\d)"
)
_MAY_BEGIN = re.compile(r"[A-Z+\-\u2212](?=[A-Z\d]|[a-z]{2,9}/)")
"""How candidates begin."""
_SAID_BEFORE = re.compile(r"\b(?:in|as|are|is|of|to|for)\s{1,20}$")
_SAID_AFTER = re.compile(r"\s{1,20}(?:times?|zone|timezone)\b")
_REACH = 50
_LONGEST_SUBJECT = 20
_DIGIT = re.compile(r"\d")
_PLACES = {
    "paris": "Europe/Paris", "berlin": "Europe/Berlin", "madrid": "Europe/Madrid", "roma": "Europe/Rome",
    "rome": "Europe/Rome", "london": "Europe/London", "moscow": "Europe/Moscow", "moskau": "Europe/Moscow",
    "beijing": "Asia/Shanghai", "peking": "Asia/Shanghai", "pékin": "Asia/Shanghai", "tokyo": "Asia/Tokyo",
    "singapore": "Asia/Singapore", "brasília": "America/Sao_Paulo", "amsterdam": "Europe/Amsterdam",
    "warsaw": "Europe/Warsaw", "prague": "Europe/Prague", "kyiv": "Europe/Kyiv", "istanbul": "Europe/Istanbul",
    "hora peninsular": "Europe/Madrid", "mitteleuropäische zeit": "Europe/Berlin",
    "hora de brasília": "America/Sao_Paulo", "horário de brasília": "America/Sao_Paulo",
    "central european time": "Europe/Berlin", "eastern european time": "Europe/Kyiv",
    "western european time": "Europe/Lisbon", "mountain time": "America/Denver",
    "british time": "Europe/London", "indian standard time": "Asia/Kolkata",
    "eastern time": "America/New_York", "central time": "America/Chicago", "pacific time": "America/Los_Angeles",
}  # fmt: skip
_HALF = r"(?: \(?(?:summer|winter|standard|daylight)\)?)?"
"""Of the year; the day itself tells which it was."""
_CITIES = "|".join(name for name in _PLACES if " " not in name)
_TIME_OF = Sought(
    rf"\b(?:heures?|hora|ora|godzina|time (?:in|of))\s(?:de\s|di\s|local de\s)?(?P<of>{_CITIES})\b"
    r"|\b(?P<words>московск\w{1,3} врем\w{1,3}|hora peninsular|hora de brasília|hor[aá]rio de brasília"
    rf"|mitteleuropäische\w? zeit|(?:us )?(?:eastern|central|mountain|pacific){_HALF} time"
    rf"|(?:central|eastern|western) european{_HALF} time"
    r"|british time|indian standard time)"
    rf"|\b(?P<city>{_CITIES})(?:er)?(?: local)?[ -](?:time|zeit)\b"
)
"""A zone called after the place whose clocks show it."""
_OF_THE_YEAR = re.compile(_HALF + r"(?= time$)")
_DECLARING = Sieve((each, each) for each in (_SUBJECT, _SAID_AFTER))
_BETWEEN = 20
"""Characters at most between a zone and the word that says it is one."""
_MOST_CANDIDATES = 400

Zone = tuple[str | None, str | None, str | None]
"""Name, offset and region as written."""


def offset_of(name: str | None, offset: str | None, region: str | None, local: datetime) -> timedelta | None:
    """The zone's distance from UTC at the local time `local`; None where nothing known is named."""
    if region:
        return _of_region(region, local)
    base = _of_name(name, local)
    if offset is None:
        return base
    signed = _of_digits(offset)
    if signed is None:
        return base
    return signed


def labelled_zone(text: str, start: int) -> Zone | None:
    """The zone that the label of the time at `start` names; None if it names none."""
    label = text[max(0, start - _LONGEST_LABEL) : start]
    if not (":" in label or "=" in label or ")" in label):
        return None
    match = _LABEL.search(text, max(0, start - _LONGEST_LABEL), start)
    return (
        (match.group("name") or match.group("of"), match.group("offset") or match.group("by"), None) if match else None
    )


def declared_zone(text: str) -> Zone | None:
    """The zone that the text declares for its times, such as `my timezone is +0200`; None if it declares none.

    What follows a digit is no declaration but belongs to a time that is written out.
    """
    lowered = in_lower_case(text)
    for match in islice(_candidates(text, lowered), _MOST_CANDIDATES):
        if match.group("name") and match.group("name") not in _HOURS:
            continue
        line_start = text.rfind("\n", 0, match.start()) + 1
        before = text[max(line_start, match.start() - _REACH - _LONGEST_SUBJECT) : match.start()]
        if _is_subject_of(before) or (_SAID_BEFORE.search(before) and _SAID_AFTER.match(text, match.end())):
            region = _OF_BOTH_HALVES.get(match.group("both") or "", match.group("region"))
            return match.group("name"), match.group("offset") or match.group("bare"), region
    return _by_place(text)


def _candidates(text: str, lowered: str) -> Iterator[re.Match[str]]:
    """What may be a zone, in the lines that speak of times at all."""
    end = 0
    for sign in _DECLARING.signs_in(lowered):
        if sign < end:
            continue
        start = max(end, text.rfind("\n", 0, max(0, sign - _BETWEEN)) + 1)
        end = text.find("\n", sign) + 1 or len(text)
        done = start
        for hint in _MAY_BEGIN.finditer(text, start, end):
            found = _CANDIDATE.match(text, hint.start(), end) if hint.start() >= done else None
            if found:
                done = found.end()
                yield found


def _by_place(text: str) -> Zone | None:
    """`heure de Paris`, `Beijing time`: the zone of the first place so named."""
    for match in islice(_TIME_OF.finditer(text), _MOST_CANDIDATES):
        named = (match.group("of") or match.group("city") or match.group("words")).lower().removeprefix("us ")
        words = _OF_THE_YEAR.sub("", named)
        region = "Europe/Moscow" if words.startswith("московск") else _PLACES.get(words)
        if region:
            return None, None, region
    return None


def _is_subject_of(before: str) -> bool:
    """Right before a zone stands a word for times, and no digit between them."""
    ends = [subject.end() for subject in _SUBJECT.finditer(before)]
    return any(len(before) - end <= _REACH and not _DIGIT.search(before, end) for end in ends)


def _of_name(name: str | None, local: datetime) -> timedelta | None:
    if not name:
        return None
    key = name.upper()
    if key == "ALMT" and local < _ALMATY_MOVED:
        return timedelta(hours=6)
    hours = _HOURS.get(key)
    return None if hours is None else timedelta(hours=hours)


def _of_digits(offset: str) -> timedelta | None:
    sign = 1 if offset[0] == "+" else -1
    digits = offset[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    if hours > 14 or minutes > 59:
        return None
    return sign * timedelta(hours=hours, minutes=minutes)


def _of_region(region: str, local: datetime) -> timedelta | None:
    try:
        return ZoneInfo(region).utcoffset(local.replace(tzinfo=None))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
