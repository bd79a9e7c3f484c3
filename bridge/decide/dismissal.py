"""A case that turns out to be none (G3): everything it did is undone."""

from __future__ import annotations

from bridge.decide.deposits import left_to_another, undo_forfeiture
from bridge.decide.draft import Draft
from bridge.decide.ledger import waive
from bridge.model import Basis, MarkRecord
from bridge.state import Case, Charge, Pending, Service


def dismiss(draft: Draft, case: Case, basis: Basis) -> None:
    """Strike void, deadlines ended, proposals cancelled, holds and bars ended, charges waived, the mark restored."""
    services = touched(draft, case)
    service = draft.service(case.service)
    left = left_to_another(draft, service, case) if service is not None else None
    draft.end_deadlines(timer for timer in draft.timers_of(case) if left is None or timer.charge != left)
    given_up = [*_pending(draft, case), *_joined(draft, services, case)]
    draft.withdraw([item.id for item in given_up if item.id != left and not _others_demand(draft, item, case)], basis)
    draft.case_status(case, "dismissed", basis)
    for member in services:
        draft.end_holds(member, [hold for hold in member.holds.values() if hold.case == case.id])
    for charge in _charges(draft, case):
        if charge.status in ("open", "paid") and charge.id != left:
            waive(draft, charge, "The case it was charged for is dismissed.")
    if service is not None:
        undo_forfeiture(draft, service, case)
    for member in services:
        restore_refund(draft, member, case)


def touched(draft: Draft, case: Case) -> list[Service]:
    """The service the case is about, then the others that are held or marked because of it."""
    services = (draft.service(service) for service in (case.service, *case.rarely.elsewhere))
    return [service for service in services if service is not None]


def _pending(draft: Draft, case: Case) -> list[Pending]:
    """What the case is waiting for, and a deposit that an earlier one asked for and left to it."""
    waiting = [item for item in draft.state.pending.of_case(case.id) if item.action not in _UNDOING]
    shared = draft.state.pending.get(case.deposit)
    return waiting if shared is None or shared in waiting else [*waiting, shared]


def _joined(draft: Draft, services: list[Service], case: Case) -> list[Pending]:
    """Terminations that an earlier case proposed and that this one demanded too."""
    holds = [hold for member in services for hold in member.holds.values() if hold.case == case.id]
    found = (draft.state.pending.get(hold.proposal) for hold in holds if hold.proposal is not None)
    return [item for item in found if item is not None and item.case != case.id and not item.withdrawn]


def _others_demand(draft: Draft, item: Pending, case: Case) -> bool:
    """Whether a termination stays proposed: the customer asked for it, or another case, not dismissed, demands it."""
    service = draft.service(item.service) if item.action == "terminate_service" else None
    if service is None:
        return False
    cases = {item.case, *(hold.case for hold in service.holds.values() if hold.proposal == item.id)}
    return any(name is None or (name != case.id and draft.state.cases[name].status != "dismissed") for name in cases)


def _charges(draft: Draft, case: Case) -> list[Charge]:
    own = list(draft.state.charges.of_case(case.id))
    shared = draft.state.charges.get(case.deposit)
    return own if shared is None or shared in own else [*own, shared]


_UNDOING = frozenset({"unsuspend_service", "unblock_network", "lift_bar", "waive_charge"})
"""What of a case's pending actions itself undoes something, and stays."""


def restore_refund(
    draft: Draft, service: Service, case: Case, because: str = "The case that the mark rested on is dismissed."
) -> bool:
    """The no-refund mark ends with the last case that it rests on; False where it rests on others alone."""
    mark = service.no_refund
    if mark is None or case.id not in mark.cases:
        return False
    basis = mark.basis._replace(because=because)
    draft.add(
        MarkRecord(
            at=draft.at, basis=basis, case=case.id, service=service.id, client=draft.state.id, status="ended",
            simulated=mark.simulated,
        )
    )  # fmt: skip
    if mark.cases == (case.id,) and not mark.caseless:
        draft.action("restore_refund", basis, service=service.id, case=case.id, own={"scope": "service"})
    return True
