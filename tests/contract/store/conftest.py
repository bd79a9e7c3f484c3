"""Every test of this folder runs on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.store.bureau import Bureau, open_bureau

Opening = Callable[..., Bureau]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'tipstaff.db'}"
    url: str = request.getfixturevalue("postgres_database")
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
