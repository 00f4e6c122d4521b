"""The media of previews as components of their versions: rows alone, the bytes are the previews' renditions.

ftrack's players look for a component by its name. The first take of a version has that name, whichever client
uploaded it; further takes are called as their files.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from zou_server.footage.frame_rate import rate_or_none
from zou_server.models.registry import facet
from zou_server.models.review import PreviewFile
from zou_server.models.versions import Component, StoredFile, Version
from zou_server.services.files.component_bytes import LOCATION
from zou_server.services.previews.formats import MediaForm, form_of, media_type
from zou_server.services.previews.keys import extension_of, rendition_key
from zou_server.services.previews.player_facts import FACTS, movie_facts, picture_facts
from zou_server.services.previews.true_frames import RATE
from zou_server.services.write.context import Context
from zou_server.services.write.record_changes import record_change

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

REVIEWED = {MediaForm.MOVIE: "ftrackreview-mp4", MediaForm.PICTURE: "ftrackreview-image"}
"""What the component is called that players look for."""

ENCODED = "ftrack"
"""Where previews are from that are copies of components: those have theirs already."""

_PLACES = {MediaForm.MOVIE: "movies/originals", MediaForm.PICTURE: "pictures/originals"}
_USUAL_RATE = 25.0


class Shown(NamedTuple):
    """A preview, the version that it is a take of, and the project of that."""

    preview: PreviewFile
    version_id: uuid.UUID
    project_id: uuid.UUID | None


def show_components(work: UnitOfWork, previews: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Give previews that can be looked at the components that they do not have yet."""
    found = [Shown._make(row) for row in work.session.execute(unshown(previews))]
    if not found:
        return
    reviewed = reviewed_versions(work, {each.version_id for each in found})
    context = Context(work)
    for each in found:
        is_first = each.version_id not in reviewed
        reviewed.add(each.version_id)
        _show(context, each, reviewed_name(each.preview) if is_first else own_name(each.preview))
    work.session.flush()
    for change in context.changes.values():
        record_change(work, change)


def unshown(previews: Sequence[uuid.UUID]) -> sa.Select[PreviewFile, uuid.UUID, uuid.UUID | None]:
    """The previews that are ready and have no component, the first of each version before its others."""
    has_one = sa.exists().where(
        StoredFile.preview_file_id == PreviewFile.id,
        StoredFile.deleted_at.is_(None),
        StoredFile.id == Component.stored_file_id,
        Component.deleted_at.is_(None),
    )
    return (
        sa.select(PreviewFile, Version.id, Version.project_id)
        .join(Version, Version.id == PreviewFile.version_id)
        .where(
            PreviewFile.id.in_(previews),
            PreviewFile.status == "ready",
            PreviewFile.source_key.is_not(None),
            PreviewFile.source.is_distinct_from(ENCODED),
            PreviewFile.deleted_at.is_(None),
            ~has_one,
        )
        .order_by(PreviewFile.version_id, PreviewFile.position, PreviewFile.created_at, PreviewFile.id)
    )


def reviewed_versions(
    work: UnitOfWork, versions: Iterable[uuid.UUID], *also: sa.ColumnElement[bool]
) -> set[uuid.UUID]:
    """The versions that have a component which players find, of which this holds too."""
    found = work.session.scalars(
        sa.select(Component.version_id).where(
            Component.version_id.in_(versions),
            Component.name.in_(REVIEWED.values()),
            Component.deleted_at.is_(None),
            *also,
        )
    )
    return {id_ for id_ in found if id_ is not None}


def _form(preview: PreviewFile) -> MediaForm:
    return MediaForm.MOVIE if preview.is_movie else form_of(extension_of(preview.source_key or ""))


def own_name(preview: PreviewFile) -> str:
    """What a preview's component is called that is not the first of its version."""
    return str(preview.original_name or preview.name)


def reviewed_name(preview: PreviewFile) -> str:
    """What the first one is called; files that no player opens keep their own name."""
    return REVIEWED.get(_form(preview), own_name(preview))


def _show(context: Context, shown: Shown, name: str) -> None:
    """The rows of one preview: what is kept, the component, where it is, and what players ask of it."""
    preview, project = shown.preview, {"project_id": shown.project_id}
    form = _form(preview)
    key = rendition_key(_PLACES[form], preview.id) if form in _PLACES else preview.source_key or ""
    extension, size = extension_of(key), preview.file_size or 0
    kept = {"name": own_name(preview), "file_key": key, "size": size, "media_type": media_type(extension)}
    stored = context.link(facet("StoredFile"), {**kept, "preview_file_id": preview.id}).row.id
    about = {"version_id": shown.version_id, "task_id": preview.task_id, **project}
    known = {"name": name, "file_type": f".{extension}", "size": size, "stored_file_id": stored}
    component = context.link(facet("FileComponent"), {**known, **about}).row.id
    place = {"component_id": component, "location_id": LOCATION, "path": str(component)}
    context.link(facet("ComponentLocation"), place)
    facts = _facts(preview, form)
    if facts is not None:
        told = {"object_id": component, "key": FACTS, "value": facts, "parent_type": "FileComponent"}
        context.link(facet("MetadataEntry"), {**told, **project})


def _facts(preview: PreviewFile, form: MediaForm) -> str | None:
    size = (preview.width or 0, preview.height or 0)
    if form is MediaForm.PICTURE:
        return picture_facts(*size)
    if form is not MediaForm.MOVIE:
        return None
    rate = rate_or_none((preview.data or {}).get(RATE))
    return movie_facts(preview.duration or 0.0, float(rate) if rate else _USUAL_RATE, *size)
