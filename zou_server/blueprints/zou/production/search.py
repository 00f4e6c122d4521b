"""`POST /data/search`: people, assets and shots by words of their names, accents and typos forgiven."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response

from zou_server.blueprints.zou.crud import json_body
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.parameters import MAX_LIMIT, checked_id
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import SENT, Schema, listed, or_null, ref, thing
from zou_server.models.conditions import All, AnyOf, Condition, Op, Order, Query, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind, facet
from zou_server.web import current_actor, json_text

SHORTEST = 3
"""Shorter words find nothing: too much would be like them."""

LIMIT = 3
"""Rows of each kind, when the client does not say (zou-behaviour.md 10)."""


@dataclass(frozen=True, slots=True)
class Index:
    """What can be searched: a facet, the text that is its name, and what else it says of itself."""

    facet: str
    name: str
    words: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


INDEXES: Mapping[str, Index] = {
    "persons": Index(
        "Person",
        "full_name",
        fields=(
            "first_name",
            "last_name",
            "full_name",
            "has_avatar",
            "active",
            "departments",
            "role",
            "is_bot",
        ),
    ),
    "assets": Index("Asset", "name", ("description",)),
    "shots": Index("Shot", "name", ("description",)),
}
KEYS = frozenset({"query", "limit", "offset", "index_names", "project_id", "entity_types"})


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: words, where, and which of the answers."""

    words: str
    indexes: tuple[str, ...]
    limit: int
    offset: int
    project_id: str | None
    entity_types: tuple[str, ...]


def search_query(name: str, search: Search) -> Query:
    """The query of one index, the best answer first."""
    index, words = INDEXES[name], search.words
    wire = wire_type(facet(index.facet))
    tests = [Where(index.name, op, words) for op in (Op.RESEMBLES, Op.CONTAINS_WORDS)]
    tests += [Where(path, Op.SAYS, words) for path in index.words]
    terms: list[Condition] = [AnyOf(tuple(tests))]
    if search.project_id is not None:
        project = "projects.id" if index.facet == "Person" else "project_id"
        terms.append(Where(project, Op.EQ, search.project_id))
    if search.entity_types and index.facet != "Person":
        terms.append(Where("entity_type_id", Op.IN, list(search.entity_types)))
    best_first = (Order(index.name, descending=True, like=words), Order(index.name))
    projection = wire.projection(names=True, fields=index.fields)
    return Query(wire.facet, projection, All(tuple(terms)), best_first, search.limit, search.offset)


class SearchAll(NamedResource):
    """`/data/search`."""

    def post(self) -> Response:
        """What is found in each index; nothing at all for a text that is too short."""
        search = _search(json_body())
        if len(search.words) < SHORTEST:
            return json_text("{}")
        queries = [search_query(name, search) for name in search.indexes]
        texts = self.studio.read(current_actor()).bundle(queries, ZOU)
        found = (f'"{name}":[{text}]' for name, text in zip(search.indexes, texts, strict=True))
        return json_text("{" + ",".join(found) + "}")


def _search(body: Any) -> Search:
    if not isinstance(body, dict):
        raise Invalid("The body must be a JSON object.")
    if unknown := sorted(body.keys() - KEYS):
        raise Invalid(fields={name: ["unknown field"] for name in unknown})
    query = body.get("query")
    if not isinstance(query, str):
        raise Invalid(fields={"query": ["Field required" if query is None else "must be text"]})
    names = body.get("index_names")
    indexes = tuple(INDEXES) if names is None else _texts("index_names", names)
    if wrong := sorted(set(indexes) - INDEXES.keys()):
        raise Invalid(fields={"index_names": [f"there is no index '{name[:40]}'" for name in wrong]})
    project = body.get("project_id")
    return Search(
        query.replace("\0", "").strip()[:200],
        indexes,
        min(_count(body, "limit", LIMIT), MAX_LIMIT),
        _count(body, "offset", 0),
        None if project in (None, "") else checked_id(str(project)),
        tuple(checked_id(each) for each in _texts("entity_types", body.get("entity_types") or [])),
    )


def _texts(name: str, given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise Invalid(fields={name: ["is not a list of texts"]})
    return tuple(dict.fromkeys(given))


def _count(body: Mapping[str, Any], name: str, usual: int) -> int:
    given = body.get(name, usual)
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= 2**31:
        raise Invalid(fields={name: ["is not a whole number from 0 up"]})
    return given


_NAMES: Schema = {"type": "string", "enum": list(INDEXES)}

ROUTES = (
    Named(
        "/data/search",
        SearchAll,
        {
            "post": Says(
                "Entity",
                "Search people, assets and shots",
                thing({name: listed({"type": "object"}) for name in INDEXES}),
                text="What was found, by index; the best first.",
                description="Words of names, or their beginnings; accents and a typo do not matter.",
                sends=thing(
                    {
                        "query": {"type": "string"},
                        "limit": {"type": "integer", "minimum": 0},
                        "offset": {"type": "integer", "minimum": 0},
                        "index_names": or_null(listed(_NAMES)),
                        "project_id": or_null(SENT[Kind.TEXT]),
                        "entity_types": or_null(listed(ref("Id"))),
                    },
                    ("query",),
                ),
                refused=(413,),
            )
        },
    ),
)
