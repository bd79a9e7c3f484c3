"""What reaches beyond one service: marks and suspensions of all that a client has, and the end of the account."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.decide.draft import REMEDIED
from bridge.decide.occasion import Occasion
from bridge.model import AUTO, MarkRecord
from bridge.policy.pack import Verb
from bridge.state import Service


def reached(now: Occasion, verb: Verb) -> Iterator[Service]:
    """The service it is about or, where the row says `reach: client`, every living one; the one it is about first."""
    if now.service is not None:
        yield now.service
    if verb.params.get("reach") == "client":
        for service in now.draft.state.services.values():
            if service is not now.service and not service.terminated:
                yield service


# ---- suspension ----


def suspend_service(now: Occasion, verb: Verb) -> None:
    irrevocable: bool = verb.params.get("irrevocable", False)
    for service in reached(now, verb):
        if service.status == "pending" and service is not now.service:
            continue
        now.draft.suspend(
            now.basis,
            service,
            case=now.case,
            until=verb.params.get("until", () if irrevocable else REMEDIED),
            irrevocable=irrevocable,
            charge=now.facts.charge.id if now.facts.charge else None,
            row=verb.approval,
            demanded=now.demanded,
            rests_on=now.rests_on(),
        )


# ---- the no-refund mark ----


def refuse_refund(now: Occasion, verb: Verb) -> None:
    for service in reached(now, verb):
        _refuse_refund(now, verb, service)


def _refuse_refund(now: Occasion, verb: Verb, service: Service) -> None:
    draft = now.draft
    if draft.decided("refuse_refund", service.id, None):
        return
    draft.settle_once("refuse_refund", service.id)
    simulated = draft.rules.simulates(service.id)
    mark = service.no_refund
    if mark is not None and (simulated or not mark.simulated):
        _support_mark(now, service, simulated)
        return
    if any(draft.state.pending_for(service.id, "refuse_refund")):
        return
    granted = [item.id for item in draft.state.pending_for(service.id, "grant_refund")]
    draft.withdraw(granted, now.basis)
    action = now.act("refuse_refund", verb, {"scope": "service"}, service=service.id)
    if action.approval == AUTO or simulated:
        _support_mark(now, service, simulated)


def _support_mark(now: Occasion, service: Service, simulated: bool) -> None:
    """The mark rests on this case too, or on something that no finding dismisses."""
    now.draft.add(
        MarkRecord(
            at=now.draft.at,
            basis=now.basis,
            case=now.case_id,
            service=service.id,
            client=now.draft.state.id,
            status="placed",
            simulated=simulated,
        )
    )


# ---- the end of the account ----


def terminate_client(now: Occasion, verb: Verb) -> None:
    """Once; while it waits for an answer every service is held."""
    draft = now.draft
    if draft.state.closed or draft.decided("terminate_client", None, None):
        return
    if any(draft.state.pending_for(None, "terminate_client")):
        return
    draft.settle_once("terminate_client", None)
    living = [service for service in draft.state.services.values() if not service.terminated]
    action = draft.action("terminate_client", now.basis, case=now.case_id, row=verb.approval)
    for service in living:
        if draft.rules.at_once or action.simulated:
            draft.will_terminate_at_once(service.id)
        elif action.state == "proposed" and service.status != "pending":
            draft.suspend(now.basis, service, case=now.case, until=(), proposal=action.id)
