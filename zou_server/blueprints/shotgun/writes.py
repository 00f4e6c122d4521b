"""Fields of a create or update, made into the attributes of an operation: one writer per kind of field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.custom import Words
from zou_server.blueprints.shotgun.enumerations import ACTIVE, RULE_SETS
from zou_server.blueprints.shotgun.files.attachments import attachment, file_of, known_attachment
from zou_server.blueprints.shotgun.rows import is_, rows_of
from zou_server.blueprints.shotgun.schema.site import site
from zou_server.blueprints.shotgun.schema.wire_types import LISTS, SECRET, WireField, WireType
from zou_server.blueprints.shotgun.values import READERS, entity_parts, link, links, moment, plain, text
from zou_server.models.values import kept_words
from zou_server.models.versions import PICTURES, no_picture
from zou_server.services.write.operations import Edit, Mode, Operation, RefBy

if TYPE_CHECKING:
    from zou_server.blueprints.shotgun.call import Call

MODES: Mapping[object, Mode] = {None: Mode.SET, "set": Mode.SET, "add": Mode.ADD, "remove": Mode.REMOVE}
CREATE_ONLY: Mapping[str, tuple[str, Callable[[str, Any], Any]]] = {
    "created_at": ("made_at", moment),
    "created_by": ("made_by", link),
}
"""Fields that are set when a row is made or never -> what a `Create` calls them, and their reader."""
MOST_FIELDS = 500


@dataclass(frozen=True, slots=True)
class Given:
    """One field of a request: its name as sent, its value, and what to do with the links it has."""

    name: str
    value: Any
    mode: Mode
    is_default: bool = False


def given_fields(request: dict[str, Any]) -> list[Given]:
    """The fields that a request sets, in order."""
    fields = request.get("fields") or []
    if not isinstance(fields, list):
        raise errors.missing("fields", "array", request)
    if len(fields) > MOST_FIELDS:
        raise errors.too_many("fields", MOST_FIELDS)
    return [_given(each) for each in fields]


def _given(field: Any) -> Given:
    name = field.get("field_name") if isinstance(field, dict) else None
    if not isinstance(name, str):
        raise errors.missing("field_name", "string", field)
    if "value" not in field:
        raise errors.missing("value", "value", field)
    mode = field.get("multi_entity_update_mode")
    if not isinstance(mode, str | None) or mode not in MODES:
        raise errors.missing("multi_entity_update_mode", "'set'/'add'/'remove'", field)
    return Given(name, field["value"], MODES[mode])


def defaults(wire_type: WireType, given: list[Given]) -> Iterator[Given]:
    """The fields of every site that a new row starts with: those whose default is not that of nothing."""
    said = {each.name for each in given}
    for declared in site().get(wire_type.name, {}).values():
        field = wire_type.fields[declared.key]
        if field.key not in said and field.editable and declared.default not in (None, False, 0, ""):
            yield Given(field.key, declared.default, Mode.SET, is_default=True)


def with_files(call: Call, wire_type: WireType, given: list[Given]) -> tuple[list[Given], list[Operation]]:
    """The fields with the ids of attachments in place of files, and the operations that make those."""
    found: list[Given] = []
    made: list[Operation] = []
    for each in given:
        field = call.words.field(wire_type, each.name)
        if field is None or field.data_type != "url" or each.value is None or not field.editable:
            found.append(each)
            continue
        where = f"{wire_type.name}.{field.key}"
        if field.writer == "this_file":
            file = file_of(call, where, each.value)
            found += [replace(each, value=dict(file.said)), Given("display_name", file.name, Mode.SET)]
            continue
        id_ = known_attachment(call, each.value)
        if id_ is None:
            new, operation = attachment(file_of(call, where, each.value), project_id=_project(given))
            id_ = str(new)
            made.append(operation)
        found.append(replace(each, value=id_))
    return found, made


def with_members(call: Call, wire_type: WireType, given: list[Given]) -> list[Given]:
    """The fields with the members of groups in place of those, where people alone are kept."""
    return [_of_people(call, each) if _is_of_people(call, wire_type, each) else each for each in given]


def _is_of_people(call: Call, wire_type: WireType, given: Given) -> bool:
    field = call.words.field(wire_type, given.name)
    return field is not None and field.write == "assignees" and isinstance(given.value, list)


def _of_people(call: Call, given: Given) -> Given:
    numbers = [entity_parts(each)[1] for each in given.value if _is_group(each)]
    if not numbers:
        return given
    groups = rows_of(call, "Group", [is_("id", numbers, "in")], ["users"])
    missing = set(numbers) - {row["id"] for row in groups}
    if missing:
        raise errors.not_found("Group", min(missing))
    members = [person for row in groups for person in row["users"] if person["type"] == "HumanUser"]
    return replace(given, value=[*(each for each in given.value if not _is_group(each)), *members])


def _is_group(value: Any) -> bool:
    return isinstance(value, dict) and value.get("type") == "Group"


def _project(given: list[Given]) -> Any:
    """The project that the same request sets."""
    for each in given:
        if each.name == "project" and isinstance(each.value, dict):
            return link("project", each.value)
    return None


def making(wire_type: WireType, given: list[Given]) -> dict[str, Any]:
    """When a row was made and by whom, where a request says so."""
    found: dict[str, Any] = {}
    for each in given:
        if each.name in CREATE_ONLY and each.value is not None:
            name, read = CREATE_ONLY[each.name]
            found[name] = read(f"{wire_type.name}.{each.name}", each.value)
    return found


def attributes(
    words: Words, wire_type: WireType, given: list[Given], *, is_new: bool = False
) -> dict[str, Any]:
    """The attributes that these fields set; a fault for a field that is unknown or read-only."""
    found: dict[str, Any] = {}
    for each in given:
        field = words.field(wire_type, each.name)
        if field is None:
            raise errors.unknown_field(wire_type.name, each.name)
        where = f"{wire_type.name}.{field.key}"
        if not field.editable and field.writer != "ignored":
            raise errors.read_only(where, each.value)
        if field.create_only and not is_new:
            raise errors.create_only(where)
        if field.data_type in LISTS and field.writer == "custom":
            _check_choice(words, where, words.described(wire_type, field), each.value)
        for name, value in WRITERS[field.writer](where, field, each).items():
            if field.writer == "full_name" and name in found:
                continue  # where a name ends is better known from its parts
            found[name] = {**found.get(name, {}), **value} if name == "data" else value
    return found


def _check_choice(words: Words, where: str, field: WireField, value: Any) -> None:
    """Refuse what is none of the values of a list; one without any takes all."""
    if value is None or not field.choices or value in field.choices:
        return
    if not isinstance(value, str):
        raise errors.wrong_class(where, "String, NilClass", value)
    if field.data_type == "status_list" and value in words.statuses:
        return
    raise errors.wrong_value(where, f"expected one of {', '.join(field.choices)}", value)


Writer = Callable[[str, WireField, Given], dict[str, Any]]


def _plain(where: str, field: WireField, given: Given) -> dict[str, Any]:
    value = None if given.value is None else READERS[field.data_type](where, given.value)
    return {field.write: value}


def _custom(where: str, field: WireField, given: Given) -> dict[str, Any]:
    value = None if given.value is None else READERS[field.data_type](where, given.value)
    key = field.attribute.removeprefix("data.")
    if field.custom and field.data_type == "tag_list" and value is not None:
        return {"data": {key: kept_words(value)}}
    return {"data": {key: plain(value)}}


def _link(where: str, field: WireField, given: Given) -> dict[str, Any]:
    return {field.write: None if given.value is None else link(where, given.value)}


def _answers(where: str, field: WireField, given: Given) -> dict[str, Any]:
    """What an answer answers; a note goes to one place, any other row to another."""
    answered = None if given.value is None else link(where, given.value)
    is_note = answered is not None and answered.kind == "Note"
    return {field.write: answered if is_note else None, field.also: None if is_note else answered}


def _links(where: str, field: WireField, given: Given) -> dict[str, Any]:
    items = links(where, [] if given.value is None else given.value)
    return {field.write: Edit(given.mode, items)}


def _value_of(where: str, field: WireField, given: Given) -> dict[str, Any]:
    value = None if given.value is None else text(where, given.value)
    if value is None or field.source is None:
        return {field.write: None}
    return {field.write: RefBy(*field.source, value, optional=given.is_default)}


def _full_name(where: str, _: WireField, given: Given) -> dict[str, Any]:
    value = None if given.value is None else text(where, given.value)
    words = (value or "").split(None, 1)
    return {"first_name": words[0] if words else None, "last_name": words[1] if len(words) > 1 else None}


def _active(where: str, field: WireField, given: Given) -> dict[str, Any]:
    if not isinstance(given.value, str) or given.value not in ACTIVE:
        raise errors.wrong_value(where, f"expected one of {', '.join(ACTIVE)}", given.value)
    return {field.write: ACTIVE[given.value]}


def _role(where: str, field: WireField, given: Given) -> dict[str, Any]:
    _, number = entity_parts(given.value)
    for role, (known, _) in RULE_SETS.items():
        if number == known:
            return {field.write: role}
    raise errors.wrong_value(where, "expected a PermissionRuleSet", given.value)


def _file(_where: str, field: WireField, given: Given) -> dict[str, Any]:
    """A web link or a local file: an attachment is made for it before (`files.links`), and named here.

    A version whose movie is taken away shows none: not that of another client either.
    """
    data = {"data": {_key(field): given.value}}
    is_gone = given.value is None and field.style == "file_of_preview"
    return {**data, "preview_file_id": None} if is_gone else data


def _key(field: WireField) -> str:
    return field.attribute.removeprefix("data.")


def _no_image(where: str, field: WireField, given: Given) -> dict[str, Any]:
    """Take the picture away, and the strip with it; a version keeps its preview, unseen here."""
    if given.value is not None:
        raise errors.wrong_class(where, "NilClass", given.value)
    key, nothing = _key(field), no_picture(where.partition(".")[0])
    keys = PICTURES if key == "image" else (key,)
    data = {"data": {each: nothing if each in PICTURES else None for each in keys}}
    is_known_by = field.style == "preview_image" and nothing is None
    return {**data, "preview_file_id": None} if is_known_by else data


def _kept_secret(where: str, field: WireField, given: Given) -> dict[str, Any]:
    """A secret that is used later; what is shown in place of one changes nothing."""
    if given.value == SECRET:
        return {}
    return {"data": {field.key: None if given.value is None else text(where, given.value)}}


WRITERS: Mapping[str, Writer] = {
    "kept_secret": _kept_secret,
    "plain": _plain,
    "custom": _custom,
    "link": _link,
    "answers": _answers,
    "links": _links,
    "value_of": _value_of,
    "full_name": _full_name,
    "active": _active,
    "role": _role,
    "no_image": _no_image,
    "url": _file,
    "this_file": lambda where, field, given: {"data": {"this_file": given.value}},
    "own": lambda where, field, given: {},  # operations of their own
    "ignored": lambda where, field, given: {},
    "other_side": lambda where, field, given: {},  # operations of their own
    "password": lambda where, field, given: {},  # an operation of its own
}
"""The `writer` of a field -> how its value becomes attributes."""
