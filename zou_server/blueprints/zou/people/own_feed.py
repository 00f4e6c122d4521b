"""What the caller is told, and what they asked to hear of: gazu.user and Kitsu's bell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import orjson
from flask import Response, request

from zou_server.blueprints.zou.bodies import body, needed
from zou_server.blueprints.zou.crud import item_query
from zou_server.blueprints.zou.describe_api.describe_rows import rows_called
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import boolean, checked_id, found_or_404, positive
from zou_server.blueprints.zou.shapes import FLAG, IDS
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import listed, parameter, ref, thing
from zou_server.models.conditions import (
    All,
    Condition,
    Form,
    Not,
    Op,
    Order,
    Output,
    Projection,
    Query,
    Some,
    Where,
)
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.services.talk.subscribe import Place, subscribe, unsubscribe
from zou_server.services.write.operations import Act, Update
from zou_server.web import current_actor, json_text

MOST = 100
"""Notifications in one answer (docs/protocols/zou.md 10)."""

_KEYS = (
    # wire key, path
    ("id", "id"),
    ("notification_type", "notification_type"),
    ("author_id", "author_id"),
    ("comment_id", "comment_id"),
    ("reply_id", "reply_id"),
    ("task_id", "task_id"),
    ("task_type_id", "task.task_type_id"),
    ("task_status_id", "comment.sets_status_id"),
    ("project_id", "project_id"),
    ("project_name", "project.name"),
    ("comment_text", "comment.text"),
    ("reply_text", "reply.text"),
    ("created_at", "created_at"),
    ("read", "read"),
    ("change", "change"),
    ("full_entity_name", "task.entity[Entity].full_entity_name"),
    ("episode_id", "task.entity[Entity].episode_id"),
    ("entity_preview_file_id", "task.entity[Entity].preview_file_id"),
    ("subscription_id", "subscription_id"),
    ("playlist_id", "playlist_id"),
    ("playlist_name", "playlist.name"),
    ("playlist_for_entity", "playlist.for_entity"),
    ("playlist_is_for_all", "playlist.is_for_all"),
)

NOTIFICATION = Projection(
    (
        *(Output(key, path) for key, path in _KEYS),
        Output("type", "Notification", Form.LITERAL),
        Output("mentions", "comment.mentions", Form.LINKS),
        Output("department_mentions", "comment.department_mentions", Form.LINKS),
        Output("reply_mentions", "reply.mentions", Form.LINKS),
        Output("reply_department_mentions", "reply.department_mentions", Form.LINKS),
        Output(
            "preview_file_id", "comment.previews", Form.NEWEST, Projection((Output("id", "id"),)), "value"
        ),
    )
)

NEWEST_FIRST = (Order("created_at", descending=True),)

Filter = Callable[[str, str], Condition]


def _equal(path: str) -> Filter:
    return lambda value, name: Where(path, Op.EQ, value)


def _flag(test: Condition) -> Filter:
    return lambda value, name: test if boolean(value, name) else Not(test)


FILTERS: Mapping[str, Filter] = {
    # query parameter of Kitsu's page of notifications -> condition
    "type": _equal("notification_type"),
    "notification_type": _equal("notification_type"),
    "task_type_id": _equal("task.task_type_id"),
    "task_status_id": _equal("comment.sets_status_id"),
    "project_id": _equal("project_id"),
    "read": _flag(Where("read", Op.EQ, value=True)),
    "watching": _flag(Where("subscription_id", Op.NOT_NULL)),
    "after": lambda value, name: Where("created_at", Op.GT, value),
    "before": lambda value, name: Where("created_at", Op.LT, value),
}
PAGING = frozenset({"page", "limit", "relations", "no_cache"})


def _own(*terms: Condition) -> Condition:
    return All((Where("person_id", Op.EQ, str(current_actor().person_id)), *terms))


class Notifications(NamedResource):
    """`/data/user/notifications`."""

    def get(self) -> Response:
        """The caller's newest notifications."""
        given = request.args
        if unknown := sorted(given.keys() - FILTERS.keys() - PAGING):
            raise Invalid(fields={name: ["unknown filter"] for name in unknown})
        limit = min(positive(given.get("limit", str(MOST)), "limit"), MOST)
        offset = (positive(given.get("page", "1"), "page") - 1) * limit
        where = _own(*(FILTERS[name](value, name) for name, value in given.items() if name in FILTERS))
        query = Query(facet("Notification"), NOTIFICATION, where, NEWEST_FIRST, limit, offset)
        return json_text(f"[{self.studio.read(current_actor()).page(query, ZOU).text}]")


@body
class ReadMark:
    """Whether a notification has been read."""

    read: bool = needed(FLAG, missing="is neither true nor false")


class OneNotification(NamedResource):
    """`/data/user/notifications/<id>`."""

    def get(self, notification_id: str) -> Response:
        """One notification of the caller's."""
        id_ = checked_id(notification_id)
        query = Query(facet("Notification"), NOTIFICATION, _own(Where("id", Op.EQ, id_)))
        text = self.studio.read(current_actor()).one(query, ZOU)
        return json_text(found_or_404(text, wire_type(facet("Notification")), id_))

    def put(self, notification_id: str, sent: ReadMark) -> Response:
        """Mark it as read, or as not read; whatever else is sent along stays as it is."""
        id_, wire = checked_id(notification_id), wire_type(facet("Notification"))
        query = Query(wire.facet, wire.projection(), _own(Where("id", Op.EQ, id_)))
        with self.studio.write(current_actor()) as work:
            found_or_404(work.read.one(query, ZOU), wire, id_)
            work.execute([Update(wire.facet, id_, {"read": sent.read})])
            text = found_or_404(work.read.one(query, ZOU), wire, id_)
            work.commit()
        return json_text(text)


class ReadAll(NamedResource):
    """`/actions/user/notifications/mark-all-as-read`."""

    def post(self) -> Response:
        """Mark all notifications of the caller as read."""
        actor = current_actor()
        with self.studio.write(actor) as work:
            work.execute([Act("read-notifications", facet("Person"), actor.person_id, {})])
            work.commit()
        return json_text('{"success":true}')


# -- subscriptions -----------------------------------------------------------------------------------------


class _AtPlace(NamedResource):
    """Something about the caller's subscription to what the path names."""

    def place(self, ids: Mapping[str, str]) -> Place:
        """What to hear of; NotFound when the caller cannot see it."""
        checked = {name: checked_id(value) for name, value in ids.items()}
        require_owners(self.studio, tuple((name, _OWNERS[name]) for name in checked), checked)
        return {_COLUMNS.get(name, name): value for name, value in checked.items()}


class Subscribed(_AtPlace):
    """`.../subscribed`."""

    def get(self, **ids: str) -> Response:
        """Tell whether the caller is subscribed."""
        place = self.place(ids)
        terms = (Where(name, Op.EQ, value) for name, value in place.items())
        count = self.studio.read(current_actor()).count(
            Query(facet("Subscription"), Projection(()), _own(*terms)), ZOU
        )
        return json_text("true" if count else "false")


class Subscribe(_AtPlace):
    """`.../subscribe`."""

    def post(self, **ids: str) -> Response:
        """Subscribe the caller; the answer is the subscription, new or old."""
        place = self.place(ids)
        with self.studio.write(current_actor()) as work:
            query = item_query(wire_type(facet("Subscription")), str(subscribe(work, [place])[0]))
            text = work.read.one(query, ZOU) or "null"
            work.commit()
        return json_text(text, 201)


class Unsubscribe(_AtPlace):
    """`.../unsubscribe`."""

    def delete(self, **ids: str) -> Response:
        """Take the caller's subscription back."""
        place = self.place(ids)
        with self.studio.write(current_actor()) as work:
            unsubscribe(work, [place])
            work.commit()
        return Response(status=204)


_OWNERS = {"task_id": "Task", "sequence_id": "Entity", "entity_id": "Entity", "task_type_id": "TaskType"}
_COLUMNS = {"sequence_id": "entity_id"}


@body
class TasksToHearOf:
    """The tasks that the caller is to hear of, or no longer."""

    task_ids: list[str] = needed(IDS, missing="is not a list of ids")


@dataclass(frozen=True, slots=True)
class SubscriptionsOptions:
    """Whether a route subscribes the caller, or takes subscriptions back."""

    adds: bool


class ManySubscriptions(NamedResource[SubscriptionsOptions]):
    """`/actions/user/tasks/subscribe` and `unsubscribe`: {"task_ids": [...]}."""

    def post(self, sent: TasksToHearOf) -> Response:
        """Subscribe the caller to tasks, or no longer."""
        ids = sent.task_ids
        places = [{"task_id": id_} for id_ in ids]
        with self.studio.write(current_actor()) as work:
            if self.options.adds:
                made = [str(id_) for id_ in subscribe(work, places)]
                wire = wire_type(facet("Subscription"))
                query = Query(wire.facet, wire.projection(), Where("id", Op.IN, made), (Order("created_at"),))
                text, status = f"[{work.read.page(query, ZOU).text}]", 201
            else:
                unsubscribe(work, places)
                text, status = orjson.dumps(ids).decode(), 200
            work.commit()
        return json_text(text, status)


class SequenceSubscriptions(NamedResource):
    """The sequences of a project that the caller hears of, for one step."""

    def get(self, project_id: str, task_type_id: str) -> Response:
        """Their ids."""
        ids = {"project_id": checked_id(project_id), "task_type_id": checked_id(task_type_id)}
        require_owners(self.studio, (("project_id", "Project"), ("task_type_id", "TaskType")), ids)
        mine = All(tuple(Where(name, Op.EQ, value) for name, value in ids.items()))
        about = Some("entity[Sequence]", Where("id", Op.NOT_NULL))
        only = Projection((Output("id", "entity_id"),))
        query = Query(facet("Subscription"), only, _own(mine, about), (Order("created_at"),))
        rows = self.studio.read(current_actor()).rows(query, ZOU)
        return json_text(orjson.dumps([row["id"] for row in rows]))


# -- the table ---------------------------------------------------------------------------------------------

_SHOWN = rows_called("OwnNotification", "Notification", NOTIFICATION)
_FILTERS = tuple(parameter(name, "query", {"type": "string"}, f"Only by this {name}.") for name in FILTERS)
_PAGES = (ref("list.page", "parameters"), ref("list.limit", "parameters"))
_SUBSCRIBED = Says(
    "Subscription", "Tell whether the caller is subscribed", {"type": "boolean"}, text="True or false."
)
_SUBSCRIBE = Says(
    "Subscription", "Subscribe the caller", ref("Subscription"), status=201, text="The subscription."
)
_UNSUBSCRIBE = Says("Subscription", "Take a subscription back", status=204, text="It is gone.")
_STEP = "sequences/<sequence_id>/task-types/<task_type_id>"

ROUTES = (
    Named(
        "/data/user/notifications",
        Notifications,
        {
            "get": Says(
                "Notification",
                "List the caller's notifications",
                listed(_SHOWN),
                parameters=(*_FILTERS, *_PAGES),
                refused=(),
                text="The newest first, a hundred at most.",
            )
        },
    ),
    Named(
        "/data/user/notifications/<notification_id>",
        OneNotification,
        {
            "get": Says("Notification", "Read a notification of the caller's", _SHOWN),
            "put": Says(
                "Notification",
                "Mark a notification as read",
                ref("Notification"),
                sends=ReadMark,
                text="The notification.",
                refused=(403, 404, 413),
            ),
        },
    ),
    Named(
        "/actions/user/notifications/mark-all-as-read",
        ReadAll,
        {
            "post": Says(
                "Notification",
                "Mark all notifications as read",
                thing({"success": {"type": "boolean"}}),
                text="They are read.",
                refused=(413,),
            )
        },
    ),
    Named("/data/user/tasks/<task_id>/subscribed", Subscribed, {"get": _SUBSCRIBED}),
    Named("/actions/user/tasks/<task_id>/subscribe", Subscribe, {"post": _SUBSCRIBE}),
    Named("/actions/user/tasks/<task_id>/unsubscribe", Unsubscribe, {"delete": _UNSUBSCRIBE}),
    *(
        Named(
            f"/actions/user/tasks/{word}",
            ManySubscriptions,
            {
                "post": Says(
                    "Subscription",
                    f"{word.capitalize()} the caller, many tasks at once",
                    listed(ref("Subscription") if status == 201 else ref("Id")),  # noqa: PLR2004 - created
                    status=status,
                    sends=TasksToHearOf,
                    text="The subscriptions." if status == 201 else "The ids of the tasks.",  # noqa: PLR2004
                    refused=(404, 413),
                )
            },
            SubscriptionsOptions(adds=status == 201),  # noqa: PLR2004 - created
        )
        for word, status in (("subscribe", 201), ("unsubscribe", 200))
    ),
    Named(f"/data/user/{_STEP}/subscribed", Subscribed, {"get": _SUBSCRIBED}),
    Named(
        "/data/user/entities/<entity_id>/task-types/<task_type_id>/subscribed",
        Subscribed,
        {"get": _SUBSCRIBED},
    ),
    Named(f"/actions/user/{_STEP}/subscribe", Subscribe, {"post": _SUBSCRIBE}),
    Named(f"/actions/user/{_STEP}/unsubscribe", Unsubscribe, {"delete": _UNSUBSCRIBE}),
    Named(
        "/data/user/projects/<project_id>/task-types/<task_type_id>/sequence-subscriptions",
        SequenceSubscriptions,
        {"get": Says("Subscription", "List the sequences that the caller hears of", listed(ref("Id")))},
    ),
)
