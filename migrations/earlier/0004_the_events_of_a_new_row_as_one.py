"""the events of a new row as one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_WHO_AND_WHEN = (
    "c.actor_id, c.sudo_actor_id, c.client, c.session_uuid, c.created_at, c.created_at AS updated_at"
)
_ONE_BY_ONE = f"""
CREATE OR REPLACE VIEW event_log AS
SELECT e.uid AS id, c.base, c.last, e.ordinal, e.action, e.kind, e.object_id, e.object_name, e.project_id,
       e.attribute, e.old, e.new, {_WHO_AND_WHEN}
FROM event e JOIN change_set c ON c.id = e.change_set_id
"""  # noqa: S608 - constants
_AS_ONE = f"""
CREATE OR REPLACE VIEW event_log AS
SELECT part.uid AS id, c.base, c.last, e.ordinal + part.step AS ordinal, e.action, e.kind, e.object_id,
       e.object_name, e.project_id, part.attribute, part.old, part.new, {_WHO_AND_WHEN}
FROM event e JOIN change_set c ON c.id = e.change_set_id
CROSS JOIN LATERAL (
    SELECT e.uid, 0 AS step, e.attribute, e.old, e.new
    UNION ALL
    SELECT NULL::uuid, position::integer, pair ->> 0, NULL::jsonb, nullif(pair -> 1, 'null')
    FROM jsonb_array_elements(e.made) WITH ORDINALITY AS given(pair, position)
) AS part
"""  # noqa: S608 - constants
_HEADS = f"""
CREATE VIEW event_head AS
SELECT e.uid AS id, c.base, c.last, e.ordinal, e.action, e.kind, e.object_id, e.object_name, e.project_id,
       e.attribute, e.old, e.new, {_WHO_AND_WHEN}
FROM event e JOIN change_set c ON c.id = e.change_set_id
WHERE e.uid IS NOT NULL
"""  # noqa: S608 - constants
_TAKE_APART = """
INSERT INTO event (
    change_set_id, ordinal, action, kind, object_id, object_name, project_id, attribute, new)
SELECT e.change_set_id, e.ordinal + position, e.action, e.kind, e.object_id, e.object_name, e.project_id,
       pair ->> 0, nullif(pair -> 1, 'null')
FROM event e CROSS JOIN jsonb_array_elements(e.made) WITH ORDINALITY AS given(pair, position)
"""


def upgrade() -> None:
    """Let one row of the log hold the events of a new row; those of before stay as they are."""
    op.add_column("event", sa.Column("made", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.execute(_AS_ONE)
    op.execute(_HEADS)
