"""`POST /events` and `POST /complaints`: what comes in from everybody but the panels."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response, request
from werkzeug.http import parse_options_header

from bridge.errors import InvalidInput, NotAllowed
from bridge.events import EVENT_TYPES
from bridge.views import Batch
from bridge.web import schemas
from bridge.web.answers import answer
from bridge.web.auth import DECIDE, INTAKE, Caller, Guard, caller, in_name_of
from bridge.web.bodies import JSON, NDJSON, Lines, body_of, media_type, read_json, read_object
from bridge.web.desk import Desk
from bridge.web.problems import problem
from bridge.web.spec import COMPLAINT_BODY, EVENT_BODY, Room

ACCEPTED = HTTPStatus.ACCEPTED
FEEDS = frozenset({"text/csv", "application/zip", "application/gzip"})
_LONGEST_FILE_NAME = 120


def intake_room(desk: Desk, guard: Guard) -> Room:
    """The two calls."""
    room = Room("intake", "Events and complaints come in", guard)
    fails = (401, 403, 413, 415, 422)

    @room.call("/events", scopes=(INTAKE, DECIDE), answers=(202, schemas.ReceiptOut), fails=fails, body=EVENT_BODY)
    def post_events() -> Response:
        """Accept an event, or many"""
        kind = media_type(request, JSON, *NDJSON)
        return _one(desk, caller()) if kind == JSON else _many(desk, caller())

    @room.call("/complaints", scopes=(INTAKE,), answers=(202, schemas.ComplaintsOut), fails=fails, body=COMPLAINT_BODY)
    def post_complaints() -> Response:
        """Take a complaint in"""
        return _complaints(desk, caller())

    return room


def _one(desk: Desk, who: Caller) -> Response:
    raw = in_name_of(read_object(body_of(request)), who)
    kind = raw.get("type")
    if isinstance(kind, str) and kind in EVENT_TYPES and not EVENT_TYPES[kind].internal and not who.may_send(kind):
        raise NotAllowed(f"the token may not send {kind}")
    receipt = desk.accept(raw, who.source(raw.get("by")))
    body: dict[str, Any] = {"event": receipt.event, "records": list(receipt.records)}
    if receipt.duplicate:
        body["duplicate"] = True
    return answer(body, ACCEPTED)


def _many(desk: Desk, who: Caller) -> Response:
    lines = Lines(body_of(request), (lambda raw: in_name_of(raw, who)) if who.admin is not None else None)
    batch = desk.accept_lines(lines, who.source(), who.may_send)
    if batch.failed is not None:
        return _refused_line(batch, batch.failed, InvalidInput(batch.field, batch.problem))
    if lines.failed is not None and lines.problem is not None:
        return _refused_line(batch, lines.failed, lines.problem)
    return answer({"accepted": batch.accepted, "duplicates": batch.duplicates}, ACCEPTED)


def _refused_line(batch: Batch, line: int, refusal: InvalidInput) -> Response:
    """What came before the line is kept, and the answer says how much that is."""
    return problem(
        HTTPStatus.FORBIDDEN if batch.forbidden else HTTPStatus.UNPROCESSABLE_ENTITY,
        f"line {line}: {refusal.problem if batch.forbidden else refusal}",
        line=line,
        field=refusal.field or None,
        accepted=batch.accepted,
        duplicates=batch.duplicates,
    )


def _complaints(desk: Desk, who: Caller) -> Response:
    kind = media_type(request, "message/rfc822", JSON, "text/plain", *NDJSON, *FEEDS)
    data = body_of(request)
    if not data.strip():
        raise InvalidInput("", "the body is empty")
    if kind in FEEDS:
        return _feed(desk, data, who)
    if kind == JSON:
        read_json(data)
    elif kind in NDJSON:
        for place, line in enumerate(data.split(b"\n"), 1):
            _check_line(place, line)
    taken = desk.take_complaints(data, request.content_type or kind, who.source())
    return answer({"complaints": [{"id": one.id, "status": one.status, "case": one.case} for one in taken]}, ACCEPTED)


def _feed(desk: Desk, data: bytes, who: Caller) -> Response:
    """A feed file; its name, by which its rows may be classed, is told as that of an attachment."""
    _, said = parse_options_header(request.headers.get("Content-Disposition", ""))
    name = "".join(char for char in said.get("filename", "") if char.isprintable())[-_LONGEST_FILE_NAME:]
    counts, first = desk.take_feed(data, name or "feed", who.source())
    body = {"complaints": [{"id": one.id, "status": one.status, "case": one.case} for one in first]}
    return answer({**body, "counts": dict(counts)}, ACCEPTED)


def _check_line(place: int, line: bytes) -> None:
    if not line.strip():
        return
    try:
        read_json(line)
    except InvalidInput as refusal:
        raise InvalidInput(f"line {place}", str(refusal)) from refusal
