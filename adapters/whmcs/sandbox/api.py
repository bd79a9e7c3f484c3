"""`/includes/api.php`: who calls, what with, what is answered. Strict: whatever is not documented is written down."""

from __future__ import annotations

import hmac
import json
import socket
import time
from collections.abc import Mapping

from flask import Blueprint, Response, request

from adapters.whmcs.contract import ActionContract, actions
from adapters.whmcs.sandbox.actions import billing, clients, orders, services, tickets
from adapters.whmcs.sandbox.faults import Fault, FaultKind
from adapters.whmcs.sandbox.form import Form, offences
from adapters.whmcs.sandbox.journal import PRIVATE, Call
from adapters.whmcs.sandbox.registry import Handlers
from adapters.whmcs.sandbox.shaping import shaped
from adapters.whmcs.sandbox.state import ApplicationError
from adapters.whmcs.sandbox.world import World

_HANDLERS: Handlers = {
    **clients.HANDLERS,
    **services.HANDLERS,
    **tickets.HANDLERS,
    **billing.HANDLERS,
    **orders.HANDLERS,
}
_MOST_FIELDS = 1000
_HTML = "<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Back soon.</body></html>"


def api(world: World) -> Blueprint:
    """The external API of one sandbox."""
    blueprint = Blueprint("api", __name__)

    @blueprint.route("/includes/api.php", methods=["GET", "POST"])
    def external_api() -> Response:
        if request.args:
            world.journal.accuse("parameters in the query string")
        pairs = dict(list(request.form.items(multi=True))[:_MOST_FIELDS])
        if len(request.form) > _MOST_FIELDS:
            world.journal.accuse(f"more than {_MOST_FIELDS} form fields: PHP drops the rest")
        return _answer(world, pairs)

    return blueprint


def _answer(world: World, pairs: Mapping[str, str]) -> Response:
    action = pairs.get("action", "")
    if not action:
        return _error("Empty action request", 400)
    if (denial := _denial(world, pairs)) is not None:
        return denial
    contract, handler = actions().get(action), _HANDLERS.get(action)
    if contract is None or handler is None:
        world.journal.accuse(f"undocumented or unknown action {action}")
        return _error(f'Invalid Permissions: API action "{action}" is not allowed', 403)
    parameters = {name: value for name, value in pairs.items() if name not in PRIVATE}
    for offence in offences(contract, parameters):
        world.journal.accuse(offence)
    if pairs.get("responsetype") != "json":
        world.journal.accuse(f"{action}: responsetype is not json")
    return _faulty(world, contract, parameters)


def _denial(world: World, pairs: Mapping[str, str]) -> Response | None:
    seed = world.seed
    if not (_same(pairs.get("identifier", ""), seed.identifier) and _same(pairs.get("secret", ""), seed.secret)):
        return _error("Authentication Failed", 403)
    if seed.access_key is not None and not _same(pairs.get("accesskey", ""), seed.access_key):
        return _error(f"Invalid IP {request.remote_addr}", 403)
    return None


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())


def _faulty(world: World, contract: ActionContract, parameters: Mapping[str, str]) -> Response:
    """The answer, or what an ordered fault makes of it."""
    fault = world.faults.take(contract.name)
    if fault is not None and not fault.kind.is_after:
        _note(world, contract, parameters, f"fault {fault.kind.value}")
        return _broken(fault, "")
    outcome, body = _carried_out(world, contract, parameters)
    if fault is None:
        _note(world, contract, parameters, outcome)
        return _json(body, 200)
    _note(world, contract, parameters, f"{outcome}, then fault {fault.kind.value}")
    return _broken(fault, body)


def _carried_out(world: World, contract: ActionContract, parameters: Mapping[str, str]) -> tuple[str, str]:
    try:
        reply = _HANDLERS[contract.name](world, Form(parameters, contract.aliases))
    except ApplicationError as error:
        return str(error), json.dumps({"result": "error", "message": str(error)})
    answer = shaped(contract.answer, {"result": "success", **reply}, world.seed.quirks)
    return "success", json.dumps(answer)


def _note(world: World, contract: ActionContract, parameters: Mapping[str, str], outcome: str) -> None:
    call = Call(at=world.now(), action=contract.name, parameters=dict(parameters), outcome=outcome)
    world.journal.note(call)


def _broken(fault: Fault, body: str) -> Response:
    kind = fault.kind
    if kind in (FaultKind.HTTP_500, FaultKind.HTTP_500_AFTER):
        return Response("Internal Server Error", 500, mimetype="text/plain")
    if kind in (FaultKind.LOST_BEFORE, FaultKind.LOST_AFTER):
        return _cut_off()
    if kind in (FaultKind.HTML, FaultKind.HTML_AFTER):
        return Response(_HTML, 200, mimetype="text/html")
    if kind is FaultKind.REDIRECT:
        return Response("", 302, headers={"Location": "/login.php"})
    if kind is FaultKind.RATE_LIMITED:
        return Response("Too Many Requests", 429, mimetype="text/plain")
    if kind is FaultKind.ERROR:
        return _error(fault.words, 200)
    if kind is FaultKind.CUT_JSON:
        return _json(body[: len(body) // 2], 200)
    time.sleep(fault.seconds)
    return _json(body, 200)


def _cut_off() -> Response:
    """Close the caller's connection without a byte of an answer."""
    connection = request.environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()
    return Response("", 502)


def _error(words: str, status: int) -> Response:
    return _json(json.dumps({"result": "error", "message": words}), status)


def _json(body: str, status: int) -> Response:
    return Response(body, status, mimetype="application/json")
