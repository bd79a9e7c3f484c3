"""`tipstaff intake -`: 0 once a message is committed, 75 for whatever is wrong with us, never a bounce."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bridge.cli.intake import intake
from bridge.errors import InvalidInput
from bridge.store.engine import migrate, open_engine
from tests.sources.test_mailbox import a_mail

RUN = "import sys, bridge.cli.intake as pipe; from bridge.cli import main; pipe.PATIENCE = {}; main()"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An installation without panels."""
    (tmp_path / "tipstaff.toml").write_text('policy = "klt-net"\n[networks]\nown = ["192.0.2.0/24"]\n')
    engine = open_engine(f"sqlite:///{tmp_path / 'tipstaff.db'}")
    migrate(engine)
    engine.dispose()
    return tmp_path


def piped(place: Path, message: bytes, *words: str, patience: int = 60) -> tuple[int, str, str]:
    """Exit status, standard output, standard error."""
    command = [sys.executable, "-c", RUN.format(patience), "intake", *(words or ("-",))]
    done = subprocess.run(command, input=message, cwd=place, capture_output=True, check=False, timeout=90)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_a_locked_database_is_tried_again_later_and_then_the_message_is_taken_once(place: Path) -> None:
    with (place / "tipstaff.db.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        status, _, said = piped(place, a_mail(), patience=1)
    assert (status, "try again" in said) == (75, True)
    first, again = (json.loads(piped(place, a_mail())[1]) for _ in range(2))
    assert (first["status"], again["status"], first["id"]) == ("unattributed", "duplicate", again["id"])


@pytest.mark.parametrize("words", [("-", "--nonsense"), ("-", "--config", "none.toml")])
def test_misuse_of_a_mail_pipe_bounces_nothing(place: Path, words: tuple[str, ...]) -> None:
    status, _, said = piped(place, a_mail(), *words)
    assert (status, len(said.splitlines())) == (75, 1)


def test_a_broken_configuration_or_database_bounces_nothing(place: Path) -> None:
    (place / "tipstaff.db").write_bytes(b"no database" * 1000)
    assert piped(place, a_mail())[0] == 75
    (place / "tipstaff.toml").write_text('policy = "klt-net"\nmode = "nonsense"\n')
    status, _, said = piped(place, a_mail())
    assert (status, "tipstaff.toml:2: mode" in said) == (75, True)


def test_what_cannot_be_read_is_kept_for_a_person(place: Path) -> None:
    status, said, _ = piped(place, b"{", "-", "--type", "application/json")
    assert (status, json.loads(said)["status"]) == (0, "incomplete")


def test_a_feed_that_is_none_is_kept_for_a_person(place: Path) -> None:
    status, said, _ = piped(place, b"PK no archive", "-", "--type", "application/zip")
    assert (status, json.loads(said)["status"]) == (0, "incomplete")


def test_of_files_what_cannot_be_read_is_one_line_that_names_the_file(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    (place / "broken.zip").write_bytes(b"PK no archive")
    with pytest.raises(InvalidInput, match=r"^broken\.zip: is no archive"):
        intake.main(["broken.zip"], standalone_mode=False)


@pytest.mark.parametrize(("shell", "expected"), [("{} >/dev/full", 0), ("{} >&- 2>&-", 0), ("{} <&- 2>&-", 75)])
def test_a_committed_message_is_taken_whatever_becomes_of_the_lines_about_it(
    place: Path, shell: str, expected: int
) -> None:
    command = f"'{sys.executable}' -m bridge intake -"
    done = subprocess.run(["/bin/sh", "-c", shell.format(command)], input=a_mail(), cwd=place, check=False, timeout=90)
    assert done.returncode == expected
