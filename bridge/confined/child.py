"""The process that reads: bounded by the kernel, it reads one message after the other until it is told no more."""

from __future__ import annotations

import gc
import resource
import signal
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any

from bridge.confined.words import FAILED, READ, READY, REFUSED
from bridge.errors import InvalidInput
from bridge.intake.read import read

_SAMPLE = b"Subject: abuse\n\nYour host 192.0.2.1 scanned our ports on 2000-01-01 at 10:00 UTC, see http://192.0.2.1/x."
_SOME_TIME = datetime(2000, 1, 2, tzinfo=UTC)
"""Read before the first message, so that this one finds all that is made when it is first asked."""

_LONGEST = 64 * 1024 * 1024
_OPEN_FILES = 32


def serve(descriptor: int, memory: int, seconds: float) -> None:
    """Answer requests that come in by the socket until its other end closes.

    memory   bytes of address space that the whole process may take
    seconds  of processor time that one message may take; then the kernel ends the process, by SIGPROF
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    read(_SAMPLE, received_at=_SOME_TIME)
    connection = Connection(descriptor)
    _confine(memory)
    gc.freeze()
    connection.send(READY)
    while True:
        try:
            options = connection.recv()
            data = connection.recv_bytes(_LONGEST)
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_PROF, seconds)
        answer = _answer(data, options)
        connection.send(answer)
        signal.setitimer(signal.ITIMER_PROF, 0)
        if answer[0] == FAILED:
            return


def _answer(data: bytes, options: dict[str, Any]) -> tuple[Any, ...]:
    try:
        return READ, read(data, **options)
    except InvalidInput as refusal:
        return REFUSED, refusal.field, refusal.problem
    except (MemoryError, RecursionError) as trouble:
        return FAILED, type(trouble).__name__


def _confine(memory: int) -> None:
    """No memory beyond the bound, no file written, hardly any opened."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        _, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))
