"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("by", sa.String()),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.UniqueConstraint("id", "internal"),
    )
    op.create_table(
        "decisions",
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("client", sa.String()),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("records", sa.Text(), nullable=False),
    )
    op.create_index("decisions_of_client", "decisions", ["client", "seq"])
    op.create_table(
        "clients",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "services",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("vps", sa.String()),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_services_client", "services", ["client"])
    op.create_index("ix_services_vps", "services", ["vps"])
    op.create_table(
        "holdings",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger()),
    )
    op.create_index("holdings_of_network", "holdings", ["version", "length", "network"])
    op.create_index("ix_holdings_service", "holdings", ["service"])
    op.create_table(
        "cases",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("strike", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
    )
    op.create_index("ix_cases_client", "cases", ["client"])
    op.create_index("ix_cases_seq", "cases", ["seq"])
    op.create_index("ix_cases_service", "cases", ["service"])
    op.create_index("ix_cases_status", "cases", ["status"])
    op.create_table(
        "case_complaints",
        sa.Column("event", sa.String(), primary_key=True),
        sa.Column("case", sa.String(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
    )
    op.create_index("complaints_of_case", "case_complaints", ["case", "seq"])
    op.create_table(
        "findings",
        sa.Column("event", sa.String(), primary_key=True),
        sa.Column("case", sa.String(), nullable=False),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_findings_case", "findings", ["case"])
    op.create_table(
        "deadlines",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("service", sa.String()),
        sa.Column("case", sa.String()),
        sa.Column("charge", sa.String()),
        sa.Column("for", sa.String(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
    )
    op.create_index("deadlines_open", "deadlines", ["state", "due"])
    op.create_index("ix_deadlines_case", "deadlines", ["case"])
    op.create_table(
        "holds",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("case", sa.String()),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger()),
        sa.Column("irrevocable", sa.Boolean(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("ip", sa.String()),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_holds_ip", "holds", ["ip"])
    op.create_index("ix_holds_seq", "holds", ["seq"])
    op.create_index("ix_holds_service", "holds", ["service"])
    op.create_table(
        "charges",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("case", sa.String()),
        sa.Column("charge", sa.String(), nullable=False),
        sa.Column("amount", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("invoice", sa.String(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_charges_invoice", "charges", ["invoice"])
    op.create_index("ix_charges_service", "charges", ["service"])
    op.create_table(
        "actions",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("client", sa.String()),
        sa.Column("service", sa.String()),
        sa.Column("case", sa.String()),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("approval", sa.String(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("approved", sa.BigInteger()),
        sa.Column("ended", sa.BigInteger()),
        sa.Column("retry_at", sa.BigInteger(), nullable=False),
        sa.Column("lapses", sa.BigInteger()),
        sa.Column("reminded", sa.BigInteger()),
        sa.Column("lease", sa.BigInteger()),
        sa.Column("worker", sa.String()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("instructions", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("unconfirmed", sa.Boolean(), nullable=False),
    )
    op.create_index("actions_by_state", "actions", ["state", "retry_at"])
    op.create_index("actions_of_service", "actions", ["service", "state"])
    op.create_index("actions_approved", "actions", ["action", "approved"])
    op.create_index("ix_actions_case", "actions", ["case"])
    op.create_index("ix_actions_seq", "actions", ["seq"])
    op.create_table(
        "approvals",
        sa.Column("action", sa.String(), primary_key=True),
        sa.Column("by", sa.String(), primary_key=True),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "steps",
        sa.Column("action", sa.String(), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("intent_at", sa.BigInteger(), nullable=False),
        sa.Column("tried_at", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
    )
    op.create_index("ix_steps_mark", "steps", ["mark"])
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("service", sa.String()),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger()),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("words", sa.Text()),
    )
    op.create_index("attempts_of_service", "attempts", ["service", "command", "started"])
    op.create_index("ix_attempts_action", "attempts", ["action"])
    op.create_table(
        "tickets",
        sa.Column("ticket", sa.String(), primary_key=True),
        sa.Column("case", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
    )
    op.create_index("ix_tickets_case", "tickets", ["case"])
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "complaints",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("reading", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "complaint_events",
        sa.Column("event", sa.String(), primary_key=True),
        sa.Column("digest", sa.String(), nullable=False),
    )
    op.create_index("ix_complaint_events_digest", "complaint_events", ["digest"])
    op.create_table(
        "rereads",
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("retry_at", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "drifts",
        sa.Column("service", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
