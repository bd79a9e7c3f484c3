"""What hooks ask to be read again: a row per service or client, however often it was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select

from bridge.store.engine import from_us, to_us
from bridge.store.store import Store, Unit
from bridge.store.tables import rereads

CLAIM = timedelta(seconds=60)
"""How long whoever took a row has for it; after that another may."""

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
GIVEN_UP = timedelta(hours=24)
"""What could not be read for that long is left to the next sync of everything."""


@dataclass(frozen=True)
class Reread:
    """`kind` is service, client, order, payments (of a client) or ticket; `asked` is when it was asked for last, by the
    wall clock."""

    kind: str
    id: str
    asked: datetime


class Rereads:
    """All times are wall times."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def waiting(self) -> int:
        """How many rows there are, due or not."""
        with self._store.read() as connection:
            return connection.execute(select(func.count()).select_from(rereads)).scalar() or 0

    def claim(self, now: datetime, limit: int) -> list[Reread]:
        """Take what is due, the longest asked for first; nobody else gets it for a minute."""
        due = select(rereads).where(rereads.c.retry_at <= to_us(now)).order_by(rereads.c.asked).limit(limit)
        with self._store.read() as connection:
            if connection.execute(due).first() is None:
                return []

        def take(unit: Unit) -> list[Reread]:
            rows = unit.connection.execute(due).all()
            for row in rows:
                held = rereads.update().where(_is(row.kind, row.id))
                unit.connection.execute(held.values(retry_at=to_us(now + CLAIM)))
            return [Reread(row.kind, row.id, from_us(row.asked)) for row in rows]

        return self._store.write(take)

    def done(self, reread: Reread) -> None:
        """Read: the row goes, unless it was asked for again meanwhile."""
        row = and_(_is(reread.kind, reread.id), rereads.c.asked == to_us(reread.asked))
        self._store.write(lambda unit: unit.connection.execute(rereads.delete().where(row)))

    def failed(self, reread: Reread, now: datetime) -> None:
        """Not read: later again, the pause grows with the age."""
        age = now - reread.asked
        if age > GIVEN_UP:
            self.done(reread)
            return
        pause = min(max(age, FIRST_PAUSE), LONGEST_PAUSE)
        row = and_(_is(reread.kind, reread.id), rereads.c.asked == to_us(reread.asked))
        self._store.write(
            lambda unit: unit.connection.execute(rereads.update().where(row).values(retry_at=to_us(now + pause)))
        )

    def ask(self, unit: Unit, kind: str, id_: str, now: datetime) -> None:
        """To be read again, as soon as may be."""
        values = {"asked": to_us(now), "retry_at": 0}
        if unit.connection.execute(rereads.update().where(_is(kind, id_)).values(values)).rowcount == 0:
            unit.connection.execute(rereads.insert(), {"kind": kind, "id": id_, **values})


def _is(kind: str, id_: str) -> Any:
    return and_(rereads.c.kind == kind, rereads.c.id == id_)
