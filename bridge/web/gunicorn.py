"""Serving the application with gunicorn: one worker process with threads, since SQLite has one writer (interface 9)."""

from __future__ import annotations

import os
import signal
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.http.errors import (
    ExpectationFailed,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
)
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from bridge.web.problems import MEDIA_TYPE, problem

_GRACE_SECONDS = 10
_SILENCE_SECONDS = 120
_KEEP_ALIVE_SECONDS = 15
_LONGEST_LINE = 8190
_PATIENCE = struct.pack("ll", 30, 0)
"""How long a sender may say nothing in the middle of a request: seconds, microseconds (setsockopt's timeval)."""
_UNREADABLE = {
    LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
}


class _Hearing(socket.socket):
    """A connection on which nobody says anything for long counts as ended: a thread waits for it."""

    is_silent = False

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        try:
            return super().recv(size, flags)
        except BlockingIOError:
            self.is_silent = True
            return b""


class _Attendant(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """Leaves SIGINT to the process above it: Ctrl-C reaches both, and the one above tells this one how to end.

    Answers what is no request as every other error is answered, and never waits for a sender without end.
    """

    def init_signals(self) -> None:
        super().init_signals()
        signal.signal(signal.SIGINT, lambda number, frame: None)

    def handle(self, conn: Any) -> Any:
        if not isinstance(conn.sock, _Hearing):
            conn.sock = _Hearing(fileno=conn.sock.detach())
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _PATIENCE)
        again = super().handle(conn)
        return again and not conn.sock.is_silent

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """What is wrong is said without the sender's words, which may hold a token."""
        if not isinstance(exc, ParseException) or isinstance(exc, InvalidResponseHeader | InvalidResponseHeaderName):
            super().handle_error(req, client, addr, exc)
            return
        status = _UNREADABLE.get(type(exc), HTTPStatus.BAD_REQUEST)
        self.log.warning("no request: %s", type(exc).__name__)
        answer = problem(status, f"this is no HTTP request that is understood here ({type(exc).__name__})")
        body = answer.get_data()
        head = f"HTTP/1.1 {answer.status}\r\nConnection: close\r\nContent-Type: {MEDIA_TYPE}\r\n"
        with suppress(OSError):
            write_nonblock(client, f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


class _Usher(Arbiter):  # type: ignore[misc]  # gunicorn ships no types
    """Takes SIGINT as SIGTERM: gunicorn's own SIGINT drops requests under way, and can lock up a worker that is busy.

    A second SIGINT while the first is carried out hurries the end (2 s).
    """

    def handle_int(self) -> None:
        self.handle_term()


def run_web(
    load: Callable[[], Flask],
    host: str,
    port: int,
    threads: int = 16,
    *,
    on_start: Callable[[str, int], None] | None = None,
    on_stop: Callable[[], None] | None = None,
) -> int:
    """Serve until SIGTERM or SIGINT; requests under way are answered first. Returns the exit status.

    load      makes the application, in the process that serves: nothing it opens (threads, connections) is shared
    on_start  called in this process once the address is listened on, with host and the real port (port 0: any free one)
    on_stop   called in the serving process when it ends
    """
    settings = {
        "bind": [f"[{host}]:{port}" if ":" in host else f"{host}:{port}"],
        "worker_class": _Attendant,
        "workers": 1,
        "threads": threads,
        "graceful_timeout": _GRACE_SECONDS,
        "timeout": _SILENCE_SECONDS,
        "keepalive": _KEEP_ALIVE_SECONDS,
        "limit_request_line": _LONGEST_LINE,
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "proc_name": "tipstaff",
        "control_socket_disable": True,
        "when_ready": _ready(on_start),
        "worker_exit": _ended(on_stop),
    }
    parent = os.getpid()
    try:
        _served_by(load, settings).run()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0
        if os.getpid() != parent:
            # The worker was forked off in the middle of our caller, whose clean-up is not the worker's to run.
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
        return status
    return 0


def _served_by(load: Callable[[], Flask], settings: dict[str, Any]) -> Any:
    """A gunicorn application of these settings; the command line and GUNICORN_CMD_ARGS are not asked."""

    class Served(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
        def load_config(self) -> None:
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return load()

        def run(self) -> None:
            _Usher(self).run()

    return Served()


def _ready(on_start: Callable[[str, int], None] | None) -> Callable[[Any], None]:
    def ready(arbiter: Any) -> None:
        if on_start is not None:
            name = arbiter.LISTENERS[0].sock.getsockname()
            on_start(str(name[0]), int(name[1]))

    return ready


def _ended(on_stop: Callable[[], None] | None) -> Callable[[Any, Any], None]:
    def ended(arbiter: Any, worker: Any) -> None:
        if on_stop is not None:
            on_stop()

    return ended
