"""names of whatever a link leads to are found in any case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.drop_index("ix_object_name", "object")
    op.create_index("ix_object_name", "object", [sa.text("lower(name)")])


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_object_name", "object")
    op.create_index("ix_object_name", "object", ["name"])
