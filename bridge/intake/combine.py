"""Exact readings before general ones: the best room's incidents, their gaps filled from the general reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bridge.categories import CHILD_ABUSE, UNCLASSIFIED
from bridge.intake import limits
from bridge.intake.general.reader import General
from bridge.intake.model import Incident, Reporter

_GUESSED_IP = 0.15


def combined(exact: Sequence[Incident], general: Incident | General) -> tuple[Incident, ...]:
    """Incidents of the room that claimed the message; at least one.

    One exact incident may borrow what it lacks; of many, each only what holds for the whole message.
    """
    if len(exact) == 1:
        return (_filled(exact[0], general),)
    kept: dict[tuple[object, ...], Incident] = {}
    for each in exact[: limits.INCIDENTS]:
        incident = _with_common(each, general)
        key = (incident.category, incident.ips, incident.networks, incident.urls, incident.domains)
        kept[key] = _earlier(incident, kept.get(key))
    return tuple(kept.values())


def _earlier(incident: Incident, known: Incident | None) -> Incident:
    """Of two that report the same the one that is dated earlier."""
    if known is None or (known.occurred_at is None and incident.occurred_at is not None):
        return incident
    if incident.occurred_at is not None and known.occurred_at is not None and incident.occurred_at < known.occurred_at:
        return incident
    return known


def _with_common(incident: Incident, general: Incident | General) -> Incident:
    category = incident.category
    if category == UNCLASSIFIED:
        category = general.category
    if category not in CHILD_ABUSE and category == incident.category and not _has_more(general):
        return incident
    return replace(
        incident,
        category=category,
        report_id=incident.report_id or general.report_id,
        deadline=incident.deadline or general.deadline,
        language=incident.language or general.language,
        urls=() if category in CHILD_ABUSE else incident.urls,
        targets=() if category in CHILD_ABUSE else incident.targets,
        excerpt="" if category in CHILD_ABUSE else incident.excerpt,
    )


def _has_more(general: Incident | General) -> bool:
    """It knows something that holds for the whole message."""
    return bool(general.report_id or general.deadline or general.language)


def _filled(incident: Incident, general: Incident | General) -> Incident:
    common = _with_common(incident, general)
    borrows = not (common.ips or common.networks) and bool(general.ips or general.networks)
    timed = common.occurred_at is not None
    return replace(
        common,
        ips=common.ips or general.ips,
        networks=common.networks or (general.networks if not common.ips else ()),
        urls=common.urls or (() if common.category in CHILD_ABUSE else general.urls if not common.ips else ()),
        domains=common.domains or (general.domains if not common.ips else ()),
        occurred_at=common.occurred_at or general.occurred_at,
        occurred_text=common.occurred_text if timed else general.occurred_text,
        time_certain=common.time_certain if timed else general.time_certain,
        severity="severe" if "severe" in (common.severity, general.severity) else "normal",
        excerpt="" if common.category in CHILD_ABUSE else common.excerpt or general.excerpt,
        evidence=common.evidence or general.evidence,
        complete=bool(
            common.ips
            or general.ips
            or common.networks
            or general.networks
            or common.urls
            or common.domains
            or general.domains
        ),
        confidence=round(common.confidence - (_GUESSED_IP if borrows else 0.0), 2),
    )


def dated(incident: Incident, sent: datetime) -> Incident:
    """Where no time is stated, the sender's Date stands in, marked as uncertain."""
    if incident.occurred_at is not None:
        return incident
    return replace(incident, occurred_at=sent, time_certain=False)


def reported_by(incident: Incident, reporter: Reporter) -> Incident:
    """With a reporter where the reading found none."""
    return incident if incident.reporter.address or incident.reporter.name else replace(incident, reporter=reporter)
