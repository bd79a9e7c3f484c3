"""How each source of complaints is, the listings of our own addresses, and tickets that are complaints."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("tried", sa.BigInteger()),
        sa.Column("succeeded", sa.BigInteger()),
        sa.Column("brought", sa.BigInteger()),
        sa.Column("failing", sa.BigInteger()),
        sa.Column("error", sa.Text()),
        sa.Column("messages", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.String()),
        sa.Column("position", sa.Text()),
    )
    op.create_table(
        "listings",
        sa.Column("list", sa.String(), primary_key=True),
        sa.Column("subject", sa.String(), primary_key=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("ips", sa.Text(), nullable=False),
        sa.Column("removal", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("cleared", sa.BigInteger()),
    )
    op.create_index("ix_listings_cleared", "listings", ["cleared"])
    op.create_table(
        "complaint_tickets",
        sa.Column("ticket", sa.String(), primary_key=True),
        sa.Column("digest", sa.String(), nullable=False),
    )
    op.create_index("ix_complaint_tickets_digest", "complaint_tickets", ["digest"])
    op.create_table(
        "correspondence",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.create_index("ix_correspondence_ticket", "correspondence", ["ticket"])
