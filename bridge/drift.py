"""Drift: the panels disagree with each other, or with a hold of ours. It is shown, and put right only by an admin.

Each sync, and each reading of a single service, settles what stands here: what is still so keeps the time since when it
is known, what is over goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, and_, func, select

from bridge.store.engine import from_us, to_us
from bridge.store.tables import actions, drifts, holds

Json = Any

ADDRESSES = "addresses"
STATUS = "status"
MACHINE_GONE = "machine_gone"
MACHINE_MOVED = "machine_moved"
HELD_TWICE = "address_held_twice"
RELEASED = "active_while_held"
UNBLOCKED = "block_undone"
UNREADABLE = "unreadable"

MEANINGS: Mapping[str, str] = {
    ADDRESSES: "The billing panel names other addresses than the machine has; the machine's count.",
    STATUS: "One panel says suspended or terminated, the other shows the machine running, or the reverse.",
    MACHINE_GONE: "The billing panel names a machine that the server panel does not have.",
    MACHINE_MOVED: "The machine has another id in the server panel than the billing panel names.",
    HELD_TWICE: "Services claim one address. Between equals it is nobody's: complaints about it are unattributed.",
    RELEASED: "The billing panel shows the service active while our hold stands.",
    UNBLOCKED: "The server panel does not show the network block that we set any more.",
    UNREADABLE: "The billing panel says something of the service that is not understood: it stays as last seen.",
}

Says = dict[str, Json]
"""What each side says: `billing`, `server`, `tipstaff`, and what else helps a person."""


class Network(NamedTuple):
    """What a machine shows of its network; goes through JSON as a list."""

    cut: bool
    plan: str | None


@dataclass(frozen=True, kw_only=True)
class Drift:
    """One disagreement about one service. `says` is plain JSON; its texts come from panels."""

    service: str
    kind: str
    says: Mapping[str, Json]
    since: datetime


def released_by_hand(connection: Connection, services: Sequence[str], seq: int) -> set[str]:
    """Of services that are seen active: those that a hold of ours should keep suspended.

    seq  holds placed after that entry of the log may be newer than what was seen, and are left for the next look
    """
    standing = select(holds.c.service).where(
        and_(
            holds.c.service.in_(services),
            holds.c.status == "placed",
            holds.c.scope == "service",
            holds.c.simulated.is_(False),
            holds.c.seq <= seq,
        )
    )
    to_come = select(actions.c.service).where(
        and_(
            actions.c.service.in_(services),
            actions.c.action == "suspend_service",
            actions.c.state.in_(("approved", "executing", "waiting", "unclear")),
        )
    )
    suspending = set(connection.execute(to_come).scalars())
    return set(connection.execute(standing).scalars()) - suspending


def settle(connection: Connection, found: Mapping[str, Mapping[str, Says]], now: datetime) -> None:
    """Make the table say exactly this of these services: {service: {kind: what is said}}."""
    known = {
        (row.service, row.kind): row.says
        for row in connection.execute(select(drifts).where(drifts.c.service.in_(list(found))))
    }
    for service, kinds in found.items():
        for kind, says in kinds.items():
            text = orjson.dumps(says).decode()
            stored = known.pop((service, kind), None)
            if stored is None:
                row = {"service": service, "kind": kind, "says": text, "since": to_us(now)}
                connection.execute(drifts.insert(), row)
            elif stored != text:
                connection.execute(drifts.update().where(_key(service, kind)).values(says=text))
    for service, kind in known:
        connection.execute(drifts.delete().where(_key(service, kind)))


def settle_unreadable(connection: Connection, strange: Mapping[str, str], now: datetime) -> None:
    """Exactly these services cannot be read: {service: the panel's words}. What else is noted of them stays."""
    stored = select(drifts.c.service).where(drifts.c.kind == UNREADABLE)
    for service in set(connection.execute(stored).scalars()) - strange.keys():
        connection.execute(drifts.delete().where(_key(service, UNREADABLE)))
    for service, words in strange.items():
        says = orjson.dumps({"billing": words}).decode()
        changed = drifts.update().where(_key(service, UNREADABLE)).values(says=says)
        if connection.execute(changed).rowcount == 0:
            row = {"service": service, "kind": UNREADABLE, "says": says, "since": to_us(now)}
            connection.execute(drifts.insert(), row)


def _key(service: str, kind: str) -> Any:
    return and_(drifts.c.service == service, drifts.c.kind == kind)


def rivals(connection: Connection, ips: Iterable[str]) -> set[str]:
    """Services that are known to claim one of these addresses together with others."""
    wanted = set(ips)
    rows = connection.execute(select(drifts.c.service, drifts.c.says).where(drifts.c.kind == HELD_TWICE))
    return {service for service, says in rows if wanted.intersection(orjson.loads(says)["addresses"])}


def list_drifts(connection: Connection, service: str | None = None, limit: int = 500) -> list[Drift]:
    """What is open, the oldest first; of one service where it is named."""
    query = select(drifts).order_by(drifts.c.since, drifts.c.service, drifts.c.kind).limit(limit)
    if service is not None:
        query = query.where(drifts.c.service == service)
    return [
        Drift(service=row.service, kind=row.kind, says=orjson.loads(row.says), since=from_us(row.since))
        for row in connection.execute(query)
    ]


def count(connection: Connection) -> int:
    """How many are open."""
    return connection.execute(select(func.count()).select_from(drifts)).scalar() or 0
