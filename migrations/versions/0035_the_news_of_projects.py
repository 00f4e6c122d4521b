"""the news of projects."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

NEWS = sa.text("changes_status IS NOT NULL AND deleted_at IS NULL")
TOLD = ["project_id", "sets_status_id", "changes_status"]

# Each comment is compared with the one before it, the first with the status of a new task.
FILL = """
UPDATE note SET changes_status = said.changes FROM (
    SELECT n.id, n.sets_status_id IS DISTINCT FROM coalesce(
               lag(n.sets_status_id) OVER (PARTITION BY n.object_id ORDER BY n.created_at, n.id),
               (SELECT s.id FROM status s WHERE s.for_task AND s.deleted_at IS NULL
                ORDER BY s.is_default DESC, s.for_concept, s.priority, s.created_at LIMIT 1)) AS changes
    FROM note n
    JOIN task t ON t.id = n.object_id
    LEFT JOIN entity e ON e.id = t.entity_id
    WHERE n.deleted_at IS NULL AND n.parent_id IS NULL AND n.sets_status_id IS NOT NULL
          AND e.kind IS DISTINCT FROM 'Concept'
) AS said WHERE said.id = note.id
"""


def upgrade() -> None:
    """Make the change."""
    op.add_column("note", sa.Column("changes_status", sa.Boolean(), nullable=True))
    op.execute(FILL)
    op.create_index("ix_note_news", "note", TOLD, postgresql_where=NEWS)
    op.execute("ANALYZE note")


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_note_news", table_name="note")
    op.drop_column("note", "changes_status")
