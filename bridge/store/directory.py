"""Routing's look-ups, over the tables of one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, distinct, func, or_, select

from bridge.inventory import candidate_keys
from bridge.store.engine import to_us
from bridge.store.tables import cases, charges, holdings, holds, services


class SqlDirectory:
    """Implements `bridge.routing.Directory` for one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def client_of_service(self, service: str) -> str | None:
        return self._connection.execute(_CLIENT_OF_SERVICE, {"wanted": service}).scalar()

    def client_of_case(self, case: str) -> str | None:
        return self._connection.execute(_CLIENT_OF_CASE, {"wanted": case}).scalar()

    def client_of_invoice(self, invoice: str) -> str | None:
        return self._connection.execute(_CLIENT_OF_INVOICE, {"wanted": invoice}).scalar()

    def clients_barred_for(self, ip: str) -> Iterable[str]:
        return self._connection.execute(_BARRED, {"wanted": ip}).scalars().all()

    def holder(self, ip: str, moment: datetime) -> str | None:
        """The one service that held the address then, by the longest prefix; None for none or two."""
        for version, length, network in candidate_keys(ip, self._lengths()):
            wanted = {"version": version, "length": length, "network": f"{network:032x}", "moment": to_us(moment)}
            holders = self._connection.execute(_HOLDERS, wanted).scalars().all()
            if holders:
                return holders[0] if len(holders) == 1 else None
        return None

    def _lengths(self) -> Iterator[tuple[int, int]]:
        """The prefix lengths in use, each by one look into the index."""
        for version in (4, 6):
            length = -1
            while (
                found := self._connection.execute(_NEXT_LENGTH, {"version": version, "length": length}).scalar()
            ) is not None:
                length = int(found)
                yield version, length


_CLIENT_OF_SERVICE = select(services.c.client).where(services.c.id == bindparam("wanted"))
_CLIENT_OF_CASE = select(cases.c.client).where(cases.c.id == bindparam("wanted"))
_CLIENT_OF_INVOICE = select(charges.c.client).where(charges.c.invoice == bindparam("wanted")).limit(1)
_BARRED = select(distinct(holds.c.client)).where(
    and_(holds.c.ip == bindparam("wanted"), holds.c.irrevocable, holds.c.status != "ended")
)
_NEXT_LENGTH = select(func.min(holdings.c.length)).where(
    and_(holdings.c.version == bindparam("version"), holdings.c.length > bindparam("length"))
)
_HOLDERS = (
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
