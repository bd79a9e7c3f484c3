"""What each folder of tests needs from the machine beside Python; the one table of it.

A folder that starts another program adds a line to `FOLDERS`, and a program nobody named yet one to `PROGRAMS`.
`make test` installs what is missing before the first test runs; the tests find the program by `path_of`. Only the
standard library is used here: the set-up reads this table before anything is installed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


class ProgramMissing(Exception):
    """A test needs a program this machine does not have; the words say which Debian package brings it."""


@dataclass(frozen=True)
class Program:
    """A program a test starts.

    command  its name on the PATH
    debian   the Debian package that brings it
    aside    where Debian keeps it if not on the PATH: a pattern below /, the last match being the newest
    """

    command: str
    debian: str
    aside: str | None = None

    def path(self) -> Path | None:
        """Where it lies, links resolved (PostgreSQL looks for files beside itself); None where it is missing."""
        found = sorted(Path("/").glob(self.aside)) if self.aside else []
        if found:
            return found[-1]
        on_path = shutil.which(self.command)
        return Path(on_path).resolve() if on_path else None


PROGRAMS = {
    "php": Program("php", "php-cli"),
    "php-curl": Program("PHP's curl", "php-curl", aside="usr/lib/php/*/curl.so"),
    "php-mbstring": Program("PHP's mbstring", "php-mbstring", aside="usr/lib/php/*/mbstring.so"),
    "php-sqlite3": Program("PHP's SQLite", "php-sqlite3", aside="usr/lib/php/*/pdo_sqlite.so"),
    "illuminate": Program(
        "Illuminate", "php-illuminate-database", aside="usr/share/php/Illuminate/Database/autoload.php"
    ),
    "smarty": Program("Smarty", "smarty4", aside="usr/share/php/smarty4/Smarty.class.php"),
    "chromium": Program("chromium", "chromium"),
    "dovecot": Program("dovecot", "dovecot-imapd", aside="usr/sbin/dovecot"),
    "postgres": Program("postgres", "postgresql", aside="usr/lib/postgresql/*/bin/postgres"),
}

FOLDERS: dict[str, tuple[str, ...]] = {
    "contract": ("postgres",),
    "flows": ("postgres",),
    "house": ("postgres",),
    "php": ("php", "php-curl", "php-mbstring", "php-sqlite3", "illuminate", "smarty"),
    "pages": ("chromium",),
    "sources": ("dovecot",),
}
"""Folder of tests/ -> the programs its tests start."""


def path_of(name: str) -> Path:
    """Where the program `name` of `PROGRAMS` lies.

    Raises ProgramMissing where the tests were started without `make test`, which would have installed it.
    """
    program = PROGRAMS[name]
    path = program.path()
    if path is None:
        raise ProgramMissing(f"{program.command} is missing: run `make test`, or install Debian's {program.debian}")
    return path


def programs_for(arguments: Iterable[str]) -> list[Program]:
    """The programs that a test run with these pytest arguments may start, each once.

    A run narrowed to folders (`tests/unit tests/php`) needs what those folders need; every other one needs all.
    """
    named = [Path(argument.split("::")[0]).parts for argument in arguments if argument.startswith("tests/")]
    folders = {parts[1] for parts in named if len(parts) > 1}
    whole = not folders or any(len(parts) < 2 for parts in named)
    names = dict.fromkeys(name for folder in FOLDERS if whole or folder in folders for name in FOLDERS[folder])
    return [PROGRAMS[name] for name in names]
