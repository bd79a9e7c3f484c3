"""A mail server, and a desk that complaints are brought to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.store.bureau import Bureau, new_bureau
from tests.dovecot import Dovecot, running
from tests.unit.decide.scenario import a_service


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """An IMAP server of this run."""
    with running() as server:
        yield server


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    """A desk with one service, in SQLite."""
    with new_bureau(tmp_path) as opened:
        opened.accept(a_service(when="-1d"))
        yield opened
