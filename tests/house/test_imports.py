"""Imports point inward, and importing anything does nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.house.tree import CLONE

# Imports every module of the program and notes each file opened or connection made by a module's own top-level code.
# What the libraries do while they are imported is theirs: the import system stands between them and us in the stack.
IMPORT_ALL = """
import importlib, json, pkgutil, sys
from pathlib import Path

root = sys.argv[1]
sys.path.insert(0, root)
sys.dont_write_bytecode = True
seen = []

def culprit(frame):
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith("<frozen importlib"):
            return None
        if name.startswith(root) and "/.venv/" not in name:
            return f"{name[len(root) + 1:]}:{frame.f_lineno}"
        frame = frame.f_back
    return None

def watch(event, arguments):
    if event in ("open", "socket.connect", "socket.bind", "subprocess.Popen", "sqlite3.connect"):
        who = culprit(sys._getframe(1))
        if who:
            seen.append(f"{who} {event} {arguments[:1]}")

names = []
for room in ("bridge", "hooks", "adapters"):
    package = importlib.import_module(room)
    names += [m.name for m in pkgutil.walk_packages(package.__path__, room + ".") if ".migrations." not in m.name]
sys.addaudithook(watch)
for name in names:
    if not name.endswith(".__main__"):
        importlib.import_module(name)
print(json.dumps({"modules": len(names), "seen": seen}))
"""


def test_imports_point_inward() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter, "--no-cache"], cwd=CLONE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout.partition("Broken contracts")[2] or done.stdout + done.stderr


def test_importing_a_module_opens_and_connects_nothing() -> None:
    command = [sys.executable, "-W", "error", "-c", IMPORT_ALL, str(CLONE)]
    done = subprocess.run(command, cwd=CLONE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["modules"] > 0
    assert result["seen"] == []
