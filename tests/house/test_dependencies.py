"""Each dependency is argued for, and locked by version and hash."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import CLONE

PYPROJECT: dict[str, Any] = tomllib.loads((CLONE / "pyproject.toml").read_text())


def requirements(*groups: str) -> list[Requirement]:
    """What pyproject.toml names: always the program's own and its extras, and these dependency groups."""
    extras = PYPROJECT["project"]["optional-dependencies"].values()
    named = [*PYPROJECT["project"]["dependencies"], *(line for extra in extras for line in extra)]
    for group in groups:
        named += [line for line in PYPROJECT["dependency-groups"][group] if isinstance(line, str)]
    return [Requirement(line) for line in named]


def locked(lock: str) -> dict[str, tuple[str, int]]:
    """Package -> (version, how many files it may be installed from) of a lock."""
    found: dict[str, tuple[str, int]] = {}
    for block in re.split(r"\n(?=\w)", (CLONE / ".ci" / "lock" / lock).read_text()):
        if match := re.match(r"([\w.-]+)(?:\[[\w,-]+\])?==([\w.]+)", block):
            found[canonicalize_name(match[1])] = (match[2], block.count("--hash=sha256:"))
    return found


def test_every_dependency_has_its_line_among_the_decisions_and_no_line_is_left_over() -> None:
    page = (CLONE / "docs/decisions/dependencies.md").read_text()
    argued = {canonicalize_name(name) for name in re.findall(r"^\| `([\w.-]+)` \|", page, re.MULTILINE)}
    assert argued == {canonicalize_name(requirement.name) for requirement in requirements("build", "dev")}


@pytest.mark.parametrize(("lock", "groups"), [("server.txt", ("build",)), ("dev.txt", ("build", "dev"))])
def test_the_lock_holds_what_pyproject_asks_for(lock: str, groups: tuple[str, ...]) -> None:
    versions = locked(lock)
    for requirement in requirements(*groups):
        version, _ = versions[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement} but {version} is locked: make lock"


@pytest.mark.parametrize("lock", ["server.txt", "dev.txt"])
def test_every_locked_package_is_known_by_its_hashes(lock: str) -> None:
    assert [name for name, (_, hashes) in locked(lock).items() if not hashes] == []


def test_a_host_gets_the_versions_that_were_tested() -> None:
    tested = locked("dev.txt")
    assert {name: tested.get(name) for name in locked("server.txt")} == locked("server.txt")
