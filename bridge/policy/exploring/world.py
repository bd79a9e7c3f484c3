"""One client with one service, driven event by event, and made again from what it has been through."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bridge.events import ActionApproved, Event, parse_event
from bridge.model import ActionRecord, Record
from bridge.replay import Replay
from bridge.routing import Part
from bridge.rules import Rules
from bridge.state import Client, Hold, Service
from bridge.timeformat import format_time

Json = Any
Folded = tuple[Part, tuple[Record, ...]]

HoldKind = tuple[str, str, bool, tuple[tuple[str, ...], ...]]
"""Holds that differ only in when and for what case they were placed: clause, scope, irrevocable, until."""

TERMINATIONS = frozenset({"terminate_service", "terminate_client"})

SERVICE, CLIENT, IP = "1", "1", "192.0.2.10"


class World(Replay):
    """A replay that remembers each fold, so that another one can be brought to the same point without deciding anew.

    spares  where proposals wait: all but terminations are approved, as they may be live
    """

    def __init__(self, rules: Rules, history: Iterable[Folded] = (), *, spares: bool = False) -> None:
        super().__init__(rules)
        self.spares = spares
        self.history: list[Folded] = []
        for part, records in history:
            state = self.states.setdefault(part.client, Client(id=part.client))
            self._fold(state, part, records)

    def _fold(self, state: Client, part: Part, records: tuple[Record, ...]) -> None:
        super()._fold(state, part, records)
        self.history.append((part, records))

    def _follow(self, record: ActionRecord) -> Event | None:
        if self.spares and record.state == "proposed" and record.action not in TERMINATIONS:
            return ActionApproved(id=f"{record.id}.approved", at=record.at, action=record.id, client=record.client)
        return super()._follow(record)

    @property
    def client(self) -> Client:
        return self.states.get(CLIENT) or Client(id=CLIENT)

    @property
    def service(self) -> Service:
        return self.client.services.get(SERVICE) or Service(id=SERVICE)

    def held(self) -> dict[str, HoldKind]:
        """The holds of the service, by id."""
        return {id_: _kind_of(hold) for id_, hold in self.service.holds.items()}

    def next_due(self) -> datetime | None:
        """When the next deadline fires that still waits."""
        while self._timers and not self._still_waits(self._timers[0][2]):
            heapq.heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    def pass_to(self, moment: datetime) -> None:
        """Let every deadline fire that is due up to and at this moment."""
        for _ in self._fire(moment, inclusive=True):
            pass

    def live(self, event: Event) -> None:
        """Let the deadlines before it fire, then decide it."""
        for _ in self._fire(event.at, inclusive=False):
            pass
        self.take(event)


def _kind_of(hold: Hold) -> HoldKind:
    return (hold.basis.clause, hold.scope, hold.irrevocable, hold.until)


def first_sight(at: datetime, more: Mapping[str, Json]) -> dict[str, Json]:
    """The service that everything happens to."""
    return {
        "id": "service", "type": "service.observed", "at": format_time(at), "service": SERVICE, "client": CLIENT,
        "product_kind": "vps", "status": "active", "ips": [IP], **more,
    }  # fmt: skip


def seen_again(at: datetime) -> dict[str, Json]:
    """An event that changes nothing: it only says that time has come so far."""
    return {
        "id": f"until {format_time(at)}", "type": "service.observed", "at": format_time(at), "service": SERVICE,
        "client": CLIENT,
    }  # fmt: skip


def typed(events: Sequence[Mapping[str, Json]]) -> list[Event]:
    return [parse_event(dict(event)) for event in events]
