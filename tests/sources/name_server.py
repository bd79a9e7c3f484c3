"""A name server on loopback that knows what a test tells it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


@dataclass
class NameServer:
    """`addresses` by name; every other name does not exist. `silent`: nothing is answered at all."""

    port: int = 0
    addresses: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    asked: list[str] = field(default_factory=list)

    def answer(self, question: bytes) -> bytes | None:
        query = dns.message.from_wire(question)
        name = query.question[0].name.to_text().rstrip(".")
        kind = query.question[0].rdtype.name
        self.asked.append(f"{kind} {name}")
        if self.silent:
            return None
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        known = self.addresses.get(name) if kind == "A" else self.texts.get(name)
        if name not in self.addresses:
            response.set_rcode(dns.rcode.NXDOMAIN)
        elif known is not None:
            response.answer.append(dns.rrset.from_text(name + ".", 60, "IN", kind, known))
        return response.to_wire()


@contextmanager
def running() -> Iterator[NameServer]:
    """Answers until the end of the block."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(0.05)
        server = NameServer(port=listening.getsockname()[1])
        ended = threading.Event()
        thread = threading.Thread(target=_serve, args=(listening, server, ended))
        thread.start()
        try:
            yield server
        finally:
            ended.set()
            thread.join()


def _serve(listening: socket.socket, server: NameServer, ended: threading.Event) -> None:
    while not ended.is_set():
        try:
            question, peer = listening.recvfrom(4096)
        except TimeoutError:
            continue
        answer = server.answer(question)
        if answer is not None:
            listening.sendto(answer, peer)
