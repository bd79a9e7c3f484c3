"""Files that customers gave as evidence; those of a preserved case cannot be removed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_LOCKED = "this exhibit is preserved"
_CALL = "EXECUTE FUNCTION exhibit_is_preserved()"
_CHANGED = "NEW.digest <> OLD.digest OR NEW.body <> OLD.body OR NOT NEW.preserved"


def upgrade() -> None:
    op.create_table(
        "exhibits",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("preserved", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "case_exhibits",
        sa.Column("event", sa.String(), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("case", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_case_exhibits_case", "case_exhibits", ["case"])
    op.create_index("ix_case_exhibits_digest", "case_exhibits", ["digest"])
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _sqlite() if is_sqlite else _postgresql():
        op.execute(statement)


def _sqlite() -> tuple[str, ...]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_LOCKED}'); END"
    return (
        f"CREATE TRIGGER exhibits_kept BEFORE DELETE ON exhibits WHEN OLD.preserved {refuse}",
        f"CREATE TRIGGER exhibits_whole BEFORE UPDATE ON exhibits WHEN OLD.preserved AND ({_CHANGED}) {refuse}",
    )


def _postgresql() -> tuple[str, ...]:
    refuse = f"$$ BEGIN RAISE EXCEPTION '{_LOCKED}'; END $$"
    each = "ON exhibits FOR EACH ROW WHEN"
    return (
        f"CREATE FUNCTION exhibit_is_preserved() RETURNS trigger LANGUAGE plpgsql AS {refuse}",
        f"CREATE TRIGGER exhibits_kept BEFORE DELETE {each} (OLD.preserved) {_CALL}",
        f"CREATE TRIGGER exhibits_whole BEFORE UPDATE {each} (OLD.preserved AND ({_CHANGED})) {_CALL}",
    )
