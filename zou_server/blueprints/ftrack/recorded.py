"""ftrack's own types and attributes, read from `types.txt`: what its schemas say of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from zou_server.models.registry import Kind

_KINDS: Mapping[str, Kind] = {
    "": Kind.TEXT,
    "bool": Kind.BOOLEAN,
    "int": Kind.INTEGER,
    "num": Kind.NUMBER,
    "dt": Kind.DATETIME,
    "any": Kind.JSON,
    "obj": Kind.JSON,
    "json-str": Kind.TEXT,
}
_ATTRIBUTE = re.compile(r"(\w+)([!*~]*)(?::([\w-]+))?(?:=(.*))?")
_RELATION = re.compile(r"(\w+)([!*~]*) (?:->(\w+)|\[(\w+)\]|\{(\w+)\})")
_CONTEXTS = "@contexts:"
UID = "{uid}"


@dataclass(frozen=True, slots=True)
class RecordedAttribute:
    """One attribute: a scalar, or (`target`) a relation to one, `many` or `mapped` rows of that type."""

    name: str
    kind: Kind = Kind.TEXT
    target: str = ""
    many: bool = False
    mapped: bool = False
    immutable: bool = False
    required: bool = False
    computed: bool = False
    default: object = None
    is_object: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class RecordedType:
    """One type as ftrack knows it."""

    name: str
    primary_key: tuple[str, ...]
    default_projections: tuple[str, ...]
    attributes: Mapping[str, RecordedAttribute]


@cache
def recorded() -> Mapping[str, RecordedType]:
    """Every type of ftrack by name."""
    return {each.name: each for each in _types()}


@cache
def old_names() -> Mapping[str, str]:
    """Attribute -> its name in `ftrack.update` events, where it differs."""
    words = [word for line in _lines() if line.startswith("@alias ") for word in line.split()[1:]]
    return {name: old for name, _, old in (word.partition("=") for word in words)}


def _lines() -> list[str]:
    text = files(__package__).joinpath("types.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _types() -> Iterator[RecordedType]:
    last: RecordedType | None = None
    head, body = "", ""
    for line in [*_lines(), "@end"]:
        if line.startswith(" "):
            body += line.strip() + " "
            continue
        if head:
            last = _type(head, body)
            yield last
        if line.startswith(_CONTEXTS) and last is not None:
            for name in line.removeprefix(_CONTEXTS).split():
                yield RecordedType(name, last.primary_key, last.default_projections, last.attributes)
        head, body = ("" if line.startswith("@") else line), ""


def _type(head: str, body: str) -> RecordedType:
    name, _, rest = head.partition(":")
    key, _, projections = rest.partition("|")
    attributes = {each.name: each for each in map(_attribute, body.split(";")) if each is not None}
    return RecordedType(name, _names(key), _names(projections), attributes)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


def _attribute(text: str) -> RecordedAttribute | None:
    text = text.strip()
    relation = _RELATION.fullmatch(text)
    if relation is not None:
        name, flags, one, many, mapped = relation.groups()
        return RecordedAttribute(
            name,
            Kind.LINK if one else Kind.LINKS,
            one or many or mapped,
            many=bool(many),
            mapped=bool(mapped),
            immutable="!" in flags,
            required="*" in flags,
            computed="~" in flags,
        )
    found = _ATTRIBUTE.fullmatch(text)
    if found is None:
        return None
    name, flags, kind, default = found.groups()
    return RecordedAttribute(
        name,
        _KINDS[kind or ""],
        default=_default(default),
        immutable="!" in flags,
        required="*" in flags,
        computed="~" in flags,
        is_object=kind == "obj",
    )


def _default(text: str | None) -> object:
    if text is None:
        return None
    return UID if text == "uid" else json.loads(text)
