"""The page to look at: services, tickets, invoices, and what came in by mail; small forms to play client and admin."""

from __future__ import annotations

import secrets
from urllib.parse import quote

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from adapters.whmcs.sandbox import cashier, people
from adapters.whmcs.sandbox.state import ApplicationError
from adapters.whmcs.sandbox.world import World


def pages(world: World) -> Blueprint:
    """One page at `/` and the forms on it."""
    blueprint = Blueprint("pages", __name__, template_folder="templates")

    @blueprint.get("/")
    def overview() -> str:
        with world.state.lock:
            return render_template(
                "whmcs_sandbox.html", world=world, state=world.state, said=request.args.get("said", "")[:500]
            )

    @blueprint.post("/do/service/<int:number>/<command>")
    def service(number: int, command: str) -> AnyResponse:
        people.command(world, number, command, "admin", request.form.get("reason", ""))
        return _back(f"Service {number}: {command} done")

    @blueprint.post("/do/ticket/<int:number>")
    def ticket(number: int) -> AnyResponse:
        people.client_reply(world, number, request.form.get("message", ""))
        return _back(f"Reply to ticket {number} sent")

    @blueprint.post("/do/invoice/<int:number>/pay")
    def invoice(number: int) -> AnyResponse:
        cashier.pay(world, number, transid=f"sandbox-{secrets.token_hex(4)}")
        return _back(f"Invoice {number} paid")

    @blueprint.errorhandler(ApplicationError)
    def refused(error: ApplicationError) -> AnyResponse:
        return _back(f"Refused: {error}")

    return blueprint


def _back(said: str) -> AnyResponse:
    return redirect(f"/?said={quote(said)}", 303)
