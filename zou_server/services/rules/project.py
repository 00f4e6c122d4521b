"""The life of a project: open when it is new, with a workflow set, and a file tree that makes paths."""

from __future__ import annotations

import sqlalchemy as sa

from zou_server.models.errors import Invalid
from zou_server.models.project import Project, ProjectSchema
from zou_server.models.status import Status
from zou_server.models.values.project_settings import CHECKS
from zou_server.services.file_trees.descriptor import parse_tree
from zou_server.services.rules.frame_rate import check_frame_rate
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.rulebook import Rule


def complete_project(context: Context, change: Change) -> None:
    """Without a status the project is open; without a workflow set it gets the first."""
    row = change.of(Project)
    if not change.created:
        return
    if row.project_status_id is None:
        opened = (
            sa.select(Status.id)
            .where(Status.for_project, Status.deleted_at.is_(None))
            .order_by(Status.is_done, Status.is_default.desc(), Status.priority, Status.created_at)
            .limit(1)
        )
        row.project_status_id = context.session.scalar(opened)
    if row.project_schema_id is None:
        first = (
            sa.select(ProjectSchema.id)
            .where(ProjectSchema.deleted_at.is_(None))
            .order_by(ProjectSchema.created_at)
        )
        row.project_schema_id = context.session.scalar(first.limit(1))


def check_file_tree(context: Context, change: Change) -> None:
    """Refuse a descriptor with an unknown variable, style or template, by its name."""
    row = change.of(Project)
    if change.changed("file_tree") and row.file_tree is not None:
        parse_tree(row.file_tree, "the file tree")


def check_settings(context: Context, change: Change) -> None:
    """Refuse a setting among the custom fields that is not what it should be."""
    if not change.changed("data"):
        return
    before, wrong = change.before.get("data") or {}, {}
    for name, check in CHECKS.items():
        said = (change.row.data or {}).get(name)
        if said != before.get(name):
            try:
                check(said)
            except ValueError as error:
                wrong[name] = [str(error)]
    if wrong:
        raise Invalid(fields=wrong)


PROJECT = Rule(before=(complete_project, check_file_tree, check_frame_rate, check_settings))
"""A show."""
