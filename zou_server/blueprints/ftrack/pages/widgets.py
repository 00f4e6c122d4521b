"""ftrack's widgets: what something is, one's own tasks, the tasks of a project, as pages for a short while.

Whoever has the address sees what the person saw who asked for it, with the rights of the moment.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask import Response, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from zou_server.blueprints.ftrack.attributes import TYPE_KEY
from zou_server.blueprints.ftrack.pages.page import page
from zou_server.blueprints.ftrack.projection import tree_of
from zou_server.blueprints.ftrack.queries.expression import Compare, Literal, Select, path_of
from zou_server.blueprints.ftrack.queries.parser import parse
from zou_server.blueprints.ftrack.reading import Reading
from zou_server.models.errors import Invalid, NotFound, Unauthenticated
from zou_server.services.people.act_for import actor_of

if TYPE_CHECKING:
    from zou_server.models.actor import Actor
    from zou_server.services.studio import Studio

CLIENT = "ftrack"
SECONDS = 6 * 60
MOST = 500
NAMES = ("info", "tasks", "tasks_browser")
THEMES = ("light", "dark")
OF = ("Context", "AssetVersion")
"""The types whose rows a widget is about."""

Row = Mapping[str, Any]


class Widgets:
    """Gives the addresses of widgets, and answers at them."""

    def __init__(self, studio: Studio, secret: str) -> None:
        self._studio = studio
        self._tokens = URLSafeTimedSerializer(secret, salt="ftrack widgets")

    def address(self, actor: Actor, name: str, theme: str, id_: str | None) -> str:
        """The address of a widget for an actor, about a row or about nothing in particular."""
        if name not in NAMES:
            raise Invalid(f"There is no widget '{name[:80]}': there are {', '.join(NAMES)}.")
        if name == "info" and id_ is None:
            raise Invalid("The widget info is about something: entity_type and entity_key are missing.")
        if id_ is not None:
            _about(Reading(self._studio.read(actor), self._studio.now()), id_)
        shown = theme if theme in THEMES else "dark"
        token = self._tokens.dumps([str(actor.person_id), name, shown, id_])
        return f"{request.url_root.rstrip('/')}/widget/{token}"

    def show(self, token: str) -> Response:
        """The page at such an address."""
        try:
            person, name, theme, id_ = self._tokens.loads(token, max_age=SECONDS)
        except (BadSignature, ValueError):
            raise Unauthenticated("This address is not valid any more: ask for another widget.") from None
        actor = actor_of(self._studio.reads, uuid.UUID(person), client=CLIENT)
        reading = Reading(self._studio.read(actor), self._studio.now())
        about = None if id_ is None else _about(reading, id_)
        if name == "info" and about is not None:
            return _info(reading, theme, about)
        return _tasks(reading, theme, about, actor if name == "tasks" else None)


def _about(reading: Reading, id_: str) -> Row:
    """The row that a widget is about."""
    for name in OF:
        select = Select(name, where=Compare(path_of("id"), "=", Literal(id_)))
        found = reading.rows(select, _SHOWN[name])
        if found:
            return found[0]
    raise NotFound(f"There is nothing with the id {id_[:80]} to show.")


def _paths(text: str) -> Any:
    return tree_of([path_of(each) for each in text.split()])


_PEOPLE = "assignments.resource.first_name assignments.resource.last_name"
_SHOWN = {
    "Context": _paths(f"id link name status description start_date end_date bid {_PEOPLE}"),
    "AssetVersion": _paths("id link comment date status.name status.color user.first_name user.last_name"),
}
_STANDING = _paths("status.name status.color type.name priority.name time_logged")
_NOTE = _paths("content date author.first_name author.last_name")
_TASK = _paths(f"id name link status.name status.color type.name end_date {_PEOPLE}")

_LABELS = {
    "description": "Description",
    "comment": "Comment",
    "date": "Published",
    "start_date": "Start",
    "end_date": "Due",
}


def _info(reading: Reading, theme: str, about: Row) -> Response:
    kind = about[TYPE_KEY]
    facts: list[tuple[str, str, str]] = [("Kind", kind, "")]
    more: Row = about
    if kind not in ("Project", "AssetVersion"):
        select = Select("TypedContext", where=Compare(path_of("id"), "=", Literal(about["id"])))
        more = {**about, **next(iter(reading.rows(select, _STANDING)), {})}
    facts += _standing(more)
    facts += [(label, _text(more.get(name)), "") for name, label in _LABELS.items() if more.get(name)]
    if people := _people(more) or _person(more.get("user")):
        facts.append(("Assigned" if more.get("assignments") else "By", people, ""))
    notes = reading.rows(
        parse(f'Note where parent_id is "{about["id"]}" order by date descending limit 50'), _NOTE
    )
    shown = [
        {"content": note["content"], "date": _text(note["date"]), "who": _person(note["author"])}
        for note in notes
    ]
    title, path = _title(about)
    return page("info.html", theme=theme, title=title, path=path, facts=facts, notes=shown)


def _standing(row: Row) -> list[tuple[str, str, str]]:
    """Type, status and priority, where a row has them; a project's status is a word."""
    found = []
    for name in ("type", "status", "priority"):
        value = row.get(name)
        if isinstance(value, Mapping):
            found.append((name.capitalize(), value.get("name") or "", value.get("color") or ""))
        elif value:
            found.append((name.capitalize(), str(value), ""))
    return found


def _tasks(reading: Reading, theme: str, about: Row | None, actor: Actor | None) -> Response:
    """The open tasks of the actor, or all of those below something."""
    terms = [f'assignments any (resource.id is "{actor.person_id}")'] if actor is not None else []
    if about is not None:
        id_ = about["id"]
        below = " or ".join(f'{way} is "{id_}"' for way in ("id", "parent_id", "parent.parent_id"))
        terms.append(f'project_id is "{id_}"' if about[TYPE_KEY] == "Project" else f"({below})")
    if actor is not None:
        terms.append('status.state.short is_not "DONE"')
    where = f"where {' and '.join(terms)}" if terms else ""
    found = reading.rows(parse(f"Task {where} order by end_date, name limit {MOST}"), _TASK)
    title = "My tasks" if actor is not None else "Tasks"
    path = "" if about is None else " / ".join(filter(None, reversed(_title(about))))
    return page("tasks.html", theme=theme, title=title, path=path, tasks=[_task(row) for row in found])


def _task(row: Row) -> dict[str, str]:
    status, type_ = row["status"] or {}, row["type"] or {}
    return {
        "name": row["name"],
        "path": " / ".join(each["name"] for each in row["link"][:-1]),
        "type": type_.get("name") or "",
        "status": status.get("name") or "",
        "color": status.get("color") or "#888",
        "due": _text(row["end_date"])[:10],
        "who": _people(row),
    }


def _title(row: Row) -> tuple[str, str]:
    """The name of a row, and the names above it."""
    names = [each["name"] for each in row["link"]]
    return (names[-1] if names else row.get("name") or ""), " / ".join(names[:-1])


def _people(row: Row) -> str:
    appointed: Sequence[Row] = row.get("assignments") or ()
    return ", ".join(filter(None, (_person(each.get("resource")) for each in appointed)))


def _person(row: Row | None) -> str:
    found = row or {}
    return f"{found.get('first_name') or ''} {found.get('last_name') or ''}".strip()


def _text(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, Mapping):
        return str(value.get("value") or "").replace("T", " ")[:16]
    return "" if value is None else str(value)
