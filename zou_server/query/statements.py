"""The statements a read can be: an array of rows, one row per line, a count; kept by shape."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.conditions import (
    Bundle,
    Op,
    Projection,
    Query,
    Retired,
    Tally,
    UnionQuery,
    View,
    Where,
)
from zou_server.models.errors import UnknownField
from zou_server.models.registry import Facet, Kind
from zou_server.query.compiler import Compiler
from zou_server.query.frame import Frame
from zou_server.query.kept import kept_within
from zou_server.query.lift import lift
from zou_server.query.operators import SQL_TYPES
from zou_server.query.ordering import directed
from zou_server.query.projector import Projector
from zou_server.query.spelling import Spelling
from zou_server.query.statement import Statement

MEBIBYTE = 1024 * 1024
KEPT_BYTES, KEPT_OTHER_BYTES = 48 * MEBIBYTE, 8 * MEBIBYTE

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,50}\Z")

SHORT = 2 * 1024 * 1024
"""Bytes of rows that may be one text; more are sent in pieces."""


class AnswerShape(Enum):
    """The shape of a statement's answer."""

    ARRAY = "array"  # one row: how many, and their JSON objects joined by commas
    PAGE = "page"  # as ARRAY, and how many rows there are on all pages together
    LINES = "lines"  # one row per object: its JSON
    SHORT_ARRAY = "short array"  # as ARRAY, without the objects where they are long
    SHORT_LINES = "short lines"  # the same, joined by ends of lines
    COUNT = "count"  # one row: how many


def statement_for(
    query: Query | UnionQuery, spelling: Spelling, shape: AnswerShape
) -> tuple[Statement, dict[str, Any]]:
    """Return the statement of a query and the parameters of this request."""
    if isinstance(query, Query) and _is_of_one_row(query):
        kept = _of_one_row(query.facet, query.projection, query.retired, spelling, shape)
        return kept, kept.bind([query.where.value, query.seen_by.reader])  # type: ignore[union-attr]
    lifted, values = lift(query)
    statement = _compiled(lifted, spelling, shape)
    return statement, statement.bind(values)


def _is_of_one_row(query: Query) -> bool:
    """Whether somebody who sees everything asks for a row by its id, and for nothing else."""
    where, view = query.where, query.seen_by
    return (
        type(where) is Where
        and where.path == "id"
        and where.op is Op.EQ
        and query.limit is query.offset is query.after is None
        and not query.order
        and not query.first_of
        and view.reader is not None
        and view == View(view.reader)
    )


@lru_cache(maxsize=256)
def _of_one_row(
    facet: Facet, projection: Projection, retired: Retired, spelling: Spelling, shape: AnswerShape
) -> Statement:
    """The statement of that question, whose slots are the id and the reader."""
    query = Query(facet, projection, Where("id", Op.EQ, 0), retired=retired, seen_by=View("1"))
    lifted, values = lift(query)
    assert values == [0, "1"]  # noqa: S101 - the order in which the caller gives them
    return _compiled(lifted, spelling, shape)


def statement_for_bundle(bundle: Bundle, spelling: Spelling) -> tuple[Statement, dict[str, Any]]:
    """Return one statement that answers several queries: a column each, their objects joined by commas."""
    lifted, values = lift(bundle)
    statement = _bundled(lifted, spelling)
    return statement, statement.bind(values)


@kept_within(KEPT_OTHER_BYTES)
def _bundled(bundle: Bundle, spelling: Spelling) -> Statement:
    compiler = Compiler()
    texts = [_text_of(compiler, each, spelling).scalar_subquery() for each in bundle.queries]
    return compiler.finish(sa.select(*(text.label(f"c{i}") for i, text in enumerate(texts))))


def _text_of(compiler: Compiler, query: Query | Tally, spelling: Spelling) -> sa.Select[Any]:
    if isinstance(query, Tally):
        return _tally_rows(compiler, query, spelling)
    rows = _lines(compiler, query, spelling).subquery()
    return sa.select(_joined(rows.c.line)).select_from(rows)


def statement_for_tally(tally: Tally, spelling: Spelling) -> tuple[Statement, dict[str, Any]]:
    """Return the statement of a tally: one column, its rows as JSON objects joined by commas."""
    lifted, values = lift(tally)
    statement = _tallied(lifted, spelling)
    return statement, statement.bind(values)


@kept_within(KEPT_OTHER_BYTES)
def _tallied(tally: Tally, spelling: Spelling) -> Statement:
    compiler = Compiler()
    return compiler.finish(_tally_rows(compiler, tally, spelling))


def _tally_rows(compiler: Compiler, tally: Tally, spelling: Spelling) -> sa.Select[Any]:
    frame, projector = compiler.frame(tally.query), Projector(compiler, spelling)
    outputs = (*tally.by.outputs, *tally.sums.outputs)

    def columns() -> list[ColumnElement[Any]]:
        return [projector.column(frame, frame.root, output).label(output.key) for output in outputs]

    rows = compiler.select_rows(frame, tally.query, columns, ordered=False).subquery("r")
    groups = [_comparable(rows.c[output.key]) for output in tally.by.outputs]
    sums = [
        sa.func.coalesce(sa.func.sum(rows.c[output.key]), 0).label(output.key)
        for output in tally.sums.outputs
    ]
    amount = [sa.func.count().label("amount")] if tally.has_amount else []
    counted = sa.select(*groups, *amount, *sums).select_from(rows)
    tallied = counted.group_by(*groups).order_by(*groups).subquery("c")
    shown = sa.select(*(_shown(each, rows) for each in tallied.c)).subquery("t")
    return sa.select(_joined(_text_of_row())).select_from(shown)


def _comparable(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column that rows can be grouped by: PostgreSQL compares no JSON, so its text."""
    return sa.cast(sa.func.to_json(column), sa.Text()).label(column.key) if _is_json(column) else column


def _shown(column: ColumnElement[Any], rows: FromClause) -> ColumnElement[Any]:
    """The column as it was before it was grouped by."""
    was = rows.c.get(str(column.key))
    return sa.cast(column, sa.JSON()).label(column.key) if was is not None and _is_json(was) else column


def _is_json(column: ColumnElement[Any]) -> bool:
    return isinstance(column.type, sa.JSON | sa.types.NullType)


@kept_within(KEPT_BYTES)
def _compiled(query: Query | UnionQuery, spelling: Spelling, shape: AnswerShape) -> Statement:
    compiler = Compiler()
    return compiler.finish(_SHAPES[shape](compiler, query, spelling))


def _array(compiler: Compiler, query: Query | UnionQuery, spelling: Spelling) -> sa.Select[Any]:
    rows = _lines(compiler, query, spelling).subquery("s")
    return sa.select(sa.func.count(), _joined(rows.c.line))


def _short(
    compiler: Compiler, query: Query | UnionQuery, spelling: Spelling, joint: str = "','"
) -> sa.Select[Any]:
    lines = _lines(compiler, query, spelling)
    # With an OFFSET, or PostgreSQL would put each line together twice: to measure it, and to send it.
    rows = lines.offset(sa.literal_column("0")).subquery("s")
    size = sa.func.sum(sa.func.octet_length(rows.c.line))
    return sa.select(sa.func.count(), sa.case((size <= SHORT, _joined(rows.c.line, joint))))


def _short_lines(compiler: Compiler, query: Query | UnionQuery, spelling: Spelling) -> sa.Select[Any]:
    return _short(compiler, query, spelling, joint="chr(10)")


def _joined(line: ColumnElement[Any], joint: str = "','") -> ColumnElement[Any]:
    return sa.func.string_agg(line, sa.text(joint))


def _page(compiler: Compiler, query: Query | UnionQuery, spelling: Spelling) -> sa.Select[Any]:
    counted = _count(compiler, replace(query, limit=None, offset=None), spelling)
    return _array(compiler, query, spelling).add_columns(counted.scalar_subquery())


def _count(compiler: Compiler, query: Query | UnionQuery, spelling: Spelling) -> sa.Select[Any]:
    if isinstance(query, UnionQuery):
        rows = _union_lines(compiler, query, spelling, paged=False).subquery("s")
    else:
        frame = compiler.frame(query)
        rows = compiler.select_rows(frame, query, lambda: [sa.literal_column("1")], ordered=False).subquery(
            "t"
        )
    return sa.select(sa.func.count()).select_from(rows)


def _lines(compiler: Compiler, query: Query | UnionQuery, spelling: Spelling) -> sa.Select[Any]:
    if isinstance(query, UnionQuery):
        return _union_lines(compiler, query, spelling, paged=True)
    inner, restore = _rows(compiler, query, spelling)
    rows = inner.subquery("t")
    if query.projection.positional:
        listed = sa.cast(sa.func.json_build_array(*rows.c), sa.Text())
        return sa.select(listed.label("line")).select_from(rows)
    return sa.select(restore(_text_of_row()).label("line")).select_from(rows)


def _text_of_row() -> ColumnElement[Any]:
    return sa.cast(sa.func.row_to_json(sa.literal_column("t")), sa.Text())


def _rows(
    compiler: Compiler,
    query: Query,
    spelling: Spelling,
    extra: list[Callable[[Frame], ColumnElement[Any]]] | None = None,
) -> tuple[sa.Select[Any], Callable[[ColumnElement[Any]], ColumnElement[Any]]]:
    frame = compiler.frame(query)
    keys = [output.key for output in query.projection.outputs]
    labels = [_safe_label(key, index) for index, key in enumerate(keys)]

    def columns() -> list[ColumnElement[Any]]:
        values = Projector(compiler, spelling).columns(frame, query.projection)
        shown: list[ColumnElement[Any]] = [v.label(label) for v, label in zip(values, labels, strict=True)]
        return shown + [make(frame).label(f"~o{i}~") for i, make in enumerate(extra or [])]

    renamed = {label: key for label, key in zip(labels, keys, strict=True) if label != key}

    def restore(text: ColumnElement[Any]) -> ColumnElement[Any]:
        for label, key in renamed.items():
            text = sa.func.replace(text, f'"{label}":', f"{_json_key(key)}:")
        return text

    return compiler.select_rows(frame, query, columns, ordered=not extra), restore


def _safe_label(key: str, index: int) -> str:
    """A column alias for an answer key: long or odd keys get a short one, put back in the text."""
    return key if _PLAIN_KEY.match(key) else f"~k{index}~"


def _json_key(key: str) -> str:
    return json.dumps(key, ensure_ascii=False)


def _union_lines(compiler: Compiler, query: UnionQuery, spelling: Spelling, *, paged: bool) -> sa.Select[Any]:
    kinds = [_order_kind(compiler, query, key.path) for key in query.order]
    members = [_member(compiler, query, member, spelling, kinds) for member in query.members]
    rows = sa.union_all(*members).subquery("u")
    statement = sa.select(rows.c.line)
    if not paged:
        return statement
    order = [directed(rows.c[f"o{i}"], descending=key.descending) for i, key in enumerate(query.order)]
    statement = statement.order_by(*order, rows.c.tie)
    if query.limit is not None:
        statement = statement.limit(compiler.amount(query.limit))
    if query.offset is not None:
        statement = statement.offset(compiler.parameter(query.offset, "offset", Kind.INTEGER))
    return statement


def _member(
    compiler: Compiler, query: UnionQuery, member: Query, spelling: Spelling, kinds: list[Kind]
) -> sa.Select[Any]:
    def sort_value(path: str, kind: Kind) -> Callable[[Frame], ColumnElement[Any]]:
        def make(frame: Frame) -> ColumnElement[Any]:
            try:
                return sa.cast(compiler.reach(frame, path).expression, SQL_TYPES[kind])
            except UnknownField:
                return sa.cast(sa.null(), SQL_TYPES[kind])

        return make

    extra = [sort_value(key.path, kind) for key, kind in zip(query.order, kinds, strict=True)]
    inner, restore = _rows(compiler, member, spelling, [*extra, lambda frame: frame.root.row.c.id])
    rows = inner.subquery()
    shown = sa.select(*(c for c in rows.c if not c.name.startswith("~o"))).correlate(rows).lateral("t")
    line = restore(_text_of_row()).label("line")
    sorts = [rows.c[f"~o{i}~"].label(f"o{i}") for i in range(len(extra))]
    return sa.select(line, *sorts, rows.c[f"~o{len(extra)}~"].label("tie")).select_from(
        rows.join(shown, sa.true())
    )


def _order_kind(compiler: Compiler, query: UnionQuery, path: str) -> Kind:
    for member in query.members:
        try:
            kind: Kind = compiler.reach(Frame.of(member.facet), path).kind
        except UnknownField:
            continue
        return kind
    raise UnknownField("/".join(m.facet.name for m in query.members), path)


_SHAPES: dict[AnswerShape, Callable[[Compiler, Query | UnionQuery, Spelling], sa.Select[Any]]] = {
    AnswerShape.LINES: _lines,
    AnswerShape.ARRAY: _array,
    AnswerShape.SHORT_ARRAY: _short,
    AnswerShape.SHORT_LINES: _short_lines,
    AnswerShape.PAGE: _page,
    AnswerShape.COUNT: _count,
}
