"""The store: units of work over the log and its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import orjson
from sqlalchemy import Connection, Engine, select

from bridge.store.directory import SqlDirectory
from bridge.store.engine import open_engine
from bridge.store.log import Log
from bridge.store.tables import meta
from bridge.store.writer import Writer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of work: a connection in a transaction, with what routing and deciding need of it."""

    connection: Connection
    directory: SqlDirectory
    log: Log

    def setting(self, key: str) -> str | None:
        """A value the program keeps for itself."""
        return self.connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()

    def set(self, key: str, value: str) -> None:
        if self.connection.execute(meta.update().where(meta.c.key == key).values(value=value)).rowcount == 0:
            self.connection.execute(meta.insert(), {"key": key, "value": value})


class Store:
    """Opens units of work. Writes go through one writer; reads see the last commit and wait for nobody."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        is_postgres = engine.dialect.name == "postgresql"
        self._reading = engine.execution_options(isolation_level="REPEATABLE READ") if is_postgres else engine
        self._log = Log()
        self._writer = Writer(engine, self._log)

    @classmethod
    def open(cls, url: str) -> Store:
        """Raises InvalidInput where the address is none; connects only when used."""
        return cls(open_engine(url))

    def write(self, work: Callable[[Unit], T]) -> T:
        """Run `work` in a write transaction, which other work may share; returns when it is durable."""
        return self._writer.run(lambda connection: work(Unit(connection, SqlDirectory(connection), self._log)))

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one moment of the database, however often it is asked."""
        with self._reading.connect() as connection:
            yield connection

    def close(self) -> None:
        self._writer.close()
        self.engine.dispose()


def as_text(value: object) -> str:
    """JSON as the tables keep it."""
    return orjson.dumps(value).decode()
