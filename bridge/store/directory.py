"""Routing's look-ups, over the tables of one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import orjson
from sqlalchemy import Connection, and_, bindparam, func, or_, select

from bridge.inventory import candidate_keys
from bridge.store.engine import to_us
from bridge.store.prepared import Prepared
from bridge.store.tables import cases, charges, domains, holdings, holds, services

_MOST_LABELS = 6


class SqlDirectory:
    """Implements `bridge.routing.Directory` for one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lengths: dict[int, list[tuple[int, int]]] = {}

    def client_of_service(self, service: str) -> str | None:
        return _text(_CLIENT_OF_SERVICE.scalar(self._connection, {"wanted": service}))

    def client_of_case(self, case: str) -> str | None:
        return _text(_CLIENT_OF_CASE.scalar(self._connection, {"wanted": case}))

    def client_of_invoice(self, invoice: str) -> str | None:
        return _text(_CLIENT_OF_INVOICE.scalar(self._connection, {"wanted": invoice}))

    def moved_to(self, case: str) -> str | None:
        return _text(_MOVED_TO.scalar(self._connection, {"wanted": case}))

    def clients_barred_for(self, ip: str) -> Iterable[str]:
        return [row[0] for row in _BARRED.all(self._connection, {"wanted": ip})]

    def service_of_domain(self, host: str) -> str | None:
        """The one service that has the host, or a domain that it lies under, as its own; the longest name decides.

        A name passes on when its service ends: of several services, those that were not terminated count.
        """
        labels = host.lower().rstrip(".").split(".")[-_MOST_LABELS:]
        for first in range(len(labels) - 1):
            known = _OWNERS.all(self._connection, {"wanted": ".".join(labels[first:])})
            if known:
                living = [service for service, facts in known if orjson.loads(facts).get("status") != "terminated"]
                owners = living or [service for service, _ in known]
                return _text(owners[0]) if len(owners) == 1 else None
        return None

    def holder(self, ip: str, moment: datetime) -> str | None:
        """The one service that held the address then, by the longest prefix; None for none or two."""
        for version, length, network in candidate_keys(ip, self._lengths_of(6 if ":" in ip else 4)):
            wanted = {"version": version, "length": length, "network": f"{network:032x}", "moment": to_us(moment)}
            holders = _HOLDERS.all(self._connection, wanted)
            if holders:
                return _text(holders[0][0]) if len(holders) == 1 else None
        return None

    def holders_ever(self, ip: str) -> list[str]:
        """Every service that holds or held the address, at whatever time."""
        found: list[str] = []
        for version, length, network in candidate_keys(ip, self._lengths_of(6 if ":" in ip else 4)):
            same = and_(
                holdings.c.version == version,
                holdings.c.length == length,
                holdings.c.network == f"{network:032x}",
            )
            found.extend(self._connection.execute(select(holdings.c.service).where(same).distinct()).scalars())
        return list(dict.fromkeys(found))

    def addresses_changed(self) -> None:
        """To be told when holdings were written in this transaction."""
        self._lengths.clear()

    def _lengths_of(self, version: int) -> list[tuple[int, int]]:
        """The prefix lengths in use, each by one look into the index, once for all addresses of an event."""
        known = self._lengths.get(version)
        if known is None:
            known = self._lengths[version] = []
            length = -1
            while (found := _NEXT_LENGTH.scalar(self._connection, {"version": version, "above": length})) is not None:
                length = int(found)
                known.append((version, length))
        return known


def _text(value: object) -> str | None:
    return None if value is None else str(value)


_CLIENT_OF_SERVICE = Prepared(select(services.c.client).where(services.c.id == bindparam("wanted")))
_CLIENT_OF_CASE = Prepared(select(cases.c.client).where(cases.c.id == bindparam("wanted")))
_OWNERS = Prepared(
    select(services.c.id, services.c.facts)
    .select_from(domains.join(services, services.c.id == domains.c.service))
    .where(domains.c.name == bindparam("wanted"))
    .order_by(services.c.id)
)
_MOVED_TO = Prepared(
    select(services.c.client)
    .select_from(cases.join(services, services.c.id == cases.c.service))
    .where(and_(cases.c.id == bindparam("wanted"), services.c.client != cases.c.client))
)
_CLIENT_OF_INVOICE = Prepared(select(charges.c.client).where(charges.c.invoice == bindparam("wanted")).limit(1))
_BARRED = Prepared(
    select(holds.c.client)
    .where(and_(holds.c.ip == bindparam("wanted"), holds.c.irrevocable, holds.c.status != "ended"))
    .distinct()
)
_NEXT_LENGTH = Prepared(
    select(func.min(holdings.c.length)).where(
        and_(holdings.c.version == bindparam("version"), holdings.c.length > bindparam("above"))
    )
)
_HOLDERS = Prepared(
    select(holdings.c.service)
    .where(
        and_(
            holdings.c.version == bindparam("version"),
            holdings.c.length == bindparam("length"),
            holdings.c.network == bindparam("network"),
            holdings.c.start <= bindparam("moment"),
            or_(holdings.c.end.is_(None), holdings.c.end > bindparam("moment")),
        )
    )
    .distinct()
)
