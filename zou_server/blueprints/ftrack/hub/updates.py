"""`ftrack.update`: what a commit changed, in ftrack's words, whichever client made it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from zou_server.blueprints.ftrack.attributes import PARENT, Reference, Value
from zou_server.blueprints.ftrack.constants import OBJECT_TYPES
from zou_server.blueprints.ftrack.projection import tree
from zou_server.blueprints.ftrack.reading import Reading
from zou_server.blueprints.ftrack.schemas import old_name
from zou_server.blueprints.ftrack.vocabulary import Member, WireType, kind_names, types
from zou_server.blueprints.ftrack.writing import PARENT_COLUMNS
from zou_server.models.conditions import Output, Projection, Query
from zou_server.models.event import BACK
from zou_server.models.registry import facet

LOGGED = ("number", "action", "kind", "object_id", "project_id", "attribute", "old", "new", "actor_id")
TOPIC = "ftrack.update"
_ACTIONS: Mapping[str, str] = {"create": "add", "update": "update", "delete": "remove", "revive": "add"}
_OLD_TYPES: Mapping[str, str] = {
    "Project": "show",
    "TypedContextLink": "dependency",
    "AssetVersionLink": "dependency",
    "AssetVersionList": "list",
    "TypedContextList": "list",
    "UserSecurityRoleProject": "userroleproject",
    "Appointment": "appointment",
    **dict.fromkeys(("FileComponent", "SequenceComponent", "ContainerComponent"), "component"),
    **dict.fromkeys(OBJECT_TYPES, "task"),
}
"""Type -> what events call it; the others are their names in lower case."""

Row = Mapping[str, Any]


def log_query() -> Query:
    """The log as events are made of it."""
    outputs = (
        *(Output(name, name) for name in LOGGED),
        Output("at", "created_at"),
        Output("by", "actor.login"),
    )
    return Query(facet("EventLog"), Projection(outputs))


def old_type(name: str) -> str:
    """The name of a type in events: `task` for everything in the tree but projects."""
    return _OLD_TYPES.get(name, name.lower())


@cache
def _members() -> Mapping[str, Member]:
    """Kind -> the member as which ftrack knows it."""
    found: dict[str, Member] = {}
    for wire in types().values():
        if isinstance(wire, WireType) and not wire.is_base:
            for member in wire.members:
                found.setdefault(member.facet.kind or "", member)
    return {kind: found[kind] for kind in kind_names() if kind in found}


@cache
def _keys_of(kind: str) -> Mapping[str, str]:
    """Our attribute -> ftrack's old name for it, of the rows of a kind."""
    member = _members()[kind]
    found: dict[str, str] = {}
    for name, attribute in member.attributes.items():
        if name.startswith("~"):
            continue  # clients never see it
        if isinstance(attribute, Value):
            ours = attribute.write or attribute.path
            if ours == PARENT:
                ours = PARENT_COLUMNS[member.facet.model.__name__]
            found.setdefault(ours, old_name(member.name, name))
        elif isinstance(attribute, Reference) and attribute.write and attribute.write not in found:
            found.setdefault(attribute.write, old_name(member.name, f"{name}_id"))
    found.pop("id", None)
    return found


def updates(rows: Sequence[Row], reading: Reading) -> Iterator[dict[str, Any]]:
    """The data of one event for each commit in a page of the log, for what ftrack knows of it."""
    known = [row for row in rows if row["kind"] in _members() and row["action"] in _ACTIONS]
    known = [row for row in known if not str(row["attribute"] or "").startswith(BACK)]
    ways = _ways(known, reading)
    for (_, actor, username), commit in groupby(
        known, lambda row: (str(row["at"]), row["actor_id"], row["by"])
    ):
        entities = [entity for entity in _entities(list(commit), ways) if entity is not None]
        if entities:
            parents = dict.fromkeys(each["entityId"] for entity in entities for each in entity["parents"])
            yield {
                "entities": entities,
                "parents": list(parents),
                "pushToken": None,
                "clientToken": None,
                "user": {"userid": _id(actor), "name": username},
            }


def _id(value: Any) -> Any:
    return value.get("id") if isinstance(value, Mapping) else value


def _entities(commit: Sequence[Row], ways: Mapping[str, list[Row]]) -> Iterator[dict[str, Any] | None]:
    by_object: dict[str, list[Row]] = {}
    for row in commit:
        by_object.setdefault(str(_id(row["object_id"])), []).append(row)
    for id_, found in by_object.items():
        yield _entity(id_, found, ways)


def _entity(id_: str, rows: Sequence[Row], ways: Mapping[str, list[Row]]) -> dict[str, Any] | None:
    kind, action = rows[0]["kind"], _ACTIONS[rows[0]["action"]]
    member, keys = _members()[kind], _keys_of(kind)
    changes = {
        keys[row["attribute"]]: {"old": row["old"], "new": row["new"]}
        for row in rows
        if row["attribute"] in keys
    }
    if action == "update" and not changes:
        return None
    project = _id(rows[0]["project_id"])
    parents = ways.get(id_) or _short_way(id_, member.name, project)
    object_type = OBJECT_TYPES.get(member.name)
    return {
        "entity_type": member.name,
        "entityType": old_type(member.name),
        "entityId": id_,
        "action": action,
        "keys": sorted(changes),
        "changes": changes or None,
        "parentId": parents[0]["parentId"],
        "parents": parents,
        **({"objectTypeId": object_type["id"]} if object_type else {}),
    }


def _step(id_: str, name: str, parent: str | None) -> dict[str, Any]:
    return {"entityId": id_, "entityType": old_type(name), "entity_type": name, "parentId": parent}


def _short_way(id_: str, name: str, project: str | None) -> list[Row]:
    """The row and its project: the way of what is in no tree, or no longer."""
    if project is None or project == id_:
        return [_step(id_, name, None)]
    return [_step(id_, name, project), _step(project, "Project", None)]


def _ways(rows: Iterable[Row], reading: Reading) -> Mapping[str, list[Row]]:
    """From each row in the tree up to its project, by one query for all of them and one for their names."""
    contexts = {
        str(_id(row["object_id"])) for row in rows if _OLD_TYPES.get(_members()[row["kind"]].name) == "task"
    }
    found = reading.by("TypedContext", "id", contexts, tree("link"))
    ids = {each["id"] for row in found for each in row["link"]}
    names = {row["id"]: row["__entity_type__"] for row in reading.by("Context", "id", ids, ())}
    return {row["id"]: _way(row["link"], names) for row in found}


def _way(link: Sequence[Row], names: Mapping[str, str]) -> list[Row]:
    upwards = [each["id"] for each in reversed(link)]
    return [
        _step(id_, names.get(id_, "TypedContext"), upwards[place + 1] if place + 1 < len(upwards) else None)
        for place, id_ in enumerate(upwards)
    ]
