"""`/data/events/last`: the newest of the log, as gazu.sync and Kitsu's page of events ask for it.

Beside the filters of every list: `limit` (100), `before` and `after` (dates), `only_files`, and
`cursor_event_id`, the last event that was read already.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace

from flask import Response, request

from zou_server.blueprints.zou.crud import list_rows
from zou_server.blueprints.zou.named import LISTING, Named, NamedResource, Says, rows_or_page
from zou_server.blueprints.zou.parameters import ListRequest, boolean, checked_id, listed
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import Schema, parameter, ref
from zou_server.models.conditions import EVERYTHING, All, Condition, Op, Where
from zou_server.models.errors import Invalid
from zou_server.models.event import FILE_ACTS
from zou_server.models.registry import facet
from zou_server.models.values.event_names import events_named
from zou_server.web import current_actor, json_rows

LAST = 100
"""How many come when the client does not say."""


def _before(value: str) -> Condition:
    return Where("created_at", Op.LT, moment_of(value, "before"))


def _after(value: str) -> Condition:
    return Where("created_at", Op.GT, moment_of(value, "after"))


def _only_files(value: str) -> Condition:
    wanted = boolean(value, "only_files")
    return Where("file_act", Op.IN, list(FILE_ACTS)) if wanted else EVERYTHING


def _names(value: str) -> list[str]:
    """One name, or a JSON list of several."""
    found = listed("name", [value])
    return [value] if found is None else [str(each) for each in found]


def moment_of(value: str, name: str) -> str:
    """A moment of a parameter, UTC where it says no zone."""
    try:
        found = dt.datetime.fromisoformat(value)
    except ValueError:
        raise Invalid(
            f"Wrong date format for {name} argument. Expected format: 2020-01-05T13:23:10 or 2020-01-05",
            {name: ["is not a date"]},
        ) from None
    return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).isoformat()


TERMS: Mapping[str, Callable[[str], Condition]] = {
    # parameter -> what it makes of its value
    "before": _before,
    "after": _after,
    "only_files": _only_files,
    "name": lambda value: events_named(_names(value)),
}


class LastEvents(NamedResource):
    """The newest events, the newest first."""

    def get(self) -> Response:
        """Those that the caller may see."""
        arguments = request.args.to_dict(flat=False)
        terms = tuple(make(arguments.pop(name)[0]) for name, make in TERMS.items() if name in arguments)
        wire = wire_type(facet("ApiEvent"))
        newest = ListRequest(condition=All(terms), page_size=self.parts.page_size, limit=LAST)
        if "cursor_event_id" not in arguments:
            return list_rows(self.studio, wire, newest, arguments)
        seen = checked_id(arguments.pop("cursor_event_id")[0])
        query = replace(newest.asked(wire, arguments).query(wire), after=seen)
        return json_rows(self.studio.read(current_actor()).listed(query, ZOU))


_DATE: Schema = {"type": "string", "format": "date-time"}
_PARAMETERS = (
    parameter("before", "query", _DATE, "Only events before this moment."),
    parameter("after", "query", _DATE, "Only events after this moment."),
    parameter(
        "only_files", "query", {"type": "boolean"}, "Only events after which there is a file to fetch."
    ),
    parameter("cursor_event_id", "query", ref("Id"), "Only events before this one, which was read already."),
)

ROUTES = (
    Named(
        "/data/events/last",
        LastEvents,
        {
            "get": Says(
                "ApiEvent",
                "List the newest events",
                rows_or_page(ref("ApiEvent")),
                text="The newest first.",
                parameters=(*LISTING, *_PARAMETERS),
                refused=(),
            )
        },
    ),
)
