"""Which functions gazu has, read from its source: what a user may call, and no helper of its own."""

from __future__ import annotations

import ast
import importlib
import inspect
from functools import cache

SWEPT = ("asset", "shot", "entity", "task", "project", "person", "files", "casting", "user", "client")
"""The modules of which every function must work."""

MODULES = (
    *SWEPT,
    "concept",
    "context",
    "edit",
    "playlist",
    "project_template",
    "scene",
    "search",
    "studio",
    "sync",
)
"""Every module of gazu that talks to a server."""


@cache
def public_functions(module: str) -> tuple[str, ...]:
    """The functions that a module defines for its users, in order."""
    source = inspect.getsource(importlib.import_module(f"gazu.{module}"))
    return tuple(
        node.name
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    )
