"""GetTickets, GetTicket, GetTicketAttachment, OpenTicket, AddTicketReply."""

from __future__ import annotations

import base64
import json
from typing import Any

from adapters.whmcs.sandbox import correspondence
from adapters.whmcs.sandbox.actions.clients import visible_departments
from adapters.whmcs.sandbox.form import Form
from adapters.whmcs.sandbox.paged import paged
from adapters.whmcs.sandbox.registry import Handlers, Reply
from adapters.whmcs.sandbox.state import ApplicationError, Message, Ticket
from adapters.whmcs.sandbox.world import World


def get_tickets(world: World, form: Form) -> Reply:
    seen = visible_departments(world, form)
    with world.state.lock:
        found = [ticket for ticket in world.state.tickets.values() if ticket.department in seen]
        for name, attribute in (("deptid", "department"), ("clientid", "client")):
            if wanted := form.number(name):
                found = [ticket for ticket in found if getattr(ticket, attribute) == wanted]
        if form.has("subject"):
            found = [ticket for ticket in found if form.text("subject") in ticket.subject]
        if form.has("status"):
            found = [ticket for ticket in found if ticket.status == form.text("status")]
        return paged(world, form, found, ("tickets", "ticket"), lambda ticket: _row(world, ticket))


def _row(world: World, ticket: Ticket) -> dict[str, Any]:
    client = world.state.clients[ticket.client]
    return {
        "id": ticket.id,
        "tid": ticket.tid,
        "deptid": ticket.department,
        "userid": ticket.client,
        "name": f"{client.seed.firstname} {client.seed.lastname}",
        "email": client.email,
        "c": f"c{ticket.tid}",
        "date": world.local(ticket.opened),
        "subject": ticket.subject,
        "status": ticket.status,
        "priority": ticket.priority,
        "admin": ticket.messages[0].admin,
        "lastreply": world.local(ticket.messages[-1].at),
        "service": f"S{ticket.service}" if ticket.service else "",
    }


def get_ticket(world: World, form: Form) -> Reply:
    with world.state.lock:
        ticket = world.state.ticket(_ticket_number(world, form))
        replies = [_reply(world, ticket, message) for message in ticket.messages]
        if form.text("repliessort").upper() == "DESC":
            replies.reverse()
        row = _row(world, ticket)
        return {
            **row,
            "ticketid": ticket.id,
            "deptname": world.state.departments[ticket.department].name,
            "replies": {"reply": replies},
            "notes": {"note": []},
        }


def _ticket_number(world: World, form: Form) -> int | None:
    if form.has("ticketid"):
        return form.number("ticketid")
    return next((one.id for one in world.state.tickets.values() if one.tid == form.text("ticketnum")), None)


def _reply(world: World, ticket: Ticket, message: Message) -> dict[str, Any]:
    return {
        "replyid": message.id,
        "userid": 0 if message.admin else ticket.client,
        "requestor_type": "Operator" if message.admin else "Owner",
        "date": world.local(message.at),
        "message": message.text,
        "attachments": [{"filename": name, "index": index} for index, name in enumerate(message.attachments)],
        "admin": message.admin,
    }


def open_ticket(world: World, form: Form) -> Reply:
    with world.state.lock:
        client = world.state.client(form.number("clientid"))
        _check_opening(world, form)
    by_staff = form.flag("admin") and world.seed.quirks.admin_flag_works
    ticket = correspondence.open_ticket(
        world,
        client=client.id,
        department=form.number("deptid") or 0,
        service=form.number("serviceid") or 0,
        subject=form.text("subject"),
        message=form.text("message"),
        admin=world.state.admins[world.seed.api_admin].name if by_staff else "",
        files=_files(form),
        priority=form.text("priority") or "Medium",
        mails=not form.flag("noemail"),
    )
    return {"id": ticket.id, "tid": ticket.tid, "c": f"c{ticket.tid}"}


def _check_opening(world: World, form: Form) -> None:
    if form.number("deptid") not in world.state.departments:
        raise ApplicationError("Department ID not found")
    for name, words in (("subject", "Subject is required"), ("message", "Message is required")):
        if not form.text(name):
            raise ApplicationError(words)
    if form.has("serviceid") and form.number("serviceid") not in world.state.services:
        raise ApplicationError("Service ID Not Found")


def add_ticket_reply(world: World, form: Form) -> Reply:
    with world.state.lock:
        ticket = world.state.ticket(form.number("ticketid"))
        if not form.text("message"):
            raise ApplicationError("Message is required")
        admin = _admin_name(world, form)
        if not admin:
            world.state.client(form.number("clientid"))
    correspondence.reply(
        world,
        ticket.id,
        form.text("message"),
        admin=admin,
        files=_files(form),
        mails=not form.flag("noemail"),
    )
    return {}


def _admin_name(world: World, form: Form) -> str:
    names = (admin.name for admin in world.state.admins.values() if admin.username == form.text("adminusername"))
    return next(names, form.text("adminusername"))


def _files(form: Form) -> correspondence.Files:
    if not form.has("attachments"):
        return ()
    listed = json.loads(base64.b64decode(form.text("attachments"), validate=True))
    return tuple((str(file["name"]), base64.b64decode(file["data"], validate=True)) for file in listed)


def get_ticket_attachment(world: World, form: Form) -> Reply:
    with world.state.lock:
        files = _message_of(world, form).files
    if not files:
        raise ApplicationError("No Attachments Found")
    index = form.number("index") or 0
    if not 0 <= index < len(files):
        raise ApplicationError("Invalid Attachment Index")
    name, content = files[index]
    return {"filename": name, "data": base64.b64encode(content).decode()}


def _message_of(world: World, form: Form) -> Message:
    number = form.number("relatedid")
    if form.text("type") not in ("ticket", "reply", "note"):
        raise ApplicationError("Invalid Type. Must be one of ticket, reply, note")
    tickets = world.state.tickets
    if form.text("type") == "ticket":
        found = [tickets[number].messages[0]] if number in tickets else []
    else:
        found = [one for ticket in tickets.values() for one in ticket.messages if one.id == number and one.id]
    if not found:
        raise ApplicationError("Related ID Not Found")
    return found[0]


HANDLERS: Handlers = {
    "GetTickets": get_tickets,
    "GetTicket": get_ticket,
    "GetTicketAttachment": get_ticket_attachment,
    "OpenTicket": open_ticket,
    "AddTicketReply": add_ticket_reply,
}
