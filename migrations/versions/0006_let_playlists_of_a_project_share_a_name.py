"""let playlists of a project share a name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let two playlists be called the same."""
    op.drop_index("uq_playlist_name", table_name="playlist")


def downgrade() -> None:
    """Refuse it again; fails where there are such playlists."""
    op.create_index(
        "uq_playlist_name",
        "playlist",
        ["project_id", "episode_id", "name"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
