"""The application: every blueprint, the last handler, and what each request leaves in log and metrics."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from http import HTTPStatus
from time import perf_counter

import orjson
from flask import Blueprint, Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from bridge.config import Config
from bridge.errors import TipstaffError
from bridge.ports import Clock
from bridge.web.access_log import AccessLog, Logger, stderr_logger
from bridge.web.api.desk import desk_room
from bridge.web.api.events import intake_room
from bridge.web.auth import Guard, Tokens
from bridge.web.bodies import LARGEST, BoundedRequest
from bridge.web.desk import Desk
from bridge.web.health import health_blueprint
from bridge.web.metrics import NOWHERE, Requests, metrics_blueprint
from bridge.web.open_pages import open_pages_blueprint
from bridge.web.pages.page import Pages
from bridge.web.pages.plain import PlainPages
from bridge.web.panel import Verify, panel_blueprint
from bridge.web.problems import STATUS, of_error, of_http_exception, problem
from bridge.web.spec import describe, describe_operations, describe_signed

_DRAINED = 4 * LARGEST
"""Bytes of a body nobody reads that are taken all the same, so that its sender lives to see the answer."""
_CHUNK = 64 * 1024


def make_app(
    desk: Desk,
    config: Config,
    clock: Clock,
    *,
    verify: Verify,
    receivers: Sequence[Blueprint] = (),
    pages: Pages | None = None,
    open_pages: bool = False,
    logger: Logger | None = None,
) -> Flask:
    """The whole HTTP surface of interface 6.

    verify      checks the signature of what a panel sends (headers, body, wall time)
    receivers   blueprints of the panels' hooks
    pages       who renders pages; plain ones where nobody is named
    open_pages  show the pages at `/` to whoever sits at this machine, without a log-in
    """
    app = Flask("bridge.web", static_folder=None)
    app.request_class = BoundedRequest
    app.config.update(MAX_CONTENT_LENGTH=LARGEST, MAX_FORM_MEMORY_SIZE=LARGEST, PROPAGATE_EXCEPTIONS=False)
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = False
    shown = pages or PlainPages(desk)
    requests = Requests(desk)
    guard = Guard(Tokens(config.tokens))
    _add_api(app, desk, guard)
    _add_errors(app, AccessLog(logger or stderr_logger(), clock), requests)
    for blueprint in (
        *receivers,
        panel_blueprint(shown, verify, clock),
        health_blueprint(desk),
        metrics_blueprint(requests, guard, config.server.metrics_from),
        *([open_pages_blueprint(shown)] if open_pages else []),
    ):
        app.register_blueprint(blueprint)
    return app


def _add_api(app: Flask, desk: Desk, guard: Guard) -> None:
    api = describe(app)
    for room in (intake_room(desk, guard), desk_room(desk, guard)):
        api.register_blueprint(room.blueprint)
    describe_signed(api)
    describe_operations(api)
    described = orjson.dumps(api.spec.to_dict())

    @app.get("/openapi.json")
    def openapi() -> Response:
        return Response(described, mimetype="application/json")


def _add_errors(app: Flask, log: AccessLog, requests: Requests) -> None:
    """Errors become problems (flask-smorest's handler is replaced); each request is timed, logged and counted."""

    @app.before_request
    def begin() -> None:
        g.begun = perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            _drain()
        seconds = perf_counter() - g.get("begun", perf_counter())
        response.headers["X-Content-Type-Options"] = "nosniff"
        status, caller = response.status_code, g.get("caller")
        log.answered(method=request.method, path=request.path, status=status, seconds=seconds, caller=caller)
        requests.note(request.method, request.url_rule.rule if request.url_rule else NOWHERE, status, seconds)
        return response

    foreseen: tuple[type[Exception], ...] = (TipstaffError, *STATUS)
    for kind in foreseen:
        app.register_error_handler(kind, of_error)
    app.register_error_handler(HTTPException, of_http_exception)

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        frames = [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        log.failed(method=request.method, path=request.path, error=type(error).__qualname__, where=frames[-12:])
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here; the log says where.")


def _drain() -> None:
    """Take what is left of a refused body: a connection closed on it would tear the answer down with it."""
    stream = request.environ.get("wsgi.input")
    length = request.content_length
    if stream is None or (length is None and not request.environ.get("wsgi.input_terminated")):
        return
    left = _DRAINED if length is None else min(length, _DRAINED)
    while left > 0:
        taken = stream.read(min(_CHUNK, left))
        if not taken:
            return
        left -= len(taken)
