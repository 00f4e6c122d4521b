"""Codes of one project: those of the studio that it uses, its own, and what it calls those of the studio.

A word of the studio that a project calls otherwise is a row of the project with the same scope and code: what
that says of label, meaning, description, colour, place and default stands in for what the studio says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from flask import Response, g, request

from zou_server.blueprints.shotrunner.answers import single
from zou_server.blueprints.shotrunner.attributes import State
from zou_server.blueprints.shotrunner.formats import body_of_request, wanted_format
from zou_server.blueprints.shotrunner.parameters import AskedParameters
from zou_server.blueprints.shotrunner.refusals import WrongAttributes
from zou_server.blueprints.shotrunner.resources import BelowMemberResource, BelowResource, needed_row
from zou_server.blueprints.shotrunner.spelling import SPELLING
from zou_server.blueprints.shotrunner.wire_values import same
from zou_server.blueprints.shotrunner.words.code_resources import CodesResource, every_code
from zou_server.blueprints.shotrunner.words.codes import (
    OWN,
    SCOPES,
    in_scope,
    scope_name,
    scope_of_body,
    scoped,
)
from zou_server.blueprints.shotrunner.writes import attributes_of_body, canonical_values, creation
from zou_server.models.conditions import (
    All,
    Condition,
    InQuery,
    Op,
    Output,
    Projection,
    Query,
    Where,
)
from zou_server.models.errors import NotFound
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create, Delete, Operation, Ref, Update
from zou_server.web import current_actor

if TYPE_CHECKING:
    from zou_server.blueprints.shotrunner.vocabulary import Vocabulary
    from zou_server.services.read.reader import Reader

CALLED = ("label", "meaning", "description", "default", "color", "sort_order")
"""What a project may call otherwise than the studio does."""

_ID = Projection((Output("id", "id"),))
_KEYS = ("id", "scope", "code", *CALLED)

Row = dict[str, Any]


def codes_of_project(reader: Reader, number: int, asked: dict[Vocabulary, AskedParameters]) -> list[Row]:
    """The codes of a project that the parameters leave."""
    own = {(row["scope"], row["code"]): row for row in _own_rows(reader, number)}

    def within(vocabulary: Vocabulary) -> Condition:
        if scope_name(vocabulary) == OWN:
            mine = Where("project.number", Op.EQ, number)
            named = Where("data.shotrunner_scope", Op.NOT_IN, [name for name in SCOPES if name])
            return All((mine, named))
        return _used(reader, vocabulary, number)

    rows = every_code(reader, asked, within)
    studio = {vocabulary: each for vocabulary, each in asked.items() if scope_name(vocabulary) == OWN}
    own_codes = {(row["scope"], row["code"]) for row in rows}
    rows += [row for row in every_code(reader, studio) if (row["scope"], row["code"]) not in own_codes]
    return [_called(row, own.get((row["scope"], row["code"]))) for row in rows]


def _called(row: Row, own: Row | None) -> Row:
    if own is None:
        return row
    return row | {key: own[key] for key in CALLED if key in row and own[key] is not None}


def _own_rows(reader: Reader, number: int) -> list[Row]:
    words = scoped()[OWN]
    where = Where("project.number", Op.EQ, number)
    return reader.rows(Query(words.facet, words.projection(_KEYS), where), SPELLING)


def _used(reader: Reader, vocabulary: Vocabulary, number: int) -> Condition:
    """The rows of a scope that a project says it uses; all of them where it says nothing."""
    uses, link = SCOPES[scope_name(vocabulary)].used_by
    if not uses:
        return in_scope(vocabulary)
    named = Query(facet(uses), _ID, Where("project.number", Op.EQ, number))
    if not reader.count(named, SPELLING):
        return in_scope(vocabulary)
    return All((in_scope(vocabulary), InQuery("id", named, link)))


class ProjectBelowResource(BelowResource):
    """`/projects/3/codes.json`, beside all other collections below a project."""

    def get(self, number: int, name: str, extension: str) -> Response:
        """Answer the codes of the project."""
        if name != "codes":
            return super().get(number, name, extension)
        reader = self.studio.read(current_actor())
        codes = _codes(self, number)
        return codes.listed(extension, lambda asked: codes_of_project(reader, number, asked))

    def post(self, number: int, name: str, extension: str) -> Response:
        """Make a code in the project alone."""
        if name != "codes":
            return super().post(number, name, extension)
        _codes(self, number)
        given = attributes_of_body(scoped()[OWN], body_of_request())
        vocabulary, values = scope_of_body(given)
        values["scope"] = given["scope"]
        with self.studio.write(current_actor()) as work:
            if vocabulary is not scoped()[OWN]:
                raise WrongAttributes(fields={"scope": ["is the same in all projects: change a code of it"]})
            operations = [
                Create(each.facet, {**each.values, "project_id": Ref("Project", number)})
                for each in creation(vocabulary, values)
                if isinstance(each, Create)
            ]
            made = work.execute(operations)[0].number
            row = needed_row(work.read, vocabulary, vocabulary.shown, made)
            work.commit()
        place = f"{request.script_root}{self.mount}/codes/{made}.{extension}"
        return single(vocabulary, extension, row, 201, {"Location": place})


class ProjectBelowMemberResource(BelowMemberResource):
    """`/projects/3/codes/5.json`: a code as the project calls it."""

    def get(self, number: int, name: str, child_number: int, extension: str) -> Response:
        """Answer the code."""
        if name != "codes":
            return super().get(number, name, child_number, extension)
        _codes(self, number)
        row = _one(self.studio.read(current_actor()), number, child_number)
        return single(scoped()[OWN], extension, orjson.dumps(row).decode())

    def put(self, number: int, name: str, child_number: int, extension: str) -> Response:
        """Call the code otherwise, in the project alone."""
        if name != "codes":
            return super().put(number, name, child_number, extension)
        _codes(self, number)
        given = attributes_of_body(scoped()[OWN], body_of_request())
        with self.studio.write(current_actor()) as work:
            as_read = wanted_format(extension).as_read
            row = _one(work.read, number, child_number)
            shown = {key: as_read(value) for key, value in row.items()}
            work.execute(_renaming(work.read, number, shown, given))
            row = _one(work.read, number, child_number)
            work.commit()
        return single(scoped()[OWN], extension, orjson.dumps(row).decode())

    patch = put

    def delete(self, number: int, name: str, child_number: int, extension: str) -> Response:
        """Call the code as the studio does; a code of the project itself goes."""
        if name != "codes":
            return super().delete(number, name, child_number, extension)
        _codes(self, number)
        with self.studio.write(current_actor()) as work:
            own = _own_id(work.read, number, _one(work.read, number, child_number))
            if own is None:
                raise NotFound("The project calls this code as the studio does.")
            work.execute([Delete(facet("Code"), own, by="shotrunner")])
            work.commit()
        return Response(status=200, content_type=wanted_format(extension).content_type)


def _codes(resource: BelowResource | BelowMemberResource, number: int) -> CodesResource:
    """The resource of codes, for who sees the project."""
    needed_row(resource.studio.read(current_actor()), resource.vocabulary, ("id",), number)
    g.vocabulary = scoped()[OWN]
    return CodesResource(resource.site, scoped()[OWN])


def _one(reader: Reader, project: int, number: int) -> Row:
    """A code as a project calls it."""
    shown = scoped()[OWN].shown
    asked = {each: AskedParameters(tuple(dict.fromkeys((*shown, *_KEYS))), ()) for each in scoped().values()}
    found = next((row for row in codes_of_project(reader, project, asked) if row["id"] == number), None)
    if found is None:
        raise NotFound(f"There is no code {number}.")
    return {key: found[key] for key in shown}


def _own_id(reader: Reader, number: int, row: Row) -> Any:
    where = (
        Where("project.number", Op.EQ, number),
        Where("data.shotrunner_scope", Op.EQ, row["scope"]),
        Where("name", Op.EQ, row["code"]),
    )
    found = reader.one(Query(facet("Code"), _ID, All(where)), SPELLING)
    return None if found is None else orjson.loads(found)["id"]


def _renaming(reader: Reader, number: int, shown: Row, given: Row) -> list[Operation]:
    """The operations that let a project call a code as a body says."""
    words = scoped()[OWN]
    asked = {
        key: value
        for key, value in given.items()
        if words.attributes[key].canonical and not same(words.type_of(key), value, shown.get(key))
    }
    fixed = {key: ["is the same in all projects"] for key in asked if key not in CALLED}
    if fixed:
        raise WrongAttributes(fields=fixed)
    values = canonical_values(words, asked, State(shown, {**shown, **asked}))
    own = _own_id(reader, number, shown)
    if own is not None:
        return [Update(words.facet, own, values)]
    data = {"shotrunner_scope": shown["scope"], **values.get("data", {})}
    place = {"name": shown["code"], "project_id": Ref("Project", number)}
    return [Create(words.facet, {**values, **place, "data": data})]
