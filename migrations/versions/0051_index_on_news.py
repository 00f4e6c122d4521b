"""the newest comments of many projects are found by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_index(
        "ix_note_newest",
        "note",
        ["created_at", "id"],
        postgresql_where=sa.text("changes_status IS NOT NULL AND deleted_at IS NULL"),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_note_newest", "note")
