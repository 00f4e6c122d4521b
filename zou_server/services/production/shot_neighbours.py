"""Shots between those before and after them in the cut, each with its newest preview.

The cut is that of the episode, or of all sequences that are in none: by the place that each shot says. Where
sequences were cut by themselves (their places overlap) it is one sequence after the other, by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zou_server.models.conditions import (
    All,
    AnyOf,
    Condition,
    InQuery,
    Not,
    Op,
    Order,
    Output,
    Projection,
    Query,
    Where,
)
from zou_server.models.registry import facet
from zou_server.services.production.cut_overlap import cut_overlap

if TYPE_CHECKING:
    from zou_server.query.spelling import Spelling
    from zou_server.services.read.reader import Reader

Shot = dict[str, Any]
Place = tuple[Any, ...]


def _keys(*names: str, **paths: str) -> Projection:
    return Projection(
        (*(Output(name, name) for name in names), *(Output(key, path) for key, path in paths.items()))
    )


SHOT = _keys(
    *("id", "name", "nb_frames", "parent_id", "preview_file_id"),
    sequence_name="sequence.name",
    frame_in="data.frame_in",
    frame_out="data.frame_out",
)
TAKE = _keys(
    *("id", "revision", "extension", "status", "width", "height", "duration", "task_id", "data"),
    task_type_id="task.task_type_id",
)
_PLACED = _keys(
    *("id", "name", "nb_frames", "parent_id", "episode_id", "project_id"),
    sequence_name="sequence.name",
    frame_in="data.frame_in",
)
_NEWEST = _keys("id", entity_id="task.entity_id")
_OMITTED = Where("production_state", Op.EQ, "canceled")
BESIDE = ("before", "shot", "after")


def shot_neighbours(
    reader: Reader, spelling: Spelling, ids: Sequence[str]
) -> dict[str, dict[str, Shot | None]]:
    """For each of some shots: before, the shot, and after; None at the ends of the cut."""
    wanted = _rows(reader, spelling, "Shot", _PLACED, Where("id", Op.IN, list(ids)))
    lines = _in_cut_order(_around(reader, spelling, wanted) + wanted)
    beside: dict[str, tuple[str | None, str, str | None]] = {}
    for line in lines:
        for before, id_, after in zip([None, *line], line, [*line[1:], None], strict=False):
            beside[id_] = (before, id_, after)
    found = {id_: beside[id_] for id_ in ids if id_ in beside}
    shown = _shown(reader, spelling, {id_ for three in found.values() for id_ in three if id_})
    return {
        id_: {key: shown.get(each) if each else None for key, each in zip(BESIDE, three, strict=True)}
        for id_, three in found.items()
    }


def _around(reader: Reader, spelling: Spelling, shots: Sequence[Shot]) -> list[Shot]:
    """The shots of the cuts that some are in, but for these and those that are omitted."""
    places = {(shot["project_id"], shot["episode_id"]) for shot in shots if shot["parent_id"]}
    cuts: list[Condition] = [
        All(
            (
                Where("project_id", Op.EQ, project),
                Where("episode_id", Op.NULL) if episode is None else Where("episode_id", Op.EQ, episode),
            )
        )
        for project, episode in places
    ]
    if not cuts:
        return []
    others = Not(Where("id", Op.IN, [shot["id"] for shot in shots]))
    in_cut = All((AnyOf(tuple(cuts)), Not(_OMITTED), others, Not(Where("parent_id", Op.NULL))))
    return _rows(reader, spelling, "Shot", _PLACED, in_cut)


def _in_cut_order(shots: Iterable[Shot]) -> list[list[str]]:
    """The ids of the shots of each cut in its order; a shot below nothing is alone."""
    cuts: dict[Place, list[Shot]] = {}
    for shot in shots:
        alone = "" if shot["parent_id"] else shot["id"]
        cuts.setdefault((shot["project_id"], shot["episode_id"], alone), []).append(shot)
    return [_ordered(cut) for cut in cuts.values()]


def _ordered(shots: Sequence[Shot]) -> list[str]:
    ends: dict[Any, float] = {}
    for shot in shots:
        ends[shot["parent_id"]] = max(ends.get(shot["parent_id"], 0.0), _first(shot) or 0.0)
    is_split = _overlap(shots)

    def place(shot: Shot) -> Place:
        first = _first(shot)
        sequence = (shot["sequence_name"] or "", str(shot["parent_id"])) if is_split else ("", "")
        at = ends[shot["parent_id"]] if first is None else first
        return (*sequence, at, first is None, shot["name"] or "", shot["id"])

    return [shot["id"] for shot in sorted(shots, key=place)]


def _first(shot: Mapping[str, Any]) -> float | None:
    """The first frame of a shot in the cut, as far as it says a number."""
    said = shot["frame_in"]
    if isinstance(said, str) and said.isascii() and said.isdigit() and len(said) < 10:  # noqa: PLR2004
        return float(said)
    return float(said) if isinstance(said, int | float) and not isinstance(said, bool) else None


def _overlap(shots: Sequence[Shot]) -> bool:
    """True where two sequences show something at one time: each was cut by itself then."""
    return cut_overlap(
        (first, first + max(shot["nb_frames"] or 0, 1), str(shot["parent_id"]))
        for shot, first in ((shot, _first(shot)) for shot in shots)
        if first is not None
    )


def _shown(reader: Reader, spelling: Spelling, ids: set[str]) -> dict[str, Shot]:
    """Shots as they are shown, each with its newest preview that can be looked at."""
    wanted = sorted(ids)
    tasks = Query(facet("Task"), Projection(()), Where("entity_id", Op.IN, wanted))
    ready = All((InQuery("task_id", tasks, "id"), Where("status", Op.EQ, "ready")))
    order = (Order("created_at", descending=True), Order("position"))
    query = Query(facet("PreviewFile"), _NEWEST, ready, order, first_of="task.entity_id")
    newest = {take["entity_id"]: take["id"] for take in reader.rows(query, spelling)}
    previews = _rows(reader, spelling, "PreviewFile", TAKE, Where("id", Op.IN, sorted(newest.values())))
    by_id = {preview["id"]: preview for preview in previews}
    shots = _rows(reader, spelling, "Shot", SHOT, Where("id", Op.IN, wanted))
    return {shot["id"]: {**shot, "latest_preview": by_id.get(newest.get(shot["id"], ""))} for shot in shots}


def _rows(
    reader: Reader,
    spelling: Spelling,
    kind: str,
    projection: Projection,
    where: Condition,
    *order: Order,
) -> list[Shot]:
    return reader.rows(Query(facet(kind), projection, where, order), spelling)
