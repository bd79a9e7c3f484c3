"""A rehearsal: the live history through another policy, beside the one in force. Reads the log and writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Select, and_, not_, or_, select

from bridge.errors import InvalidInput, NotFound
from bridge.events import Event
from bridge.policy.comparing import Comparison, compare
from bridge.policy.pack import Pack
from bridge.rules import APPROVE, Rules
from bridge.store.engine import to_us
from bridge.store.log import stored_event
from bridge.store.store import Store
from bridge.store.tables import events

Tell = Callable[[float], None]
"""Told at every event how much is done, from 0 to 1."""

KNOWN_BEFORE = ("service.observed", "client.observed")
"""What is taken from before the time asked for: who held which address, and who the clients are."""


def instead(present: Rules, pack: Pack, *, of: str | None = None) -> Rules:
    """The present rules with `pack` for everything, or only in place of the policy named `of`: the other routes stay.

    Raises NotFound where no policy of that name answers for anything, InvalidInput where `pack` bears another's name.
    """
    if of is None:
        return replace(present, pack=pack, routes=())
    names = [known.name for known in present.packs]
    if of not in names:
        raise NotFound(f"no policy here is called {of!r}; in use: {', '.join(names)}")
    if any(known.name == pack.name != of and known != pack for known in present.packs):
        raise InvalidInput("policy", f"another policy in use is called {pack.name!r} too")
    routes = tuple(replace(route, pack=pack) if route.pack.name == of else route for route in present.routes)
    return replace(present, pack=pack if present.pack.name == of else present.pack, routes=routes)


def rehearse(
    store: Store,
    present: Rules,
    other: Rules,
    *,
    since: datetime | None,
    until: datetime,
    at_once: bool = True,
    tell: Tell | None = None,
) -> Comparison:
    """What the `other` rules would have decided since then, beside what the present ones decide of the same events.

    Both begin with a clean sheet at `since`: strikes from before count for neither. Both decide as if every decision
    were carried out (`at_once`, also what admins approve), whatever the installation's mode is. Raises NotFound where
    nothing happened in that time.
    """
    with store.read() as connection:
        history = list(_history(connection, since))
    if not any(since is None or event.at >= since for event in history):
        raise NotFound("nothing happened in that time: there is nothing to rehearse")
    first, second = (replace(rules, mode=APPROVE, at_once=at_once) for rules in (present, other))
    each = _counted(2 * len(history), tell) if tell is not None else None
    return compare(first, second, history, until, each=each)


def _counted(number: int, tell: Tell) -> Callable[[], None]:
    """Called at each of so many events."""
    done = 0

    def each() -> None:
        nonlocal done
        done += 1
        tell(done / number)

    return each


def _history(connection: Connection, since: datetime | None) -> Iterator[Event]:
    """Events from outside in the order in which they were accepted."""
    for row in connection.execute(_accepted(since)):
        yield stored_event(row.body, row.at)


def _accepted(since: datetime | None) -> Select[tuple[str, int]]:
    wanted = not_(events.c.internal)
    if since is not None:
        wanted = and_(wanted, or_(events.c.at >= to_us(since), events.c.type.in_(KNOWN_BEFORE)))
    return select(events.c.body, events.c.at).where(wanted).order_by(events.c.seq)
