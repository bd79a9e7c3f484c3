"""A bridge for the addon to talk to: checks every signature, keeps what came, and can be down, slow or contrary."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hooks.signature import verify

SECRET = "whsec_dGhlIHNlY3JldCBvZiB0aGUgYnJpZGdlIQ=="

Json = Any


@dataclass(frozen=True)
class Call:
    """What came in, its signature verified."""

    path: str
    query: dict[str, list[str]]
    delivery: str
    body: bytes

    @property
    def said(self) -> Json:
        return json.loads(self.body)


Reply = tuple[int, Json]


class Bridge:
    """Listens on one port, which stays its own while it is down.

    reply   what a call gets, beside its being kept; replaced by tests
    delay   seconds before the answer
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.unsigned: list[str] = []
        self.reply: Callable[[Call], Reply] = accepted
        self.delay = 0.0
        self.raw: bytes | None = None
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def hooks(self) -> list[Call]:
        return [call for call in self.calls if call.path == "/hooks/whmcs"]

    def start(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def stop(self) -> None:
        if self._server and self._thread:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
        self._server = None


def accepted(call: Call) -> Reply:
    """As the bridge answers where nothing is against anything."""
    if call.path == "/hooks/holds":
        return 200, {"holds": [], "cursor": call.query.get("since", ["0"])[0]}
    if call.path in ("/panel", "/client"):
        return 200, {"status": 200, "title": "Page", "html": "<p>the page</p>"}
    if call.said["hook"] in ("PreModuleUnsuspend", "PreModuleCreate", "ShoppingCartValidateCheckout"):
        return 200, {"outcome": "allow", "reason": "", "clause": None}
    return 202, {"event": call.delivery}


def _handler(bridge: Bridge) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body leave together: apart, the second waits for the other side's acknowledgement

        def do_GET(self) -> None:
            self._take(b"")

        def do_POST(self) -> None:
            self._take(self.rfile.read(int(self.headers["Content-Length"])))

        def _take(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            if "webhook-signature" not in self.headers:
                bridge.unsigned.append(self.path)
            delivery = verify(SECRET, dict(self.headers.items()), body, datetime.now(UTC))
            call = Call(parts.path, parse_qs(parts.query, keep_blank_values=True), delivery, body)
            bridge.calls.append(call)
            time.sleep(bridge.delay)
            status, answer = bridge.reply(call)
            content = json.dumps(answer).encode() if bridge.raw is None else bridge.raw
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    return Handler
