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

Settle = Callable[["Context", "Change", Mapping[str, Any]], None]


def settle_preview(context: Context, row: PreviewFile, values: Mapping[str, Any]) -> Result:
    """Note `outcome` (working, ready, broken) of the file under `source_key`, with what belongs to it."""
    change = context.touch(facet("PreviewFile"), row)
    if row.source_key == values["source_key"] and row.status == "processing":
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


def _broken(_context: Context, change: Change, values: Mapping[str, Any]) -> None:
    change.set("status", "broken")
    change.set("problem", values["problem"])


_OUTCOMES: Mapping[str, Settle] = {"working": _working, "ready": _ready, "broken": _broken}
