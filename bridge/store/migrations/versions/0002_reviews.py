"""Messages that a person has to look at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("opened", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("resolved", sa.BigInteger()),
        sa.Column("by", sa.String()),
        sa.Column("verified", sa.Boolean()),
        sa.Column("note", sa.Text()),
        sa.Column("events", sa.Text(), nullable=False),
    )
    op.create_index("ix_reviews_seq", "reviews", ["seq"])
    op.create_index("ix_reviews_state", "reviews", ["state"])
