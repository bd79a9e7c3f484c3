"""The files that customers gave in a case, by name and size: their content is only ever handed out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from bridge.store.tables import case_exhibits


@dataclass(frozen=True, kw_only=True)
class Given:
    """One file. `name` is what a stranger calls it; `kind` is what its content is."""

    event: str
    place: int
    name: str
    kind: str
    size: int
    digest: str


def files_of(connection: Connection, case: str) -> Mapping[str, Sequence[Given]]:
    """By the event that brought them."""
    found: dict[str, list[Given]] = {}
    wanted = select(case_exhibits).where(case_exhibits.c.case == case)
    for row in connection.execute(wanted.order_by(case_exhibits.c.event, case_exhibits.c.place)):
        one = Given(event=row.event, place=row.place, name=row.name, kind=row.kind, size=row.size, digest=row.digest)
        found.setdefault(row.event, []).append(one)
    return found
