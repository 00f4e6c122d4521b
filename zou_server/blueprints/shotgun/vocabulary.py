"""The types and fields of this dialect: derived from the registry, with the exceptions of `overrides`.

Everything else here looks fields up: `vocabulary().type("Shot").fields["sg_sequence"]`. Custom fields are
not in it, because they live in the database; `custom.Words` adds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from zou_server.blueprints.shotgun.overrides import NARROWER, SETTABLE, said_of, scopes_of
from zou_server.blueprints.shotgun.schema.connections import CASTINGS, ENDS, NARROWED
from zou_server.blueprints.shotgun.schema.extra_fields import EXTRAS
from zou_server.blueprints.shotgun.schema.generic import KEPT_AS, KINDS, NEVER, OF_NOTES, STYLES, link_path
from zou_server.blueprints.shotgun.schema.personal import OWN, OWN_MOMENT, PERSONAL, SAYS
from zou_server.blueprints.shotgun.schema.said import OTHER_SIDE, Said
from zou_server.blueprints.shotgun.schema.site import Declared, site
from zou_server.blueprints.shotgun.schema.wire_types import LINK_TYPES, SECRET, WireField, WireType
from zou_server.models.base import Row
from zou_server.models.conditions import EVERYTHING, Condition, Form
from zou_server.models.free_links import HELD
from zou_server.models.object_links import ObjectLink
from zou_server.models.records import DECLARED
from zou_server.models.registry import ANY, FACETS, PRIMARY, Facet, Field, Kind
from zou_server.services.write.change import UNTOLD

DIALECT = "shotgun"

DATA_TYPES: Mapping[Kind, str] = {
    Kind.TEXT: "text",
    Kind.INTEGER: "number",
    Kind.NUMBER: "float",
    Kind.BOOLEAN: "checkbox",
    Kind.DATE: "date",
    Kind.DATETIME: "date_time",
    Kind.UUID: "uuid",
    Kind.JSON: "serializable",
    Kind.LINK: "entity",
    Kind.LINKS: "multi_entity",
}
"""The data type that a kind of field is, unless the overrides say otherwise."""

UNSORTABLE = frozenset(
    {"multi_entity", "serializable", "password", "image", "tag_list", "calculated", "url", "pivot_column"}
)
_PROJECT = Said(
    "it follows what owns the row, but every client sends it", data_type="entity", write="", writer="ignored"
)
_CAST = re.compile(r"(?P<link>.+)\[(?P<facet>\w+)\]\Z")


class Vocabulary:
    """All types by name, and the names that kinds of rows have here."""

    def __init__(self) -> None:
        shown = {str(f.named(DIALECT)): f for f in FACETS.values() if f.named(DIALECT)}
        self.all_names = frozenset({*shown, *CASTINGS})
        self.names: Mapping[str, str] = {f.name: str(name) for name, f in shown.items()}
        # The first facet of a kind is what its rows are called.
        self.kinds: Mapping[str, str] = {f.kind: n for n, f in reversed(shown.items()) if f.kind}
        self.hidden_kinds = tuple(sorted({f.kind for f in FACETS.values() if f.kind} - set(self.kinds)))
        self.types: Mapping[str, WireType] = {
            name: WireType(name, facet, _fields(self, name, facet), where)
            for name, facet, where in _all_types(shown)
        }

    def type(self, name: object) -> WireType | None:
        """The type called `name`, None when there is none."""
        return self.types.get(name) if isinstance(name, str) else None

    def type_of_facet(self, facet: str) -> WireType | None:
        """The type that a facet is, None when this dialect does not show it."""
        return self.types.get(self.names.get(facet, ""))

    def targets(self, target: str) -> tuple[str, ...]:
        """The types that a link to `target` (a facet, or ANY) may lead to."""
        return tuple(
            sorted(self.names[f.name] for f in FACETS.values() if f.name in self.names and _may_be(f, target))
        )


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary; built once, when all models are known."""
    return Vocabulary()


def _may_be(facet: Facet, target: str) -> bool:
    if target == ANY:
        return "number" in facet.fields and bool(facet.kind) and "object_kind" in facet.fields
    wanted = FACETS[target]
    whole = PRIMARY[wanted.table.name]
    return facet.model is wanted.model and (wanted in (facet, whole) or facet is whole)


def _all_types(shown: Mapping[str, Facet]) -> Iterator[tuple[str, Facet, Condition]]:
    """Every type with its facet, and which of the facet's rows it is."""
    for name, found in sorted(shown.items()):
        yield name, found, NARROWED.get(name, EVERYTHING)
    for name, (facet_name, _) in CASTINGS.items():
        yield name, FACETS[facet_name], NARROWED[name]


def _fields(words: Vocabulary, name: str, facet: Facet) -> dict[str, WireField]:
    """The fields of a type: those that sites have, each kept where we have a place for it."""
    ours: dict[str, WireField] = {}
    for each in (*_own(words, facet), *_extras(words, facet), *_ends(words, name, facet)):
        if each.key in ours:
            message = f"{facet.name} has two fields called {each.key} in Shotgun's words"
            raise RuntimeError(message)
        ours[each.key] = each
    declared = site().get(name)
    if declared is None:
        return ours
    make = generic if "data" in facet.fields else _empty
    return {
        key: _agreed(words, name, ours[key], said) if key in ours else make(words, name, said)
        for key, said in declared.items()
    }


def _empty(_words: Vocabulary, _name: str, said: Declared) -> WireField:
    """A field of a type whose rows hold nothing but what they were made with."""
    return WireField(said.key, said.type, "", Form.NULL, label=said.label)


def _known(words: Vocabulary, said: Declared) -> tuple[str, ...]:
    """The types that a declared link leads to and that there are."""
    return tuple(each for each in said.types if each in words.all_names)


def _agreed(words: Vocabulary, name: str, ours: WireField, said: Declared) -> WireField:
    """A field of ours as sites describe it."""
    types = _known(words, said) if said.types and ours.data_type in LINK_TYPES else ()
    is_settable = (name, said.key) in SETTABLE
    return replace(
        ours,
        label=said.label,
        valid_types=NARROWER.get((name, said.key)) or types or ours.valid_types,
        choices=said.values or ours.choices,
        default=said.default,
        required=said.mandatory,
        summary=said.summary,
        unique=said.unique,
        create_only=ours.editable and not said.editable and not is_settable,
        told_editable=said.editable,
        data_type=said.type if (ours.data_type, said.type) in _SAME_THING else ours.data_type,
    )


_SAME_THING = frozenset({("text", "list"), ("text", "entity_type"), ("number", "float"), ("float", "number")})
"""What a field is derived as and what sites call it, where both are read and written alike."""


def generic(words: Vocabulary, name: str, said: Declared, key_in_data: str = "") -> WireField:
    """A field that no column holds; `key_in_data` where it is kept under another key than its name."""
    data_type, key = said.type, said.key
    common: dict[str, Any] = {
        "label": said.label,
        "default": said.default,
        "required": said.mandatory,
        "summary": said.summary,
        "unique": said.unique,
        "choices": said.values,
    }
    if key in OF_NOTES:
        return WireField(key, data_type, "id", style=key, valid_types=_known(words, said), **common)
    if (name, key) in PERSONAL:
        write = "own marks" if said.editable else ""
        style = OWN if PERSONAL[name, key].how in SAYS else OWN_MOMENT
        return WireField(key, data_type, "", Form.NULL, style, write, "own", **common)
    if data_type in NEVER:
        return WireField(key, data_type, "", Form.NULL, label=said.label)
    is_once = not said.editable and name in DECLARED
    common |= {"create_only": is_once, "told_editable": said.editable}
    write = "data" if said.editable or is_once else ""
    if data_type in LINK_TYPES:
        return _kept_link(words, name, said, common, is_written=bool(write))
    if data_type == "password":
        writer = "kept_secret" if key in UNTOLD else "ignored"
        return WireField(key, data_type, SECRET, Form.LITERAL, "secret", write, writer, **common)
    path = f"data.{key_in_data or key}::{KINDS.get(data_type, 'text')}"
    return WireField(
        key,
        data_type,
        path,
        Form.VALUE,
        STYLES.get(data_type, ""),
        write=write,
        writer=_GENERIC_WRITERS.get(data_type, "custom"),
        valid_types=_known(words, said),
        order=order_of(data_type, path),
        **common,
    )


def _kept_link(
    words: Vocabulary, name: str, said: Declared, common: Mapping[str, Any], *, is_written: bool
) -> WireField:
    """A link, or links, that no column holds."""
    many = said.type == "multi_entity"
    path = link_path(name, said.key) if many else f"link:{KEPT_AS.get((name, said.key), said.key)}"
    is_held = path.startswith(HELD)
    return WireField(
        said.key,
        said.type,
        path,
        _FORMS[said.type],
        write=(f"{OTHER_SIDE}{path}" if is_held else path) if is_written else "",
        writer="other_side" if is_held else _WRITERS[said.type],
        valid_types=_known(words, said) or tuple(sorted(words.all_names)),
        order=order_of(said.type, path),
        **common,
    )


_GENERIC_WRITERS = {"url": "url", "image": "no_image"}


def _ends(words: Vocabulary, name: str, facet: Facet) -> Iterator[WireField]:
    """The two links of a connection."""
    if name in CASTINGS:
        paths = zip(CASTINGS[name][1], ("entity_out_id", "entity_in_id"), strict=True)
    elif facet.model is ObjectLink:
        paths = zip(ENDS[name], ("from_id", "to_id"), strict=True)
    else:
        return
    for key, path in paths:
        yield WireField(
            key,
            "entity",
            path,
            Form.LINK,
            write=path,
            writer="link",
            valid_types=tuple(sorted(words.all_names)),
            order=order_of("entity", path),
        )


def _own(words: Vocabulary, facet: Facet) -> Iterator[WireField]:
    for name, found in facet.visible.items():
        said = said_of(facet, name) or _usual(facet, name)
        valid_types = words.targets(found.target) if found.target else ()
        if said.key is None or (found.kind in (Kind.LINK, Kind.LINKS) and not valid_types and not said.path):
            continue
        yield _field(found, said, valid_types, written=issubclass(facet.model, Row))


def _usual(facet: Facet, name: str) -> Said:
    """How a field is said of which the overrides say nothing."""
    is_code = facet.project not in ("", "id") and name == facet.display == "name"
    return Said("what people call a row of a project", "code") if is_code else Said("derived")


def _field(found: Field, said: Said, valid_types: tuple[str, ...], *, written: bool) -> WireField:
    data_type = said.data_type or ("list" if found.choices else DATA_TYPES[found.kind])
    path = said.path or str(found.name)
    writable = written and not (found.read_only or found.identity)
    linked = data_type in LINK_TYPES and not said.style
    return WireField(
        key=said.key or str(found.hop),
        data_type=data_type,
        path=path,
        form=_FORMS.get(data_type, Form.VALUE) if linked else Form.VALUE,
        style=said.style,
        write=said.write if said.write is not None else str(found.name) if writable else "",
        also=said.also,
        writer=said.writer or _WRITERS.get(data_type, "plain"),
        valid_types=said.types or (valid_types if data_type in LINK_TYPES else ()),
        choices=found.choices,
        source=said.source,
        special=said.special,
        order=said.order or order_of(data_type, path),
        label=found.label,
        required=found.required and found.kind is not Kind.LINKS,
        default=found.default if isinstance(found.default, str | int | float | bool) else None,
    )


def _extras(words: Vocabulary, facet: Facet) -> Iterator[WireField]:
    for (scope, key), said in EXTRAS.items():
        if scope in scopes_of(facet):
            yield _extra(words, facet, key, said)
    if facet.parent:
        yield _extra(words, facet, "project", replace(_PROJECT, path=facet.project))


def _extra(words: Vocabulary, facet: Facet, key: str, said: Said) -> WireField:
    form = Form.VALUE
    path = said.path
    valid_types: tuple[str, ...] = ()
    if said.data_type in LINK_TYPES:
        cast = _CAST.match(path)
        target = cast["facet"] if cast else _target(facet, path)
        valid_types, form = words.targets(target), _FORMS[said.data_type]
    if not path:
        path, form = ("", Form.NULL) if said.style != "secret" else (SECRET, Form.LITERAL)
    return WireField(
        key,
        said.data_type,
        path,
        form,
        said.style,
        write=key if said.write is None else said.write,
        writer=said.writer or _WRITERS.get(said.data_type, "plain"),
        valid_types=valid_types,
        source=said.source,
        special=said.special,
        order=said.order or (order_of(said.data_type, path) if path else ()),
        label=key.removeprefix("sg_").replace("_", " ").capitalize(),
    )


def _target(facet: Facet, path: str) -> str:
    *hops, last = path.split(".")
    for hop in hops:
        facet = FACETS[facet.hops[hop].target]
    return facet.fields[last].target


_FORMS = {"entity": Form.LINK, "multi_entity": Form.LINKS}
_WRITERS = {"entity": "link", "multi_entity": "links"}


def order_of(data_type: str, path: str) -> tuple[str, ...]:
    """The canonical path to sort by: the value, or the name of what a link leads to."""
    if data_type in UNSORTABLE:
        return ()
    return (f"{path.removesuffix('_id')}.display_name",) if data_type == "entity" else (path,)
