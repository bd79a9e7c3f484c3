"""What is to be read again by API: a row for each, however often it is asked for."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, select

from bridge.store.prepared import Prepared, insertion
from bridge.store.store import Unit
from bridge.store.tables import actions, rereads, services

_ASK = insertion(rereads)
_ASK_AGAIN = Prepared(
    rereads.update()
    .where(and_(rereads.c.kind == bindparam("kind_"), rereads.c.id == bindparam("id_")))
    .values(asked=bindparam("now"), retry_at=0)
)


def ask_again(unit: Unit, kind: str, id_: str, now: int) -> None:
    """To be read again by API; one read serves many asks."""
    if _ASK_AGAIN.run(unit.connection, {"kind_": kind, "id_": id_, "now": now}).rowcount == 0:
        _ASK.run(unit.connection, {"kind": kind, "id": id_, "asked": now, "retry_at": 0})


_CHANGED = frozenset({"terminate_service", "terminate_client", "replace_ip", "migrate_service"})
"""After these the panels show other addresses or another machine."""


def look_again(unit: Unit, action: str, now: int) -> None:
    """What was done to a service is read from the panels before somebody else is given its addresses."""
    wanted = and_(actions.c.id == action, actions.c.action.in_(_CHANGED), actions.c.simulated.is_(False))
    done = unit.connection.execute(select(actions.c.service, actions.c.client).where(wanted)).first()
    if done is None:
        return
    about = services.c.client == done.client if done.service is None else services.c.id == done.service
    for service in unit.connection.execute(select(services.c.id).where(about)).scalars().all():
        ask_again(unit, "service", service, now)
