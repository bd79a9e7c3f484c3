"""Orders: held, released, refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridge.actions.errand import Errand
from bridge.actions.registry import Action, action
from bridge.actions.step import Attempt, Call, Impossible, Seen, Sight, Step
from bridge.ports import BillingPanel, Capability

Json = Any

_PENDING = frozenset({"pending"})
_ACTIVE = frozenset({"active"})
_REFUSED = frozenset({"cancelled", "fraud"})


@dataclass(frozen=True, kw_only=True)
class OrderAction(Action):
    """`order` is the panel's id of it."""

    order: str


@action("hold_order", undo="release_order", needs={Capability.ORDER})
@dataclass(frozen=True, kw_only=True)
class HoldOrder(OrderAction):
    """Keep an order from being provisioned.

    order      which
    Done when  the panel shows it pending.
    Source     interface 4; WHMCS PendingOrder, GetOrders.
    """

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (_SetOrder(self.order, _PENDING, lambda panel: panel.hold_order, "PendingOrder"),)


@action("release_order", undo=None, needs={Capability.ORDER})
@dataclass(frozen=True, kw_only=True)
class ReleaseOrder(OrderAction):
    """Let an order go on; what is provisioned by it is a service like any other, so nothing undoes it.

    order      which
    Done when  the panel shows it active.
    Source     interface 4; WHMCS AcceptOrder, GetOrders.
    """

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (_SetOrder(self.order, _ACTIVE, lambda panel: panel.release_order, "AcceptOrder"),)


@action("refuse_order", undo=None, needs={Capability.ORDER})
@dataclass(frozen=True, kw_only=True)
class RefuseOrder(OrderAction):
    """Cancel an order; the customer orders anew, so nothing undoes it.

    order      which
    Done when  the panel shows it cancelled or as fraud.
    Source     interface 4; WHMCS CancelOrder, GetOrders.
    """

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (_SetOrder(self.order, _REFUSED, lambda panel: panel.refuse_order, "CancelOrder"),)


@dataclass(frozen=True)
class _SetOrder(Step):
    order: str
    wanted: frozenset[str]
    door: Callable[[BillingPanel], Callable[[str], None]]
    command: str
    name = "order"
    sight = Sight.ONCE

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        return (Call(to="billing", command=self.command, given={"order": self.order}),)

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        order = errand.billing.order(self.order)
        if order is None:
            raise Impossible(f"order {self.order[:40]!r} is not in the billing panel")
        if errand.work.client and order.client != errand.work.client:
            raise Impossible(f"order {order.id} is another client's")
        return Seen({"order": order.status}) if order.status in self.wanted else None

    def prepare(self, errand: Errand) -> Attempt:
        set_order = self.door(errand.billing)

        def call() -> Mapping[str, Json]:
            set_order(self.order)
            return {}

        return Attempt(call=call, command=self.command)
