"""From a query to one SQL statement whose rows are finished JSON, in the asking dialect's spelling.

`compile_query` works on the shape of a query (values lifted out) and is kept for every shape seen;
`Statement.bind` puts the values of one request in. Nothing else in the server builds SQL for reads.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.conditions import (
    All,
    AnyOf,
    Condition,
    InQuery,
    Live,
    Not,
    Op,
    Query,
    Retired,
    Some,
    Where,
)
from zou_server.models.errors import Invalid
from zou_server.models.free_links import ONE, target_in, text_in
from zou_server.models.registry import ANY, FACETS, Facet, Field, Kind
from zou_server.models.rows_of import is_of_log, row_of
from zou_server.query.facets import facet_condition
from zou_server.query.frame import Frame, Path, Position, SeenBy, Step, parse_path
from zou_server.query.gather import OneOf
from zou_server.query.lift import Slot
from zou_server.query.numbered import PROJECT, names_project
from zou_server.query.one_row import is_one_person, is_one_row
from zou_server.query.operators import (
    OPERATORS,
    PAIRS,
    SIGNS,
    TEXT_ONLY,
    WHOLE,
    WITHOUT_VALUE,
    array,
    constant_of,
)
from zou_server.query.ordering import follows, ordering_of, picked_by
from zou_server.query.statement import POSTGRESQL, Binder, Statement
from zou_server.query.there_is import there_is

_NAMES = itertools.count(1)
Columns = Callable[[], list[ColumnElement[Any]]]
Test = Callable[[Frame, Position], ColumnElement[bool]]


class Compiler:
    """The state of one compilation: the parameters met so far."""

    def __init__(self) -> None:
        self.binders: dict[str, Binder] = {}
        self.once: dict[str, sa.CTE] = {}

    # -- parameters ------------------------------------------------------------------------------

    def amount(self, limit: Any) -> Any:
        """A limit, which is a part of the shape where it is a usual one."""
        return limit if isinstance(limit, int) else self.parameter(limit, "limit", Kind.INTEGER)

    def parameter(self, slot: Any, path: str, kind: Kind, op: Op = Op.EQ) -> Any:
        """The bound parameter of a slot, coerced as `kind` when a request fills it; two for a pair."""
        if not isinstance(slot, Slot):
            return sa.literal(constant_of(slot, op))
        if op in PAIRS:
            return self._bound(slot, path, kind, op, 0), self._bound(slot, path, kind, op, 1)
        return self._bound(slot, path, kind, op)

    def _bound(self, slot: Any, path: str, kind: Kind, op: Op, part: int | None = None) -> ColumnElement[Any]:
        name = f"v{slot.index}_{len(self.binders)}"
        self.binders[name] = Binder(slot.index, path, kind, op, part)
        return sa.bindparam(name, type_=sa.types.NullType())

    def frame(self, query: Query) -> Frame:
        """A frame on the rows of a query, with what hides rows and fields from its actor."""
        view, projects = query.seen_by, None
        if view.projects is not None:
            projects = array(self._bound(view.projects, "project", Kind.UUID, Op.IN), Kind.UUID)
        reader = None if view.reader is None else self._bound(view.reader, "reader", Kind.UUID, Op.EQ)
        seen_by = SeenBy(reader, projects, view.masked, dict(view.limits), view.veils, self.holds)
        return Frame.of(query.facet, seen_by)

    def holds(self, row: FromClause, target: Facet | None, node: Condition) -> ColumnElement[bool]:
        """A condition on the own columns of a row, which joins nothing.

        It is one value to PostgreSQL, which would otherwise join what a sub-query finds to each such row.
        """
        at = Position(row, target, "")
        return self.condition(Frame(at), at, node).is_(True)

    # -- conditions ------------------------------------------------------------------------------

    def condition(self, frame: Frame, at: Position, node: Condition) -> ColumnElement[bool]:
        """A condition tree on the row at a position."""
        return _NODES[type(node)](self, frame, at, node)

    def _all(self, frame: Frame, at: Position, node: All) -> ColumnElement[bool]:
        return sa.and_(sa.true(), *(self.condition(frame, at, term) for term in node.terms))

    def _any(self, frame: Frame, at: Position, node: AnyOf) -> ColumnElement[bool]:
        """Alternatives, the looked-up first; sub-queries for one value are one that an index starts from."""
        listed: dict[str, list[InQuery]] = {}
        others: list[Condition] = []
        for term in node.terms:
            if isinstance(term, InQuery) and not term.negated and not _is_of_row(term):
                listed.setdefault(term.path, []).append(term)
            else:
                others.append(term)
        found = [self._in_queries(frame, at, terms) for terms in listed.values()]
        return sa.or_(sa.false(), *(self.condition(frame, at, term) for term in others), *found)

    def _not(self, frame: Frame, at: Position, node: Not) -> ColumnElement[bool]:
        inner = self.condition(frame, at, node.term)
        if isinstance(inner, sa.sql.selectable.Exists):
            return sa.not_(inner)
        return sa.func.coalesce(inner, sa.false()).is_(False)

    def _where(self, frame: Frame, at: Position, node: Where) -> ColumnElement[bool]:
        if frame.is_numbered and at is frame.root and node.path == PROJECT and node.op is Op.EQ:
            return self._in_project(frame, node)
        return self._compare(frame, at, node, parse_path(node.path))

    def _in_project(self, frame: Frame, node: Where) -> ColumnElement[bool]:
        """The rows of a project by its identities, whose numbers an index has in their order.

        Whether both say the same project is asked in a way that PostgreSQL takes for even chances: it would
        count two equal conditions as two that have to hold.
        """
        row, own = frame.root.row, frame.identity(frame.root)
        bound = self.parameter(node.value, PROJECT, Kind.LINK)
        agree = sa.case((row.c.project_id == own.c.project_id, sa.true()), else_=sa.false())
        return sa.and_(own.c.project_id == bound, agree)

    def _compare(self, frame: Frame, at: Position, node: Where, path: Path) -> ColumnElement[bool]:
        """Go along the hops of `path`; a link to many opens a row of its own for the rest of it."""
        for index, step in enumerate(path.hops):
            link = frame.link(at, step)
            if link.kind is Kind.LINKS:
                rest = replace(path, hops=path.hops[index + 1 :])
                test = partial(self._compare, node=node, path=rest)
                return self._far(frame, at, link, step, test, is_one=is_one_row(link, rest, node))
            at = frame.go(at, step, link)
        end = replace(path, hops=())
        many = None if at.facet is None or path.key else at.facet.hops.get(path.last)
        if many is not None and many.kind is Kind.LINKS:
            return self._compare_many(frame, at, node, many)
        return self.compare_value(frame, at, node, end)

    def _compare_many(self, frame: Frame, at: Position, node: Where, link: Field) -> ColumnElement[bool]:
        """A link to many compared with an id: there is such a row; with null: there is none."""
        step = Step(link.name, "")
        if node.op in WITHOUT_VALUE:
            found = self.exists(frame, at, link, step, None)
            return found if node.op is Op.NOT_NULL else sa.not_(found)
        return self.exists(frame, at, link, step, partial(self._compare, node=node, path=Path((), "id")))

    def compare_value(self, frame: Frame, at: Position, node: Where, path: Path) -> ColumnElement[bool]:
        """A comparison with a value of the row itself."""
        leaf = frame.leaf(at, path, asked_whole=node.op in WHOLE)
        kind = Kind.TEXT if node.op in TEXT_ONLY else leaf.kind
        value = sa.cast(leaf.expression, sa.Text()) if kind is not leaf.kind else leaf.expression
        if node.op in WITHOUT_VALUE:
            return OPERATORS[node.op](value, sa.null(), kind)
        bound = self.parameter(node.value, node.path, kind, node.op)
        test = OPERATORS[node.op](value, bound, kind)
        narrow = leaf.field.narrow if leaf.field else None
        if narrow and node.op in SIGNS and leaf.row is not None:
            narrowed = narrow(leaf.row, SIGNS[node.op], bound)
            return test if narrowed is None else sa.and_(narrowed, test)
        return test

    def _some(self, frame: Frame, at: Position, node: Some) -> ColumnElement[bool]:
        path = parse_path(f"{node.path}.id")
        for index, step in enumerate(path.hops):
            link = frame.link(at, step)
            if link.kind is Kind.LINKS:
                rest = path.hops[index + 1 :]
                inner = Some(".".join(_spell(s) for s in rest), node.term) if rest else node.term
                holds = partial(self.condition, node=inner)
                return self._far(frame, at, link, step, holds, is_one=is_one_person(link, inner))
            at = frame.go(at, step, link)
        return sa.and_(at.row.c.id.is_not(None), self.condition(frame, at, node.term))

    def _live(self, _frame: Frame, at: Position, _node: Live) -> ColumnElement[bool]:
        return at.row.c.deleted_at.is_(None) if "deleted_at" in at.row.c else sa.true()

    def _one_of(self, frame: Frame, at: Position, node: OneOf) -> ColumnElement[bool]:
        """The values of the row are one of the rows of a list, which arrives as an array for each column."""
        ours, theirs = [], []
        for (path, op), slot in zip(node.paths, node.lists, strict=True):
            leaf = frame.leaf(at, Path((), path), asked_whole=True)
            kind = Kind.TEXT if op in TEXT_ONLY else leaf.kind
            value = sa.cast(leaf.expression, sa.Text()) if kind is not leaf.kind else leaf.expression
            ours.append(sa.func.lower(value) if op is Op.EQ_CI else value)
            listed = Op.IN_CI if op is Op.EQ_CI else Op.IN
            theirs.append(array(self._bound(slot, path, kind, listed), kind))
        rows = (
            sa.func.unnest(*theirs)
            .table_valued(*(f"c{index}" for index in range(len(theirs))))
            .render_derived()
        )
        return sa.tuple_(*ours).in_(sa.select(*rows.c))

    def _in_query(self, frame: Frame, at: Position, node: InQuery) -> ColumnElement[bool]:
        found = self._row_in(frame, at, node) if _is_of_row(node) else self._in_queries(frame, at, [node])
        return found.is_not(True) if node.negated else found

    def _row_in(self, frame: Frame, at: Position, node: InQuery) -> ColumnElement[bool]:
        """The value is that of one of the query's rows: looked up where few are asked about."""
        inner, value = self.frame(node.query), self.reach(frame, node.path, at).expression
        found = self.reach(inner, node.select).expression
        rows = self.select_rows(inner, node.query, lambda: [sa.literal_column("1")], ordered=False)
        tied = rows.where(found == value)
        return sa.exists(tied.offset(sa.literal_column("0")) if node.looked_up else tied)

    def _in_queries(self, frame: Frame, at: Position, nodes: list[InQuery]) -> ColumnElement[bool]:
        """The value at the path that all nodes name is among the rows of one of them."""
        path = parse_path(nodes[0].path)
        if any(frame.link(at, s).kind is Kind.LINKS for s in path.hops[:1]):
            raise Invalid(f"{nodes[0].path}: a sub-query compares one value, not many.")
        chosen = [self._chosen(node) for node in nodes]
        whole = chosen[0] if len(chosen) == 1 else sa.union_all(*chosen)
        value = self.reach(frame, nodes[0].path, at).expression
        if all(node.listed for node in nodes):
            listed: ColumnElement[bool] = value == sa.any_(sa.func.array(whole.scalar_subquery()))
            return listed
        found: ColumnElement[bool] = value.in_(whole)
        return found

    def _chosen(self, node: InQuery) -> sa.Select[Any]:
        if not node.once:
            return self._values(node)
        if node.once not in self.once:
            self.once[node.once] = self._found_once(node.query).cte(node.once).prefix_with("MATERIALIZED")
        return sa.select(self.once[node.once].c[node.select])

    def _found_once(self, query: Query) -> sa.Select[Any]:
        inner, outputs = self.frame(query), query.projection.outputs

        def columns() -> list[ColumnElement[Any]]:
            return [self.reach(inner, each.path).expression.label(each.key) for each in outputs]

        return self.select_rows(inner, query, columns, ordered=False)

    def _values(self, node: InQuery) -> sa.Select[Any]:
        inner = self.frame(node.query)
        value = self.reach(inner, node.select).expression.label("value")
        return self.select_rows(inner, node.query, lambda: [value], ordered=False)

    def _far(
        self, frame: Frame, at: Position, link: Field, step: Step, test: Test, *, is_one: bool
    ) -> ColumnElement[bool]:
        """Whether a row along a link to many passes a test; what is linked to one row is found once from it.

        PostgreSQL, which cannot know how few it is, would look at all that the other conditions let through.
        """
        if not is_one:
            return self.exists(frame, at, link, step, test)
        inner, conditions, near = self._far_rows(frame, at, link, step)
        conditions.append(test(inner, inner.root))
        linked = sa.select(near).select_from(inner.from_clause()).where(*conditions).correlate(None)
        found: ColumnElement[bool] = at.row.c.id == sa.any_(sa.func.array(linked.scalar_subquery()))
        return sa.and_(found, *frame.seen_by.shown(at, link.name))

    def exists(
        self,
        frame: Frame,
        at: Position,
        link: Field,
        step: Step,
        test: Test | None,
    ) -> ColumnElement[bool]:
        """EXISTS a live row along a to-many link for which `test` holds."""
        inner, conditions = self.many_rows(frame, at, link, step)
        if test is not None:
            conditions.append(test(inner, inner.root))
        rows: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(inner.from_clause())
        return sa.exists(rows.where(*conditions))

    # -- paths -----------------------------------------------------------------------------------

    def reach(self, frame: Frame, path: str, at: Position | None = None) -> Any:
        """The leaf at the end of a path of to-one links."""
        parsed, at = parse_path(path), at or frame.root
        for step in parsed.hops:
            link = frame.link(at, step)
            if link.kind is Kind.LINKS:
                raise Invalid(
                    f"{path}: leads to many rows, where one value is needed.", {path: ["leads to many"]}
                )
            at = frame.go(at, step, link)
        return frame.leaf(at, Path((), parsed.last, parsed.key, parsed.kind))

    def many_rows(
        self, frame: Frame, at: Position, link: Field, step: Step
    ) -> tuple[Frame, list[ColumnElement[bool]]]:
        """A new frame on the rows along a to-many link, and the conditions that tie it to the outer row."""
        inner, conditions, near = self._far_rows(frame, at, link, step)
        many = link.many
        if many is not None and many.held:
            held = inner.seen_by.veiled(inner.root, f"{ONE}{many.by}", text_in(inner.root.row, many.by))
            return inner, [*conditions, held == sa.cast(at.row.c.id, sa.Text())]
        return inner, [*conditions, near == at.row.c.id, *frame.seen_by.shown(at, link.name)]

    def _far_rows(
        self, frame: Frame, at: Position, link: Field, step: Step
    ) -> tuple[Frame, list[ColumnElement[bool]], ColumnElement[Any]]:
        """A frame on the rows along a to-many link, its conditions, and what says whose rows they are."""
        many = link.many
        if many is None:
            raise Invalid(f"{link.name} does not lead to many rows.")
        wanted = step.cast or many.target
        target = None if wanted == ANY else FACETS[wanted]
        inner = Frame.of(target, frame.seen_by)
        row = inner.root.row
        conditions: list[ColumnElement[bool]] = [row.c.deleted_at.is_(None), inner.visible(row, target)]
        if target is not None and at.facet is not None and not at.facet.project:
            conditions.append(inner.inside(row, target))
        if step.cast and target is not None:
            conditions.append(facet_condition(row, target.where))
        if many.by:
            held = f"{ONE}{many.by}"
            near = (
                inner.seen_by.veiled(inner.root, held, target_in(many.by)(row))
                if many.held
                else row.c[many.by]
            )
            return inner, [*conditions, facet_condition(row, many.where)], near
        link_row = row_of(FACETS[many.through].table)
        inner.joins["#through"] = (link_row, link_row.c[many.far] == row.c.id)
        conditions += [link_row.c.deleted_at.is_(None), facet_condition(link_row, many.where)]
        return inner, conditions, link_row.c[many.near]

    # -- statements ------------------------------------------------------------------------------

    def select_rows(
        self, frame: Frame, query: Query, columns: Columns, *, ordered: bool = True
    ) -> sa.Select[Any]:
        """The rows of a query, with any columns: conditions, order and page applied.

        What is only shown is looked up when a page is found, or joined last: PostgreSQL orders few joins.
        """
        if not ordered or not (names := picked_by(query)):
            return self._selected(frame, query, columns, ordered=ordered)
        row = (inner := self.frame(query)).root.row
        found = self._selected(inner, query, lambda: [row.c[name] for name in names], ordered=True)
        frame.picked = found.subquery()
        order = [each for _, each in ordering_of(self, frame, query)]
        return sa.select(*columns()).select_from(frame.from_clause()).order_by(*order)

    def _selected(self, frame: Frame, query: Query, columns: Columns, *, ordered: bool) -> sa.Select[Any]:
        conditions = [
            self._liveness(frame.root.row, query),
            facet_condition(frame.root.row, query.facet.where),
        ]
        frame.is_numbered = ordered and names_project(query)
        conditions += [self.condition(frame, frame.root, each) for each in (query.where, query.seen_by.scope)]
        conditions += there_is(self, frame, query.where)
        ordering = ordering_of(self, frame, query) if ordered or query.first_of else []
        first_of = [self.reach(frame, query.first_of).expression] if query.first_of else []
        conditions += [value.is_not(None) for value in first_of]
        if query.after is not None:
            conditions.append(follows(self, frame, query, ordering))
        shown = columns()
        statement = sa.select(*shown).select_from(frame.from_clause()).where(*conditions)
        statement = statement.order_by(*first_of, *(expression for _, expression in ordering))
        if first_of:
            statement = statement.ext(distinct_on(*first_of))
        if query.limit is not None:
            statement = statement.limit(self.amount(query.limit))
        if query.offset is not None:
            statement = statement.offset(self.parameter(query.offset, "offset", Kind.INTEGER))
        return statement

    @staticmethod
    def _liveness(row: FromClause, query: Query) -> ColumnElement[bool]:
        if query.retired is Retired.BOTH or "deleted_at" not in row.c:
            return sa.true()
        return row.c.deleted_at.is_(None) if query.retired is Retired.LIVE else row.c.deleted_at.is_not(None)

    def finish(self, statement: Any) -> Statement:
        """Render the statement once and for all."""
        compiled = statement.compile(dialect=POSTGRESQL)
        fixed = {k: v for k, v in compiled.params.items() if k not in self.binders}
        named = compiled.params  # made anew at each look
        used = tuple((k, b) for k, b in self.binders.items() if k in named)
        return Statement(str(compiled), fixed, used, f"zou_{next(_NAMES)}", is_of_log(statement))


def _is_of_row(node: InQuery) -> bool:
    """Whether a sub-query is looked into for each row: all rows meant by their own ids, or said to be so."""
    query = node.query
    is_part = query.first_of or any(each is not None for each in (query.limit, query.offset, query.after))
    return node.looked_up or (node.select == "id" and not (is_part or node.once or node.listed))


def _spell(step: Step) -> str:
    return f"{step.name}[{step.cast}]" if step.cast else step.name


_NODES: dict[type, Callable[..., ColumnElement[bool]]] = {
    Where: Compiler._where,
    All: Compiler._all,
    AnyOf: Compiler._any,
    Not: Compiler._not,
    Some: Compiler._some,
    InQuery: Compiler._in_query,
    Live: Compiler._live,
    OneOf: Compiler._one_of,
}
