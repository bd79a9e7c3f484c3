"""The database: there, ours, kept up to date, and what it says of how the installation is used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from bridge.config import Config
from bridge.doctor.configuration import check_file
from bridge.doctor.finding import Finding, fault, fine, warning
from bridge.store.engine import is_current
from bridge.store.store import Store
from bridge.store.tables import deliveries, meta, services
from bridge.sync import SYNCED
from bridge.timeformat import format_time, parse_time

AREA = "database"


def check_database(store: Store, config: Config, now: datetime) -> Iterator[Finding]:
    """Only reads. Without our tables nothing else is looked at."""
    file = database_file(store)
    if file is not None and not file.is_file():
        yield fault(AREA, f"{file} is not there", "run tipstaff init")
        return
    if file is not None:
        yield from check_file(file)
    if not is_current(store.engine):
        yield fault(AREA, "the database cannot be reached, is not there, or not migrated", "run tipstaff init")
        return
    yield fine(AREA, f"{store.engine.dialect.name}, with this version's tables")
    try:
        with store.read() as connection:
            yield from _synced(connection, config.worker.sync_every, now)
            yield from _exempt(connection, config)
            yield from _hooks(connection)
    except SQLAlchemyError as trouble:
        yield fault(AREA, f"the database cannot be read: {type(trouble).__name__}", "look at the database server")


def database_file(store: Store) -> Path | None:
    """SQLite's file, which merely connecting would make; None for PostgreSQL and for a database in memory."""
    url = store.engine.url
    if store.engine.dialect.name != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(url.database or "")


def _synced(connection: Connection, every: timedelta, now: datetime) -> Iterator[Finding]:
    stored = connection.execute(select(meta.c.value).where(meta.c.key == SYNCED)).scalar()
    if stored is None:
        yield warning(AREA, "the panels were never read: no complaint can be attributed", "run tipstaff sync")
        return
    last = parse_time(stored, SYNCED)
    if now - last > 2 * every:
        yield warning(AREA, f"the panels were last read at {format_time(last)}", "is tipstaff serve running?")
    else:
        yield fine(AREA, f"the panels were last read at {format_time(last)}")


def _exempt(connection: Connection, config: Config) -> Iterator[Finding]:
    known = set(connection.execute(select(services.c.id).where(services.c.id.in_(list(config.exempt)))).scalars())
    for service in sorted(config.exempt.keys() - known):
        yield warning(
            AREA, f"[[exempt]] names service {service}, which is not known", "check the id, or run tipstaff sync"
        )


def _hooks(connection: Connection) -> Iterator[Finding]:
    if connection.execute(select(deliveries.c.id).limit(1)).first() is None:
        yield warning(
            "addon",
            "no hook has ever arrived: payments, replies and unsuspensions are noticed late, and none can be refused",
            "install the addon in WHMCS and put the hook_secret into it",
        )
    else:
        yield fine("addon", "hooks arrive")
