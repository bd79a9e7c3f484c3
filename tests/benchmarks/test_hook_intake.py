"""Hooks a second, beside a bare service that does only what any such service must.

The reference runs under the same gunicorn settings: it checks the signature, parses the JSON and makes one durable
commit to SQLite under a lock. The goal is 0.6 of it. Printed, not asserted: a machine's mood is no defect.
"""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import orjson
import pytest
import requests
from flask import Flask, Response, request

from bridge.cli.init import new_secret
from bridge.config import load_config
from bridge.store.engine import migrate, open_engine
from bridge.views import Source
from bridge.web.gunicorn import run_web
from bridge.wiring import web_app, wire
from hooks.signature import sign, verify
from tests.benchmarks.load import Rate, Request, send

EACH = 150
SERVICES = 200
HOOKS = ("InvoicePaid", "PreModuleUnsuspend", "ServiceEdit", "TicketUserReply")


def _signed(secret: str, hook: str, name: str, number: int) -> Request:
    now = datetime.now(UTC)
    service = number % SERVICES + 1
    variables = {
        "InvoicePaid": {"invoiceid": 10_000 + number},
        "PreModuleUnsuspend": {"params": {"serviceid": service, "userid": service}},
        "ServiceEdit": {"userid": service, "serviceid": service},
        "TicketUserReply": {"ticketid": number, "replyid": number, "userid": service, "deptid": 2, "message": "hello"},
    }[hook]
    body = orjson.dumps({"hook": hook, "vars": variables, "at": now.isoformat(), "by": "automation"})
    stamp = int(now.timestamp())
    headers = {
        "content-type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(stamp),
        "webhook-signature": sign(secret, name, stamp, body),
    }
    return "/hooks/whmcs", headers, body


def _requests(secret: str, hooks: tuple[str, ...], client: int) -> list[Request]:
    return [
        _signed(secret, hooks[place % len(hooks)], f"d-{'-'.join(hooks)[:30]}-{client}-{place}", client * EACH + place)
        for place in range(EACH)
    ]


def _reference(folder: Path, secret: str) -> Flask:
    """Signature, JSON, one durable commit; nothing else."""
    app = Flask("reference")
    connection = sqlite3.connect(folder / "reference.db", check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS hooks (id TEXT PRIMARY KEY, body BLOB)")
    lock = threading.Lock()

    @app.post("/hooks/whmcs")
    def hook() -> Response:
        body = request.get_data()
        delivery = verify(secret, dict(request.headers.items()), body, datetime.now(UTC))
        orjson.loads(body)
        with lock:
            connection.execute("INSERT INTO hooks VALUES (?, ?)", (delivery, body))
        return Response(orjson.dumps({"event": delivery}), 202, mimetype="application/json")

    @app.get("/readyz")
    def ready() -> str:
        return "ready"

    return app


def _ours(file: Path) -> Flask:
    return web_app(wire(load_config(file)))


@contextmanager
def _serving(load: Callable[[], Flask]) -> Iterator[int]:
    """The application under gunicorn in a process of its own; yields its port."""
    ours, theirs = multiprocessing.Pipe()

    def run() -> None:
        run_web(load, "127.0.0.1", 0, 16, on_start=lambda _, port: theirs.send(port))

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    port = ours.recv()
    for _ in range(100):
        try:
            requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5)
            break
        except requests.RequestException:
            time.sleep(0.1)
    try:
        yield port
    finally:
        process.terminate()
        process.join()


def _prepared(folder: Path, secret: str) -> Path:
    """An installation without panels that knows some services."""
    file = folder / "tipstaff.toml"
    file.write_text(f'policy = "klt-net"\nmode = "observe"\n[server]\nhook_secret = "{secret}"\n', encoding="utf-8")
    config = load_config(file)
    migrate(open_engine(config.database_url))
    wired = wire(config)
    now = datetime.now(UTC).isoformat()
    for number in range(1, SERVICES + 1):
        event = {
            "id": f"s{number}", "type": "service.observed", "at": now, "service": str(number), "client": str(number),
            "product_kind": "vps", "status": "active", "ips": [f"192.0.2.{number}"],
        }  # fmt: skip
        wired.office.accept(event, Source(name="benchmark"))
    wired.close()
    return file


def _show(name: str, rate: Rate) -> None:
    print(f"{name:34} {rate.per_second:7.0f}/s  median {rate.median:6.1f} ms  p99 {rate.p99:6.1f} ms  {rate.statuses}")


@pytest.mark.bench
def test_hook_intake_beside_a_bare_service(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secret = new_secret()
    file = _prepared(tmp_path, secret)
    mixes = {hook: (hook,) for hook in HOOKS} | {"all four": HOOKS}
    rows: list[tuple[str, Rate, Rate]] = []
    for name, hooks in mixes.items():
        with _serving(partial(_reference, tmp_path, secret)) as port:
            bare = send(port, partial(_requests, secret, hooks))
        with _serving(partial(_ours, file)) as port:
            own = send(port, partial(_requests, secret, hooks))
        rows.append((name, bare, own))
        (tmp_path / "reference.db").unlink()
    with capsys.disabled():
        print()
        for name, bare, own in rows:
            _show(f"{name}: reference", bare)
            _show(f"{name}: tipstaff", own)
            print(f"{'':34} {own.per_second / bare.per_second:.2f} of the reference")
    assert all(set(own.statuses) <= {200, 202} for _, _, own in rows)
