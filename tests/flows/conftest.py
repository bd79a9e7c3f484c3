"""Flows run on a service of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.installation import Installation, installation


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A synced installation with its service running, for all tests of a file: each takes a service of its own."""
    with installation(tmp_path_factory.mktemp("place")) as made:
        made.start()
        yield made


@pytest.fixture
def own_place(tmp_path: Path) -> Iterator[Installation]:
    """As `place`, for one test alone."""
    with installation(tmp_path) as made:
        made.start()
        yield made
