"""The file trees that come with the server: `config/file_trees/*.json`, each under its file's name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import orjson

from zou_server.packaged import packaged_dir
from zou_server.services.file_trees.descriptor import BadFileTree, BadPath, parse_tree

DEFAULT = "default"
"""The tree of projects that have none of their own. Its paths never change: files stand under them."""


@cache
def shipped_trees() -> Mapping[str, Mapping[str, Any]]:
    """Every descriptor by name; BadFileTree names the file, mode and variable that is wrong.

    They are part of the installation, so they are read once.
    """
    found = {}
    for path in sorted((packaged_dir("config") / "file_trees").glob("*.json")):
        try:
            descriptor = orjson.loads(path.read_bytes())
        except orjson.JSONDecodeError as error:
            raise BadFileTree(f"{path.name} is not JSON: {error}.") from None
        parse_tree(descriptor, path.name)
        found[path.stem] = descriptor
    return found


def shipped_tree(name: object) -> Mapping[str, Any]:
    """The descriptor of that name; BadPath when there is none."""
    trees = shipped_trees()
    if not isinstance(name, str) or name not in trees:
        raise BadPath(f"There is no file tree '{name}' (known: {', '.join(trees)}).")
    return trees[name]
