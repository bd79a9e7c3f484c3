"""GetClients, GetClientsDetails, AddClientNote, CloseClient, SendAdminEmail and what describes the installation."""

from __future__ import annotations

from typing import Any

from adapters.whmcs.sandbox import cashier
from adapters.whmcs.sandbox.form import Form
from adapters.whmcs.sandbox.paged import paged
from adapters.whmcs.sandbox.registry import Handlers, Reply
from adapters.whmcs.sandbox.state import ApplicationError, Client, Note, next_id
from adapters.whmcs.sandbox.world import World


def get_clients(world: World, form: Form) -> Reply:
    with world.state.lock:
        found = sorted(world.state.clients.values(), key=lambda client: client.id)
        if form.text("sorting").upper() == "DESC":
            found.reverse()
        if form.has("status"):
            found = [client for client in found if client.status == form.text("status")]
        return paged(world, form, found, ("clients", "client"), _listed)


def _listed(client: Client) -> dict[str, Any]:
    return {
        "id": client.id,
        "firstname": client.seed.firstname,
        "lastname": client.seed.lastname,
        "companyname": client.seed.companyname,
        "email": client.email,
        "groupid": client.groupid,
        "status": client.status,
    }


def get_clients_details(world: World, form: Form) -> Reply:
    with world.state.lock:
        client = _asked_for(world, form)
        codes = list(world.state.currencies)
        fields = [{"id": index, "value": value} for index, value in enumerate(client.custom_fields.values(), start=1)]
        details = {
            **_listed(client),
            "client_id": client.id,
            "userid": client.id,
            "fullname": f"{client.seed.firstname} {client.seed.lastname}",
            "currency": codes.index(client.seed.currency) + 1,
            "currency_code": client.seed.currency,
            "credit": f"{client.credit:.2f}",
            "language": client.seed.language,
            "email_verified": client.email_verified,
            "customfields": fields,
        }
        return {"client": details}


def _asked_for(world: World, form: Form) -> Client:
    if not form.has("clientid") and not form.has("email"):
        raise ApplicationError("Either clientid Or email Is Required")
    for client in world.state.clients.values():
        if form.number("clientid") == client.id or (form.has("email") and form.text("email") == client.email):
            return client
    raise ApplicationError("Client Not Found")


def add_client_note(world: World, form: Form) -> Reply:
    with world.state.lock:
        client = world.state.client(form.number("userid"))
        if not form.text("notes"):
            raise ApplicationError("Notes can not be empty")
        number = next_id(world.state.notes)
        world.state.notes[number] = Note(
            id=number, client=client.id, at=world.now(), text=form.text("notes"), sticky=form.flag("sticky")
        )
    return {"noteid": number}


def close_client(world: World, form: Form) -> Reply:
    """No module runs: open invoices are cancelled, services only lose their status."""
    with world.state.lock:
        client = world.state.client(form.number("clientid"))
        client.status = "Closed"
        unpaid = [one.id for one in world.state.invoices.values() if one.client == client.id and one.status == "Unpaid"]
        for service in world.state.services.values():
            if service.client == client.id and service.status not in ("Terminated", "Cancelled", "Fraud"):
                service.status = "Cancelled" if service.status == "Pending" else "Terminated"
    for number in unpaid:
        cashier.set_status(world, number, "Cancelled", world.api_actor)
    world.hooks.tell("ClientClose", {"userid": client.id}, world.api_actor)
    return {"clientid": client.id}


def send_admin_email(world: World, form: Form) -> Reply:
    if not form.has("custommessage"):
        raise ApplicationError("Email Template not found")
    with world.state.lock:
        world.state.mail(world.now(), "admins", form.text("customsubject"), form.text("custommessage"))
    return {}


def get_currencies(world: World, _form: Form) -> Reply:
    found = [
        {"id": index, "code": currency.code, "rate": f"{currency.rate:.5f}", "format": "1"}
        for index, currency in enumerate(world.state.currencies.values(), start=1)
    ]
    return {"totalresults": len(found), "currencies": {"currency": found}}


def get_departments(world: World, form: Form) -> Reply:
    seen = visible_departments(world, form)
    found = [
        {"id": department.id, "name": department.name, "awaitingreply": 0, "opentickets": 0}
        for department in world.state.departments.values()
        if department.id in seen
    ]
    return {"totalresults": len(found), "departments": {"department": found}}


def visible_departments(world: World, form: Form) -> frozenset[int]:
    """All departments, or those of the admin behind the credential."""
    if form.flag("ignore_dept_assignments"):
        return frozenset(world.state.departments)
    return frozenset(world.state.admins[world.seed.api_admin].departments)


def get_payment_methods(world: World, _form: Form) -> Reply:
    found = [{"module": name, "displayname": name.title()} for name in world.seed.payment_methods]
    return {"totalresults": len(found), "paymentmethods": {"paymentmethod": found}}


def get_admin_users(world: World, _form: Form) -> Reply:
    found = [
        {"id": admin.id, "username": admin.username, "fullName": admin.name, "supportDepartmentIds": admin.departments}
        for admin in world.state.admins.values()
    ]
    return {"count": len(found), "admin_users": found}


def whmcs_details(_world: World, _form: Form) -> Reply:
    return {"whmcs": {"version": "8.13.1", "canonicalversion": "8.13.1-release.1"}}


HANDLERS: Handlers = {
    "GetClients": get_clients,
    "GetClientsDetails": get_clients_details,
    "AddClientNote": add_client_note,
    "CloseClient": close_client,
    "SendAdminEmail": send_admin_email,
    "GetCurrencies": get_currencies,
    "GetSupportDepartments": get_departments,
    "GetPaymentMethods": get_payment_methods,
    "GetAdminUsers": get_admin_users,
    "WhmcsDetails": whmcs_details,
}
