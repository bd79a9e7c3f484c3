"""Statements that every event needs, compiled once and run on the driver's own cursor.

SQLAlchemy's way from a statement to the driver costs more than the look-up itself; where a request waits for five of
them, that is most of its time. The statements are written as everywhere else, so there is still one code path for both
databases. Values go to the driver as they are: text, whole numbers, truth values and None only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam
from sqlalchemy.sql.expression import ClauseElement

from bridge.store.engine import without_nul

Json = Any


class Prepared:
    """One statement with named values; those that are not given are None, or what the statement itself holds."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._forms: dict[str, _Form] = {}

    def run(self, connection: Connection, values: Mapping[str, Json]) -> Any:
        """The driver's cursor after the statement; its rows are plain tuples."""
        form = self._form(connection)
        cursor = connection.connection.cursor()
        cursor.execute(form.sql, form.arranged(values))
        return cursor

    def first(self, connection: Connection, values: Mapping[str, Json]) -> Any:
        """The first row as a tuple, or None."""
        return self.run(connection, values).fetchone()

    def scalar(self, connection: Connection, values: Mapping[str, Json]) -> Any:
        """The first value of the first row, or None."""
        row = self.run(connection, values).fetchone()
        return None if row is None else row[0]

    def all(self, connection: Connection, values: Mapping[str, Json]) -> Sequence[Any]:
        rows: Sequence[Any] = self.run(connection, values).fetchall()
        return rows

    def _form(self, connection: Connection) -> _Form:
        form = self._forms.get(connection.dialect.name)
        if form is None:
            form = self._forms[connection.dialect.name] = _Form(self._statement, connection)
        return form


class _Form:
    """A statement as one kind of database takes it."""

    def __init__(self, statement: ClauseElement, connection: Connection) -> None:
        compiled: Any = statement.compile(dialect=connection.dialect)
        self.sql = str(compiled)
        self._own: dict[str, Json] = dict(compiled.params)
        self._order: Sequence[str] | None = compiled.positiontup if compiled.positional else None

    def arranged(self, values: Mapping[str, Json]) -> Any:
        given = {**self._own, **values}
        if self._order is None:
            return without_nul(given)
        return [given[name] for name in self._order]


def insertion(table: Table) -> Prepared:
    """Adds a row; columns that are not given are NULL."""
    return Prepared(table.insert())


def change(table: Table, *names: str) -> Prepared:
    """Sets those columns of the row whose key is `wanted`; the new values are named `new_` and the column."""
    (key,) = table.primary_key
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return Prepared(table.update().where(key == bindparam("wanted")).values(values))
