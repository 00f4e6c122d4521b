"""defaults of custom fields."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

KNOWN = sa.text("default_value IS NOT NULL AND deleted_at IS NULL")


def upgrade() -> None:
    """Make the change."""
    columns = ["entity_type", "field_name"]
    op.create_index("ix_field_descriptor_defaults", "field_descriptor", columns, postgresql_where=KNOWN)


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_field_descriptor_defaults", table_name="field_descriptor")
