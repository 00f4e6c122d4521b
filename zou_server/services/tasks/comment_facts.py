"""What comments on the tasks of one list of operations depend on, read once for all of them.

So a thousand comments in one list cost as many statements as one, and it is one statement: the statuses of
the studio, what is known of each task, and the rules of their projects.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.models.errors import Invalid
from zou_server.models.status import Status
from zou_server.models.task import Task
from zou_server.services.write.prepared import Prepared
from zou_server.services.write.write_rows import blank

if TYPE_CHECKING:
    from zou_server.services.write.context import Context


@dataclass(slots=True)
class CommentedTask:
    """The facts of a task: when its last comment was made, and where the caller stands to it.

    `kind` is that of what the task is about; `most_retakes` 0 is no limit; `is_own` is true for whoever
    is assigned or made what the task is about, `is_followed` when anybody else is assigned or has subscribed.
    """

    kind: str
    latest: dt.datetime | None
    most_retakes: int
    is_own: bool
    is_followed: bool


@dataclass(frozen=True, slots=True)
class AutomationRule:
    """A rule of a project, and the places of its two steps in the pipeline of that project."""

    project_id: uuid.UUID
    kind: str
    in_task_type_id: uuid.UUID | None
    in_task_status_id: uuid.UUID | None
    out_field_type: str | None
    out_task_type_id: uuid.UUID | None
    out_task_status_id: uuid.UUID | None
    import_last_revision: bool
    place_in: int
    place_out: int

    def fits(self, task: Any, kind: str) -> bool:
        """True when the task has just got what the rule waits for, and the rule leads onwards."""
        return (
            self.project_id == task.project_id
            and self.in_task_type_id == task.task_type_id
            and self.in_task_status_id == task.task_status_id
            and self.kind == kind.lower()
            and self.place_in <= self.place_out
        )


@dataclass(frozen=True, slots=True)
class CommentFacts:
    """The statuses for tasks by id, the tasks of the list, and the rules of their projects in order."""

    statuses: Mapping[str, Mapping[str, Any]]
    tasks: dict[uuid.UUID, CommentedTask]
    rules: list[AutomationRule]


def facts_of(context: Context) -> CommentFacts:
    """The facts of all tasks of the list."""
    found: CommentFacts = context.once(_read)
    return found


def known_of(context: Context, row: Task) -> CommentedTask:
    """The facts of a task of the list; a task made by the same list has no past."""
    tasks = facts_of(context).tasks
    if row.id not in tasks:
        about = context.targets.get(row.entity_id)
        tasks[row.id] = CommentedTask(
            about.kind or "" if about else "", None, 0, is_own=False, is_followed=True
        )
    return tasks[row.id]


def is_latest(context: Context, row: Task, moment: dt.datetime) -> bool:
    """True when no comment of the task is later; from now on the task has one of this moment."""
    known = known_of(context, row)
    if known.latest is not None and known.latest > moment:
        return False
    known.latest = moment
    return True


def status_for(context: Context, row: Task, given: uuid.UUID | None) -> Status:
    """The status that a comment gives: the one given, or the one that the task has; Invalid for neither."""
    wanted = given or row.task_status_id
    found = facts_of(context).statuses.get(str(wanted))
    if found is None:
        raise Invalid(fields={"sets_status_id": ["does not exist"]})
    return blank(Status, {**found, "id": wanted})


def refuse_more_retakes(context: Context, row: Task) -> None:
    """Invalid when the task has had all the retakes that its entity, or else its project, allows."""
    most = known_of(context, row).most_retakes
    if most and (row.retake_count or 0) >= most:
        raise Invalid("No more retakes allowed on this task", {"task_status_id": ["no more retakes allowed"]})


def _place(step: str) -> str:
    """The place of a step in the project of the link: its own there, or the studio's, else behind all."""
    return f"""coalesce(
        (SELECT o.priority FROM project_task_type o
         WHERE o.project_id = l.project_id AND o.task_type_id = {step} AND o.deleted_at IS NULL LIMIT 1),
        (SELECT k.priority FROM task_type k WHERE k.id = {step}), 10000)"""  # noqa: S608 - a column's name


_FACTS = Prepared(
    "comment_facts",
    ("uuid[]", "uuid"),
    f"""
WITH here AS MATERIALIZED (
    SELECT t.id, t.project_id, t.task_type_id, e.path, e.kind, e.created_by_id = $2 AS is_maker,
           e.data ->> 'max_retakes' AS own_retakes, p.max_retakes
    FROM task t LEFT JOIN entity e ON e.id = t.entity_id LEFT JOIN project p ON p.id = t.project_id
    WHERE t.id = ANY($1)
)
SELECT jsonb_build_object(
    'statuses', (
        SELECT jsonb_agg(jsonb_build_object(
            'id', s.id, 'name', s.name, 'is_retake', s.is_retake, 'is_wip', s.is_wip, 'is_done', s.is_done,
            'is_feedback_request', s.is_feedback_request, 'is_artist_allowed', s.is_artist_allowed,
            'is_client_allowed', s.is_client_allowed))
        FROM status s WHERE s.for_task AND s.deleted_at IS NULL),
    'tasks', (
        SELECT jsonb_agg(jsonb_build_object(
            'id', here.id, 'kind', here.kind, 'own_retakes', here.own_retakes,
            'max_retakes', here.max_retakes,
            'latest', (
                SELECT max(n.created_at) FROM note n
                WHERE n.object_id = here.id AND n.deleted_at IS NULL AND n.parent_id IS NULL),
            'is_own', here.is_maker IS TRUE OR EXISTS (
                SELECT FROM assignation a
                WHERE a.task_id = here.id AND a.person_id = $2 AND a.deleted_at IS NULL),
            'is_followed', EXISTS (
                SELECT FROM assignation a
                WHERE a.task_id = here.id AND a.person_id <> $2 AND a.deleted_at IS NULL
            ) OR EXISTS (
                SELECT FROM subscription s
                WHERE s.task_id = here.id AND s.person_id <> $2 AND s.deleted_at IS NULL
            ) OR EXISTS (
                SELECT FROM subscription s
                WHERE s.entity_id = ANY(here.path) AND s.task_type_id = here.task_type_id
                      AND s.person_id <> $2 AND s.deleted_at IS NULL)))
        FROM here),
    'rules', (
        SELECT jsonb_agg(jsonb_build_array(
            l.project_id, lower(coalesce(a.entity_type, '')), a.in_task_type_id, a.in_task_status_id,
            a.out_field_type, a.out_task_type_id, a.out_task_status_id, a.import_last_revision,
            {_place("a.in_task_type_id")}, {_place("a.out_task_type_id")}) ORDER BY a.created_at, a.id)
        FROM project_status_automation l JOIN status_automation a ON a.id = l.status_automation_id
        WHERE l.project_id IN (SELECT project_id FROM here) AND l.deleted_at IS NULL
              AND a.deleted_at IS NULL AND NOT a.archived)
)::text
""",  # noqa: S608 - put together from constants
)


def _read(context: Context) -> CommentFacts:
    work = context.work
    ids = [str(task.id) for task in context.rows.of(Task)]
    found = orjson.loads(_FACTS.run(work, ids, str(work.actor.person_id))[0][0])
    return CommentFacts(
        {each["id"]: each for each in found["statuses"] or ()},
        {uuid.UUID(each["id"]): _on_task(each) for each in found["tasks"] or ()},
        [_rule(*each) for each in found["rules"] or ()],
    )


def _on_task(found: dict[str, Any]) -> CommentedTask:
    own, latest = found["own_retakes"], found["latest"]
    return CommentedTask(
        found["kind"] or "",
        dt.datetime.fromisoformat(latest) if latest else None,
        int(own) if own and own.isdecimal() else found["max_retakes"] or 0,
        found["is_own"],
        found["is_followed"],
    )


def _rule(project: str, kind: str, *rest: Any) -> AutomationRule:
    step_in, status_in, field, step_out, status_out, imports, place_in, place_out = rest
    ids = (uuid.UUID(each) if each else None for each in (step_in, status_in, step_out, status_out))
    step_in, status_in, step_out, status_out = ids
    return AutomationRule(
        uuid.UUID(project),
        kind,
        step_in,
        status_in,
        field,
        step_out,
        status_out,
        imports,
        place_in,
        place_out,
    )
