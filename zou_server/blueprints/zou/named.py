"""Routes that have a name of their own beside the generic ones: what they are and what they say.

A module of such routes ends with a table `ROUTES`, and `groups.py` lists the tables: the blueprint
registers from them and the description is written from them, so that neither can forget a route.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from flask import Response, request

from zou_server.blueprints.zou.bodies import Shape, form_schema, form_values, read_body, shape_of
from zou_server.blueprints.zou.crud import json_body
from zou_server.blueprints.zou.describe_api.describe_answers import LOG_IN, SIGNED_IN, refused, tag
from zou_server.description import (
    JSON,
    Schema,
    answer,
    body,
    listed,
    operation,
    parameter,
    ref,
    template_of,
    thing,
)
from zou_server.web import RouteResource

if TYPE_CHECKING:
    from zou_server.blueprints.zou.log_in.single_sign_on import SingleSignOn
    from zou_server.services.people.authenticate import Authenticator
    from zou_server.services.people.mails import Post
    from zou_server.services.ports import Media, Storage, Timelines, WorkFolders
    from zou_server.services.studio import Studio

FORM = "multipart/form-data"
FORMS = frozenset({FORM, "application/x-www-form-urlencoded"})
_ARGUMENT = re.compile(r"<([^<>]+)>")


LISTING = tuple(
    ref(f"list.{name}", "parameters") for name in ("page", "limit", "relations", "fields", "order_by")
)
"""The parameters of a list that are no filters of its rows."""


def rows_or_page(row: Schema) -> Schema:
    """What such a list answers: an array, or an object with `data` where a page was asked for."""
    return {"anyOf": [listed(row), thing({"data": listed(row)}, ("data", "limit"))]}


@dataclass(frozen=True, slots=True)
class Parts:
    """What a route may work with: made by the composition root, one for the process."""

    studio: Studio
    authenticator: Authenticator
    storage: Storage
    page_size: int
    media: Media
    folders: WorkFolders
    max_upload_bytes: int
    timelines: Timelines
    post: Post
    public_url: str
    single_sign_on: SingleSignOn
    site_url: str = ""
    """Where people reach the site, when a setting says so."""
    config: Mapping[str, Any] = field(default_factory=dict)
    """What clients are told before log-in, beside what is always so."""


_READING = frozenset({"Read", "List", "Get"})
"""Verbs of summaries whose object is what the answer holds."""


@dataclass(frozen=True, slots=True)
class Says:
    """What one method of a route does, in the words and schemas of the description.

    `about` is the facet whose group it is shown in; `answers` the schema of what comes back (none for
    an empty answer), `media` its type. `sends` is what a JSON body is: its class or shape, by which it is
    checked before the handler runs, or the schema of one that the handler checks by the types' own fields.
    `form` says that the same may come as a form, or is the schema of a form; `sends_also` has the schemas of
    other media types. `refused` are the statuses it may answer beside those of every route.
    """

    about: str | None
    summary: str
    answers: Schema | None = None
    status: int = 200
    media: str = JSON
    sends: type | Shape[Any] | Schema | None = None
    form: bool | Schema = False
    sends_also: Mapping[str, Schema] = field(default_factory=dict)
    sends_required: bool = True
    parameters: tuple[Schema, ...] = ()
    refused: tuple[int, ...] = (404,)
    also: Mapping[int, Schema] = field(default_factory=dict)
    text: str = ""
    description: str = ""
    security: list[dict[str, list[str]]] = field(default_factory=lambda: SIGNED_IN)

    @property
    def answer_text(self) -> str:
        """The sentence of the answer: its own, or for what is read or listed the object of the summary."""
        verb, _, rest = self.summary.partition(" ")
        if not self.text and verb not in _READING:
            raise LookupError(f"No sentence says what is answered to: {self.summary}")
        return self.text or f"{rest[:1].upper()}{rest[1:]}."

    @property
    def body(self) -> type | Shape[Any] | None:
        """What checks the body before the handler runs; None where the handler does."""
        return None if self.sends is None or isinstance(self.sends, dict) else self.sends

    def schemas(self) -> dict[str, Schema]:
        """Media type -> schema of what may be sent."""
        shape = self.sends if self.body is None else shape_of(self.body).schema
        form = form_schema(self.body) if self.form is True and isinstance(self.body, type) else self.form
        found = {JSON: shape, FORM: form, **self.sends_also}
        return {media: schema for media, schema in found.items() if isinstance(schema, dict)}


Options = TypeVar("Options")


class NamedResource(RouteResource, Generic[Options]):
    """A resource that is given the parts, and its line of the table with the options in it.

    The handler of a method whose line says what its body is gets it as `sent`, checked.
    """

    def __init__(self, parts: Parts, named: Named[Options]) -> None:
        self.parts = parts
        self.studio = parts.studio
        self.named = named
        self.options = named.options

    def dispatch_request(self, **arguments: Any) -> Response:
        """Check the body, and let the method's handler answer."""
        says = self.named.says.get(request.method.lower())
        if says is not None and says.body is not None:
            arguments["sent"] = _sent(says, says.body, self.parts.max_upload_bytes)
        answer: Response = super().dispatch_request(**arguments)
        return answer


def _sent(says: Says, described: type | Shape[Any], most_bytes: int) -> Any:
    if says.form is not False:
        request.max_content_length = most_bytes  # files may come along
        if request.mimetype in FORMS:
            return read_body(described, form_values(described, request.form))
    if not says.sends_required and not request.get_data():
        return read_body(described, [] if shape_of(described).schema.get("type") == "array" else {})
    return read_body(described, json_body())


@dataclass(frozen=True, slots=True)
class Named(Generic[Options]):
    """A route: its path in Flask's spelling, its resource, what each method says, and its options.

    `arguments` are the schemas of path arguments that are no ids.
    """

    path: str
    resource: type[NamedResource[Options]]
    says: Mapping[str, Says]
    options: Options = None  # type: ignore[assignment]  # most resources need none
    arguments: Mapping[str, Schema] = field(default_factory=dict)


def described(routes: tuple[Named[Any], ...]) -> Iterator[tuple[str, dict[str, Schema]]]:
    """Every path of the routes and its operations."""
    for route in routes:
        yield (
            template_of(route.path),
            {method: _operation(route, says) for method, says in route.says.items()},
        )


def _operation(route: Named[Any], says: Says) -> Schema:
    arguments = [
        parameter(name, "path", route.arguments.get(name, ref("Id")))
        for name in (each.rpartition(":")[2] for each in _ARGUMENT.findall(route.path))
    ]
    sent = says.schemas()
    more = {"description": says.description} if says.description else {}
    return operation(
        tag(says.about) if says.about else LOG_IN,
        says.summary,
        {says.status: answer(says.answer_text, says.answers, media=says.media), **says.also}
        | refused(*says.refused),
        parameters=[*arguments, *says.parameters],
        sends=body(*sent.values(), media=sent, required=says.sends_required) if sent else None,
        security=says.security,
        **more,
    )
