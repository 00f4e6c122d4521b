"""The life of a note: its author, who may change what of it, the status it gives, its replies."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from zou_server.models.base import Identity
from zou_server.models.errors import Forbidden, Invalid
from zou_server.models.policies import LEADS, MANAGERS
from zou_server.models.review import Note, NotePreview, PreviewFile
from zou_server.models.status import Status
from zou_server.models.task import Task
from zou_server.services.rules.author import sign
from zou_server.services.rules.checklist import check_checklist
from zou_server.services.rules.link_note import link_note
from zou_server.services.rules.mentions import mention_people
from zou_server.services.rules.recompute_tasks import recompute_edited, recompute_tasks, tasks_of
from zou_server.services.rules.threads import join_thread
from zou_server.services.talk.mail_notes import order_mails
from zou_server.services.talk.tell_people import tell_of_notes
from zou_server.services.tasks.changes_of_status import mark_changes
from zou_server.services.tasks.give_status import refuse_status
from zou_server.services.tasks.works_on import OnTask, is_assigned
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.named_event import named_event
from zou_server.services.write.rulebook import After, Asked, Rule
from zou_server.services.write.unit_of_work import UnitOfWork
from zou_server.services.write.write_events import Recorded


def guard_note(context: Context, change: Change) -> None:
    """Refuse what the caller may not change in this note."""
    row = change.of(Note)
    actor = context.actor
    role = actor.role_in(row.project_id)
    if change.created or role in MANAGERS:
        return
    author = actor.person_id in (change.before.get("person_id", row.person_id), row.created_by_id)
    for name in (*change.before, *change.links):
        if not any(may(context, row, role, author) for may in MAY_SET.get(name, (_author,))):
            raise Forbidden(f"You may not change {name.removesuffix('_id')} of this comment.")


def _author(_context: Context, _row: Note, _role: str | None, author: bool) -> bool:  # noqa: FBT001
    return author


def _lead(_context: Context, _row: Note, role: str | None, _author: bool) -> bool:  # noqa: FBT001
    return role in LEADS


def _assignee(context: Context, row: Note, _role: str | None, _author: bool) -> bool:  # noqa: FBT001
    return is_assigned(context.session, row.object_id, context.actor.person_id)


def _oneself(context: Context, row: Note, _role: str | None, _author: bool) -> bool:  # noqa: FBT001
    return bool(row.editor_id == context.actor.person_id)


MAY_SET: Mapping[str, tuple[Callable[[Context, Any, str | None, bool], bool], ...]] = {
    "checklist": (_author, _lead, _assignee),  # who does the work ticks it off
    "pinned": (_lead,),
    "editor_id": (_author, _oneself),  # which follows from changing its words
    "person_id": (),
    "object_id": (),
    "parent_id": (),
    "reply_to_id": (),
    "project_id": (),
}
"""Attribute -> whoever may change it beside managers; the author, where there is no line."""


WORDS = ("text", "checklist", "links", "for_client")
"""What a note says; changing it makes one its editor (docs/protocols/zou.md 17, Comment.editor_id)."""


def place_note(context: Context, change: Change) -> None:
    """The editor is who changes it, the project that of what it is on."""
    row = change.of(Note)
    edited = not change.created and change.changed(*WORDS) and not change.changed("editor_id")
    if edited and context.actor.person_id.int:
        change.set("editor_id", context.actor.person_id)
    about = row.object_id or row.parent_id or row.reply_to_id
    if about is not None and row.project_id is None:
        identity = context.targets.get(about)
        row.project_id = identity.project_id if identity else None


def check_status(context: Context, change: Change) -> None:
    """Refuse a status that the caller could not have given; the task follows, see `follow_changes`."""
    row = change.of(Note)
    if change.created or not change.changed("sets_status_id") or row.sets_status_id is None:
        return
    status = context.session.get(Status, row.sets_status_id)
    if status is None or not status.for_task:
        raise Invalid(fields={"sets_status_id": ["does not exist"]})
    refuse_status(context, status, row.project_id)


def announce_reply(context: Context, change: Change) -> None:
    """A `comment:reply` for each new reply."""
    row = change.of(Note)
    if not change.created or row.parent_id is None:
        return
    comment, held = context.targets.get(row.parent_id), context.rows.any(row.parent_id)
    if comment is not None:
        task = {"task_id": held.object_id} if isinstance(held, Note) else {}
        context.work.record(named_event("reply", comment, reply_id=row.id, **task))


def announce_news(context: Context, change: Change) -> None:
    """A `news:new` for each such comment, whoever made it; the comment is the news."""
    row = change.of(Note)
    if not change.created or row.parent_id is not None or row.sets_status_id is None:
        return
    about = context.targets.get(row.object_id)
    if about is not None and about.kind == "Task":
        change.tidings.append(Recorded("news", "Note", row.id, None, about.project_id, new={}, first=True))


def announce_deleted_replies(
    work: UnitOfWork, notes: Sequence[uuid.UUID], together: frozenset[uuid.UUID]
) -> None:
    """One `comment:delete-reply` for each reply whose comment stays, `news:delete` for each comment.

    They are `comment:reply` and `news:new` when the note is back.
    """
    comment = sa.orm.aliased(Note)
    rows = work.session.execute(
        sa.select(Note.id, Note.deleted_at, Note.sets_status_id, comment.object_id, Identity)
        .join(comment, comment.id == Note.parent_id, isouter=True)
        .join(Identity, Identity.id == sa.func.coalesce(comment.id, Note.id))
        .where(Note.id.in_(notes))
        .order_by(Note.created_at, Note.id)
    )
    for id_, deleted_at, status, task_id, about in rows:
        is_back = deleted_at is None
        if about.id == id_ and status is not None:
            work.record(named_event("news" if is_back else "news-gone", about))
        elif about.id not in together:
            action = "reply" if is_back else "delete-reply"
            work.record(named_event(action, about, reply_id=id_, task_id=task_id))


def previews_of_notes(work: UnitOfWork, notes: Sequence[uuid.UUID]) -> tuple[sa.Table, Sequence[uuid.UUID]]:
    """The live previews of these notes that no other note shows."""
    other = sa.orm.aliased(NotePreview)
    elsewhere = sa.exists().where(
        other.preview_file_id == NotePreview.preview_file_id,
        other.note_id.not_in(notes),
        other.deleted_at.is_(None),
    )
    found = work.session.scalars(
        sa.select(NotePreview.preview_file_id)
        .join(PreviewFile, PreviewFile.id == NotePreview.preview_file_id)
        .where(
            NotePreview.note_id.in_(notes),
            NotePreview.deleted_at.is_(None),
            PreviewFile.deleted_at.is_(None),
            ~elsewhere,
        )
        .distinct()
    )
    table: sa.Table = PreviewFile.__table__  # type: ignore[assignment]
    return table, list(found)


def _where_one_works(asked: Asked) -> set[str]:
    """A note on a task is a comment, for who works there; answers are for everybody who reads it."""
    row = asked.row
    about_id = row.object_id if asked.verb == "create" else asked.values.get("object_id")
    about = asked.context.targets.get(about_id)
    on_task = about is not None and about.kind == "Task" and row.parent_id is None
    if on_task and not asked.context.facts.works_on(OnTask(about_id)):
        raise Forbidden("You comment on tasks that you are assigned to.")
    return set()


def _is_regiven(change: Change) -> bool:
    """True for a comment that gives another status now, or gives it to another task."""
    return not change.created and change.changed("sets_status_id", "object_id")


def compare_statuses(context: Context, changes: Sequence[Change]) -> None:
    """The comments of each task that was given one, or had one changed, say what changes its status."""
    found: set[uuid.UUID] = set()
    for change in changes:
        row, names = change.of(Note), ("sets_status_id", "object_id", "parent_id")
        if change.changed(*(names[:1] if change.created else names)):
            found |= {id_ for id_ in (row.object_id, change.before.get("object_id")) if id_ is not None}
    mark_changes(context.work, found, {row.id for row in context.rows.of(Task)})


def compare_left(work: UnitOfWork, notes: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """The comments that stay when some go, or come back, have another one before them."""
    mark_changes(work, tasks_of(work, notes))


NOTE = Rule(
    before=(
        join_thread,
        place_note,
        sign,
        guard_note,
        check_checklist,
        check_status,
        mention_people,
        announce_reply,
        announce_news,
        link_note,
    ),
    written=(compare_statuses,),
    after=(
        After(_is_regiven, recompute_edited),
        After(lambda change: change.created and change.is_news, tell_of_notes),
        After(lambda change: change.created, order_mails),
    ),
    gone=(recompute_tasks, compare_left, announce_deleted_replies),
    back=(recompute_tasks, compare_left, announce_deleted_replies),
    along=previews_of_notes,
    guard={"user": _where_one_works, "vendor": _where_one_works},
)
"""Comments on tasks, replies to them, and notes on anything else."""
