"""Bring this machine, and .venv in this clone, to what a verb of the Makefile needs: `prepare.py VERB [ARGS]`.

    run   what Tipstaff itself needs (`make demo`)
    test  that, the tools of development, and the programs the tests start (tests/needs.py)
    dev   run and the tools of development, no other programs (`make lint`, `make types`)
    lock  .ci/lock/*.txt made anew from pyproject.toml

What is already there is used. What is missing comes from Debian (as root) and from PyPI, nothing else, and each thing
that is installed is named on one line. Without root a missing Debian package is one line and exit 2. Only the standard
library is used: on a bare Debian 12 there is neither pip nor ensurepip when this starts.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.needs import Program, programs_for

CLONE = Path(__file__).resolve().parent.parent
VENV = CLONE / ".venv"
LOCKS = CLONE / ".ci" / "lock"
OLDEST_PYTHON = (3, 11)
UV = "uv==0.13.9"

MAKES_A_VENV = "python3-venv"
"""Debian's package for a venv with pip in it; its python3 comes without."""


class Unprepared(Exception):
    """The machine cannot be brought there; the words are one line for the person at the terminal."""


def say(words: str) -> None:
    print(f"set-up: {words}", flush=True)


def run(command: Sequence[str | Path], what: str) -> None:
    """Run one step quietly; if it fails, show what it said and stop.

    Raises Unprepared when the command is not there or ends with another status than 0.
    """
    done = subprocess.run(
        command,
        check=False,
        cwd=CLONE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        sys.stderr.write(done.stdout[-4000:])
        raise Unprepared(f"{what} failed (exit {done.returncode}); what it said stands above")


# --- Debian packages


def install_debian(packages: list[str], *, is_root: bool) -> None:
    """Install packages as root; otherwise say in one line what to install. Services they bring are not started.

    Raises Unprepared without root, or when apt-get fails.
    """
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        raise Unprepared(f"missing here, and this is no Debian: install what Debian calls {names}, then try again")
    if not is_root:
        raise Unprepared(f"missing: as root, run: apt-get update && apt-get install --no-install-recommends {names}")
    say(f"installing from Debian: {names}")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    waiting = ["-o", "DPkg::Lock::Timeout=300"]
    run(["apt-get", *waiting, "update"], "apt-get update")
    with services_kept_down():
        run(["apt-get", *waiting, "install", "-y", "--no-install-recommends", *packages], f"installing {names}")


@contextmanager
def services_kept_down() -> Iterator[None]:
    """While packages are installed, refuse to start the services in them: the tests start servers of their own.

    By the file Debian asks (policy-rc.d, 101 = not allowed). One that is there already is the machine's own and stays.
    """
    policy = Path("/usr/sbin/policy-rc.d")
    if policy.exists():
        yield
        return
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()


def missing_debian(programs: list[Program]) -> list[str]:
    """The Debian packages without which this machine cannot make the venv or run the tests."""
    missing = [program.debian for program in programs if program.path() is None]
    if not (is_venv_usable() or can_make_venv_with_pip() or has_pip()):
        missing.insert(0, MAKES_A_VENV)
    return missing


# --- the virtual environment


def can_make_venv_with_pip() -> bool:
    return importlib.util.find_spec("ensurepip") is not None and importlib.util.find_spec("venv") is not None


def has_pip() -> bool:
    return importlib.util.find_spec("pip") is not None


def python_of(venv: Path) -> Path:
    return venv / "bin" / "python"


def is_venv_usable() -> bool:
    """Whether .venv holds a Python that starts and is new enough, and was not moved (its scripts name their folder)."""
    made_at = stamp_file(VENV).read_text().splitlines()[:1] if stamp_file(VENV).exists() else []
    if not python_of(VENV).exists() or made_at not in ([], [str(VENV)]):
        return False
    is_new_enough = f"import sys; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    return subprocess.run([python_of(VENV), "-c", is_new_enough], check=False, capture_output=True).returncode == 0


def make_venv(venv: Path) -> None:
    """A fresh venv, with pip where this Python can put it in, else without: then this Python's own pip fills it."""
    # The real file: `python3` may be .venv's own, which --clear is about to remove.
    command: list[str | Path] = [Path(sys.executable).resolve(), "-m", "venv", "--clear", venv]
    if not can_make_venv_with_pip():
        command.insert(3, "--without-pip")
    run(command, "making .venv")


def pip_into(venv: Path) -> list[str | Path]:
    """The start of a pip command that works on `venv`."""
    if (venv / "bin" / "pip").exists():
        return [python_of(venv), "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", python_of(venv)]


def stamp_file(venv: Path) -> Path:
    """Says where the venv was made and which locks it holds, a line each; written only when all went well."""
    return venv / "tipstaff-set-up"


def stamp_of(lock: Path) -> str:
    """A lock's name and digest, with pyproject.toml in it: entry points and packages are declared there."""
    content = lock.read_bytes() + (CLONE / "pyproject.toml").read_bytes()
    return f"{lock.stem} {hashlib.sha256(content).hexdigest()}"


def bring_venv(lock_name: str) -> None:
    """Make .venv hold exactly the versions of a lock, and this clone itself; nothing to do where it does already."""
    lock = LOCKS / f"{lock_name}.txt"
    if not is_venv_usable():
        say(f"making {VENV.name} with Python {sys.version.split()[0]}")
        make_venv(VENV)
    stamps = stamp_file(VENV).read_text().splitlines()[1:] if stamp_file(VENV).exists() else []
    if stamp_of(lock) in stamps:
        return
    count = sum("==" in line for line in lock.read_text().splitlines())
    say(f"installing {count} Python packages of {lock.relative_to(CLONE)}")
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    pip = pip_into(VENV)
    run([*pip, "install", *quiet, "--require-hashes", "-r", lock], "installing the Python packages")
    run([*pip, "install", *quiet, "--no-deps", "--no-build-isolation", "--editable", CLONE], "installing Tipstaff")
    kept = [stamp for stamp in stamps if not stamp.startswith(f"{lock_name} ")]
    stamp_file(VENV).write_text("\n".join([str(VENV), *kept, stamp_of(lock)]) + "\n")


# --- the lock


def make_locks() -> None:
    """Resolve pyproject.toml anew into .ci/lock: every wheel of every platform by its hash.

    Versions that still fit are kept; delete a line (or the file) to let a package move. The tool lives in a temporary
    venv, which goes again.
    """
    with tempfile.TemporaryDirectory(prefix="tipstaff-lock-") as folder:
        venv = Path(folder)
        make_venv(venv)
        run([*pip_into(venv), "install", "--quiet", "--disable-pip-version-check", UV], f"installing {UV}")
        compile_lock: list[str | Path] = [
            venv / "bin" / "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11",
            "--generate-hashes", "--custom-compile-command", "make lock", "--all-extras", "pyproject.toml",
        ]  # fmt: skip
        dev, server = LOCKS / "dev.txt", LOCKS / "server.txt"
        run([*compile_lock, "--group", "dev", "--output-file", dev], "resolving the tools")
        run([*compile_lock, "--group", "build", "--constraints", dev, "--output-file", server], "resolving the program")
    say(f"wrote {dev.relative_to(CLONE)} and {server.relative_to(CLONE)}")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two `make` in one clone take turns with .venv."""
    handle = os.open(CLONE / ".ci", os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def prepare(verb: str, arguments: list[str]) -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise Unprepared(f"python3 is {sys.version.split()[0]}; Tipstaff needs 3.11 or later (Debian 12 has it)")
    missing = missing_debian(programs_for(arguments) if verb == "test" else [])
    if missing:
        install_debian(missing, is_root=os.geteuid() == 0)
        importlib.invalidate_caches()
    if verb == "lock":
        make_locks()
    else:
        bring_venv("server" if verb == "run" else "dev")


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in {"run", "test", "dev", "lock"}:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with one_at_a_time():
            prepare(arguments[0], arguments[1:])
    except Unprepared as problem:
        print(f"set-up: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
