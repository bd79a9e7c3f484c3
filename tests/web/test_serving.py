"""The server itself: starting, stopping, bodies that are too large, requests under way."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0
HEADERS = {"Authorization": "Bearer admin-token", "Content-Type": "text/plain"}
TOO_LARGE = 10 * 1024 * 1024 + 1


@dataclass
class Served:
    process: subprocess.Popen[bytes]
    folder: Path
    url: str

    def stop(self, by: signal.Signals) -> int:
        self.process.send_signal(by)
        return self.process.wait(PATIENCE)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.web.serving", str(tmp_path)],
            cwd=ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield Served(process, tmp_path, _address(process, tmp_path))
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(PATIENCE)


def _address(process: subprocess.Popen[bytes], folder: Path) -> str:
    """Once it answers."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        file = folder / "address"
        if file.exists() and (address := file.read_text()):
            try:
                requests.get(f"{address}/healthz", timeout=5)
            except requests.ConnectionError:
                pass
            else:
                return address
        time.sleep(0.05)
    raise AssertionError((folder / "log").read_text())


def test_too_large_a_body_is_told_so_announced_or_in_chunks(served: Served) -> None:
    announced = requests.post(f"{served.url}/complaints", data=b"x" * TOO_LARGE, headers=HEADERS, timeout=PATIENCE)
    assert announced.status_code == 413
    assert announced.headers["Content-Type"] == "application/problem+json"
    chunks = (b"x" * 65536 for _ in range(TOO_LARGE // 65536 + 1))
    chunked = requests.post(f"{served.url}/complaints", data=chunks, headers=HEADERS, timeout=PATIENCE)
    assert chunked.status_code == 413
    closing = {**HEADERS, "Connection": "close"}
    closed = requests.post(f"{served.url}/complaints", data=b"x" * TOO_LARGE, headers=closing, timeout=PATIENCE)
    assert closed.status_code == 413


def test_a_body_of_chunks_is_read_whole(served: Served) -> None:
    most = (b"x" * 65536 for _ in range(160))
    assert requests.post(f"{served.url}/complaints", data=most, headers=HEADERS, timeout=PATIENCE).status_code == 202
    chunks = (b"x" * 1000 for _ in range(5))
    assert requests.post(f"{served.url}/complaints", data=chunks, headers=HEADERS, timeout=PATIENCE).status_code == 202


def test_a_large_body_of_a_stranger_still_gets_its_401(served: Served) -> None:
    body = b"x" * (5 * 1024 * 1024)
    answer = requests.post(f"{served.url}/complaints", data=body, headers={"Connection": "close"}, timeout=PATIENCE)
    assert answer.status_code == 401


def test_a_connection_is_kept_after_an_error(served: Served) -> None:
    with requests.Session() as session:
        assert session.post(f"{served.url}/events", data=b"x" * 100_000, timeout=PATIENCE).status_code == 401
        assert session.get(f"{served.url}/healthz", timeout=PATIENCE).status_code == 200


def test_bytes_that_are_no_http_harm_nobody(served: Served) -> None:
    host, port = served.url.removeprefix("http://").split(":")
    for noise in (
        b"\x16\x03\x01\x00\xa5\x01\x00",
        b"GET\r\n\r\n",
        b"POST /events HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
    ):
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as raw:
            raw.sendall(noise)
            raw.shutdown(socket.SHUT_WR)
            assert b"500" not in raw.recv(4096).split(b"\r\n")[0]
    assert requests.get(f"{served.url}/healthz", timeout=PATIENCE).status_code == 200


POST = b"POST /events HTTP/1.1\r\nHost: x\r\nAuthorization: " + HEADERS["Authorization"].encode() + b"\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (POST + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", 400),
        (POST + b"Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{}", 400),
        (POST + b"Transfer-Encoding: nonsense\r\n\r\n", 400),
        (POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 400),
        (b"GET /cases?" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 9000 + b"\r\n\r\n", 431),
    ],
)
def test_what_cannot_be_read_is_the_senders_fault_and_said_as_every_error(
    served: Served, sent: bytes, status: int
) -> None:
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as raw:
        raw.sendall(sent)
        raw.shutdown(socket.SHUT_WR)
        answer = raw.makefile("rb").read()
    assert answer.split()[1] == str(status).encode()
    assert b"Content-Type: application/problem+json" in answer
    log = (served.folder / "log").read_text()
    assert "Traceback" not in log
    assert HEADERS["Authorization"].split()[1] not in log


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(served: Served, by: signal.Signals) -> None:
    assert served.stop(by) == 0
    assert (served.folder / "ended").exists()
    assert "Traceback" not in (served.folder / "log").read_text()


def test_ctrl_c_which_reaches_both_processes_ends_it_cleanly(served: Served) -> None:
    os.killpg(served.process.pid, signal.SIGINT)
    assert served.process.wait(PATIENCE) == 0
    assert (served.folder / "ended").exists()
    assert "Traceback" not in (served.folder / "log").read_text()


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_request_under_way_is_answered_before_the_end(served: Served, by: signal.Signals) -> None:
    statuses: list[int] = []

    def ask() -> None:
        answer = requests.get(f"{served.url}/cases/slow", headers=HEADERS, timeout=PATIENCE)
        statuses.append(answer.status_code)

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.4)
    assert served.stop(by) == 0
    asking.join(PATIENCE)
    assert statuses == [200]
