"""How a dialect describes its routes: OpenAPI's own dictionaries, and the few helpers that build them.

Each dialect has a `describe()` that returns a `Description`; the composition root hands all of them to
`blueprints.meta`, which makes one document. Nothing here knows a dialect or the web framework.

The rule: a schema of what a client *sends* is never stricter than the server, which reads values in
every spelling its clients use (a number as text, a truth as 1). One of what we *answer* is exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zou_server.models.registry import Field, Kind

Schema = dict[str, Any]

JSON = "application/json"
_ARGUMENT = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


@dataclass(frozen=True)
class Description:
    """What one dialect says of itself.

    * `tags`: name -> what the group of routes is, in the order to show them
    * `paths`: template (`/data/shots/{id}`) -> method in lower case -> operation
    * `aliases`: another template of the same routes -> the one in `paths`
    * `components`: section ("schemas", "parameters", "responses", "securitySchemes") -> name -> component
    """

    tags: Mapping[str, str]
    paths: Mapping[str, Mapping[str, Schema]]
    aliases: Mapping[str, str] = field(default_factory=dict)
    components: Mapping[str, Mapping[str, Schema]] = field(default_factory=dict)


def template_of(rule: str) -> str:
    """Flask's `/shots/<int:number>` as OpenAPI's `/shots/{number}`."""
    return _ARGUMENT.sub(r"{\1}", rule)


def ref(name: str, section: str = "schemas") -> Schema:
    """A pointer to a component."""
    return {"$ref": f"#/components/{section}/{name}"}


def body(*schemas: Schema, required: bool = True, media: Iterable[str] = (JSON,)) -> Schema:
    """A request body: one schema for all media types, or one for each."""
    listed = tuple(media)
    each = schemas if len(schemas) == len(listed) else schemas * len(listed)
    return {"required": required, "content": {m: {"schema": s} for m, s in zip(listed, each, strict=True)}}


def answer(
    text: str, schema: Schema | None = None, *, media: str = JSON, headers: Schema | None = None
) -> Schema:
    """One response: its sentence, and the schema of its body when it has one."""
    found: Schema = {"description": text}
    if schema is not None:
        found["content"] = {media: {"schema": schema}}
    if headers:
        found["headers"] = headers
    return found


def operation(
    tag: str,
    summary: str,
    answers: Mapping[int, Schema],
    *,
    parameters: Iterable[Schema] = (),
    sends: Schema | None = None,
    **more: Any,
) -> Schema:
    """One method of one path; `more` are OpenAPI's own words (description, security)."""
    found: Schema = {"tags": [tag], "summary": summary, **more}
    listed = list(parameters)
    if listed:
        found["parameters"] = listed
    if sends is not None:
        found["requestBody"] = sends
    found["responses"] = {str(status): each for status, each in sorted(answers.items())}
    return found


def parameter(name: str, place: str, schema: Schema, text: str = "", *, required: bool = False) -> Schema:
    """A parameter in the path, the query string or a header."""
    found: Schema = {"name": name, "in": place, "required": required or place == "path", "schema": schema}
    return found | ({"description": text} if text else {})


def one_of(values: Iterable[str]) -> Schema:
    """A word out of a list."""
    return {"type": "string", "enum": list(values)}


def thing(properties: Mapping[str, Schema], required: Iterable[str] = (), **more: Any) -> Schema:
    """A JSON object."""
    found: Schema = {"type": "object", "properties": dict(properties), **more}
    names = list(required)
    return found | ({"required": names} if names else {})


def listed(schema: Schema) -> Schema:
    """A JSON array."""
    return {"type": "array", "items": schema}


def or_null(schema: Schema) -> Schema:
    """The schema, or null."""
    if "type" not in schema:
        return {"anyOf": [schema, {"type": "null"}]} if schema else schema
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "null" in types:
        return schema
    found = {**schema, "type": [*types, "null"]}
    if "enum" in schema:
        found["enum"] = [*schema["enum"], None]
    return found


ID: Schema = {"type": "string", "format": "uuid"}

SENT_ID: Schema = {"anyOf": [ID, {"type": "string"}], "description": "A uuid, in any of its usual spellings."}
"""Named `Id` in the document."""

SENT: Mapping[Kind, Schema] = {
    # what query/values.py reads as each kind
    Kind.TEXT: {"type": ["string", "number", "boolean"]},
    Kind.INTEGER: {"type": ["integer", "string", "boolean"]},
    Kind.NUMBER: {"type": ["number", "string", "boolean"]},
    Kind.BOOLEAN: {"type": ["boolean", "string", "integer"]},
    Kind.DATE: {"type": "string", "description": "ISO 8601: 2030-01-31", "examples": ["2030-01-31"]},
    Kind.DATETIME: {
        "type": "string",
        "description": "ISO 8601; UTC where no zone is said",
        "examples": ["2030-01-31T12:30:00"],
    },
    Kind.UUID: ref("Id"),
    Kind.LINK: ref("Id"),
    Kind.JSON: {},
}
"""Kind -> what a client may send for it."""

ANSWERED: Mapping[Kind, Schema] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.DATETIME: {"type": "string"},
    Kind.UUID: ID,
    Kind.LINK: ID,
    Kind.LINKS: {"type": "array", "items": ID},
    Kind.JSON: {},
}
"""Kind -> what an answer holds for it; a dialect with other spellings lays its own lines over these."""


def limits(found: Field) -> Schema:
    """What the registry says of a field's values beside their kind."""
    facts = {
        "maxLength": found.max_length,
        "minimum": found.minimum,
        "maximum": found.maximum,
        "enum": list(found.choices) or None,
    }
    return {name: value for name, value in facts.items() if value is not None}


def is_nullable(found: Field) -> bool:
    """True when an answer may hold null: only a column can promise that it never does."""
    return found.column is None or bool(found.column.nullable)
