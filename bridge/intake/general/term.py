"""By when a writer wants an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain

from bridge.intake.text.sieve import Sought
from bridge.intake.text.times import Stamp, TimeFrame

BY = re.compile(
    r"(?:deadline|respond(?: to| by)?|answer|reply|resolve\w*|no later than|before|until"
    r"|\bby\b|frist|bis(?: zum| spätestens)?|spätestens|avant le|jusqu'au|au plus tard|antes d[eo]l?|hasta el|prazo"
    r"|plazo|entro il|uiterlijk|vóór|do dnia|nejpozději|до|не позднее|não mais tardar|due)[^\n.!?]{0,60}$",
    re.IGNORECASE,
)
_BY_AFTER = re.compile(r"\s?(?:之?前|以前|までに|まで|까지)")
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "five": 5, "seven": 7, "ten": 10, "fourteen": 14,
    "einem": 1, "einer": 1, "eines": 1, "zwei": 2, "drei": 3, "zehn": 10, "un": 1, "une": 1, "uno": 1, "um": 1,
    "deux": 2, "trois": 3, "dos": 2, "tres": 3, "dois": 2, "três": 3, "due": 2, "tre": 3, "двух": 2, "трех": 3,
    "трёх": 3,
}  # fmt: skip
_UNIT = (
    r"(?:(?P<hours>hours?|hrs?|h\b|stunden?|std|heures?|horas?|час\w*|ore\b|godzin\w*|uur\b|uren\b|hodin\w*|timmar"
    r"|timer)"
    r"|(?P<worked>(?:business|working|work)[ -]?days?|(?:werk|arbeits)tag\w*|jours? ouvr\w*|d[ií]as? (?:h[áa]biles?"
    r"|laborables?|[úu]teis)|рабочих дн\w*|giorni lavorativi|dni robocz\w*|werkdagen|pracovní\w{0,2} dn\w*)"
    r"|(?P<days>(?:calendar )?days?|tag\w{0,2}|jours?|d[ií]as?|дн\w*|сут\w*|giorn[io]|dni|dagen|dn[íůy]|dagar)"
    r"|(?P<weeks>weeks?|wochen?|semaines?|semanas?|недел\w*|settiman[ae]|tygodni\w*|weken))"
)
_NOT_PAST = r"(?!last|past|previous|letzte|vergangen|derni|[uú]ltim|ostatni|послед|ultim|afgelopen|posledn)"
_WITHIN = Sought(
    r"(?:within|innerhalb(?: von)?|binnen|in the next|en las pr[oó]ximas"
    r"|dans (?:les|un d[ée]lai de)|sous|dentro d[eo](?:s)?|em at[ée]|(?:prazo|plazo) (?:máximo )?de"
    r"|в течение|entro|w ci[aą]gu|inom|innen|během|deadline of|deadline:|frist(?: von)?:?)\s"
    r"(?:(?:the|der|des) (?:next|nächsten|following|folgenden)\s|maximum\s|at most\s|a maximum of\s|maximal\s)?"
    rf"(?:(?:(?P<word>{'|'.join(_NUMBERS)})\s"
    rf"|(?:{_NOT_PAST}[^\W\d_]+[ -]){{0,3}}\(?(?P<n>\d{{1,3}})\)?\s?(?:\([^)\n]{{1,30}}\)\s?)?){_UNIT}|(?P<one>суток))"
)
_IN_SO_MANY = re.compile(
    r"(?P<n>\d{1,3})\s?(?:(?P<hours>小时|小時|時間|시간|saat)|(?P<worked>个?工作日|營業日|営業日|영업일)|(?P<days>天|日|일|gün))"
    r"\s?(?:之?内|之?內|以内|이내|içinde|içerisinde)"
)
"""Where what is meant by it stands behind the number."""
_OF_THE_EVENT = re.compile(
    r"(?:\b(?:attempts|hits|connections|requests|packets|failures|logins|e?mails|messages|events|scans|times"
    r"|versuche\w*"
    r"|tentativ\w+|intentos|попыт\w*"
    r"|delist\w*|expires?|automatic\w*|lifted|lawsuit|court)"
    r"|\bwe(?:'ll|\s(?:will|shall|aim to|try to|usually|normally))\s(?:\w+\s)?(?:respond|reply|answer|get back))"
    r"\b[^.\n]{0,60}$",
    re.IGNORECASE,
)
"""So many attempts within an hour, or our own promise: not what anybody is asked for."""
_A_QUARTER = timedelta(days=92)
_FULL_YEAR = re.compile(r"\b(?:19|20)\d\d\b|[/.-]\d\d?[/.-]")
_REACH = 12_000
"""Characters in which a term is looked for."""
_WEEKEND = 5


def deadline(stamps: Sequence[Stamp], text: str, spoken: str, frame: TimeFrame) -> datetime | None:
    """A date after `until` or its like, or so many hours or days from the sending; a day without a clock ends it.

    spoken  the text without what is quoted of other mail: spam, too, hurries its readers
    """
    for stamp in stamps:
        at = _next_such_day(stamp, frame)
        if at <= frame.sent - timedelta(hours=1):
            continue
        before = text[max(0, stamp.start - 80) : stamp.start].rpartition("\n")[2]
        if BY.search(before) or _BY_AFTER.match(text, stamp.end):
            return at
    said = spoken[:_REACH]
    behind = () if said.isascii() else _IN_SO_MANY.finditer(said)
    for match in chain(_WITHIN.finditer(said), behind):
        if not _OF_THE_EVENT.search(said[max(0, match.start() - 90) : match.start()]):
            return _from_sending(match, frame)
    return None


def _from_sending(match: re.Match[str], frame: TimeFrame) -> datetime:
    found = match.groupdict()
    number = _NUMBERS[found["word"].lower()] if found.get("word") else int(found["n"] or 1)
    if found["hours"]:
        return (frame.sent + timedelta(hours=number)).astimezone(UTC)
    if found["worked"]:
        return _after_working_days(number, frame)
    return (frame.sent + timedelta(days=number * (7 if found.get("weeks") else 1))).astimezone(UTC)


def _after_working_days(number: int, frame: TimeFrame) -> datetime:
    """Saturdays and Sundays of the sender's calendar left out; what else is a holiday there nobody here knows."""
    day = frame.sent + frame.sender_offset
    while number > 0:
        day += timedelta(days=1)
        number -= day.weekday() < _WEEKEND
    return (day - frame.sender_offset).astimezone(UTC)


def _next_such_day(stamp: Stamp, frame: TimeFrame) -> datetime:
    """When the time, or the day that has none, is over; without its year the next in the year from the message on."""
    if not stamp.has_time:
        return stamp.at + timedelta(days=1, seconds=-1) - frame.sender_offset
    if stamp.at > frame.sent or _FULL_YEAR.search(stamp.text):
        return stamp.at
    years = (frame.sent - stamp.at).days // 365 + 1
    day = stamp.at.replace(day=28) if (stamp.at.month, stamp.at.day) == (2, 29) else stamp.at
    later = day.replace(year=day.year + years)
    return later if later - frame.sent < _A_QUARTER else stamp.at
