"""the dates of tasks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LIVE = sa.text("deleted_at IS NULL")
TASK = ["entity_id", "task_type_id", "name", "project_id"]
ENTITY = ["project_id", "entity_type_id", "parent_id", "name"]
ROLES = (
    ("admin", "Admin"),
    ("manager", "Manager"),
    ("supervisor", "Supervisor"),
    ("user", "Artist"),
    ("client", "Client"),
    ("vendor", "Vendor"),
)


def upgrade() -> None:
    """Make the change."""
    op.add_column("task", sa.Column("planned_duration", sa.Float(), nullable=True))
    for table in ("task", "entity"):
        op.add_column(table, sa.Column("twin", sa.Integer(), server_default="0", nullable=False))
    _unique("task", [*TASK, "twin"])
    _unique("entity", [*ENTITY, "twin"], nulls_not_distinct=True)
    op.execute(_WORK_TIME)
    for number, (role, name) in enumerate(ROLES, 1):
        op.execute(sa.text(_RULE_SET).bindparams(number=number, role=role, name=name))


def downgrade() -> None:
    """Take it back; rows of one name must be told apart before."""
    op.execute("DELETE FROM declared_record WHERE kind = 'PermissionRuleSet'")
    op.execute("DELETE FROM object WHERE kind = 'PermissionRuleSet'")
    _unique("entity", ENTITY, nulls_not_distinct=True)
    _unique("task", TASK)
    for table in ("task", "entity"):
        op.drop_column(table, "twin")
    op.drop_column("task", "planned_duration")


def _unique(table: str, columns: list[str], *, nulls_not_distinct: bool = False) -> None:
    name = f"uq_{table}_name"
    op.drop_index(name, table, postgresql_where=LIVE)
    options = {"postgresql_nulls_not_distinct": True} if nulls_not_distinct else {}
    op.create_index(name, table, columns, unique=True, postgresql_where=LIVE, **options)


# What Shotgun's clients have said of the work time so far.
_WORK_TIME = """
UPDATE task
SET planned_duration = (data ->> 'duration')::float, data = nullif(data - 'duration', '{}'::jsonb)
WHERE jsonb_typeof(data -> 'duration') = 'number'
"""

# In a studio that stands already: a new one makes them with its first data.
_RULE_SET = """
WITH known AS (
    INSERT INTO object (id, kind, number, name)
    SELECT gen_random_uuid(), 'PermissionRuleSet', :number, :name
    WHERE EXISTS (SELECT FROM organisation)
    RETURNING id
)
INSERT INTO declared_record (id, kind, name, data, created_at, updated_at)
SELECT id, 'PermissionRuleSet', :name,
       jsonb_build_object('code', CAST(:role AS text), 'entity_type', 'HumanUser'), now(), now()
FROM known
"""
