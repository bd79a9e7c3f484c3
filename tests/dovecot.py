"""An IMAP server of the tests' own, Debian's Dovecot: in a temporary folder, on loopback, gone with the test run."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.needs import path_of
from tests.postgres import UNPRIVILEGED, ServerFailed

PASSWORD = "made-up-for-the-tests"

SETTINGS = """
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""

# Starts the server, and ends it when standard input closes: when the tests are done, and also when they were killed.
KEEPER = """
"$1" -F -c "$PWD/dovecot.conf" >out 2>&1 </dev/null &
read -r _
kill "$!"; wait "$!"
rm -rf "$PWD"
"""


@dataclass(frozen=True)
class Dovecot:
    """Any user name has a mailbox; `password` opens them all."""

    folder: Path
    port: int
    password: str = PASSWORD


@contextmanager
def running() -> Iterator[Dovecot]:
    """Start a server. Raises ProgramMissing without Dovecot, ServerFailed where it does not start."""
    program = path_of("dovecot")
    folder = Path(tempfile.mkdtemp(prefix="tipstaff-imap-"))
    is_root = os.geteuid() == 0
    user, group = UNPRIVILEGED if is_root else (pwd.getpwuid(os.geteuid())[0], grp.getgrgid(os.getegid())[0])
    port = _free_port()
    settings = SETTINGS.format(folder=folder, user=user, group=group, port=port, password=PASSWORD)
    file = folder / "dovecot.conf"
    file.write_text(settings)
    if is_root:
        for path in (folder, file):
            shutil.chown(path, *UNPRIVILEGED)
    keeper = subprocess.Popen(
        ["/bin/sh", "-c", KEEPER, "dovecot-keeper", str(program)],
        cwd=folder,
        stdin=subprocess.PIPE,
        start_new_session=True,
        user=user if is_root else None,
        group=group if is_root else None,
        extra_groups=[] if is_root else None,
    )
    try:
        _await(port, folder)
        yield Dovecot(folder, port)
    finally:
        keeper.communicate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int, folder: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                if connection.recv(4) == b"* OK":
                    return
        except OSError:
            time.sleep(0.05)
    raise ServerFailed("".join(path.read_text() for path in (folder / "out", folder / "log") if path.exists()))
