"""What the HTTP layer costs a hook by itself: beside bare Flask with signature check and JSON parse, without store."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask, Response, request

from bridge.clock import ManualClock
from bridge.config import load_config
from bridge.views import Filter, HookAnswer, Page
from bridge.web.access_log import stderr_logger
from bridge.web.app import make_app
from hooks.delivery import Meaning, verifier
from hooks.signature import sign, verify
from hooks.whmcs.receiver import receiver
from tests.web.conftest import SECRET
from tests.web.fake_desk import NOW, BarePages, FakeDesk

CALLS = 3000
BUDGET_SECONDS = 0.000_25
"""What one hook may cost in this layer beyond the reference: a durable commit takes more than twice as long."""


@dataclass
class QuickDesk(FakeDesk):
    """Answers without remembering."""

    def hook(self, delivery: str, read: Callable[[Any], Meaning], at: datetime, /) -> HookAnswer:
        read(self.lookup)
        return HookAnswer(status=202, body={"event": delivery})

    def cases(self, wanted: Filter, limit: int, cursor: str | None, /) -> Page:
        return Page(items=[], total=0, next=None)


def reference() -> Flask:
    app = Flask("reference")

    @app.post("/hooks/whmcs")
    def hook() -> Response:
        body = request.get_data(cache=False)
        delivery = verify(SECRET, dict(request.headers), body, NOW)
        orjson.loads(body)
        return Response(orjson.dumps({"event": delivery}), 202, mimetype="application/json")

    return app


def measured(folder: Path) -> Flask:
    file = folder / "tipstaff.toml"
    file.write_text('policy = "klt-net"\n')
    desk, clock = QuickDesk(), ManualClock(NOW)
    desk.lookup.invoices = {"41"}
    logger = stderr_logger()
    return make_app(
        desk,
        load_config(file, {}),
        clock,
        pages=BarePages(),
        verify=verifier(SECRET),
        receivers=[receiver(desk, SECRET, clock)],
        logger=logger,
    )


BODY = orjson.dumps({"hook": "InvoicePaid", "vars": {"invoiceid": 41}, "at": "2026-03-01T12:00:00Z"})


def environ() -> dict[str, Any]:
    stamp = int(NOW.timestamp())
    return {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/hooks/whmcs",
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8765",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(BODY)),
        "HTTP_HOST": "127.0.0.1:8765",
        "HTTP_WEBHOOK_ID": "msg_1",
        "HTTP_WEBHOOK_TIMESTAMP": str(stamp),
        "HTTP_WEBHOOK_SIGNATURE": sign(SECRET, "msg_1", stamp, BODY),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }


def seconds_of(app: Flask, calls: int) -> float:
    """The best of three rounds, for one call."""
    statuses: set[str] = set()

    def start(status: str, headers: Any, info: Any = None) -> Callable[[bytes], object]:
        statuses.add(status)
        return lambda data: None

    said: Mapping[str, Any] = environ()
    best = float("inf")
    for _ in range(3):
        begun = time.perf_counter()
        for _ in range(calls):
            b"".join(app({**said, "wsgi.input": io.BytesIO(BODY)}, start))
        best = min(best, time.perf_counter() - begun)
    assert statuses == {"202 ACCEPTED"}
    return best / calls


@pytest.mark.bench
def test_the_http_layer_costs_a_hook_less_than_half_a_durable_commit(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    beside, ours = seconds_of(reference(), CALLS), seconds_of(measured(tmp_path), CALLS)
    with capfd.disabled():
        print(f"\nbare Flask {beside * 1e6:.0f} µs, Tipstaff {ours * 1e6:.0f} µs for a hook, without store")
    assert ours - beside < BUDGET_SECONDS
