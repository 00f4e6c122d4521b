"""a project is closed by a flag of its status."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Set the flag of the statuses that closed projects by their name."""
    op.execute("UPDATE status SET is_done = true WHERE for_project AND lower(name) = 'closed'")
    op.execute("UPDATE status SET is_default = true WHERE for_project AND lower(name) = 'open'")
