"""Orders: placed by a client, accepted, held, cancelled. Provisioning asks PreModuleCreate."""

from __future__ import annotations

from decimal import Decimal

from adapters.whmcs.sandbox.hook_sender import AUTOMATION
from adapters.whmcs.sandbox.module_commands import ABORTED, module_params
from adapters.whmcs.sandbox.state import ApplicationError, Order, Service, next_id
from adapters.whmcs.sandbox.world import World


def place(world: World, *, client: int, product: int, price: Decimal, server: int = 0) -> Order:
    """A client's order of one product, provisioned at once where the product says so and no hook holds it."""
    with world.state.lock:
        world.state.client(client)
        if product not in world.state.products:
            raise ApplicationError("Product ID Not Found")
        number, service_id = next_id(world.state.orders), next_id(world.state.services)
        world.state.services[service_id] = Service(
            id=service_id,
            client=client,
            product=product,
            server=server,
            order=number,
            domain="",
            status="Pending",
            suspend_reason="",
            dedicated_ip="",
            assigned_ips="",
            regdate=world.now().astimezone(world.zone).date(),
            nextduedate=None,
            first_amount=price,
            recurring_amount=price,
            billing_cycle="Monthly",
            custom_fields={},
        )
        order = Order(id=number, client=client, services=(service_id,), status="Pending", placed=world.now())
        world.state.orders[number] = order
    told = {"OrderID": number, "OrderNumber": number + 1_000_000, "ServiceIDs": [service_id], "TotalDue": 0.0}
    world.hooks.tell("AfterShoppingCartCheckout", told)
    if world.state.products[product].autosetup:
        _create(world, service_id)
    return order


def accept(world: World, number: int) -> None:
    """Accept a pending order; its services are provisioned where their product says so."""
    world.hooks.tell("AcceptOrder", {"orderid": number}, world.api_actor)
    with world.state.lock:
        services = world.state.order(number).services
        waiting = [one for one in services if world.state.service(one).status == "Pending"]
    for service in waiting:
        if not _create(world, service):
            raise ApplicationError(ABORTED)
    with world.state.lock:
        world.state.order(number).status = "Active"


def set_status(world: World, number: int, *, hook: str, status: str, service_status: str) -> None:
    """Give the order and its services a status; the hook fires before the change, and no module runs."""
    world.hooks.tell(hook, {"orderid": number}, world.api_actor)
    with world.state.lock:
        order = world.state.order(number)
        order.status = status
        for service in order.services:
            world.state.service(service).status = service_status


def _create(world: World, number: int) -> bool:
    with world.state.lock:
        told = {"params": module_params(world, world.state.service(number))}
    if not world.hooks.ask("PreModuleCreate", told, AUTOMATION, service=number):
        return False
    with world.state.lock:
        world.state.service(number).status = "Active"
    world.hooks.tell("AfterModuleCreate", told)
    return True
