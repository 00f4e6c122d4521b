"""`POST /data/search`: people, assets and shots by words of their names, accents and typos forgiven."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Response

from zou_server.blueprints.zou.bodies import Shape, body, needed, optional, usually
from zou_server.blueprints.zou.describe_api.describe_rows import row_schema
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.parameters import MAX_LIMIT
from zou_server.blueprints.zou.shapes import COUNT, ID, IDS, PLAIN_TEXT, TEXTS
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import listed, one_of, thing
from zou_server.models.conditions import All, AnyOf, Condition, Op, Order, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.services.read.reader import Reader
from zou_server.web import current_actor, json_text

SHORTEST = 3
"""Shorter words find nothing: too much would be like them."""

LIMIT = 3
"""Rows of each kind, when the client does not say (docs/protocols/zou.md 10)."""


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


def _indexes(given: Any) -> list[str]:
    names = TEXTS.read(given)
    if wrong := [name for name in names if name not in INDEXES]:
        raise ValueError(f"there is no index '{wrong[0][:40]}'")
    return names


@body
class Search:
    """What is looked for: words, where, and which of the answers."""

    query: str = needed(PLAIN_TEXT, missing="Field required")
    limit: int = usually(LIMIT, COUNT)
    offset: int = usually(0, COUNT)
    index_names: list[str] | None = optional(Shape(_indexes, listed(one_of(INDEXES))))
    project_id: str | None = optional(ID)
    entity_types: list[str] | None = optional(IDS)

    @property
    def words(self) -> str:
        """The words to look for, without what is around them."""
        return self.query.strip()[:200]

    @property
    def is_code(self) -> bool:
        """Whether the words are a code, as names of shots are: what has it in its name comes first."""
        return any(each.isdigit() for each in self.words)


def _shown(index: Index) -> Projection:
    return wire_type(facet(index.facet)).projection(names=True, fields=index.fields)


def search_query(name: str, search: Search, *, literal: bool = False) -> Query:
    """The query of one index, the best answer first; of those alone that have the words as they are."""
    index, words = INDEXES[name], search.words
    wire = wire_type(facet(index.facet))
    tests = [Where(index.name, Op.CONTAINS_WORDS, words)]
    tests += [Where(path, Op.SAYS, words) for path in index.words]
    if not literal:
        # What is true of the most comes first: each test of a name makes it plain anew.
        tests.insert(0, Where(index.name, Op.RESEMBLES, words))
    terms: list[Condition] = [AnyOf(tuple(tests))]
    if search.project_id is not None:
        project = "projects.id" if index.facet == "Person" else "project_id"
        terms.append(Where(project, Op.EQ, search.project_id))
    if search.entity_types and index.facet != "Person":
        terms.append(Where("entity_type_id", Op.IN, search.entity_types))
    best = Order(index.name, descending=True, like=words, holding=search.is_code)
    best_first = (best, Order(index.name))
    projection = _shown(index)
    return Query(
        wire.facet, projection, All(tuple(terms)), best_first, min(search.limit, MAX_LIMIT), search.offset
    )


def search_all(reader: Reader, search: Search) -> Mapping[str, str]:
    """The rows that are found in each index.

    All shots are like a code (`SH0120`): names that are like one are looked for where nothing has it.
    """
    names = list(INDEXES) if search.index_names is None else search.index_names
    coded = [name for name in names if search.is_code and INDEXES[name].words]
    first = [search_query(name, search, literal=name in coded) for name in names]
    found = dict(zip(names, reader.bundle(first, ZOU), strict=True))
    if coded and not any(found[name] for name in coded) and not _has_earlier(reader, search, coded):
        more = reader.bundle([search_query(name, search) for name in coded], ZOU)
        found |= zip(coded, more, strict=True)
    return found


def _has_earlier(reader: Reader, search: Search, names: list[str]) -> bool:
    """Whether a page before this one, which is empty, shows what has the words as they are."""
    if not search.offset:
        return False
    queries = (search_query(name, search, literal=True) for name in names)
    return any(reader.bundle([replace(query, limit=1, offset=None) for query in queries], ZOU))


class SearchAll(NamedResource):
    """`/data/search`."""

    def post(self, sent: Search) -> Response:
        """What is found in each index; nothing at all for a text that is too short."""
        if len(sent.words) < SHORTEST:
            return json_text("{}")
        texts = search_all(self.studio.read(current_actor()), sent)
        found = (f'"{name}":[{text}]' for name, text in texts.items())
        return json_text("{" + ",".join(found) + "}")


ROUTES = (
    Named(
        "/data/search",
        SearchAll,
        {
            "post": Says(
                "Entity",
                "Search people, assets and shots",
                thing(
                    {name: listed(row_schema(index.facet, _shown(index))) for name, index in INDEXES.items()}
                ),
                text="What was found, by index; the best first.",
                description="Words of names, or their beginnings; accents and a typo do not matter.",
                sends=Search,
                refused=(413,),
            )
        },
    ),
)
