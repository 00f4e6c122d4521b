"""A cut as a spreadsheet: a line for each shot with its place in the cut, as exports of shots write it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from zou_server.models.errors import Invalid
from zou_server.services.importers.cuts.cut_in_file import ShotInCut, Skipped
from zou_server.services.importers.tables.columns import (
    ImportColumn,
    count,
    decimal,
    held_by,
    known_columns,
    text,
)
from zou_server.services.importers.tables.read_table import TableFile
from zou_server.services.importers.tables.sheet import Sheet, SheetRow, read_known
from zou_server.services.ports import Clip
from zou_server.services.production.cut_items import MOST_FRAMES
from zou_server.services.production.name_clips import Naming
from zou_server.services.rules.vocabulary import slug

COLUMNS = (
    ImportColumn("episode", ("Episode",), held_by("Episode", "name")),
    ImportColumn("sequence", ("Sequence",), held_by("Sequence", "name")),
    ImportColumn("name", ("Name", "Shot"), held_by("Shot", "name"), required=True),
    ImportColumn("first", ("Frame In", "In"), count, required=True),
    ImportColumn("last", ("Frame Out", "Out"), count),
    ImportColumn("frames", ("Nb Frames", "Frames"), count),
    ImportColumn("source_in", ("Source In",), count),
    ImportColumn("source_out", ("Source Out",), count),
    ImportColumn("speed", ("Speed",), decimal),
    ImportColumn("reel", ("Reel", "Tape"), text),
)
_TARGETS = tuple(column.target for column in COLUMNS)

_OTHERS = frozenset({"clip_name", "file", "cdl", "markers", "head", "early", "tail", "transition", "track"})
_OTHERS |= {"counted_in", "counted_out"}
_OF_COLUMN: Mapping[str, frozenset[str]] = {
    # a column: the keys of an item that it says
    "source_in": frozenset({"cut_item_in", "cut_item_out"}),
    "speed": frozenset({"speed"}),
    "reel": frozenset({"reel"}),
}


def cut_in_table(
    file: TableFile, naming: Naming, ignored: Iterable[str]
) -> tuple[list[ShotInCut], list[Skipped]]:
    """The shots of a file, and its lines without a place; `ignored` are headings that say nothing of a cut.

    Invalid, with every wrong line, for places and lengths that do not agree, and for a file without any.
    """
    known = known_columns(COLUMNS)
    sheet = read_known(file, COLUMNS, [heading for heading in ignored if slug(heading) not in known])
    unsaid = _OTHERS.union(*(keys for target, keys in _OF_COLUMN.items() if not sheet.has(target)))
    found: dict[Any, ShotInCut] = {}
    skipped: list[Skipped] = []
    for row in sheet.rows:
        sheet.read(row, _TARGETS)
        if "first" not in row.cells:
            skipped.append(Skipped(row.cells.get("name", ""), "has no place in the cut", row.line))
            continue
        clip = _clip(sheet, row) if sheet.require(row, ("name",)) else None
        if clip is not None:
            place = (row.values.get("episode", ""), row.values.get("sequence", ""))
            key = (naming.folded(place[0]), naming.folded(place[1]), naming.folded(clip.name))
            found.setdefault(key, ShotInCut(place, clip.name, unsaid=unsaid)).clips.append(clip)
    sheet.problems.raise_if_any()
    if not found:
        raise Invalid("No line of the file has a place in the cut.", {"Frame In": ["is empty in every line"]})
    return list(found.values()), skipped


class _ContradictionError(ValueError):
    """A line contradicts itself; where, and how."""

    def __init__(self, target: str, why: str) -> None:
        self.target, self.why = target, why
        super().__init__(why)


def _clip(sheet: Sheet, row: SheetRow) -> Clip | None:
    """What a line says; None, and noted, when it contradicts itself."""
    said = row.values
    if not {"name", "first"} <= said.keys():
        return None
    try:
        length = _length(said)
        source = _source(said, length)
    except _ContradictionError as error:
        sheet.wrong(row, error.target, error.why)
        return None
    speed, reel = round(float(said.get("speed", 1)), 6), said.get("reel", "")
    return Clip(said["name"], said["first"], length, source=source, speed=speed, reel=reel, line=row.line)


def _length(said: Mapping[str, Any]) -> int:
    """How many frames show a shot."""
    first, last, frames = said["first"], said.get("last"), said.get("frames")
    length = frames if last is None else last - first + 1
    if length is None:
        raise _ContradictionError("frames", "is empty, and so is Frame Out")
    if not 0 < length < MOST_FRAMES or first >= MOST_FRAMES:
        raise _ContradictionError("frames" if last is None else "last", "makes a length that no shot has")
    if frames not in (None, length):
        raise _ContradictionError("frames", f"is {frames}, but from Frame In to Frame Out there are {length}")
    return int(length)


def _source(said: Mapping[str, Any], length: int) -> tuple[int, int] | None:
    """The first frame of its source, and how many."""
    begin, end = said.get("source_in"), said.get("source_out")
    if end is not None and (begin is None or end < begin):
        raise _ContradictionError("source_out", "is before Source In")
    if begin is None:
        return None
    return begin, length if end is None else end - begin + 1
