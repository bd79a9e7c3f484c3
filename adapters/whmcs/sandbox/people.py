"""What people and cron do in the panel: admins and clients on their pages, reported by hooks like the real thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.whmcs.sandbox import correspondence, module_commands
from adapters.whmcs.sandbox.hook_sender import AUTOMATION, Actor
from adapters.whmcs.sandbox.state import ApplicationError, Ticket
from adapters.whmcs.sandbox.world import World

_EDITABLE = ("status", "suspend_reason", "domain", "dedicated_ip", "assigned_ips", "notes")


def admin(world: World) -> Actor:
    """The admin who sits in front of the sandbox's page."""
    return Actor(admin=world.seed.api_admin)


def actor(world: World, by: str) -> Actor:
    """`admin` or `automation`."""
    if by not in ("admin", "automation"):
        raise ApplicationError("by is admin or automation")
    return admin(world) if by == "admin" else AUTOMATION


def command(world: World, service: int, name: str, by: str, reason: str = "") -> None:
    """suspend, unsuspend or terminate, by hand or by cron."""
    if name not in module_commands.COMMANDS:
        raise ApplicationError(f"no such module command: {name}")
    module_commands.run(world, service, module_commands.COMMANDS[name], actor(world, by), reason=reason)


def client_reply(world: World, ticket: int, message: str, files: correspondence.Files = ()) -> None:
    """The client answers."""
    if not message.strip():
        raise ApplicationError("Message is required")
    correspondence.reply(world, ticket, message, files=files)


def client_ticket(
    world: World, client: int, department: int, subject: str, message: str, files: correspondence.Files = ()
) -> Ticket:
    """The client opens a ticket."""
    with world.state.lock:
        world.state.client(client)
        if department not in world.state.departments:
            raise ApplicationError("Department ID not found")
    return correspondence.open_ticket(
        world, client=client, department=department, subject=subject, message=message, files=files
    )


def edit_service(world: World, number: int, changes: Mapping[str, Any]) -> None:
    """An admin edits the record by hand; no module runs."""
    with world.state.lock:
        service = world.state.service(number)
        for name, value in changes.items():
            if name == "custom_fields":
                service.custom_fields.update({str(key): str(one) for key, one in value.items()})
            elif name in _EDITABLE:
                setattr(service, name, str(value))
            else:
                raise ApplicationError(f"a service has no {name}")
    told = {"userid": service.client, "serviceid": number}
    for hook in ("AdminServiceEdit", "ServiceEdit"):
        world.hooks.tell(hook, told, admin(world))


def edit_client(world: World, number: int, changes: Mapping[str, Any]) -> None:
    """An admin edits the profile by hand."""
    with world.state.lock:
        client = world.state.client(number)
        for name, value in changes.items():
            if name == "groupid":
                client.groupid = int(value)
            elif name == "email_verified":
                client.email_verified = bool(value)
            elif name in ("status", "email"):
                setattr(client, name, str(value))
            elif name == "custom_fields":
                client.custom_fields.update({str(key): str(one) for key, one in value.items()})
            else:
                raise ApplicationError(f"a client has no {name}")
        told = {
            "userid": number,
            "firstname": client.seed.firstname,
            "lastname": client.seed.lastname,
            "companyname": client.seed.companyname,
            "email": client.email,
            "status": client.status,
            "groupid": client.groupid,
            "email_verified": client.email_verified,
            "olddata": {},
        }
    world.hooks.tell("ClientEdit", told, admin(world))
