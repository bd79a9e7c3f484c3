"""An admin takes one action back: what it placed, charged or marked ends, and nothing else of its case does."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bridge.decide.cases import note
from bridge.decide.deposits import give_back_unless_settled
from bridge.decide.dismissal import restore_refund
from bridge.decide.draft import Draft
from bridge.decide.ledger import waive
from bridge.events import ActionUndone
from bridge.state import DEPOSIT, HELD, Hold, Service

_BECAUSE = "An admin took the action back."


def on_undone(draft: Draft, event: ActionUndone) -> None:
    """What is left of it ends as the policy ends it: holds release, charges are waived, marks are lifted."""
    service = draft.service(event.service)
    way = _WAYS.get(event.name)
    if service is None or way is None or not way(draft, service, event):
        note(draft, f"{event.name} was taken back; nothing of it stood any more.", service=event.service)


def _end_holds(draft: Draft, service: Service, event: ActionUndone) -> bool:
    """Those that the action placed: of its case and clause, and of its kind."""

    def placed_by_it(hold: Hold) -> bool:
        is_network = hold.scope == "network"
        return hold.case == event.case and hold.basis.clause == event.clause and is_network == blocks

    blocks = event.name == "block_network"
    placed = [hold for hold in service.holds.values() if hold.ended is None and placed_by_it(hold)]
    draft.end_holds(service, placed)
    return bool(placed)


def _waive(draft: Draft, service: Service, event: ActionUndone) -> bool:
    """The charge bears the id of the action that made it."""
    charge = draft.state.charges.get(event.action)
    if charge is None or charge.status not in ("open", "paid"):
        return False
    if charge.charge == DEPOSIT and charge.status == "paid":
        give_back_unless_settled(draft, charge, _BECAUSE)
    else:
        waive(draft, charge, _BECAUSE)
    return True


def _restore_refund(draft: Draft, service: Service, event: ActionUndone) -> bool:
    case = draft.state.cases.get(event.case) if event.case else None
    return case is not None and restore_refund(draft, service, case, _BECAUSE)


def _release_order(draft: Draft, service: Service, event: ActionUndone) -> bool:
    order = draft.state.orders.get(event.order or "")
    if order is None or order.status != HELD:
        return False
    basis = draft.common("F", _BECAUSE, service=service)
    draft.action("release_order", basis, service=service.id, own={"order": order.id})
    return True


_WAYS: Mapping[str, Callable[[Draft, Service, ActionUndone], bool]] = {
    "suspend_service": _end_holds,
    "bar_unsuspension": _end_holds,
    "block_network": _end_holds,
    "charge_fine": _waive,
    "charge_fee": _waive,
    "hold_deposit": _waive,
    "refuse_refund": _restore_refund,
    "hold_order": _release_order,
}

CAN_BE_UNDONE = frozenset(_WAYS)
"""Actions that an admin may take back one by one; what releases or gives back is not taken back, but decided anew."""
