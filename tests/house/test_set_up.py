"""What a machine lacks is named on one line, and every verb is explained."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.tree import CLONE


@pytest.fixture
def prepare() -> ModuleType:
    """The set-up as a module; it lies outside every package, for it runs before there is one."""
    spec = importlib.util.spec_from_file_location("prepare", CLONE / ".ci" / "prepare.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_without_root_a_missing_package_is_one_line_with_the_command_to_run(prepare: ModuleType) -> None:
    with pytest.raises(prepare.Unprepared) as refusal:
        prepare.install_debian(["php-cli", "chromium"], is_root=False)
    words = str(refusal.value)
    assert "\n" not in words
    assert "apt-get install --no-install-recommends php-cli chromium" in words


def test_a_step_that_fails_stops_the_set_up_and_shows_its_own_words(
    prepare: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(prepare.Unprepared, match=r"the step failed \(exit 3\)"):
        prepare.run([sys.executable, "-c", "import sys; sys.exit(print('out of disk') or 3)"], "the step")
    assert "out of disk" in capsys.readouterr().err


def test_a_lock_is_installed_again_only_if_it_or_the_project_changed(prepare: ModuleType, tmp_path: Path) -> None:
    lock = tmp_path / "dev.txt"
    lock.write_text("click==8.5.1\n")
    first = prepare.stamp_of(lock)
    assert prepare.stamp_of(lock) == first
    lock.write_text("click==8.5.2\n")
    assert prepare.stamp_of(lock) != first


def test_a_verb_nobody_knows_is_misuse(prepare: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert prepare.main(["brew"]) == 2
    assert "prepare.py VERB" in capsys.readouterr().err


def test_make_alone_says_what_there_is() -> None:
    done = subprocess.run(["make"], cwd=CLONE, capture_output=True, text=True, check=True)
    verbs = set(re.findall(r"^(\w+) ", done.stdout, re.MULTILINE))
    assert {"setup", "demo", "test", "check", "lint", "types", "bench", "lock", "clean"} <= verbs


def test_every_verb_stands_in_contributing() -> None:
    verbs = set(re.findall(r"^([a-z]+):.*##", (CLONE / "Makefile").read_text(), re.MULTILINE)) - {"help"}
    explained = set(re.findall(r"^\| `make (\w+)` \|", (CLONE / "CONTRIBUTING.md").read_text(), re.MULTILINE))
    assert explained == verbs
