"""Named actions: what happens to a production in its own words, one file per verb.

An action gets (pipeline, the row it is about, its values) inside the running list of operations, so
it is one transaction with whatever else is in the list. It checks its own rights: they depend on
more than the kind of row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from zou_server.services.actions.comment_task import comment_task

if TYPE_CHECKING:
    from zou_server.models.base import Row
    from zou_server.services.operations import Result
    from zou_server.services.pipeline import Pipeline

Action = Callable[["Pipeline", "Row", Mapping[str, Any]], "Result"]

ACTIONS: Mapping[str, Action] = {"comment": comment_task}
