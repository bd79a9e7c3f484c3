"""Which panels are trusted: by the system's CAs, by a CA of ours and its name, or by the very certificate."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from adapters.virtualizor.access import Access
from adapters.virtualizor.client import VirtualizorClient
from adapters.virtualizor.panel import VirtualizorPanel
from bridge.errors import PanelUnreachable

CERTIFICATES = Path(__file__).parent / "certificates"
OpenPanel = Callable[[str, str | None], VirtualizorPanel]


class _Handler(BaseHTTPRequestHandler):
    server: _TlsServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        body = b'{"done": 1}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class _TlsServer(ThreadingHTTPServer):
    def __init__(self, certificate: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATES / certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not trust us hangs up: no news."""


@pytest.fixture
def asked() -> list[list[str]]:
    return []


@pytest.fixture
def open_panel(asked: list[list[str]]) -> Iterator[OpenPanel]:
    running: list[tuple[_TlsServer, threading.Thread]] = []

    def opened(certificate: str, ca_file: str | None) -> VirtualizorPanel:
        server = _TlsServer(certificate)
        asked.append(server.asked)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        running.append((server, thread))
        access = Access(
            url=f"https://127.0.0.1:{server.server_port}/",
            api_key="key",
            api_password="password",
            ca_file=None if ca_file is None else str(CERTIFICATES / ca_file),
        )
        return VirtualizorPanel(VirtualizorClient(access, sleep=lambda _: None))

    yield opened
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("certificate", "ca_file"), [("own.pem", "own.pem"), ("right.pem", "ca.pem")])
def test_the_very_certificate_or_one_of_a_ca_with_the_right_name_is_trusted(
    open_panel: OpenPanel, asked: list[list[str]], certificate: str, ca_file: str
) -> None:
    open_panel(certificate, ca_file).cut_network("1", "")
    assert len(asked[0]) == 1


@pytest.mark.parametrize(
    ("certificate", "ca_file", "words"),
    [
        ("own.pem", None, "certificate is not one we trust"),
        ("own.pem", "ca.pem", "certificate is not one we trust"),
        ("right.pem", "own.pem", "certificate is not one we trust"),
        ("wrong.pem", "ca.pem", "certificate is not one we trust"),
        ("right.pem", "nowhere.pem", "ca_file cannot be read"),
        ("right.pem", "README.md", "ca_file cannot be read or holds no certificate"),
    ],
)
def test_any_other_panel_is_told_nothing_at_all(
    open_panel: OpenPanel, asked: list[list[str]], certificate: str, ca_file: str | None, words: str
) -> None:
    panel = open_panel(certificate, ca_file)
    with pytest.raises(PanelUnreachable, match=words):
        panel.cut_network("1", "")
    assert asked == [[]]
