"""Around the whole application: each request is timed, logged and counted, and no answer is torn down.

A WSGI layer of its own, since it is passed by every hook and has to cost next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

from flask import request

from bridge.web.access_log import AccessLog
from bridge.web.auth import CALLER
from bridge.web.bodies import LARGEST
from bridge.web.metrics import NOWHERE, Requests

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]

ROUTE = "tipstaff.route"
"""Where a request notes which rule it fits."""
_DRAINED = 4 * LARGEST
"""Bytes of a body nobody reads that are taken all the same, so that its sender lives to see the answer."""
_CHUNK = 64 * 1024
_REFUSED = 400
_NO_GUESSING = ("X-Content-Type-Options", "nosniff")


def note_route() -> None:
    """Before each request: which rule it fits."""
    if (rule := request.url_rule) is not None:
        request.environ[ROUTE] = rule.rule


def watched(application: Application, log: AccessLog, requests: Requests) -> Application:
    """The application with what each request leaves in log and metrics."""

    def watching(environ: Environ, start_response: Start) -> Iterable[bytes]:
        begun = perf_counter()
        answered = 500

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal answered
            answered = int(status[:3])
            headers.append(_NO_GUESSING)
            return start_response(status, headers, *more)

        body = application(environ, start)
        if answered >= _REFUSED:
            _drain(environ)
        seconds = perf_counter() - begun
        method = environ["REQUEST_METHOD"]
        log.answered(
            method=method,
            path=_path(environ),
            status=answered,
            seconds=seconds,
            caller=environ.get(CALLER),
        )
        requests.note(method, environ.get(ROUTE, NOWHERE), answered, seconds)
        return body

    return watching


def _path(environ: Environ) -> str:
    """WSGI hands paths over as Latin-1 whatever they are."""
    path: str = environ.get("PATH_INFO", "")
    return path if path.isascii() else path.encode("latin-1", "replace").decode("utf-8", "replace")


def _drain(environ: Environ) -> None:
    """Take what is left of a refused body: a connection closed on it would tear the answer down with it."""
    stream = environ.get("wsgi.input")
    announced = environ.get("CONTENT_LENGTH") or ""
    if stream is None or not (announced.isdecimal() or environ.get("wsgi.input_terminated")):
        return
    left = min(int(announced), _DRAINED) if announced.isdecimal() else _DRAINED
    while left > 0:
        taken = stream.read(min(_CHUNK, left))
        if not taken:
            return
        left -= len(taken)
