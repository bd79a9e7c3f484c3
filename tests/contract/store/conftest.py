"""Every test of this folder runs on both databases."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
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


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> str:
    """The name of a PostgreSQL database with all tables and nothing in them, to be copied too."""
    name = f"migrated_{next(_numbers)}"
    with _connected(postgres_url) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    engine = open_engine(postgres_url.replace("/postgres?", f"/{name}?", 1))
    migrate(engine)
    engine.dispose()
    return name


@pytest.fixture
def postgres_copy(postgres_url: str, migrated_postgres: str) -> Iterator[str]:
    """The URL of a copy for one test."""
    name = f"copy_{next(_numbers)}"
    with _connected(postgres_url) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {migrated_postgres}")
        yield postgres_url.replace("/postgres?", f"/{name}?", 1)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> str:
    """The URL of a database in which nothing has happened."""
    if request.param == "sqlite":
        shutil.copy(migrated_file, tmp_path / "tipstaff.db")
        return f"sqlite:///{tmp_path / 'tipstaff.db'}"
    url: str = request.getfixturevalue("postgres_copy")
    return url


_numbers = count(1)


def _connected(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)


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
