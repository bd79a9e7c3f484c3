"""Deadlines that come due: silence, a remedy that did not come, a charge that was not paid."""

from __future__ import annotations

from bridge.decide.consequences import apply, matching, set_stage
from bridge.decide.draft import Draft
from bridge.decide.periods import TERMINATION, on_period_end
from bridge.events import DeadlineDue
from bridge.model import DeadlineEnded
from bridge.policy.facts import Facts
from bridge.policy.pack import Trigger
from bridge.state import Case, Timer

_TRIGGERS = {"reply": "no_reply", "remedy": "no_remedy", "evidence": "no_evidence"}


def on_deadline(draft: Draft, event: DeadlineDue) -> None:
    timer = draft.state.timers.get(event.deadline)
    if timer is None:
        return
    draft.add(DeadlineEnded(at=draft.at, basis=timer.basis, case=timer.case, client=draft.state.id, id=timer.id))
    if timer.for_ == "payment":
        _unpaid(draft, timer)
        return
    if timer.for_ == TERMINATION:
        on_period_end(draft, timer)
        return
    case = draft.state.cases.get(timer.case or "")
    if case is None or not case.is_open:
        return
    trigger = Trigger(_TRIGGERS[timer.for_], timer.stage)
    facts = _facts(draft, timer, case)
    demanded = 1 if timer.for_ == "remedy" and case.replied else 0
    apply(draft, facts, matching(facts, trigger), timer=timer, demanded=demanded)
    _set_next(draft, timer, case)


def _facts(draft: Draft, timer: Timer, case: Case | None) -> Facts:
    return Facts(
        event=draft.event,
        client=draft.state,
        service=draft.service(timer.service),
        version=draft.version_of(timer.basis),
        case=case,
        charge=draft.state.charges.get(timer.charge or ""),
    )


def _set_next(draft: Draft, timer: Timer, case: Case) -> None:
    """A notice that asks several times sets its next deadline as each one passes."""
    stages: list[int] = timer.plan["stages"] if timer.plan else []
    if timer.stage not in stages:
        return
    place = stages.index(timer.stage) + 1
    service = draft.service(timer.service)
    if place < len(stages) and service is not None and not draft.is_terminating(service.id):
        set_stage(draft, case, timer.basis, timer.for_, stages, place)


def _unpaid(draft: Draft, timer: Timer) -> None:
    charge = draft.state.charges.get(timer.charge or "")
    if charge is None or charge.status != "open":
        return
    facts = _facts(draft, timer, draft.state.cases.get(charge.case or ""))
    apply(draft, facts, matching(facts, Trigger("unpaid", charge.charge)))
