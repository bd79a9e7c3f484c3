"""The hooks on the panel's side, run by PHP: what they tell, how it is signed, and that they never get in the way."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from hooks.signature import verify

PANEL = Path(__file__).parents[2] / "hooks" / "virtualizor" / "panel"
HOOKS = ("after_createvps", "after_deletevps", "after_startvps", "deletevs")
SECRET = "whsec_dGhlIHNlY3JldCBvZiB0aGUgYnJpZGdl"
ROW = (
    "['vpsid' => '12', 'uuid' => 'u-12', 'ips' => ['3' => '192.0.2.1'], 'hostname' => 'ä/b', 'pass' => 'root-password']"
)


class _Bridge(ThreadingHTTPServer):
    """Keeps what was sent; answers with `status` after `delay` seconds."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.taken: list[tuple[str, dict[str, str], bytes]] = []
        self.status = 202
        self.delay = 0.0


class _Handler(BaseHTTPRequestHandler):
    server: _Bridge

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, dict(self.headers.items()), body))
        time.sleep(self.server.delay)
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def bridge() -> Iterator[_Bridge]:
    server = _Bridge()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass(frozen=True)
class Run:
    """What PHP printed, and what it wrote to its error log."""

    printed: str
    logged: str
    seconds: float


RunHook = Callable[..., Run]


@pytest.fixture
def run_hook(php: Path, tmp_path: Path, bridge: _Bridge) -> RunHook:
    """`run_hook("deletevs", row="[…]", secret=…, …)`: the hook, called as the panel would, so configured."""
    folder = tmp_path / "hooks"
    shutil.copytree(PANEL, folder)

    def run(hook: str, *, row: str = ROW, config: str | None = None, **settings: object) -> Run:
        given = {"bridge_url": f"http://127.0.0.1:{bridge.server_port}/", "secret": SECRET, **settings}
        written = config or f"<?php return json_decode('{json.dumps(given)}', true);"
        if config != "":
            (folder / "tipstaff-config.php").write_text(written)
        code = (
            f"include '{folder}/{hook}.php'; include '{folder}/{hook}.php'; __{hook}({row}); echo 'the panel goes on';"
        )
        started = time.monotonic()
        done = subprocess.run(
            [php, "-d", "display_errors=1", "-d", "error_reporting=-1", "-d", "log_errors=1", "-r", code],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        return Run(done.stdout, done.stderr, time.monotonic() - started)

    return run


@pytest.mark.parametrize("hook", HOOKS)
def test_each_hook_tells_the_bridge_signed_and_without_passwords(run_hook: RunHook, bridge: _Bridge, hook: str) -> None:
    run = run_hook(hook)
    assert run.printed == "the panel goes on"
    ((path, headers, body),) = bridge.taken
    assert path == "/hooks/virtualizor"
    now = datetime.now(UTC)
    assert verify(SECRET, headers, body, now).startswith("vz_")
    message = json.loads(body)
    assert message["hook"] == hook
    assert message["vars"] == {"vpsid": "12", "uuid": "u-12", "ips": {"3": "192.0.2.1"}, "hostname": "ä/b"}
    assert abs(now - datetime.fromisoformat(message["at"])).total_seconds() < 30
    assert set(message) == {"hook", "vars", "at"}


def test_two_deliveries_have_two_ids(run_hook: RunHook, bridge: _Bridge) -> None:
    run_hook("deletevs")
    run_hook("deletevs")
    first, second = (headers["webhook-id"] for _, headers, _ in bridge.taken)
    assert first != second


def test_the_whmcs_server_is_named_where_it_is_configured(run_hook: RunHook, bridge: _Bridge) -> None:
    run_hook("deletevs", server="3")
    assert json.loads(bridge.taken[0][2])["server"] == "3"


@pytest.mark.parametrize("row", ["null", "[]", "'text'", "['vpsid' => \"\\xff\", 'hostname' => NAN]"])
def test_an_odd_row_is_sent_for_what_it_is_worth(run_hook: RunHook, bridge: _Bridge, row: str) -> None:
    assert run_hook("deletevs", row=row).printed == "the panel goes on"
    assert isinstance(json.loads(bridge.taken[0][2])["vars"], dict)


@pytest.mark.parametrize("status", [302, 401, 422, 500])
def test_a_refusal_is_logged_and_no_trouble_of_the_panel(run_hook: RunHook, bridge: _Bridge, status: int) -> None:
    bridge.status = status
    run = run_hook("deletevs")
    assert run.printed == "the panel goes on"
    assert f"deletevs was not taken (HTTP {status})" in run.logged
    assert len(bridge.taken) == 1


def test_a_bridge_that_is_slow_is_not_waited_for(run_hook: RunHook, bridge: _Bridge) -> None:
    bridge.delay = 3.0
    run = run_hook("deletevs", timeout_ms=200)
    assert run.printed == "the panel goes on"
    assert "no answer" in run.logged
    assert run.seconds < 2.5


def test_a_bridge_that_is_down_is_no_trouble_of_the_panel(run_hook: RunHook) -> None:
    run = run_hook("deletevs", bridge_url="http://127.0.0.1:9")
    assert run.printed == "the panel goes on"
    assert "no answer" in run.logged


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"config": ""}, "tipstaff-config.php is missing"),
        ({"config": "<?php return 5;"}, "bridge_url is no http(s) address"),
        ({"config": "<?php syntax error"}, "was not sent"),
        ({"config": "noise <?php return [];"}, "bridge_url is no http(s) address"),
        ({"bridge_url": "file:///etc/passwd"}, "bridge_url is no http(s) address"),
        ({"secret": "whsec_"}, "secret is not whsec_"),
        ({"secret": "no base64 at all!"}, "secret is not whsec_"),
    ],
    ids=repr,
)
def test_a_wrong_configuration_is_logged_and_no_trouble_of_the_panel(
    run_hook: RunHook, bridge: _Bridge, settings: dict[str, str], words: str
) -> None:
    run = run_hook("deletevs", **settings)
    assert run.printed == "the panel goes on"
    assert words in run.logged
    assert "no base64 at all" not in run.logged
    assert bridge.taken == []


def test_every_hook_file_holds_the_function_the_panel_calls() -> None:
    files = {path.stem for path in PANEL.glob("*.php")} - {"tipstaff", "tipstaff-config.sample"}
    assert files == set(HOOKS)
    assert all(f"function __{hook}($vps)" in (PANEL / f"{hook}.php").read_text() for hook in HOOKS)
