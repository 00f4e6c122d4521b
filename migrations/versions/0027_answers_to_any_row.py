"""answers to any row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("note", sa.Column("reply_to_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_note_reply_to_id",
        "note",
        ["reply_to_id"],
        unique=False,
        postgresql_where=sa.text("reply_to_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_note_reply_to_id"),
        "note",
        "object",
        ["reply_to_id"],
        ["id"],
        initially="DEFERRED",
        deferrable=True,
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_constraint(op.f("fk_note_reply_to_id"), "note", type_="foreignkey")
    op.drop_index(
        "ix_note_reply_to_id", table_name="note", postgresql_where=sa.text("reply_to_id IS NOT NULL")
    )
    op.drop_column("note", "reply_to_id")
