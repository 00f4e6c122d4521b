"""The takes of a shared link with its marks on them: made in a job, kept apart for each link.

A take that is not marked yet is not shown by such a link at all.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from PIL import Image

from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import Op, Output, Projection, Query, Where
from zou_server.models.errors import NotFound, Unreadable
from zou_server.models.playlist_sharing import PlaylistShareLink
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.playlists.draw_mark import Mark, draw_mark
from zou_server.services.ports import TILE_HEIGHT, TILES_IN_ROW, Counter
from zou_server.services.previews.keys import rendition_key
from zou_server.services.previews.name_take import name_of_take
from zou_server.services.previews.true_frames import counting_of
from zou_server.services.write.operations import Update

if TYPE_CHECKING:
    from zou_server.services.ports import Storage
    from zou_server.services.previews.process_preview import Workshop
    from zou_server.services.write.unit_of_work import UnitOfWork

TASK = "mark_take"


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a link on its takes: a text all over them, their names and their frames' numbers."""

    watermark: str | None = None
    burn_in: bool = False


TILES = "movies/tiles"
STILLS = ("pictures/thumbnails", "pictures/previews")
MOVIES = (TILES, "movies/originals", "movies/low")
MARKED = frozenset((*STILLS, *MOVIES))
"""The renditions that a link shows, all with its marks."""

ORDERED = "marked"
"""The key of a link's `data` that says which takes were ordered, and what was wrong with one."""

ORDERED_ONCE = "ordered"
"""The same in links of before thumbnails and tiles were marked: those takes are ordered again."""

_PERHAPS = frozenset(("pictures/thumbnails", TILES))
"""Renditions that takes of before may lack."""

LINK = facet("PlaylistShareLink")

_PLAIN = Spelling()
_TAKE = Projection(
    (
        *(Output(key, key) for key in ("id", "revision", "is_movie", "status", "data")),
        Output("full_name", "task.entity[Entity].full_entity_name"),
        Output("step", "task.task_type.name"),
    )
)


def marked_key(place: str, link_id: uuid.UUID | str, take_id: str) -> str:
    """Where a take is kept as a link shows it."""
    extension = rendition_key(place, take_id).rpartition(".")[2]
    return f"marked/{place}/{str(link_id)[:3]}/{link_id}/{take_id}.{extension}"


def order_marks(work: UnitOfWork, link_id: uuid.UUID, take_ids: Iterable[str]) -> None:
    """Have the takes marked that nobody has ordered yet."""
    known = ordered_takes(work, link_id)
    new = [take for take in take_ids if take not in known]
    if new:
        work.execute([Update(LINK, link_id, {"data": {ORDERED: {**known, **dict.fromkeys(new, "")}}})])
    for take in new:
        work.defer(TASK, {"link_id": str(link_id), "take_id": take})


def ordered_takes(work: UnitOfWork, link_id: uuid.UUID) -> dict[str, str]:
    """The takes that were ordered for a link, each with what is wrong with it; the link is locked."""
    return _data(work, link_id).get(ORDERED) or {}


def marked_takes(work: UnitOfWork, link_id: uuid.UUID) -> set[str]:
    """The takes of which something may be kept for a link."""
    data = _data(work, link_id)
    return {*(data.get(ORDERED_ONCE) or ()), *(data.get(ORDERED) or ())}


def _data(work: UnitOfWork, link_id: uuid.UUID) -> dict[str, Any]:
    wanted = sa.select(PlaylistShareLink.data).where(PlaylistShareLink.id == link_id).with_for_update()
    return work.session.scalar(wanted) or {}


def mark_take(workshop: Workshop, link_id: uuid.UUID, take_id: str) -> None:
    """Do such a job; what cannot be done is said in the link."""
    with workshop.studio.write(SYSTEM) as work:
        link = work.session.get(PlaylistShareLink, link_id)
        if link is None or link.deleted_at is not None or not link.is_active:
            return
        watermark, burn_in = link.watermark or "", link.burn_in
    text = workshop.studio.read(SYSTEM).one(
        Query(facet("PreviewFile"), _TAKE, Where("id", Op.EQ, take_id)), _PLAIN
    )
    if text is None:
        return
    take: dict[str, Any] = json.loads(text)
    mark = Mark(watermark, name_of_take(take) if burn_in else "")
    try:
        for place in (*STILLS, *(MOVIES if take["is_movie"] else ())):
            _keep(workshop, place, link_id, take, mark, burn_in=burn_in)
    except (Unreadable, NotFound) as error:
        give_up_marks(workshop, link_id, take_id, error.message)


def give_up_marks(workshop: Workshop, link_id: uuid.UUID, take_id: str, reason: str) -> None:
    """Note that a take cannot be marked."""
    with workshop.studio.write(SYSTEM) as work:
        known = ordered_takes(work, link_id)
        if take_id in known:
            work.execute([Update(LINK, link_id, {"data": {ORDERED: {**known, take_id: reason}}})])
            work.commit()


def forget_marks(storage: Storage, link_id: uuid.UUID, take_ids: Iterable[str]) -> None:
    """Remove what was made for a link that is closed."""
    for take in take_ids:
        for place in MARKED:
            storage.delete(marked_key(place, link_id, take))


def _keep(
    workshop: Workshop,
    place: str,
    link_id: uuid.UUID,
    take: Mapping[str, Any],
    mark: Mark,
    *,
    burn_in: bool,
) -> None:
    source = rendition_key(place, take["id"])
    if place in _PERHAPS and not workshop.storage.exists(source):
        return
    with workshop.folders.folder() as folder, workshop.storage.local_copy(source) as path:
        if place in STILLS:
            made = _still(path, mark, folder)
        elif place == TILES:
            made = _sheet(path, mark, folder)
        else:
            made = workshop.media.overlaid(
                path, _layers(mark, folder), _counter(take) if burn_in else None, folder
            )
        with made.open("rb") as stream:
            workshop.storage.put(marked_key(place, link_id, take["id"]), stream)


def _still(path: Path, mark: Mark, folder: Path) -> Path:
    target = folder / "marked.png"
    with Image.open(path) as opened:
        picture = opened.convert("RGBA")
    picture.alpha_composite(draw_mark(picture.size, mark))
    picture.save(target, "PNG")
    return target


def _sheet(path: Path, mark: Mark, folder: Path) -> Path:
    """The sheet of a movie's frames with the mark on each of them."""
    target = folder / "marked.png"
    with Image.open(path) as opened:
        sheet = opened.convert("RGB")
    width, height = sheet.width // TILES_IN_ROW, TILE_HEIGHT
    layer = draw_mark((width, height), mark)
    for top in range(0, sheet.height, height):
        for left in range(0, width * TILES_IN_ROW, width):
            sheet.paste(layer, (left, top), layer)
    sheet.save(target, "PNG")
    return target


def _layers(mark: Mark, folder: Path) -> Any:
    def layer(size: tuple[int, int]) -> Path:
        target = folder / "layer.png"
        draw_mark(size, mark).save(target, "PNG")
        return target

    return layer


def _counter(take: Mapping[str, Any]) -> Counter:
    """How the frames of a movie are counted in its corner: by their true numbers, else from 0."""
    known = counting_of(take["data"])
    return Counter() if known is None else Counter(known.first, known.source / known.rate)
