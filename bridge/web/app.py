"""The application: every blueprint, the last handler, and what each request leaves in log and metrics."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException

from bridge.config import Config
from bridge.errors import TipstaffError
from bridge.ports import Clock
from bridge.web.access_log import AccessLog, Logger, stderr_logger
from bridge.web.api.desk import desk_room
from bridge.web.api.events import intake_room
from bridge.web.api.reviews import reviews_room
from bridge.web.auth import Guard, Tokens
from bridge.web.bodies import LARGEST, BoundedRequest
from bridge.web.desk import Desk
from bridge.web.health import health_blueprint
from bridge.web.metrics import Requests, metrics_blueprint
from bridge.web.open_pages import open_pages_blueprint
from bridge.web.pages.page import Pages
from bridge.web.panel import Verify, panel_blueprint
from bridge.web.problems import STATUS, of_error, of_http_exception, problem
from bridge.web.report import report_blueprint
from bridge.web.report_form import REQUIRED, TROUBLES
from bridge.web.spec import describe, describe_operations, describe_report, describe_signed
from bridge.web.watch import note_route, watched

_LIBRARIES = "site-packages"
"""Where frames that tell nothing about us come from."""

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse


class Application(Flask):
    """Flask, watched: its log and counts are kept around it."""

    request_class = BoundedRequest

    def __init__(self, log: AccessLog, requests: Requests) -> None:
        super().__init__("bridge.web", static_folder=None)
        self._watched = watched(super().wsgi_app, log, requests)
        self.before_request(note_route)

    def wsgi_app(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        return self._watched(environ, start_response)


def make_app(
    desk: Desk,
    config: Config,
    clock: Clock,
    *,
    verify: Verify,
    pages: Pages,
    receivers: Sequence[Blueprint] = (),
    open_pages: bool = False,
    logger: Logger | None = None,
) -> Flask:
    """The whole HTTP surface of interface 6.

    verify      checks the signature of what a panel sends (headers, body, wall time)
    receivers   blueprints of the panels' hooks
    pages       who renders what `/panel`, `/client` and the open pages show
    open_pages  show the pages at `/` to whoever sits at this machine, without a log-in
    """
    log, requests = AccessLog(logger or stderr_logger(), clock), Requests(desk)
    app = Application(log, requests)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST, MAX_FORM_MEMORY_SIZE=LARGEST, PROPAGATE_EXCEPTIONS=False)
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = False
    guard = Guard(Tokens(config.tokens))
    _add_api(app, desk, guard, report=config.sources.report.enabled)
    _add_errors(app, log)
    for blueprint in (
        *receivers,
        panel_blueprint(pages, verify, clock),
        health_blueprint(desk),
        metrics_blueprint(requests, guard, config.server.metrics_from),
        *_report(desk, config, clock),
        *([open_pages_blueprint(pages)] if open_pages else []),
    ):
        app.register_blueprint(blueprint)
    return app


def _report(desk: Desk, config: Config, clock: Clock) -> list[Blueprint]:
    settings = config.sources.report
    return [report_blueprint(desk, settings, config.own_networks, clock)] if settings.enabled else []


def _add_api(app: Flask, desk: Desk, guard: Guard, *, report: bool) -> None:
    api = describe(app)
    for room in (intake_room(desk, guard), desk_room(desk, guard), reviews_room(desk, guard)):
        api.register_blueprint(room.blueprint)
    describe_signed(api)
    describe_operations(api)
    if report:
        describe_report(api, REQUIRED, tuple(TROUBLES))
    described = orjson.dumps(api.spec.to_dict())

    @app.get("/openapi.json")
    def openapi() -> Response:
        return Response(described, mimetype="application/json")


def _add_errors(app: Flask, log: AccessLog) -> None:
    """Errors become problems; flask-smorest's handler is replaced."""
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
