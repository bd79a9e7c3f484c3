"""A PostgreSQL of the tests' own: in a temporary folder, reached by a socket file only, gone with the test run."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from tests.needs import path_of

UNPRIVILEGED = ("nobody", "nogroup")
"""Who runs the server where the tests run as root: PostgreSQL refuses root."""

# Durability is not what these tests are about: a commit need not wait for the disk.
SETTINGS = "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c timezone=UTC"

# Makes and starts the server, says "ready", and ends it when standard input closes: when the tests are done, and also
# when they were killed. Runs in the server's folder; `$1` is the folder of PostgreSQL's programs, `$2` the settings.
KEEPER = """
initdb="$1/initdb -D cluster --username=tipstaff --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync"
$initdb >log 2>&1 </dev/null && "$1/pg_ctl" -D cluster -l log -w -o "-k $PWD $2" start >>log 2>&1 </dev/null \
    && echo ready || cat log
read -r _
"$1/pg_ctl" -D cluster -m immediate stop >/dev/null 2>&1
rm -rf "$PWD"
"""

_numbers = itertools.count(1)


class ServerFailed(Exception):
    """PostgreSQL did not start; the words are its own."""


@contextmanager
def running() -> Iterator[str]:
    """Start a server and give its URL (`postgresql+psycopg://…`; database `postgres`, a superuser without password).

    Raises ProgramMissing without PostgreSQL, ServerFailed where it does not start.
    """
    programs = path_of("postgres").parent
    folder = Path(tempfile.mkdtemp(prefix="tipstaff-pg-"))
    is_root = os.geteuid() == 0
    if is_root:
        shutil.chown(folder, *UNPRIVILEGED)
    keeper = subprocess.Popen(
        ["/bin/sh", "-c", KEEPER, "postgres-keeper", str(programs), SETTINGS],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # Ctrl-C at the tests must not reach it before it has cleaned up
        user=UNPRIVILEGED[0] if is_root else None,
        group=UNPRIVILEGED[1] if is_root else None,
        extra_groups=[] if is_root else None,
    )
    assert keeper.stdout
    first = keeper.stdout.readline()
    if first != "ready\n":
        rest, _ = keeper.communicate()
        raise ServerFailed(f"{first}{rest}")
    try:
        yield f"postgresql+psycopg://tipstaff@/postgres?host={quote(str(folder), safe='/')}"
    finally:
        keeper.communicate()


@contextmanager
def empty_database(server_url: str) -> Iterator[str]:
    """A new database on a server of `running`, dropped afterwards together with whoever is still connected."""
    import psycopg

    name = f"test_{next(_numbers)}"
    server = server_url.replace("+psycopg", "", 1)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield server_url.replace("/postgres?", f"/{name}?", 1)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
