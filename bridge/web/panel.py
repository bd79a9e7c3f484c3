"""`POST /panel` and `POST /client`: signed requests of a panel for pages that are made here and shown there."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import orjson
from flask import Blueprint, Response, request
from marshmallow import ValidationError

from bridge.config import first_problem
from bridge.errors import InvalidInput, NotAllowed
from bridge.events import panels_id
from bridge.ports import Clock
from bridge.web import schemas
from bridge.web.bodies import body_of, read_object
from bridge.web.pages.page import ADMIN, CLIENT, Attached, PageAnswer, PageRequest, Pages, Viewer
from bridge.web.repeats import Repeats

Json = Any
Verify = Callable[[Mapping[str, str], bytes, datetime], str]
"""(headers, body, wall time) -> delivery id; raises Unauthorized."""

_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
_SCHEMA = schemas.PageIn()


def panel_blueprint(pages: Pages, verify: Verify, clock: Clock) -> Blueprint:
    blueprint = Blueprint("panel", __name__)
    repeats = Repeats()

    def shown(role: str) -> Response:
        body = body_of(request)
        headers = {name: request.headers[name] for name in _HEADERS if name in request.headers}
        delivery = verify(headers, body, clock.wall())
        asked = page_request(read_object(body), role, request.headers.get("Accept-Language", ""))
        return repeats.once(f"{role} {delivery}", lambda: _response(pages.render(asked)))

    @blueprint.post("/panel")
    def panel() -> Response:
        return shown(ADMIN)

    @blueprint.post("/client")
    def client() -> Response:
        return shown(CLIENT)

    return blueprint


def page_request(raw: Mapping[str, Json], role: str, languages: str = "") -> PageRequest:
    """What is asked for; raises InvalidInput naming the field, NotAllowed for a viewer of another role."""
    try:
        given = _SCHEMA.load(raw)
    except ValidationError as refusal:
        name, problem = first_problem(refusal.messages)
        raise InvalidInput(name[:60], problem[:300]) from refusal
    viewer = given["viewer"]
    if viewer["role"] != role:
        raise NotAllowed(f"this is not for the role {viewer['role'][:40]!r}")
    who = panels_id(viewer["id"], "viewer.id")
    return PageRequest(
        viewer=Viewer(
            id=who,
            name=viewer["name"] or who,
            role=role,
            locale=viewer["locale"] or "",
            timezone=viewer["timezone"] or "",
        ),
        method=given["method"],
        path=given["path"],
        query=given["query"],
        form=given["form"],
        base=given["base"],
        files={field: [Attached(**one) for one in files] for field, files in given["files"].items()},
        hidden={name: values[0] for name, values in given["hidden"].items() if values},
        languages=languages,
    )


def _response(page: PageAnswer) -> Response:
    said: dict[str, Json] = {"status": page.status, "title": page.title, "html": page.html}
    if page.location is not None:
        said["location"] = page.location
    if page.download is not None:
        content = base64.b64encode(page.download.content).decode()
        said["download"] = {"name": page.download.name, "type": page.download.type, "content": content}
    return Response(orjson.dumps(said), mimetype="application/json")
