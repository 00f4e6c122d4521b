"""The shots of a scene and the bookings of a person are found by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_index(
        "ix_entity_sg_scene",
        "entity",
        [sa.text("(data ->> 'sg_scene')")],
        postgresql_where=sa.text("(data ->> 'sg_scene') IS NOT NULL"),
    )
    op.create_index(
        "ix_declared_record_user",
        "declared_record",
        [sa.text("(data ->> 'user')")],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    # What was set as a list of the scene's own, where the shot says nothing else.
    op.execute("""
    UPDATE entity shot SET data = coalesce(shot.data, '{}'::jsonb) || jsonb_build_object('sg_scene', link.from_id)
    FROM object_link link
    WHERE link.field = 'Scene/shots' AND link.to_id = shot.id AND link.deleted_at IS NULL
      AND shot.kind = 'Shot' AND shot.data ->> 'sg_scene' IS NULL
    """)


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_declared_record_user", table_name="declared_record")
    op.drop_index("ix_entity_sg_scene", table_name="entity")
