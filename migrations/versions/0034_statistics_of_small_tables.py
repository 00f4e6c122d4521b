"""statistics of small tables."""

from __future__ import annotations

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

# PostgreSQL counts a table after fifty changes. Until then it takes each for one row and joins many to many by
# going through all of one for each of the other: a small production's pages were slow for as long as it was small.
JOINED = (
    "assignation",
    "entity",
    "entity_link",
    "entity_type",
    "note",
    "object",
    "person",
    "playlist",
    "preview_file",
    "project",
    "status",
    "subscription",
    "task",
    "task_type",
    "time_spent",
)


def upgrade() -> None:
    """Make the change."""
    for table in JOINED:
        op.execute(f"ALTER TABLE {table} SET (autovacuum_analyze_threshold = 10)")


def downgrade() -> None:
    """Undo the change."""
    for table in JOINED:
        op.execute(f"ALTER TABLE {table} RESET (autovacuum_analyze_threshold)")
