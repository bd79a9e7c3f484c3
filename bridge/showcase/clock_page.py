"""The demo's control of time: a page with a few buttons that let hours pass for decisions and deadlines."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, Response, redirect, render_template_string, request
from werkzeug.wrappers import Response as AnyResponse

from bridge.clock import OffsetClock
from bridge.errors import InvalidInput, NotAllowed
from bridge.timeformat import format_time
from bridge.web.open_pages import check_place

STEPS = (1, 6, 12, 24)

_PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>The clock</title>
<style>
:root { color-scheme: light dark; }
body { font-family: system-ui, sans-serif; margin: 2rem auto; max-width: 40rem; padding: 0 1rem; }
button { font: inherit; margin-right: .5rem; padding: .4rem 1rem; }
</style></head><body>
<h1>The clock says {{ now }}</h1>
<p>Let time pass: deadlines fire as if the hours had gone by. Time only goes forward.</p>
<form method="post"><input type="hidden" name="token" value="{{ token }}">
{% for hours in steps %}<button name="hours" value="{{ hours }}">+{{ hours }} h</button>{% endfor %}
</form>
<p><a href="/?path=/actions">Approvals</a></p>
</body></html>
"""


def clock_blueprint(clock: OffsetClock) -> Blueprint:
    """`GET` and `POST /demo/clock`, for this machine only."""
    blueprint = Blueprint("demo_clock", __name__)
    token = secrets.token_urlsafe(24)

    @blueprint.get("/demo/clock")
    def show() -> Response:
        check_place()
        now = format_time(clock.now().replace(microsecond=0))
        return Response(render_template_string(_PAGE, now=now, steps=STEPS, token=token), mimetype="text/html")

    @blueprint.post("/demo/clock")
    def move() -> AnyResponse:
        check_place()
        if not hmac.compare_digest(request.form.get("token", "").encode("utf-8", "replace"), token.encode()):
            raise NotAllowed("open the page again")
        hours = request.form.get("hours", "")
        if hours not in {str(step) for step in STEPS}:
            raise InvalidInput("hours", f"one of {', '.join(str(step) for step in STEPS)}")
        clock.move(timedelta(hours=int(hours)))
        return redirect("/demo/clock", HTTPStatus.SEE_OTHER)

    return blueprint
