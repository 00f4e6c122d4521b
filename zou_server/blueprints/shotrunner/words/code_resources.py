"""The paths of codes: one collection out of all scopes, and each code in its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response, g, request

from zou_server.blueprints.shotrunner.answers import page_headers, single
from zou_server.blueprints.shotrunner.formats import body_of_request, wanted_format
from zou_server.blueprints.shotrunner.lookup import with_ids
from zou_server.blueprints.shotrunner.nesting import row_condition
from zou_server.blueprints.shotrunner.parameters import AskedParameters, read_parameters, read_shape
from zou_server.blueprints.shotrunner.resources import (
    CollectionResource,
    MemberResource,
    needed_row,
)
from zou_server.blueprints.shotrunner.spelling import SPELLING
from zou_server.blueprints.shotrunner.words.codes import (
    OWN,
    fixed_values,
    in_scope,
    scope_of_body,
    scoped,
)
from zou_server.blueprints.shotrunner.writes import attributes_of_body, creation
from zou_server.models.conditions import All, Condition, Query, UnionQuery
from zou_server.models.errors import NotFound
from zou_server.services.write.operations import Create
from zou_server.web import current_actor

if TYPE_CHECKING:
    from zou_server.blueprints.shotrunner.vocabulary import Vocabulary
    from zou_server.services.read.reader import Reader


Within = Callable[["Vocabulary"], Condition]
"""What of a scope is listed."""


def every_code(
    reader: Reader, asked: dict[Vocabulary, AskedParameters], within: Within = in_scope
) -> list[dict[str, Any]]:
    """The codes of all scopes that the parameters leave, by one statement."""
    members = []
    for vocabulary, each in asked.items():
        query = each.query(reader, vocabulary, within(vocabulary))
        members.append(replace(query, order=(), limit=None, offset=None))
    return reader.rows(UnionQuery(tuple(members)), SPELLING)


def sorted_codes(rows: list[dict[str, Any]], order: str) -> list[dict[str, Any]]:
    """The rows in an order that was read already: by scope, place and number when nobody asks for one."""
    for text in reversed((order or "scope,sort_order,id").split(",")):
        key, _, direction = text.strip().lstrip("-").partition(" ")
        down = text.strip().startswith("-") or direction.strip().lower() == "desc"
        rows.sort(key=lambda row, key=key: _comparable(row.get(key)), reverse=down)  # type: ignore[misc]
        rows.sort(key=lambda row, key=key: row.get(key) is None)  # type: ignore[misc]
    return rows


def _comparable(value: Any) -> Any:
    return (value is None, str(value).lower() if isinstance(value, str) else "", _number(value))


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


Find = Callable[[dict["Vocabulary", AskedParameters]], list[dict[str, Any]]]


class CodesResource(CollectionResource):
    """`/codes.json`."""

    def get(self, extension: str) -> Response:
        """Answer the codes of all scopes."""
        reader = self.studio.read(current_actor())
        return self.listed(extension, lambda asked: every_code(reader, asked))

    def listed(self, extension: str, find: Find) -> Response:
        """Answer the codes that are found for what the parameters ask of each scope, in their order."""
        wire, given = wanted_format(extension), list(request.args.items(multi=True))
        asked = {each: read_parameters(each, _ordered(given)) for each in scoped().values()}
        first = next(iter(asked.values()))
        wanted = (*first.keys, "scope", "code", "sort_order", "id", *_order_keys(given))
        for each in asked.values():
            each.keys = tuple(dict.fromkeys(wanted))
        rows = sorted_codes(find(asked), request.args.get("order", ""))
        start = first.offset or 0
        page = rows[start : None if first.limit is None else start + first.limit]
        shown = _shape_of(self.vocabulary, given)
        lines = [orjson.dumps({key: row[key] for key in shown}).decode() for row in page]
        text = "".join(wire.many(next(iter(scoped().values())), [",".join(lines)] if lines else []))
        answer = Response(text, content_type=wire.content_type)
        if first.is_paged:
            answer.headers.extend(page_headers(first, len(rows)))
        return answer

    def made(self, extension: str, belongs: dict[str, Any]) -> Response:
        """Make a code in the scope that the body names; answer it, and where it is."""
        given = attributes_of_body(self.vocabulary, body_of_request()) | belongs
        vocabulary, values = scope_of_body(given)
        g.vocabulary = vocabulary
        keys = read_shape(vocabulary, request.args.items(multi=True))
        with self.studio.write(current_actor()) as work:
            operations = [
                replace(each, values={**fixed_values(vocabulary), **each.values})
                for each in creation(vocabulary, values)
                if isinstance(each, Create)
            ]
            number = work.execute(operations)[0].number
            row = needed_row(work.read, vocabulary, keys, number)
            work.commit()
        place = f"{request.script_root}{self.mount}/{self.vocabulary.plural}/{number}.{extension}"
        return single(vocabulary, extension, row, 201, {"Location": place})


def _ordered(given: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The parameters without an order by scope, which no row of one scope has."""
    return [
        (
            name,
            ",".join(part for part in value.split(",") if part.strip().strip("-").split(" ")[0] != "scope"),
        )
        if name == "order"
        else (name, value)
        for name, value in given
    ]


def _order_keys(given: list[tuple[str, str]]) -> list[str]:
    texts = [text for name, value in given if name == "order" for text in value.split(",")]
    return [text.strip().lstrip("-").split(" ")[0] for text in texts if text.strip()]


def _shape_of(vocabulary: Vocabulary, given: list[tuple[str, str]]) -> tuple[str, ...]:
    shape = [pair for pair in given if pair[0] in ("fields", "include")]
    return read_parameters(vocabulary, shape).keys


class CodeResource(MemberResource):
    """`/codes/5.json`: in whichever scope it is."""

    def handler(self, method: str) -> Callable[..., Response]:
        """The method of the scope that has the code; NotFound when none has."""
        self.vocabulary = g.vocabulary = self._scope((request.view_args or {})["number"])
        return super().handler(method)

    def _scope(self, number: int) -> Vocabulary:
        return scope_of(self.studio.read(current_actor()), number)


def scope_of(reader: Reader, number: int) -> Vocabulary:
    """The scope that has the code of a number; NotFound when the actor sees none."""
    for each in scoped().values():
        within = row_condition(each, number)
        where = with_ids(reader, within if each is scoped()[OWN] else All((within, in_scope(each))))
        if reader.one(Query(each.facet, each.projection(("id", "code")), where), SPELLING) is not None:
            return each
    raise NotFound(f"There is no code {number}.")
