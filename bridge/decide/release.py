"""When a hold's own end has come: what `until` names has happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from bridge.decide.draft import Draft, placed_last
from bridge.model import Basis
from bridge.policy.verbs import CHARGED_BY
from bridge.state import DEPOSIT, Case, Hold, Service

Json = Any


class _Planned(NamedTuple):
    """A hold that an action on its way will place, as far as its end goes."""

    until: tuple[tuple[str, ...], ...]
    case: str | None
    ip: str | None
    charge: str | None

    @staticmethod
    def by(plan: Mapping[str, Json]) -> _Planned:
        until = tuple(tuple(group) for group in plan["until"])
        return _Planned(until, plan["case"], plan.get("ip"), plan["charge"])


def end_satisfied(draft: Draft, service_id: str | None) -> None:
    """End every hold of the service whose `until` is met now; what was still to place such holds is withdrawn."""
    service = draft.service(service_id)
    if service is None:
        return
    _withdraw_satisfied(draft, service)
    ended = [hold for hold in service.holds.values() if hold.ended is None and _is_met(draft, hold)]
    draft.end_holds(service, ended, under=_clause_of_release(draft, service, ended))


def _clause_of_release(draft: Draft, service: Service, ended: list[Hold]) -> Basis | None:
    """Where a clause of its own sets the conditions that are met now, the release rests on that one."""
    if not ended:
        return None
    last = placed_last(ended)
    releases = draft.version_of(last.basis).releases
    for group in last.until if releases else ():
        if group in releases and all(_met(draft, last, fact) for fact in group):
            because = f"What clause {releases[group]} asks for before service {service.id} is released has happened."
            return last.basis._replace(clause=releases[group], because=because)
    return None


def _withdraw_satisfied(draft: Draft, service: Service) -> None:
    waiting = draft.state.pending_for(service.id, "suspend_service", "bar_unsuspension", "block_network")
    moot = [
        item.id
        for item in waiting
        if (plans := item.plan.get("holds")) and all(_is_met(draft, _Planned.by(plan)) for plan in plans)
    ]
    if moot:
        draft.withdraw(moot, draft.common("F", "What the action rests on has ended.", service=service))


def _is_met(draft: Draft, hold: Hold | _Planned) -> bool:
    return any(all(_met(draft, hold, fact) for fact in group) for group in hold.until)


def _met(draft: Draft, hold: Hold | _Planned, fact: str) -> bool:
    case = draft.state.cases.get(hold.case) if hold.case else None
    if fact == "remediated":
        return draft.happened("remediated", hold.case) or (case is not None and case.remediated)
    if fact == "not_culpable":
        return draft.happened("not_culpable", hold.case) or (case is not None and case.rarely.not_culpable)
    if fact == "listing_cleared":
        return _cleared(draft, hold)
    if fact == "paid":
        return _case_settled(draft, hold.case, *CHARGED_BY) if hold.charge is None else _is_settled(draft, hold.charge)
    if fact in _PAYMENTS:
        return _case_settled(draft, hold.case, _PAYMENTS[fact])
    if fact == "deposit_paid":
        return case is not None and _deposit_received(draft, case)
    if fact == "undertaking_signed":
        return case is not None and (case.undertaken or draft.happened("undertaking_signed", case.service))
    return False


def _cleared(draft: Draft, hold: Hold | _Planned) -> bool:
    """Of the barred address itself; a hold without one asks for any address of its case."""
    if hold.ip is not None:
        return draft.happened("listing_cleared", hold.ip)
    case = draft.state.cases.get(hold.case) if hold.case else None
    return case is not None and any(draft.happened("listing_cleared", ip) for ip in case.ips)


def _is_settled(draft: Draft, charge: str | None) -> bool:
    """Paid, cancelled or refunded; a charge that is not open any more keeps nobody suspended."""
    known = draft.state.charges.get(charge or "")
    return known is None or known.status != "open" or draft.happened("paid", charge)


def _deposit_received(draft: Draft, case: Case) -> bool:
    """The deposit that the case needs, or one asked for after it; one that was cancelled or refunded is not paid."""
    state = draft.state
    reached = case.deposit is not None and case.deposit not in state.charges and case.deposit not in state.pending
    for charge in state.charges.of_service(case.service):
        reached = reached or charge.id == case.deposit
        received = charge.status == "paid" or draft.happened("received", charge.id)
        if reached and received and charge.charge == DEPOSIT:
            return True
    return False


_PAYMENTS = {"fine_paid": "fine", "fee_paid": "fee"}


def _case_settled(draft: Draft, case: str | None, *kinds: str) -> bool:
    """Whatever the case was charged of these kinds is settled, and nothing of them is on its way."""
    if _is_charge_waiting(draft, case, *(CHARGED_BY[kind] for kind in kinds)):
        return False
    charges = [charge for charge in draft.state.charges.of_case(case) if charge.charge in kinds]
    return all(_is_settled(draft, charge.id) for charge in charges)


def _is_charge_waiting(draft: Draft, case: str | None, *actions: str) -> bool:
    return any(
        item.action in actions and not item.withdrawn and item.id not in draft.withdrawn
        for item in draft.state.pending.of_case(case)
    )
