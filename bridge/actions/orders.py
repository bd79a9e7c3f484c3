"""Orders: held, released, refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridge.actions.errand import Errand
from bridge.actions.registry import Action, action, whom
from bridge.actions.step import Attempt, ByHand, Call, Impossible, Seen, Sight, Step
from bridge.letters import plain
from bridge.ports import BillingPanel, Capability, Order

Json = Any

_PENDING = frozenset({"pending"})
_ACTIVE = frozenset({"active"})
_REFUSED = frozenset({"cancelled", "fraud"})


@dataclass(frozen=True, kw_only=True)
class OrderAction(Action):
    """`order` is the panel's id of it."""

    order: str

    def by_hand(self, errand: Errand) -> str:
        what = self.name.replace("_", " the ")
        return f"{what.capitalize()} {plain(self.order, 40)} of {whom(errand)} by hand, then confirm here."


@action("hold_order", undo="release_order", needs={Capability.ORDER})
@dataclass(frozen=True, kw_only=True)
class HoldOrder(OrderAction):
    """Keep an order from being provisioned.

    order      which
    Done when  the panel shows it pending, or cancelled already. By hand where it is provisioned: the panel would only
               call running services pending.
    Source     interface 4; WHMCS PendingOrder, GetOrders.
    """

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (_SetOrder(self, _PENDING, lambda panel: panel.hold_order, "PendingOrder"),)


@action("release_order", undo=None, needs={Capability.ORDER})
@dataclass(frozen=True, kw_only=True)
class ReleaseOrder(OrderAction):
    """Let an order go on; what is provisioned by it is a service like any other, so nothing undoes it.

    order      which
    Done when  the panel shows it active. One that was cancelled meanwhile cannot be released.
    Source     interface 4; WHMCS AcceptOrder, GetOrders.
    """

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (_SetOrder(self, _ACTIVE, lambda panel: panel.release_order, "AcceptOrder"),)


@action("refuse_order", undo=None, needs={Capability.ORDER})
@dataclass(frozen=True, kw_only=True)
class RefuseOrder(OrderAction):
    """Cancel an order; the customer orders anew, so nothing undoes it.

    order      which
    Done when  the panel shows it cancelled or as fraud. By hand where it is provisioned: its services would run on.
    Source     interface 4; WHMCS CancelOrder, GetOrders.
    """

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (_SetOrder(self, _REFUSED, lambda panel: panel.refuse_order, "CancelOrder"),)


@dataclass(frozen=True)
class _SetOrder(Step):
    action: OrderAction
    wanted: frozenset[str]
    door: Callable[[BillingPanel], Callable[[str], None]]
    command: str
    name = "order"
    sight = Sight.ONCE

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        return (Call(to="billing", command=self.command, given={"order": self.action.order}),)

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        order = self._order(errand)
        if order.status in self.wanted:
            return Seen({"order": order.status})
        if order.status in _REFUSED and self.wanted == _PENDING:
            return Seen({"order": order.status, "note": f"the order is {order.status} already"})
        return None

    def prepare(self, errand: Errand) -> Attempt:
        order = self._order(errand)
        if order.status in _REFUSED:
            raise Impossible(f"order {order.id} is {order.status}")
        if self.wanted != _ACTIVE and order.provisioned:
            runs = ", ".join(order.provisioned)
            raise ByHand(f"The order is provisioned (service {runs}). {self.action.by_hand(errand)}")
        set_order = self.door(errand.billing)

        def call() -> Mapping[str, Json]:
            set_order(order.id)
            return {}

        return Attempt(call=call, command=self.command, service=next(iter(order.services), None))

    def _order(self, errand: Errand) -> Order:
        number = self.action.order
        order = errand.billing.order(number)
        if order is None:
            raise Impossible(f"order {number[:40]!r} is not in the billing panel")
        if errand.work.client and order.client != errand.work.client:
            raise Impossible(f"order {order.id} is another client's")
        return order
