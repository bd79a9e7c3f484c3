"""What is remembered of orders, refunds and the use of resources: their part of `bridge.evolve`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bridge.events import Event, OrderPlaced, RefundGranted, StaffAbused
from bridge.model import ExcessRecord, Record, VerdictRecord
from bridge.routing import Part
from bridge.state import HELD, REFUSED, RELEASED, Client, Excess, Order, Pending

# ---- orders ----


def _placed(state: Client, event: OrderPlaced) -> None:
    """Only asking whether one may be placed leaves nothing to remember."""
    if event.placed:
        state.orders.setdefault(event.order, Order(id=event.order)).placed = event


_ORDERS = {"hold_order": HELD, "release_order": RELEASED, "refuse_order": REFUSED}


def _order_done(state: Client, event: Event, pending: Pending) -> None:
    id_ = pending.own["order"]
    order = state.orders.setdefault(id_, Order(id=id_))
    order.status, order.simulated = _ORDERS[pending.action], pending.simulated


# ---- refunds ----


def _abused(state: Client, event: StaffAbused) -> None:
    state.staff_abused = True


TOLD_WITHIN = timedelta(hours=24)
"""A panel that tells of a refund of ours does so by then; what it tells of later is another one."""


def _refunded(state: Client, event: RefundGranted) -> None:
    """A refund that the panel tells of counts, unless it is ours, just made, and was counted when it was done."""
    service = state.services.get(event.service)
    if service is not None:
        service.refund_refused = None
    ours = state.refunds_untold.pop(event.service, ())
    untold = tuple(done for done in ours if event.at - done <= TOLD_WITHIN)
    if untold:
        state.refunds_untold[event.service] = untold[1:]
    else:
        state.refunds_granted += 1


def _answered(state: Client, part: Part, record: VerdictRecord) -> None:
    """What was last said about a refund of the service, where it was really said."""
    service = state.services.get(record.service or "")
    if service is not None and record.question == "refund" and record.would is None:
        service.refund_refused = record.basis if record.outcome == "refuse" else None


def _refund_done(state: Client, event: Event, pending: Pending) -> None:
    service = state.services.get(pending.service or "")
    if service is None or pending.simulated:
        return
    service.refund_granted_at = event.at
    state.refunds_granted += 1
    state.refunds_untold[service.id] = (*state.refunds_untold.get(service.id, ()), event.at)


# ---- the use of resources ----


def _excess(state: Client, part: Part, record: ExcessRecord) -> None:
    excess = state.services[record.service or ""].excess
    if record.status == "ended":
        excess.pop(record.metric, None)
    elif record.status == "started":
        excess[record.metric] = Excess(record.at, acted=False)
    elif record.metric in excess:
        excess[record.metric] = excess[record.metric]._replace(acted=True)


EVENT_FOLDS: Mapping[type[Event], Callable[[Client, Any], None]] = {
    OrderPlaced: _placed,
    StaffAbused: _abused,
    RefundGranted: _refunded,
}

RECORD_FOLDS: Mapping[type[Record], Callable[[Client, Part, Any], None]] = {
    ExcessRecord: _excess,
    VerdictRecord: _answered,
}

DONE_FOLDS: Mapping[str, Callable[[Client, Event, Pending], None]] = {
    "grant_refund": _refund_done,
    **dict.fromkeys(_ORDERS, _order_done),
}
"""By action, once it is done."""
