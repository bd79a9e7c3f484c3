"""Suspend, unsuspend, terminate: ask the hooks, run the server module, change the status on success, tell the hooks.

No lock is held while a hook or the module is called: both may come back and ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adapters.whmcs.sandbox.hook_sender import Actor
from adapters.whmcs.sandbox.state import ApplicationError, Service
from adapters.whmcs.sandbox.world import World


@dataclass(frozen=True, kw_only=True)
class Command:
    """`name` as in the hooks, `operation` as Virtualizor calls it."""

    name: str
    operation: str


SUSPEND = Command(name="Suspend", operation="suspend")
UNSUSPEND = Command(name="Unsuspend", operation="unsuspend")
TERMINATE = Command(name="Terminate", operation="delete")
COMMANDS = {"suspend": SUSPEND, "unsuspend": UNSUSPEND, "terminate": TERMINATE}

ABORTED = "Function Aborted by Action Hook Code"


def run(world: World, number: int | None, command: Command, actor: Actor, *, reason: str = "") -> None:
    """Carry one command out; ApplicationError in the panel's or the server's words."""
    with world.state.lock:
        service = world.state.service(number)
        if not world.state.products[service.product].module:
            raise ApplicationError("Service not assigned to a module")
        told = {"params": module_params(world, service)}
        server = world.state.servers.get(service.server)
        vpsid = service.custom_fields.get("vpsid", "")
    if not world.hooks.ask(f"PreModule{command.name}", told, actor, service=service.id):
        raise ApplicationError(ABORTED)
    words = world.module(command.operation, server, vpsid)
    if words is not None:
        failed = {**told, "failureResponseMessage": words}
        world.hooks.tell(f"AfterModule{command.name}Failed", failed, actor)
        raise ApplicationError(words)
    with world.state.lock:
        _settle(service, command, reason)
    world.hooks.tell(f"AfterModule{command.name}", told, actor)


def module_params(world: World, service: Service) -> dict[str, Any]:
    """The parameters of a module call that hooks get, as far as they are plain values."""
    return {
        "serviceid": service.id,
        "userid": service.client,
        "pid": service.product,
        "serverid": service.server,
        "domain": service.domain,
        "moduletype": world.state.products[service.product].module,
        "customfields": dict(service.custom_fields),
    }


def _settle(service: Service, command: Command, reason: str) -> None:
    if command is SUSPEND:
        service.status = "Suspended"
        service.suspend_reason = reason
    elif command is UNSUSPEND:
        service.status = "Active"
        service.suspend_reason = ""
    else:
        service.status = "Terminated"
        service.dedicated_ip = service.assigned_ips = ""
        service.custom_fields.update(dict.fromkeys(("vpsid", "vps_uuid"), ""))
