"""Valid rows of any facet, from what the registry says of it: no facet has a maker of its own here.

    factory = Factory(kit)
    shot = factory.make("Shot")                    # the least that a shot needs
    shot = factory.make("Shot", full=True)         # every attribute that may be set has a value
    shot = factory.make("Shot", name="sh010")      # some values are the test's own

Two full rows that are made one after the other differ in every attribute that has room for a difference.
Links lead to rows made for the purpose, all of them in the factory's one project.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.conditions import AnyOf, Condition, Op, Where
from zou_server.models.registry import ANY, FACETS, Facet, Field, Kind, facet
from zou_server.schemas.derive import writable
from zou_server.services.write.operations import Create

if TYPE_CHECKING:
    from tests.studio import StudioKit

STAND_INS: Mapping[str, str] = {
    ANY: "Shot",
    "Entity": "Sequence",
    "Person": "HumanUser",
    "Status": "TaskStatus",
}
"""What to make where a link may lead to several kinds of rows."""

PARENTS: Mapping[str, str] = {"Sequence": "Episode", "Element": "Shot", "Episode": "", "Folder": ""}
"""What an entity hangs on, where that is not a sequence: dialects that know one kind of parent show it so."""

_DAY = dt.date(2030, 1, 1)
_WORD = "abcdefghijklmnopqrstuvwxyz"


def _letters(number: int, length: int) -> str:
    """A number as letters, as many as there is room for."""
    found = ""
    for _ in range(length):
        number, letter = divmod(number, len(_WORD))
        found = _WORD[letter] + found
    return found


def _text(field: Field, number: int) -> str:
    if field.choices:
        return field.choices[number % len(field.choices)]
    if field.name in _TEXTS:
        return _TEXTS[field.name](number)
    word = f"{field.name} {number}"
    room = field.max_length or len(word)
    return word if len(word) <= room else _letters(number, min(room, 6))


_TEXTS: Mapping[str, Callable[[int], str]] = {
    "email": lambda number: f"person{number}@example.com",
    "login": lambda number: f"person{number}",
    "color": lambda number: f"#{number % 2**24:06x}",
    "country": lambda number: _letters(number, 2).upper(),
    "timezone": lambda number: ("Asia/Tokyo", "America/Los_Angeles")[number % 2],
    "fps": lambda number: str(12 + number % 200),
    "name": lambda number: f"Name {number}",
    "entity_type": lambda number: ("Shot", "Asset", "Sequence", "Edit")[number % 4],
}
"""Attributes whose text has a form of its own."""


def _number(field: Field, number: int) -> int:
    low = 1000 if field.minimum is None else int(field.minimum)  # above what the first data uses
    high = 2**31 - 1 if field.maximum is None else int(field.maximum)
    return low + number % (high - low + 1)


VALUES: Mapping[Kind, Callable[[Field, int], Any]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _number,
    Kind.NUMBER: lambda field, number: _number(field, number) * 60.0 + 30.0,  # minutes, and half hours too
    # What somebody has by a group alone goes with the group: a row of the tests is there for itself.
    Kind.BOOLEAN: lambda field, number: field.name != "inherited" and number % 2 == 0,
    Kind.DATE: lambda field, number: (_DAY + dt.timedelta(days=number)).isoformat(),
    Kind.DATETIME: lambda field, number: f"{_DAY + dt.timedelta(days=number)}T10:20:30+00:00",
    Kind.UUID: lambda field, number: str(uuid.UUID(int=number)),
    Kind.JSON: lambda field, number: _JSONS.get(field.name, lambda n: [f"item {n}"])(number),
}
"""Kind -> a value of the field; the same number gives the same value."""

_JSONS: Mapping[str, Callable[[int], Any]] = {
    "data": lambda number: {"weight": number},
    "checklist": lambda number: [{"text": f"item {number}", "checked": False}],
    "default_value": lambda _number: None,  # of a custom field: one of its type, whatever that is
    "read_roles": lambda _number: None,  # of a custom field: one that is for some roles alone keeps its key
    "write_roles": lambda _number: None,
    "shots": lambda _number: [],  # of a playlist: entities of its own project, which a number does not know
    "file_tree": lambda number: {"working": {"mountpoint": f"/mnt/{number}"}},
}
"""Attributes whose JSON has a form of its own."""


class Factory:
    """Makes rows through the write pipeline, as the server itself."""

    def __init__(self, kit: StudioKit, first: int = 1) -> None:
        self.kit = kit
        self._numbers = itertools.count(first)
        self._targets: dict[tuple[str, int], uuid.UUID] = {}
        self._places: dict[str, Iterator[int]] = defaultdict(itertools.count)

    def make(self, name: str, /, *, full: bool = False, **given: Any) -> uuid.UUID:
        """A row of a facet; `full` sets all that may be set, `given` wins over both."""
        name = _some_kind(facet(name))
        return self.kit.execute(Create(facet(name), self.values(name, full=full, **given)))[0].id

    def values(self, name: str, /, *, full: bool = False, **given: Any) -> dict[str, Any]:
        """The canonical values that `make` would use."""
        wanted, number = facet(name), next(self._numbers)
        return {**dict(self._values(wanted, number, full=full, given=given)), **given}

    def target(self, name: str, place: int = 0) -> uuid.UUID:
        """A row to link to; the same one for the same place."""
        if name == "Project":
            place = 0
        if (name, place) not in self._targets:
            self._targets[name, place] = self.make(name)
        return self._targets[name, place]

    def _values(
        self, wanted: Facet, number: int, *, full: bool, given: Mapping[str, Any]
    ) -> Iterator[tuple[str, Any]]:
        told_apart_by, place = _told_apart_by(wanted), next(self._places[wanted.name]) % 2
        asked = _asked_by(wanted.where)
        decided = {*wanted.defaults, *given, *_deciding(wanted)} - set(asked)
        needed = {wanted.display, *told_apart_by, *asked, *_typed(wanted)}
        if wanted.name == "Task" and "entity_id" not in given:
            needed.add("project_id")  # that of what it hangs on, where it hangs on something
        for field in wanted.fields.values():
            is_apart = field.kind is Kind.LINK and field.name in told_apart_by
            is_wanted = full or field.required or field.name in needed or is_apart
            if field.name in decided or not is_wanted or not writable(field) or field.name == "id":
                continue
            if field.kind is Kind.LINK:
                yield from self._link(wanted, field, place, fresh=field.name in told_apart_by)
            elif field.kind is not Kind.LINKS:
                yield field.name, VALUES[field.kind](field, number)

    def _link(
        self, wanted: Facet, field: Field, place: int, *, fresh: bool
    ) -> Iterator[tuple[str, uuid.UUID]]:
        name = _target(wanted, field)
        if name and name != wanted.name:  # a row above itself, and above that ...
            yield field.name, self.make(name) if fresh else self.target(name, place)


def _target(wanted: Facet, field: Field) -> str:
    """The facet of the row to link to; "" for none."""
    if field.name == "parent_id" and wanted.model.__name__ == "Entity":
        return PARENTS.get(wanted.name, STAND_INS["Entity"])
    if field.name == "entity_type_id" and wanted.model.__name__ == "Entity":
        return "AssetType" if wanted.kind in ("Asset", None) else ""  # the kind says it
    return STAND_INS.get(field.target, field.target)


def _typed(wanted: Facet) -> tuple[str, ...]:
    """What a row needs to be of a kind, where the facet leaves that to the row."""
    if wanted.name == "Subscription":
        return ("task_id",)  # or a step of an entity
    return ("entity_type_id",) if wanted.kind is None and "entity_type_id" in wanted.fields else ()


def _some_kind(wanted: Facet) -> str:
    """The facet to make a row by: the first kind, where a table is nothing but its kinds."""
    if wanted.kind is not None or "entity_type_id" in wanted.fields:
        return wanted.name
    kinds = (each.name for each in FACETS.values() if each.model is wanted.model and each.defaults)
    return next(kinds, wanted.name)


def _asked_by(where: Condition) -> tuple[str, ...]:
    """The attributes that a facet's own condition asks to be set, to whatever."""
    either = where.terms[0] if isinstance(where, AnyOf) else where
    return (either.path,) if isinstance(either, Where) and either.op is Op.NOT_NULL else ()


def _deciding(wanted: Facet) -> frozenset[str]:
    """The attributes that say which facet of its model a row is."""
    conditions = (each.where for each in FACETS.values() if each.model is wanted.model)
    terms = [term for each in conditions for term in (each.terms if isinstance(each, AnyOf) else (each,))]
    return frozenset(term.path for term in terms if isinstance(term, Where))


def _told_apart_by(wanted: Facet) -> frozenset[str]:
    """What must be this row's own, because a unique index looks at nothing else.

    Of an index over several columns the last one will do.
    """
    found = set()
    for index in wanted.table.indexes:
        columns = [c.name for c in index.columns]
        if index.unique and len(columns) == len(index.expressions):
            links = [name for name in columns if wanted.fields[name].kind is Kind.LINK]
            given = {*links, *wanted.defaults}
            free = [name for name in columns if name not in given and not wanted.fields[name].choices]
            found.add((free or links or columns)[-1])
    return frozenset(found)
