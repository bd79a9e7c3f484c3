"""Times as mail and logs write them, found in text and placed in UTC as far as they say where they belong."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from bridge.intake import limits
from bridge.intake.text.sieve import Sieve
from bridge.intake.text.signs import in_lower_case
from bridge.intake.text.zones import ZONE, Zone, declared_zone, labelled_zone, offset_of

_MONTHS = {
    "jan": 1, "ene": 1, "gen": 1, "янв": 1, "sty": 1, "led": 1, "feb": 2, "fev": 2, "fév": 2, "фев": 2, "lut": 2,
    "mar": 3,
    "mär": 3, "maa": 3, "mrt": 3, "мар": 3, "apr": 4, "abr": 4, "avr": 4, "апр": 4, "kwi": 4, "may": 5, "mai": 5,
    "mei": 5,
    "mag": 5, "maj": 5, "мая": 5, "май": 5, "jun": 6, "giu": 6, "juin": 6, "июн": 6, "cze": 6, "jul": 7, "lug": 7,
    "juil": 7,
    "июл": 7, "lip": 7, "aug": 8, "ago": 8, "aoû": 8, "aou": 8, "авг": 8, "sie": 8, "sep": 9, "set": 9, "сен": 9,
    "wrz": 9,
    "oct": 10, "okt": 10, "out": 10, "ott": 10, "окт": 10, "paź": 10, "nov": 11, "ноя": 11, "lis": 11, "dec": 12,
    "dez": 12,
    "dic": 12, "déc": 12, "дек": 12, "gru": 12,
}  # fmt: skip
_MONTH = r"(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")[^\W\d_]{0,9}"
_CLOCK = r"(?P<h>\d{1,2})[:h](?P<i>\d{2})(?:[:m](?P<s>\d{2})(?:[.,]\d{1,9})?)?s?(?:\s?(?P<ap>[AaPp]\.?[Mm]\b\.?))?"
_CLOCK_AT_FIRST = _CLOCK.replace(r"\d{1,2}", r"\d(?<![\d.:]\d)\d?", 1)
_CLOCK_LABEL = (
    r"[\s>*-]{0,4}(?:time|uhrzeit|zeit|hora|heure|ora|godzina|czas|время|tijd|tid)"
    r"(?:\s\([^)\n]{1,12}\))?\s?[:=]\s{0,20}"
)
_JOIN = (
    rf"(?:\n{_CLOCK_LABEL}"
    r"|,?\s{1,2}time[=:]\s?\"?|\s{0,20}[T,;:@|\-]\s{0,20}|\s{1,4}"
    r"|\s?(?:at|um|à|às|as|alle|alle ore|ore|a las|zwischen|between|from|von|entre|dalle|ab|gegen|around|about|"
    r"o godz\.?|o godzinie|ve?|(?:г\.?|года)\sв|(?:г\.|года)|в|kl\.|om|-)\s)(?:(?:at|um|à|às|в)\s)?"
)


def _pattern(template: str) -> re.Pattern[str]:
    """A pattern with the parts that all of them share filled in.

    What must not stand before a date is asked behind its first digit: a pattern that begins with a digit is sought much
    faster than one that begins with a condition.
    """
    filled = template.replace("<CLOCK>", _CLOCK).replace("<CLOCK1>", _CLOCK_AT_FIRST)
    filled = filled.replace("<ZONE>", ZONE).replace("<JOIN>", _JOIN)
    return re.compile(filled.replace("<MONTH>", _MONTH), re.IGNORECASE)


_NUMERIC = _pattern(
    r"(?P<a>\d(?<![\d.:/-]\d)(?:\d{3}|\d?))(?P<sep>[-/]|\. ?)(?P<b>\d{1,2}|<MONTH>)(?P=sep)(?P<c>\d{4}"
    r"|\d{1,2})(?:<JOIN><CLOCK><ZONE>?(?!\d))"
)
_DAY_MONTH = _pattern(
    r"(?P<a>\d(?<![\d.:/-]\d)\d?)(?:st|nd|rd|th|\.|º)?[\s-]{1,3}(?:of\s"
    r"|de\s)?(?P<b><MONTH>)[.,]?[\s-]{1,3}(?:de\s|del\s)?(?P<c>\d{4}|\d{2}(?=\s\d\d:))"
    r"(?:<JOIN><CLOCK><ZONE>?(?!\d))"
)
_MONTH_DAY = _pattern(
    r"(?<![^\W_])(?P<b><MONTH>)\.?\s{1,3}(?P<a>\d{1,2})(?:st|nd|rd|th)?(?:,?\s{1,2}(?P<c>\d{4}),?)?(?:<JOIN><CLOCK>"
    r"<ZONE>?(?:\s(?P<y>(?:19|20)\d\d)\b)?(?!\d))"
)
_CLOCK_FIRST = _pattern(
    r"<CLOCK1>(?!:)<ZONE>?,?\s{1,2}(?:on\s|am\s|of\s|den\s)?(?:[A-Za-z]{2,9},?\s)?(?:the\s)?"
    r"(?:(?P<a>\d{4}|\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<c>\d{4}|\d{1,2})"
    r"|(?P<a2>\d{1,2})(?:st|nd|rd|th)?\s(?P<b2><MONTH>),?\s(?P<c2>\d{4}))(?!\d)"
)
_EAST_ASIAN = re.compile(
    r"(?P<c>(?:19|20)\d\d)\s?[年년]\s?(?P<b>\d{1,2})\s?[月월]\s?(?P<a>\d{1,2})\s?[日号號일](?:\s?[(（][^)）\n]{1,4}[)）])?,?\s{0,3}"
    r"(?:(?P<half>午前|午後|上午|下午|오전|오후)\s?)?(?P<h>\d{1,2})\s?[:：時时点點시]\s?(?P<i>\d{1,2})?\s?[:：分분]?"
    r"\s?(?P<s>\d{1,2})?\s?[秒초]?" + ZONE + "?"
)
_COMPACT = re.compile(
    r"(20(?<![\w.]20)[0-4]\d)([01]\d)([0-3]\d)[T_ -]?([0-2]\d)([0-5]\d)([0-5]\d)(Z?)(?![\w@]|[.-][\w.-]{1,60}@)"
)
"""What goes on to an @ is the number of a message."""
_EPOCH = re.compile(r"1[3-9]\d{8}(?:\.\d{1,6}|\d{3})?(?=[\s\]\",;|)]|$)", re.MULTILINE)
_BEFORE_EPOCH = re.compile(
    r"(?:(?<![?&])(?:time(?:stamp)?|epoch|unix\w{0,8}|date|ts|seen|start|end)\W{1,4}|^|[\[\"|;,\t])$", re.IGNORECASE
)
"""A label or the end of a column; what fills its line alone is the rest of a link, and so is a link's own `?time=`."""
_DATE_OF_DIGITS = _pattern(
    r"(?P<a>\d(?<![\d.:/\w-]\d)(?:\d{3}|\d?))(?P<sep>[-/.])(?P<b>\d{1,2}|<MONTH>)(?P=sep)(?P<c>\d{4}|\d{1,2})"
    r"(?![\d.:]?\d|\w)"
)
_DATE_BY_DAY = _pattern(
    r"(?P<a>\d(?<![\d.:/\w-]\d)\d?)(?:st|nd|rd|th|\.)?\s(?:of\s|de\s)?(?P<b><MONTH>),?\s(?:de\s)?(?P<c>\d{4})"
    r"(?![\d.:]?\d|\w)"
)
_DATE_BY_MONTH = _pattern(
    r"(?<![\d.:/\w-])(?P<b><MONTH>)\.?\s(?P<a>\d{1,2})(?:st|nd|rd|th)?,?\s(?P<c>\d{4})(?![\d.:]?\d|\w)"
)
_MONTH_NAMES = Sieve([(re.compile("|".join(_MONTHS)), True)])
_CLOCK_HINTS = (re.compile(r":(?<=\d:)\d\d(?::\d\d)?"), re.compile(r"h(?<=\dh)\d\d"))
_YEAR_HINTS = (re.compile(r"20(?<!\d20)\d\d(?!\d)"), re.compile(r"19(?<!\d19)\d\d(?!\d)"))
_DAY_HINTS = (re.compile(r"[/.-](?<=\d.)\d\d(?!\d)"),)
"""What clocks, years and days have behind their first number or figure: logs are full of digits, and where a pattern
begins with another character it is sought much faster."""
_ISO = re.compile(r"(?:19|20)\d\d-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?")
_OF_MAIL = re.compile(r"(?:[A-Z][a-z]{2},? {1,2})?(?=\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? [+-]\d{4}(?!\d))")
_WRAPPED = 3
"""A clock so near the beginning of its line may belong to the date that ends the line before; a labelled one, too."""
_LABELLED_CLOCK = re.compile(_CLOCK_LABEL + r"\d{1,2}", re.IGNORECASE)
_EARLIEST = 1995
_LATEST_AHEAD = timedelta(days=2)


class Stamp(NamedTuple):
    """A time found in text.

    at        aware UTC
    zoned     the zone was written beside it, declared in the text, or fixed by the format
    has_time  False for a date alone: `at` is then its midnight
    """

    at: datetime
    text: str
    start: int
    end: int
    zoned: bool
    has_time: bool = True

    @property
    def is_certain(self) -> bool:
        """Whether it names one moment, and not only a day or what a clock of an unknown zone showed."""
        return self.zoned and self.has_time


@dataclass(frozen=True)
class TimeFrame:
    """What is known beside a time: when the message was sent (aware UTC), its sender's offset, a declared zone."""

    sent: datetime
    sender_offset: timedelta = timedelta(0)
    declared: Zone | None = None

    def declaring(self, text: str) -> TimeFrame:
        """The same frame with the zone that `text` declares, if it declares one."""
        found = declared_zone(text)
        return TimeFrame(self.sent, self.sender_offset, found) if found else self


def find_times(text: str, frame: TimeFrame) -> list[Stamp]:
    """Every time in the text, in its order; where two readings overlap, the one that starts first and is longer."""
    months = sorted(set(_MONTH_NAMES.signs_in(in_lower_case(text))))
    timed = _apart((*_written_with_clock(text, months, frame), *_run_together(text, frame), *_epochs(text, frame)))
    return _apart((*timed, *_dates_alone(text, months, frame, timed)))


def _apart(found: Iterable[Stamp]) -> list[Stamp]:
    kept: list[Stamp] = []
    end = -1
    for stamp in sorted(found, key=lambda stamp: (stamp.start, -stamp.end)):
        if stamp.start >= end:
            kept.append(stamp)
            end = stamp.end
    return kept


def read_time(text: str, frame: TimeFrame) -> Stamp | None:
    """The one time that a field such as `Date:` holds; None if it holds none."""
    bounded = text[:120].strip()
    plain = _plain(bounded, frame)
    if plain is not None:
        return plain
    if re.fullmatch(r"\s*1[3-9]\d{8}(?:\.\d+)?\s*", bounded):
        return _stamp_of_epoch(int(bounded.strip()[:10]), bounded, 0, len(bounded))
    return next(iter(find_times(bounded, frame)), None)


def _plain(text: str, frame: TimeFrame) -> Stamp | None:
    """The common spellings of machines and of mail, read fast; None for any other."""
    by_mail = _OF_MAIL.match(text)
    if by_mail:
        match = _DAY_MONTH.match(text, by_mail.end())
        return _placed(match, frame) if match else None
    if not _ISO.fullmatch(text):
        in_figures = _NUMERIC.fullmatch(text)
        return _placed(in_figures, frame) if in_figures else None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.tzinfo is not None:
        return Stamp(at.astimezone(UTC), text, 0, len(text), zoned=True)
    offset = offset_of(*frame.declared, at) if frame.declared else None
    if offset is None:
        return None
    return Stamp((at - offset).replace(tzinfo=UTC), text, 0, len(text), zoned=True)


def _epochs(text: str, frame: TimeFrame) -> Iterator[Stamp]:
    """Seconds since 1970, where something says that they are that."""
    for match in _EPOCH.finditer(text):
        before = text[max(0, match.start() - 20) : match.start()].rpartition("\n")[2]
        if not _BEFORE_EPOCH.search(before) or not (before or text[match.end() : match.end() + 1].strip("\n")):
            continue
        stamp = _stamp_of_epoch(int(match.group()[:10]), match.group()[:10], match.start(), match.end())
        if stamp.at <= frame.sent + _LATEST_AHEAD:
            yield stamp


def _dates_alone(text: str, months: Sequence[int], frame: TimeFrame, timed: Sequence[Stamp]) -> Iterator[Stamp]:
    """Dates without a clock, sought where a year stands outside the times that are known already."""
    ends = [stamp.end for stamp in timed]
    years = sorted([*_places(_YEAR_HINTS, text), *_places(_DAY_HINTS, text, -1)])[: limits.TIMES]
    hints = [hint for hint in years if not _is_within(hint, timed, ends)]
    for match in _in_lines(hints, text, months, (_DATE_OF_DIGITS, _DATE_BY_DAY, _DATE_BY_MONTH)):
        local = _date(match, frame)
        if local:
            yield Stamp(local.replace(tzinfo=UTC), match.group(0), match.start(), match.end(), False, has_time=False)


def _places(hints: Iterable[re.Pattern[str]], text: str, shift: int = 0) -> list[int]:
    """Where the first of them match."""
    found = [match.start() + shift for hint in hints for match in islice(hint.finditer(text), limits.TIMES)]
    return sorted(found)[: limits.TIMES]


def _is_within(place: int, timed: Sequence[Stamp], ends: Sequence[int]) -> bool:
    following = bisect_right(ends, place)
    return following < len(timed) and timed[following].start <= place


def _in_lines(
    hints: Iterable[int],
    text: str,
    months: Sequence[int],
    patterns: tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]],
) -> Iterator[re.Match[str]]:
    """What the patterns match in the lines in which there are hints. `months` is where names of months stand: without
    one in its line neither the second pattern can match nor the third, which begins with it."""
    by_digits, by_day, by_month = patterns
    for start, end in _lines_with(hints, text):
        yield from by_digits.finditer(text, start, end)
        named = months[bisect_left(months, start) : bisect_left(months, end)]
        if named:
            yield from by_day.finditer(text, start, end)
            yield from filter(None, (by_month.match(text, at, end) for at in named))


def _written_with_clock(text: str, months: Sequence[int], frame: TimeFrame) -> Iterator[Stamp]:
    clocks = _places(_CLOCK_HINTS, text, -1)
    dated_first = [*_in_lines(clocks, text, months, (_NUMERIC, _DAY_MONTH, _MONTH_DAY))]
    dated = [stamp for stamp in (_placed(match, frame) for match in dated_first) if stamp]
    yield from dated
    known = _apart(dated)
    ends = [stamp.end for stamp in known]
    for clock in clocks:
        match = None if _is_within(clock, known, ends) else _dated_behind(text, clock)
        stamp = _placed(match, frame) if match else None
        if stamp:
            yield stamp
    if "年" in text or "년" in text:
        for match in _EAST_ASIAN.finditer(text):
            stamp = _placed_in_east_asia(match, frame)
            if stamp:
                yield stamp


def _dated_behind(text: str, at: int) -> re.Match[str] | None:
    """The clock, of which `at` is the last digit of the hour, and the date that follows it in its line."""
    end = text.find("\n", at)
    return _CLOCK_FIRST.match(text, at - text[at - 1 : at].isdigit(), len(text) if end < 0 else end)


def _run_together(text: str, frame: TimeFrame) -> Iterator[Stamp]:
    """`20241108T143210Z`: digits without anything between them."""
    for match in _COMPACT.finditer(text):
        year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
        local = _datetime(year, month, day, hour, minute, second)
        if local:
            yield _in_zone(local, match, ("UTC", None, None) if match.group(7) else None, frame)


def _lines_with(hints: Iterable[int], text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each line in which there are hints: the long patterns look nowhere else."""
    end = 0
    for hint in hints:
        if hint < end:
            continue
        start = text.rfind("\n", 0, hint) + 1
        wrapped = hint - start < _WRAPPED or _LABELLED_CLOCK.fullmatch(text, start, hint + 1)
        if wrapped and text[start - 2 : start - 1].isdigit():
            start = text.rfind("\n", 0, start - 1) + 1
        end = text.find("\n", hint)
        end = len(text) if end < 0 else end
        yield start, end


def _placed(match: re.Match[str], frame: TimeFrame) -> Stamp | None:
    day = _date(match, frame)
    hour, minute, second = int(match.group("h")), int(match.group("i")), int(match.group("s") or 0)
    half = (match.group("ap") or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    local = _datetime(day.year, day.month, day.day, hour, minute, second) if day else None
    if local is None:
        return None
    zone = (match.group("name"), match.group("offset"), match.group("region"))
    return _in_zone(local, match, zone if any(zone) else labelled_zone(match.string, match.start()), frame)


def _placed_in_east_asia(match: re.Match[str], frame: TimeFrame) -> Stamp | None:
    """`2024年11月8日 14時32分`: year, month and day are named, no order has to be guessed."""
    hour = int(match.group("h"))
    if hour <= 12 and match.group("half"):
        hour = hour % 12 + (12 if match.group("half") in ("午後", "下午", "오후") else 0)
    day = int(match.group("c")), int(match.group("b")), int(match.group("a"))
    local = _datetime(*day, hour, int(match.group("i") or 0), int(match.group("s") or 0))
    zone = (match.group("name"), match.group("offset"), match.group("region"))
    return _in_zone(local, match, zone if any(zone) else None, frame) if local else None


def _in_zone(local: datetime, match: re.Match[str], zone: Zone | None, frame: TimeFrame) -> Stamp:
    """In its own zone, else the declared one, else the sender's, moved where that would put it after the message."""
    for candidate in (zone, frame.declared):
        offset = offset_of(*candidate, local) if candidate else None
        if offset is not None:
            return Stamp(
                (local - offset).replace(tzinfo=UTC), match.group(0).strip(), match.start(), match.end(), zoned=True
            )
    at = (local - frame.sender_offset).replace(tzinfo=UTC)
    ahead = at - frame.sent
    if timedelta(minutes=5) < ahead < timedelta(hours=15):
        half_hours = -(-ahead // timedelta(minutes=30))
        at -= half_hours * timedelta(minutes=30)
    return Stamp(at, match.group(0).strip(), match.start(), match.end(), zoned=False)


def _date(match: re.Match[str], frame: TimeFrame) -> datetime | None:
    """The calendar day; of several readings of 03/04/05 the one nearest before the message."""
    groups = match.groupdict()
    a = groups.get("a") or groups.get("a2")
    b = groups.get("b") or groups.get("b2")
    c = groups.get("c") or groups.get("c2") or groups.get("y")
    if a is None or b is None:
        return None
    if not b.isdigit():
        month = _month(b)
        if len(a) == 4:
            return _datetime(int(a), month, int(c or 0))
        return _datetime(_year(c), month, int(a)) if c else _year_from_frame(month, int(a), frame)
    if c is None:
        return None
    readings = [day for day in _numeric_readings(a, b, c, groups.get("sep") or "") if day]
    return min(readings, key=lambda day: _implausibility(day, frame), default=None)


def _numeric_readings(a: str, b: str, c: str, separator: str) -> list[datetime | None]:
    x, y, z = int(a), int(b), int(c)
    if len(a) == 4:
        return [_datetime(x, y, z)]
    if len(c) == 4 and separator.startswith("."):
        return [_datetime(z, y, x), _datetime(z, x, y) if y > 12 else None]
    if len(c) == 4:
        return [_datetime(z, y, x), _datetime(z, x, y)]
    return [_datetime(2000 + z, y, x), _datetime(2000 + x, y, z), _datetime(2000 + z, x, y)]


def _implausibility(day: datetime, frame: TimeFrame) -> float:
    distance = (frame.sent.replace(tzinfo=None) - day).total_seconds()
    return distance if distance > -2 * 86400 else -distance * 50


def _year_from_frame(month: int, day: int, frame: TimeFrame) -> datetime | None:
    """A log line without a year: the last such day that is not after the message."""
    sent = (frame.sent + _LATEST_AHEAD).replace(tzinfo=None)
    for year in (sent.year, sent.year - 1, sent.year - 2, sent.year - 3, sent.year - 4):
        local = _datetime(year, month, day)
        if local and local <= sent:
            return local
    return None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _month(name: str) -> int:
    lowered = name.lower()
    return _MONTHS.get(lowered[:4]) or _MONTHS.get(lowered[:3], 0)


def _datetime(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime | None:
    if not (_EARLIEST <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31 and hour <= 24 and minute <= 59):
        return None
    try:
        return datetime(year, month, day, hour % 24, minute, min(second, 59)) + timedelta(days=hour // 24)
    except ValueError:
        return None


def _stamp_of_epoch(seconds: int, text: str, start: int, end: int) -> Stamp:
    return Stamp(datetime.fromtimestamp(seconds, UTC), text.strip(), start, end, zoned=True)
