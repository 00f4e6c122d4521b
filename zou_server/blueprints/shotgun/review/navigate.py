"""The tree of a project for browsers: project, type, and what groups rows of that type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.rows import Row, answered, is_, rows_of

if TYPE_CHECKING:
    from zou_server.blueprints.shotgun.call import Call

TYPES = ("Asset", "Shot")
GROUPED = {"Shot": ("sg_sequence", "Sequence"), "Asset": ("sg_asset_type", "")}
MOST = 500


def _node(call: Call, label: str, kind: str, value: Any, path: str, *, children: bool) -> Row:
    field = call.request.get("seed_entity_field")
    seed = str(field).split(".")[0] if field else ""
    return {
        "label": label,
        "ref": {"kind": kind, "value": value},
        "parent_path": path.rpartition("/")[0] or "/",
        "path": path,
        "has_children": children,
        "target_entities": {
            "type": seed,
            "additional_filter_presets": [
                {"preset_name": "NAV_ENTRIES", "path": path, "seed": {"type": seed, "field": field}}
            ],
        },
    }


def nav_expand(call: Call) -> str:
    """A place of the tree with what is below it."""
    path = call.request.get("path")
    if not isinstance(path, str) or not path.startswith("/"):
        raise errors.missing("path", "string", call.request)
    parts = [each for each in path.split("/") if each]
    return answered({**_here(call, parts, path), "children": _children(call, parts)})


def _here(call: Call, parts: list[str], path: str) -> Row:
    if not parts:
        return _node(call, "Projects", "root", None, "/", children=True)
    if len(parts) == len(("Project", "id")):
        found = rows_of(call, "Project", [is_("id", _number(parts[1]))], ["name"])
        if not found:
            raise errors.not_found("Project", _number(parts[1]))
        value = {"type": "Project", "id": found[0]["id"]}
        return _node(call, found[0]["name"], "entity", value, path, children=True)
    return _node(call, f"{parts[-1]}s", "entity_type", parts[-1], path, children=True)


def _number(text: str) -> int:
    if not text.isdigit():
        raise errors.wrong_value("path", "expected an id", text)
    return int(text)


def _children(call: Call, parts: list[str]) -> list[Row]:
    if not parts:
        found = rows_of(call, "Project", [], ["name"], limit=MOST)
        return [
            _node(
                call,
                each["name"],
                "entity",
                {"type": "Project", "id": each["id"]},
                f"/Project/{each['id']}",
                children=True,
            )
            for each in found
        ]
    root = f"/Project/{_number(parts[1])}" if len(parts) > 1 else "/Project"
    if len(parts) == len(("Project", "id")):
        return [
            _node(call, f"{name}s", "entity_type", name, f"{root}/{name}", children=True) for name in TYPES
        ]
    return _members(call, parts, root)


def _members(call: Call, parts: list[str], root: str) -> list[Row]:
    """What groups the rows of a type, or the rows of a group."""
    project, name = {"type": "Project", "id": _number(parts[1])}, parts[2]
    if name not in GROUPED:
        raise errors.wrong_value("path", "leads nowhere", "/".join(parts))
    field, _ = GROUPED[name]
    conditions = [is_("project", project)]
    if len(parts) > len(("Project", "id", "type")):
        value: Any = parts[-1]
        conditions.append(is_(field, {"type": parts[4], "id": _number(value)} if name == "Shot" else value))
        rows = rows_of(call, name, conditions, ["code"], limit=MOST)
        above = "/".join(("", *parts))
        return [
            _node(
                call,
                each["code"],
                "entity",
                {"type": name, "id": each["id"]},
                f"{above}/id/{each['id']}",
                children=False,
            )
            for each in rows
        ]
    rows = rows_of(call, name, conditions, [field], limit=MOST)
    groups = {_label(each[field]): each[field] for each in rows if each[field]}
    return [
        _node(
            call,
            label,
            "entity" if name == "Shot" else "list",
            value,
            _group_path(root, name, field, value),
            children=True,
        )
        for label, value in sorted(groups.items())
    ]


def _label(value: Any) -> str:
    return str(value["name"] if isinstance(value, dict) else value)


def _group_path(root: str, name: str, field: str, value: Any) -> str:
    if isinstance(value, dict):
        return f"{root}/{name}/{field}/{value['type']}/{value['id']}"
    return f"{root}/{name}/{field}/{value}"


def nav_search(call: Call) -> str:
    """Rows by name, or one row, with the way that leads to them in the tree."""
    criteria = call.request.get("search_criteria")
    if not isinstance(criteria, dict):
        raise errors.missing("search_criteria", "hash", call.request)
    if isinstance(criteria.get("entity"), dict):
        wanted = criteria["entity"]
        return answered(_found(call, str(wanted.get("type")), [is_("id", wanted.get("id"))]))
    text = criteria.get("search_string")
    if not isinstance(text, str):
        raise errors.missing("search_string", "string", call.request)
    return answered([each for name in TYPES for each in _found(call, name, [is_("code", text, "contains")])])


def _found(call: Call, name: str, conditions: list[Row]) -> list[Row]:
    field = GROUPED.get(name, ("", ""))[0]
    rows = rows_of(
        call, name, conditions, ["code", "name", "project", *([field] if field else [])], limit=MOST
    )
    found = []
    for each in rows:
        project = each.get("project") or {"id": each["id"], "name": each.get("name")}
        root = f"/Project/{project['id']}"
        group = _group_path(root, name, field, each[field]) if field and each.get(field) else f"{root}/{name}"
        label = each.get("code") or each.get("name")
        found.append(
            {
                "label": label,
                "incremental_path": [root, f"{root}/{name}", group, f"{group}/id/{each['id']}"],
                "path_label": f"{name}s > {label}",
                "ref": {"type": name, "id": each["id"]},
                "project_id": project["id"],
            }
        )
    return found
