"""The frames of a preview that somebody drew on, with what they drew: for a mail, a wall, a look later."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from PIL import Image

from zou_server.footage.frame_rate import rate_or_none
from zou_server.models.conditions import Op, Output, Projection, Query, Where
from zou_server.models.errors import Invalid, NotFound
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.files.attachments import harmless_name
from zou_server.services.files.threadpool import aside
from zou_server.services.previews.draw_annotations import draw_annotations
from zou_server.services.previews.keys import movie_key, rendition_key
from zou_server.services.previews.shape import SHAPE_OUTPUTS, shape_of
from zou_server.services.previews.true_frames import RATE, Counting, counting_of

if TYPE_CHECKING:
    from zou_server.services.ports import Media, Storage, WorkFolders
    from zou_server.services.read.reader import Reader

MOST_FRAMES = 500
_PLAIN = Spelling()
_NAMES = ("id", "name", "original_name", "is_movie", "annotations", "data")
_PROJECTION = Projection((*(Output(name, name) for name in _NAMES), *SHAPE_OUTPUTS))


@dataclass(frozen=True, slots=True)
class Darkroom:
    """The tools that take frames out of movies."""

    storage: Storage
    media: Media
    folders: WorkFolders


@dataclass(frozen=True, slots=True)
class Drawn:
    """A preview, and what is drawn on it by the number of the frame, counted from 0."""

    id: str
    name: str
    is_movie: bool
    frames: Mapping[int, list[Mapping[str, Any]]]
    counting: Counting | None = None


def find_drawn(reader: Reader, id_: str) -> Drawn:
    """The preview; NotFound when there is none for the reader's actor.

    A moment of a movie is a frame by the rate that movies of its shot are made with.
    """
    text = reader.one(Query(facet("PreviewFile"), _PROJECTION, Where("id", Op.EQ, id_)), _PLAIN)
    if text is None:
        raise NotFound(f"PreviewFile {id_} not found.")
    found: dict[str, Any] = json.loads(text)
    rate = _rate(found) if found["is_movie"] else Fraction(0)
    frames: dict[int, list[Mapping[str, Any]]] = {}
    for annotation in found["annotations"] or []:
        if isinstance(annotation, Mapping):
            frames.setdefault(_frame_of(annotation, rate), []).append(annotation)
    name = found["original_name"] or found["name"] or id_
    counting = counting_of(found["data"]) if found["is_movie"] else None
    return Drawn(id_, harmless_name(name), bool(found["is_movie"]), dict(sorted(frames.items())), counting)


def _rate(found: Mapping[str, Any]) -> Fraction:
    """The rate of a preview's movie, which may have kept its own."""
    known = rate_or_none((found["data"] or {}).get(RATE))
    return known.exact if known else Fraction(shape_of(found, keep=False).rate)


def _number(drawn: Drawn, index: int) -> int:
    """What a frame is called in a file's name: by its true number where that is known."""
    counting = drawn.counting
    return index if counting is None else counting.true_frame(float(index / counting.rate))


def annotated_frame(room: Darkroom, drawn: Drawn, number: int) -> IO[bytes]:
    """One frame with what is drawn on it, as an open PNG; a picture is its frame 0."""
    with room.folders.folder() as folder:
        return _drawn(room, drawn, number, folder).open("rb")


def annotated_frames(room: Darkroom, drawn: Drawn) -> IO[bytes]:
    """All frames that somebody drew on, as an open ZIP of PNG files; NotFound when nobody did."""
    if not drawn.frames:
        raise NotFound("Nobody has drawn on this preview.")
    if len(drawn.frames) > MOST_FRAMES:
        raise Invalid(f"There are drawings on {len(drawn.frames)} frames; at most {MOST_FRAMES} are taken.")
    with room.folders.folder() as folder:
        target = folder / "frames.zip"
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:  # PNG is small already
            for number in drawn.frames:
                try:
                    archive.write(
                        _drawn(room, drawn, number, folder), f"{drawn.name}_{_number(drawn, number):05d}.png"
                    )
                except Invalid:
                    continue  # drawn behind the end of a movie that became shorter
        return target.open("rb")


def _frame_of(annotation: Mapping[str, Any], rate: Fraction) -> int:
    time = annotation.get("time") or 0
    return round(time * rate) if isinstance(time, int | float) and not isinstance(time, bool) else 0


def _drawn(room: Darkroom, drawn: Drawn, number: int, folder: Path) -> Path:
    with _frame(room, drawn, number, folder) as source:
        target = folder / "drawn.png"
        aside(partial(_draw, source, drawn.frames.get(number, []), target))
    return target


@contextmanager
def _frame(room: Darkroom, drawn: Drawn, number: int, folder: Path) -> Iterator[Path]:
    if drawn.is_movie:
        with room.storage.local_copy(movie_key("originals", drawn.id)) as movie:
            yield room.media.frame(movie, number, folder)
    elif number:
        raise Invalid(fields={"frame_number": ["can be given for a movie only"]})
    else:
        with room.storage.local_copy(rendition_key("pictures/originals", drawn.id)) as picture:
            yield picture


def _draw(source: Path, annotations: list[Mapping[str, Any]], target: Path) -> None:
    with Image.open(source) as picture:
        draw_annotations(picture, annotations).save(target, "PNG")
