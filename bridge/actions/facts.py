"""What a letter may say of an action: facts by placeholder, out of the work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bridge.actions.errand import Errand
from bridge.categories import CHILD_ABUSE
from bridge.errors import InvalidInput
from bridge.letters import Fact
from bridge.queue import CaseFacts
from bridge.timeformat import parse_time

Json = Any


def letter_facts(errand: Errand, **more: Fact) -> dict[str, Fact]:
    """Everything known; what a letter does not name is not used, what is not known stays empty."""
    work = errand.work
    facts: dict[str, Fact] = {
        "action": work.action,
        "client": work.client,
        "service": work.service.id if work.service else "",
        "policy": work.policy,
        "version": work.version,
        "clause": work.clause,
        "because": work.because,
        "says": work.says,
        "decided": "person" if work.approvals else "automatic",
        **_asked(work.own),
    }
    if work.case is not None:
        facts |= _of_case(work.case)
    return facts | more


def _asked(own: Mapping[str, Json]) -> dict[str, Fact]:
    facts: dict[str, Fact] = {name: tuple(own[name]) for name in ("remedies", "advice", "conditions") if own.get(name)}
    if own.get("respond_by"):
        facts["respond_by"] = _time_in_words(own["respond_by"])
    if own.get("reminder"):
        facts["notice_number"] = str(int(own["reminder"]) + 1)
    return facts


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
