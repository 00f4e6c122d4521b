"""The schema of an answer's rows, derived from their projection: which keys there are and what each holds."""

from __future__ import annotations

from collections.abc import Mapping

from zou_server.description import (
    ANSWERED,
    ID,
    Schema,
    is_nullable,
    limits,
    listed,
    one_of,
    or_null,
    ref,
    thing,
)
from zou_server.models.conditions import Form, Output, Projection
from zou_server.models.registry import ANY, FACETS, IDENTITY_FIELDS, Facet, Field, Kind, facet
from zou_server.query.frame import Path, parse_path

MOMENT: Schema = {"type": "string", "description": "UTC, without a zone: 2030-01-31T12:30:00"}
ANY_JSON: Schema = {"description": "Any JSON."}
ANSWERS: Mapping[Kind, Schema] = {**ANSWERED, Kind.DATETIME: MOMENT, Kind.JSON: ANY_JSON}

_CONSTANTS: Mapping[str, Schema] = {"[]": {"type": "array"}, "false": {"type": "boolean"}}

NAMED_ROWS: dict[str, tuple[str, Projection]] = {}
"""Component -> the facet and the projection of rows that several routes answer."""


def rows_called(name: str, facet_name: str, projection: Projection) -> Schema:
    """A pointer to the schema of rows of a projection, which becomes a component of that name."""
    NAMED_ROWS[name] = (facet_name, projection)
    return ref(name)


def row_components() -> dict[str, Schema]:
    """Name -> schema of the rows that several routes answer."""
    return {name: row_schema(of, projection) for name, (of, projection) in NAMED_ROWS.items()}


def row_schema(facet_name: str, projection: Projection) -> Schema:
    """The schema of an answer's row: every key of the projection is there."""
    return _object(facet(facet_name), projection)


def _object(of: Facet, projection: Projection) -> Schema:
    if projection.positional:
        return {"type": "array"}
    properties = {output.key: value(of, output) for output in projection.outputs}
    return thing(properties, properties)


def value(of: Facet, output: Output) -> Schema:
    """The schema of one key of a facet's rows."""
    if output.form is Form.NULL:
        return {"type": "null"}
    if output.form is Form.LITERAL:
        return _literal(output)
    if output.form is Form.IS_MINE:
        return {"type": "boolean"}
    if output.form is Form.LINKS and output.path not in of.fields:
        return {"type": "array", "items": ID}
    return _FORMED[output.form](of, output) if output.form in _FORMED else _plain(of, output)


def _literal(output: Output) -> Schema:
    if output.key == "type":
        return one_of([output.path])
    return {**_CONSTANTS.get(output.path, {"type": "string"})}


def _plain(of: Facet, output: Output) -> Schema:
    path = parse_path(output.path)
    if path.key:
        return {"description": "A custom field: any JSON."}
    found, is_direct = at_path(of, path)
    if found is None:
        return ANY_JSON
    schema = {**ANSWERS[found.kind], **limits(found)}
    if found.kind is Kind.LINKS:
        return schema
    return or_null(schema) if not is_direct or (is_nullable(found) and output.style != "list") else schema


def at_path(of: Facet, path: Path) -> tuple[Field | None, bool]:
    """The field at the end of a path, and whether it is one of the row itself; None for one not known."""
    at: Facet | None = of
    for step in path.hops:
        at = _target(at, step.name, step.cast)
    if at is None:
        return IDENTITY_FIELDS.get(path.last, IDENTITY_FIELDS["display_name"]), False
    return at.fields.get(path.last), not path.hops


def _target(at: Facet | None, name: str, cast: str) -> Facet | None:
    """What a link leads to; None for anything at all."""
    if cast:
        return facet(cast)
    if at is None:
        return None
    link = at.hops[name]
    target = link.many.target if link.many is not None else link.target
    return None if target == ANY else FACETS[target]


def _end(of: Facet, output: Output) -> Facet:
    """The facet of the rows that a path of links leads to."""
    path = parse_path(f"{output.path}.id")
    at: Facet | None = of
    for step in path.hops:
        at = _target(at, step.name, step.cast)
    assert at is not None  # noqa: S101 - objects are of a known facet
    return at


def _inner(of: Facet, output: Output) -> Schema:
    assert output.outputs is not None  # noqa: S101 - these forms have some
    return _object(_end(of, output), output.outputs)


def _value_alone(of: Facet, output: Output) -> Schema:
    """The value of the last inner key alone, or the whole inner object."""
    assert output.outputs is not None  # noqa: S101
    *_, last = output.outputs.outputs
    return value(_end(of, output), last) if output.style == "value" else _keyed(of, output)


def _keyed(of: Facet, output: Output) -> Schema:
    """An inner object without the key that names it in a mapping."""
    assert output.outputs is not None  # noqa: S101
    inner = output.outputs.outputs[1:] if output.form is Form.MAPPING else output.outputs.outputs
    properties = {each.key: value(_end(of, output), each) for each in inner}
    return thing(properties)


_FORMED = {
    Form.OBJECT: lambda of, output: or_null(_inner(of, output)),
    Form.OBJECTS: lambda of, output: listed(_inner(of, output)),
    Form.MAPPING: lambda of, output: {"type": "object", "additionalProperties": _value_alone(of, output)},
    Form.NEWEST: lambda of, output: or_null(_value_alone(of, output)),
}
