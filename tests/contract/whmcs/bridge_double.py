"""A bridge of a few lines: takes signed hooks, answers those that ask, hands out holds."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask, Response, request
from werkzeug.serving import make_server

from hooks.signature import verify

SECRET = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ="


@dataclass
class BridgeDouble:
    """Takes hooks whose signature holds.

    outcome     the answer to hooks that ask; a `status` other than 0 is the answer to everything
    taken       the hooks received, in order; ids: of every delivery
    meanwhile   called before each answer
    """

    now: datetime
    url: str = ""
    outcome: str = "allow"
    status: int = 0
    holds: list[dict[str, object]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def answer(self, headers: Mapping[str, str], body: bytes, kind: str) -> tuple[int, dict[str, object]]:
        self.ids.append(verify(SECRET, headers, body, self.now))
        self.meanwhile()
        if self.status:
            return self.status, {}
        if kind == "holds":
            return 200, {"holds": self.holds, "cursor": "7"}
        hook = json.loads(body)
        self.taken.append(hook)
        if hook["hook"].startswith("PreModule"):
            return 200, {"outcome": self.outcome, "reason": "held", "clause": "1.1"}
        return 202, {"event": "e"}

    @property
    def names(self) -> list[str]:
        return [hook["hook"] for hook in self.taken]


@contextmanager
def bridge_double(now: datetime) -> Iterator[BridgeDouble]:
    """A running one."""
    double = BridgeDouble(now=now)
    app = Flask("bridge_double")

    @app.route("/hooks/<kind>", methods=["GET", "POST"])
    def hooks(kind: str) -> Response:
        status, said = double.answer(dict(request.headers), request.get_data(), kind)
        return Response(json.dumps(said), status, mimetype="application/json")

    server = make_server("127.0.0.1", 0, app, threaded=True)
    double.url = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield double
    server.shutdown()
    thread.join(timeout=5)
    server.server_close()
