"""Whether an address can be listened on, before somebody else's words say that it cannot."""

from __future__ import annotations

import socket

import click

from bridge.errors import InvalidInput

LOOPBACK = "127.0.0.1"
PORT = click.IntRange(0, 65535)
"""A port; 0 takes a free one."""


def check_free(host: str, port: int, option: str) -> None:
    """Raises InvalidInput naming `option` where the port is taken or the address is not ours; 0 is always free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as trouble:
            raise InvalidInput(option, f"{host}:{port} cannot be listened on: {trouble.strerror}") from trouble


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
