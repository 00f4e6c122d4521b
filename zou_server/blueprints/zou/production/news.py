"""The news of productions: every comment on a task, newest first, as Kitsu's news page reads them.

A piece of news *is* the comment it tells of (it has its id), so that it comes, changes and goes with it.
Comments on concepts are no news (docs/protocols/zou.md 17, News).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import orjson
from flask import Response, request

from zou_server.blueprints.zou.describe_api.describe_rows import rows_called
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import below_owners
from zou_server.blueprints.zou.parameters import MAX_LIMIT, boolean, checked_id, positive
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.description import Schema, listed, parameter, ref, thing
from zou_server.models.conditions import (
    All,
    Condition,
    Form,
    Op,
    Order,
    Output,
    Projection,
    Query,
    Tally,
    Where,
)
from zou_server.models.errors import Invalid, NotFound
from zou_server.models.project import in_open_projects
from zou_server.models.registry import facet
from zou_server.services.read.reader import rows_of
from zou_server.web import current_actor, json_text

PAGE = 50
"""News in a page (seen)."""

_TASK = "object[Task]"
_ENTITY = f"{_TASK}.entity[Entity]"


def _newest_take(key: str, attribute: str) -> Output:
    return Output(key, "previews", Form.NEWEST, Projection((Output(key, attribute),)), "value")


_PERSON = Projection(
    tuple(Output(n, n) for n in ("id", "first_name", "last_name", "full_name", "has_avatar", "role"))
)
NEWS = Projection(
    (
        Output("id", "id"),
        Output("type", "News", Form.LITERAL),
        Output("author_id", "person_id"),
        Output("comment_id", "id"),
        Output("task_id", "object_id"),
        Output("task_type_id", f"{_TASK}.task_type_id"),
        Output("task_status_id", "sets_status_id"),
        Output("task_entity_id", f"{_TASK}.entity_id"),
        _newest_take("preview_file_id", "id"),
        _newest_take("preview_file_extension", "extension"),
        _newest_take("preview_file_revision", "revision"),
        Output("project_id", "project_id"),
        Output("project_name", "project.name"),
        Output("created_at", "created_at"),
        Output("change", "changes_status"),
        Output("full_entity_name", f"{_ENTITY}.full_entity_name"),
        Output("episode_id", f"{_ENTITY}.episode_id"),
        Output("entity_preview_file_id", f"{_ENTITY}.preview_file_id"),
        Output("person", "person", Form.OBJECT, _PERSON),
    )
)

IS_NEWS = Where("changes_status", Op.NOT_NULL)
"""What is no comment on a task has none, nor have comments on concepts."""
_NEWEST_FIRST = (Order("created_at", descending=True),)
_STATUS = Projection((Output("task_status_id", "sets_status_id"),))

Filter = Callable[[str, str], Condition | None]


def _equal(path: str) -> Filter:
    return lambda value, name: Where(path, Op.EQ, value)


def _only_previews(value: str, name: str) -> Condition | None:
    return Where("previews", Op.NOT_NULL) if boolean(value, name) else None


FILTERS: Mapping[str, Filter] = {
    # query parameter of Kitsu's news page -> condition
    "task_type_id": _equal(f"{_TASK}.task_type_id"),
    "task_status_id": _equal("sets_status_id"),
    "author_id": _equal("person_id"),
    "person_id": _equal("person_id"),
    "project_id": _equal("project_id"),
    "episode_id": _equal(f"{_ENTITY}.episode_id"),
    "only_preview": _only_previews,
    "after": lambda value, name: Where("created_at", Op.GT, value),
    "before": lambda value, name: Where("created_at", Op.LT, value),
}
PAGING = frozenset({"page", "limit", "page_size", "cursor", "no_cache"})
"""`page_size` is what Kitsu calls the limit."""


def _asked() -> list[Condition]:
    if unknown := sorted(request.args.keys() - FILTERS.keys() - PAGING):
        raise Invalid(fields={name: ["unknown filter"] for name in unknown})
    found = (FILTERS[name](value, name) for name, value in request.args.items() if name in FILTERS)
    return [condition for condition in found if condition is not None]


@dataclass(frozen=True, slots=True)
class NewsOptions:
    """What a path of news names, and which comments are its news."""

    owners: tuple[tuple[str, str], ...]
    place: Callable[[dict[str, str]], Condition]


class News(NamedResource[NewsOptions]):
    """A page of news: of a project, of an entity, or of all open projects."""

    def get(self, **ids: str) -> Response:
        """The page, how many there are, and how many changes to each status."""
        owners, place = self.options.owners, self.options.place
        checked = {name: checked_id(value) for name, value in ids.items()}
        terms = (place(checked), IS_NEWS, *_asked())
        page = positive(request.args.get("page", "1"), "page")
        limit = min(
            positive(request.args.get("limit", request.args.get("page_size", str(PAGE))), "limit"), MAX_LIMIT
        )
        offset = (page - 1) * limit
        reader = self.studio.read(current_actor())
        changes = Query(facet("Note"), _STATUS, All((*terms, Where("changes_status", Op.EQ, value=True))))
        (counts,) = below_owners(reader, owners, checked, Tally(changes, _STATUS))
        query = Query(facet("Note"), NEWS, All(terms), _NEWEST_FIRST, limit, offset or None)
        found = reader.counted_page(query, ZOU)
        stats = orjson.dumps({row["task_status_id"]: row["amount"] for row in rows_of(counts)}).decode()
        pages = -(-(found.total or 0) // limit)
        return json_text(
            f'{{"data":[{found.text}],"total":{found.total},"nb_pages":{pages},"limit":{limit},'
            f'"offset":{offset},"page":{page},"stats":{stats}}}'
        )


class OneNews(NamedResource):
    """`/data/projects/<project_id>/news/<news_id>`."""

    def get(self, project_id: str, news_id: str) -> Response:
        """One piece of news."""
        place = Where("project_id", Op.EQ, checked_id(project_id))
        terms = (place, IS_NEWS, Where("id", Op.EQ, checked_id(news_id)))
        text = self.studio.read(current_actor()).one(Query(facet("Note"), NEWS, All(terms)), ZOU)
        if text is None:
            raise NotFound(f"News {news_id} not found.")
        return json_text(text)


_SHOWN = rows_called("News", "Note", NEWS)
_COUNT: Schema = {"type": "integer"}
_PAGE = thing(
    {
        "data": listed(_SHOWN),
        **dict.fromkeys(("total", "nb_pages", "limit", "offset", "page"), _COUNT),
        "stats": {"type": "object", "additionalProperties": _COUNT},
    },
    ("data", "total", "nb_pages", "stats"),
)
_PARAMETERS = (
    ref("list.page", "parameters"),
    ref("list.limit", "parameters"),
    *(parameter(name, "query", {"type": "string"}, f"Only by this {name}.") for name in FILTERS),
)


def _page(
    path: str, summary: str, owners: tuple[tuple[str, str], ...], place: Callable[..., Condition]
) -> Named[NewsOptions]:
    says = Says(
        "Note",
        summary,
        _PAGE,
        parameters=_PARAMETERS,
        refused=(404,) if owners else (),
        text="The newest first; `stats` counts the changes to each status.",
    )
    return Named(path, News, {"get": says}, NewsOptions(owners, place))


ROUTES = (
    _page(
        "/data/projects/<project_id>/news",
        "Read the news of a project",
        (("project_id", "Project"),),
        lambda ids: Where("project_id", Op.EQ, ids["project_id"]),
    ),
    _page(
        "/data/entities/<entity_id>/news",
        "Read the news of an entity",
        (("entity_id", "Entity"),),
        lambda ids: Where(f"{_TASK}.entity_id", Op.EQ, ids["entity_id"]),
    ),
    _page("/data/projects/news", "Read the news of all open projects", (), lambda _ids: in_open_projects()),
    Named(
        "/data/projects/<project_id>/news/<news_id>",
        OneNews,
        {"get": Says("Note", "Read one piece of news", _SHOWN)},
    ),
)
