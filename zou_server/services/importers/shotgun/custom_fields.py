"""A studio's own fields: `sg_weight` of shots becomes `data.weight` and the custom field behind it.

In Shotgun's dialect such a field is `sg_weight` again, so that scripts find it where it was. A field of
projects and people is the studio's, any other that of the project whose rows have it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.custom_fields import FieldDescriptor
from zou_server.models.registry import Kind, facet
from zou_server.models.values import COERCE
from zou_server.services.importers.shotgun import values as v
from zou_server.services.importers.shotgun.find_references import among
from zou_server.services.importers.shotgun.kinds import ImportKind
from zou_server.services.importers.shotgun.read_rows import CUSTOM
from zou_server.services.importers.shotgun.rows import SgRow
from zou_server.services.write.operations import Create, Operation, Update

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

RESERVED = frozenset({"frame_in", "frame_out", "fps", "resolution", "max_retakes"})
"""Keys that every client knows without a custom field of that name."""

_KEY = re.compile(r"\w{1,100}\Z")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")

SCHEMA: Mapping[tuple[str, str], str] = {
    # (type of the custom field, Shotgun's key): its type in the schema that Shotgun installs
    ("Project", "sg_type"): "list",
    ("Sequence", "sg_due_1"): "date",
    ("Sequence", "sg_sequence_type"): "list",
    ("Sequence", "sg_sequencenumber"): "string",
    ("Scene", "sg_scene_type"): "list",
    ("Shot", "sg_cut_order"): "number",
    ("Shot", "sg_head_in"): "number",
    ("Shot", "sg_tail_out"): "number",
    ("Shot", "sg_working_duration"): "number",
    ("Shot", "sg_shot_type"): "list",
    ("Shot", "sg_shotnumber"): "string",
    ("Task", "sg_task_order"): "number",
    ("PreviewFile", "sg_first_frame"): "number",
    ("PreviewFile", "sg_last_frame"): "number",
    ("PreviewFile", "sg_frames_aspect_ratio"): "number",
    ("PreviewFile", "sg_movie_aspect_ratio"): "number",
    ("PreviewFile", "sg_frames_have_slate"): "boolean",
    ("PreviewFile", "sg_movie_has_slate"): "boolean",
    ("PreviewFile", "sg_path_to_frames"): "string",
    ("PreviewFile", "sg_path_to_movie"): "string",
    ("PreviewFile", "sg_version_type"): "list",
    ("Note", "sg_note_type"): "list",
}


def _text(value: object) -> str:
    """Texts as they are; of links and lists the names."""
    if isinstance(value, Mapping):
        return v.text(value.get("name") or value.get("code") or value.get("url") or value.get("id") or "")
    if isinstance(value, list):
        return ", ".join(_text(each) for each in value)
    return v.text(value)


def _number(value: object) -> float | int:
    try:
        found = float(COERCE[Kind.NUMBER](value))
    except (ValueError, OverflowError, TypeError):
        raise ValueError("is not a number") from None
    return int(found) if found.is_integer() and abs(found) <= v.MOST else found


def _flag(value: object) -> str:
    # Kitsu writes the flags of custom fields as these two words, and reads no others.
    return "true" if COERCE[Kind.BOOLEAN](value) else "false"


def _address(value: object) -> str:
    return v.text(value.get("url") or "") if isinstance(value, Mapping) else v.text(value)


READERS: Mapping[str, Callable[[object], Any]] = {
    "number": _number,
    "boolean": _flag,
    "date": v.day,
    "url": _address,
}
"""Data type of a custom field -> how its values are read; any other keeps texts."""


@dataclass(slots=True)
class _Field:
    """A custom field in use: its type, and the choices that it needs."""

    data_type: str
    id: uuid.UUID | None = None
    choices: list[str] = field(default_factory=list)
    is_used: bool = False
    new_choices: bool = False


Place = tuple[uuid.UUID | None, str]
"""A project (None for the studio) and a key."""


def take_custom_fields(work: UnitOfWork, kind: ImportKind, rows: Sequence[SgRow]) -> None:
    """Put the rows' own fields into their data, and make the custom fields that are missing."""
    mine = [row for row in rows if row.custom and not row.refused]
    if not mine:
        return
    fields = _existing(work, kind, mine)
    for row in mine:
        for key, value in row.custom.items():
            try:
                row.data[_name(key)] = _read(kind, fields, row, key, value)
            except ValueError as error:
                row.leave_out(f"{v.storable(key[:100])}: {error}")
    used = {id(each): (place, each) for place, each in fields.items() if each.is_used}
    operations = [_operation(kind, place, each) for place, each in used.values()]
    work.execute([each for each in operations if each is not None])


def _name(key: str) -> str:
    name = key.removeprefix(CUSTOM)
    if not _KEY.match(name):
        raise ValueError("is no name of a field")
    return name


def _read(kind: ImportKind, fields: dict[Place, _Field], row: SgRow, key: str, value: object) -> Any:
    name = _name(key)
    if name in RESERVED:
        return value if isinstance(value, int | float) else v.text(value)
    place = (row.project_id, name)
    if place not in fields:
        studio = fields.get((None, name))
        fields[place] = studio or _Field(SCHEMA.get((kind.custom, key)) or _guess(value))
    found = fields[place]
    read = READERS.get(found.data_type, _text)(value)
    found.is_used = True
    if found.data_type == "list" and read not in found.choices:
        found.choices.append(read)
        found.new_choices = True
    return read


def _guess(value: object) -> str:
    """The type of a field that no schema tells of, from its first value."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str) and _ISO_DAY.match(value):
        return "date"
    if isinstance(value, Mapping) and "url" in value:
        return "url"
    return "string"


def _existing(work: UnitOfWork, kind: ImportKind, rows: Sequence[SgRow]) -> dict[Place, _Field]:
    projects = {row.project_id for row in rows if row.project_id}
    model = FieldDescriptor
    found = work.session.execute(
        sa.select(model.id, model.project_id, model.field_name, model.data_type, model.choices).where(
            sa.or_(among(model.project_id, projects), model.project_id.is_(None)),
            model.entity_type == kind.custom,
            model.task_type_id.is_(None),
            model.deleted_at.is_(None),
        )
    )
    return {
        (row.project_id, row.field_name): _Field(
            row.data_type or "string", row.id, [str(each) for each in row.choices or ()]
        )
        for row in found
    }


def _operation(kind: ImportKind, place: Place, found: _Field) -> Operation | None:
    project, name = place
    choices = {"choices": found.choices} if found.new_choices else {}
    if found.id is not None:
        return Update(facet("FieldDescriptor"), found.id, choices) if choices else None
    label = name.replace("_", " ").strip().capitalize() or name
    names = {"entity_type": kind.custom, "name": label, "field_name": name, "data_type": found.data_type}
    return Create(facet("FieldDescriptor"), {"project_id": project, **names, **choices})
