"""Drawing on a preview, for several reviewers at once: the row is locked while one change is merged in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.models.review import PreviewFile
from zou_server.schemas.derive import load
from zou_server.services.previews.annotations import KINDS, merged
from zou_server.services.previews.main_preview import task_behind
from zou_server.services.previews.true_frames import counting_of, with_times, with_true_frames
from zou_server.services.write.named_event import named_event
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context


def annotate_preview(context: Context, row: PreviewFile, values: Mapping[str, Any]) -> Result:
    """Merge `additions`, `updates` and `deletions`, each a list, into the annotations."""
    if unknown := sorted(values.keys() - set(KINDS)):
        raise Invalid(fields={name: ["unknown field"] for name in unknown})
    given = {name: values.get(name) or [] for name in KINDS}
    if wrong := [name for name, items in given.items() if not isinstance(items, list)]:
        raise Invalid(fields={name: ["is not a list"] for name in wrong})
    task_behind(context, row)
    counting = counting_of(row.data)
    given = {name: with_times(name, items, counting) for name, items in given.items()}
    found = merged(row.annotations or [], given["additions"], given["updates"], given["deletions"])
    found = with_true_frames(found, counting)
    change = context.touch(facet("PreviewFile"), row)
    change.set("annotations", load(facet("PreviewFile"), {"annotations": found})["annotations"])
    context.work.record(
        named_event(
            "annotation-update",
            change.identity,
            person_id=context.actor.person_id,
            updated_at=f"{context.work.now:%Y-%m-%dT%H:%M:%S}",
        )
    )
    return context.result_of(change)
