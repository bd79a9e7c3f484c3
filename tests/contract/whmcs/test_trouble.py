"""Trouble on the way: which error it becomes, and how often the panel was called."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest

from adapters.whmcs.client import Credentials, WhmcsClient
from adapters.whmcs.sandbox import FaultKind
from bridge.errors import PanelError, PanelRefused, PanelUnclear, PanelUnreachable
from bridge.ports import ServiceStatus
from tests.contract.whmcs.conftest import FAST, Sandbox, StartSandbox

_UNCLEAR = [
    FaultKind.HTTP_500,
    FaultKind.HTTP_500_AFTER,
    FaultKind.LOST_BEFORE,
    FaultKind.LOST_AFTER,
    FaultKind.HTML,
    FaultKind.HTML_AFTER,
    FaultKind.CUT_JSON,
    FaultKind.REDIRECT,
    FaultKind.RATE_LIMITED,
]


@pytest.mark.parametrize("kind", _UNCLEAR, ids=lambda kind: kind.value)
def test_a_write_whose_answer_makes_no_sense_is_unclear_and_sent_once(whmcs: Sandbox, kind: FaultKind) -> None:
    whmcs.fault(kind, "ModuleSuspend")
    with pytest.raises(PanelUnclear):
        whmcs.panel().suspend("21", "because")
    assert whmcs.calls("ModuleSuspend") == 1
    service = whmcs.panel().service("21")
    assert service is not None
    assert (service.status is ServiceStatus.SUSPENDED) is kind.is_after


def test_a_write_whose_answer_comes_too_late_is_unclear(whmcs: Sandbox) -> None:
    whmcs.fault(FaultKind.SLOW, "AddCredit", seconds=1.0)
    with pytest.raises(PanelUnclear):
        whmcs.panel().add_credit("11", Decimal("5.00"), "TS-A")
    assert [credit.description for credit in whmcs.panel().credits("11")] == ["TS-A"]


@pytest.mark.parametrize("kind", _UNCLEAR, ids=lambda kind: kind.value)
def test_a_read_is_tried_again(whmcs: Sandbox, kind: FaultKind) -> None:
    whmcs.fault(kind, "GetInvoice", times=2)
    assert whmcs.panel().invoice("1") is not None
    assert whmcs.calls("GetInvoice") == 3


def test_a_read_gives_up_after_three_times(whmcs: Sandbox) -> None:
    whmcs.fault(FaultKind.HTTP_500, "GetInvoice", times=9)
    with pytest.raises(PanelUnclear, match="HTTP 500"):
        whmcs.panel().invoice("1")
    assert whmcs.calls("GetInvoice") == 3


def test_an_error_of_the_panels_own_is_refused_in_its_words_and_not_tried_again(whmcs: Sandbox) -> None:
    whmcs.fault(FaultKind.ERROR, "GetInvoice", words="Something &quot;odd&quot;\nhappened")
    with pytest.raises(PanelRefused) as caught:
        whmcs.panel().invoice("1")
    assert caught.value.words == 'Something "odd" happened'
    assert whmcs.calls("GetInvoice") == 1


def test_a_ticket_that_cannot_be_read_back_is_unclear(whmcs: Sandbox) -> None:
    whmcs.fault(FaultKind.HTTP_500, "GetTicket", times=3)
    with pytest.raises(PanelUnclear, match="ticket 1 was opened"):
        whmcs.panel().open_ticket(client="11", service=None, subject="s", message="m")
    assert len(whmcs.world.state.tickets) == 1


def test_nobody_listening_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(PanelUnreachable):
        _client_at(f"http://127.0.0.1:{port}").write("ModuleUnsuspend", serviceid=1)


@pytest.mark.parametrize("url", ["http://nowhere.invalid", "http://", "billing.example", "ftp://billing.example"])
def test_an_address_that_leads_nowhere_is_unreachable(url: str) -> None:
    with pytest.raises(PanelUnreachable):
        _client_at(url).write("ModuleUnsuspend", serviceid=1)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"garbage\r\n\r\n", id="no HTTP"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{", id="cut short"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n{}", id="two lengths"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="broken chunk"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", id="no gzip"),
        pytest.param(b"HTTP/1.1 302 Found\r\nLocation: http://[bad\r\nContent-Length: 0\r\n\r\n", id="odd redirect"),
        pytest.param(b"HTTP/1.1 302 Found\r\nLocation: /\xff\r\nContent-Length: 0\r\n\r\n", id="redirect in bytes"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", id="no object"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", id="neither success nor error"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 200_000, id="deep"),
        pytest.param(b'HTTP/1.1 200 OK\r\n\r\n{"a": ' + b"9" * 5000 + b"}", id="huge number"),
        pytest.param(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}", id="403 without words"),
        pytest.param(b"HTTP/1.1 404 Not Found\r\nContent-Length: 20\r\n\r\n" + b'{"result":"success"}', id="404"),
    ],
)
def test_whatever_a_server_answers_to_a_write_is_unclear(answer: bytes) -> None:
    with _serving(answer) as url, pytest.raises(PanelUnclear):
        _client_at(url).write("ModuleUnsuspend", serviceid=1)


def test_secrets_and_letters_stay_out_of_errors_and_logs(start: StartSandbox, caplog: pytest.LogCaptureFixture) -> None:
    sandbox = start()
    caplog.set_level(logging.DEBUG)
    client = sandbox.client()
    shown = [repr(client), str(client), repr(Credentials(identifier="sandbox-identifier", secret="sandbox-secret"))]
    for kind in (*_UNCLEAR, FaultKind.ERROR):
        sandbox.fault(kind, "AddTicketReply", words="identifier sandbox-identifier, secret sandbox-secret")
        with pytest.raises(PanelError) as caught:
            sandbox.panel(client).reply("1", "a very private letter")
        shown += [repr(caught.value), str(caught.value), repr(caught.value.__cause__), repr(caught.value.__context__)]
        assert caught.value.__context__ is None
    shown.append(caplog.text)
    for word in ("sandbox-secret", "sandbox-identifier", "private letter"):
        assert not [text for text in shown if word in text]


def _client_at(url: str) -> WhmcsClient:
    credentials = Credentials(identifier="i", secret="s")
    return WhmcsClient(url=url, credentials=credentials, timeouts=FAST, sleep=lambda _seconds: None)


@contextmanager
def _serving(answer: bytes) -> Iterator[str]:
    """A server that answers one request with fixed bytes; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_answer_once, args=(listening, answer), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread.join(timeout=5)


def _answer_once(listening: socket.socket, answer: bytes) -> None:
    connection, _ = listening.accept()
    with connection:
        received = b""
        while b"serviceid=" not in received:
            received += connection.recv(65536)
        connection.sendall(answer)


def test_one_panel_serves_many_threads(whmcs: Sandbox) -> None:
    panel = whmcs.panel()
    threads = [
        threading.Thread(target=panel.add_credit, args=("11", Decimal("1.00"), f"number {index}")) for index in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=5)
    assert {credit.description for credit in panel.credits("11")} == {f"number {index}" for index in range(8)}
