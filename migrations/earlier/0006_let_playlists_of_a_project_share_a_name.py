"""let playlists of a project share a name."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let two playlists be called the same."""
    op.drop_index("uq_playlist_name", table_name="playlist")
