"""Every test of this folder starts with a desk that knows one service, on a copy of a migrated database."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.store.engine import migrate, open_engine
from tests.contract.store.bureau import Bureau, open_bureau
from tests.unit.decide.scenario import a_service
from tests.unit.pages.house import House, house_of


@pytest.fixture(scope="session")
def migrated_pages_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "tipstaff.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


Opening = Callable[..., House]


@pytest.fixture
def open_house(tmp_path: Path, migrated_pages_file: Path) -> Iterator[Opening]:
    """Opens a house whose rules are as the test says; closed afterwards."""
    opened: list[Bureau] = []

    def opening(**rules: Any) -> House:
        shutil.copy(migrated_pages_file, tmp_path / "tipstaff.db")
        bureau = open_bureau(f"sqlite:///{tmp_path / 'tipstaff.db'}", **rules)
        opened.append(bureau)
        bureau.accept(a_service(when="-1d"))
        return house_of(bureau)

    yield opening
    for bureau in opened:
        bureau.close()


@pytest.fixture
def house(open_house: Opening) -> House:
    return open_house()
