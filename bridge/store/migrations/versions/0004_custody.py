"""Messages that are not shown, and messages that cannot be removed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_LOCKED = "this message is preserved"
_CALL = "EXECUTE FUNCTION complaint_is_preserved()"


def upgrade() -> None:
    for name in ("withheld", "preserved"):
        op.add_column("complaints", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    if op.get_bind().dialect.name == "sqlite":
        for statement in _sqlite():
            op.execute(statement)
    else:
        for statement in _postgresql():
            op.execute(statement)


def _sqlite() -> tuple[str, ...]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_LOCKED}'); END"
    changed = "NEW.digest <> OLD.digest OR NEW.body <> OLD.body OR NOT NEW.preserved"
    return (
        f"CREATE TRIGGER complaints_kept BEFORE DELETE ON complaints WHEN OLD.preserved {refuse}",
        f"CREATE TRIGGER complaints_whole BEFORE UPDATE ON complaints WHEN OLD.preserved AND ({changed}) {refuse}",
    )


def _postgresql() -> tuple[str, ...]:
    changed = "NEW.digest <> OLD.digest OR NEW.body <> OLD.body OR NOT NEW.preserved"
    refuse = f"$$ BEGIN RAISE EXCEPTION '{_LOCKED}'; END $$"
    each = "ON complaints FOR EACH ROW WHEN"
    return (
        f"CREATE FUNCTION complaint_is_preserved() RETURNS trigger LANGUAGE plpgsql AS {refuse}",
        f"CREATE TRIGGER complaints_kept BEFORE DELETE {each} (OLD.preserved) {_CALL}",
        f"CREATE TRIGGER complaints_whole BEFORE UPDATE {each} (OLD.preserved AND ({changed})) {_CALL}",
    )
