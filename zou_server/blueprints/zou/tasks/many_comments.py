"""Many comments in one request, all of them or none: gazu.task.batch_comments and create_multiple_comments.

A body is a JSON list of comments (or an object that has it under `comments`), or a form whose field
`comments` is that list as JSON and whose files are called `attachment_file-<comment>-<file>` and
`preview_file-<comment>-<file>`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any

import orjson
from flask import Response, request

from zou_server.blueprints.zou.bodies import body, needed, optional, said, shape_of
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.shapes import ID, list_of
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.tasks.comment_shapes import COMMENT, WHOLE_COMMENT
from zou_server.blueprints.zou.tasks.comments import Comment
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import listed, thing
from zou_server.models.conditions import All, Op, Query, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.services.files.attachments import SentFile, stored_attachments
from zou_server.services.previews.keep_sources import kept_sources
from zou_server.services.previews.send_preview import Sent
from zou_server.services.read.reader import rows_of
from zou_server.services.write.operations import Act
from zou_server.web import current_actor, json_text

if TYPE_CHECKING:
    from zou_server.services.read.reader import Reader

_FILE = re.compile(r"(attachment|preview)_file-([0-9]{1,6})-([0-9]{1,6})")


@body
class CommentOnTask(Comment):
    """A comment and the task that it is on, which Kitsu calls its object."""

    task_id: str | None = optional(ID, "task_id", "object_id")


@body
class CommentList:
    """Comments on tasks, in one object."""

    comments: list[CommentOnTask] = needed(
        replace(list_of(CommentOnTask), is_json_text=True), missing="is not a list"
    )


def _in_one_object(given: Any) -> CommentList:
    return shape_of(CommentList).read(given if isinstance(given, dict) else {"comments": given})


COMMENTS = replace(
    shape_of(CommentList),
    read=_in_one_object,
    schema={"anyOf": [listed(shape_of(CommentOnTask).schema), shape_of(CommentList).schema]},
)
"""A list of comments, bare or in an object."""


class ManyComments(NamedResource):
    """Comments on tasks; a path may say which project or task they are all about."""

    def post(self, sent: CommentList, **place: str) -> Response:
        """Make them all; the answer lists them in the order sent."""
        given = enumerate(sent.comments)
        actions = [_action(number, each, place.get("task_id")) for number, each in given]
        self._require_place(actions, place)
        files_of, storage = _files(len(actions)), self.parts.storage
        with ExitStack() as stack:
            attachments, previews = (
                {
                    number: stack.enter_context(take(storage, files))
                    for number, files in files_of[kind].items()
                }
                for kind, take in _TAKEN.items()
            )
            work = stack.enter_context(self.studio.write(current_actor()))
            made = [str(result.id) for result in work.execute(actions)]
            work.execute([*_kept("attach", made, attachments), *_kept("add_filled_previews", made, previews)])
            text = _shown(work.read, made)
            work.commit()
        return json_text(text, 201)

    def _require_place(self, actions: list[Act], place: dict[str, str]) -> None:
        """NotFound or Invalid when the project does not exist, or one of the tasks is not in it."""
        if "project_id" not in place:
            return
        id_ = checked_id(place["project_id"])
        require_owners(self.studio, (("project_id", "Project"),), {"project_id": id_})
        tasks = sorted({str(action.id) for action in actions})
        inside = All((Where("id", Op.IN, tasks), Where("project_id", Op.EQ, id_)))
        query = Query(facet("Task"), wire_type(facet("Task")).projection(fields=("id",)), inside)
        if self.studio.read(current_actor()).count(query, ZOU) != len(tasks):
            raise Invalid(
                "Some of the tasks are not in this project.", {"task_id": ["is not in the project"]}
            )


def _kept(action: str, made: list[str], incoming: Mapping[int, Any]) -> list[Act]:
    """What makes the rows of files that have come in, by the places of their comments."""
    return [Act(action, facet("Note"), made[n], {"files": each.keep()}) for n, each in incoming.items()]


def _action(number: int, comment: CommentOnTask, task_id: str | None) -> Act:
    target = task_id or comment.task_id
    if target is None:
        raise Invalid(fields={f"comments {number}, task_id": ["is required"]})
    values = {name: value for name, value in said(comment).items() if name != "task_id"}
    return Act("comment", facet("Task"), checked_id(target), values)


def _files(count: int) -> dict[str, dict[int, list[Any]]]:
    """The attachments and the previews of each comment, by its place in the list."""
    found: dict[str, dict[int, list[tuple[int, Any]]]] = {kind: {} for kind in _TAKEN}
    for field, file in request.files.items(multi=True):
        match = _FILE.fullmatch(field)
        if match is None or int(match[2]) >= count:
            raise Invalid(fields={field: ["belongs to no comment"]})
        sent = _SENT[match[1]](file.filename or "", file.stream)
        found[match[1]].setdefault(int(match[2]), []).append((int(match[3]), sent))
    return {
        kind: {number: [file for _, file in sorted(files, key=_place)] for number, files in each.items()}
        for kind, each in found.items()
    }


def _place(pair: tuple[int, Any]) -> int:
    return pair[0]


_SENT: Mapping[str, Callable[[str, IO[bytes]], Any]] = {"attachment": SentFile, "preview": Sent}
_TAKEN: Mapping[str, Callable[..., AbstractContextManager[Any]]] = {
    "attachment": stored_attachments,
    "preview": kept_sources,
}
"""What the field of a file begins with -> how it is put into the store."""


def _shown(reader: Reader, ids: list[str]) -> str:
    """The comments as a JSON list in the order of the ids."""
    text = reader.page(Query(facet("Note"), COMMENT, Where("id", Op.IN, ids)), ZOU).text
    rows = {row["id"]: row for row in rows_of(text)}
    return orjson.dumps([rows[id_] for id_ in ids]).decode()


_SAYS = Says(
    "Note",
    "Comment on many tasks",
    listed(WHOLE_COMMENT),
    status=201,
    text="The comments, in the order sent.",
    sends=COMMENTS,
    form=thing({"comments": {"type": "string"}}, ("comments",), additionalProperties={"type": "string"}),
    refused=(404, 413),
)

ROUTES = tuple(
    Named(path, ManyComments, {"post": _SAYS})
    for path in (
        "/actions/tasks/batch-comment",
        "/actions/tasks/<task_id>/batch-comment",
        "/actions/projects/<project_id>/tasks/comment-many",
    )
)
