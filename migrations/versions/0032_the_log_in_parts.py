"""the log in parts: events are kept by number, in half the room, and old ones go as whole tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

PART = 5_000_000
"""Numbers of a part, as `services/events/log_parts.py` makes them."""

FUNCTIONS = """
CREATE FUNCTION event_id(number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ('00000000-0000-8000-8000-' || lpad(to_hex(number), 12, '0'))::uuid
$$;
CREATE FUNCTION event_number(id uuid) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN starts_with(id::text, '00000000-0000-8000-8000-')
                THEN ('x' || right(id::text, 12))::bit(48)::bigint END
$$;
CREATE FUNCTION event_value(said json, row_id uuid, moment timestamptz) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN row_id IS NOT NULL AND said IS NOT NULL THEN jsonb_build_object(
            'by', row_id, 'is_added', said::text::integer > 0, 'events_before', abs(said::text::integer))
        WHEN row_id IS NOT NULL THEN to_jsonb(row_id)
        WHEN moment IS NOT NULL THEN to_jsonb(
            to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
            || CASE WHEN date_trunc('second', moment) = moment THEN ''
                    ELSE to_char(moment AT TIME ZONE 'UTC', '.US') END || '+00:00')
        ELSE said::jsonb END
$$
"""
TABLES = """
ALTER TABLE event RENAME TO event_of_before;
ALTER TABLE change_set RENAME TO change_set_of_before;
ALTER TABLE change_set_of_before RENAME CONSTRAINT pk_change_set TO pk_change_set_of_before;
DROP INDEX ix_change_set_created_at;
CREATE TABLE change_set (
    base bigint NOT NULL,
    last bigint NOT NULL,
    created_at timestamptz NOT NULL,
    actor_id uuid,
    sudo_actor_id uuid,
    client text,
    session_uuid text
) PARTITION BY RANGE (base);
CREATE TABLE event (
    base bigint NOT NULL,
    old_at timestamptz,
    new_at timestamptz,
    object_id uuid NOT NULL,
    project_id uuid,
    old_id uuid,
    new_id uuid,
    uid uuid,
    ordinal integer NOT NULL,
    head boolean NOT NULL,
    action text NOT NULL,
    kind text NOT NULL,
    object_name text,
    attribute text,
    old json,
    new json,
    made json
) PARTITION BY RANGE (base)
"""
# In the order of numbers, so that what is read together lies together.
ROWS = """
INSERT INTO change_set (base, last, created_at, actor_id, sudo_actor_id, client, session_uuid)
SELECT base, last, created_at, actor_id, sudo_actor_id, client, session_uuid
FROM change_set_of_before ORDER BY base;
INSERT INTO event (base, object_id, project_id, uid, ordinal, head, action, kind, object_name, attribute,
                   old, new, made)
SELECT c.base, e.object_id, e.project_id, e.uid, e.ordinal, e.uid IS NOT NULL, e.action, e.kind, e.object_name,
       e.attribute, e.old::text::json, e.new::text::json, e.made::text::json
FROM event_of_before e JOIN change_set_of_before c ON c.id = e.change_set_id ORDER BY c.base, e.ordinal;
DROP TABLE event_of_before;
DROP TABLE change_set_of_before
"""
# After the rows: an index that is made at once is smaller, and made sooner.
INDEXES = """
ALTER TABLE change_set ADD CONSTRAINT pk_change_set PRIMARY KEY (base);
CREATE INDEX ix_change_set_created_at ON change_set (created_at);
CREATE INDEX ix_event_base ON event (base);
CREATE INDEX ix_event_object_id ON event (object_id);
CREATE INDEX ix_event_uid ON event (uid) WHERE uid IS NOT NULL
"""
OF_CHANGE = """
    e.base, c.base AS change_base, c.last, {ordinal} AS ordinal, e.action, e.kind, e.object_id, e.object_name, e.project_id,
    {said}, c.actor_id, c.sudo_actor_id, c.client, c.session_uuid, c.created_at, c.created_at AS updated_at
FROM event e JOIN change_set c ON c.base = e.base
"""
SAID = "event_value(e.old, e.old_id, e.old_at) AS old, event_value(e.new, e.new_id, e.new_at) AS new"
VIEWS = f"""
CREATE VIEW event_head AS
SELECT coalesce(e.uid, event_id(e.base + e.ordinal)) AS id,
{OF_CHANGE.format(ordinal="e.ordinal", said=f"e.attribute, {SAID}")} WHERE e.head;
CREATE VIEW event_log AS
SELECT CASE WHEN e.head AND part.step = 0 THEN coalesce(e.uid, event_id(e.base + e.ordinal)) END AS id,
{OF_CHANGE.format(ordinal="e.ordinal + part.step", said="part.attribute, part.old, part.new")}
CROSS JOIN LATERAL (
    SELECT 0 AS step, e.attribute, {SAID}
    UNION ALL
    SELECT position::integer, pair ->> 0, NULL::jsonb,
           CASE json_array_length(pair) WHEN 1 THEN to_jsonb(e.project_id)
                                        ELSE nullif((pair -> 1)::jsonb, 'null'::jsonb) END
    FROM json_array_elements(e.made) WITH ORDINALITY AS given(pair, position)
) AS part
"""  # noqa: S608 - put together from constants

TABLES_OF_BEFORE = """
CREATE TABLE change_set_of_before (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    base bigint NOT NULL,
    last bigint NOT NULL,
    actor_id uuid,
    sudo_actor_id uuid,
    client text,
    session_uuid text,
    created_at timestamptz NOT NULL
);
INSERT INTO change_set_of_before (base, last, actor_id, sudo_actor_id, client, session_uuid, created_at)
SELECT base, last, actor_id, sudo_actor_id, client, session_uuid, created_at FROM change_set ORDER BY base;
ALTER TABLE change_set_of_before ALTER COLUMN id DROP DEFAULT;
CREATE TABLE event_of_before (
    change_set_id uuid NOT NULL,
    ordinal integer NOT NULL,
    uid uuid,
    action text NOT NULL,
    kind text NOT NULL,
    object_id uuid NOT NULL,
    object_name text,
    project_id uuid,
    attribute text,
    old jsonb,
    new jsonb,
    made jsonb
);
INSERT INTO event_of_before
SELECT c.id, e.ordinal, CASE WHEN e.head THEN coalesce(e.uid, event_id(e.base + e.ordinal)) END, e.action,
       e.kind, e.object_id, e.object_name, e.project_id, e.attribute,
       event_value(e.old, e.old_id, e.old_at), event_value(e.new, e.new_id, e.new_at),
       (SELECT jsonb_agg(CASE json_array_length(pair) WHEN 1 THEN jsonb_build_array(pair -> 0, e.project_id)
                                                      ELSE pair::jsonb END ORDER BY position)
        FROM json_array_elements(e.made) WITH ORDINALITY AS given(pair, position))
FROM event e JOIN change_set_of_before c USING (base) ORDER BY base, ordinal;
DROP TABLE event;
DROP TABLE change_set;
ALTER TABLE event_of_before RENAME TO event;
ALTER TABLE change_set_of_before RENAME TO change_set;
ALTER TABLE change_set ADD CONSTRAINT pk_change_set PRIMARY KEY (id);
CREATE UNIQUE INDEX uq_change_set_base ON change_set (base);
CREATE UNIQUE INDEX uq_change_set_last ON change_set (last);
CREATE INDEX ix_change_set_created_at ON change_set (created_at);
ALTER TABLE event ADD CONSTRAINT pk_event PRIMARY KEY (change_set_id, ordinal);
CREATE UNIQUE INDEX uq_event_uid ON event (uid) WHERE uid IS NOT NULL;
CREATE INDEX ix_event_object_id ON event (object_id);
CREATE INDEX ix_event_head ON event (change_set_id, ordinal) WHERE uid IS NOT NULL;
ALTER TABLE event SET (autovacuum_vacuum_insert_scale_factor = 0.02);
ALTER TABLE change_set SET (autovacuum_vacuum_insert_scale_factor = 0.02);
DROP FUNCTION event_value;
DROP FUNCTION event_number;
DROP FUNCTION event_id
"""
VIEWS_OF_BEFORE = """
CREATE VIEW event_head AS
SELECT e.uid AS id, c.base, c.last, e.ordinal, e.action, e.kind, e.object_id, e.object_name, e.project_id,
       e.attribute, e.old, e.new, c.actor_id, c.sudo_actor_id, c.client, c.session_uuid, c.created_at,
       c.created_at AS updated_at
FROM event e JOIN change_set c ON c.id = e.change_set_id WHERE e.uid IS NOT NULL;
CREATE VIEW event_log AS
SELECT part.uid AS id, c.base, c.last, e.ordinal + part.step AS ordinal, e.action, e.kind, e.object_id,
       e.object_name, e.project_id, part.attribute, part.old, part.new, c.actor_id, c.sudo_actor_id, c.client,
       c.session_uuid, c.created_at, c.created_at AS updated_at
FROM event e JOIN change_set c ON c.id = e.change_set_id
CROSS JOIN LATERAL (
    SELECT e.uid, 0 AS step, e.attribute, e.old, e.new
    UNION ALL
    SELECT NULL::uuid, position::integer, pair ->> 0, NULL::jsonb, nullif(pair -> 1, 'null'::jsonb)
    FROM jsonb_array_elements(e.made) WITH ORDINALITY AS given(pair, position)
) AS part
"""


def upgrade() -> None:
    """Make the change."""
    _run("DROP VIEW event_head; DROP VIEW event_log")
    _run(FUNCTIONS)
    _run(TABLES)
    _make_parts()
    _run(ROWS)
    _run(INDEXES)
    _run(VIEWS)
    _run("ANALYZE event; ANALYZE change_set")


def downgrade() -> None:
    """Undo the change: events get the ids that were made of their numbers."""
    _run("DROP VIEW event_head; DROP VIEW event_log")
    _run(TABLES_OF_BEFORE)
    _run(VIEWS_OF_BEFORE)


def _make_parts() -> None:
    """Parts for all numbers that were given, one more, and one for whatever comes after."""
    first, last = (
        op.get_bind()
        .execute(
            sa.text(
                "SELECT coalesce((SELECT min(base) FROM change_set_of_before), next), next FROM event_counter"
            )
        )
        .one()
    )
    starts = range((first - 1) // PART, (last - 1) // PART + 2)
    for number in starts:
        start, end = number * PART + 1, "MAXVALUE" if number == starts[-1] else (number + 1) * PART + 1
        for table in ("event", "change_set"):
            _run(
                f"CREATE TABLE {table}_from_{start} PARTITION OF {table} FOR VALUES FROM ({start}) TO ({end})"
                " WITH (autovacuum_vacuum_insert_scale_factor = 0.02)"
            )


def _run(statements: str) -> None:
    """Statements without parameters: their colons and per cent signs are their own."""
    op.get_bind().exec_driver_sql(statements, execution_options={"no_parameters": True})
