"""The demo as a person uses it: its printed addresses, the approvals page in a real browser, the clock, the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, sync_playwright

PATIENCE = 90.0
CLONE = Path(__file__).parents[2]


class Demo:
    """A running demo and what it has printed so far."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "bridge", "demo"],
            env={**os.environ, "PYTHONPATH": str(CLONE)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.append(line.rstrip())

    def address(self, name: str) -> str:
        return self.until(lambda: next((line.split()[1] for line in self.lines if line.startswith(f"{name} ")), ""))

    def says(self, words: str) -> str:
        """The line with these words, once it is there."""
        return self.until(lambda: next((line for line in self.lines if words in line), ""))

    def until(self, found: Callable[[], str]) -> str:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if answer := found():
                return answer
            time.sleep(0.1)
        raise AssertionError("the demo never said it:\n" + "\n".join(self.lines[-40:]))


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    running = Demo()
    try:
        running.says("Ctrl-C ends everything")
        yield running
    finally:
        running.end()


@pytest.fixture
def page(chromium: Path) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        opened = browser.new_page(java_script_enabled=False, viewport={"width": 1100, "height": 900})
        yield opened
        browser.close()


def test_a_fine_is_approved_in_the_browser_and_becomes_an_invoice(demo: Demo, page: Page) -> None:
    page.goto(demo.address("approvals"))
    card = page.locator(".card", has_text="service 7").filter(has_text="20.00 USD")
    assert "First security complaint about service 7" in card.inner_text()
    assert "clause 1a" in card.inner_text()
    card.get_by_label("Reason").fill("seen in the log")
    card.get_by_role("button", name="Approve").click()
    demo.says("service 7: charge_fine: done, invoice")
    page.goto(demo.address("whmcs"))
    assert "20.00" in page.content()


def test_the_clock_lets_six_hours_pass(demo: Demo, page: Page) -> None:
    page.goto(demo.address("clock"))
    page.get_by_role("button", name="+6 h").click()
    assert "The clock says" in page.content()
    demo.says("service 1: bar_unsuspension, clause 3")
    demo.says("notify_customer (reminder), clause 8")


def test_the_pages_ask_for_no_log_in_but_only_on_this_machine(demo: Demo) -> None:
    bridge = demo.address("bridge")
    assert requests.get(f"{bridge}/", timeout=10).status_code == 200
    assert requests.get(f"{bridge}/", headers={"Host": "evil.example"}, timeout=10).status_code == 403
    assert requests.get(f"{bridge}/actions", timeout=10).status_code == 401


def test_ctrl_c_ends_everything(demo: Demo) -> None:
    addresses = [demo.address(name) for name in ("bridge", "whmcs", "virtualizor")]
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(PATIENCE) == 0
    for address in addresses:
        with pytest.raises(requests.ConnectionError):
            requests.get(address, timeout=5)
