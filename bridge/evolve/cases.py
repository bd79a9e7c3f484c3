"""How a case is filed: opened, joined by later complaints, moved on. Its part of `bridge.evolve`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bridge.decide.incidents import file_incident
from bridge.events import ComplaintReceived, CustomerReplied
from bridge.model import CaseRecord, DuplicateRecord, Record
from bridge.repeated import one_opening, one_row, tally_keys
from bridge.routing import Part
from bridge.state import Case, Client, Opening, Service


def _case(state: Client, part: Part, record: CaseRecord) -> None:
    known = state.cases.get(record.case or "")
    if record.status == "opened" and isinstance(part.event, ComplaintReceived):
        _opened(state, part, part.event, record, known)
        return
    if known is None:
        return
    was_counted = known.counted
    known.status = record.status
    if record.status in ("resolved", "dismissed", "closed"):
        known.found_at = record.at
        known.notice = known.notice if record.status != "dismissed" else None
    if record.status == "resolved":
        known.remediated = True
    if record.status == "awaiting_staff" and isinstance(part.event, CustomerReplied):
        known.replied = True
    if was_counted and not known.counted:
        _uncount(state.services[known.service], known)


def _opened(state: Client, part: Part, event: ComplaintReceived, record: CaseRecord, known: Case | None) -> None:
    service = state.services[record.service or ""]
    held = next(item for item in part.held if item.service == service.id)
    opening = Opening(
        record.category, record.group, record.basis.policy, record.basis.version, event.severity, event.deliberate,
        record.complete, record.new_target, record.counts,
    )  # fmt: skip
    case = Case(
        id=record.case or "",
        service=service.id,
        opening=one_opening(opening),
        status="opened",
        strike=record.strike,
        strike_of_group=record.tallies[0],
        strike_of_category=record.tallies[1],
        opened_at=known.opened_at if known else record.at,
        counted_at=record.at,
        reporter=event.reporter,
        ips=one_row(held.ips),
        targets=event.targets,
    )
    state.cases[case.id] = case
    if known is None:
        service.cases.append(case.id)
        file_incident(state, service, case, event, held)
    else:
        _goes_on(case, known)
    if case.counted:
        service.strikes.append(case.id)
        for key in tally_keys(case.group, case.category):
            service.tally[key] = service.tally.get(key, 0) + 1


def _goes_on(case: Case, known: Case) -> None:
    """A case that was opened incomplete keeps what it had."""
    case.ips = one_row(tuple(dict.fromkeys((*known.ips, *case.ips))))
    case.targets = tuple(dict.fromkeys((*known.targets, *case.targets)))
    case.complaints = known.complaints
    case.notice, case.requested, case.asked = known.notice, known.requested, known.asked
    if known.rarely.done_once:
        case.rarely = case.rarely._replace(done_once=known.rarely.done_once)


def _uncount(service: Service, case: Case) -> None:
    if case.id in service.strikes:
        service.strikes.remove(case.id)
        for key in tally_keys(case.group, case.category):
            service.tally[key] -= 1


def _duplicate(state: Client, part: Part, record: DuplicateRecord) -> None:
    event = part.event
    case = state.cases.get(record.case or "")
    if case is None or not isinstance(event, ComplaintReceived):
        return
    service = state.services[case.service]
    held = next(item for item in part.held if item.service == service.id)
    case.complaints += 1
    case.ips = tuple(dict.fromkeys((*case.ips, *held.ips)))
    case.targets = tuple(dict.fromkeys((*case.targets, *event.targets)))
    file_incident(state, service, case, event, held)


CASE_FOLDS: Mapping[type[Record], Callable[[Client, Part, Any], None]] = {
    CaseRecord: _case,
    DuplicateRecord: _duplicate,
}
