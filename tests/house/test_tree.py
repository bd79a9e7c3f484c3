"""The tree holds what belongs in it, under names that say what it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.tree import CLONE, PROGRAM, TOP_LEVEL, modules, name_of, project_files

NAMES_THAT_SAY_NOTHING = {"util", "utils", "helper", "helpers", "manager", "managers", "data", "common", "misc"}

LISTS = {"bridge/events.py"}
"""Files that may be longer, for they are one list of things alike: a class for each type of event."""

# Where the work was done is nobody's business: home folders, this clone's own place, registries and their settings.
# Written in pieces, so that this file does not break its own rule.
FOREIGN = re.compile(
    "|".join(
        (
            r"/(?:home|Users)/\w" + r"+/",
            r"(?<![\w.-])/ro" + r"ot/",
            r"(?<![\w.-])/wo" + r"rk/",
            r"\.\./sha" + r"red\b",
            r"\b(?:issues sh" + r"ow|sub" + r"agent|cha" + r"tgpt|clau" + r"de)\b",
            r"\b(?:pyp" + r"i\.org|pythonhos" + r"ted\.org|deb\.deb" + r"ian\.org|npm" + r"js\.(?:org|com))",
            r"--(?:extra-)?index" + r"-url|--find" + r"-links",
        )
    ),
    re.IGNORECASE,
)

SILENCED = re.compile(r"# *type: *ig" + r"nore|# *no" + r"qa|pragma: no co" + "ver")
REASONED = re.compile(r"# (?:type: ig" + r"nore\[[\w, -]+\]|no" + r"qa: [A-Z0-9, ]+)\s+[#-] \S.{14,}")
"""A checker silenced for one rule, with the reason after it on the same line."""

LEFT_OUT = re.compile(r"pytest\.(?:mark\.)?(?:sk" + r"ip(?:if)?|xf" + r"ail|importor" + r"skip)\b")


def texts() -> list[tuple[str, str]]:
    found = []
    for path in project_files():
        try:
            found.append((name_of(path), path.read_bytes().decode("utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def lines_with(pattern: re.Pattern[str], *suffixes: str) -> list[str]:
    return [
        f"{name}:{number} {line.strip()}"
        for name, text in texts()
        if name.endswith(suffixes or ("",))
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_the_top_level_holds_the_agreed_folders_and_files_only() -> None:
    tracked = {path.name for path in CLONE.iterdir() if not path.name.startswith(".") or path.name in TOP_LEVEL}
    made = {"build", "dist", "node_modules"} | {
        name for name in tracked if name.endswith((".egg-info", ".db", ".toml"))
    }
    assert tracked - made <= TOP_LEVEL


def test_no_file_names_the_machine_it_was_written_on() -> None:
    assert lines_with(FOREIGN) == []


def test_no_file_names_the_folder_of_this_clone() -> None:
    if CLONE.parent == Path("/"):
        pytest.fail("a clone at / cannot be told from any other path")
    assert lines_with(re.compile(re.escape(f"{CLONE}/"))) == []


def test_a_checker_is_silenced_only_for_one_rule_and_with_the_reason_beside_it() -> None:
    assert [line for line in lines_with(SILENCED, ".py") if not REASONED.search(line)] == []


def test_no_test_is_left_out() -> None:
    assert lines_with(LEFT_OUT, ".py") == []


def test_files_and_folders_are_named_after_what_they_hold() -> None:
    program = [path for path in project_files() if name_of(path).startswith(PROGRAM)]
    vague = [
        name_of(path) for path in program if {*path.relative_to(CLONE).parts[:-1], path.stem} & NAMES_THAT_SAY_NOTHING
    ]
    assert vague == []


def test_every_file_of_the_program_can_be_read_at_a_sitting() -> None:
    longest = 500
    long = {name for name, _ in modules(*PROGRAM) if len((CLONE / name).read_text("utf-8").splitlines()) > longest}
    assert long - LISTS == set()
