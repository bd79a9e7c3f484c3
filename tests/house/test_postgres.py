"""The tests' own PostgreSQL: there for whoever asks, gone afterwards however the tests end."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.needs import FOLDERS, PROGRAMS, ProgramMissing, path_of, programs_for

HOLDER = """
import time
from tests.postgres import running
with running() as url:
    print(url.partition("host=")[2], flush=True)
    time.sleep(60)
"""


def test_every_test_gets_an_empty_database(postgres_database: str) -> None:
    engine = sa.create_engine(postgres_database)
    with engine.begin() as connection:
        assert sa.inspect(connection).get_table_names() == []
        connection.execute(sa.text("CREATE TABLE seen (id int)"))
    engine.dispose()


def test_another_test_sees_nothing_of_it(postgres_database: str) -> None:
    engine = sa.create_engine(postgres_database)
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == []
    engine.dispose()


def test_the_server_ends_and_cleans_up_even_if_the_tests_are_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        folder = Path(holder.stdout.readline().strip())
        assert list(folder.glob(".s.PGSQL.*")), "the server's socket lies in its folder"
        holder.send_signal(signal.SIGKILL)

    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()


def test_a_run_narrowed_to_unit_tests_needs_no_program() -> None:
    assert programs_for(["tests/unit/test_events.py", "-x"]) == []


@pytest.mark.parametrize("arguments", [[], ["-k", "strikes"], ["tests", "-x"], ["tests/"]])
def test_a_whole_run_needs_every_program(arguments: list[str]) -> None:
    assert set(programs_for(arguments)) == {PROGRAMS[name] for names in FOLDERS.values() for name in names}


def test_a_missing_program_is_a_failure_that_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(ProgramMissing, match="php-cli"):
        path_of("php")
