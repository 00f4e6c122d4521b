"""Which rows have a picture or a file, and `thumbnail_url`: the address of the picture of a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Object = dict[str, Any]
Address = Callable[[str, str], str]
"""(model, id) -> an address that opens."""

_IMAGE, _COMPONENT = {"~image": "data.image"}, {"~component": "thumbnail_id"}
_PREVIEW, _AVATAR = {"~preview": "preview_file_id"}, {"~avatar": "has_avatar"}
PICTURED: Mapping[str, Mapping[str, str]] = {
    "Entity": _IMAGE | _COMPONENT | _PREVIEW,
    "Task": _IMAGE | _COMPONENT | {"~preview": "last_preview_file_id"},
    "Project": _IMAGE | _COMPONENT | _AVATAR,
    "Person": _IMAGE | _COMPONENT | _AVATAR,
    "Version": _IMAGE | _COMPONENT | _PREVIEW,
}
"""Model -> hidden keys and the paths that fill them: a row with any of them has a picture."""

FILED: Mapping[str, Mapping[str, str]] = {
    "ComponentLocation": {"~file": "component_id", "~place": "location_id"},
    "NoteComponent": {"~file": "component_id"},
    "ClientJobComponent": {"~file": "component_id"},
}
"""Model -> hidden keys and the paths that fill them: the component, and where it is when the row says so."""

_KEYS = tuple(dict.fromkeys(key for needs in PICTURED.values() for key in needs))
_MODELS = {"Project": "Project", "Task": "Task", "User": "Person", "AssetVersion": "Version"}
"""Wire type -> model, for what is no entity."""


def load_pictures(address: Address, objects: Iterable[Object], key: str) -> None:
    """Put the address of its picture into every row; null where it has none."""
    for row in objects:
        model = _MODELS.get(row["__entity_type__"], "Entity")
        has_one = any(row.get(each) for each in _KEYS)
        row[key] = {"url": address(model, row["id"])} if has_one else None
