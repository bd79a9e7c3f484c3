"""Which clients are read one by one: currency, language and custom fields stand in no list.

A client costs one call. Whoever is new is asked for at once, up to a limit for each sync; of the others a few are asked
for again each time, in turn, so that what no hook told is noticed in the end.
"""

from __future__ import annotations

from typing import Any

import orjson
import structlog
from sqlalchemy import select

from bridge.errors import PanelRefused
from bridge.ports import BillingClient, BillingPanel
from bridge.store.store import Store
from bridge.store.tables import clients, meta

Json = Any

CURSOR = "sync.details_after"
_MOST_REFUSALS = 3

_log = structlog.get_logger(__name__)


class Details:
    """One sync's choice.

    new        clients never asked for, at most
    refreshed  clients asked for again, at most
    """

    def __init__(self, billing: BillingPanel, store: Store, *, new: int, refreshed: int) -> None:
        self._billing = billing
        self._store = store
        self._new = new
        self._refreshed = refreshed
        self._refusals = 0
        with store.read() as connection:
            stored = connection.execute(select(meta.c.value).where(meta.c.key == CURSOR)).scalar()
        self._after = int(stored) if stored is not None and stored.isdecimal() else 0
        self._last = self._after

    def fill(self, batch: list[BillingClient]) -> list[BillingClient]:
        """The clients of a list, some of them read whole."""
        query = select(clients.c.id, clients.c.facts).where(clients.c.id.in_([client.id for client in batch]))
        with self._store.read() as connection:
            known = {row.id: orjson.loads(row.facts) for row in connection.execute(query)}
        return [self._whole(client, known.get(client.id, {})) for client in batch]

    def _whole(self, client: BillingClient, facts: dict[str, Json]) -> BillingClient:
        if self._refusals >= _MOST_REFUSALS or not self._is_wanted(client, facts):
            return client
        try:
            return self._billing.client(client.id) or client
        except PanelRefused as refusal:
            self._refusals += 1
            _log.warning("a client cannot be read by itself", client=client.id, panel=refusal.panel)
            return client

    def _is_wanted(self, client: BillingClient, facts: dict[str, Json]) -> bool:
        """Closed and inactive ones have no running service, and can wait until they have."""
        if client.status.casefold() not in ("active", ""):
            return False
        if "currency" not in facts:
            self._new -= 1
            return self._new >= 0
        place = int(client.id) if client.id.isdecimal() else 0
        if place <= self._after or self._refreshed <= 0:
            return False
        self._refreshed -= 1
        self._last = place
        return True

    def close(self) -> None:
        """After the last client: the next sync goes on behind the last one asked for, or begins again."""
        after = self._last if self._refreshed <= 0 else 0
        self._store.write(lambda unit: unit.set(CURSOR, str(after)))
