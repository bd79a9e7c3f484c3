"""tipstaff addon: the WHMCS module, copied into an installation, zipped, or compared with what lies there."""

from __future__ import annotations

import re
import shutil
import sys
import zipfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import click

from bridge.errors import InvalidInput, NotFound

PLACE = Path("modules/addons/tipstaff")
"""Where the module lies below a WHMCS root."""

_VERSION = re.compile(r"const VERSION = '([^']+)'")
_VERSION_FILE = "lib/Module.php"
_ZIPPED_AT = (1980, 1, 1, 0, 0, 0)
"""No time at all, so that the same module makes the same file."""


@click.group()
def addon() -> None:
    """The WHMCS module: install, package, check."""


@addon.command("install")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def install_command(folder: Path) -> None:
    """Copy the module into the WHMCS installation in DIR; an older one is replaced."""
    before = version_in(_installed(folder))
    install(folder)
    now = version_of(shipped())
    click.echo(f"installed {now} in {folder / PLACE}" + (f" (was {before})" if before else ""))
    if not before:
        click.echo("Activate it in WHMCS under Configuration > System Settings > Addon Modules.")


@addon.command("package")
@click.argument("file", metavar="FILE.zip", type=click.Path(path_type=Path))
def package_command(file: Path) -> None:
    """Zip the module, laid out like a WHMCS root: unpack it there."""
    package(file)
    click.echo(f"wrote {version_of(shipped())} to {file}")


@addon.command("check")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def check_command(folder: Path) -> None:
    """Compare the module in DIR with this version of Tipstaff. Exit 1 where they differ."""
    problems = differences(folder)
    for problem in problems:
        click.echo(problem, err=True)
    if not problems:
        click.echo(f"{version_of(shipped())} is installed, as it should be")
    sys.exit(1 if problems else 0)


def shipped() -> Mapping[str, bytes]:
    """The files of the module: path below its folder -> content."""
    folder = Path(str(files("hooks.whmcs"))) / "addon" / PLACE
    return _files_in(folder)


def version_of(module: Mapping[str, bytes]) -> str:
    """What a module calls itself; empty where it does not say."""
    found = _VERSION.search(module.get(_VERSION_FILE, b"").decode("utf-8", "replace"))
    return found.group(1) if found else ""


def version_in(folder: Path) -> str:
    """The version of the module in a folder; empty where there is none."""
    return version_of(_files_in(folder)) if folder.is_dir() else ""


def install(root: Path) -> None:
    """Put the module into a WHMCS root: written beside the old one, then exchanged, so that no page meets half of it.

    Raises NotFound where there is no WHMCS, InvalidInput where its folder cannot be written.
    """
    target = _installed(root)
    fresh, old = target.with_name(".tipstaff-new"), target.with_name(".tipstaff-old")
    try:
        for leftover in (fresh, old):
            if leftover.exists():
                shutil.rmtree(leftover)
        for name, content in shipped().items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if target.exists():
            target.rename(old)
        fresh.rename(target)
        if old.exists():
            shutil.rmtree(old)
    except OSError as trouble:
        raise InvalidInput(str(target), f"cannot be written: {trouble.strerror}") from trouble


def package(file: Path) -> None:
    """Write the module as a zip file; the same module gives the same bytes. Raises InvalidInput."""
    try:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in shipped().items():
                entry = zipfile.ZipInfo(str(PLACE / name), _ZIPPED_AT)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, content)
    except OSError as trouble:
        raise InvalidInput(str(file), f"cannot be written: {trouble.strerror}") from trouble


def differences(root: Path) -> list[str]:
    """What is wrong with the module in a WHMCS root, a line each. Raises NotFound where there is no WHMCS."""
    target = _installed(root)
    if not target.is_dir():
        return [f"{target}: not installed; run: tipstaff addon install {root}"]
    there, ours = _files_in(target), shipped()
    problems = []
    if version_of(there) != version_of(ours):
        problems.append(f"{target}: version {version_of(there) or 'unknown'}, this Tipstaff brings {version_of(ours)}")
    problems += [f"{target / name}: missing" for name in ours if name not in there]
    problems += [f"{target / name}: not part of the module" for name in there if name not in ours]
    problems += [f"{target / name}: changed" for name in ours if name in there and there[name] != ours[name]]
    return problems


def _installed(root: Path) -> Path:
    if not (root / PLACE.parent).is_dir():
        raise NotFound(f"{root}: no WHMCS here: it has no {PLACE.parent}")
    return root / PLACE


def _files_in(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
