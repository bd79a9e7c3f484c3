"""What happens only when the paid time of a service ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bridge.decide.draft import Draft
from bridge.model import Basis
from bridge.state import Service, Timer
from bridge.timeformat import format_time

Json = Any

TERMINATION = "termination"


def ends_later(draft: Draft, service: Service) -> bool:
    """Whether the paid time is known to last beyond this instant."""
    return service.period_end is not None and service.period_end > draft.at


def end_with_period(draft: Draft, service: Service, basis: Basis, plan: Mapping[str, Json]) -> None:
    """Set the timer that terminates the service; one is enough.

    plan  erase, and the approval that the row demands
    """
    if not any(timer.for_ == TERMINATION for timer in draft.state.timers.of_service(service.id)):
        _set(draft, service, basis, plan)


def _set(draft: Draft, service: Service, basis: Basis, plan: Mapping[str, Json]) -> None:
    due = service.period_end
    if due is not None:
        key = f"{service.id}.{format_time(due)}"
        draft.deadline(TERMINATION, due, basis, key=key, case=None, service=service.id, plan=plan)


def on_period_end(draft: Draft, timer: Timer) -> None:
    """Terminate the service now, by the clause that said so; where it was paid for again meanwhile, later."""
    service = draft.service(timer.service)
    plan = timer.plan or {}
    if service is None or service.terminated or any(draft.state.pending_for(service.id, "terminate_service")):
        return
    if ends_later(draft, service):
        _set(draft, service, timer.basis, plan)
        return
    own = {"erase": plan["erase"]}
    draft.action("terminate_service", timer.basis, service=service.id, own=own, row=plan["approval"])
