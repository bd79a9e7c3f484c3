"""tipstaff sandbox: only the sandbox panels."""

from __future__ import annotations

import secrets
from pathlib import Path
from urllib.parse import urlsplit

import click

from bridge.cli.init import new_secret
from bridge.cli.ports import LOOPBACK, PORT, check_free
from bridge.cli.signals import wait_for_signal
from bridge.clock import SystemClock
from bridge.config import Config, load_config
from bridge.errors import InvalidInput
from bridge.sandboxes import Keys, configuration, start_sandboxes

_HERE = ("127.0.0.1", "localhost")


@click.command()
@click.option("--whmcs-port", type=PORT, default=8701, show_default=True, help="0 takes a free one.")
@click.option("--virtualizor-port", type=PORT, default=8702, show_default=True, help="0 takes a free one.")
@click.option(
    "--bridge-port",
    type=PORT,
    default=8765,
    show_default=True,
    help="Where your Tipstaff will listen.",
)
@click.option("--config", metavar="FILE", help="Listen where this configuration looks for the panels, with its keys.")
def sandbox(whmcs_port: int, virtualizor_port: int, bridge_port: int, config: str | None) -> None:
    """Sandbox panels with a dozen clients, and the configuration that fits them. Ctrl-C ends them.

    With --config, panels that fit a configuration of your own; the ports are its.
    """
    settings = load_config(Path(config)) if config is not None else None
    ports, keys = _of_config(settings) if settings is not None else ((whmcs_port, virtualizor_port), Keys())
    named = ("--whmcs-port", "--virtualizor-port") if settings is None else ("whmcs.url", "virtualizor.url")
    for port, name in zip(ports, named, strict=True):
        check_free(LOOPBACK, port, name)
    panels = start_sandboxes(SystemClock().now, ports=ports, keys=keys)
    if settings is not None:
        panels.connect(f"http://{LOOPBACK}:{settings.server.port}", settings.server.hook_secret)
    else:
        hook_secret = new_secret()
        panels.connect(f"http://{LOOPBACK}:{bridge_port}", hook_secret)
        click.echo(configuration(panels, port=bridge_port, hook_secret=hook_secret, token=secrets.token_urlsafe(24)))
    click.echo(f"# whmcs {panels.whmcs.url}\n# virtualizor {panels.virtualizor.url}", err=True)
    wait_for_signal()
    panels.stop()


def _of_config(settings: Config) -> tuple[tuple[int, int], Keys]:
    """Where a configuration looks for WHMCS and Virtualizor, and what it shows them; raises InvalidInput."""
    if settings.whmcs is None or len(settings.virtualizor) != 1:
        raise InvalidInput(str(settings.file), "needs [whmcs] and one [virtualizor] for the sandbox panels")
    (servers,) = settings.virtualizor
    ports = (_port(settings.whmcs.url, "whmcs.url"), _port(servers.url, "virtualizor.url"))
    keys = Keys(
        identifier=settings.whmcs.identifier,
        secret=settings.whmcs.secret,
        api_key=servers.api_key,
        api_password=servers.api_password,
    )
    return ports, keys


def _port(url: str, name: str) -> int:
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in _HERE:
        raise InvalidInput(name, f"sandbox panels listen on this machine alone, such as http://{LOOPBACK}:8701/")
    return parts.port or 80
