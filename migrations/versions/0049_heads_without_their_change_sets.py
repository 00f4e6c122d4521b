"""change sets are joined to the heads of the log where they are asked for, and not to find a page of heads."""

from __future__ import annotations

import re

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change: every event has its change set, and by an outer join PostgreSQL may leave that out."""
    _join_change_sets("LEFT JOIN")


def downgrade() -> None:
    """Undo the change."""
    _join_change_sets("JOIN")


def _join_change_sets(how: str) -> None:
    bind = op.get_bind()
    (view,) = bind.exec_driver_sql("SELECT pg_get_viewdef('event_head'::regclass)").one()
    joined = re.sub(r"\b(LEFT )?JOIN change_set\b", f"{how} change_set", view)
    statement = f"CREATE OR REPLACE VIEW event_head AS {joined}"
    bind.exec_driver_sql(statement, execution_options={"no_parameters": True})
