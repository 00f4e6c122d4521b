"""indexes of the log: what happened in a project, and what seldom happens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0041"
branch_labels = None
depends_on = None

ACT = "(kind || ':' || action)"
SELDOM = (
    f"head AND {ACT} <> ALL (ARRAY['Task:update'::text, 'Note:create'::text, 'Note:news'::text,"
    " 'Task:status-changed'::text, 'Notification:create'::text])"
)
FILES = (
    f"head AND {ACT} = ANY (ARRAY['PreviewFile:add-file'::text, 'Organisation:set-thumbnail'::text,"
    " 'Person:set-thumbnail'::text, 'Script:set-thumbnail'::text, 'Project:set-thumbnail'::text])"
)


def upgrade() -> None:
    """Make the change."""
    op.create_index("ix_event_project_id", "event", ["project_id", "base"])
    op.create_index("ix_event_act", "event", [sa.text(ACT), "base"], postgresql_where=sa.text(SELDOM))
    op.create_index("ix_event_files", "event", ["base"], postgresql_where=sa.text(FILES))
    op.execute("ANALYZE event")


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_event_files", table_name="event")
    op.drop_index("ix_event_act", table_name="event")
    op.drop_index("ix_event_project_id", table_name="event")
