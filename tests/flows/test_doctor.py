"""The commands `doctor` and `sync` on both sandbox panels: what they say, and with which exit status."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.whmcs.sandbox import Fault, FaultKind
from bridge.cli import main
from bridge.sandboxes import Sandboxes, configuration, start_sandboxes

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@dataclass
class Ended:
    status: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def panels() -> Iterator[Sandboxes]:
    started = start_sandboxes(lambda: datetime.now(UTC))
    yield started
    started.stop()


@pytest.fixture
def config(tmp_path: Path, panels: Sandboxes) -> Path:
    file = tmp_path / "tipstaff.toml"
    file.write_text(configuration(panels, port=8765, hook_secret=SECRET, token="kT8rQ2mVx0Zp5LwY7bNc"))
    file.chmod(0o600)
    return file


@pytest.fixture
def run(config: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """tipstaff with these arguments and the configuration."""

    def call(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["tipstaff", *arguments, "--config", str(config)])
        status = 0
        try:
            main()
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        sys.stdout.flush()
        written = capfdbinary.readouterr()
        return Ended(status, written.out.decode(), written.err.decode())

    return call


def found(ended: Ended, level: str) -> list[dict[str, Any]]:
    return [finding for finding in json.loads(ended.out)["findings"] if finding["level"] == level]


def test_before_init_the_missing_database_is_named_and_not_made(run: Run, config: Path) -> None:
    ended = run("doctor")
    assert ended.status == 1
    assert "run tipstaff init" in ended.out
    assert not (config.parent / "tipstaff.db").exists()


def test_a_fresh_installation_has_warnings_and_no_fault(run: Run) -> None:
    run("init")
    ended = run("doctor", "--json")
    assert ended.status == 0
    assert found(ended, "fault") == []
    assert {"addon", "database"} <= {finding["area"] for finding in found(ended, "warning")}
    assert {"billing panel", "server panel", "clock"} <= {finding["area"] for finding in found(ended, "ok")}
    (policy,) = [finding["what"] for finding in found(ended, "warning") if finding["area"] == "policy"]
    assert "replace_ip is done by hand for dedicated services" in policy


@pytest.mark.parametrize(
    ("written", "instead", "area"),
    [
        ("abuse_department = ", "abuse_department = 9", "billing panel"),
        ("api_password = ", 'api_password = "no-longer-this-one"', "server panel"),
        ("timezone = ", "", "configuration"),
        ("hook_secret = ", "", "configuration"),
    ],
)
def test_what_is_wrong_is_a_fault_and_the_rest_is_looked_at_all_the_same(
    run: Run, config: Path, written: str, instead: str, area: str
) -> None:
    run("init")
    lines = config.read_text().splitlines()
    changed = [instead if line.startswith(written) else line for line in lines]
    assert changed != lines
    config.write_text("\n".join(changed))
    ended = run("doctor", "--json")
    assert ended.status == 1
    assert area in {finding["area"].partition(" http")[0] for finding in found(ended, "fault")}
    assert "policy" in {finding["area"] for finding in found(ended, "warning")}


def test_sync_says_what_it_read_and_a_second_one_that_nothing_changed(run: Run) -> None:
    run("init")
    first = run("sync")
    assert first.status == 0
    assert first.out.startswith(
        "read 12 clients, 12 services, 11 machines: 12 clients and 12 services changed, 0 gone;"
    )
    assert "services 12 of 12" in first.err
    second = json.loads(run("sync", "--json").out)
    assert (second["changed_clients"], second["changed_services"], second["gone"]) == (0, 0, 0)
    assert "never read" not in run("doctor", "--json").out


def test_a_billing_panel_that_is_down_is_one_line_and_status_one(run: Run, panels: Sandboxes) -> None:
    run("init")
    panels.world.faults.order(Fault(kind=FaultKind.HTTP_500, action="GetClients", times=10))
    ended = run("sync")
    assert (ended.status, ended.out) == (1, "")
    assert len(ended.err.splitlines()) == 1


def test_a_host_without_panels_has_nothing_to_read(run: Run, config: Path) -> None:
    run("init")
    text = config.read_text()
    start, end = text.index("[whmcs]"), text.index("[virtualizor]")
    config.write_text(text[:start] + text[end:])
    ended = run("sync")
    assert (ended.status, len(ended.err.splitlines())) == (2, 1)
    assert "whmcs: is not configured" in ended.err
