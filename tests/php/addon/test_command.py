"""`tipstaff addon`: installed, packaged and checked, without a half-written module in between."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from bridge import __version__
from bridge.cli.addon import PLACE, addon, differences, install, package, shipped
from bridge.errors import NotFound


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder that is laid out like a WHMCS root."""
    folder = tmp_path / "whmcs"
    (folder / "modules" / "addons").mkdir(parents=True)
    return folder


def test_installing_copies_every_file_and_check_is_content(root: Path) -> None:
    done = CliRunner().invoke(addon, ["install", str(root)])
    assert done.exit_code == 0, done.output
    assert f"installed {__version__}" in done.output
    assert (root / PLACE / "tipstaff.php").exists()
    assert {str(path.relative_to(root / PLACE)) for path in (root / PLACE).rglob("*") if path.is_file()} == set(
        shipped()
    )
    checked = CliRunner().invoke(addon, ["check", str(root)])
    assert (checked.exit_code, __version__ in checked.output) == (0, True)


def test_an_older_module_is_replaced_whole(root: Path) -> None:
    old = root / PLACE / "lib"
    old.mkdir(parents=True)
    (old / "Module.php").write_text("<?php public const VERSION = '0.0.9';")
    (old / "Gone.php").write_text("<?php")
    done = CliRunner().invoke(addon, ["install", str(root)])
    assert "(was 0.0.9)" in done.output
    assert differences(root) == []
    assert [path.name for path in (root / "modules" / "addons").iterdir()] == ["tipstaff"]


def test_check_names_the_version_and_each_file_that_differs_and_ends_with_1(root: Path) -> None:
    install(root)
    module = root / PLACE
    (module / "hooks.php").unlink()
    (module / "lib" / "Extra.php").write_text("<?php")
    source = (module / "lib" / "Module.php").read_text()
    (module / "lib" / "Module.php").write_text(source.replace(f"VERSION = '{__version__}'", "VERSION = '0.0.1'"))
    done = CliRunner().invoke(addon, ["check", str(root)])
    assert done.exit_code == 1
    for words in (f"version 0.0.1, this Tipstaff brings {__version__}", "hooks.php: missing", "Extra.php: not part"):
        assert words in done.output


def test_check_of_a_whmcs_without_the_module_ends_with_1(root: Path) -> None:
    done = CliRunner().invoke(addon, ["check", str(root)])
    assert (done.exit_code, "not installed" in done.output) == (1, True)


def test_a_folder_that_is_no_whmcs_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no WHMCS here"):
        install(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_package_is_laid_out_like_a_whmcs_root_and_the_same_every_time(tmp_path: Path) -> None:
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    assert CliRunner().invoke(addon, ["package", str(first)]).exit_code == 0
    package(second)
    assert first.read_bytes() == second.read_bytes()
    names = set(zipfile.ZipFile(first).namelist())
    assert names == {str(PLACE / name) for name in shipped()}
