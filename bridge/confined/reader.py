"""Hands messages to a process that is ended when one of them takes too long, and does without its answer then."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

from bridge.confined.words import EXHAUSTED, FAILED, LOST, READ, READY, REFUSED
from bridge.errors import InvalidInput
from bridge.intake import limits
from bridge.intake.model import Kind, Networks, Reading, ReporterKind

SECONDS = 2.0
"""Processor time that reading one message may take. Not time by the clock: that says how busy the machine is."""

PATIENCE = 20.0
"""Seconds by the clock that an answer is waited for."""

MEMORY = 200 * 1024 * 1024
"""Bytes that the process which reads may take."""

_STARTING = 30.0
_ENDING = 0.2
_MESSAGES = 2000
"""After so many a process makes room for a new one: whatever it has gathered goes with it."""


class ConfinedReader:
    """Reads as `bridge.intake.read.read` does, and never longer or larger than allowed. For all threads of a process.

    A message that its process dies of is answered as one that nobody could read; the next one finds a new process. What
    is not answered for reasons that may not be the message's is read once more, by a new process.
    """

    def __init__(
        self,
        *,
        seconds: float = SECONDS,
        memory: int = MEMORY,
        processes: int = 2,
        patience: float = PATIENCE,
    ) -> None:
        self._seconds = seconds
        self._patience = patience
        self._memory = memory
        self._free = threading.BoundedSemaphore(processes)
        self._idle: list[_Process] = []

    def __call__(
        self,
        data: bytes,
        *,
        content_type: str | None = None,
        own: Networks = (),
        received_at: datetime,
        reporters: Mapping[str, ReporterKind] | None = None,
    ) -> Reading:
        """What the message reports. Raises InvalidInput for JSON that is no XARF."""
        options = {
            "content_type": content_type,
            "own": tuple(own),
            "received_at": received_at,
            "reporters": dict(reporters or {}),
        }
        answer = self._asked(data[: limits.MESSAGE + 1], options, self._take)
        if answer[0] == LOST:
            answer = self._asked(data[: limits.MESSAGE + 1], options, self._new)
        return self._reading(data, answer)

    def _asked(
        self, data: bytes, options: Mapping[str, Any], process_to_ask: Callable[[], _Process]
    ) -> tuple[Any, ...]:
        with self._free:
            process = process_to_ask()
            answer = process.ask(data, options, self._patience)
            if process.is_fit():
                self._idle.append(process)
            else:
                process.end()
        return answer

    def _take(self) -> _Process:
        while self._idle:
            process = self._idle.pop()
            if process.is_ours() and process.is_fit() and process.lives():
                return process
            process.end()
        return self._new()

    def _new(self) -> _Process:
        return _Process(self._memory, self._seconds)

    def _reading(self, data: bytes, answer: tuple[Any, ...]) -> Reading:
        if answer[0] == REFUSED:
            raise InvalidInput(answer[1], answer[2])
        if answer[0] == READ and len(data) <= limits.MESSAGE:
            whole: Reading = answer[1]
            return whole
        digest = hashlib.sha256(data).hexdigest()
        if answer[0] == EXHAUSTED:
            reason = f"reading it took longer than {self._seconds:g} seconds of processor time"
        elif answer[0] == LOST:
            reason = f"the processes that read it ended, or did not answer within {self._patience:g} seconds"
        elif answer[0] == FAILED:
            reason = f"reading it took more memory than it may ({answer[1]})"
        else:
            reading: Reading = replace(answer[1], digest=digest)
            return reading
        return Reading(kind=Kind.UNSURE, digest=digest, reason=reason)

    def close(self) -> None:
        """End the processes that wait; those at work end when they have answered."""
        while self._idle:
            self._idle.pop().end()


class _Process:
    """One process and the socket to it."""

    def __init__(self, memory: int, seconds: float) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            code = (
                f"import sys; sys.path[:] = {sys.path!r}\n"
                f"from bridge.confined.child import serve\nserve({theirs.fileno()}, {memory}, {seconds})"
            )
            self._process = subprocess.Popen(
                [sys.executable, "-c", code],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._connection = Connection(ours.detach())
        self._starter = os.getpid()
        self._asked = 0
        self._lost = not (self._connection.poll(_STARTING) and self._received() == READY)

    def ask(self, data: bytes, options: Mapping[str, Any], patience: float) -> tuple[Any, ...]:
        """Its answer; EXHAUSTED or LOST where it gave none within so many seconds by the clock, or ended."""
        self._asked += 1
        if self._lost:
            return (LOST,)
        try:
            self._connection.send(options)
            self._connection.send_bytes(data)
        except OSError:
            return self._left()
        answer = self._received() if self._connection.poll(patience) else None
        if not isinstance(answer, tuple):
            return self._left()
        self._lost = answer[0] == FAILED
        return answer

    def _left(self) -> tuple[str]:
        """Why no answer came: whoever ended by the kernel's hand has used up its time."""
        self._lost = True
        try:
            ended = self._process.wait(_ENDING)
        except subprocess.TimeoutExpired:
            return (LOST,)
        return (EXHAUSTED if ended == -signal.SIGPROF else LOST,)

    def _received(self) -> Any:
        try:
            return self._connection.recv()
        except (EOFError, OSError):
            return None

    def is_fit(self) -> bool:
        return not self._lost and self._asked < _MESSAGES

    def lives(self) -> bool:
        """False where the machine ended it while it waited, short of memory, say."""
        return self._process.poll() is None

    def is_ours(self) -> bool:
        """False in a process that was forked from the one that started it."""
        return self._starter == os.getpid()

    def end(self) -> None:
        self._connection.close()
        if self.is_ours():
            self._process.kill()
            self._process.wait()
