"""tipstaff demo: everything at once, on this machine, without configuration."""

from __future__ import annotations

import logging
import secrets
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import requests
import structlog
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import LimitedStream

from bridge.cli.init import new_secret
from bridge.cli.logs import log_as_json
from bridge.cli.ports import PORT, check_free, free_port
from bridge.cli.signals import wait_for_signal
from bridge.cli.sync import summary_line
from bridge.clock import OffsetClock, SystemClock
from bridge.config import load_config
from bridge.rounds import Rounds
from bridge.sandboxes import Sandboxes, configuration, start_sandboxes
from bridge.showcase.clock_page import clock_blueprint
from bridge.showcase.complaints import SAMPLES
from bridge.showcase.narrator import Narrator
from bridge.store.engine import migrate, open_engine
from bridge.wiring import Wired, web_app, wire

HOST = "127.0.0.1"


@click.command()
@click.option("--port", type=PORT, default=0, help="Where the bridge listens (default: a free port).")
@click.option("--quiet", is_flag=True, help="Only the addresses; no complaints are sent.")
def demo(port: int, quiet: bool) -> None:
    """Sandbox panels, sample clients, real-looking complaints, the bridge and its pages. Ctrl-C ends everything."""
    log_as_json(logging.WARNING)
    check_free(HOST, port, "--port")
    with tempfile.TemporaryDirectory(prefix="tipstaff-demo-") as folder:
        panels = start_sandboxes(SystemClock().now)
        try:
            _run(Path(folder), panels, port or free_port(), quiet)
        finally:
            panels.stop()


def _run(folder: Path, panels: Sandboxes, port: int, quiet: bool) -> None:
    token, hook_secret = secrets.token_urlsafe(24), new_secret()
    file = folder / "tipstaff.toml"
    file.write_text(configuration(panels, port=port, hook_secret=hook_secret, token=token), encoding="utf-8")
    config = load_config(file)
    migrate(open_engine(config.database_url))
    clock = OffsetClock()
    wired = wire(config, clock)
    bridge_url = f"http://{HOST}:{port}"
    try:
        if wired.synchroniser is None:
            raise RuntimeError("the demo's configuration names both panels")
        summary = wired.synchroniser.everything(lambda what, done, total: None)
        with _serving(wired, clock, port):
            panels.connect(bridge_url, hook_secret)
            _addresses(panels, bridge_url, token)
            click.echo(f"\n{summary_line(summary)}\n")
            narrator = Narrator(wired.store, click.echo)
            narrator.skip()
            narrator.start()
            try:
                if not quiet:
                    _send(bridge_url, token, clock)
                wait_for_signal()
            finally:
                narrator.stop()
    finally:
        wired.close()
    click.echo("\neverything is stopped")


def _addresses(panels: Sandboxes, bridge_url: str, token: str) -> None:
    """The lines that scripts and people look for."""
    for name, value in (
        ("approvals", f"{bridge_url}/?path=/actions"),
        ("bridge", bridge_url),
        ("whmcs", panels.whmcs.url),
        ("virtualizor", panels.virtualizor.url),
        ("clock", f"{bridge_url}/demo/clock"),
        ("token", token),
    ):
        click.echo(f"{name} {value}")


def _send(bridge_url: str, token: str, clock: OffsetClock) -> None:
    """Send the sample complaints over the bridge's own HTTP interface."""
    for sample in SAMPLES:
        click.echo(f"> {sample.title}")
        answer = requests.post(
            f"{bridge_url}/complaints",
            data=sample.body(clock.now()),
            headers={"Content-Type": sample.content_type, "Authorization": f"Bearer {token}"},
            timeout=30,
        )
        answer.raise_for_status()
        for item in answer.json()["complaints"]:
            click.echo(f"  {item['status']}" + (f", case {item['case']}" if item["case"] else ""))
        threading.Event().wait(0.7)
    click.echo(
        "\nWhat needs an admin waits on the approvals page. Look at both panels, approve, then move the clock: after"
        "\n6, 12 and 24 hours reminders go out, fines become overdue, services are suspended. Ctrl-C ends everything.\n"
    )


@contextmanager
def _serving(wired: Wired, clock: OffsetClock, port: int) -> Iterator[None]:
    app = web_app(wired, open_pages=True, more=[clock_blueprint(clock)], logger=structlog.get_logger())
    server = make_server(HOST, port, app, threaded=True, request_handler=Visitors)
    thread = threading.Thread(target=server.serve_forever, name="bridge", daemon=True)
    thread.start()
    rounds = Rounds(wired)
    rounds.start()
    try:
        yield
    finally:
        rounds.stop()
        server.shutdown()
        thread.join()


class Visitors(WSGIRequestHandler):
    """No line per request: the narrator has the word. A body ends where it said it would, as it does under gunicorn."""

    def make_environ(self) -> dict[str, Any]:
        return bounded(super().make_environ())

    def log(self, *_: object) -> None:
        """Say nothing."""


def bounded(environ: dict[str, Any]) -> dict[str, Any]:
    """A request whose body is no longer than announced: reading the bare socket on waits for what is never sent."""
    if not environ.get("wsgi.input_terminated"):
        announced = environ.get("CONTENT_LENGTH") or ""
        environ["wsgi.input"] = LimitedStream(environ["wsgi.input"], int(announced) if announced.isdecimal() else 0)
    return environ
