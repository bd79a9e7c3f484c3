"""A desk with a timekeeper for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.timekeeper.case import Office, open_office


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Office]]:
    """`opened(with_panel=…, expire_after=…)`: one office for the test."""
    offices: list[Office] = []

    def open_one(**more: Any) -> Office:
        offices.append(open_office(tmp_path, **more))
        return offices[-1]

    yield open_one
    for office in offices:
        office.desk.store.close()


@pytest.fixture
def office(opened: Callable[..., Office]) -> Office:
    return opened()
