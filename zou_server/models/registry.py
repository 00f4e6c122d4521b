"""The registry: what an entity type is, said once; every dialect derives from it.

A *model* is a SQLAlchemy class. A *facet* is a type on somebody's wire: a model plus a fixed
condition (Shot = entity of kind Shot). `@entity(...)` beside the class declares the facets and what
the ORM cannot know: plurals, the names each dialect uses, hidden fields, policy, links to many.

The rule: whatever can be derived from a column is derived here; nothing is said twice. Duplicate
and unknown names are refused when the module is imported, not when a request arrives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.base import SYSTEM_COLUMNS, Base, Row
from zou_server.models.conditions import EVERYTHING, Condition
from zou_server.models.errors import UnknownField, UnknownType
from zou_server.models.free_links import HELD, MANY, ONE, Fields, held_by, target_in, where_of
from zou_server.models.kinds import ANY as ANY  # noqa: PLC0414 - declared here for all
from zou_server.models.kinds import Kind as Kind  # noqa: PLC0414
from zou_server.models.kinds import kind_of, plain_default, target_of

Model = TypeVar("Model", bound=Base)


@dataclass(frozen=True)
class Many:
    """A link to many rows.

    By a column of the target that points back (`by`), or `through` a link row: `near` is its column
    that points here, `far` the one that points there. `where` narrows the link rows (or, without
    `through`, the target rows). `ordered` names the link row's column that keeps the order. An `inner`
    one is for paths alone: no dialect shows it unless its own tables name it. With `held`, `by` is a key of
    the target's `data`.
    """

    target: str
    by: str = ""
    through: str = ""
    near: str = ""
    far: str = ""
    where: Condition = EVERYTHING
    ordered: str = ""
    writable: bool = True
    inner: bool = False
    held: bool = False


Expression = Callable[[FromClause], ColumnElement[Any]]
Narrow = Callable[[FromClause, str, ColumnElement[Any]], ColumnElement[bool] | None]


@dataclass(frozen=True)
class Computed:
    """A read-only field that is an SQL expression over the row.

    With `target` it is a link; `order` are the expressions to sort by when they differ from the
    value, `narrow` an extra condition that lets an index serve a comparison: it gets
    (row, operator sign, bound value) and returns a condition or None. An `inner` one is for paths alone:
    no dialect shows it unless its own tables name it.
    """

    kind: Kind
    expression: Expression
    target: str = ""
    order: Callable[[FromClause], tuple[ColumnElement[Any], ...]] | None = None
    narrow: Narrow | None = None
    inner: bool = False


@dataclass(frozen=True)
class Field:
    """One attribute of a facet, as everything else sees it."""

    name: str
    kind: Kind
    column: sa.Column[Any] | None = None
    target: str = ""
    many: Many | None = None
    computed: Computed | None = None
    choices: tuple[str, ...] = ()
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    spelled: Callable[[Any], str] | None = None
    """How a text of a kind of its own is kept (a frame rate); ValueError for what is none."""
    required: bool = False
    read_only: bool = False
    hidden: bool = False
    label: str = ""
    default: object = None
    inner: bool = False
    """Of use in paths alone: no dialect shows it unless its own tables name it."""
    narrow: Narrow | None = None
    identity: str = ""
    """The column of the identity table this comes from (`number`, `kind`, `name`), "" for none."""

    @property
    def hop(self) -> str:
        """The name a path uses to go along this link: `task_status` for `task_status_id`."""
        return self.name.removesuffix("_id") if self.kind is Kind.LINK else self.name

    def expression(self, row: FromClause) -> ColumnElement[Any]:
        """The SQL value of this field in `row` (an alias of the model's table)."""
        if self.computed is not None:
            return self.computed.expression(row)
        if self.column is None:
            raise UnknownField("row", self.name)
        return row.c[self.column.name]


@dataclass(frozen=True)
class FacetSpec:
    """The declaration of one facet in a model file; see `Facet` for the meaning of each part."""

    name: str
    plural: str
    where: Condition = EVERYTHING
    defaults: Mapping[str, object] = field(default_factory=dict)
    names: Mapping[str, str | None] = field(default_factory=dict)
    kind: str | None = None
    policy: str = ""
    required: tuple[str, ...] = ()
    view: str = ""


@dataclass(frozen=True, eq=False)
class Facet:
    """An entity type on the wire.

    * `name`, `plural`: our own name ("Shot") and its collection ("shots"; hyphens are Zou's business)
    * `where`, `defaults`: which rows of the model it is, and what a new row gets to be one
    * `kind`: what `object.kind` says of its rows; None when the row decides (the facet "Entity")
    * `names`: the type's name in a dialect; None hides it there; absent means `name` itself
    * `reached`: the path to the row's project as its model file says it; None where it is derived
    * `display`: the attribute that is the display name
    * `view`: a view with the model's columns that has these rows sooner than the model's table
    """

    name: str
    plural: str
    model: type[Base]
    where: Condition
    defaults: Mapping[str, object]
    names: Mapping[str, str | None]
    kind: str | None
    policy: str
    display: str
    reached: str | None
    hidden: frozenset[str]
    read_only: frozenset[str]
    required: frozenset[str]
    many: Mapping[str, Many]
    computed: Mapping[str, Computed]
    view: str = ""

    def __repr__(self) -> str:
        return f"<Facet {self.name}>"

    @cached_property
    def table(self) -> sa.Table:
        """The model's table, or the view that stands for it."""
        own: sa.Table = self.model.__table__  # type: ignore[assignment]
        if not self.view:
            return own
        known = own.metadata.tables.get(self.view)
        return own.to_metadata(own.metadata, name=self.view) if known is None else known

    @cached_property
    def project(self) -> str:
        """The path to the row's project: its column, or the way of what owns the row; "" for vocabulary."""
        if self.reached is not None:
            return self.reached
        if "project_id" in self.table.c:
            return "project_id"
        return f"{self.parent.hop}.{FACETS[self.parent.target].project}" if self.parent else ""

    @cached_property
    def parent(self) -> Field | None:
        """The first link to an owner that is of a project, for rows without a project of their own."""
        if "project_id" in self.table.c:
            return None
        owners = (self.fields[c.name] for c in self.table.columns if c.info.get("owner"))
        others = (each for each in owners if each.target not in (ANY, self.model.__name__))
        return next((each for each in others if FACETS[each.target].project), None)

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every attribute by name: columns in order, then links to many, then computed ones."""
        found = {c.name: self._column_field(c) for c in self.table.columns}
        found.update({n: self._many_field(n, m) for n, m in self.many.items()})
        found.update({n: self._computed_field(n, c) for n, c in self.computed.items()})
        if issubclass(self.model, Row):
            found.update(IDENTITY_FIELDS)
        return Fields(found, free_field)

    @cached_property
    def visible(self) -> dict[str, Field]:
        """The fields that may appear in an answer, a filter, a schema."""
        shown = {n: f for n, f in self.fields.items() if not (f.hidden or f.inner)}
        return Fields(shown, free_field)

    @cached_property
    def hops(self) -> dict[str, Field]:
        """The links by the name that a path uses for them."""
        links = {f.hop: f for f in self.fields.values() if f.kind in (Kind.LINK, Kind.LINKS)}
        return Fields(links, free_field)

    def field(self, name: str) -> Field:
        """Return the field called `name`; UnknownField when there is none or it is hidden."""
        found = self.visible.get(name)
        if found is None:
            raise UnknownField(self.name, name)
        return found

    def named(self, dialect: str) -> str | None:
        """The type's name in `dialect`, None where that dialect does not know it."""
        return self.names.get(dialect, self.name)

    def _column_field(self, column: sa.Column[Any]) -> Field:
        info: Mapping[str, Any] = column.info
        link = bool(column.foreign_keys or "target" in info) and column.name != "id"
        system = column.name in SYSTEM_COLUMNS or column.name == "id"
        has_default = column.default is not None or column.server_default is not None
        return Field(
            name=column.name,
            kind=Kind.LINK if link else kind_of(column),
            column=column,
            target=info.get("target") or (target_of(column) if link else ""),
            choices=tuple(info.get("choices", ())),
            max_length=info.get("max_length"),
            minimum=info.get("minimum"),
            maximum=info.get("maximum"),
            spelled=info.get("spelled"),
            required=not system
            and ((not column.nullable and not has_default) or column.name in self.required),
            read_only=system or column.name in self.read_only,
            hidden=column.name in self.hidden,
            inner=bool(info.get("inner")),
            narrow=info.get("narrow"),
            label=info.get("label") or column.name.removesuffix("_id").replace("_", " ").capitalize(),
            default=plain_default(column),
        )

    def _many_field(self, name: str, many: Many) -> Field:
        return Field(
            name,
            Kind.LINKS,
            target=many.target,
            many=many,
            read_only=not many.writable,
            hidden=name in self.hidden,
            inner=many.inner,
            label=name.replace("_", " ").capitalize(),
        )

    def _computed_field(self, name: str, computed: Computed) -> Field:
        return Field(
            name,
            computed.kind,
            target=computed.target,
            computed=computed,
            read_only=True,
            hidden=name in self.hidden,
            inner=computed.inner,
            narrow=computed.narrow,
            label=name.replace("_", " ").capitalize(),
        )


@dataclass(frozen=True, eq=False)
class Union:
    """A type on the wire that holds several facets (ftrack's Context holds Project, Shot, Task, ...)."""

    name: str
    members: tuple[str, ...]
    names: Mapping[str, str | None]

    @property
    def facets(self) -> tuple[Facet, ...]:
        """The member facets, in the order declared."""
        return tuple(facet(name) for name in self.members)


@lru_cache(maxsize=4096)
def free_field(name: str) -> Field:
    """The field that a free link is."""
    if name.startswith(ONE):
        value = Computed(Kind.LINK, target_in(name.removeprefix(ONE)), target=ANY)
        return Field(name, Kind.LINK, target=ANY, computed=value)
    if name.startswith(HELD):
        kind, key = held_by(name)
        many = Many(kind, by=key, held=True, where=facet(kind).where)
        return Field(name, Kind.LINKS, target=kind, many=many)
    near, far = ("from_id", "to_id") if name.startswith(MANY) else ("to_id", "from_id")
    ordered = "position" if name.startswith(MANY) else ""
    many = Many(ANY, through="ObjectLink", near=near, far=far, where=where_of(name), ordered=ordered)
    return Field(name, Kind.LINKS, target=ANY, many=many)


IDENTITY_FIELDS: dict[str, Field] = {
    "number": Field("number", Kind.INTEGER, identity="number", read_only=True, label="Number"),
    "object_kind": Field("object_kind", Kind.TEXT, identity="kind", read_only=True, label="Kind"),
    "display_name": Field("display_name", Kind.TEXT, identity="name", read_only=True, label="Display name"),
}
"""What every row has through the identity table."""

FACETS: dict[str, Facet] = {}
UNIONS: dict[str, Union] = {}
PRIMARY: dict[str, Facet] = {}
"""Table name -> the facet that holds every row of the table."""


def entity(  # noqa: PLR0913 - one declaration says everything about a model
    plural: str,
    *,
    facets: Iterable[FacetSpec] = (),
    names: Mapping[str, str | None] | None = None,
    kind: str | None = "",
    policy: str = "vocabulary",
    display: str = "name",
    project: str | None = None,
    hidden: Iterable[str] = (),
    read_only: Iterable[str] = (),
    required: Iterable[str] = (),
    many: Mapping[str, Many] | None = None,
    computed: Mapping[str, Computed] | None = None,
) -> Callable[[type[Model]], type[Model]]:
    """Register a model and its facets; the first facet is the whole table, under the class's name."""

    def register(model: type[Model]) -> type[Model]:
        table: sa.Table = model.__table__  # type: ignore[assignment]
        own = FacetSpec(model.__name__, plural, names=names or {}, kind=kind)
        for spec in (own, *facets):
            _add(
                Facet(
                    name=spec.name,
                    plural=spec.plural,
                    model=model,
                    where=spec.where,
                    defaults=spec.defaults,
                    names=spec.names,
                    kind=model.__name__ if spec.kind == "" else spec.kind,
                    policy=spec.policy or policy,
                    display=display,
                    reached=project,
                    hidden=frozenset(hidden) | {"deleted_at"},
                    read_only=frozenset(read_only),
                    required=frozenset(required) | frozenset(spec.required),
                    many=many or {},
                    computed=computed or {},
                    view=spec.view,
                )
            )
        PRIMARY[table.name] = FACETS[model.__name__]
        return model

    return register


def union(name: str, members: Iterable[str], names: Mapping[str, str | None] | None = None) -> Union:
    """Register a type that holds the rows of several facets."""
    if name in FACETS or name in UNIONS:
        message = f"{name} is registered twice"
        raise RuntimeError(message)
    UNIONS[name] = Union(name, tuple(members), names or {})
    return UNIONS[name]


def facet(name: str) -> Facet:
    """Return the facet called `name`; UnknownType when there is none."""
    try:
        return FACETS[name]
    except KeyError:
        raise UnknownType(f"There is no type '{name}'.") from None


def facet_of_kind(kind: str) -> Facet:
    """Return the facet whose rows carry `kind` in the identity table (an event's or a link's type)."""
    return _by_kind().get(kind) or facet(kind)


def _by_kind() -> dict[str, Facet]:
    found: dict[str, Facet] = {}
    for each in FACETS.values():
        if each.kind and (each.name == each.kind or each.kind not in found):
            found[each.kind] = each
    return found


def _add(new: Facet) -> None:
    if new.name in FACETS:
        message = f"{new.name} is registered twice"
        raise RuntimeError(message)
    FACETS[new.name] = new
