"""A mail server, and a desk that complaints are brought to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.store.engine import migrate, open_engine
from tests.contract.store.bureau import Bureau, open_bureau
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
    url = f"sqlite:///{tmp_path / 'tipstaff.db'}"
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    opened = open_bureau(url)
    opened.accept(a_service(when="-1d"))
    yield opened
    opened.close()
