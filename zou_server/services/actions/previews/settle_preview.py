"""What the job that makes renditions says of a preview: how far it is, that it is done, that it cannot.

Each is about one file that was sent: when another one took its place meanwhile, nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.registry import facet
from zou_server.models.review import PreviewFile
from zou_server.services.previews.main_preview import show_on_task
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.context import Context

FOR_THE_WEB = "for the web"
"""The outcome that says: its WebM is there, too."""

WEB_MOVIE = "make_web_movie"
"""The task that makes the WebM and the strip of frames."""

SHOTGUN = "shotgun"
"""Where a movie came from whose clients look at those."""

Settle = Callable[["Context", "Change", Mapping[str, Any]], None]


def settle_preview(context: Context, row: PreviewFile, values: Mapping[str, Any]) -> Result:
    """Note `outcome` (a key of the table below) of the file under `source_key`, with what belongs to it."""
    change = context.touch(facet("PreviewFile"), row)
    awaited = "ready" if values["outcome"] == FOR_THE_WEB else "processing"
    if row.source_key == values["source_key"] and row.status == awaited:
        _OUTCOMES[values["outcome"]](context, change, values)
    return context.result_of(change)


def _working(_context: Context, change: Change, values: Mapping[str, Any]) -> None:
    change.set("progress", values["progress"])


def _ready(context: Context, change: Change, values: Mapping[str, Any]) -> None:
    for name in ("width", "height", "duration", "file_size", "data"):
        change.set(name, values[name])
    change.set("status", "ready")
    change.set("progress", 100)
    change.set("problem", "")
    show_on_task(context, change.row)
    row = change.of(PreviewFile)
    if row.source == SHOTGUN and row.is_movie:
        context.work.defer(WEB_MOVIE, {"preview_id": str(row.id), "source_key": row.source_key})


def _for_the_web(_context: Context, change: Change, _values: Mapping[str, Any]) -> None:
    change.set("data", {"has_web_movie": True})


def _broken(_context: Context, change: Change, values: Mapping[str, Any]) -> None:
    change.set("status", "broken")
    change.set("problem", values["problem"])


_OUTCOMES: Mapping[str, Settle] = {
    "working": _working,
    "ready": _ready,
    "broken": _broken,
    FOR_THE_WEB: _for_the_web,
}
