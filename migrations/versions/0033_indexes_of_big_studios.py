"""indexes of big studios."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

LIVE = sa.text("deleted_at IS NULL")
LISTED = sa.text(
    "kind <> ALL (ARRAY['Assignation'::text, 'EntityLink'::text, 'NotePreview'::text, 'Notification'::text,"
    " 'ObjectLink'::text, 'PreviewFile'::text, 'Product'::text, 'Timelog'::text])"
)
NEWEST = ["updated_at", "created_at", "id"]
INDEXES = (
    # name, table, columns, rows
    ("ix_entity_kind_updated_at", "entity", ["kind", *NEWEST], LIVE),
    ("ix_note_person_id", "note", ["person_id"], LIVE),
    ("ix_note_updated_at", "note", NEWEST, LIVE),
    ("ix_object_project_id", "object", ["project_id", "kind", "number"], LISTED),
    ("ix_preview_file_updated_at", "preview_file", NEWEST, LIVE),
    ("ix_task_created_by_id", "task", ["created_by_id"], sa.text("project_id IS NULL")),
    ("ix_version_created_at", "version", ["created_at", "id"], LIVE),
)

# What is asked for in the order of its numbers is found by the project that `object` has.
AGREED = ("component", "declared_record", "entity", "note", "playlist", "task", "version")
AGREE = (
    "UPDATE object SET project_id = r.project_id FROM {table} AS r"
    " WHERE r.id = object.id AND r.project_id IS DISTINCT FROM object.project_id"
)


def upgrade() -> None:
    """Make the change."""
    for table in AGREED:
        op.execute(AGREE.format(table=table))
    for name, table, columns, rows in INDEXES:
        op.create_index(name, table, columns, postgresql_where=rows)
    # What is not yet known of columns that were added would be guessed wrong.
    op.execute(f"ANALYZE {', '.join(sorted({table for _, table, _, _ in INDEXES}))}")


def downgrade() -> None:
    """Undo the change."""
    for name, table, _, _ in reversed(INDEXES):
        op.drop_index(name, table_name=table)
