"""tables that only grow."""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

# Rows are added and hardly ever changed: by PostgreSQL's own measure such a table is vacuumed after a fifth more
# rows, and what counts or reads them by an index alone looks at each page until then.
GROWING = ("event", "change_set", "object", "note", "notification")


def upgrade() -> None:
    """Make the change."""
    for table in GROWING:
        op.execute(f"ALTER TABLE {table} SET (autovacuum_vacuum_insert_scale_factor = 0.02)")


def downgrade() -> None:
    """Undo the change."""
    for table in GROWING:
        op.execute(f"ALTER TABLE {table} RESET (autovacuum_vacuum_insert_scale_factor)")
