"""A pack to start from: whatever is answered, it is read, checks clean and its own examples hold."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bridge.cli.policy import policy
from bridge.errors import InvalidInput
from bridge.policy.examples import run_examples
from bridge.policy.exploring.explore import explore
from bridge.policy.load import load_pack
from bridge.policy.starting import Start, starting_pack

ANSWERS: list[dict[str, Any]] = [
    {},
    {"suspend": False, "terminate_at": 2, "reply_within": timedelta(days=30)},
    {"fine": Decimal("12.50"), "terminate_at": 6, "reply_within": timedelta(minutes=90)},
]


def a_start(**answers: Any) -> Start:
    given: dict[str, Any] = {"name": "mine", "title": 'Mine: "all" {of} it', "currency": "EUR"}
    return Start(**{**given, "effective": date(2026, 1, 31), **answers})


@pytest.mark.parametrize("answers", ANSWERS, ids=["plain", "mild", "strict"])
def test_the_pack_is_read_proves_itself_and_checks_clean(answers: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(starting_pack(a_start(**answers)))
    pack = load_pack(file)
    assert (pack.name, pack.title) == ("mine", 'Mine: "all" {of} it')
    assert [failure for _, _, failure in run_examples(pack) if failure is not None] == []
    assert list(explore(pack)) == []


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"name": "../x"}, "name"),
        ({"title": " "}, "title"),
        ({"currency": "euro"}, "currency"),
        ({"reply_within": timedelta(seconds=5)}, "reply-within"),
        ({"fine": Decimal(-1)}, "fine"),
        ({"terminate_at": 1}, "terminate-at"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(answers: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        a_start(**answers)
    assert refusal.value.field == field


def test_without_a_terminal_nothing_is_asked_and_options_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "my policy.yaml"
    result = CliRunner().invoke(policy, ["new", str(file), "--fine", "5", "--no-suspend", "--effective", "2026-02-01"])
    assert result.exit_code == 0, result.output
    pack = load_pack(file)
    assert (pack.name, pack.newest.number, list(pack.newest.clauses)) == ("my-policy", "2026-02-01", ["1", "3", "4"])


def test_an_answer_that_cannot_be_is_asked_for_again(tmp_path: Path) -> None:
    """On a terminal; what was answered before is not lost."""
    file = tmp_path / "mine.yaml"
    answers = ["Our policy", "ours", "", "euro", "usd", "soon", "2026-02-01", "9s", "", "n", "x", "5", "1", "3"]
    screen, terminal = os.openpty()
    os.write(screen, "".join(f"{answer}\n" for answer in answers).encode())
    command = [sys.executable, "-m", "bridge", "policy", "new", str(file)]
    done = subprocess.run(command, stdin=terminal, capture_output=True, text=True, timeout=60, check=False)
    os.close(terminal)
    os.close(screen)
    assert done.returncode == 0, done.stderr
    assert "Error: 'EURO' is not a currency code such as EUR" in done.stdout
    pack = load_pack(file)
    assert (pack.name, pack.newest.currency, pack.newest.number) == ("ours", "USD", "2026-02-01")
    assert list(pack.newest.clauses) == ["1", "3", "4", "5"]


def test_a_file_that_exists_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("mine")
    result = CliRunner().invoke(policy, ["new", str(file)])
    assert isinstance(result.exception, InvalidInput)
    assert file.read_text() == "mine"
