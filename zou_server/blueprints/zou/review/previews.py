"""`/actions/...` around previews: adding them to comments, drawing on them, choosing and placing them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response, request

from zou_server.blueprints.zou.bodies import Shape, body, needed, optional, read_body, said
from zou_server.blueprints.zou.crud import item_query
from zou_server.blueprints.zou.extra_outputs import PREVIEW_STATUS
from zou_server.blueprints.zou.idempotency import answered_once
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.review.preview_media import Rendition, RenditionOptions
from zou_server.blueprints.zou.shapes import ANYTHING, INTEGER, list_of
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import SENT, Schema, listed, parameter, ref
from zou_server.models.conditions import All, Op, Order, Output, Projection, Query, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind, facet
from zou_server.services.previews.find_media import find_media
from zou_server.services.previews.remove_from_comment import remove_from_comment
from zou_server.services.previews.running import running_previews
from zou_server.services.previews.show_frame import extract_frame, show_frame
from zou_server.services.previews.true_frames import TRUE_FRAME, Counting, counting_of
from zou_server.services.write.operations import Act
from zou_server.web import current_actor, json_rows, json_text

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

NEWEST_FIRST = (Order("revision", descending=True), Order("position"), Order("created_at"))


def _frame(value: Any) -> int:
    if isinstance(value, bool) or not re.fullmatch("[0-9]{1,9}", str(value)):
        raise ValueError("is not a whole number")
    return int(value)


@body
class Revision:
    """The revision that a preview is to have; the task's next where none is said."""

    revision: int | None = optional(INTEGER)


@body
class FrameNumber:
    """A frame of a movie, counted from 0."""

    frame_number: int | None = optional(Shape(_frame, SENT[Kind.INTEGER], is_blank_none=True))


@body
class TrueFrame:
    """A frame of a movie, by the number that it has in production."""

    true_frame: int | None = optional(Shape(_frame, SENT[Kind.INTEGER], is_blank_none=True))


def frame_number(given: Mapping[str, str], counting: Counting | None) -> int:
    """The frame that the arguments of a request ask for, by its place or by its true number."""
    number = read_body(FrameNumber, {"frame_number": given.get("frame_number")}).frame_number
    true_frame = read_body(TrueFrame, {TRUE_FRAME: given.get(TRUE_FRAME)}).true_frame
    if true_frame is None:
        return number or 0
    if number is not None:
        raise Invalid(fields={TRUE_FRAME: ["is given beside frame_number"]})
    if counting is None:
        raise Invalid(fields={TRUE_FRAME: ["cannot be asked for: the first frame has no number"]})
    if true_frame < counting.first:
        raise Invalid(fields={TRUE_FRAME: [f"is before the first, which is {counting.first}"]})
    return counting.index(true_frame)


FRAME = (
    parameter("frame_number", "query", {"type": "integer"}, "Counted from 0, the default."),
    parameter(TRUE_FRAME, "query", {"type": "integer"}, "By its number in production, such as 1001."),
)
"""The parameters of routes that give one frame."""


@body
class Nothing:
    """Nothing: what is to be done is said by the path."""


@body
class Drawings:
    """What was drawn on a preview, changed and removed."""

    additions: list[Any] | None = optional(list_of(ANYTHING))
    updates: list[Any] | None = optional(list_of(ANYTHING))
    deletions: list[Any] | None = optional(list_of(ANYTHING))


@body
class PreviewPosition:
    """Where a preview is to be among those of its revision, counted from 1."""

    position: Any = needed(Shape(ANYTHING.read, SENT[Kind.NUMBER]), missing="is not a whole number")


_SHOWN: Mapping[str, Projection] = {
    # a shot or asset says how far the preview is that it is shown by
    "Entity": Projection((*wire_type(facet("Entity")).projection(relations=True).outputs, PREVIEW_STATUS)),
}


def _answer(work: UnitOfWork, act: Act, shown: str = "PreviewFile") -> str:
    """Do it, and the row that it ends with."""
    result = work.execute([act])[0]
    wire = wire_type(facet(shown))
    query = item_query(wire, str(result.id))
    query = replace(query, projection=_SHOWN.get(shown, query.projection))
    return found_or_404(work.read.one(query, ZOU), wire, str(result.id))


class AddPreview(NamedResource):
    """An empty preview in a comment; its file is sent next."""

    def post(self, task_id: str, comment_id: str, sent: Revision) -> Response:
        """Make it, with the task's next revision unless the body asks for one."""
        return _added(self, comment_id, {**said(sent), "task_id": checked_id(task_id)})


class AddExtraPreview(NamedResource):
    """One more preview of the same revision."""

    def post(self, task_id: str, comment_id: str, preview_file_id: str) -> Response:
        """Make it beside a preview that the comment has."""
        values = {"task_id": checked_id(task_id), "beside": checked_id(preview_file_id)}
        return _added(self, comment_id, values)

    def delete(self, task_id: str, comment_id: str, preview_file_id: str) -> Response:
        """Take a preview out of a comment; it goes with all that shows it."""
        ids = (checked_id(task_id), checked_id(comment_id), checked_id(preview_file_id))
        with self.studio.write(current_actor()) as work:
            remove_from_comment(work, *ids)
            work.commit()
        return Response(status=204)


def _added(resource: NamedResource, comment_id: str, values: Mapping[str, Any]) -> Response:
    act = Act("add_preview", facet("Note"), checked_id(comment_id), values)
    with resource.studio.write(current_actor()) as work:
        return answered_once(work, lambda: (_answer(work, act), 201))


class SetMainPreview(NamedResource):
    """A preview as the picture of the shot or asset."""

    def put(self, preview_file_id: str, sent: FrameNumber) -> Response:
        """The shot or asset; `frame_number` draws a movie's thumbnails from that frame."""
        id_, number = checked_id(preview_file_id), sent.frame_number
        act = Act("set_main_preview", facet("PreviewFile"), id_, {})
        with self.studio.write(current_actor()) as work:
            text = _answer(work, act, "Entity")
            if number is not None:
                parts = self.parts
                show_frame(parts.storage, parts.media, parts.folders, id_, number)
            work.commit()
        return json_text(text)


class SetLastPreview(NamedResource):
    """The last preview of a task as the picture of its shot or asset: Kitsu's menu of a task."""

    def put(self, task_id: str, sent: Nothing) -> Response:  # noqa: ARG002 - it is checked to be empty
        """The shot or asset."""
        act = Act("set_last_preview", facet("Task"), checked_id(task_id), {})
        with self.studio.write(current_actor()) as work:
            text = _answer(work, act, "Entity")
            work.commit()
        return json_text(text)


class Annotate(NamedResource):
    """Drawings on a preview."""

    def put(self, preview_file_id: str, sent: Drawings) -> Response:
        """Merge what was drawn, changed and removed into what others draw at the same time."""
        return _done(self, "annotate_preview", preview_file_id, said(sent))


class PlacePreview(NamedResource):
    """The order of previews in a revision."""

    def put(self, preview_file_id: str, sent: PreviewPosition) -> Response:
        """Put the preview at `position`, counted from 1; the answer lists all of its revision."""
        id_, values = checked_id(preview_file_id), said(sent)
        with self.studio.write(current_actor()) as work:
            work.execute([Act("place_preview", facet("PreviewFile"), id_, values)])
            text = _beside(work, id_)
            work.commit()
        return json_text(f"[{text}]")


def _beside(work: UnitOfWork, id_: str) -> str:
    """The previews of a preview's task and revision in their order, as JSON objects joined by commas."""
    keys = Projection((Output("task_id", "task_id"), Output("revision", "revision")))
    found = work.read.one(Query(facet("PreviewFile"), keys, Where("id", Op.EQ, id_)), ZOU)
    shared = orjson.loads(found_or_404(found, wire_type(facet("PreviewFile")), id_))
    where = All(tuple(Where(key, Op.EQ, value) for key, value in shared.items()))
    shown = wire_type(facet("PreviewFile")).projection()
    return work.read.page(Query(facet("PreviewFile"), shown, where, (Order("position"),)), ZOU).text


def _done(resource: NamedResource, action: str, id_: str, values: Mapping[str, Any]) -> Response:
    act = Act(action, facet("PreviewFile"), checked_id(id_), values)
    with resource.studio.write(current_actor()) as work:
        text = _answer(work, act)
        work.commit()
    return json_text(text)


class ExtractFrame(NamedResource):
    """One frame of a movie."""

    def get(self, preview_file_id: str) -> Response:
        """The frame `frame_number`, counted from 0, as PNG."""
        found = find_media(self.studio, current_actor(), checked_id(preview_file_id))
        number = frame_number(request.args, counting_of(found.data))
        parts = self.parts
        stream = extract_frame(parts.storage, parts.media, parts.folders, found.id, number)
        with stream:
            answer = Response(stream.read(), mimetype="image/png")
        answer.cache_control.private = True
        return answer


class RunningPreviews(NamedResource):
    """What the job worker is busy with."""

    def get(self) -> Response:
        """The previews whose renditions are being made, oldest first."""
        condition = running_previews(current_actor())
        query = Query(facet("PreviewFile"), wire_type(facet("PreviewFile")).projection(), condition, _OLDEST)
        return json_rows(self.studio.read(current_actor()).listed(query, ZOU))


_OLDEST = (Order("created_at"),)


class TaskPreviews(NamedResource):
    """The previews of a task."""

    def get(self, task_id: str) -> Response:
        """Its previews, the last revision first."""
        ids = {"task_id": checked_id(task_id)}
        require_owners(self.studio, (("task_id", "Task"),), ids)
        wire = wire_type(facet("PreviewFile"))
        where = Where("task_id", Op.EQ, ids["task_id"])
        query = Query(wire.facet, wire.projection(), where, NEWEST_FIRST)
        return json_rows(self.studio.read(current_actor()).listed(query, ZOU))


# -- routes --------------------------------------------------------------------------------------------------

_PREVIEW = ref("PreviewFile")
_ACTIONS = "/actions/preview-files/<preview_file_id>"
_IN_COMMENT = "/actions/tasks/<task_id>/comments/<comment_id>"
_ONCE = (ref("IdempotencyKey", "parameters"),)
_PNG: Schema = {"type": "string", "format": "binary"}

ROUTES = (
    Named(
        f"{_IN_COMMENT}/add-preview",
        AddPreview,
        {
            "post": Says(
                "PreviewFile",
                "Add a preview to a comment",
                _PREVIEW,
                status=201,
                text="The preview, still without a file.",
                sends=Revision,
                sends_required=False,
                parameters=_ONCE,
            )
        },
    ),
    Named(
        f"{_IN_COMMENT}/preview-files/<preview_file_id>",
        AddExtraPreview,
        {
            "post": Says(
                "PreviewFile",
                "Add one more preview to a revision",
                _PREVIEW,
                status=201,
                text="The preview, still without a file.",
                parameters=_ONCE,
            ),
            "delete": Says("PreviewFile", "Remove a preview from a comment", status=204, text="It is gone."),
        },
    ),
    Named(
        f"{_ACTIONS}/set-main-preview",
        SetMainPreview,
        {
            "put": Says(
                "PreviewFile",
                "Make a preview the picture of its shot or asset",
                ref("Entity"),
                text="What shows the preview now.",
                sends=FrameNumber,
                sends_required=False,
            )
        },
    ),
    Named(
        "/actions/tasks/<task_id>/set-main-preview",
        SetLastPreview,
        {
            "put": Says(
                "PreviewFile",
                "Make a task's last preview the picture of its shot or asset",
                ref("Entity"),
                text="What shows the preview now.",
                sends=Nothing,
                sends_required=False,
            )
        },
    ),
    Named(
        f"{_ACTIONS}/update-annotations",
        Annotate,
        {
            "put": Says(
                "PreviewFile",
                "Draw on a preview",
                _PREVIEW,
                text="The preview with all that is drawn on it.",
                sends=Drawings,
                sends_required=False,
            )
        },
    ),
    Named(
        f"{_ACTIONS}/update-position",
        PlacePreview,
        {
            "put": Says(
                "PreviewFile",
                "Place a preview among those of its revision",
                listed(_PREVIEW),
                text="All previews of the revision, in their order.",
                sends=PreviewPosition,
            )
        },
    ),
    Named(
        f"{_ACTIONS}/extract-frame",
        ExtractFrame,
        {
            "get": Says(
                "PreviewFile",
                "Get one frame of a movie",
                _PNG,
                media="image/png",
                text="The frame.",
                parameters=FRAME,
            )
        },
    ),
    Named(
        f"{_ACTIONS}/extract-tile",
        Rendition,
        {"get": Says("PreviewFile", "Get the film strip of a movie", _PNG, media="image/png", text="It.")},
        RenditionOptions("movies/tiles"),
    ),
    Named(
        "/data/playlists/preview-files/running",
        RunningPreviews,
        {"get": Says("PreviewFile", "List the previews being processed", listed(_PREVIEW))},
    ),
    Named(
        "/data/tasks/<task_id>/previews",
        TaskPreviews,
        {"get": Says("PreviewFile", "List the previews of a task, the last first", listed(_PREVIEW))},
    ),
)
