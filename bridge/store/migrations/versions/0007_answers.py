"""Which entry of the log tells who rejected an action, or confirmed it as done by hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_ANSWERS = ("rejected", "done")


def upgrade() -> None:
    op.add_column("actions", sa.Column("answered", sa.BigInteger()))
    actions = sa.table("actions", sa.column("id"), sa.column("answered"))
    events = sa.table("events", *map(sa.column, ("seq", "id", "type", "internal", "by")))
    wanted = sa.and_(
        events.c.internal, events.c.by.is_not(None), events.c.type.in_([f"action.{answer}" for answer in _ANSWERS])
    )
    connection = op.get_bind()
    for seq, id_ in connection.execute(sa.select(events.c.seq, events.c.id).where(wanted)).all():
        # Such an event is named `<action>.<what happened>.<number>`; an action's id has no dot.
        connection.execute(actions.update().where(actions.c.id == id_.split(".")[0]).values(answered=seq))
