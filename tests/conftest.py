"""What every test may ask for; nothing here is imported or started before a test does."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent
_connect = socket.socket.connect


@pytest.fixture(autouse=True)
def no_way_out(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test talks to another machine, and one of unit/ not even to its own."""
    is_unit = request.path.is_relative_to(TESTS / "unit")

    def connect(self: socket.socket, address: Any) -> None:
        if is_unit or not _is_here(self, address):
            pytest.fail(f"the test connects to {address}")
        _connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


def _is_here(connecting: socket.socket, address: Any) -> bool:
    if connecting.family == socket.AF_UNIX:
        return True
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return bool(address[0] == "localhost")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a PostgreSQL server of this run, started when the first test asks, always stopped."""
    from tests.postgres import running

    with running() as url:
        yield url


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database for one test."""
    from tests.postgres import empty_database

    with empty_database(postgres_url) as url:
        yield url


@pytest.fixture(scope="session")
def php() -> Path:
    """PHP's command line."""
    from tests.needs import path_of

    return path_of("php")


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Debian's Chromium, for Playwright's `executable_path`; as root it wants `--no-sandbox`."""
    from tests.needs import path_of

    return path_of("chromium")
