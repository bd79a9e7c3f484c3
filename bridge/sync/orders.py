"""Orders as the billing panel shows them: each is told of once, after its client and its services were read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import structlog
from sqlalchemy import select

from bridge.desk import Desk
from bridge.errors import InvalidInput
from bridge.ports import Order
from bridge.store.tables import events, services
from bridge.sync.observed import OTHER, SYNC
from bridge.timeformat import format_time

Json = Any

_TOLD = frozenset({"pending", "active", "fraud"})

_log = structlog.get_logger(__name__)


class Orders:
    """`read_client` and `read_service` read one from the panels, so that an order is judged by what is so now."""

    def __init__(self, desk: Desk, read_client: Callable[[str], object], read_service: Callable[[str], object]) -> None:
        self._desk = desk
        self._read_client = read_client
        self._read_service = read_service

    def place(self, order: Order) -> bool:
        """Tell of an order; whether it was new. Raises PanelError."""
        id_ = f"sync.order.{order.id}"
        if order.status not in _TOLD or self._is_known(id_):
            return False
        self._read_client(order.client)
        for service in order.services:
            self._read_service(service)
        now = format_time(self._desk.clock.now())
        raw = {"id": id_, "type": "order.placed", "at": now, "order": order.id, "client": order.client}
        try:
            return not self._desk.accept({**raw, **self._product(order)}, SYNC).duplicate
        except InvalidInput as refusal:
            _log.warning("what the panel shows is no event", event=id_, field=refusal.field)
            return False

    def _product(self, order: Order) -> dict[str, Json]:
        """What was ordered, as far as its first service tells."""
        said: dict[str, Json] = {"product_kind": OTHER}
        if order.status == "fraud":
            said["fraud"] = "failed"
        if not order.services:
            return said
        said["service"] = order.services[0]
        with self._desk.store.read() as connection:
            stored = connection.execute(select(services.c.facts).where(services.c.id == order.services[0])).scalar()
        facts = orjson.loads(stored) if stored is not None else {}
        return said | {name: facts[name] for name in ("product_kind", "region") if name in facts}

    def _is_known(self, id_: str) -> bool:
        with self._desk.store.read() as connection:
            return connection.execute(select(events.c.seq).where(events.c.id == id_)).first() is not None
