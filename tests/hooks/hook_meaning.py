"""What a hook means, as fixtures write it down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bridge.events import parse_event
from bridge.views import HookNews, HookOwn, HookQuestion
from hooks.delivery import Meaning
from tests.web.fake_desk import FakeLookup


def as_written(meant: Meaning) -> dict[str, Any] | None:
    """A meaning as JSON, with its empty parts left out; every event in it must be one."""
    if meant is None:
        return None
    if isinstance(meant, HookQuestion):
        parse_event(meant.event)
        return {"question": dict(meant.event)}
    if isinstance(meant, HookOwn):
        return {"own": meant.clause}
    assert isinstance(meant, HookNews)
    for event in meant.events:
        parse_event(event)
    parts = {
        "events": [dict(event) for event in meant.events],
        "reread": [list(one) for one in meant.reread],
        "ticket": list(meant.ticket or ()),
        "letter": list(meant.letter or ()),
    }
    return {name: part for name, part in parts.items() if part}


def a_lookup(known: Mapping[str, Any]) -> FakeLookup:
    """Local state as a fixture's `known` says."""
    return FakeLookup(
        clients=known.get("clients", {}),
        vps=known.get("vps", {}),
        own={(service, command) for service, command in known.get("own", ())},
        invoices=set(known.get("invoices", ())),
        tickets=known.get("tickets", {}),
        own_tickets=set(known.get("own_tickets", ())),
        complaint_tickets=set(known.get("complaint_tickets", ())),
        department=known.get("department", "2"),
        refused=set(known.get("refused", ())),
    )
