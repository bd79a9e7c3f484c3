"""Network blocks of ours that a machine does not show any more: somebody took them away in the server panel.

Only what the panel itself was told is looked for; what an admin blocked by hand cannot be seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import and_, select

from bridge.drift import Network, Says
from bridge.store.store import Unit
from bridge.store.tables import actions, holds, steps

Json = Any

_FIELDS = ("scope", "ports", "ips")
_UNDER_WAY = ("approved", "executing", "waiting", "unclear", "manual")


def undone_by_hand(unit: Unit, shown: Mapping[str, Network], seq: int) -> dict[str, Says]:
    """Of machines that were read: what is missing, by service.

    seq  holds placed after that entry of the log may be newer than what was seen, and are left for the next look
    """
    return {
        service: says
        for service, client in _blocked(unit, list(shown), seq)
        if (says := _missing(unit, service, client, shown[service])) is not None
    }


def _blocked(unit: Unit, services: Sequence[str], seq: int) -> Iterator[tuple[str, str]]:
    """Services with a block in force that nobody is changing just now, and their clients."""
    changing = select(actions.c.service).where(
        and_(actions.c.action.in_(("block_network", "unblock_network")), actions.c.state.in_(_UNDER_WAY))
    )
    standing = select(holds.c.service, holds.c.client).where(
        and_(
            holds.c.service.in_(services),
            holds.c.scope == "network",
            holds.c.status != "ended",
            holds.c.simulated.is_(False),
            holds.c.seq <= seq,
            holds.c.service.not_in(changing.where(actions.c.service.is_not(None))),
        )
    )
    return ((row.service, row.client) for row in unit.connection.execute(standing.distinct()).all())


def _missing(unit: Unit, service: str, client: str, shown: Network) -> Says | None:
    known = unit.log.state(unit.connection, client).services.get(service)
    for block in known.blocks.values() if known is not None else ():
        left = _left_by(unit, service, block)
        if "cut" in left and not shown.cut:
            return {"server": "the network is on", "tipstaff": f"the network is cut ({block['scope']})"}
        plan = left.get("plan")
        if plan is not None and shown.plan != plan:
            here = f"firewall plan {shown.plan}" if shown.plan else "no firewall plan"
            return {"server": here, "tipstaff": f"firewall plan {plan} ({block['scope']})"}
    return None


def _left_by(unit: Unit, service: str, block: Mapping[str, Json]) -> dict[str, Json]:
    """What the newest action that set this block told the server panel; empty where an admin did it by hand."""
    done = (
        select(actions.c.id, actions.c.record)
        .where(
            and_(
                actions.c.service == service,
                actions.c.action == "block_network",
                actions.c.state == "done",
                actions.c.simulated.is_(False),
            )
        )
        .order_by(actions.c.seq.desc(), actions.c.place.desc())
    )
    for row in unit.connection.execute(done):
        own = orjson.loads(row.record)["answer"]
        if all(own.get(name) == block.get(name) for name in _FIELDS):
            return _results(unit, row.id)
    return {}


def _results(unit: Unit, action: str) -> dict[str, Json]:
    wanted = select(steps.c.name, steps.c.result).where(and_(steps.c.action == action, steps.c.state == "done"))
    results = {row.name: orjson.loads(row.result) for row in unit.connection.execute(wanted)}
    if "cut" in results:
        return {"cut": True}
    return {"plan": results["before"].get("plan")} if "plan" in results and "before" in results else {}
