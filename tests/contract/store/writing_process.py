"""A process of its own that writes to a database and says on standard output what it was answered.

    python -m tests.contract.store.writing_process URL NAME COUNT

Four threads live a life each: every line is the id of an event that was accepted, written after the answer came and
before the next one is sent. The first line is `ready`.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence

from bridge.clock import ManualClock
from tests.contract.store.bureau import EVERYONE, Bureau, open_bureau
from tests.contract.store.happenings import Life
from tests.unit.decide.scenario import START

THREADS = 4

_speaking = threading.Lock()


def say(line: str) -> None:
    """A whole line, or nothing of it."""
    with _speaking:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def write(bureau: Bureau, name: str, count: int) -> None:
    life = Life(1, name=name)
    for _ in range(count):
        event = life.made(bureau)
        bureau.desk.accept(event, EVERYONE)
        say(event["id"])


def main(arguments: Sequence[str]) -> None:
    url, name, count = arguments
    bureau = open_bureau(url, clock=ManualClock(START))
    say("ready")
    threads = [
        threading.Thread(target=write, args=(bureau, f"{name}{number}-", int(count))) for number in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bureau.close()


if __name__ == "__main__":
    main(sys.argv[1:])
