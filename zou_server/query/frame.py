"""Where a path leads: rows, the joins that reach them, and the value at the end.

A `Frame` is one SELECT level. To-one hops join the target once per prefix; a to-many hop is not
joined here: the compiler opens a new frame for it (EXISTS, or an aggregated sub-select).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.base import Identity, Row
from zou_server.models.conditions import Condition
from zou_server.models.errors import Invalid, Unfilterable, UnknownField
from zou_server.models.free_links import MANY, custom_name
from zou_server.models.registry import ANY, FACETS, Facet, Field, Kind, facet
from zou_server.models.rows_of import row_of
from zou_server.models.veils import KNOWN_BY_VALUE, Veils
from zou_server.models.visibility import IDENTITY, identity_of
from zou_server.query.custom_values import custom_value
from zou_server.query.facets import facet_condition, kinds_of

MAX_HOPS = 12
_STEP = re.compile(r"(?P<name>[^.\[\]]+)(?:\[(?P<cast>\w+)\])?")


@dataclass(frozen=True, slots=True)
class Step:
    """One hop of a path: the link's name and the facet it is narrowed to ("" for none)."""

    name: str
    cast: str


@dataclass(frozen=True, slots=True)
class Path:
    """A parsed path: hops, the field at the end, and for a custom field its key and kind."""

    hops: tuple[Step, ...]
    last: str
    key: str = ""
    kind: Kind = Kind.TEXT


@lru_cache(maxsize=4096)
def parse_path(path: str) -> Path:
    """Split a canonical path; Invalid when it is too long or misspelled."""
    if path.startswith("data.") or ".data." in path:
        before, _, custom = path.rpartition("data.") if path.startswith("data.") else path.partition(".data.")
        hops = before.rstrip(".")
        key, _, kind = custom.partition("::")
        steps = _steps(hops) if hops else ()
        return Path(steps, "data", key, Kind(kind) if kind else Kind.TEXT)
    *_, last = path.split(".")
    return Path(_steps(path[: -len(last) - 1]) if "." in path else (), last)


def _steps(text: str) -> tuple[Step, ...]:
    parts = text.split(".")
    if len(parts) > MAX_HOPS:
        raise Invalid(f"'{text[:80]}' goes along more than {MAX_HOPS} links.")
    steps = []
    for part in parts:
        match = _STEP.fullmatch(part)
        if match is None:
            raise Invalid(f"'{text[:80]}' is not a path.")
        steps.append(Step(match["name"], match["cast"] or ""))
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class Position:
    """A row that a path has reached: its alias, its facet (None for the identity table), the prefix."""

    row: FromClause
    facet: Facet | None
    prefix: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """The value at the end of a path."""

    expression: ColumnElement[Any]
    kind: Kind
    field: Field | None = None
    row: FromClause | None = None


IDENTITY_KINDS = {
    "id": Kind.UUID,
    "kind": Kind.TEXT,
    "object_kind": Kind.TEXT,
    "number": Kind.INTEGER,
    "name": Kind.TEXT,
    "display_name": Kind.TEXT,
    "project_id": Kind.LINK,
}
_NO_KEYS: ColumnElement[Any] = sa.literal_column("'{}'::text[]", ARRAY(sa.Text()))
_IDENTITY_COLUMNS = {"object_kind": "kind", "display_name": "name"}


Holds = Callable[[FromClause, Facet | None, Condition], ColumnElement[bool]]


def _always(_row: FromClause, _target: Facet | None, _node: Condition) -> ColumnElement[bool]:
    return sa.true()


@dataclass(frozen=True, slots=True)
class SeenBy:
    """A reader's view (see `models.conditions.View`) in a statement, its values bound.

    `holds` compiles a condition on the own columns of a row.
    """

    reader: ColumnElement[Any] | None = None
    projects: ColumnElement[Any] | None = None
    masked: frozenset[tuple[str, str]] = frozenset()
    limits: Mapping[str, Condition] = field(default_factory=dict)
    veils: Veils = ()
    holds: Holds = _always

    def limit(self, row: FromClause, target: Facet) -> ColumnElement[bool]:
        """The limit on the rows of a model; true where there is none."""
        found = self.limits.get(target.model.__name__)
        return sa.true() if found is None else self.holds(row, target, found)

    def identity_limit(self, row: FromClause, kind_of: Facet | None) -> ColumnElement[bool]:
        """The limit on the identities that a link leads to, of one facet's rows or of any."""
        found = self.limits.get(identity_of(kind_of.model.__name__) if kind_of else IDENTITY)
        return sa.true() if found is None else self.holds(row, None, found)

    def shown(self, at: Position, name: str) -> list[ColumnElement[bool]]:
        """The conditions on a row under which a field of it, or a link to many, is not hidden by a veil."""
        if not self.veils or at.facet is None:
            return []
        model, key = at.facet.model.__name__, custom_name(name)
        is_kept_there = key.startswith("data.") and not name.startswith(MANY)  # links to many are rows
        names = {(model, key), (model, "data")} if is_kept_there else {(model, key)}
        return [self.holds(at.row, at.facet, lifted) for fields, lifted in self.veils if fields & names]

    def veiled(self, at: Position, name: str, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """The value of a field; null in the rows where a veil hides it."""
        if name == "data":
            value = self._without_closed(at, value)
        tests = self.shown(at, name)
        return sa.case((sa.and_(*tests), value), else_=None) if tests else value

    def _without_closed(self, at: Position, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """The custom fields without those that the reader may not see, row by row.

        The value stands once in the text: within each test it would be twice as long with every field.
        """
        model = at.facet.model.__name__ if at.facet else ""
        for fields, lifted in self.veils:
            keys = sorted(
                n.removeprefix("data.") for of, n in fields if of == model and n.startswith("data.")
            )
            if keys:
                closed = sa.case(
                    (self.holds(at.row, at.facet, lifted), _NO_KEYS), else_=sa.literal(keys, ARRAY(sa.Text()))
                )
                value = value.op("-", return_type=JSONB())(closed)
        return value


EVERYTHING_SEEN = SeenBy()


@dataclass
class Frame:
    """One SELECT level: the root row and what is joined to it."""

    root: Position
    seen_by: SeenBy = EVERYTHING_SEEN
    joins: dict[str, tuple[FromClause, ColumnElement[bool]]] = field(default_factory=dict)
    always: set[str] = field(default_factory=set)
    """The joins that find a row for every row of the root, so that either side may lead."""
    is_numbered: bool = False
    """Whether the rows of one project are wanted in the order of their numbers."""
    picked: FromClause | None = None
    """What tells the rows apart, where these are found before anything is joined to them."""

    @classmethod
    def of(cls, target: Facet | None, seen_by: SeenBy = EVERYTHING_SEEN) -> Frame:
        """Open a frame on a facet's table (None: the identity table)."""
        table: sa.Table = target.table if target else Identity.__table__  # type: ignore[assignment]
        return cls(Position(row_of(table), target, ""), seen_by)

    def visible(
        self, row: FromClause, target: Facet | None, kind_of: Facet | None = None
    ) -> ColumnElement[bool]:
        """What a link leads to must be in the actor's projects, or in none, and not beyond their limits.

        `target` is None for a row of the identity table, which `kind_of` says is that of one facet's row.
        """
        seen = self.seen_by
        limit = seen.identity_limit(row, kind_of) if target is None else seen.limit(row, target)
        name = "project_id" if target is None else target.project
        if self.seen_by.projects is None or name not in row.c:
            return limit
        column = row.c[name]
        return sa.and_(limit, sa.or_(column.is_(None), column == sa.func.any(self.seen_by.projects)))

    def shows_all(self, target: Facet | None) -> bool:
        """Whether this reader sees whatever row of a facet a link leads to."""
        if target is None or target.project:
            return False
        return identity_of(target.model.__name__) not in self.seen_by.limits

    def inside(self, row: FromClause, target: Facet) -> ColumnElement[bool]:
        """The same for rows whose project is that of another row, reached from where there is no project."""
        hop, _, name = target.project.partition(".")
        if self.seen_by.projects is None or not name:
            return sa.true()
        link = target.hops[hop]
        owner = FACETS[link.target]
        alias = row_of(owner.table)
        inside = (
            alias.c[name] == sa.func.any(self.seen_by.projects)
            if name in alias.c
            else self.inside(alias, owner)
        )
        return row.c[link.name].in_(sa.select(alias.c.id).where(inside))

    def from_clause(self) -> FromClause:
        """The root with its joins, in the order in which paths asked for them."""
        clause = row = self.root.row
        if self.picked is not None:
            clause = self.picked.join(row, sa.and_(*(row.c[each.name] == each for each in self.picked.c)))
        for name, (row, on) in self.joins.items():
            clause = clause.join(row, on, isouter=name not in self.always)
        return clause

    def identity(
        self,
        at: Position,
        expression: ColumnElement[Any] | None = None,
        name: str = "#",
        kind_of: Facet | None = None,
    ) -> FromClause:
        """Join the identity of the row itself, or of what `expression` points at when it is live.

        `kind_of` is the facet of what it points at, None where that may be anything.
        """
        if at.facet is None and expression is None:
            return at.row
        prefix = f"{at.prefix}{name}"
        if prefix not in self.joins:
            self.joins[prefix] = (
                self._own_identity(at, prefix)
                if expression is None
                else self._identity_behind(expression, kind_of)
            )
        return self.joins[prefix][0]

    def _own_identity(self, at: Position, prefix: str) -> tuple[FromClause, ColumnElement[bool]]:
        row = row_of(Identity.__table__)
        on = row.c.id == at.row.c.id
        if at is self.root and at.facet is not None and issubclass(at.facet.model, Row):
            # Every row has one (a foreign key says so): numbers of one kind are then read in their order.
            self.always.add(prefix)
            kinds = kinds_of(at.facet)
            if len(kinds) == 1:
                on = sa.and_(on, row.c.kind == sa.literal_column(f"'{min(kinds)}'"))
        return row, on

    def _identity_behind(
        self, expression: ColumnElement[Any], kind_of: Facet | None
    ) -> tuple[FromClause, ColumnElement[bool]]:
        row = row_of(Identity.__table__)
        return row, sa.and_(
            row.c.id == expression, row.c.deleted_at.is_(None), self.visible(row, None, kind_of)
        )

    def link(self, at: Position, step: Step) -> Field:
        """The link field that a step goes along."""
        if at.facet is None:
            raise UnknownField("object", step.name)
        found = at.facet.hops.get(step.name)
        if found is None:
            raise UnknownField(at.facet.name, step.name)
        if found.hidden:
            raise Unfilterable(at.facet.name, step.name)
        return found

    def go(self, at: Position, step: Step, link: Field) -> Position:
        """Go along a to-one link; the target is joined once per prefix, retired rows do not count."""
        narrowed = facet(step.cast) if step.cast else None
        if (
            narrowed is not None
            and link.target not in (ANY, narrowed.name)
            and not _may_narrow(link, narrowed)
        ):
            raise Invalid(f"{link.name} never points at a {narrowed.name}.")
        target = narrowed or (None if link.target == ANY else FACETS[link.target])
        expression = self.masked_value(at, link)
        if target is None:
            return Position(self.identity(at, expression, f"{step.name}#"), None, f"{at.prefix}{step.name}.")
        prefix = f"{at.prefix}{step.name}[{step.cast}]."
        if prefix not in self.joins:
            row = row_of(target.table)
            on = [row.c.id == expression, row.c.deleted_at.is_(None), self.visible(row, target)]
            if narrowed is not None:
                on.append(facet_condition(row, narrowed.where))
            self.joins[prefix] = (row, sa.and_(*on))
        return Position(self.joins[prefix][0], target, prefix)

    def masked_value(self, at: Position, found: Field) -> ColumnElement[Any]:
        """The field's SQL value; null when this actor may not see it."""
        if at.facet is not None and (at.facet.model.__name__, found.name) in self.seen_by.masked:
            return sa.null()
        value = found.expression(at.row)
        return self.seen_by.veiled(at, found.name, value)

    def leaf(self, at: Position, path: Path, *, asked_whole: bool = False) -> Leaf:
        """The value that `path.last` names at a position; unveiled for who knows it already."""
        if at.facet is None:
            return _identity_leaf(at, path)
        found = at.facet.visible.get(path.last) or at.facet.hops.get(path.last)
        inner = at.facet.fields.get(path.last) if found is None else None
        found = inner if inner is not None and inner.inner else found
        if found is None or found.hidden:
            if path.last in at.facet.fields:
                raise Unfilterable(at.facet.name, path.last)
            raise UnknownField(at.facet.name, path.last)
        if path.key:
            return self._custom(at, found, path)
        if found.identity:
            value = self.identity(at).c[found.identity]
            return Leaf(self.seen_by.veiled(at, found.name, value), found.kind, found)
        if asked_whole and (at.facet.model.__name__, found.name) in KNOWN_BY_VALUE:
            return Leaf(found.expression(at.row), found.kind, found, at.row)
        return Leaf(self.masked_value(at, found), found.kind, found, at.row)

    def _custom(self, at: Position, found: Field, path: Path) -> Leaf:
        """One custom field, which depends on the veils of its own key alone."""
        if at.facet is not None and (at.facet.model.__name__, found.name) in self.seen_by.masked:
            return Leaf(sa.null(), path.kind)
        value = custom_value(found.expression(at.row), path.key, path.kind)
        return Leaf(self.seen_by.veiled(at, f"data.{path.key}", value), path.kind)


def _identity_leaf(at: Position, path: Path) -> Leaf:
    kind = IDENTITY_KINDS.get(path.last)
    if kind is None or path.key:
        raise UnknownField("object", path.last)
    return Leaf(at.row.c[_IDENTITY_COLUMNS.get(path.last, path.last)], kind)


def _may_narrow(link: Field, narrowed: Facet) -> bool:
    return FACETS[link.target].model is narrowed.model
