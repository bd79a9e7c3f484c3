"""Tickets as they are written, by whichever door: rows, mails and hooks."""

from __future__ import annotations

from adapters.whmcs.sandbox.hook_sender import Actor
from adapters.whmcs.sandbox.state import Message, Ticket, next_id
from adapters.whmcs.sandbox.world import World

Files = tuple[tuple[str, bytes], ...]
"""Name and content of each attachment."""


def open_ticket(
    world: World,
    *,
    client: int,
    department: int,
    subject: str,
    message: str,
    service: int = 0,
    admin: str = "",
    files: Files = (),
    priority: str = "Medium",
    mails: bool = True,
) -> Ticket:
    """A new ticket; `admin` is the name of the staff member who opens it, empty for the client."""
    with world.state.lock:
        number = next_id(world.state.tickets)
        opening = Message(id=0, at=world.now(), text=message, admin=admin, files=files)
        ticket = Ticket(
            id=number,
            tid=f"{100_000 + number * 7919 % 900_000}",
            client=client,
            department=department,
            service=service,
            subject=subject,
            status="Open",
            priority=priority,
            messages=[opening],
        )
        world.state.tickets[number] = ticket
        if mails:
            to = world.state.clients[client].email
            world.state.mail(world.now(), to, f"[Ticket ID: {ticket.tid}] {subject}", message)
        told = _told(world, ticket, message) | {"ticketmask": ticket.tid, "userid": client}
    world.hooks.tell("TicketOpenAdmin" if admin else "TicketOpen", told, world.api_actor)
    return ticket


def reply(
    world: World,
    number: int,
    message: str,
    *,
    admin: str = "",
    files: Files = (),
    mails: bool = True,
    actor: Actor | None = None,
) -> None:
    """A reply, of staff where `admin` names one, else of the client."""
    with world.state.lock:
        ticket = world.state.ticket(number)
        reply_id = 1 + max(one.id for every in world.state.tickets.values() for one in every.messages)
        written = Message(id=reply_id, at=world.now(), text=message, admin=admin, files=files)
        ticket.messages.append(written)
        ticket.status = "Answered" if admin else "Customer-Reply"
        if admin and mails:
            to = world.state.clients[ticket.client].email
            world.state.mail(world.now(), to, f"[Ticket ID: {ticket.tid}] {ticket.subject}", message)
        told = _told(world, ticket, message) | {"replyid": reply_id, "status": ticket.status}
    if admin:
        world.hooks.tell("TicketAdminReply", {**told, "admin": admin}, actor or world.api_actor)
    else:
        world.hooks.tell("TicketUserReply", {**told, "userid": ticket.client}, actor or world.api_actor)


def _told(world: World, ticket: Ticket, message: str) -> dict[str, object]:
    return {
        "ticketid": ticket.id,
        "deptid": ticket.department,
        "deptname": world.state.departments[ticket.department].name,
        "subject": ticket.subject,
        "message": message,
        "priority": ticket.priority,
    }
