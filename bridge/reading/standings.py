"""How a client stands: the services with what holds them, and where the panels disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, and_, func, select

from bridge.drift import Drift, list_drifts
from bridge.errors import NotFound
from bridge.reading.lookup import called, moment, rows_by
from bridge.store.store import Store
from bridge.store.tables import actions, cases, charges, clients, holds, services

Json = Any

MOST_SERVICES = 200


@dataclass(frozen=True, kw_only=True)
class ServiceRow:
    """A service in a client's list; `called` is what people call it, and may be empty."""

    id: str
    called: str
    status: str
    kind: str
    ips: Sequence[str]
    holds: int
    bars: int
    strikes: int


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A client: what was observed, the services (at most MOST_SERVICES of `total`), open and settled charges."""

    id: str
    facts: Mapping[str, Json]
    services: Sequence[ServiceRow]
    total: int
    charges: Sequence[Mapping[str, Json]]


class Standings:
    """Reads what stands against clients and services."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def drifts(self, service: str | None = None) -> Sequence[Drift]:
        with self._store.read() as connection:
            return list_drifts(connection, service, limit=100)

    def restorable(self, service: str) -> bool:
        """Whether a hold of ours stands and no suspension is on its way: then it can be suspended again."""
        standing = and_(
            holds.c.service == service,
            holds.c.status == "placed",
            holds.c.scope == "service",
            holds.c.simulated.is_(False),
        )
        coming = and_(
            actions.c.service == service,
            actions.c.action == "suspend_service",
            actions.c.state.in_(("proposed", "approved", "executing", "waiting", "unclear")),
        )
        with self._store.read() as connection:
            is_held = connection.execute(select(holds.c.id).where(standing).limit(1)).first() is not None
            return is_held and connection.execute(select(actions.c.id).where(coming).limit(1)).first() is None

    def client(self, id_: str) -> Standing:
        """Raises NotFound for a client of whom nothing is known."""
        with self._store.read() as connection:
            known = connection.execute(select(clients.c.facts).where(clients.c.id == id_)).scalar()
            mine = select(services).where(services.c.client == id_).order_by(services.c.id)
            rows = connection.execute(mine.limit(MOST_SERVICES)).all()
            if known is None and not rows:
                raise NotFound(f"no client {id_!r}")
            counted = select(func.count()).select_from(services).where(services.c.client == id_)
            return Standing(
                id=id_,
                facts=orjson.loads(known) if known else {},
                services=_services(connection, rows),
                total=connection.execute(counted).scalar() or 0,
                charges=_charges(connection, id_),
            )


def _services(connection: Connection, rows: Sequence[Any]) -> list[ServiceRow]:
    keys = [row.id for row in rows]
    standing = rows_by(connection, holds.c.service, keys)
    struck = select(cases.c.service, func.count()).where(and_(cases.c.service.in_(keys), cases.c.strike > 0))
    strikes = {row[0]: row[1] for row in connection.execute(struck.group_by(cases.c.service))}
    return [_service(row, standing.get(row.id, ()), strikes.get(row.id, 0)) for row in rows]


def _service(row: Any, standing: Sequence[Any], strikes: int) -> ServiceRow:
    facts = orjson.loads(row.facts)
    placed = [hold for hold in standing if hold.status == "placed" and not hold.simulated]
    return ServiceRow(
        id=row.id,
        called=called(row),
        status=facts.get("status") or "",
        kind=facts.get("product_kind") or "",
        ips=tuple(facts.get("ips") or ()),
        holds=sum(not hold.irrevocable for hold in placed),
        bars=sum(hold.irrevocable for hold in placed),
        strikes=strikes,
    )


def _charges(connection: Connection, client: str) -> list[dict[str, Json]]:
    found = connection.execute(select(charges).where(charges.c.client == client).order_by(charges.c.due))
    return [
        {
            **{name: getattr(row, name) for name in "service case charge amount currency invoice status".split()},
            "due": moment(row.due),
            "simulated": row.simulated,
        }
        for row in found
    ]
