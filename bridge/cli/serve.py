"""tipstaff serve: the hook service and the worker."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click

from bridge.cli.options import config_option, loaded
from bridge.errors import InvalidInput
from bridge.rounds import Rounds
from bridge.web.app import make_app
from bridge.web.gunicorn import run_web
from bridge.wiring import Wired, wire

THREADS = 16


@click.command()
@config_option
@click.option("--web", "web_only", is_flag=True, help="Only the hook service.")
@click.option("--worker", "worker_only", is_flag=True, help="Only the worker.")
def serve(config: str | None, web_only: bool, worker_only: bool) -> None:
    """The hook service and the worker; with --web or --worker one of them."""
    if web_only and worker_only:
        raise InvalidInput("--web", "leave out both options to run both")
    settings = loaded(config)
    if not worker_only and not settings.server.hook_secret:
        raise InvalidInput(f"{settings.file}: server.hook_secret", "is empty: run tipstaff init, or set it")
    wired = wire(settings)
    try:
        if worker_only:
            _work(wired)
        else:
            serve_web(wired, with_rounds=not web_only)
    finally:
        wired.close()


def serve_web(wired: Wired, *, with_rounds: bool, open_pages: bool = False) -> None:
    """Serve until a signal; the rounds live in the one web process, so that they share its states."""
    rounds = Rounds(wired) if with_rounds else None
    app = make_app(wired.office, wired.config, wired.clock, open_pages=open_pages)
    server = wired.config.server
    run_web(
        app,
        server.host,
        server.port,
        THREADS,
        on_start=rounds.start if rounds else None,
        on_stop=rounds.stop if rounds else None,
    )


def _work(wired: Wired) -> None:
    rounds = Rounds(wired)
    stop = threading.Event()

    def leave(_: int, __: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, leave)
    rounds.start()
    click.echo("worker is running; Ctrl-C ends it")
    stop.wait()
    rounds.stop()
