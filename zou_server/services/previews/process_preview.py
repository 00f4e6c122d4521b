"""From the file that was sent to what people look at: done in a job, which may be done twice.

What it makes has the same keys every time, so a job that was killed is simply done again. The row says
`ready` only when everything is in the file store.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zou_server.footage.frame_rate import rate_or_none
from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import Op, Output, Projection, Query, Where
from zou_server.models.errors import NotFound, Unreadable
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.ports import Media, Rendered, Storage, WorkFolders
from zou_server.services.previews.formats import MediaForm, form_of
from zou_server.services.previews.image_sequence import ARCHIVE
from zou_server.services.previews.keys import extension_of, rendition_key
from zou_server.services.previews.progress import Progress
from zou_server.services.previews.shape import SHAPE_OUTPUTS, shape_of
from zou_server.services.previews.true_frames import FIRST, RATE
from zou_server.services.studio import Studio
from zou_server.services.write.operations import Act

_PLAIN = Spelling()
MOVIES = {"movies/originals": "previews", "movies/low": "lowdef"}
"""What Zou's clients call the versions of a movie."""
_OWN = {
    "source_key": "source_key",
    "status": "status",
    "frame_in": "task.entity[Entity].data.frame_in",
    "counts_from_frame_in": "task.project.is_frame_in_numbering",
}
_SOURCE = Projection((*(Output(key, path) for key, path in _OWN.items()), *SHAPE_OUTPUTS))


@dataclass(frozen=True, slots=True)
class Workshop:
    """The tools that make renditions. `is_closing` tells that this process was asked to end."""

    studio: Studio
    storage: Storage
    media: Media
    folders: WorkFolders
    is_closing: Callable[[], bool] = lambda: False


class Superseded(Exception):
    """The preview is gone, or got another file while this one was worked on."""


@dataclass(frozen=True, slots=True)
class Take:
    """One file of one preview."""

    id: uuid.UUID
    source_key: str


def process_preview(workshop: Workshop, take: Take, *, normalize: bool = True) -> str:
    """Make the renditions and say so; returns what became of it: ready, broken, superseded."""
    try:
        found = _found(workshop.studio, take)
        try:
            with workshop.folders.folder() as folder, workshop.storage.local_copy(take.source_key) as source:
                rendered = _rendered(workshop, take, source, folder, found, normalize=normalize)
                size = _keep(workshop.storage, take, rendered)
        except Unreadable as error:
            give_up(workshop.studio, take, error.message)
            return "broken"
        _tell(workshop.studio, take, outcome="ready", **_facts(rendered, size, found))
    except Superseded:
        return "superseded"
    return "ready"


def give_up(studio: Studio, take: Take, problem: str) -> None:
    """Mark the preview broken, with the reason for whoever sent the file; nothing when it is gone."""
    with suppress(Superseded):
        _tell(studio, take, outcome="broken", problem=problem)


def _found(studio: Studio, take: Take) -> Mapping[str, Any]:
    query = Query(facet("PreviewFile"), _SOURCE, Where("id", Op.EQ, str(take.id)))
    text = studio.read(SYSTEM).one(query, _PLAIN)
    found: dict[str, Any] = {} if text is None else json.loads(text)
    if found.get("source_key") != take.source_key or found["status"] != "processing":
        raise Superseded
    return found


def _rendered(
    workshop: Workshop, take: Take, source: Path, folder: Path, found: Mapping[str, Any], *, normalize: bool
) -> Rendered:
    extension = extension_of(take.source_key)
    shape = shape_of(found, keep=not normalize)
    if form_of(extension) is MediaForm.PICTURE:
        return workshop.media.picture(source, extension, folder, shape.look)
    report = Progress(
        workshop.is_closing,
        lambda percent: _tell(workshop.studio, take, outcome="working", progress=percent),
    )
    if extension == ARCHIVE:
        return workshop.media.sequence(source, folder, shape, report)
    return workshop.media.movie(source, folder, shape, report)


def _keep(storage: Storage, take: Take, rendered: Rendered) -> int:
    """Put the renditions into the file store; returns the size of the largest picture or full movie."""
    sizes = {}
    for place, path in rendered.files.items():
        with path.open("rb") as stream:
            sizes[place] = storage.put(rendition_key(place, take.id), stream).size
    return sizes.get("movies/originals") or sizes["pictures/originals"]


def _facts(rendered: Rendered, size: int, found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "width": rendered.width,
        "height": rendered.height,
        "duration": rendered.duration,
        "file_size": size,
        "data": {
            **{f"original_{name}": value for name, value in rendered.original.items()},
            **_start_of_shot(rendered.facts, found),
            **rendered.facts,
            **_movies(rendered),
        },
    }


def _movies(rendered: Rendered) -> dict[str, Any]:
    """Which versions of a movie are kept, beside what was sent; none for a picture."""
    kept = [word for place, word in MOVIES.items() if place in rendered.files]
    return {"movie_prefixes": ["source", *kept]} if kept else {}


def _start_of_shot(facts: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """The number of a movie's first frame by its shot, in a project whose frames are counted from there."""
    rate = rate_or_none(facts.get(RATE))
    try:
        first = int(str(found["frame_in"]))
    except ValueError:
        return {}
    if rate is None or first < 0 or not found["counts_from_frame_in"]:
        return {}
    return {FIRST: first, "start_timecode": rate.timecode(first)}


def _tell(studio: Studio, take: Take, **values: Any) -> None:
    """Say what is the case; Superseded when it no longer is about this file."""
    with _wanted(), studio.write(SYSTEM) as work:
        said = {"source_key": take.source_key, **values}
        work.execute([Act("settle_preview", facet("PreviewFile"), take.id, said)])
        work.commit()


@contextmanager
def _wanted() -> Iterator[None]:
    try:
        yield
    except NotFound:
        raise Superseded from None
