"""What each way of failing means: for a read, and for a write, which is never sent twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from adapters.virtualizor.access import Access
from adapters.virtualizor.client import READ_ATTEMPTS, VirtualizorClient
from adapters.virtualizor.panel import VirtualizorPanel
from adapters.virtualizor.sandbox import FaultKind
from bridge.errors import PanelError, PanelRefused, PanelUnclear, PanelUnreachable
from tests.contract.virtualizor.conftest import Lab

TRANSIENT = [
    (FaultKind.SERVER_ERROR, PanelUnreachable),
    (FaultKind.TOO_MANY, PanelUnreachable),
    (FaultKind.LOST, PanelUnreachable),
    (FaultKind.CUT, PanelUnreachable),
    (FaultKind.HTML, PanelUnreachable),
    (FaultKind.REDIRECT, PanelUnreachable),
]


@pytest.mark.parametrize(("kind", "error"), TRANSIENT)
def test_a_read_is_retried_and_then_says_why(lab: Lab, kind: FaultKind, error: type[PanelError]) -> None:
    lab.fail("vs", kind, times=READ_ATTEMPTS - 1)
    assert lab.panel.machine("12") is not None
    lab.fail("vs", kind, times=READ_ATTEMPTS)
    with pytest.raises(error):
        lab.panel.machine("12")
    assert len(lab.calls()) == 2 * READ_ATTEMPTS


@pytest.mark.parametrize("shape", ["list", "object", "error_msg", "fatal"])
def test_the_panels_own_error_refuses_a_read_at_once_in_its_words(lab: Lab, shape: str) -> None:
    lab.fail("vs", FaultKind.ERROR, shape=shape)
    with pytest.raises(PanelRefused, match="An error occurred"):
        lab.panel.machine("12")
    assert lab.calls() == ["vs"]


@pytest.mark.parametrize("after", [False, True], ids=["before the effect", "after the effect"])
@pytest.mark.parametrize("kind", [kind for kind, _ in TRANSIENT])
def test_a_write_without_a_usable_answer_is_unclear_and_sent_once(lab: Lab, kind: FaultKind, after: bool) -> None:
    lab.fail("vs:suspend_net", kind, after=after)
    with pytest.raises(PanelUnclear):
        lab.panel.cut_network("12", "uuid-12")
    assert lab.calls() == ["vs:suspend_net"]
    assert bool(lab.machine(12).network_cut) is after


@pytest.mark.parametrize("kind", [kind for kind, _ in TRANSIENT])
def test_an_edit_without_a_usable_answer_is_unclear_and_sent_once(lab: Lab, kind: FaultKind) -> None:
    lab.fail("managevps", kind, after=True)
    with pytest.raises(PanelUnclear):
        lab.panel.set_firewall_plan("12", "7")
    assert lab.calls() == ["managevps"]
    assert lab.machine(12).settings["admin_fwid"] == "7"


@pytest.mark.parametrize("shape", ["list", "object", "error_msg", "fatal"])
def test_the_panels_own_error_refuses_a_write_in_its_words(lab: Lab, shape: str) -> None:
    lab.fail("vs:suspend_net", FaultKind.ERROR, shape=shape)
    with pytest.raises(PanelRefused, match="An error occurred"):
        lab.panel.cut_network("12", "uuid-12")


def test_an_answer_without_done_is_judged_by_the_state_read(lab: Lab) -> None:
    lab.fail("vs:suspend_net", FaultKind.SILENT)
    with pytest.raises(PanelRefused, match="without done"):
        lab.panel.cut_network("12", "uuid-12")
    lab.fail("vs:suspend_net", FaultKind.SILENT, after=True)
    lab.panel.cut_network("12", "uuid-12")
    assert lab.machine(12).network_cut


def test_a_refusal_that_cannot_be_checked_is_unclear(lab: Lab) -> None:
    lab.fail("vs:suspend_net", FaultKind.ERROR)
    lab.fail("vs", FaultKind.SERVER_ERROR, times=READ_ATTEMPTS)
    with pytest.raises(PanelUnclear, match="An error occurred"):
        lab.panel.cut_network("12", "uuid-12")


def test_an_act_the_panel_does_not_know_is_noticed(lab: Lab) -> None:
    with pytest.raises(PanelRefused, match="dashboard"):
        lab.client.read("vpses", expects="vs")
    with pytest.raises(PanelRefused, match="dashboard"):
        lab.client.edit("managevpses", {"vpsid": "12"}, {"editvps": "1"})
    assert {each["problem"] for each in lab.sandbox.journal.violations()} == {"is not documented"}
    lab.sandbox.journal._violations.clear()


def test_a_missing_submit_flag_is_noticed(lab: Lab) -> None:
    with pytest.raises(PanelRefused, match="without done"):
        lab.client.edit("managevps", {"vpsid": "12"}, {"hostname": "renamed"})
    assert lab.machine(12).hostname == "mail.example"
    assert [each["problem"] for each in lab.sandbox.journal.violations()] == ["editvps is missing in the body"]
    lab.sandbox.journal._violations.clear()


class _Dripping(BaseHTTPRequestHandler):
    """Sends its headers and then, as `server.mode` says, drips, floods or falls silent."""

    server: _RoughServer

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            while self.server.mode == "flood" or not self.server.over.wait(0.02):
                if self.server.mode != "silent":
                    self.wfile.write(b" " * (1_000_000 if self.server.mode == "flood" else 1))
        except OSError:
            self.close_connection = True

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class _RoughServer(ThreadingHTTPServer):
    mode = "drip"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Dripping)
        self.over = threading.Event()


@pytest.fixture
def rough() -> Iterator[_RoughServer]:
    server = _RoughServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("mode", "words"),
    [("drip", "longer than 0.3 seconds"), ("silent", "in time"), ("flood", "more than 2000000 bytes")],
)
def test_an_answer_that_never_ends_is_given_up(
    rough: _RoughServer, monkeypatch: pytest.MonkeyPatch, mode: str, words: str
) -> None:
    monkeypatch.setattr("adapters.virtualizor.client.LARGEST_ANSWER", 2_000_000)
    rough.mode = mode
    access = Access(
        url=f"http://127.0.0.1:{rough.server_port}",
        api_key="key",
        api_password="password",
        answer_timeout=0.2,
        total_timeout=0.3 if mode == "drip" else 30.0,
    )
    panel = VirtualizorPanel(VirtualizorClient(access, sleep=lambda _: None))
    with pytest.raises(PanelUnclear, match=words):
        panel.cut_network("12", "uuid-12")
