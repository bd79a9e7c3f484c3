"""GetOrders, PendingOrder, AcceptOrder, CancelOrder."""

from __future__ import annotations

from typing import Any

from adapters.whmcs.sandbox import shop
from adapters.whmcs.sandbox.form import Form
from adapters.whmcs.sandbox.paged import paged
from adapters.whmcs.sandbox.registry import Handlers, Reply
from adapters.whmcs.sandbox.state import ApplicationError, Order
from adapters.whmcs.sandbox.world import World


def get_orders(world: World, form: Form) -> Reply:
    with world.state.lock:
        found = sorted(world.state.orders.values(), key=lambda order: order.id, reverse=True)
        for name, attribute in (("id", "id"), ("userid", "client")):
            if wanted := form.number(name):
                found = [order for order in found if getattr(order, attribute) == wanted]
        if form.has("status"):
            found = [order for order in found if order.status == form.text("status")]
        return paged(world, form, found, ("orders", "order"), lambda order: _row(world, order))


def _row(world: World, order: Order) -> dict[str, Any]:
    services = [world.state.service(number) for number in order.services]
    items = [
        {
            "type": "product",
            "relid": service.id,
            "producttype": "Dedicated/VPS Server",
            "product": world.state.products[service.product].name,
            "domain": service.domain,
            "billingcycle": service.billing_cycle,
            "amount": f"{service.first_amount:.2f}",
            "status": service.status,
        }
        for service in services
    ]
    return {
        "id": order.id,
        "ordernum": order.id + 1_000_000,
        "userid": order.client,
        "date": world.local(order.placed),
        "status": order.status,
        "lineitems": {"lineitem": items},
    }


def pending_order(world: World, form: Form) -> Reply:
    with world.state.lock:
        order = world.state.order(form.number("orderid"))
    shop.set_status(world, order.id, hook="PendingOrder", status="Pending", service_status="Pending")
    return {}


def accept_order(world: World, form: Form) -> Reply:
    shop.accept(world, _pending(world, form))
    return {}


def cancel_order(world: World, form: Form) -> Reply:
    number = _pending(world, form)
    shop.set_status(world, number, hook="CancelOrder", status="Cancelled", service_status="Cancelled")
    return {}


def _pending(world: World, form: Form) -> int:
    with world.state.lock:
        order = world.state.orders.get(form.number("orderid") or 0)
        if order is None or order.status != "Pending":
            raise ApplicationError("Order ID not found or Status not Pending")
        return order.id


HANDLERS: Handlers = {
    "GetOrders": get_orders,
    "PendingOrder": pending_order,
    "AcceptOrder": accept_order,
    "CancelOrder": cancel_order,
}
