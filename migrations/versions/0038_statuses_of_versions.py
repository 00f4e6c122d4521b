"""statuses of versions."""

from __future__ import annotations

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    # A version stands where a task can stand: that was so by the way the lists were read, now the rows say it.
    op.execute("UPDATE status SET for_version = true WHERE for_task AND NOT for_version")


def downgrade() -> None:
    """Undo the change: nothing, as the flag says no more than what was so without it."""
