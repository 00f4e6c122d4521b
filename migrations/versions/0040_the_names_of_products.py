"""the names of products."""

from __future__ import annotations

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

# A product that was made for the takes of a task is called as its step, any other as what it is of.
NAMES = """
UPDATE product SET name = coalesce(
    (SELECT s.name FROM task t JOIN task_type s ON s.id = t.task_type_id WHERE t.id = product.task_id),
    (SELECT o.name FROM object o WHERE o.id = product.object_id))
WHERE name IS NULL
"""
SAME = (
    "UPDATE object SET name = product.name FROM product WHERE product.id = object.id AND object.name IS NULL"
)


def upgrade() -> None:
    """Make the change."""
    op.execute(NAMES)
    op.execute(SAME)


def downgrade() -> None:
    """Undo the change: nothing, as products had names where somebody gave them some."""
