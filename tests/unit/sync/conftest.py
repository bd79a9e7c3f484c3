"""A host in memory for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.sync.host import Host, a_client, open_host


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """One client, no services yet."""
    opened = open_host(tmp_path)
    opened.has(a_client())
    yield opened
    opened.desk.store.close()
