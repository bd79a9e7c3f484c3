"""The files of the project as the rules on them see it: all that is or will be committed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

CLONE = Path(__file__).resolve().parent.parent.parent

PROGRAM = ("bridge", "hooks", "adapters")

TOP_LEVEL = {
    *(".ci", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "adapters", "bridge"),
    *("docs", "hooks", "pyproject.toml", "tests"),
}

_MADE_HERE = {
    *(".git", ".venv", ".benchmarks", ".hypothesis", ".import_linter_cache", ".mypy_cache", ".pytest_cache"),
    *(".ruff_cache", "__pycache__", "build", "dist", "node_modules"),
}


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in _MADE_HERE or path.suffix in {".egg-info", ".pyc"}:
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


@cache
def project_files() -> tuple[Path, ...]:
    """Every file of the project."""
    return tuple(path for path in _walk(CLONE) if path.relative_to(CLONE).parts[0] in TOP_LEVEL)


def name_of(path: Path) -> str:
    """A file's path as one writes it: from the clone's root."""
    return str(path.relative_to(CLONE))


@cache
def modules(*folders: str) -> tuple[tuple[str, ast.Module], ...]:
    """The Python files below these top-level folders, parsed: (path from the root, syntax tree)."""
    files = (path for path in project_files() if path.suffix == ".py" and name_of(path).split("/")[0] in folders)
    return tuple((name_of(path), ast.parse(path.read_text("utf-8"), name_of(path))) for path in files)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method in a tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
