"""What waits for a person, found in the order in which it is shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_WAITS = sa.text("state = 'proposed' OR state = 'failed' OR state = 'manual'")


def upgrade() -> None:
    columns = ["state", "urgency", "action", "created", "id"]
    op.create_index("actions_waiting", "actions", columns, sqlite_where=_WAITS, postgresql_where=_WAITS)
    op.create_index("cases_by_day", "cases", ["opened_at"])
