"""The paths: a collection, one object, and both below a parent; each parses, calls the studio, renders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response, g, request
from flask_restful import Resource
from werkzeug.exceptions import MethodNotAllowed

from zou_server.blueprints.shotrunner.answers import addressed, listed, single
from zou_server.blueprints.shotrunner.custom_methods import (
    LISTS,
    TEXTILE,
    Verb,
    followers,
    html_row,
    verb_of,
)
from zou_server.blueprints.shotrunner.documented import UNLESS
from zou_server.blueprints.shotrunner.formats import body_of_request, wanted_format
from zou_server.blueprints.shotrunner.lookup import with_ids
from zou_server.blueprints.shotrunner.nesting import (
    Parent,
    asks_deep,
    deepened,
    parent_of,
    row_condition,
)
from zou_server.blueprints.shotrunner.parameters import read_shape, read_single
from zou_server.blueprints.shotrunner.spelling import SPELLING
from zou_server.blueprints.shotrunner.vocabulary import Vocabulary, vocabularies
from zou_server.blueprints.shotrunner.wire_values import EMPTY
from zou_server.blueprints.shotrunner.writes import (
    attributes_of_body,
    change,
    creation,
    defaults,
    marks,
    secrets,
    version_of,
)
from zou_server.models.conditions import All, Condition, Query, Retired
from zou_server.models.errors import NotFound
from zou_server.services.read.reader import Reader
from zou_server.services.studio import Studio
from zou_server.services.write.operations import Delete, Operation, Ref
from zou_server.web import current_actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from zou_server.services.ports import Storage
    from zou_server.services.write.unit_of_work import UnitOfWork

LARGEST_NUMBER = 2**62
BLANK_OBJECT = "new"
"""What stands for an object that is to be made: Rails' clients ask for it before they fill it in."""


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
"""Every path is routed for all of these, so that what it refuses is refused in the dialect's own shape."""


@dataclass(frozen=True)
class Site:
    """The parts all paths need: `mount` is where the dialect lives ("" or a prefix).

    `own` names what answers a path where it is not the plain resource, by plural and name of the path.
    """

    studio: Studio
    storage: Storage
    mount: str
    most_bytes: int
    own: Mapping[tuple[str, str], type[ShotRunnerResource]]


class ShotRunnerResource(Resource):
    """The base of the paths of one type."""

    def __init__(self, site: Site, vocabulary: Vocabulary) -> None:
        self.site, self.vocabulary = site, vocabulary
        self.studio, self.mount = site.studio, site.mount

    def dispatch_request(self, **places: Any) -> Response:
        """Remember what the request is about, for the errors that it may end in; then answer it."""
        g.vocabulary = self.vocabulary
        wanted_format(places.get("extension", "json"))
        answer: Response = self.handler(request.method)(**places)
        return answer

    def follow(self, work: UnitOfWork, number: int, given: Mapping[str, Any]) -> None:
        """Do in the same transaction what else new or changed attributes ask for."""

    def handler(self, method: str) -> Callable[..., Response]:
        """The function that answers a method; MethodNotAllowed (405) names those that there are."""
        found: Callable[..., Response] | None = getattr(
            self, "get" if method == "HEAD" else method.lower(), None
        )
        if found is None:
            raise MethodNotAllowed(valid_methods=self.allowed())
        return found

    def allowed(self) -> list[str]:
        """The methods that this path has."""
        found = [method for method in METHODS if getattr(self, method.lower(), None)]
        return ["HEAD", *found] if "GET" in found else found


class MakingResource(ShotRunnerResource):
    """A path at which objects are made."""

    def made(self, extension: str, belongs: dict[str, Any]) -> Response:
        """Make an object out of the body and `belongs`; answer it, and where it is."""
        return self.make(extension, attributes_of_body(self.vocabulary, body_of_request()) | belongs)

    def make(self, extension: str, given: dict[str, Any]) -> Response:
        """Make an object of these attributes."""
        keys = read_shape(self.vocabulary, request.args.items(multi=True))
        with self.studio.write(current_actor()) as work:
            given = inherited(work.read, self.vocabulary, given)
            number = executed(work, creation(self.vocabulary, given))
            work.execute(secrets(self.vocabulary, number, given))
            self.follow(work, number, given)
            row = shown_row(work.read, self.vocabulary, keys, number) or f'{{"id":{number}}}'
            work.commit()
        place = f"{request.script_root}{self.mount}/{self.vocabulary.plural}/{number}.{extension}"
        return single(self.vocabulary, extension, row, 201, {"Location": place})


class CollectionResource(MakingResource):
    """`/shots.json`."""

    def get(self, extension: str) -> Response:
        """Answer all objects that the parameters ask for."""
        return listed(self.studio, self.vocabulary, extension, None)

    def post(self, extension: str) -> Response:
        """Make an object."""
        return self.made(extension, {})


class MemberResource(ShotRunnerResource):
    """`/shots/5.json`."""

    def get(self, number: int, extension: str) -> Response:
        """Answer the object."""
        return self.found(number, extension)

    def put(self, number: int, extension: str) -> Response:
        """Change the object; answer it with its new version."""
        return self.changed(number, extension)

    patch = put

    def delete(self, number: int, extension: str) -> Response:
        """Delete the object."""
        return self.deleted(number, extension)

    def found(self, number: int, extension: str, *within: Condition) -> Response:
        """Answer the object, if it is within these conditions."""
        keys, retired = read_single(self.vocabulary, request.args.items(multi=True))
        reader = self.studio.read(current_actor())
        row = needed_row(reader, self.vocabulary, keys, number, *within, retired=retired)
        return single(self.vocabulary, extension, row)

    def changed(self, number: int, extension: str, *within: Condition) -> Response:
        """Change the object, if it is within these conditions."""
        keys = read_shape(self.vocabulary, request.args.items(multi=True))
        given = attributes_of_body(self.vocabulary, body_of_request())
        with self.studio.write(current_actor()) as work:
            shown = as_seen(work, self.vocabulary, extension, number, given, *within)
            executed(work, change(self.vocabulary, number, given, shown))
            work.execute(secrets(self.vocabulary, number, given))
            self.follow(work, number, {key: value for key, value in given.items() if shown.get(key) != value})
            row = needed_row(work.read, self.vocabulary, keys, number)
            work.commit()
        return single(self.vocabulary, extension, row)

    def deleted(self, number: int, extension: str, *within: Condition) -> Response:
        """Delete the object, if it is within these conditions and of the version that the caller saw."""
        with self.studio.write(current_actor()) as work:
            needed_row(work.read, self.vocabulary, ("id",), number, *within)
            target = Ref(str(self.vocabulary.facet.kind), number)
            work.execute([Delete(self.vocabulary.facet, target, version_of(request.args), by="shotrunner")])
            work.commit()
        return Response(status=200, content_type=wanted_format(extension).content_type)


class BelowResource(ShotRunnerResource):
    """`/sequences/3/shots.json`, and the custom methods of an object: `/projects/3/restore.json`."""

    def get(self, number: int, name: str, extension: str) -> Response:
        """Answer the objects below the parent."""
        if name == "html":
            return self._html(number, extension)
        child, parent = belonging(self.studio, self.vocabulary, number, name)
        if asks_deep(request.args):
            parent = deepened(self.studio.read(current_actor()), parent, child)
        return listed(self.studio, child, extension, parent)

    def post(self, number: int, name: str, extension: str) -> Response:
        """Make an object below the parent; the parent in the URL wins over the body."""
        child, parent = belonging(self.studio, self.vocabulary, number, name)
        if parent.values is None:
            raise MethodNotAllowed(valid_methods=("GET", "HEAD"))
        resource = self.site.own.get((child.plural, "list"), CollectionResource)(self.site, child)
        assert isinstance(resource, CollectionResource)  # noqa: S101 - lists are
        return resource.made(extension, parent.values)

    def put(self, number: int, name: str, extension: str) -> Response:
        """Do what the custom method of that name does; answer the object."""
        verb = self._verb("PUT", name)
        with self.studio.write(current_actor()) as work:
            if name != "restore":
                needed_row(work.read, self.vocabulary, ("id",), number)
            work.execute(verb(work.read, work.actor, self.vocabulary, number))
            row = needed_row(work.read, self.vocabulary, self.vocabulary.shown, number)
            work.commit()
        return single(self.vocabulary, extension, row)

    def delete(self, number: int, name: str, extension: str) -> Response:
        """Take back what a custom method did."""
        verb = self._verb("DELETE", name)
        with self.studio.write(current_actor()) as work:
            needed_row(work.read, self.vocabulary, ("id",), number)
            work.execute(verb(work.read, work.actor, self.vocabulary, number))
            work.commit()
        return Response(status=200, content_type=wanted_format(extension).content_type)

    def _verb(self, method: str, name: str) -> Verb:
        if name in vocabularies() or (method == "DELETE" and name == "restore"):
            raise MethodNotAllowed(valid_methods=("GET", "HEAD", "POST"))
        verb = verb_of(self.vocabulary, method, name)
        if verb is None:
            raise no_method(self.vocabulary, name)
        return verb

    def _html(self, number: int, extension: str) -> Response:
        reader = self.studio.read(current_actor())
        keys = ("id", *(key for key in TEXTILE if key in self.vocabulary.attributes))
        if len(keys) == 1:
            raise no_method(self.vocabulary, "html")
        row = orjson.loads(needed_row(reader, self.vocabulary, keys, number))
        shown = orjson.dumps(html_row(self.vocabulary, row)).decode()
        return single(self.vocabulary, extension, shown)


class BelowMemberResource(ShotRunnerResource):
    """`/sequences/3/shots/5.json`: the same object, if it belongs to that parent."""

    def get(self, number: int, name: str, child_number: int, extension: str) -> Response:
        """Answer the object."""
        member, parent = self.member(number, name)
        return member.found(child_number, extension, parent.condition)

    def put(self, number: int, name: str, child_number: int, extension: str) -> Response:
        """Change the object."""
        member, parent = self.member(number, name)
        return member.changed(child_number, extension, parent.condition)

    patch = put

    def delete(self, number: int, name: str, child_number: int, extension: str) -> Response:
        """Delete the object."""
        member, parent = self.member(number, name)
        return member.deleted(child_number, extension, parent.condition)

    def member(self, number: int, name: str) -> tuple[MemberResource, Parent]:
        """The resource of the child, and the parent that it must belong to."""
        child, parent = belonging(self.studio, self.vocabulary, number, name)
        resource = self.site.own.get((child.plural, "one"), MemberResource)(self.site, child)
        assert isinstance(resource, MemberResource)  # noqa: S101 - single objects are
        return resource, parent


class CustomResource(ShotRunnerResource):
    """`/shots/new.json`, a blank object; and custom methods of a collection, of which there are none.

    A nested create that lost its parent ends here too, and must not pass for one.
    """

    def handler(self, method: str) -> Callable[..., Response]:
        """The blank object; every other name and method says that there is no such thing."""
        name = str((request.view_args or {}).get("name"))
        if name == BLANK_OBJECT and method in ("GET", "HEAD"):
            return self.blank
        raise no_method(self.vocabulary, name)

    def blank(self, name: str, extension: str) -> Response:
        """An object that nobody has made, with what a new one has where its maker says nothing."""
        del name
        row = dict.fromkeys(self.vocabulary.shown) | defaults(self.vocabulary, {})
        return single(self.vocabulary, extension, orjson.dumps(row).decode())


# -- what they have in common ------------------------------------------------------------------------


def no_method(vocabulary: Vocabulary, name: str) -> NotFound:
    """The error for a custom method that does not exist."""
    return NotFound(f"{vocabulary.plural} have no '{name[:80]}'.")


def belonging(studio: Studio, vocabulary: Vocabulary, number: int, name: str) -> tuple[Vocabulary, Parent]:
    """The vocabulary below a parent, and the parent; NotFound when either does not exist for this actor."""
    child = vocabularies().get("users" if name in LISTS else name)
    parent = parent_of(vocabulary, number, child) if child else None
    if name in LISTS:
        parent = followers(studio.read(current_actor()), vocabulary, number, name)
    if child is None or parent is None:
        raise no_method(vocabulary, name)
    needed_row(studio.read(current_actor()), vocabulary, ("id",), number)
    g.vocabulary = child
    return child, parent


def shown_row(
    reader: Reader,
    vocabulary: Vocabulary,
    keys: tuple[str, ...],
    number: int,
    *within: Condition,
    retired: Retired = Retired.LIVE,
) -> str | None:
    """One object as JSON text, None when there is none that the actor may see."""
    if number >= LARGEST_NUMBER:
        return None
    where = with_ids(reader, All((row_condition(vocabulary, number), *within)))
    query = Query(vocabulary.facet, vocabulary.projection(keys), where, retired=retired)
    return addressed(reader.one(query, SPELLING))


def needed_row(
    reader: Reader,
    vocabulary: Vocabulary,
    keys: tuple[str, ...],
    number: int,
    *within: Condition,
    retired: Retired = Retired.LIVE,
) -> str:
    """One object as JSON text; NotFound when there is none that the actor may see."""
    row = shown_row(reader, vocabulary, keys, number, *within, retired=retired)
    if row is None:
        raise NotFound(f"There is no {vocabulary.singular} {number}.")
    return row


def inherited(reader: Reader, vocabulary: Vocabulary, given: dict[str, Any]) -> dict[str, Any]:
    """The attributes of a new object with those that it has from what it answers."""
    keys = tuple(key for (name, key), _ in UNLESS.items() if name == vocabulary.facet.name)
    above = given.get("parent_id")
    if not keys or above in EMPTY or any(given.get(key) not in EMPTY for key in keys):
        return given
    try:
        row = shown_row(reader, vocabulary, keys, int(above))
    except (TypeError, ValueError):
        return given  # the attribute itself says what is wrong
    return {**given, **(orjson.loads(row) if row else {})}


def executed(work: UnitOfWork, operations: list[Operation]) -> int:
    """Execute operations on one object, and what follows from them; return its number."""
    number = work.execute(operations)[0].number
    following = marks(work.read, number, operations)
    if following:
        work.execute(following)
    return number


def as_seen(
    work: UnitOfWork,
    vocabulary: Vocabulary,
    extension: str,
    number: int,
    given: dict[str, Any],
    *within: Condition,
) -> dict[str, Any]:
    """The object as a client of this format sees it now, in the attributes that a body may be about."""
    keys = tuple(dict.fromkeys((*vocabulary.shown, *given)))
    row = orjson.loads(needed_row(work.read, vocabulary, keys, number, *within))
    as_read = wanted_format(extension).as_read
    return {key: as_read(value) for key, value in row.items()}
