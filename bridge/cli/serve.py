"""tipstaff serve: the hook service and the worker."""

from __future__ import annotations

import sys

import click
from flask import Flask

from bridge.cli.logs import log_as_json
from bridge.cli.options import config_option, loaded
from bridge.cli.ports import check_free
from bridge.cli.signals import wait_for_signal
from bridge.config import Config
from bridge.errors import InvalidInput
from bridge.rounds import Rounds
from bridge.web.gunicorn import run_web
from bridge.wiring import Wired, web_app, wire

THREADS = 16
PATIENCE = 8.0
"""Seconds that a call in flight gets to end; after that its lease tells the next start to look."""


@click.command()
@config_option
@click.option("--web", "web_only", is_flag=True, help="Only the hook service.")
@click.option("--worker", "worker_only", is_flag=True, help="Only the worker.")
def serve(config: str | None, web_only: bool, worker_only: bool) -> None:
    """The hook service and the worker; with --web or --worker one of them."""
    if web_only and worker_only:
        raise InvalidInput("--web", "leave out both options to run both")
    log_as_json()
    settings = loaded(config)
    if not worker_only and not settings.server.hook_secret:
        raise InvalidInput(f"{settings.file}: server.hook_secret", "is empty: run tipstaff init, or set it")
    if worker_only:
        _work(settings)
    else:
        _serve(settings, with_rounds=not web_only)


def _serve(settings: Config, *, with_rounds: bool) -> None:
    """Serve until a signal. Everything is opened in the process that serves, and the rounds share its states."""
    server = settings.server
    check_free(server.host, server.port, f"{settings.file}: server.listen")
    wire(settings).close()
    opened: list[tuple[Wired, Rounds | None]] = []

    def load() -> Flask:
        wired = wire(settings)
        rounds = Rounds(wired) if with_rounds else None
        app = web_app(wired)
        if rounds is not None:
            rounds.start()
        opened.append((wired, rounds))
        return app

    def leave() -> None:
        for wired, rounds in opened:
            if rounds is not None:
                rounds.stop(PATIENCE)
            wired.close()

    sys.exit(run_web(load, server.host, server.port, THREADS, on_start=_listening, on_stop=leave))


def _listening(host: str, port: int) -> None:
    click.echo(f"listening on http://{host}:{port}")


def _work(settings: Config) -> None:
    wired = wire(settings)
    rounds = Rounds(wired)
    rounds.start()
    click.echo("the worker is running; Ctrl-C ends it")
    wait_for_signal()
    rounds.stop()
    wired.close()
