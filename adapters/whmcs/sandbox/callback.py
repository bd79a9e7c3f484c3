"""`callback.php` of the Virtualizor module: the server panel reports what was done there without WHMCS.

A plain write to the record: no module command runs and no hook fires. A suspension is mailed to the client.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Callable, Mapping

from flask import Blueprint, Response, request

from adapters.whmcs.sandbox.state import Service
from adapters.whmcs.sandbox.world import World

PATH = "/modules/servers/virtualizor/callback.php"

_TEXT_PAIR = re.compile(r's:[0-9]+:"([^"]*)";s:[0-9]+:"([^"]*)";')
_STATUS = {"suspend": "Suspended", "unsuspend": "Active", "terminate": "Terminated"}


def callback(world: World) -> Blueprint:
    """The one address that the server panel posts to; the key is that of the seed."""
    blueprint = Blueprint("callback", __name__)

    @blueprint.post(PATH)
    def accept() -> Response:
        key = world.seed.callback_key
        if not key or not hmac.compare_digest(request.form.get("hash", "").encode(), key.encode()):
            return Response("Forbidden", 403, mimetype="text/plain")
        given = _given(request.form.get("data", ""))
        with world.state.lock:
            for service in _behind(world, request.form.get("vpsid", "")):
                for act in request.form.getlist("act[]"):
                    _write(world, service, act, given)
        return Response("done", 200, mimetype="text/plain")

    return blueprint


def _behind(world: World, vpsid: str) -> list[Service]:
    return [one for one in world.state.services.values() if vpsid and one.custom_fields.get("vpsid") == vpsid]


def _write(world: World, service: Service, act: str, given: Mapping[str, str]) -> None:
    if act in _STATUS:
        service.status = _STATUS[act]
    if act == "suspend":
        to = world.state.clients[service.client].email
        world.state.mail(world.now(), to, f"Service {service.id} suspended", given.get("suspend_reason", ""))
    elif act in _CHANGES:
        _CHANGES[act](service, given)


def _change_addresses(service: Service, given: Mapping[str, str]) -> None:
    first, *others = given.values() or [""]
    service.dedicated_ip, service.assigned_ips = first, "\n".join(others)


def _change_host_name(service: Service, given: Mapping[str, str]) -> None:
    service.domain = given.get("hostname", service.domain)


_CHANGES: Mapping[str, Callable[[Service, Mapping[str, str]], None]] = {
    "changeip": _change_addresses,
    "changehostname": _change_host_name,
}


def _given(data: str) -> dict[str, str]:
    """The texts of a flat PHP array; whatever else it holds is left out."""
    try:
        serialized = base64.b64decode(data, validate=True).decode("utf-8", errors="replace")
    except ValueError:
        return {}
    return dict(_TEXT_PAIR.findall(serialized))
