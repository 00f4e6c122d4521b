"""A show to read and write with ftrack_api."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Show:
    """A project with one sequence, three shots and a task under the first of them."""

    project: str
    name: str
    sequence: str
    shots: tuple[str, ...]
    task: str


def names(found: Any) -> list[str]:
    return [each["name"] for each in found]
