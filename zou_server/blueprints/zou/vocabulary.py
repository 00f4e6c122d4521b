"""Zou's names for what the registry holds: types by path, keys by facet. Derived; see overrides.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import Any

from zou_server.blueprints.zou import extra_outputs, overrides
from zou_server.models.conditions import Form, Output, Projection
from zou_server.models.errors import Invalid, Unfilterable, UnknownField
from zou_server.models.registry import FACETS, Facet, Field, Kind

DIALECT = "zou"


@dataclass(frozen=True)
class WireField:
    """A key on Zou's wire and the attribute behind it."""

    key: str
    field: Field


@dataclass(frozen=True, eq=False)
class WireType:
    """A type as Zou's clients see it."""

    facet: Facet
    fields: dict[str, WireField] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What `type` says in its rows."""
        return self.facet.named(DIALECT) or self.facet.name

    @property
    def path(self) -> str:
        """The collection under `/data`, with hyphens."""
        return self.facet.plural

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Wire key -> attribute for keys that are accepted beside the shown ones."""
        return {key: name for (facet, key), name in overrides.ALIASES.items() if facet == self.facet.name}

    @cached_property
    def project_path(self) -> str:
        """The path that the filter `project_id` means where a row has its project by a link; else ""."""
        return self.facet.project if self.facet.parent else ""

    def attribute(self, key: str) -> Field | None:
        """The attribute that a key of a payload or filter means; None for an unknown key."""
        if key in self.aliases:
            return self.facet.fields[self.aliases[key]]
        found = self.fields.get(key)
        return found.field if found else None

    def path_of(self, key: str) -> Field:
        """The attribute of a filter or sort key; refuses secrets and unknown keys by name."""
        found = self._shown_as(key) or self.attribute(key)
        if found is None:
            if key in self.facet.fields and self.facet.fields[key].hidden:
                raise Unfilterable(self.name, key)
            raise UnknownField(self.name, key)
        return found

    def _shown_as(self, key: str) -> Field | None:
        """The attribute whose value an answer has under this key; writing it may set another one."""
        if key in self.extras:
            return self.facet.visible.get(self.extras[key])
        found = self.fields.get(key)
        return found.field if found else None

    @cached_property
    def extras(self) -> dict[str, str]:
        """Keys of answers that are no attribute: wire key -> path."""
        return dict(overrides.EXTRAS.get(self.facet.name, ()))

    def projection(
        self,
        *,
        relations: bool = False,
        item: bool = False,
        whole: bool = False,
        names: bool = False,
        fields: tuple[str, ...] = (),
    ) -> Projection:
        """The keys of an answer: with links to many, of one row, of all it is made of, with names.

        `fields` keeps only those keys (and id and type).
        """
        related = relations or not overrides.ALWAYS_RELATED.isdisjoint(
            {self.facet.model.__name__, self.facet.name}
        )
        extras = (
            *overrides.EXTRAS.get(self.facet.name, ()),
            *(overrides.ITEM_EXTRAS.get(self.facet.name, ()) if item else ()),
            *(overrides.NAMES.get(self.facet.name, ()) if names else ()),
        )
        more = extra_outputs.ITEM_OUTPUTS.get(self.facet.name, ()) if whole else ()
        return _projection(self, extras, fields, more, relations=related)


@cache
def wire_type(facet: Facet) -> WireType:
    """Zou's view of a facet."""
    return WireType(facet, {f.key: f for f in _fields(facet)})


def _fields(facet: Facet) -> Iterator[WireField]:
    model = facet.model.__name__
    hidden = overrides.HIDDEN.get(model, overrides.STAMPS)
    for name, found in facet.visible.items():
        renamed = overrides.RENAMED.get((model, name))
        if renamed is None and (name in hidden or name in overrides.NEVER):
            continue
        if found.kind is Kind.LINKS and name not in overrides.RELATIONS.get(model, ()):
            continue
        yield WireField(renamed or name, found)


@lru_cache(maxsize=2048)
def _projection(
    wire: WireType,
    extras: tuple[tuple[str, str], ...],
    fields: tuple[str, ...],
    more: tuple[Output, ...] = (),
    *,
    relations: bool,
) -> Projection:
    outputs = list(_outputs(wire, extras, relations=relations))
    outputs += extra_outputs.CONSTANTS.get(wire.facet.name, ())
    outputs = list({output.key: output for output in (*outputs, *more)}.values())
    if wire.facet.model.__name__ == "Note":
        outputs.append(_replies_output())
    return only(wire, Projection(tuple(outputs)), fields)


@lru_cache(maxsize=2048)
def only(wire: WireType, projection: Projection, fields: tuple[str, ...]) -> Projection:
    """The keys of a projection that were asked for, and id and type; all of them when none was."""
    if not fields:
        return projection
    known = {output.key for output in projection.outputs}
    unknown = [name for name in fields if name not in known]
    if unknown:
        raise UnknownField(wire.name, unknown[0])
    kept = tuple(o for o in projection.outputs if o.key in fields or o.key in ("id", "type"))
    return Projection(kept, projection.positional)


def _outputs(wire: WireType, extras: tuple[tuple[str, str], ...], *, relations: bool) -> Iterator[Output]:
    facet = wire.facet
    dropped = overrides.DROPPED.get(facet.name, frozenset())
    said_otherwise = {key for key, _ in extras} | dropped
    for key, found in wire.fields.items():
        if found.field.kind is Kind.LINKS:
            if relations:
                yield Output(key, found.field.name, Form.LINKS)
        elif key not in said_otherwise:
            empty = overrides.NEVER_NULL.get((facet.model.__name__, found.field.name), "")
            yield Output(key, found.field.name, style=empty)
    for key, path in extras:
        yield Output(key, path)
    yield _type_output(facet, wire)
    if relations:
        for key in overrides.EMPTY_RELATIONS.get(facet.model.__name__, ()):
            yield Output(key, "[]", Form.LITERAL, style="json")


def _type_output(facet: Facet, wire: WireType) -> Output:
    if facet.kind is None and "kind" in facet.table.c and facet.name == "Entity":
        return Output("type", "kind")
    return Output("type", wire.name, Form.LITERAL)


@cache
def _replies_output() -> Output:
    """The answers to a comment, oldest first (docs/protocols/zou.md 17, Comment.replies)."""
    plain = tuple(Output(key, path) for key, path in overrides.REPLY_KEYS.items())
    named = tuple(Output(key, key, Form.LINKS) for key in ("mentions", "department_mentions"))
    author = extra_outputs.author("person")
    kept = tuple(Output(key, key) for key in extra_outputs.ATTACHMENT_KEYS)
    files = Output("attachment_files", "reply_files", Form.OBJECTS, Projection(kept))
    return Output("replies", "replies", Form.OBJECTS, Projection((*plain, *named, author, files)))


@cache
def wire_types() -> dict[str, WireType]:
    """Every type under `/data`, by its path."""
    return {f.plural: wire_type(f) for f in FACETS.values() if f.named(DIALECT) is not None}


def payload_values(wire: WireType, payload: Any, *, creating: bool) -> dict[str, Any]:
    """The canonical values of a JSON body; read-only keys are ignored, unknown ones refused by name."""
    if not isinstance(payload, dict):
        raise Invalid("The body must be a JSON object.")
    values: dict[str, Any] = {}
    unknown: dict[str, list[str]] = {}
    for key, value in payload.items():
        found = wire.attribute(key)
        if found is None or found.read_only or (key in wire.extras and key not in wire.aliases):
            if found is None and not _is_ours(wire, key) and (creating or not _is_read_back(wire, key)):
                unknown[key] = [f"'{key}' is an invalid keyword argument for {wire.name}"]
            continue
        if not creating and found.name == "project_id" and wire.facet.project == "project_id":
            continue  # Zou never moves a row to another project
        values[found.name] = ids_of(value) if found.kind is Kind.LINKS else _link_or_value(found, value)
    if unknown:
        raise Invalid(next(iter(unknown.values()))[0], unknown)
    return values


def _link_or_value(found: Field, value: Any) -> Any:
    """The value; none for what a client calls none where it means a link."""
    return None if found.kind is Kind.LINK and value in _none_of(found) else value


def _none_of(found: Field) -> tuple[str, ...]:
    return overrides.NO_LINK_TO.get(found.name, overrides.NO_LINK)


def _is_read_back(wire: WireType, key: str) -> bool:
    return key in overrides.READ_BACK.get(wire.facet.model.__name__, ())


def ids_of(value: Any) -> Any:
    """A list of ids from a list of ids or of objects that have one (gazu accepts both)."""
    if not isinstance(value, list):
        return value
    return [each.get("id") if isinstance(each, dict) else each for each in value]


def _is_ours(wire: WireType, key: str) -> bool:
    known = overrides.EMPTY_RELATIONS.get(wire.facet.model.__name__, ())
    name = wire.facet.name
    items = dict((*overrides.ITEM_EXTRAS.get(name, ()), *overrides.NAMES.get(name, ())))
    return (
        key in known
        or key in items
        or any(output.key == key for output in extra_outputs.of(name))
        or key in wire.extras
        or key in overrides.READ_ONLY_ACCEPTED
        or (key in overrides.STAMPS or key == "lock_version")
    )
