"""Routes that have a name of their own beside the generic ones: what they are and what they say.

A module of such routes ends with a table `ROUTES`, and `groups.py` lists the tables: the blueprint
registers from them and the description is written from them, so that neither can forget a route.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask_restful import Resource

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

if TYPE_CHECKING:
    from zou_server.services.people.authenticate import Authenticator
    from zou_server.services.ports import Media, Storage, Timelines, WorkFolders
    from zou_server.services.studio import Studio

FORM = "multipart/form-data"
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


class NamedResource(Resource):
    """A resource that is given the parts, and the options of its line in the table."""

    def __init__(self, parts: Parts, **options: Any) -> None:
        self.parts = parts
        self.studio = parts.studio
        self.options = options


@dataclass(frozen=True, slots=True)
class Says:
    """What one method of a route does, in the words and schemas of the description.

    `about` is the facet whose group it is shown in; `answers` the schema of what comes back (none for
    an empty answer), `media` its type; `sends` the schema of a JSON body, `form` of a form, `sends_also`
    of other media types. `refused` are the statuses it may answer beside those of every route.
    """

    about: str | None
    summary: str
    answers: Schema | None = None
    status: int = 200
    media: str = JSON
    sends: Schema | None = None
    form: Schema | None = None
    sends_also: Mapping[str, Schema] = field(default_factory=dict)
    sends_required: bool = True
    parameters: tuple[Schema, ...] = ()
    refused: tuple[int, ...] = (404,)
    also: Mapping[int, Schema] = field(default_factory=dict)
    text: str = "What came of it."
    description: str = ""
    security: list[dict[str, list[str]]] = field(default_factory=lambda: SIGNED_IN)


@dataclass(frozen=True, slots=True)
class Named:
    """A route: its path in Flask's spelling, its resource, what each method says, and its options.

    `arguments` are the schemas of path arguments that are no ids.
    """

    path: str
    resource: type[NamedResource]
    says: Mapping[str, Says]
    options: Mapping[str, Any] = field(default_factory=dict)
    arguments: Mapping[str, Schema] = field(default_factory=dict)


def described(routes: tuple[Named, ...]) -> Iterator[tuple[str, dict[str, Schema]]]:
    """Every path of the routes and its operations."""
    for route in routes:
        yield (
            template_of(route.path),
            {method: _operation(route, says) for method, says in route.says.items()},
        )


def _operation(route: Named, says: Says) -> Schema:
    arguments = [
        parameter(name, "path", route.arguments.get(name, ref("Id")))
        for name in (each.rpartition(":")[2] for each in _ARGUMENT.findall(route.path))
    ]
    bodies = {JSON: says.sends, FORM: says.form, **says.sends_also}
    sent = {media: schema for media, schema in bodies.items() if schema is not None}
    more = {"description": says.description} if says.description else {}
    return operation(
        tag(says.about) if says.about else LOG_IN,
        says.summary,
        {says.status: answer(says.text, says.answers, media=says.media), **says.also}
        | refused(*says.refused),
        parameters=[*arguments, *says.parameters],
        sends=body(*sent.values(), media=sent, required=says.sends_required) if sent else None,
        security=says.security,
        **more,
    )
