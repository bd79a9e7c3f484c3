"""Every test of this folder runs on both databases."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.store.engine import migrate, open_engine
from tests.contract.store.bureau import Bureau, open_bureau

Opening = Callable[..., Bureau]


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with all tables and nothing in them, to be copied: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("migrated") / "tipstaff.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> str:
    """The URL of a database in which nothing has happened."""
    if request.param == "sqlite":
        shutil.copy(migrated_file, tmp_path / "tipstaff.db")
        return f"sqlite:///{tmp_path / 'tipstaff.db'}"
    url: str = request.getfixturevalue("postgres_database")
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    return url


@pytest.fixture
def open_desk(database: str) -> Iterator[Opening]:
    """Opens desks over the one database, each as another process would; all are closed afterwards."""
    opened: list[Bureau] = []

    def opening(**more: Any) -> Bureau:
        bureau = open_bureau(database, **more)
        opened.append(bureau)
        return bureau

    yield opening
    for bureau in opened:
        bureau.close()


@pytest.fixture
def bureau(open_desk: Opening) -> Bureau:
    return open_desk()
