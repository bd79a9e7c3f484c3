"""`/healthz`: the process answers. `/readyz`: database and worker are ready, else 503. No token."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response

from bridge.timeformat import format_time
from bridge.web.answers import answer
from bridge.web.desk import Desk
from bridge.web.problems import problem


def health_blueprint(desk: Desk) -> Blueprint:
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return answer({"status": "ok"})

    @blueprint.get("/readyz")
    def readyz() -> Response:
        health = desk.health()
        if not health.ready:
            said = "; ".join(health.problems) or "not ready"
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, said, problems=list(health.problems))
        return answer({"status": "ready", "at": format_time(health.at), "sources": dict(health.sources)})

    return blueprint
