"""Opening the database: SQLite with WAL and full durability, or PostgreSQL; and its migrations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from bridge.errors import InvalidInput

ADVISORY_LOCK = 8_765_001
"""PostgreSQL's lock for the log's tail and for migrations; any number no other program uses in this database."""

MIGRATIONS = Path(__file__).parent / "migrations"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_us(moment: datetime) -> int:
    """Whole microseconds since 1970: how times are stored."""
    return (moment - _EPOCH) // _MICROSECOND


def from_us(stored: int) -> datetime:
    return _EPOCH + timedelta(microseconds=stored)


def optional_us(stored: int | None) -> datetime | None:
    return None if stored is None else from_us(stored)


def storable(said: str) -> str:
    """Text as every database takes it: NUL, which PostgreSQL refuses, and halves of characters are replaced."""
    return said.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///…` or `postgresql+psycopg://…`; raises InvalidInput. Connects only when used."""
    try:
        parsed = make_url(url)
    except ArgumentError as trouble:
        raise InvalidInput("database_url", "is not a database address such as sqlite:///tipstaff.db") from trouble
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        return _sqlite(url, memory=parsed.database in (None, "", ":memory:"))
    if kind == "postgresql":
        return _postgresql(parsed.set(drivername="postgresql+psycopg"))
    raise InvalidInput("database_url", f"{kind} is not supported: sqlite or postgresql")


def _sqlite(url: str, *, memory: bool) -> Engine:
    engine = create_engine(
        url, poolclass=StaticPool if memory else None, connect_args={"check_same_thread": False, "timeout": 30}
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        wanted = connection.get_execution_options().get("writes", False)
        connection.connection.cursor().execute("BEGIN IMMEDIATE" if wanted else "BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    engine = create_engine(url, pool_pre_ping=True)

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def clean(_: Any, __: Any, statement: str, values: Any, ___: Any, many: bool) -> tuple[str, Any]:
        return statement, [without_nul(row) for row in values] if many else without_nul(values)

    return engine


def without_nul(values: dict[str, Any]) -> dict[str, Any]:
    """PostgreSQL refuses NUL in text, even in what is only looked for; SQLite does not mind."""
    if not any(isinstance(value, str) and "\0" in value for value in values.values()):
        return values
    return {name: storable(value) if isinstance(value, str) else value for name, value in values.items()}


def lock_file(engine: Engine) -> Path | None:
    """The file every writer in any process locks; None for PostgreSQL and for a database in memory."""
    if engine.dialect.name != "sqlite" or engine.url.database in (None, "", ":memory:"):
        return None
    return Path(f"{engine.url.database}.lock")


# ---- migrations ----

REVISION = "0009"
"""The newest migration: what `migrate` brings a database to. Alembic itself is loaded by `migrate` alone."""


def migrate(engine: Engine) -> None:
    """Bring the database to this program's tables; creates it where it is new. Raises InvalidInput."""
    from alembic import command
    from alembic.config import Config as AlembicConfig

    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        with engine.execution_options(writes=True).connect() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    except SQLAlchemyError as trouble:
        raise InvalidInput("database_url", f"the database cannot be used: {_short(trouble)}") from trouble


def is_current(engine: Engine) -> bool:
    """Whether the database has exactly this program's tables."""
    if _is_missing(engine):
        return False
    try:
        with engine.connect() as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [REVISION]
    except SQLAlchemyError:
        return False


def _is_missing(engine: Engine) -> bool:
    """Whether the file of an SQLite database is not there; connecting would make an empty one."""
    lock = lock_file(engine)
    return lock is not None and not lock.with_suffix("").exists()


def _short(trouble: SQLAlchemyError) -> str:
    return str(getattr(trouble, "orig", None) or trouble).splitlines()[0]
