"""The messages that complaints came in: which of them may not be shown to anybody, and which may not be removed.

A message with a report about child abuse is held by reference and digest alone. One whose case is to be preserved is
locked in the database itself: a trigger refuses to change or delete its bytes, whoever asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import and_, select

from bridge.categories import CHILD_ABUSE
from bridge.store.store import Unit
from bridge.store.tables import (
    actions,
    case_complaints,
    case_exhibits,
    cases,
    complaint_events,
    complaints,
    exhibits,
    reviews,
)
from bridge.withheld import reference, without_links

Json = Any


def withhold(unit: Unit, digest: str) -> None:
    """Nobody is shown this message or what was found in it."""
    unit.connection.execute(complaints.update().where(complaints.c.digest == digest).values(withheld=True))
    row = unit.connection.execute(select(reviews.c.id, reviews.c.found).where(reviews.c.digest == digest)).first()
    if row is not None:
        found = orjson.dumps(bare(orjson.loads(row.found))).decode()
        unit.connection.execute(reviews.update().where(reviews.c.id == row.id).values(found=found))


def is_withheld(unit: Unit, digest: str) -> bool:
    return bool(unit.connection.execute(select(complaints.c.withheld).where(complaints.c.digest == digest)).scalar())


def bare(found: Mapping[str, Json]) -> dict[str, Json]:
    """What was found for a review, without the words of the message."""
    incidents = [
        {
            **incident,
            "urls": [],
            "domains": [],
            "occurred_text": "",
            "event": _bare_event(incident["event"]),
        }
        for incident in found["incidents"]
    ]
    return {**found, "subject": "", "notes": [], "seen": [], "text": "", "incidents": incidents}


def _bare_event(event: Mapping[str, Json]) -> dict[str, Json]:
    kept = {name: value for name, value in event.items() if name not in ("excerpt", "targets", "evidence")}
    if reporter := kept.get("reporter"):
        kept["reporter"] = {**reporter, "name": without_links(reporter["name"])}
    if report_id := kept.get("report_id"):
        kept["report_id"] = reference(report_id)
    return kept


def took_in(unit: Unit, event: str, category: str, digest: str) -> None:
    """An event was read from this message: withheld by its category, locked where its case is to be preserved."""
    if category in CHILD_ABUSE:
        withhold(unit, digest)
    joined = select(case_complaints.c.case).where(case_complaints.c.event == event)
    if any(is_preserved(unit, case) for case in unit.connection.execute(joined).scalars().all()):
        _lock(unit, complaints.c.digest == digest)


def is_preserved(unit: Unit, case: str) -> bool:
    """Whether the evidence of a case is locked."""
    lasting = and_(actions.c.case == case, actions.c.action == "preserve_evidence", _in_force())
    return unit.connection.execute(select(actions.c.id).where(lasting).limit(1)).first() is not None


def preserve(unit: Unit, case: str) -> None:
    """Lock every message of the case, and every file given in it."""
    given = select(case_exhibits.c.digest).where(case_exhibits.c.case == case)
    unlocked = and_(exhibits.c.digest.in_(given), exhibits.c.preserved.is_(False))
    unit.connection.execute(exhibits.update().where(unlocked).values(preserved=True))
    read = select(complaint_events.c.digest).join(case_complaints, case_complaints.c.event == complaint_events.c.event)
    _lock(unit, complaints.c.digest.in_(read.where(case_complaints.c.case == case)))


def is_about_child_abuse(unit: Unit, case: str) -> bool:
    category = unit.connection.execute(select(cases.c.category).where(cases.c.id == case)).scalar()
    return category in CHILD_ABUSE


def _in_force() -> Any:
    return and_(actions.c.state == "done", actions.c.simulated.is_(False))


def _lock(unit: Unit, which: Any) -> None:
    unlocked = and_(which, complaints.c.preserved.is_(False))
    unit.connection.execute(complaints.update().where(unlocked).values(preserved=True))
