"""A background for 3D previews gets its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.preview_background import PreviewBackgroundFile
from zou_server.models.registry import facet
from zou_server.services.write.named_event import named_event
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context


def receive_background(context: Context, row: PreviewBackgroundFile, values: Mapping[str, Any]) -> Result:
    """Note a stored file: `source_key`, `size`, `name` and `extension`. No values: only check the rights."""
    kind = facet("PreviewBackgroundFile")
    change = context.touch(kind, row)
    if values:
        row.source_key = values["source_key"]
        change.set("original_name", values["name"])
        change.set("extension", values["extension"])
        change.set("file_size", values["size"])
        context.work.record(named_event("add-file", change.identity))
    return context.result_of(change)
