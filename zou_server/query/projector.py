"""What each answer row holds: the outputs of a projection as SQL columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.base import Identity
from zou_server.models.conditions import Form, Only, Output, Projection
from zou_server.models.errors import Invalid
from zou_server.models.registry import FACETS, Field, Kind
from zou_server.models.rows_of import row_of
from zou_server.query.compiler import Compiler
from zou_server.query.facets import facet_condition, kinds_of, leads_to
from zou_server.query.frame import Frame, Path, Position, Step, parse_path
from zou_server.query.spelling import Spelling

NAME_BYTES = 64
PAIRS = 45
"""Keys that one json_build_object takes here; PostgreSQL stops at 50 pairs."""


class Projector:
    """Turns outputs into columns of a frame, in a dialect's spelling."""

    def __init__(self, compiler: Compiler, spelling: Spelling) -> None:
        self.compiler, self.spelling = compiler, spelling

    def columns(
        self, frame: Frame, projection: Projection, at: Position | None = None
    ) -> list[ColumnElement[Any]]:
        """One SQL value per output, in order."""
        return [self.column(frame, at or frame.root, output) for output in projection.outputs]

    def column(self, frame: Frame, at: Position, output: Output) -> ColumnElement[Any]:
        """The SQL value of one output."""
        shown = _FORMS[output.form](self, frame, at, output)
        if output.only is None:
            return shown
        other = sa.null() if output.otherwise is None else sa.literal_column(_quoted(output.otherwise))
        return sa.case((self._holds(frame, output.only), shown), else_=other)

    def _holds(self, frame: Frame, only: Only) -> ColumnElement[bool]:
        """Whether a row is one that values are shown of: worked out once for all of them."""
        key = f"?{id(only)}"
        if key not in frame.joins:
            test = self.compiler.condition(frame, frame.root, only.condition).label("holds")
            # OFFSET keeps PostgreSQL from working it out at each of its uses.
            once = sa.select(test).correlate(*_outer(frame)).offset(sa.literal_column("0")).lateral()
            frame.joins[key] = (once, sa.true())
            frame.always.add(key)
        holds: ColumnElement[bool] = frame.joins[key][0].c.holds
        return holds

    def _walk(self, frame: Frame, at: Position, path: Path) -> Position:
        for step in path.hops:
            link = frame.link(at, step)
            if link.kind is Kind.LINKS:
                raise Invalid(f"{step.name} leads to many rows, where one value is needed.")
            at = frame.go(at, step, link)
        return at

    def _value(self, frame: Frame, at: Position, output: Output) -> ColumnElement[Any]:
        path = parse_path(output.path)
        at = self._walk(frame, at, path)
        leaf = frame.leaf(at, Path((), path.last, path.key, Kind.JSON if path.key else path.kind))
        shown = _flag(leaf.expression) if path.key and path.kind is Kind.BOOLEAN else leaf.expression
        return self.spelling.value(shown, leaf.kind, output.style)

    def _literal(self, frame: Frame, at: Position, output: Output) -> ColumnElement[Any]:
        if output.style == "json":
            return sa.literal_column(_quoted(output.path) + "::json")
        return sa.cast(sa.literal(output.path), sa.Text())

    def _null(self, frame: Frame, at: Position, output: Output) -> ColumnElement[Any]:
        return sa.cast(sa.null(), sa.Text())

    def _link(self, frame: Frame, at: Position, output: Output) -> ColumnElement[Any]:
        path = parse_path(output.path)
        at = self._walk(frame, at, path)
        if path.last in ("id", "#"):
            return self.spelling.link(
                at.row.c.id,
                frame.identity(at) if self.spelling.links_need_identity else None,
                kinds_of(at.facet),
            )
        leaf = frame.leaf(at, Path((), path.last))
        identity = None
        if self.spelling.links_need_identity:
            name = f"{path.last.removesuffix('_id')}#"
            identity = frame.identity(at, leaf.expression, name, leads_to(leaf.field))
        return self.spelling.link(leaf.expression, identity, kinds_of(leads_to(leaf.field)))

    def _many(self, frame: Frame, at: Position, output: Output) -> tuple[Position, Field, Step]:
        path = parse_path(f"{output.path}.id")
        at = self._walk(frame, at, Path(path.hops[:-1], ""))
        return at, frame.link(at, path.hops[-1]), path.hops[-1]

    def _links(self, frame: Frame, at: Position, output: Output) -> ColumnElement[Any]:
        """Ids or links along a to-many link, without joining the targets when the link row has the id."""
        at, link, step = self._many(frame, at, output)
        many = link.many
        if many is None or many.by or step.cast:
            return self._objects(
                frame, at, Output(output.key, output.path, Form.OBJECTS, None, "links"), walked=True
            )
        through, target = FACETS[many.through].table, leads_to(link)
        row = row_of(through)
        source: FromClause = row
        far: ColumnElement[Any] = row.c[many.far]
        identity = None
        # A link that is retired with what it leads to, which everybody sees, says all by itself.
        says_all = bool(through.c[many.far].info.get("owner")) and frame.shows_all(target)
        if self.spelling.links_need_identity or (frame.seen_by.projects is not None and not says_all):
            identity = row_of(Identity.__table__)
            live = sa.and_(
                identity.c.id == far,
                identity.c.deleted_at.is_(None),
                frame.visible(identity, None, target),
            )
            source = row.join(identity, live)
        order: list[ColumnElement[Any]] = [row.c[many.ordered].asc().nulls_last()] if many.ordered else []
        order += [row.c.created_at, row.c.id]
        listed = _json_list(self.spelling.link(far, identity, kinds_of(target)), order)
        return (
            sa.select(listed)
            .select_from(source)
            .where(
                row.c[many.near] == at.row.c.id,
                row.c.deleted_at.is_(None),
                facet_condition(row, many.where),
                *frame.seen_by.shown(at, link.name),
            )
            .correlate(at.row)
            .scalar_subquery()
        )

    def _all_objects(self, frame: Frame, at: Position, output: Output) -> ColumnElement[Any]:
        """The rows along one link to many, and those along others that are shown in the same list."""
        listed = self._objects(frame, at, output)
        for each in output.also:
            more = self._objects(frame, at, each)
            both = sa.cast(sa.cast(listed, JSONB).op("||")(sa.cast(more, JSONB)), sa.JSON)
            is_empty = sa.cast(more, sa.Text()) == sa.literal_column("'[]'")
            listed = sa.case((is_empty, listed), else_=both)
        return listed

    def _objects(
        self, frame: Frame, at: Position, output: Output, *, walked: bool = False
    ) -> ColumnElement[Any]:
        if walked:
            step = parse_path(f"{output.path}.id").hops[-1]
            link = frame.link(at, step)
        else:
            at, link, step = self._many(frame, at, output)
        inner, conditions = self.compiler.many_rows(frame, at, link, step)
        projection = output.outputs or Projection(())
        if output.style == "links":
            identity = inner.identity(inner.root) if self.spelling.links_need_identity else None
            shown = self.spelling.link(inner.root.row.c.id, identity, kinds_of(inner.root.facet))
        elif _are_names(projection) and not projection.positional:
            return self._rows(frame, inner, conditions, projection)
        else:
            shown = self.build(inner, inner.root, projection)
        # LEFT joins below: a condition on the joined link row turns its join into an inner one.
        return (
            sa.select(_json_list(shown, _oldest_first(inner)))
            .select_from(inner.from_clause())
            .where(*conditions)
            .correlate(*_outer(frame))
            .scalar_subquery()
        )

    def _rows(
        self, frame: Frame, inner: Frame, conditions: list[ColumnElement[bool]], projection: Projection
    ) -> ColumnElement[Any]:
        """The rows as a JSON list, by row_to_json: it takes a third less time than json_build_object."""
        columns = [self.column(inner, inner.root, each).label(each.key) for each in projection.outputs]
        rows = (
            sa.select(*columns)
            .select_from(inner.from_clause())
            .where(*conditions)
            .order_by(*_oldest_first(inner))
            .correlate(*_outer(frame))
            .subquery()
        )
        listed = sa.func.json_agg(sa.func.row_to_json(rows.table_valued()))
        return sa.select(sa.func.coalesce(listed, sa.text("'[]'::json"))).scalar_subquery()

    def _object(self, frame: Frame, at: Position, output: Output) -> ColumnElement[Any]:
        path = parse_path(f"{output.path}.id")
        at = self._walk(frame, at, path)
        return sa.case(
            (at.row.c.id.is_(None), None), else_=self.build(frame, at, output.outputs or Projection(()))
        )

    def _mapping(self, frame: Frame, at: Position, output: Output) -> ColumnElement[Any]:
        at, link, step = self._many(frame, at, output)
        inner, conditions = self.compiler.many_rows(frame, at, link, step)
        key, *rest = (output.outputs or Projection(())).outputs
        pairs = sa.func.json_object_agg(
            self.column(inner, inner.root, key), self._shown(inner, tuple(rest), output.style)
        )
        return (
            sa.select(sa.func.coalesce(pairs, sa.text("'{}'::json")))
            .select_from(inner.from_clause())
            .where(*conditions)
            .correlate(*_outer(frame))
            .scalar_subquery()
        )

    def _newest(self, frame: Frame, at: Position, output: Output) -> ColumnElement[Any]:
        at, link, step = self._many(frame, at, output)
        inner, conditions = self.compiler.many_rows(frame, at, link, step)
        row = inner.root.row
        shown = self._shown(inner, (output.outputs or Projection(())).outputs, output.style)
        newest = (
            sa.select(shown)
            .select_from(inner.from_clause())
            .where(*conditions)
            .order_by(row.c.created_at.desc(), row.c.id.desc())
            .limit(sa.literal_column("1"))
            .correlate(*_outer(frame))
            .scalar_subquery()
        )
        return newest if output.style == "value" else sa.func.coalesce(newest, sa.text("'{}'::json"))

    def _shown(self, frame: Frame, outputs: tuple[Output, ...], style: str) -> ColumnElement[Any]:
        if style == "value":
            return self.column(frame, frame.root, outputs[-1])
        return self.build(frame, frame.root, Projection(outputs))

    def _is_mine(self, frame: Frame, at: Position, output: Output) -> ColumnElement[Any]:
        if frame.seen_by.reader is None:
            return sa.false()
        at, link, step = self._many(frame, at, output)
        return self.compiler.exists(
            frame, at, link, step, lambda inner, here: here.row.c.person_id == inner.seen_by.reader
        )

    def build(self, frame: Frame, at: Position, projection: Projection) -> ColumnElement[Any]:
        """A JSON object of a projection at a position."""
        if projection.positional:
            return sa.func.json_build_array(*self.columns(frame, projection, at))
        pairs: list[Any] = []
        for output in projection.outputs:
            pairs += [sa.literal_column(_quoted(output.key)), self.column(frame, at, output)]
        if len(pairs) <= 2 * PAIRS:
            return sa.func.json_build_object(*pairs)
        parts = [
            sa.func.jsonb_build_object(*pairs[i : i + 2 * PAIRS], type_=JSONB)
            for i in range(0, len(pairs), 2 * PAIRS)
        ]
        whole: ColumnElement[Any] = parts[0]
        for part in parts[1:]:
            whole = whole.op("||")(part)
        return whole


def _are_names(projection: Projection) -> bool:
    """True when every key may be the name of a column: PostgreSQL cuts names at 63 bytes."""
    keys = [output.key for output in projection.outputs]
    return bool(keys) and len(set(keys)) == len(keys) and all(0 < len(k.encode()) < NAME_BYTES for k in keys)


def _oldest_first(frame: Frame) -> list[ColumnElement[Any]]:
    row = frame.root.row
    return [row.c.created_at, row.c.id] if "created_at" in row.c else [row.c.id]


def _json_list(value: ColumnElement[Any], order: list[ColumnElement[Any]]) -> ColumnElement[Any]:
    return sa.func.coalesce(sa.func.json_agg(aggregate_order_by(value, *order)), sa.text("'[]'::json"))


def _flag(custom: ColumnElement[Any]) -> ColumnElement[Any]:
    """A custom field that is asked for as a flag: Kitsu and our imports keep the word `true` for true."""
    word = sa.func.lower(custom.op("#>>", return_type=sa.Text())(sa.literal_column("'{}'")))
    flags: list[tuple[Any, Any]] = [
        (word == flag, sa.literal_column(f"'{flag}'::jsonb")) for flag in ("true", "false")
    ]
    return sa.case(*flags, else_=custom)


def _quoted(key: str) -> str:
    """A key as an SQL string literal; SQLAlchemy itself doubles a percent sign for the parameter style."""
    return "'" + key.replace("'", "''") + "'"


def _outer(frame: Frame) -> list[Any]:
    return [frame.root.row, *(row for row, _ in frame.joins.values())]


_FORMS: dict[Form, Callable[[Projector, Frame, Position, Output], ColumnElement[Any]]] = {
    Form.VALUE: Projector._value,
    Form.LINK: Projector._link,
    Form.LINKS: Projector._links,
    Form.OBJECT: Projector._object,
    Form.OBJECTS: Projector._all_objects,
    Form.MAPPING: Projector._mapping,
    Form.NEWEST: Projector._newest,
    Form.IS_MINE: Projector._is_mine,
    Form.LITERAL: Projector._literal,
    Form.NULL: Projector._null,
}
