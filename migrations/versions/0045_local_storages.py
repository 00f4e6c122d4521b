"""local storages: those of the places of files that are folders, with the path of each platform."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0040"
branch_labels = None
depends_on = None

# Whoever knows of paths made them; the places that ftrack's programs know by name have none.
LOCAL = """
UPDATE location SET is_local = true
WHERE coalesce(linux_path, mac_path, windows_path) IS NOT NULL
   OR EXISTS (SELECT FROM event_log e
              WHERE e.object_id = location.id AND e.action = 'create' AND e.client = 'shotgun')
"""
KINDS = """
UPDATE {table} AS it SET kind = '{now}' FROM location l
WHERE it.{key} = l.id AND l.is_local AND it.kind = '{before}'
"""
TABLES = (("object", "id"), ("event", "object_id"))


def upgrade() -> None:
    """Make the change."""
    op.add_column("location", sa.Column("is_local", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(LOCAL)
    for table, key in TABLES:
        op.execute(KINDS.format(table=table, key=key, before="Location", now="LocalStorage"))


def downgrade() -> None:
    """Undo the change."""
    for table, key in TABLES:
        op.execute(KINDS.format(table=table, key=key, before="LocalStorage", now="Location"))
    op.drop_column("location", "is_local")
