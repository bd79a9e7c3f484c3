"""Where the WHMCS addon sends hooks and asks for holds: verify, translate, hand on."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request

from bridge.ports import Clock
from hooks.delivery import HookDesk, signed_headers, take, verifier
from hooks.whmcs.translate import ASKING, translate


def receiver(desk: HookDesk, secret: str, clock: Clock) -> Blueprint:
    """`POST /hooks/whmcs` and `GET /hooks/holds`; raises InvalidInput where the secret cannot be used.

    Errors are raised, and answered by the application the blueprint is registered with.
    """
    blueprint = Blueprint("whmcs_hooks", __name__)
    verify = verifier(secret)

    @blueprint.post("/hooks/whmcs")
    def whmcs_hook() -> Response:
        return take(desk, verify, clock, translate, ASKING)

    @blueprint.get("/hooks/holds")
    def holds() -> Response:
        """Changes of holds since a cursor, so that a bridge that is down releases nobody; an empty body is signed."""
        verify(signed_headers(request), request.get_data(cache=False), clock.wall())
        changes = desk.holds_since(request.args.get("since") or None)
        body = {"holds": [dict(hold) for hold in changes.holds], "cursor": changes.cursor}
        return Response(orjson.dumps(body), mimetype="application/json")

    return blueprint
