"""The tables of all modules: name of the module -> name of the function -> how it is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.clients.zou.gazu_sweep import (
    calls_asset,
    calls_casting,
    calls_client,
    calls_comments,
    calls_entity,
    calls_files,
    calls_person,
    calls_previews,
    calls_project,
    calls_shot,
    calls_task,
    calls_user,
)
from tests.clients.zou.gazu_sweep.stage import Stage

TABLES: Mapping[str, Mapping[str, Callable[[Stage], bool]]] = {
    "asset": calls_asset.CALLS,
    "shot": calls_shot.CALLS,
    "entity": calls_entity.CALLS,
    "casting": calls_casting.CALLS,
    "project": calls_project.CALLS,
    "person": calls_person.CALLS,
    "task": {**calls_task.CALLS, **calls_comments.CALLS, **calls_previews.CALLS},
    "files": calls_files.CALLS,
    "user": calls_user.CALLS,
    "client": calls_client.CALLS,
}
