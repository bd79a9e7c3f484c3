"""What was read, compared with what was observed last, in the transaction that takes the difference in as events.

An event's id is made of what it says and of the entry of the log that observed the thing last: whoever sees the same
change, in whatever process, makes the same event, and a state that comes back later makes another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
import structlog
from sqlalchemy import and_, select

from bridge import drift
from bridge.desk import Desk
from bridge.errors import InvalidInput
from bridge.events import ServiceObserved, parse_event
from bridge.observed import observed_facts
from bridge.store.store import Unit
from bridge.store.tables import clients, decisions, events, services
from bridge.sync import blocks
from bridge.sync.claims import Award, Claim, Right
from bridge.sync.sighting import Link
from bridge.timeformat import format_time
from bridge.views import Source

Json = Any
Facts = dict[str, Json]

SYNC = Source(name="sync")
OTHER = "other"

_PARTLY = frozenset({"attributes", "verified"})
"""Objects of which a panel tells some keys; the others are not ours to forget."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """One service as it was read: normalised facts, and what the panels disagree about. Goes through JSON unchanged."""

    service: str
    client: str
    facts: Facts
    link: Link
    drifts: dict[str, drift.Says] = field(default_factory=dict)
    network: drift.Network | None = None

    def claims(self) -> Iterable[tuple[str, Claim]]:
        """(address, claim) for each address."""
        right = Right.MACHINE if self.link is Link.FOUND else Right.RECORD
        if right is Right.RECORD and self.facts.get("product_kind", OTHER) != OTHER:
            right = Right.KIND_KNOWN
        return ((ip, Claim(self.service, self.client, right)) for ip in self.facts.get("ips", ()))

    def to_json(self) -> bytes:
        row = [self.service, self.client, self.facts, self.link.value, self.drifts, list(self.network or ())]
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)

    @classmethod
    def from_json(cls, line: bytes) -> Found:
        service, client, facts, link, drifts, network = orjson.loads(line)
        return cls(service, client, facts, Link(link), drifts, drift.Network(*network) if network else None)


def found(
    service: str,
    client: str,
    facts: Facts,
    link: Link,
    drifts: dict[str, drift.Says],
    at: datetime,
    network: drift.Network | None = None,
) -> Found:
    """Facts as the log would keep them; raises InvalidInput naming the field that no event may hold."""
    head = {"id": "read", "type": "service.observed", "at": format_time(at), "service": service, "client": client}
    event = parse_event({**head, **facts})
    assert isinstance(event, ServiceObserved)
    return Found(event.service, event.client, observed_facts(event), link, drifts, network)


@dataclass
class Taken:
    """What became of a batch. `asked_again`: changed by somebody else since reading began, to be read once more."""

    changed: int = 0
    asked_again: list[str] = field(default_factory=list)


class Observer:
    """Takes in what was read. Every method is to be called inside a unit of work."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def services(self, unit: Unit, batch: Sequence[Found], award: Award, began: int) -> Taken:
        """began: the log's last entry when reading began; what was observed later is newer than what was read."""
        known = self._known_services(unit, [item.service for item in batch])
        currencies = self._currencies(unit, {item.client for item in batch})
        taken = Taken()
        settled: dict[str, dict[str, drift.Says]] = {}
        for item in batch:
            row = known.get(item.service)
            if row is not None and row.seq > began:
                taken.asked_again.append(item.service)
                continue
            facts = _complete(item, award, currencies.get(item.client), first=row is None)
            if row is None and item.link is Link.UNREAD:
                # Its first sight dates its addresses back: it has to wait until they can be read.
                continue
            taken.changed += self._take_service(unit, item, facts, row)
            if item.link is not Link.UNREAD:
                settled[item.service] = item.drifts | _held_twice(item, award)
        active = [item.service for item in batch if item.service in settled and item.facts["status"] == "active"]
        for service in drift.released_by_hand(unit.connection, active, began):
            settled[service][drift.RELEASED] = {"billing": "active", "tipstaff": "held suspended"}
        shown = {item.service: item.network for item in batch if item.service in settled and item.network is not None}
        for service, says in blocks.undone_by_hand(unit, shown, began).items():
            settled[service][drift.UNBLOCKED] = says
        drift.settle(unit.connection, settled, self._desk.clock.now())
        return taken

    def _take_service(self, unit: Unit, item: Found, facts: Facts, row: Any) -> int:
        if row is not None:
            last = orjson.loads(row.facts)
            facts = news(last, facts)
            if not facts and row.client == item.client:
                return 0
            facts = _with_rest(last, facts)
        stamp = row.seq if row is not None else 0
        named = {"service": item.service, "client": item.client, **facts}
        return self._take(unit, "service", item.service, named, stamp)

    def clients(self, unit: Unit, batch: Mapping[str, Facts]) -> int:
        """{client: facts}; returns how many changed."""
        query = select(clients).where(clients.c.id.in_(list(batch)))
        known = {row.id: row for row in unit.connection.execute(query)}
        changed = 0
        for client, said in batch.items():
            row = known.get(client)
            last = orjson.loads(row.facts) if row is not None else {}
            facts = news(last, said)
            if facts:
                named = {"client": client, **_with_rest(last, facts)}
                changed += self._take(unit, "client", client, named, row.seq if row is not None else 0)
        return changed

    def gone(self, unit: Unit, batch: Sequence[str], began: int) -> int:
        """Services that the billing panel no longer has are terminated; returns how many were not yet."""
        ended = 0
        for service, row in self._known_services(unit, batch).items():
            if row.seq > began or orjson.loads(row.facts).get("status") == "terminated":
                continue
            named = {"service": service, "client": row.client, "status": "terminated", "ips": []}
            ended += self._take(unit, "service", service, named, row.seq)
            drift.settle(unit.connection, {service: {}}, self._desk.clock.now())
        return ended

    def was_in_panel(self, unit: Unit, service: str) -> bool:
        """Whether a reading of the panels ever showed it; what only others told us of is not ours to end."""
        client = unit.directory.client_of_service(service)
        shown = (
            select(events.c.seq)
            .select_from(decisions.join(events, events.c.seq == decisions.c.seq))
            .where(and_(decisions.c.client == client, events.c.source == SYNC.name))
            .where(events.c.id.startswith(f"{_event_id('service', service)}.", autoescape=True))
        )
        return unit.connection.execute(shown.limit(1)).first() is not None

    def _take(self, unit: Unit, kind: str, id_: str, named: Facts, stamp: int) -> int:
        digest = hashlib.sha256(orjson.dumps(named, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
        raw = {
            "id": f"{_event_id(kind, id_)}.{stamp}.{digest}",
            "type": f"{kind}.observed",
            "at": format_time(self._desk.clock.now()),
            **named,
        }
        try:
            receipt = self._desk.take(unit, parse_event(raw), raw, SYNC)
        except InvalidInput as refusal:
            _log.warning("what the panels show is no event", kind=kind, id=id_, field=refusal.field)
            return 0
        return 0 if receipt.duplicate else 1

    def _known_services(self, unit: Unit, ids: Sequence[str]) -> dict[str, Any]:
        return {row.id: row for row in unit.connection.execute(select(services).where(services.c.id.in_(list(ids))))}

    def _currencies(self, unit: Unit, ids: set[str]) -> dict[str, str]:
        rows = unit.connection.execute(select(clients.c.id, clients.c.facts).where(clients.c.id.in_(list(ids))))
        known = ((row.id, orjson.loads(row.facts).get("currency")) for row in rows)
        return {client: currency for client, currency in known if currency}


def news(last: Facts, said: Facts) -> Facts:
    """Of what was read, what differs from what was observed last."""
    return {name: value for name, value in said.items() if _is_new(name, last.get(name), value)}


def _is_new(name: str, last: Json, value: Json) -> bool:
    if name in _PARTLY:
        return any((last or {}).get(key) != part for key, part in value.items())
    if name == "ips":
        return last is None or set(last) != set(value)
    if name == "vps":
        # A uuid that is known is not forgotten because a panel does not tell it this time.
        return last != value and not str(last or "").startswith(f"{value}/")
    return bool(last != value)


def _with_rest(last: Facts, facts: Facts) -> Facts:
    """Objects are kept whole: what a panel tells of them is laid over what is known."""
    return {name: {**last.get(name, {}), **value} if name in _PARTLY else value for name, value in facts.items()}


def _complete(item: Found, award: Award, currency: str | None, *, first: bool) -> Facts:
    """With what the service alone cannot tell: contested addresses, the client's currency, a kind at first sight."""
    facts = dict(item.facts)
    if "ips" in facts:
        facts["ips"] = award.given(item.service, facts["ips"])
    if "paid_amount" in facts and currency is not None:
        facts["currency"] = currency
    if first:
        facts.setdefault("product_kind", OTHER)
    return facts


def _held_twice(item: Found, award: Award) -> dict[str, drift.Says]:
    disputed = award.disputed(item.service, item.facts.get("ips", ()))
    if not disputed:
        return {}
    claimants = sorted({service for ip in disputed for service in award.rivals[ip]})
    counts_for = {ip: award.winners[ip] or "nobody" for ip in disputed}
    return {drift.HELD_TWICE: {"addresses": disputed, "services": claimants, "counts_for": counts_for}}


def _event_id(kind: str, id_: str) -> str:
    return f"sync.{kind}.{id_}"
