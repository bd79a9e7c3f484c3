"""`/sandbox/…`: the same things that people do, and faults, as JSON for tests and scripts."""

from __future__ import annotations

import dataclasses
import json
import secrets
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, Response, request

from adapters.whmcs.sandbox import cashier, people, shop
from adapters.whmcs.sandbox.faults import Fault, FaultKind
from adapters.whmcs.sandbox.hook_sender import AUTOMATION
from adapters.whmcs.sandbox.state import ApplicationError
from adapters.whmcs.sandbox.world import World

_TABLES = ("clients", "services", "orders", "invoices", "tickets", "credits", "notes", "transactions", "mails")


def control(world: World) -> Blueprint:
    """The endpoints; every POST takes a JSON object and answers `{}` or `{"id": …}`, a refusal is 409 with `error`."""
    blueprint = Blueprint("control", __name__, url_prefix="/sandbox")
    _windows(blueprint, world)
    _records(blueprint, world)
    _papers(blueprint, world)
    _trouble(blueprint, world)

    @blueprint.errorhandler(ApplicationError)
    def refused(error: ApplicationError) -> Response:
        return _json({"error": str(error)}, 409)

    return blueprint


def _windows(blueprint: Blueprint, world: World) -> None:
    @blueprint.get("/state")
    def state() -> Response:
        with world.state.lock:
            return _json({name: _rows(getattr(world.state, name)) for name in _TABLES})

    @blueprint.get("/journal")
    def journal() -> Response:
        calls = [dataclasses.asdict(call) for call in world.journal.calls(request.args.get("action"))]
        return _json({"calls": calls, "counts": world.journal.counts(), "violations": world.journal.violations})

    @blueprint.get("/hooks")
    def hooks() -> Response:
        fired = [dataclasses.asdict(one) for one in world.hooks.fired]
        return _json({"fired": fired, "waiting": world.hooks.waiting, "rejected": world.hooks.rejected})


def _records(blueprint: Blueprint, world: World) -> None:
    @blueprint.post("/services/<int:number>/<command>")
    def command(number: int, command: str) -> Response:
        asked = _asked()
        people.command(world, number, command, str(asked.get("by", "admin")), str(asked.get("reason", "")))
        return _json({})

    @blueprint.post("/services/<int:number>")
    def edit_service(number: int) -> Response:
        people.edit_service(world, number, _asked())
        return _json({})

    @blueprint.post("/clients/<int:number>")
    def edit_client(number: int) -> Response:
        people.edit_client(world, number, _asked())
        return _json({})


def _papers(blueprint: Blueprint, world: World) -> None:
    @blueprint.post("/tickets")
    def open_ticket() -> Response:
        asked = _asked()
        client, department = _number(asked, "client"), _number(asked, "department")
        ticket = people.client_ticket(world, client, department, _text(asked, "subject"), _text(asked, "message"))
        return _json({"id": ticket.id})

    @blueprint.post("/tickets/<int:number>/reply")
    def reply(number: int) -> Response:
        people.client_reply(world, number, _text(_asked(), "message"))
        return _json({})

    @blueprint.post("/invoices/<int:number>/<doing>")
    def invoice(number: int, doing: str) -> Response:
        _invoice_doing(world, number, doing)
        return _json({})

    @blueprint.post("/orders")
    def order() -> Response:
        asked = _asked()
        placed = shop.place(
            world,
            client=_number(asked, "client"),
            product=_number(asked, "product"),
            server=_number({"server": 0, **asked}, "server"),
            price=_amount(asked.get("price", "10.00")),
        )
        return _json({"id": placed.id, "services": placed.services})


def _invoice_doing(world: World, number: int, doing: str) -> None:
    transid = f"sandbox-{secrets.token_hex(4)}"
    if doing == "pay":
        cashier.pay(world, number, transid=transid)
    elif doing == "refund":
        cashier.refund(world, number, transid=transid)
    elif doing == "cancel":
        cashier.set_status(world, number, "Cancelled", people.admin(world))
    elif doing == "reverse":
        cashier.set_status(world, number, "Collections", AUTOMATION)
    else:
        raise ApplicationError(f"an invoice cannot be asked to {doing}")


def _trouble(blueprint: Blueprint, world: World) -> None:
    @blueprint.post("/faults")
    def order_fault() -> Response:
        asked = _asked()
        kinds = {kind.value: kind for kind in FaultKind}
        if asked.get("kind") not in kinds:
            raise ApplicationError(f"kind is one of {', '.join(kinds)}")
        fault = Fault(
            kind=kinds[asked["kind"]],
            action=asked.get("action"),
            times=_number({"times": 1, **asked}, "times"),
            seconds=float(_amount(asked.get("seconds", 0))),
            words=str(asked.get("words", "An unexpected error occurred")),
        )
        world.faults.order(fault)
        return _json({})

    @blueprint.delete("/faults")
    def no_faults() -> Response:
        world.faults.clear()
        return _json({})

    @blueprint.post("/cron")
    def cron() -> Response:
        return _json({"delivered": world.hooks.flush(), "holds": world.hooks.fetch_holds()})


def _asked() -> dict[str, Any]:
    asked = request.get_json(force=True, silent=True) if request.get_data() else {}
    if not isinstance(asked, dict):
        raise ApplicationError("the body is no JSON object")
    return asked


def _text(asked: Mapping[str, Any], name: str) -> str:
    return str(asked.get(name, ""))


def _number(asked: Mapping[str, Any], name: str) -> int:
    value = str(asked.get(name, ""))
    if not (value.isascii() and value.isdigit()):
        raise ApplicationError(f"{name} is no number")
    return int(value)


def _amount(value: object) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise ApplicationError(f"{value} is no amount") from None


def _rows(table: Mapping[int, Any] | list[Any]) -> list[dict[str, Any]]:
    rows = table.values() if isinstance(table, Mapping) else table
    return [dataclasses.asdict(row) for row in rows]


def _json(answer: object, status: int = 200) -> Response:
    return Response(json.dumps(answer, default=str), status, mimetype="application/json")
