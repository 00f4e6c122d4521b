"""How much a big studio holds, by the number of its tasks."""

from __future__ import annotations

from dataclasses import dataclass

SHOT_STEPS, ASSET_STEPS = 8, 4


@dataclass(frozen=True)
class Size:
    """A studio: one project is large, the rest of the tasks is spread over the others."""

    tasks: int = 1_000_000
    projects: int = 40
    open_projects: int = 5
    people: int = 500
    notes: int = 3
    """Notes of each task."""
    first: int = 10
    """The largest project has one in so many of all tasks."""

    @property
    def shots_of_first(self) -> int:
        """Shots of the largest project."""
        return self._shots(self.tasks // self.first)

    @property
    def shots_of_others(self) -> int:
        """Shots of each other project."""
        return self._shots((self.tasks - self.tasks // self.first) // (self.projects - 1))

    def _shots(self, tasks: int) -> int:
        return max(10, round(tasks / (SHOT_STEPS + 0.3 * ASSET_STEPS)))
