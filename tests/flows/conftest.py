"""Flows run on a service of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.installation import Installation, installation


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    """A synced installation with its service running."""
    with installation(tmp_path) as made:
        made.start()
        yield made
