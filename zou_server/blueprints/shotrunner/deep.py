"""Lists below a parent: direct as they are, and with `deep=1` of all that is below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zou_server.blueprints.shotrunner.lookup import link_to
from zou_server.blueprints.shotrunner.spelling import SPELLING
from zou_server.models.conditions import (
    All,
    AnyOf,
    Condition,
    InQuery,
    Op,
    Output,
    Projection,
    Query,
    Where,
)
from zou_server.models.registry import facet
from zou_server.services.files.kept_files import LINKS
from zou_server.services.read.reader import Reader

_ID = Projection((Output("id", "id"),))
_NUMBER = Projection((Output("number", "number"),))
LONGEST_THREAD = 64

Within = Callable[[Query], Condition]


def _of_note(query: Query) -> Condition:
    return InQuery("object_id", query, "id")


def _of_attachment(query: Query) -> Condition:
    field = Where("field", Op.EQ, LINKS.partition(":")[2])
    links = Query(facet("PlainLink"), _ID, All((field, InQuery("to_id", query, "id"))))
    return InQuery("id", links, "from_id")


def _entities(kind: str, number: int) -> Query:
    """An entity and what is below it."""
    terms: list[Condition] = [
        All((Where("kind", Op.EQ, kind), Where("number", Op.EQ, number))),
        Where(f"parent[{kind}].number", Op.EQ, number),
    ]
    if kind == "Sequence":
        terms.append(Where("sequence.number", Op.EQ, number))
    return Query(facet("Entity"), _ID, AnyOf(tuple(terms)))


def _below_entity(kind: str, number: int, within: Within) -> list[Condition]:
    entities = _entities(kind, number)
    tasks = Query(facet("Task"), _ID, InQuery("entity_id", entities, "id"))
    return [within(entities), within(tasks)]


def _below_task(_kind: str, number: int, within: Within) -> list[Condition]:
    return [within(Query(facet("Task"), _ID, Where("number", Op.EQ, number)))]


_BELOW: Mapping[str, Callable[[str, int, Within], list[Condition]]] = {
    **dict.fromkeys(("Sequence", "Shot", "Element", "Asset"), _below_entity),
    "Task": _below_task,
}
"""Parent -> what is about it, or about anything below it."""


def _notes_below(_reader: Reader, kind: str, number: int) -> Condition:
    if kind == "Project":
        return link_to("project_id", kind, number)
    return AnyOf(tuple(_BELOW[kind](kind, number, _of_note)))


def _files_below(reader: Reader, kind: str, number: int) -> Condition:
    """The files of what is below, and of what is said about it."""
    if kind == "Project":
        return link_to("project_id", kind, number)
    if kind == "Note":
        said = All((Where("number", Op.IN, [number, *_answers(reader, number)]),))
        return _of_attachment(Query(facet("Note"), _ID, said))
    notes = Query(facet("Note"), _ID, _notes_below(reader, kind, number))
    return AnyOf((*_BELOW[kind](kind, number, _of_attachment), _of_attachment(notes)))


def _replies_below(reader: Reader, _kind: str, number: int) -> Condition:
    return Where("number", Op.IN, _answers(reader, number))


def _answers(reader: Reader, number: int) -> list[int]:
    """The answers to a note, the answers to those, and so on."""
    found: list[int] = []
    level = [number]
    for _ in range(LONGEST_THREAD):
        rows = reader.rows(Query(facet("Note"), _NUMBER, Where("parent.number", Op.IN, level)), SPELLING)
        level = [row["number"] for row in rows]
        if not level:
            break
        found += level
    return found


DEEP: Mapping[tuple[str, str], Callable[[Reader, str, int], Condition]] = {
    **{(name, "Note"): _notes_below for name in ("Project", *_BELOW)},
    **{(name, "Attachment"): _files_below for name in ("Project", "Note", *_BELOW)},
    ("Note", "Note"): _replies_below,
}
"""Facets of parent and child -> all that is below, where the list of the parent alone is shorter."""
