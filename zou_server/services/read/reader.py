"""Reads on behalf of one actor: every query gets the actor's row scope, limits and masks here.

text = studio.read(actor).page(query, spelling).text    # JSON text, rows joined by commas
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from zou_server.models.actor import Actor
from zou_server.models.conditions import (
    All,
    AnyOf,
    Bundle,
    Condition,
    InQuery,
    Live,
    Not,
    Query,
    Retired,
    Some,
    Tally,
    UnionQuery,
    View,
)
from zou_server.models.policies import masked_fields
from zou_server.models.row_scope import retired_scope, row_scope
from zou_server.models.veils import veils
from zou_server.models.visibility import kept_limits
from zou_server.query.lift import STREAM_FROM
from zou_server.query.spelling import Spelling
from zou_server.query.statement import Statement
from zou_server.query.statements import (
    SHORT,
    AnswerShape,
    statement_for,
    statement_for_bundle,
    statement_for_tally,
)
from zou_server.query.totals import Totals, totals_statement
from zou_server.services.read.integrity import REFUSALS, refuse, translated
from zou_server.services.read.kept_answers import KeptAnswers
from zou_server.services.read.run_statement import run
from zou_server.services.read.source import Found, Source
from zou_server.services.read.spool import Spool
from zou_server.services.read.stages import noting, passed


@dataclass(frozen=True, slots=True)
class Page:
    """Rows as JSON text (objects joined by commas, without brackets) and how many they are.

    `total` counts the rows of all pages, where that was asked for.
    """

    text: str
    count: int
    total: int | None = None

    def rows(self) -> list[dict[str, Any]]:
        """The rows as objects, for who works with their values."""
        return rows_of(self.text)


def rows_of(text: str) -> list[Any]:
    """The rows that a text of JSON values joined by commas holds."""
    found: list[Any] = orjson.loads(f"[{text}]")
    return found


def view_of(actor: Actor) -> View:
    """The view of an actor, but for the scope, which is another one for each facet."""
    reader = str(actor.person_id)
    if actor.is_admin:
        return View(reader)
    return View(
        reader,
        projects=[str(project) for project in actor.project_roles],
        masked=masked_fields(actor),
        limits=kept_limits(actor),
        veils=veils(actor),
    )


class Reader:
    """Runs queries for one actor where the source says, or on the unit of work's own connection."""

    def __init__(
        self, source: Source, actor: Actor, connection: Any = None, kept: KeptAnswers | None = None
    ) -> None:
        self._source, self._actor, self._connection, self._kept = source, actor, connection, kept
        self._view: View | None = None

    def on_behalf_of(self, actor: Actor) -> Reader:
        """A reader for another actor of the same rows: in a unit of work those that it has written too."""
        return Reader(self._source, actor, self._connection)

    def page(self, query: Query | UnionQuery, spelling: Spelling) -> Page:
        """The rows in one text; for answers of bounded size (a page, a few rows)."""
        count, text = self._row(query, spelling, AnswerShape.ARRAY)
        return Page(text or "", count)

    def rows(self, query: Query | UnionQuery, spelling: Spelling) -> list[dict[str, Any]]:
        """The rows as objects; for the few that code has to look into."""
        return self.page(query, spelling).rows()

    def counted_page(self, query: Query | UnionQuery, spelling: Spelling) -> Page:
        """The rows of a page, and how many there are on all pages, in one statement."""
        count, text, total = self._row(query, spelling, AnswerShape.PAGE)
        return Page(text or "", count, total)

    def one(self, query: Query, spelling: Spelling) -> str | None:
        """The first row as a JSON object, None when there is none."""
        whole = query if query.limit is None else replace(query, limit=None)
        row = self._row(whole, spelling, AnswerShape.LINES)
        return None if row is None else row[0]

    def count(self, query: Query | UnionQuery, spelling: Spelling) -> int:
        """How many rows there are, order and page aside."""
        return int(self._row(replace(query, limit=None, offset=None), spelling, AnswerShape.COUNT)[0])

    def listed(self, query: Query | UnionQuery, spelling: Spelling) -> Page | Spool:
        """All rows: a Page when they are few, else a spool of texts that joined give the rows."""
        return self._all(query, spelling, AnswerShape.SHORT_ARRAY, ",")

    def lines(self, query: Query, spelling: Spelling) -> Page | Spool:
        """All rows, one on each line: a Page when they are few, else a spool."""
        return self._all(query, spelling, AnswerShape.SHORT_LINES, "\n")

    def _all(
        self, query: Query | UnionQuery, spelling: Spelling, shape: AnswerShape, joint: str
    ) -> Page | Spool:
        """All rows by one statement where they are few and short, else by a cursor.

        A question that had a long answer is asked by a cursor at once; that one says when it is short again.
        """
        limited = replace(query, limit=STREAM_FROM + 1) if query.limit is None else query
        statement, parameters = self._planned(limited, spelling, shape)
        if not statement.is_long:
            count, text = self._first_row(statement, parameters)
            passed("run")
            if (query.limit is not None or count <= STREAM_FROM) and (text is not None or not count):
                return Page(text or "", count)
        spool = self._spool(query, spelling, joint)
        statement.is_long = spool.size > SHORT
        return spool if statement.is_long else Page("".join(spool), spool.rows)

    def bundle(self, queries: Sequence[Query | Tally], spelling: Spelling) -> list[str]:
        """The rows of several queries, each as JSON objects joined by commas, by one statement."""
        bundle = Bundle(tuple(self._scoped_rows(query) for query in queries))
        statement, parameters = statement_for_bundle(bundle, spelling)
        return [text or "" for text in self._first_row(statement, parameters)]

    def tally(self, tally: Tally, spelling: Spelling) -> str:
        """How many rows there are for each value, as JSON objects joined by commas."""
        return self._first_row(*statement_for_tally(self._scoped_tally(tally), spelling))[0] or ""

    def tallied(self, tally: Tally, spelling: Spelling) -> list[dict[str, Any]]:
        """How many rows there are for each value, as objects."""
        return rows_of(self.tally(tally, spelling))

    def totals(self, totals: Totals) -> list[tuple[Any, ...]]:
        """The totals of each group of rows: the groups' values, then the sums."""
        statement, parameters = totals_statement(replace(totals, query=self._scoped_one(totals.query)))

        def fetch(raw: Any) -> list[tuple[Any, ...]]:
            with raw.cursor() as cursor:
                run(cursor, raw.info, statement, parameters)
                return list(cursor.fetchall())

        with translated():
            return self._on_connection(fetch)

    def _row(self, query: Query | UnionQuery, spelling: Spelling, shape: AnswerShape) -> Any:
        """The whole life of a read: what the dialect parsed is authorised, planned and run.

        PostgreSQL renders: the answer is the row's text, which nobody takes apart again.
        """
        found = self._first_row(*self._planned(query, spelling, shape))
        noting()("run")
        return found

    def _planned(
        self, query: Query | UnionQuery, spelling: Spelling, shape: AnswerShape
    ) -> tuple[Statement, dict[str, Any]]:
        passed = noting()
        passed("parse")
        scoped = self._scoped_one(query) if isinstance(query, Query) else self._scoped(query)
        passed("authorise")
        planned = statement_for(scoped, spelling, shape)
        passed("plan")
        return planned

    def _first_row(self, statement: Statement, parameters: dict[str, Any]) -> Any:
        def fetch(raw: Any) -> Any:
            if self._kept is not None and statement.of_log:
                return self._kept.first_row(raw, statement, parameters)
            with raw.dbapi_connection.cursor() as cursor:
                run(cursor, raw.info, statement, parameters)
                return cursor.fetchone()

        try:
            return self._source.run(fetch) if self._connection is None else fetch(self._connection)
        except REFUSALS as error:
            refuse(error)

    def _on_connection(self, read: Callable[[Any], Found]) -> Found:
        """What is found on the transaction's connection, which sees its writes, or where the source says."""
        return self._source.run(read) if self._connection is None else read(self._connection)

    def _spool(self, query: Query | UnionQuery, spelling: Spelling, joint: str = ",") -> Spool:
        statement, parameters = statement_for(self._scoped(query), spelling, AnswerShape.LINES)
        with translated():
            return self._source.run(lambda raw: Spool(raw, statement, parameters, joint))

    def _scoped(self, query: Query | UnionQuery) -> Query | UnionQuery:
        if isinstance(query, UnionQuery):
            return replace(query, members=tuple(self._scoped_one(member) for member in query.members))
        return self._scoped_one(query)

    def _scoped_rows(self, query: Query | Tally) -> Query | Tally:
        return self._scoped_tally(query) if isinstance(query, Tally) else self._scoped_one(query)

    def _scoped_tally(self, tally: Tally) -> Tally:
        return replace(tally, query=self._scoped_one(tally.query))

    def _scoped_one(self, query: Query) -> Query:
        if self._actor.is_admin:
            return replace(query, seen_by=View(str(self._actor.person_id)))
        if self._view is None:
            self._view = view_of(self._actor)
        return replace(
            query,
            where=self._scoped_within(query.where),
            seen_by=replace(self._view, scope=self._scope(query)),
        )

    def _scope(self, query: Query) -> Condition:
        """The rows that the actor may see; of retired ones, those that they may bring back."""
        scope = row_scope(self._actor, query.facet, query.where)
        if query.retired is Retired.LIVE:
            return scope
        retired = retired_scope(self._actor, query.facet)
        if query.retired is Retired.BOTH:
            retired = AnyOf((Live(), retired))
        return All((scope, retired))

    def _scoped_within(self, node: Condition) -> Condition:
        """A condition whose sub-queries hold the actor's row scope too."""
        if isinstance(node, InQuery):
            return replace(node, query=self._scoped_one(node.query))
        if isinstance(node, All | AnyOf):
            return replace(node, terms=tuple(self._scoped_within(term) for term in node.terms))
        if isinstance(node, Not | Some):
            return replace(node, term=self._scoped_within(node.term))
        return node
