"""One OpenAPI document out of what the dialects say of themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from zou_server import __version__
from zou_server.description import Description, Schema

OPENAPI_VERSION = "3.1.0"
ALIAS = "x-alias-of"
"""Marks an operation that is another one under a second path, and says which."""

TEXT = """\
One production, in the words of four clients: gazu and Kitsu (Zou), shotgun_api3 (Shotgun), ftrack_api
(ftrack) and ActiveResource (ShotRunner). All of them read and write the same rows.

Schemas of bodies take every spelling that the server reads, so a whole number may also come as text;
schemas of answers are exact. A key marked read-only may be sent back, and is ignored.
"""

_SEPARATORS = re.compile(r"[^A-Za-z0-9_]+")


def assemble(descriptions: Iterable[Description], *, aliases: bool = True) -> dict[str, Any]:
    """Return the document; without `aliases` every route is in it once, under its own path.

    Raises RuntimeError when two dialects describe the same path or component.
    """
    tags: list[Schema] = []
    paths: dict[str, Schema] = {}
    components: dict[str, dict[str, Schema]] = {}
    for each in descriptions:
        tags += [{"name": name, "description": text} for name, text in each.tags.items()]
        for section, more in each.components.items():
            _add(components.setdefault(section, {}), more.items())
        _add(paths, _paths(each, aliases=aliases))
    return {
        "openapi": OPENAPI_VERSION,
        "info": {"title": "zou-server", "version": __version__, "description": TEXT},
        "tags": tags,
        "paths": paths,
        "components": components,
    }


def _add(found: dict[str, Schema], more: Iterable[tuple[str, Schema]]) -> None:
    for name, described in more:
        if name in found:
            message = f"{name} is described twice"
            raise RuntimeError(message)
        found[name] = described


def _paths(description: Description, *, aliases: bool) -> Iterator[tuple[str, dict[str, Schema]]]:
    for path, operations in description.paths.items():
        yield path, _named(path, operations, {})
    for alias, path in description.aliases.items() if aliases else ():
        yield alias, _named(alias, description.paths[path], {ALIAS: path})


def _named(path: str, operations: Mapping[str, Schema], more: Schema) -> dict[str, Schema]:
    """The operations with an id each."""
    slug = _SEPARATORS.sub("-", path).strip("-") or "root"
    return {
        method: {"operationId": f"{method}-{slug}", **each, **more} for method, each in operations.items()
    }
