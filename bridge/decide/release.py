"""When a hold's own end has come: what `until` names has happened."""

from __future__ import annotations

from bridge.decide.draft import Draft
from bridge.state import Case, Hold


def end_satisfied(draft: Draft, service_id: str | None) -> None:
    """End every hold of the service whose `until` is met now."""
    service = draft.service(service_id)
    if service is None:
        return
    ended = [
        hold
        for hold in service.holds.values()
        if hold.ended is None and any(all(_met(draft, hold, fact) for fact in group) for group in hold.until)
    ]
    draft.end_holds(service, ended)


def _met(draft: Draft, hold: Hold, fact: str) -> bool:
    case = draft.state.cases.get(hold.case) if hold.case else None
    if fact == "remediated":
        return draft.happened("remediated", hold.case) or (case is not None and case.remediated)
    if fact == "not_culpable":
        return draft.happened("not_culpable", hold.case) or (case is not None and case.not_culpable)
    if fact == "listing_cleared":
        return _cleared(draft, hold, case)
    if fact == "paid":
        return _is_settled(draft, hold.charge)
    if fact == "fine_paid":
        return _fines_settled(draft, hold.case)
    return False


def _cleared(draft: Draft, hold: Hold, case: Case | None) -> bool:
    """Of the barred address itself; a hold without one asks for any address of its case."""
    if hold.ip is not None:
        return draft.happened("listing_cleared", hold.ip)
    return case is not None and any(draft.happened("listing_cleared", ip) for ip in case.ips)


def _is_settled(draft: Draft, charge: str | None) -> bool:
    """Paid, cancelled or refunded; a charge that is not open any more keeps nobody suspended."""
    known = draft.state.charges.get(charge or "")
    return known is None or known.status != "open" or draft.happened("paid", charge)


def _fines_settled(draft: Draft, case: str | None) -> bool:
    """No fine of the case is open, and none is on its way."""
    fines = [charge for charge in draft.state.charges.values() if charge.case == case and charge.charge == "fine"]
    waiting = any(
        item.case == case and item.action == "charge_fine" and not item.withdrawn and item.id not in draft.withdrawn
        for item in draft.state.pending.values()
    )
    return not waiting and all(_is_settled(draft, charge.id) for charge in fines)
