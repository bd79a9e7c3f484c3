"""Real processes: two that write at once, and one that is killed in the middle of it, again and again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import sleep

from sqlalchemy import select

from bridge.store.tables import events
from tests.contract.store.bureau import Bureau
from tests.contract.store.conftest import Opening
from tests.contract.store.happenings import Life
from tests.contract.store.test_rebuilding import folded, states

CLONE = Path(__file__).parents[3]
KILLS = 5


@contextmanager
def writing(database: str, name: str, count: int) -> Iterator[subprocess.Popen[str]]:
    """A process that writes; it has begun."""
    command = [sys.executable, "-m", "tests.contract.store.writing_process", database, name, str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=CLONE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def answered(process: subprocess.Popen[str]) -> list[str]:
    """The ids the process was given an answer for, up to its end; a line cut off by its death is no answer."""
    assert process.stdout is not None
    return [line.strip() for line in process.stdout if line.endswith("\n")]


def stored(bureau: Bureau) -> list[str]:
    return [row.id for row in bureau.rows(select(events.c.id).where(events.c.internal.is_(False)))]


def begun(open_desk: Opening) -> Bureau:
    bureau = open_desk()
    Life(1).begin(bureau)
    return bureau


def test_two_processes_writing_at_once_leave_one_whole_log(open_desk: Opening, database: str) -> None:
    bureau = begun(open_desk)
    before = set(stored(bureau))
    with writing(database, "a", 40) as one, writing(database, "b", 40) as other:
        said = [*answered(one), *answered(other)]
        assert (one.wait(30), other.wait(30)) == (0, 0)
    assert len(said) == 2 * 4 * 40
    assert set(stored(bureau)) - before == set(said)
    assert bureau.faults() == []
    assert bureau.store.write(states) == bureau.store.write(folded)


def test_a_killed_process_loses_nothing_it_answered_and_leaves_nothing_half_done(
    open_desk: Opening, database: str
) -> None:
    bureau, pick = begun(open_desk), Random(5)
    said: list[str] = []
    for number in range(KILLS):
        with writing(database, f"k{number}-", 10_000) as process:
            sleep(pick.uniform(0.0, 0.4))
            process.kill()
            said += answered(process)
        assert set(said) <= set(stored(bureau))
    assert len(said) > KILLS
    assert bureau.faults() == []
    assert bureau.store.write(states) == bureau.store.write(folded)
    bureau.accept(Life(2, name="after").event(bureau, {"type": "listing.cleared", "ip": "10.0.0.1", "list": "a"}))
