"""what is in an episode is found by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_index(
        "ix_entity_episode_id",
        "entity",
        ["episode_id"],
        postgresql_where=sa.text("episode_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_entity_episode_id", "entity")
