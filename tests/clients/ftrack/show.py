"""A show to read and write with ftrack_api."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zou_server.blueprints.ftrack.custom.values import ANY_VALUE, VALUE_TYPES


@dataclass(frozen=True)
class Show:
    """A project with one sequence, three shots and a task under the first of them."""

    project: str
    name: str
    sequence: str
    shots: tuple[str, ...]
    task: str

    def asked_for(self, type_: str) -> str:
        """A type as a query on its rows names it: custom attributes' values are asked for by their rows."""
        if type_ not in (ANY_VALUE, *VALUE_TYPES):
            return type_
        ids = ", ".join((self.project, self.task, *self.shots))
        return f"{type_} where entity_id in ({ids})"


def names(found: Any) -> list[str]:
    return [each["name"] for each in found]
