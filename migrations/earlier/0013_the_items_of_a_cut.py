"""the items of a cut are found by their cut."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_declared_record_cut_id",
        "declared_record",
        [sa.text("(data ->> 'cut_id')")],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
