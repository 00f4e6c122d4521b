"""Tasks that a rule changes beside the pipeline."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from zou_server.models.registry import facet
from zou_server.services.aftermath.loaded_rows import loaded_rows
from zou_server.services.write.change import Change

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def loaded_tasks(work: UnitOfWork, task_ids: Iterable[uuid.UUID]) -> AbstractContextManager[list[Change]]:
    """The live tasks among the ids, to be changed in the block; see `loaded_rows`."""
    return loaded_rows(work, facet("Task"), task_ids)
