"""What a command costs with all its processes: seconds, processor time, and memory as the sum of PSS."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

EVERY = 0.2
_PIECE = 1 << 20


@dataclass(frozen=True)
class Cost:
    """`lines` of output, seconds, seconds of all processors together, and the most memory at once, in MB."""

    lines: int
    seconds: float
    processors: float
    peak: float


def cost_of(command: Sequence[str]) -> Cost:
    """Run a command to its end, its output counted and thrown away; raises CalledProcessError where it fails."""
    before, began = os.times(), time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        peaks = [0]
        ended = threading.Event()
        watch = threading.Thread(target=_watch, args=(process.pid, peaks, ended))
        watch.start()
        lines = _lines(process.stdout) if process.stdout is not None else 0
        status = process.wait()
        ended.set()
        watch.join()
    if status:
        raise subprocess.CalledProcessError(status, command)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(lines, time.perf_counter() - began, used, max(peaks) / 1024)


def _lines(output: IO[bytes]) -> int:
    return sum(piece.count(b"\n") for piece in iter(lambda: output.read(_PIECE), b""))


def _watch(pid: int, peaks: list[int], ended: threading.Event) -> None:
    while not ended.wait(EVERY):
        peaks.append(sum(_pss(member) for member in _family(pid)))


def _family(pid: int) -> list[int]:
    """A process and all below it that are there now."""
    members = [pid]
    with suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            members += _family(int(child))
    return members


def _pss(pid: int) -> int:
    """Kilobytes, what is shared divided among those who share it; 0 for a process that has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
