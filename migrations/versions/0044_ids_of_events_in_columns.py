"""ids of events in columns: what a new row and a status that was given say of other rows is no text."""

from __future__ import annotations

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

OF_CHANGE = """
    e.base, c.base AS change_base, c.last, {ordinal} AS ordinal, e.action, e.kind, e.object_id, e.object_name, e.project_id,
    {said}, c.actor_id, c.sudo_actor_id, c.client, c.session_uuid, c.created_at, c.created_at AS updated_at
FROM event e JOIN change_set c ON c.base = e.base{looked_up}
"""
# Change sets are looked up for the events that are found, never read along with all there are in between.
LOOKED_UP = " + 0"
SAID_BEFORE = "event_value(e.old, e.old_id, e.old_at) AS old, event_value(e.new, e.new_id, e.new_at) AS new"
VALUE_BEFORE = """CASE json_array_length(pair) WHEN 1 THEN to_jsonb(e.project_id)
                                        ELSE nullif((pair -> 1)::jsonb, 'null'::jsonb) END"""
# What a row says without an attribute: nothing of its own where it made something, else a status that was given.
SAID = """CASE WHEN e.attribute IS NOT NULL THEN event_value(e.old, e.old_id, e.old_at)
              ELSE e.old::jsonb END AS old,
    CASE WHEN e.attribute IS NOT NULL OR e.new_at IS NOT NULL THEN event_value(e.new, e.new_id, e.new_at)
         WHEN e.new_id IS NULL OR e.made IS NOT NULL THEN e.new::jsonb
         ELSE jsonb_build_object('new_task_status_id', e.new_id, 'previous_task_status_id', e.old_id,
                                 'person_id', c.actor_id) || coalesce(e.new::jsonb, '{}'::jsonb) END AS new"""
VALUE = """CASE json_array_length(pair)
                WHEN 1 THEN to_jsonb(e.project_id)
                WHEN 3 THEN CASE pair ->> 2 WHEN '1' THEN to_jsonb(e.new_id)
                                            WHEN '2' THEN to_jsonb(e.old_id)
                                            WHEN '3' THEN jsonb_build_array(e.new_id)
                                            ELSE jsonb_build_array(e.old_id) END
                ELSE nullif((pair -> 1)::jsonb, 'null'::jsonb) END"""
VIEWS = """
CREATE OR REPLACE VIEW event_head AS
SELECT coalesce(e.uid, event_id(e.base + e.ordinal)) AS id,
{of_head} WHERE e.head;
CREATE OR REPLACE VIEW event_log AS
SELECT CASE WHEN e.head AND part.step = 0 THEN coalesce(e.uid, event_id(e.base + e.ordinal)) END AS id,
{of_log}
CROSS JOIN LATERAL (
    SELECT 0 AS step, e.attribute, {said}
    UNION ALL
    SELECT position::integer, pair ->> 0, NULL::jsonb,
           {value}
    FROM json_array_elements(e.made) WITH ORDINALITY AS given(pair, position)
) AS part
"""
# Written as it was: the earlier views read no ids in columns.
WRITTEN_OUT = """
UPDATE event e SET made = (
        SELECT json_agg(CASE json_array_length(pair)
                   WHEN 3 THEN json_build_array(pair -> 0, CASE pair ->> 2
                       WHEN '1' THEN to_json(e.new_id) WHEN '2' THEN to_json(e.old_id)
                       WHEN '3' THEN json_build_array(e.new_id) ELSE json_build_array(e.old_id) END)
                   ELSE pair END ORDER BY position)
        FROM json_array_elements(e.made) WITH ORDINALITY AS given(pair, position)
    ), new_id = NULL, old_id = NULL
WHERE e.made IS NOT NULL AND e.new_id IS NOT NULL;
UPDATE event e SET new = (jsonb_build_object('new_task_status_id', e.new_id, 'previous_task_status_id', e.old_id,
        'person_id', c.actor_id) || coalesce(e.new::jsonb, '{}'::jsonb))::json, new_id = NULL, old_id = NULL
FROM change_set c WHERE c.base = e.base AND e.attribute IS NULL AND e.new_id IS NOT NULL
"""


def upgrade() -> None:
    """Make the change."""
    _run(_views(SAID, VALUE, LOOKED_UP))


def downgrade() -> None:
    """Undo the change."""
    _run(WRITTEN_OUT)
    _run(_views(SAID_BEFORE, VALUE_BEFORE, ""))


def _views(said: str, value: str, looked_up: str) -> str:
    of_log = "part.attribute, part.old, part.new"
    return VIEWS.format(
        of_head=OF_CHANGE.format(ordinal="e.ordinal", said=f"e.attribute, {said}", looked_up=looked_up),
        of_log=OF_CHANGE.format(ordinal="e.ordinal + part.step", said=of_log, looked_up=looked_up),
        said=said,
        value=value,
    )


def _run(statements: str) -> None:
    """Statements without parameters: their colons and per cent signs are their own."""
    op.get_bind().exec_driver_sql(statements, execution_options={"no_parameters": True})
