"""The `query_display_name_cache` call: rows of several types by words of their names.

It is what shotgun_api3's `text_search` asks. Every word must be in the name of the row, or in that of what it
is linked to (docs/protocols/shotgun.md 4.11).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.call import Call, projection_for
from zou_server.blueprints.shotgun.filters import Filters
from zou_server.blueprints.shotgun.schema.wire_types import WireType
from zou_server.blueprints.shotgun.spelling import SPELLING
from zou_server.blueprints.shotgun.values import text
from zou_server.models.conditions import All, AnyOf, Condition, Op, Order, Query, Where
from zou_server.services.read.reader import rows_of

SHORTEST = 3
"""Characters of a text that can be looked for."""

MOST_MATCHES = 25
"""Matches of one answer, as on a Shotgun site."""

MOST_WORDS = 20
_NAME = "cached_display_name"
_SHOWN = (_NAME, "project", "image", "sg_status_list", "entity")
_NO_LINK = ("", "")


@dataclass(frozen=True, slots=True)
class TextSearch:
    """A search for text: words in small letters, numbers of projects (none: all), how many matches."""

    text: str
    words: tuple[str, ...]
    projects: tuple[int, ...]
    limit: int


def text_search(call: Call) -> str:
    """Return the matches, the shortest names first, and the words that were looked for."""
    search = _search(call.request)
    queries = [_query(call, wire_type, tree, search) for wire_type, tree in _types(call)]
    texts = call.studio.read(call.actor).bundle(queries, SPELLING) if queries else []
    found = [_match(row) for each in texts for row in rows_of(each)]
    found.sort(key=lambda match: (len(match["name"] or ""), match["name"] or "", match["id"]))
    return orjson.dumps({"matches": found[: search.limit], "terms": search.words}).decode()


def _search(request: dict[str, Any]) -> TextSearch:
    wanted, projects = text("text", request.get("text")) or "", request.get("project_ids") or []
    limit = request.get("max_results")
    words = tuple(dict.fromkeys(wanted.lower().split()))
    if len(wanted) < SHORTEST:
        raise errors.wrong_value("text", f"must have at least {SHORTEST} characters", wanted)
    if len(words) > MOST_WORDS:
        raise errors.too_many("words", MOST_WORDS)
    if not isinstance(projects, list) or not all(type(each) is int for each in projects):
        raise errors.missing("project_ids", "array of integers", request)
    if limit is not None and (type(limit) is not int or limit < 1):
        raise errors.missing("max_results", "integer", request)
    return TextSearch(wanted, words, tuple(projects), min(limit or MOST_MATCHES, MOST_MATCHES))


def _types(call: Call) -> Iterator[tuple[WireType, Any]]:
    wanted = call.request.get("entity_types")
    if not isinstance(wanted, dict):
        raise errors.missing("entity_types", "hash", call.request)
    for name, tree in wanted.items():
        wire_type = call.type_in({"type": name})
        if _NAME not in wire_type.fields or "display_name" not in wire_type.facet.fields:
            raise errors.Fault(f"{name} cannot be searched: its rows have no names.")
        yield wire_type, tree


def _query(call: Call, wire_type: WireType, tree: Any, search: TextSearch) -> Query:
    filters = Filters(call.words, wire_type, call.now)
    conditions = [filters.parse(tree), *(_has_word(wire_type, word) for word in search.words)]
    if search.projects:
        conditions.append(filters.parse(_of_projects(wire_type, search.projects)))
    return Query(
        wire_type.facet,
        projection_for(call.words, wire_type, _SHOWN),
        All(tuple(conditions)),
        # Of names that hold the words, the shortest is the most like them.
        (Order("display_name", descending=True, like=search.text), Order("number")),
        limit=search.limit,
    )


def _has_word(wire_type: WireType, word: str) -> Condition:
    link = wire_type.fields.get("entity")
    paths = ("display_name", f"{link.hop}.display_name") if link else ("display_name",)
    return AnyOf(tuple(Where(path, Op.CONTAINS, word) for path in paths))


def _of_projects(wire_type: WireType, numbers: tuple[int, ...]) -> Any:
    """The filter, in the client's words, that leaves the rows of some projects."""
    if wire_type.name == "Project":
        return {"path": "id", "relation": "in", "values": list(numbers)}
    if "project" not in wire_type.fields:
        return None
    return {"path": "project", "relation": "in", "values": [{"type": "Project", "id": n} for n in numbers]}


def _match(row: dict[str, Any]) -> dict[str, Any]:
    """A row as this call shows it."""
    project, linked = row.get("project"), row.get("entity")
    return {
        "id": row["id"],
        "type": row["type"],
        "name": row[_NAME],
        "project_id": project["id"] if project else None,
        "image": row.get("image"),
        "links": (linked["type"], linked["name"]) if linked else _NO_LINK,
        "status": row.get("sg_status_list"),
    }
