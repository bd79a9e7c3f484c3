"""`tipstaff letters`: every letter can be read before anybody is sent it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bridge.cli.letters import letters
from bridge.letters.load import NEEDED


def run(*arguments: str) -> Result:
    return CliRunner().invoke(letters, arguments)


def test_the_letters_are_listed_with_their_languages() -> None:
    listed = {line.split()[0]: line.split()[1:] for line in run().output.splitlines()}
    assert listed["letter"] == ["de", "en", "ru", "zh"]
    assert listed["complaint"] == ["yes"] * 4
    assert listed.keys() - {"letter"} == NEEDED.keys()


@pytest.mark.parametrize("locale", ["en", "de", "ru", "zh-CN"])
@pytest.mark.parametrize("name", sorted(NEEDED))
def test_a_letter_is_shown_with_every_place_filled(name: str, locale: str) -> None:
    shown = run(name, "--locale", locale)
    assert shown.exit_code == 0
    assert shown.output.startswith("Subject: ")
    assert "4711" in shown.output or name in ("incomplete", "other_authority")
    assert "{" not in shown.output


def test_what_a_reseller_and_whom_an_admin_agreed_to_write_get_is_another_letter() -> None:
    usual = run("complaint").output
    assert "You are a reseller" in run("complaint", "--reseller").output.replace(usual, "")
    assert "A member of our staff agreed" in run("complaint", "--person").output
    assert "clause 9 " in run("complaint", "--clause", "9").output


def test_a_clause_comes_from_the_configured_policy(tmp_path: Path) -> None:
    (tmp_path / "t.toml").write_text('policy = "atlex"\ndatabase_url = "sqlite:///t.db"\n')
    assert "policy atlex" in run("complaint", "--config", str(tmp_path / "t.toml")).output


@pytest.mark.parametrize(
    "wrong", [("threat",), ("complaint", "--clause", "99"), ("complaint", "--config", "/none.toml")]
)
def test_what_there_is_not_is_said(wrong: tuple[str, ...]) -> None:
    assert run(*wrong).exit_code != 0
