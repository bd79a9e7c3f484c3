"""tipstaff sandbox: only the sandbox panels."""

from __future__ import annotations

import secrets

import click

from bridge.cli.init import new_secret
from bridge.cli.ports import LOOPBACK, PORT, check_free
from bridge.cli.signals import wait_for_signal
from bridge.clock import SystemClock
from bridge.sandboxes import configuration, start_sandboxes


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
def sandbox(whmcs_port: int, virtualizor_port: int, bridge_port: int) -> None:
    """Sandbox panels with a dozen clients, and the configuration that fits them. Ctrl-C ends them."""
    check_free(LOOPBACK, whmcs_port, "--whmcs-port")
    check_free(LOOPBACK, virtualizor_port, "--virtualizor-port")
    panels = start_sandboxes(SystemClock().now, ports=(whmcs_port, virtualizor_port))
    hook_secret = new_secret()
    panels.connect(f"http://127.0.0.1:{bridge_port}", hook_secret)
    click.echo(configuration(panels, port=bridge_port, hook_secret=hook_secret, token=secrets.token_urlsafe(24)))
    click.echo(f"# whmcs {panels.whmcs.url}\n# virtualizor {panels.virtualizor.url}", err=True)
    wait_for_signal()
    panels.stop()
