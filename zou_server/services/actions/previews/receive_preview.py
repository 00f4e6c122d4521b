"""A preview gets its file: what is noted of it, and what has to be made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.models.review import PreviewFile
from zou_server.models.versions import PICTURES, TAKEN_AWAY
from zou_server.services.previews.formats import MediaForm, form_of, review_form, shown_extension
from zou_server.services.previews.main_preview import show_on_task
from zou_server.services.write.named_event import named_event
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context

AGAIN = frozenset({"broken", "missing"})
"""States of a preview that takes another file in place of the one it has."""


def check_receiving(context: Context, row: PreviewFile, _values: Mapping[str, Any]) -> Result:
    """Refuse a second file of this preview; changes nothing."""
    if row.source_key is not None and row.status not in AGAIN:
        raise Invalid("This preview has its file already.", {"file": ["was sent already"]})
    return context.result_of(context.touch(facet("PreviewFile"), row))


FRAMES = {"extension": "mp4", "is_movie": True, "status": "processing", "progress": 0}
"""What a preview says of an archive of numbered pictures, of which a movie is to be made."""


def receive_preview(context: Context, row: PreviewFile, values: Mapping[str, Any]) -> Result:
    """Note a stored file: `source_key`, `checksum`, `size`, and its `name` and `extension` as sent."""
    check_receiving(context, row, values)
    extension = values["extension"]
    change = context.touch(facet("PreviewFile"), row)
    row.source_key = values["source_key"]  # where we keep it is nobody's event
    has_frames = bool(values.get("has_frames"))
    size, checksum = values["size"], values["checksum"]
    found = known_of_file(values["name"], extension, size, checksum, has_frames=has_frames)
    for name, value in found.items():
        change.set(name, value)
    context.work.record(named_event("add-file", change.identity))
    _shows_again(context, row)
    if review_form(extension, has_frames=has_frames) is MediaForm.OTHER:
        show_on_task(context, row)
    return context.result_of(change)


def _shows_again(context: Context, row: PreviewFile) -> None:
    """A version whose picture was taken away has one again: that of the new file."""
    if row.version_id is None:
        return
    context.rows.load([(facet("Version"), row.version_id)])
    version: Any = context.rows.find(facet("Version"), row.version_id)
    away = {key: None for key in PICTURES if version and (version.data or {}).get(key) is TAKEN_AWAY}
    if away:
        context.touch(facet("Version"), version).set("data", away)


def known_of_file(
    name: str, extension: str, size: int, checksum: str, *, has_frames: bool = False
) -> dict[str, Any]:
    """The fields of a preview about its file as it was sent; renditions are still to be made."""
    found = {
        "original_name": name,
        "extension": shown_extension(extension),
        "file_size": size,
        "checksum": checksum,
        "is_movie": form_of(extension) is MediaForm.MOVIE,
        "status": "processing",
        "progress": 0,
        "problem": "",
        "data": {"original_file_size": size},
    }
    if has_frames:
        return found | FRAMES
    return found | {"status": "ready", "progress": 100} if form_of(extension) is MediaForm.OTHER else found
