"""settings of fields."""

from __future__ import annotations

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

# A default has one place, and is a value of its field's type.
DEFAULTS = r"""
UPDATE field_descriptor SET data = data - 'default_value', default_value = coalesce(default_value, CASE
    WHEN data ->> 'data_type' IN ('entity', 'multi_entity', 'url') THEN NULL
    WHEN data_type = 'number' AND jsonb_typeof(data -> 'default_value') = 'number'
      OR data_type = 'boolean' AND jsonb_typeof(data -> 'default_value') = 'boolean'
      OR data_type IN ('string', 'textarea') AND jsonb_typeof(data -> 'default_value') = 'string'
      OR data_type = 'list' AND jsonb_typeof(data -> 'default_value') = 'string'
         AND (choices IS NULL OR choices IN ('null', '[]') OR choices ? (data ->> 'default_value'))
      OR data_type = 'date' AND data ->> 'default_value' ~ '^\d{4}-\d\d-\d\d'
    THEN data -> 'default_value' END)
WHERE data ? 'default_value'
"""

# What is hidden in a project is a key of its own, so that two projects never overwrite each other's.
APART = """
UPDATE {table} AS t SET data = t.data - ARRAY['hidden_in', 'hidden_values'] || coalesce((
    SELECT jsonb_object_agg(k.name || ':' || e.key, e.value)
    FROM (VALUES ('hidden_in'), ('hidden_values')) AS k (name),
         jsonb_each(CASE jsonb_typeof(t.data -> k.name) WHEN 'object' THEN t.data -> k.name
                    ELSE '{{}}' END) AS e
    WHERE e.value <> 'false'), '{{}}')
WHERE t.data ?| ARRAY['hidden_in', 'hidden_values'] AND {which}
"""

TOGETHER = """
UPDATE {table} AS t SET data = (
    SELECT coalesce(jsonb_object_agg(e.key, e.value) FILTER (WHERE e.key !~ '^hidden_(in|values):'), '{{}}')
    FROM jsonb_each(t.data) AS e
) || jsonb_build_object('hidden_in', (
    SELECT coalesce(jsonb_object_agg(substr(e.key, 11), e.value), '{{}}')
    FROM jsonb_each(t.data) AS e WHERE e.key LIKE 'hidden_in:%'
), 'hidden_values', (
    SELECT coalesce(jsonb_object_agg(substr(e.key, 15), e.value), '{{}}')
    FROM jsonb_each(t.data) AS e WHERE e.key LIKE 'hidden_values:%'
))
WHERE t.data::text LIKE '%"hidden_%:%' AND {which}
"""
PLACES = {"field_descriptor": "true", "declared_record": "t.kind = 'SchemaField'"}


def upgrade() -> None:
    """Make the change."""
    op.execute(DEFAULTS)
    for table, which in PLACES.items():
        op.execute(APART.format(table=table, which=which))


def downgrade() -> None:
    """Undo the change."""
    for table, which in PLACES.items():
        op.execute(TOGETHER.format(table=table, which=which))
