"""the names of notes."""

from __future__ import annotations

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.execute(
        "UPDATE object SET name = note.title FROM note WHERE note.id = object.id AND note.title IS NOT NULL"
    )


def downgrade() -> None:
    """Undo the change."""
    op.execute(
        "UPDATE object SET name = NULL FROM note WHERE note.id = object.id AND object.name IS NOT NULL"
    )
