"""`/data/user/context`: all that Kitsu loads after log-in, in one answer and one statement.

Every key is a list of rows by a query of its own (docs/protocols/zou.md 10); the few that are no list of
rows are put beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import orjson
from flask import Response

from zou_server.blueprints.zou.describe_api.describe_rows import row_schema, rows_called
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.people.own_filters import by_list, by_list_schema, desk_query
from zou_server.blueprints.zou.production.projects import OPEN, PROJECT_EXTRAS
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import listed, ref, thing
from zou_server.models.actor import Actor
from zou_server.models.conditions import All, Op, Order, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.models.veils import knows_people
from zou_server.web import current_actor, json_text

USER_LIMIT = 100
"""How many people Kitsu lets an administrator make before it warns: Zou's own default."""

MINIMAL_PERSON = (
    "first_name",
    "last_name",
    "full_name",
    "has_avatar",
    "active",
    "departments",
    "studio_id",
    "role",
    "desktop_login",
    "is_bot",
)
"""The keys of a person for who sees only what is public of people (docs/protocols/zou.md 17, Person)."""

BY_NAME = (Order("name"), Order("created_at"))
BY_AGE = (Order("created_at"),)
_ID = Projection((Output("id", "id"),))


def _all(kind: str, *, order: tuple[Order, ...] = BY_NAME, relations: bool = False) -> Query:
    wire = wire_type(facet(kind))
    return Query(wire.facet, wire.projection(relations=relations), order=order)


def _persons(actor: Actor) -> Query:
    wire = wire_type(facet("Person"))
    shown = wire.projection(relations=True, fields=() if knows_people(actor) else MINIMAL_PERSON)
    return Query(wire.facet, shown, order=(Order("first_name"), Order("last_name")))


def _unread(actor: Actor) -> Query:
    mine = Where("person_id", Op.EQ, str(actor.person_id))
    return Query(facet("Notification"), _ID, All((mine, Where("read", Op.EQ, value=False))))


LISTS: Mapping[str, Callable[[Actor], Query]] = {
    # key of the answer -> the query of its rows
    "asset_types": lambda actor: _all("AssetType", relations=True),
    "custom_actions": lambda actor: _all("CustomAction"),
    "status_automations": lambda actor: _all("StatusAutomation", order=BY_AGE),
    "departments": lambda actor: _all("Department"),
    "studios": lambda actor: _all("Studio"),
    "persons": _persons,
    "project_status": lambda actor: _all("ProjectStatus"),
    "projects": lambda actor: Query(facet("Project"), PROJECT_EXTRAS, OPEN, BY_NAME),
    "task_types": lambda actor: _all("TaskType", order=(Order("priority"), *BY_NAME)),
    "task_status": lambda actor: _all("TaskStatus", order=(Order("priority"), *BY_NAME)),
    "preview_background_files": lambda actor: _all("PreviewBackgroundFile", order=BY_AGE),
}

GROUPED: Mapping[str, str] = {
    # key of the answer -> facet of what it groups by list and project
    "search_filters": "SearchFilter",
    "search_filter_groups": "SearchFilterGroup",
}


class UserContext(NamedResource):
    """`/data/user/context`."""

    def get(self) -> Response:
        """Everything at once."""
        actor = current_actor()
        queries = [make(actor) for make in LISTS.values()]
        queries += [desk_query(kind, actor) for kind in GROUPED.values()]
        *lists, unread = self.studio.read(actor).bundle([*queries, _unread(actor)], ZOU)
        found = {key: f"[{text}]" for key, text in zip(LISTS, lists, strict=False)}
        grouped = zip(GROUPED, lists[len(LISTS) :], strict=True)
        found.update({key: by_list(text) for key, text in grouped})
        found.update(_plain(actor), notification_count=str(unread.count('"id"')))
        return json_text("{" + ",".join(f'"{key}":{text}' for key, text in found.items()) + "}")


def _plain(actor: Actor) -> dict[str, str]:
    """The keys that are no rows, as JSON."""
    roles = {str(project): role for project, role in actor.project_roles.items() if role != actor.role}
    found = {"project_roles": orjson.dumps(roles).decode(), "plugins": "[]"}
    return {**found, "user_limit": str(USER_LIMIT)} if actor.is_admin else found


_ROWS = {
    "asset_types": "AssetType",
    "custom_actions": "CustomAction",
    "status_automations": "StatusAutomation",
    "departments": "Department",
    "studios": "Studio",
    "project_status": "ProjectStatus",
    "task_types": "TaskType",
    "task_status": "TaskStatus",
    "preview_background_files": "PreviewBackgroundFile",
}
_MINIMAL = wire_type(facet("Person")).projection(relations=True, fields=MINIMAL_PERSON)
_SHOWN = thing(
    {
        **{key: listed(ref(name)) for key, name in _ROWS.items()},
        "persons": listed({"anyOf": [ref("Person"), row_schema("Person", _MINIMAL)]}),
        "projects": listed(rows_called("ProjectInUse", "Project", PROJECT_EXTRAS)),
        **{key: by_list_schema(kind) for key, kind in GROUPED.items()},
        "project_roles": {"type": "object", "additionalProperties": {"type": "string"}},
        "plugins": {"type": "array", "maxItems": 0},
        "notification_count": {"type": "integer"},
        "user_limit": {"type": "integer"},
    },
    (*LISTS, *GROUPED, "project_roles", "plugins", "notification_count"),
)

ROUTES = (
    Named(
        "/data/user/context",
        UserContext,
        {
            "get": Says(
                "Person",
                "Read all that Kitsu needs after log-in",
                _SHOWN,
                refused=(),
                text="The studio's vocabulary, its people, the open projects, and what the caller keeps.",
            )
        },
    ),
)
