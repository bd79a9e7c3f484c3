"""The demo's own server: what is refused is answered, and nobody waits for more than was sent."""

from __future__ import annotations

from io import BytesIO

import pytest

from bridge.cli.demo import bounded


@pytest.mark.parametrize(("announced", "body"), [("2", b"[]"), ("", b""), (None, b""), ("-1", b"")])
def test_a_body_ends_where_it_said_it_would(announced: str | None, body: bytes) -> None:
    """What is left of a refused body is drained: on a bare socket that would wait for ever."""
    socket = BytesIO(b"[]what the sender never meant as body")
    stream = bounded({"wsgi.input": socket, "CONTENT_LENGTH": announced})["wsgi.input"]
    assert (stream.read(64), stream.read(64)) == (body, b"")


def test_a_body_in_chunks_ends_by_itself() -> None:
    chunks = BytesIO(b"[]")
    assert bounded({"wsgi.input": chunks, "wsgi.input_terminated": True})["wsgi.input"] is chunks
