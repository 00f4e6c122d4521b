"""The actions beside queries and changes that only read: addresses of files, search, sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.blueprints.ftrack.files.transfers import Transfers, component_id
from zou_server.blueprints.ftrack.ids import known_uuid
from zou_server.blueprints.ftrack.pages.review import ReviewPages
from zou_server.blueprints.ftrack.pages.widgets import Widgets
from zou_server.blueprints.ftrack.projection import tree
from zou_server.blueprints.ftrack.queries.expression import (
    Among,
    Both,
    Compare,
    Criteria,
    Literal,
    Select,
    path_of,
)
from zou_server.blueprints.ftrack.queries.parser import parse
from zou_server.blueprints.ftrack.reading import Reading
from zou_server.blueprints.ftrack.vocabulary import WireType, stored_type, types
from zou_server.models.errors import Invalid
from zou_server.models.policies import allowed

if TYPE_CHECKING:
    from zou_server.models.actor import Actor
    from zou_server.services.people.mails import Post
    from zou_server.services.studio import Studio

Action = Mapping[str, Any]
_FOUND = 100


@dataclass(frozen=True, slots=True)
class Tools:
    """The parts of the server that these actions need."""

    studio: Studio
    transfers: Transfers
    widgets: Widgets
    reviews: ReviewPages
    post: Post
    public_url: str


def _text(action: Action, name: str) -> str:
    found = action.get(name)
    if not isinstance(found, str) or not found:
        raise Invalid(f"{name} is missing.", {name: ["is missing"]})
    return found


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _generate_signed_url(tools: Tools, _reading: Reading, actor: Actor, action: Action) -> str:
    """An address where a component can be fetched for a day."""
    return _json({"signed_url": tools.transfers.download_url(actor, _text(action, "component_id"))})


def _search(_tools: Tools, reading: Reading, _actor: Actor, action: Action) -> str:
    """The rows of a type whose name has all the words, perhaps below something and of some types."""
    name = _text(action, "entity_type")
    terms = action.get("terms") or []
    if not isinstance(terms, list) or not all(isinstance(each, str) for each in terms):
        raise Invalid("terms is not a list of words.", {"terms": ["is not a list of words"]})
    expression = action.get("expression")
    asked = parse(expression) if isinstance(expression, str) and expression else Select(name)
    named = "username" if name == "User" else "full_name" if name == "Project" else "name"
    criteria: list[Criteria] = [asked.where]
    criteria += [Compare(path_of(named), "like", Literal(f"%{each}%")) for each in terms]
    if isinstance(action.get("context_id"), str) and stored_type(name).known("project_id"):
        criteria.append(Compare(path_of("project_id"), "=", Literal(action["context_id"])))
    kinds = action.get("object_type_ids")
    if isinstance(kinds, list) and kinds:
        criteria.append(Among(path_of("object_type_id"), tuple(Literal(str(each)) for each in kinds)))
    limit = asked.limit or _FOUND
    whole = Select(asked.type, asked.projections, Both(tuple(criteria)), asked.order, asked.offset, limit)
    found = reading.answer(whole)
    following = (asked.offset or 0) + limit if found.more else None
    metadata = _json({"next": {"offset": following}})
    return f'{{"action":"search","data":[{found.text}],"metadata":{metadata}}}'


def _get_widget_url(tools: Tools, _reading: Reading, actor: Actor, action: Action) -> str:
    """Where a widget can be seen for some minutes."""
    key = action.get("entity_key")
    (id_,) = key if isinstance(key, list) and len(key) == 1 else (key,)
    if id_ is not None and not isinstance(id_, str):
        raise Invalid("entity_key is not the key of one row.", {"entity_key": ["is not a key"]})
    address = tools.widgets.address(actor, _text(action, "name"), str(action.get("theme")), id_)
    return _json({"action": "get_widget_url", "widget_url": address})


def _permissions(_tools: Tools, _reading: Reading, actor: Actor, action: Action) -> str:
    """What the caller may make, change and delete of each type, in a project or in the studio."""
    asked = action.get("project_id")
    project = component_id(asked) if asked is not None else None
    found: dict[str, Any] = {}
    for name, wire in types().items():
        if isinstance(wire, WireType):
            policy = wire.members[0].created_as.policy
            role = actor.role_in(project)
            found[name] = {verb: allowed(actor, role, policy, verb, None) for verb in _VERBS}
    return _json({"action": "permissions", "data": found})


_VERBS = ("create", "update", "delete")


def _compute_rollups(_tools: Tools, reading: Reading, _actor: Actor, action: Action) -> str:
    """The planned and the logged seconds of all tasks below each of some contexts."""
    ids = action.get("context_ids") or []
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids) or len(ids) > _FOUND:
        raise Invalid(f"context_ids is not a list of at most {_FOUND} ids.", {"context_ids": ["is no list"]})
    known = [str(known_uuid(each, "context_ids")) for each in ids]
    wanted = ", ".join(f'"{each}"' for each in known)
    asked = f"Task where project_id in ({wanted}) or ancestors any (id in ({wanted}))"
    rows = reading.rows(parse(asked), tree("bid", "time_logged", "link")) if ids else []
    return _json({"action": "compute_rollups", "data": [_rolled_up(rows, each) for each in known]})


def _rolled_up(rows: list[dict[str, Any]], id_: str) -> dict[str, Any]:
    below = [row for row in rows if id_ in {each["id"] for each in row["link"][:-1]}]
    sums = {name: sum(row[name] or 0 for row in below) for name in ("bid", "time_logged")}
    return {"context_id": id_, "tasks": len(below), **sums}


TOOLS: Mapping[str, Callable[[Tools, Reading, Actor, Action], str]] = {
    "generate_signed_url": _generate_signed_url,
    "search": _search,
    "get_widget_url": _get_widget_url,
    "permissions": _permissions,
    "compute_rollups": _compute_rollups,
}
"""The actions by name."""
