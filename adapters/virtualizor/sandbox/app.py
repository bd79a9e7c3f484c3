"""The sandbox panel over HTTP: a Flask application without state outside itself, and a server to run it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import orjson
from flask import Flask, Response, redirect, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Response as AnyResponse

from adapters.virtualizor.sandbox.billing import Callback
from adapters.virtualizor.sandbox.control import control_blueprint
from adapters.virtualizor.sandbox.estate import Refused
from adapters.virtualizor.sandbox.page import overview
from adapters.virtualizor.sandbox.panel import OnHook, Pairs, Pass, SandboxPanel, refusal_answer
from adapters.virtualizor.sandbox.seed import Seed
from adapters.virtualizor.sandbox.trouble import Fault, FaultKind
from adapters.virtualizor.table import call_name

PANEL = "virtualizor_sandbox"
_LOGIN = "<!DOCTYPE html><html><head><title>Login</title></head><body>Please log in.</body></html>"
_LARGEST_REQUEST = 1024 * 1024
_POLL_SECONDS = 0.02  # how long a stop may take
_NO_ANSWER = {FaultKind.SERVER_ERROR: 500, FaultKind.TOO_MANY: 429}


def make_app(
    seed: Seed,
    *,
    api_key: str,
    api_password: str,
    now: Callable[[], datetime],
    callback: Callback | None = None,
    on_hook: OnHook | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Flask:
    """The panel of `seed` as a web application; the SandboxPanel behind it is `app.extensions["virtualizor_sandbox"]`.

    callback   where suspensions and the like are reported to, unless a call says skip_callback=1
    on_hook    told of what the panel's own hooks would see
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST
    panel = SandboxPanel(
        seed,
        credentials=Pass(api_key=api_key, api_password=api_password),
        now=now,
        callback=callback,
        on_hook=on_hook,
    )
    app.extensions[PANEL] = panel
    app.register_blueprint(control_blueprint(panel))
    door = _Door(panel, sleep)
    app.add_url_rule("/", "overview", lambda: overview(panel))
    app.add_url_rule("/index.php", "index", door.index, methods=["GET", "POST"])
    return app


def panel_of(app: Flask) -> SandboxPanel:
    """The panel behind an application of `make_app`."""
    panel = app.extensions[PANEL]
    assert isinstance(panel, SandboxPanel)
    return panel


@dataclass(frozen=True)
class _Door:
    """index.php: lets in, holds against the table, does or fails as ordered, writes the journal."""

    panel: SandboxPanel
    sleep: Callable[[float], None]

    def index(self) -> AnyResponse:
        query = request.args.to_dict()
        form: Pairs = list(request.form.items(multi=True))
        call = call_name(query.get("act", ""), query, dict(form))
        if not self.panel.credentials.fits(query):
            self._note(call, "turned away")
            return redirect("/index.php?act=login", HTTPStatus.FOUND)
        if query.get("api") != "json":
            self._note(call, "web page")
            return Response(_LOGIN, mimetype="text/html")
        pairs = list(request.args.items(multi=True))
        self.panel.hold_against_the_table(call, request.method, pairs, form)
        fault = self.panel.faults.take(call)
        if fault is not None and not (fault.after or fault.kind is FaultKind.SLOW):
            self._note(call, f"fault before: {fault.kind.value}")
            return self._failed(fault, b"{}")
        body = self._work(call, query, form, "" if fault is None else f"; fault after: {fault.kind.value}")
        return Response(body, mimetype="application/json") if fault is None else self._failed(fault, body)

    def _work(self, call: str, query: dict[str, str], form: Pairs, remark: str) -> bytes:
        answer = self.panel.answer(call, query, form)
        words = answer.get("error") or answer.get("error_msg")
        self._note(call, (f"refused: {words}" if words else "done" if "done" in answer else "shown") + remark)
        return orjson.dumps(answer)

    def _failed(self, fault: Fault, body: bytes) -> AnyResponse:
        if fault.kind in _NO_ANSWER:
            return Response("Something went wrong", status=_NO_ANSWER[fault.kind], mimetype="text/plain")
        if fault.kind is FaultKind.LOST:
            return _cut_line()
        if fault.kind is FaultKind.HTML:
            return Response(_LOGIN, mimetype="text/html")
        if fault.kind is FaultKind.REDIRECT:
            return redirect("/index.php?act=login", HTTPStatus.FOUND)
        if fault.kind is FaultKind.CUT:
            return Response(body[: max(len(body) // 2, 1)], mimetype="application/json")
        if fault.kind is FaultKind.SLOW:
            self.sleep(fault.seconds)
            return Response(body, mimetype="application/json")
        if fault.kind is FaultKind.SILENT:
            return Response(orjson.dumps({"title": "Virtualizor"}), mimetype="application/json")
        reason = "reason" if fault.shape == "object" else None
        refusal = Refused(fault.words, reason=reason, shape=fault.shape)
        return Response(orjson.dumps(refusal_answer(refusal)), mimetype="application/json")

    def _note(self, call: str, outcome: str) -> None:
        form = dict(request.form.items(multi=True))
        at = self.panel.estate.now()
        self.panel.journal.note(at, call, request.method, request.args.to_dict(), form, outcome)


def _cut_line() -> Response:
    """Drop the connection without an answer, where there is a connection (a test client has none)."""
    line = request.environ.get("werkzeug.socket")
    if isinstance(line, socket.socket):
        line.shutdown(socket.SHUT_RDWR)
    return Response("", status=HTTPStatus.BAD_GATEWAY)


class _QuietHandler(WSGIRequestHandler):
    """Request lines carry credentials: none is logged."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class Server:
    """A running sandbox; `url` is where. `stop` ends it and waits for that."""

    def __init__(self, server: BaseWSGIServer, host: str) -> None:
        self._server = server
        self.port = server.port
        self.url = f"http://{host}:{server.port}/"
        self._thread = threading.Thread(
            target=server.serve_forever, args=(_POLL_SECONDS,), name=f"sandbox-{server.port}", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def serve(app: Flask, host: str = "127.0.0.1", port: int = 0) -> Server:
    """Run an application in threads of its own; port 0 picks a free one."""
    return Server(make_server(host, port, app, threaded=True, request_handler=_QuietHandler), host)
