"""A whole installation for a test: sandbox panels over real HTTP, and `tipstaff serve` as a process to be killed."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from bridge.cli.init import new_secret
from bridge.sandboxes import Sandboxes, configuration, start_sandboxes
from hooks.signature import sign

Json = Any

PATIENCE = 60.0

LEASE = """
[worker]
lease = "6s"
"""
"""Longer than the sandbox's slowest answer, and short enough to wait for after a kill."""


def _now() -> datetime:
    return datetime.now(UTC)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Installation:
    """Made ready and synced; `start` and `kill` its service as often as you like."""

    def __init__(
        self,
        folder: Path,
        panels: Sandboxes,
        *,
        more: str = "",
        mode: str = "approve",
        policy: str = "klt-net",
        mapping: str = "",
    ) -> None:
        """`more` is appended to the configuration, `mapping` to its table of that name."""
        self.folder = folder
        self.panels = panels
        self.world = panels.world
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.token = secrets.token_urlsafe(24)
        self.hook_secret = new_secret()
        self._process: subprocess.Popen[bytes] | None = None
        self._log = (folder / "serve.log").open("ab")
        text = configuration(panels, port=self.port, hook_secret=self.hook_secret, token=self.token)
        text = text.replace('mode = "approve"', f'mode = "{mode}"').replace('"klt-net"', f'"{policy}"')
        text = text.replace("[mapping]\n", f"[mapping]\n{mapping}")
        (folder / "tipstaff.toml").write_text(text + LEASE + more, encoding="utf-8")
        self.run("init")
        self.run("sync")

    # ---- the service ----

    def run(self, *words: str, expect: int = 0) -> str:
        """A tipstaff command in the installation's folder; its standard output."""
        done = subprocess.run(
            [sys.executable, "-m", "bridge", *words],
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == expect, f"{words}: {done.returncode}\n{done.stdout.decode()}\n{done.stderr.decode()}"
        return done.stdout.decode()

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bridge", "serve"],
            cwd=self.folder,
            env=self._environment(),
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        self.until(self._is_ready)
        self.panels.connect(self.url, self.hook_secret)

    def _is_ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def kill(self) -> None:
        """SIGKILL to the service and all its processes."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            os.killpg(process.pid, how)
            process.wait(PATIENCE)

    def close(self) -> None:
        self.kill()
        self._log.close()

    def until(self, true: Callable[[], Any], patience: float = PATIENCE) -> Any:
        """Wait until something is so; fails with the service's last words where it never is."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if found := true():
                return found
            time.sleep(0.1)
        words = (self.folder / "serve.log").read_text(encoding="utf-8", errors="replace")[-3000:]
        raise AssertionError(f"it never came to be; the service says:\n{words}")

    # ---- its API ----

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return requests.request(method, f"{self.url}{path}", headers=headers, timeout=30, **more)

    def signed(self, path: str, body: Json) -> requests.Response:
        """A call as the panel makes it."""
        data, delivery, stamp = json.dumps(body).encode(), secrets.token_hex(8), int(time.time())
        headers = {
            "webhook-id": delivery,
            "webhook-timestamp": str(stamp),
            "webhook-signature": sign(self.hook_secret, delivery, stamp, data),
            "Content-Type": "application/json",
        }
        return requests.post(f"{self.url}{path}", data=data, headers=headers, timeout=30)

    def get(self, path: str) -> Json:
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Json) -> Json:
        answer = self.call("POST", path, json=body)
        assert answer.status_code in (200, 202), answer.text
        return answer.json()

    def complain(self, ip: str, category: str = "connection/ddos", **more: Json) -> str:
        """A complaint as an event; its id, which is also its case's."""
        id_ = f"c-{secrets.token_hex(4)}"
        self.post(
            "/events",
            {
                "id": id_,
                "type": "complaint.received",
                "at": _now().isoformat(),
                "ip": ip,
                "category": category,
                **more,
            },
        )
        return id_

    def actions(self, case: str, action: str | None = None) -> list[Json]:
        items = self.get(f"/actions?case={case}&limit=100")["items"]
        return [item for item in items if action in (None, item["action"])]

    def action(self, case: str, action: str, state: str) -> Json:
        """The one action of that name, once it is in that state."""
        return self.until(lambda: next((a for a in self.actions(case, action) if a["state"] == state), None))

    def approve(self, case: str, action: str, by: str = "anna") -> None:
        proposed = self.action(case, action, "proposed")
        self.post(f"/actions/{proposed['id']}/approve", {"by": by, "reason": "seen"})

    def tickets_of(self, client: int) -> list[Json]:
        with self.world.state.lock:
            return [ticket for ticket in self.world.state.tickets.values() if ticket.client == client]

    def invoices_of(self, client: int) -> list[Json]:
        with self.world.state.lock:
            return [invoice for invoice in self.world.state.invoices.values() if invoice.client == client]

    def is_settled(self) -> bool:
        """Nothing is under way: every action is done, or waits for a person."""
        moving = ("approved", "executing")
        return all(self.get(f"/actions?state={state}&limit=1")["total"] == 0 for state in moving)


@contextmanager
def installation(
    folder: Path, *, more: str = "", mode: str = "approve", policy: str = "klt-net"
) -> Iterator[Installation]:
    panels = start_sandboxes(_now)
    try:
        place = Installation(folder, panels, more=more, mode=mode, policy=policy)
        try:
            yield place
        finally:
            place.close()
    finally:
        panels.stop()
