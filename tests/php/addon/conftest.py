"""The addon in a stand-in WHMCS, run by a real PHP, and a bridge for it to talk to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.cli.addon import install
from tests.php.addon.bridge import SECRET, Bridge
from tests.php.addon.whmcs import Whmcs

TIMEOUT_MS = 1000


@pytest.fixture
def bridge() -> Iterator[Bridge]:
    server = Bridge()
    yield server
    server.stop()
    assert server.unsigned == []


@pytest.fixture
def bare_whmcs(php: Path, tmp_path: Path) -> Whmcs:
    """With the addon's files in place, and nothing activated."""
    root = tmp_path / "whmcs"
    whmcs = Whmcs(php, root)
    install(root)
    return whmcs


@pytest.fixture
def whmcs(bare_whmcs: Whmcs, bridge: Bridge) -> Whmcs:
    """With the addon activated and set up."""
    bare_whmcs.run({"do": "call", "name": "activate"})
    bare_whmcs.set(
        bridge_url=bridge.url + "/", secret=SECRET, timeout_ms=TIMEOUT_MS, when_unreachable="allow", access="1"
    )
    return bare_whmcs
