"""Addresses that open without headers for a day: `thumbnail_url` of what has a picture, `url` of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from zou_server.blueprints.ftrack.pictured import Address, load_pictures
from zou_server.blueprints.ftrack.projection import Tree, tree
from zou_server.services.files.component_bytes import LOCATION

Object = dict[str, Any]
By = Callable[[str, str, Iterable[str], Tree], list[Object]]


def _load_files(by: By, address: Address, objects: list[Object], key: str) -> None:
    """Put the address of its file into every row; null where this server does not hold it."""
    elsewhere = [row["~file"] for row in objects if "~place" not in row]
    places = by("ComponentLocation", "component_id", elsewhere, tree("component_id", "location_id"))
    here = {each["component_id"] for each in places if _is_here(each["location_id"])}
    for row in objects:
        is_here = _is_here(row["~place"]) if "~place" in row else row["~file"] in here
        row[key] = {"url": address("Component", row["~file"])} if is_here else None


def _is_here(location: str | None) -> bool:
    return location == str(LOCATION)


ADDRESSED: Mapping[str, Callable[[By, Address, list[Object], str], None]] = {
    "thumbnail_url": lambda _by, address, objects, key: load_pictures(address, objects, key),
    "url": _load_files,
}
"""Loader of an address by name; each fills the key of all the objects at once."""
