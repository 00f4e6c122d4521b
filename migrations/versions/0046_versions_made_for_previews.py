"""versions that were made for previews, which nobody published."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

# They were told by their name until now: v001.
MADE = """
UPDATE version SET is_for_previews = true
WHERE name = 'v' || lpad(revision::text, greatest(3, length(revision::text)), '0')
"""


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "version", sa.Column("is_for_previews", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(MADE)


def downgrade() -> None:
    """Undo the change."""
    op.drop_column("version", "is_for_previews")
