"""An application over a fake desk, with a token for each scope."""

from __future__ import annotations

import io
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import pytest
import structlog
from flask import Flask
from werkzeug.test import TestResponse

from bridge.clock import ManualClock
from bridge.config import Config, Token, load_config
from bridge.web.app import make_app
from hooks.delivery import verifier
from hooks.signature import sign
from hooks.virtualizor.receiver import receiver as virtualizor_receiver
from hooks.whmcs.receiver import receiver as whmcs_receiver
from tests.web.fake_desk import NOW, BarePages, FakeDesk

SECRET = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ="
AT = "2026-03-01T12:00:00Z"


def a_token(name: str, *scopes: str, admin: str | None = None) -> Token:
    return Token(name=name, token=f"{name}-token", scopes=frozenset(scopes), admin=admin)


TOKENS = (
    a_token("intake", "intake"),
    a_token("read", "read"),
    a_token("decide", "decide"),
    a_token("admin", "admin"),
    a_token("alice", "read", "decide", admin="alice"),
)


@dataclass
class Web:
    """A client of the application.

    peer  who calls
    """

    app: Flask
    desk: FakeDesk
    clock: ManualClock
    log: io.StringIO
    peer: str = "192.0.2.99"

    def call(self, method: str, path: str, *, token: str | None = "admin", **more: Any) -> TestResponse:
        headers = {**({"Authorization": f"Bearer {token}-token"} if token else {}), **more.pop("headers", {})}
        base = more.pop("environ_base", {"REMOTE_ADDR": self.peer})
        return self.app.test_client().open(path, method=method, headers=headers, environ_base=base, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.call("GET", path, **more)

    def post(self, path: str, **more: Any) -> TestResponse:
        return self.call("POST", path, **more)

    def signed(
        self, path: str, body: Any, *, delivery: str = "msg_1", method: str = "POST", **headers: str
    ) -> TestResponse:
        data = body if isinstance(body, bytes) else orjson.dumps(body)
        stamp = int(self.clock.wall().timestamp())
        given = {
            "webhook-id": delivery,
            "webhook-timestamp": str(stamp),
            "webhook-signature": sign(SECRET, delivery, stamp, data),
            **headers,
        }
        return self.call(method, path, token=None, data=data, headers=given)

    def hook(self, name: str, variables: Mapping[str, Any], *, delivery: str = "msg_1", **more: Any) -> TestResponse:
        body = {"hook": name, "vars": variables, "at": AT, **more}
        return self.signed("/hooks/whmcs", body, delivery=delivery)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    file = tmp_path / "tipstaff.toml"
    file.write_text('policy = "klt-net"\n')
    read = load_config(file, {})
    server = replace(read.server, hook_secret=SECRET, metrics_from=(ipaddress.ip_network("198.51.100.0/24"),))
    return replace(read, tokens=TOKENS, server=server)


Build = Callable[..., Web]


@pytest.fixture
def build(config: Config) -> Build:
    def make(desk: FakeDesk | None = None, **options: Any) -> Web:
        desk = desk or FakeDesk()
        clock = ManualClock(NOW)
        log = io.StringIO()
        logger = structlog.wrap_logger(
            structlog.WriteLogger(log),
            processors=[structlog.processors.JSONRenderer()],
            wrapper_class=structlog.BoundLogger,
        )
        receivers = [
            whmcs_receiver(desk, SECRET, clock),
            virtualizor_receiver(desk, SECRET, clock, ["1", "2"]),
        ]
        options = {"pages": BarePages(), **options}
        app = make_app(desk, config, clock, verify=verifier(SECRET), receivers=receivers, logger=logger, **options)
        return Web(app=app, desk=desk, clock=clock, log=log)

    return make


@pytest.fixture
def web(build: Build) -> Web:
    return build()


def expect_problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """The problem document of an answer that must be one."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    said: dict[str, Any] = orjson.loads(answer.get_data())
    assert said["status"] == status
    assert said["title"]
    assert said["detail"]
    return said
