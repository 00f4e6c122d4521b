"""the index of a project's events has those of projects alone: it takes two thirds of the room."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.drop_index("ix_event_project_id", table_name="event")
    op.create_index(
        "ix_event_project_id",
        "event",
        ["project_id", "base"],
        postgresql_where=sa.text("project_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_event_project_id", table_name="event")
    op.create_index("ix_event_project_id", "event", ["project_id", "base"])
