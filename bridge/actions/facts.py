"""What a letter may say of an action: facts by placeholder, out of the work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bridge.actions.errand import Errand
from bridge.categories import CHILD_ABUSE
from bridge.errors import InvalidInput
from bridge.letters import Fact
from bridge.queue import CaseFacts
from bridge.timeformat import parse_time

Json = Any


def letter_facts(errand: Errand, locale: str | None = None, **more: Fact) -> dict[str, Fact]:
    """Everything known; what a letter does not name is not used, what is not known stays empty.

    locale  of the reader: the clause in that language where the policy has it, else the original, marked as such
    """
    work = errand.work
    speaks = errand.letters.spoken(locale)
    says, says_in = work.says.to(speaks)
    facts: dict[str, Fact] = {
        "action": work.action,
        "client": work.client,
        "service": work.service.id if work.service else "",
        "policy": work.policy,
        "version": work.version,
        "clause": work.clause,
        "because": errand.letters.quoted(work.because, work.says.language, locale),
        "says": errand.letters.quoted(says, says_in, locale),
        "decided": "person" if work.approvals else "automatic",
        **_asked(errand, speaks),
    }
    if work.case is not None:
        facts |= _of_case(work.case)
    return facts | more


def _asked(errand: Errand, speaks: str) -> dict[str, Fact]:
    own = errand.work.own
    facts: dict[str, Fact] = {name: tuple(own[name]) for name in ("remedies", "advice", "conditions") if own.get(name)}
    if own.get("respond_by"):
        facts["respond_by"] = _time_in_words(own["respond_by"])
        facts["time_left"] = _time_left(errand, own["respond_by"], speaks)
    if own.get("reminder"):
        facts["notice_number"] = str(int(own["reminder"]) + 1)
    return facts


def _time_left(errand: Errand, until: Json, speaks: str) -> str:
    """From now, as the letter is written: whole hours, or days where there are many; empty once it is over."""
    try:
        left = parse_time(until, "respond_by") - errand.now
    except InvalidInput:
        return ""
    unit, name = (timedelta(days=1), "days") if left >= timedelta(days=4) else (timedelta(hours=1), "hours")
    count = round(left / unit)
    return errand.letters.word("length", name, speaks).replace("{n}", str(count)) if count > 0 else ""


def _of_case(case: CaseFacts) -> dict[str, Fact]:
    """The reporter is named by kind only; where material must not be copied, neither are the places it lies at."""
    return {
        "case": case.id,
        "category": case.category,
        "ips": case.ips,
        "targets": () if case.category in CHILD_ABUSE else case.targets,
        "reporter": case.reporter_kind,
        "received": shown(case.opened_at),
        "occurred": shown(case.occurred_at) if case.occurred_at else "",
        "measures": case.measures,
    }


def shown(moment: datetime) -> str:
    """For people: minutes, and the zone said."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _time_in_words(text: Json) -> str:
    try:
        return shown(parse_time(text, "respond_by"))
    except InvalidInput:
        return str(text)
