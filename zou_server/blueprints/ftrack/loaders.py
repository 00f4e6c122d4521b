"""What is put together after rows are read: links, ancestors and descendants in the tree of contexts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from zou_server.blueprints.ftrack.custom.configurations import CONFIG_LOADER, config_of
from zou_server.blueprints.ftrack.custom.values import load_values
from zou_server.blueprints.ftrack.people.security_roles import ROLES_LOADER, named_roles
from zou_server.blueprints.ftrack.projection import Refill, Tree, tree, with_names

Object = dict[str, Any]
By = Callable[[str, str, Iterable[str], Tree], list[Object]]
"""(type, attribute, values, wanted) -> the rows of the type whose attribute is one of the values."""

DEEPEST = 64
"""Levels of a tree; deeper ones cannot be made."""


def _link(by: By, objects: list[Object], refill: Refill) -> None:
    """From the project down to the row itself: `[{"type", "id", "name"}, ...]`."""
    ids = {row["id"]: _way(row) for row in objects}
    names = {
        row["id"]: row for row in by("Context", "id", (i for way in ids.values() for i in way), tree("name"))
    }
    for row in objects:
        row[refill.key] = [_element(names[id_]) for id_ in ids[row["id"]] if id_ in names]


def _way(row: Object) -> list[str]:
    project = [row["~project"]] if row["~project"] else []
    return list(dict.fromkeys([*project, *(row.get("~path") or []), row["id"]]))


def _element(row: Object) -> Object:
    type_ = "Project" if row["__entity_type__"] == "Project" else "TypedContext"
    return {"type": type_, "id": row["id"], "name": row["name"]}


def _ancestors(by: By, objects: list[Object], refill: Refill) -> None:
    """The entities above, from the top down."""
    ways = {row["id"]: [id_ for id_ in row["~path"] or [] if id_ != row["id"]] for row in objects}
    wanted = (id_ for way in ways.values() for id_ in way)
    found = {row["id"]: row for row in by("TypedContext", "id", wanted, refill.tree)}
    for row in objects:
        row[refill.key] = [found[id_] for id_ in ways[row["id"]] if id_ in found]


def _descendants(by: By, objects: list[Object], refill: Refill) -> None:
    """Everything below, level by level."""
    wanted = with_names(refill.tree, "parent_id")
    roots = {row["id"]: [row["id"]] for row in objects}
    below: dict[str, list[Object]] = {row["id"]: [] for row in objects}
    level = list(roots)
    for _ in range(DEEPEST):
        found = by("TypedContext", "parent_id", level, wanted)
        for row in found:
            roots[row["id"]] = [*roots.get(row["id"], []), *roots[row["parent_id"]]]
            for root in roots[row["parent_id"]]:
                below[root].append(row)
        level = [row["id"] for row in found]
        if not level:
            break
    for row in objects:
        row[refill.key] = below[row["id"]]


def _version_link(by: By, objects: list[Object], refill: Refill) -> None:
    """From the project down to the version: its asset is no element, its name is in that of the version."""
    above = by("Context", "id", (row["~object"] for row in objects if row["~object"]), tree("link"))
    links = {row["id"]: row["link"] for row in above}
    for row in objects:
        name = f"{row['~asset'] or ''} v{row['~revision'] or 0:03}".strip()
        own = {"type": "AssetVersion", "id": row["id"], "name": name}
        row[refill.key] = [*links.get(row["~object"], []), own]


def _latest_version(by: By, objects: list[Object], refill: Refill) -> None:
    """The version of an asset with the highest number."""
    wanted = with_names(refill.tree, "asset_id", "is_latest_version")
    found = by("AssetVersion", "asset_id", (row["id"] for row in objects), wanted)
    latest = {row["asset_id"]: row for row in found if row["is_latest_version"]}
    for row in objects:
        row[refill.key] = latest.get(row["id"])


def _first_label(by: By, objects: list[Object], refill: Refill) -> None:
    """The category of a note is its first label."""
    links = by("NoteLabelLink", "note_id", (row["id"] for row in objects), tree("label_id"))
    first: dict[str, str] = {}
    for link in links:
        first.setdefault(link["note_id"], link["label_id"])
    found = {row["id"]: row for row in by("NoteLabel", "id", first.values(), refill.tree)}
    for row in objects:
        label = found.get(first.get(row["id"], ""))
        row[refill.key] = None if label is None else {**label, "__entity_type__": "NoteCategory"}


def _security_roles(_by: By, objects: list[Object], refill: Refill) -> None:
    """The roles that a custom attribute names."""
    attribute: Any = refill.attribute
    for row in objects:
        row[refill.key] = named_roles(row.get(f"~{attribute.write}"))


def _config(_by: By, objects: list[Object], refill: Refill) -> None:
    """What a configuration says besides its type, as JSON."""
    for row in objects:
        row[refill.key] = config_of(row["~config"], row["~data_type"], row["~choices"])


LOADERS: Mapping[str, Callable[[By, list[Object], Refill], None]] = {
    "link": _link,
    ROLES_LOADER: _security_roles,
    CONFIG_LOADER: _config,
    "custom_attributes": load_values,
    "version_link": _version_link,
    "latest_version": _latest_version,
    "first_label": _first_label,
    "ancestors": _ancestors,
    "descendants": _descendants,
}
"""Loader of a `Loaded` attribute by name; each fills `refill.key` of all the objects at once."""
