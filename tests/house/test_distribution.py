"""What a host installs holds the program with its packs, letters and the addon, and nothing of the workshop."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.tree import CLONE, PROGRAM, name_of, project_files

BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of the wheel, built from a copy so that the clone stays clean."""
    copy, out = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    for path in project_files():
        target = copy / path.relative_to(CLONE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    done = subprocess.run([sys.executable, "-c", BUILD, out], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = Path(out).glob("tipstaff-*.whl")
    return {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_every_file_of_the_program(shipped: set[str]) -> None:
    names = {name_of(path) for path in project_files()}
    program = {name for name in names if name.startswith(tuple(f"{room}/" for room in PROGRAM))}
    assert program - shipped == set()


def test_the_wheel_holds_nothing_but_the_program(shipped: set[str]) -> None:
    assert {name.split("/")[0] for name in shipped} == set(PROGRAM)
