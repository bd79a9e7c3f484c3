"""GetClientsProducts, GetProducts, UpdateClientProduct and the module commands."""

from __future__ import annotations

from datetime import date
from typing import Any

from adapters.whmcs.sandbox import module_commands
from adapters.whmcs.sandbox.form import Form
from adapters.whmcs.sandbox.paged import paged
from adapters.whmcs.sandbox.registry import Handler, Handlers, Reply
from adapters.whmcs.sandbox.seed import SeedProduct
from adapters.whmcs.sandbox.state import ApplicationError, Service
from adapters.whmcs.sandbox.world import World

_FILTERS = {"clientid": "client", "serviceid": "id", "pid": "product"}
_WRITTEN = {
    "status": "status",
    "suspendreason": "suspend_reason",
    "dedicatedip": "dedicated_ip",
    "assignedips": "assigned_ips",
    "domain": "domain",
    "notes": "notes",
}


def get_clients_products(world: World, form: Form) -> Reply:
    with world.state.lock:
        found = sorted(world.state.services.values(), key=lambda service: service.id)
        for name, attribute in _FILTERS.items():
            if wanted := form.number(name):
                found = [service for service in found if getattr(service, attribute) == wanted]
        if form.has("domain"):
            found = [service for service in found if service.domain == form.text("domain")]
        reply = paged(world, form, found, ("products", "product"), lambda service: _row(world, service))
    return {**reply, "clientid": form.text("clientid"), "domain": form.text("domain")}


def _row(world: World, service: Service) -> dict[str, Any]:
    product = world.state.products[service.product]
    server = world.state.servers.get(service.server)
    return {
        "id": service.id,
        "qty": 1,
        "clientid": service.client,
        "orderid": service.order,
        "ordernumber": service.order + 1_000_000,
        "pid": service.product,
        "regdate": service.regdate,
        "name": product.name,
        "translated_name": product.name,
        "groupname": product.group,
        "domain": service.domain,
        "dedicatedip": service.dedicated_ip,
        "serverid": service.server,
        "servername": server.name if server else "",
        "suspensionreason": service.suspend_reason,
        "firstpaymentamount": f"{service.first_amount:.2f}",
        "recurringamount": f"{service.recurring_amount:.2f}",
        "paymentmethod": world.seed.payment_methods[0],
        "billingcycle": service.billing_cycle,
        "nextduedate": _date(service.nextduedate),
        "status": service.status,
        "promoid": 0,
        "overidesuspenduntil": "0000-00-00",
        "assignedips": service.assigned_ips,
        "notes": service.notes,
        "lastupdate": "0000-00-00 00:00:00",
        "customfields": {"customfield": _custom_rows(world, product, service)},
        "configoptions": {"configoption": []},
    }


def _custom_rows(world: World, product: SeedProduct, service: Service) -> list[dict[str, str]]:
    rows = []
    for number, name in field_ids(product, service).items():
        row = {"id": str(number), "value": service.custom_fields.get(name, "")}
        if world.seed.quirks.custom_field_names:
            row |= {"name": name, "translated_name": name}
        rows.append(row)
    return rows


def field_ids(product: SeedProduct, service: Service | None = None) -> dict[int, str]:
    """Ids of a product's custom fields; those that only a service has come after."""
    names = dict.fromkeys((*product.custom_fields, *(service.custom_fields if service else ())))
    return {product.id * 100 + index: name for index, name in enumerate(names, start=1)}


def get_products(world: World, form: Form) -> Reply:
    wanted = form.number("pid")
    found = [
        {
            "pid": product.id,
            "name": product.name,
            "module": product.module,
            "customfields": {
                "customfield": [{"id": number, "name": name} for number, name in field_ids(product).items()]
            },
        }
        for product in world.state.products.values()
        if wanted in (None, product.id)
    ]
    return {"totalresults": len(found), "products": {"product": found}}


def update_client_product(world: World, form: Form) -> Reply:
    """Changes the record only: no module runs, whatever the status says."""
    with world.state.lock:
        service = world.state.service(form.number("serviceid"))
        for name, attribute in _WRITTEN.items():
            if form.text(name):
                setattr(service, attribute, form.text(name))
        for name in form.many("unset"):
            if name in _WRITTEN:
                setattr(service, _WRITTEN[name], "")
    world.hooks.tell("ServiceEdit", {"userid": service.client, "serviceid": service.id}, world.api_actor)
    return {"serviceid": service.id}


def _module(command: module_commands.Command) -> Handler:
    def handler(world: World, form: Form) -> Reply:
        if not form.has("serviceid"):
            raise ApplicationError("Service ID is required")
        module_commands.run(
            world, form.number("serviceid"), command, world.api_actor, reason=form.text("suspendreason")
        )
        return {}

    return handler


def _date(day: date | None) -> str:
    return "0000-00-00" if day is None else day.isoformat()


HANDLERS: Handlers = {
    "GetClientsProducts": get_clients_products,
    "GetProducts": get_products,
    "UpdateClientProduct": update_client_product,
    "ModuleSuspend": _module(module_commands.SUSPEND),
    "ModuleUnsuspend": _module(module_commands.UNSUSPEND),
    "ModuleTerminate": _module(module_commands.TERMINATE),
}
