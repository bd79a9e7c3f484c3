"""A charge of the client's own is no service's; and a client's charges are found by the client."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("charges") as changed:
        changed.alter_column("service", existing_type=sa.String(), nullable=True)
        changed.create_index("ix_charges_client", ["client"])
    charges = sa.table("charges", sa.column("service"))
    op.execute(charges.update().where(charges.c.service == "").values(service=None))
