"""Misuse of the command line is one line on standard error and exit status 2."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bridge.cli import main


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["tipstaff", *words])
    try:
        main()
    except SystemExit as leaving:
        return int(leaving.code or 0)
    return 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nonsense"], "No such command"),
        (["replay"], "Missing"),
        (["replay", "--policy", "klt-nett", "none.jsonl"], "klt-net"),
        (["replay", "--policy", "klt-net", "none.jsonl"], "none.jsonl"),
        (["cases", "--config", "none.toml"], "none.toml"),
        (["parse", "--own", "nonsense", "none.eml"], "--own"),
        (["demo", "--port", "99999"], "--port"),
        (["policy", "check", "none.yaml"], "none.yaml"),
    ],
)
def test_misuse_is_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path, words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    status = run(monkeypatch, *words)
    told = capfd.readouterr()
    assert status == 2
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert said in told.err


def test_without_a_command_the_help_is_shown(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch) == 0
    assert "replay" in capfd.readouterr().out
