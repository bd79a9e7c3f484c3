"""Domains of services in a table of their own: a name is looked up, and not searched for in every service's facts."""

from __future__ import annotations

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_AT_ONCE = 1000
"""Rows that are written together."""
_LONGEST = 253


def upgrade() -> None:
    domains = op.create_table(
        "domains",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("service", sa.String(), primary_key=True),
    )
    op.create_index("ix_domains_service", "domains", ["service"])
    services = sa.table("services", sa.column("id"), sa.column("facts"))
    connection = op.get_bind()
    for some in connection.execute(sa.select(services)).partitions(_AT_ONCE):
        rows = [
            {"name": name, "service": row.id}
            for row in some
            for name in sorted(
                {said.strip().lower().rstrip(".") for said in orjson.loads(row.facts).get("domains") or ()}
            )
            if name.isprintable() and 0 < len(name) <= _LONGEST
        ]
        if rows:
            connection.execute(domains.insert(), rows)
