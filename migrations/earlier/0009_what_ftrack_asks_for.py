"""what ftrack asks for: fractions in orders, notes that ask for something to be done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; what exists is seen as before."""
    for table in ("entity", "task"):
        op.alter_column(table, "sort_order", type_=sa.Float(), existing_type=sa.Integer())
    op.add_column("note", sa.Column("is_todo", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("note", sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("note", sa.Column("completed_by_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_note_completed_by_id"),
        "note",
        "person",
        ["completed_by_id"],
        ["id"],
        deferrable=True,
        initially="DEFERRED",
    )
