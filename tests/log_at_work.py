"""A studio at work, for what is asked of the log it leaves: its size, mostly."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from tests.studio import StudioKit
from zou_server.models.actor import Actor
from zou_server.models.registry import facet
from zou_server.services.write.operations import Act, Create

WORDS = (
    "The lantern is too bright in the second half, please bring it down by a stop.",
    "Looks good",
    "Please fix the arm at frame 1043, it pops; the rest of the performance is lovely now.",
    "New version with notes from the dailies",
    "Approved",
)
_SIZES = """
SELECT root.relname, sum(pg_total_relation_size(part.relid))::bigint
FROM pg_class root, LATERAL (
    SELECT relid FROM pg_partition_tree(root.oid) WHERE isleaf
    UNION SELECT root.oid WHERE root.relkind = 'r') part
WHERE root.relnamespace = 'public'::regnamespace AND root.relkind IN ('r', 'p') AND NOT root.relispartition
GROUP BY 1
"""


@dataclass(frozen=True)
class LogSize:
    """How many rows a log has, and how many bytes they and their change sets take with their indexes."""

    rows: int
    changes: int
    event_bytes: int
    change_bytes: int

    def less(self, other: LogSize) -> LogSize:
        """What came since another."""
        mine, theirs = vars(self).values(), vars(other).values()
        return LogSize(*(a - b for a, b in zip(mine, theirs, strict=True)))

    @property
    def of_a_row(self) -> float:
        """Bytes of a row of the log."""
        return self.event_bytes / self.rows

    def __str__(self) -> str:
        return (
            f"{self.of_a_row:.0f} bytes each, and {self.change_bytes / self.changes:.0f} "
            f"for each of {self.changes} change sets"
        )


def sizes(kit: StudioKit) -> dict[str, int]:
    """Bytes of every table with its indexes, those in partitions put together."""
    with kit.studio.reads.connect() as connection:
        found = connection.execute(sa.text(_SIZES))
        return {row.relname: int(row.sum) for row in found}


def size_of_log(kit: StudioKit) -> LogSize:
    """The size of the log as it is."""
    found = sizes(kit)
    with kit.studio.reads.connect() as connection:
        rows, changes = (
            int(connection.scalar(sa.text(f"SELECT count(*) FROM {name}")) or 0)
            for name in ("event", "change_set")
        )
    return LogSize(rows, changes, found["event"], found["change_set"])


class StudioAtWork:
    """A project with a manager, a supervisor and artists, who make its tasks, talk about and change them."""

    def __init__(self, kit: StudioKit) -> None:
        self.kit, self._count, self._words = kit, itertools.count(1), itertools.cycle(WORDS)
        self.project = kit.project()
        self.lead = kit.person("manager", {self.project: None})
        self.supervisor = kit.person("supervisor", {self.project: None})
        self.artists = [kit.person("user", {self.project: None}) for _ in range(5)]
        self.sequence = kit.create("Sequence", name="SQ010", project_id=self.project)
        self.steps = [uuid.UUID(row["id"]) for row in kit.rows("TaskType", "id", limit=4)]
        statuses = {row["code"]: uuid.UUID(row["id"]) for row in kit.rows("TaskStatus", "id", "code")}
        self._given = {
            "manager": itertools.cycle([statuses[code] for code in ("retake", "wip", "wfa")]),
            "supervisor": itertools.cycle([statuses[code] for code in ("retake", "wfa")]),
            "user": itertools.cycle([statuses[code] for code in ("wip", "wfa")]),
        }
        self.tasks: list[uuid.UUID] = []
        self._artist_of: dict[uuid.UUID, Actor] = {}

    def work(self) -> None:
        """Make ten shots with tasks for artists, let everybody talk about them, change some."""
        shots = self._make_shots(10)
        for shot, task in zip(shots, self.tasks[-10:], strict=True):
            self.kit.update("Shot", shot, self.lead, nb_frames=next(self._count), description="A new cut")
            self.kit.update("Task", task, self.lead, estimation=480, due_date="2030-04-05")
        self.comment(100)

    def comment(self, count: int) -> None:
        """So many comments, each with a status, on the newest tasks: most by the artists whose they are."""
        above = itertools.cycle([self.lead, None, None, self.supervisor, None, None, None])
        tasks = itertools.cycle(self.tasks[-40:])
        for other, task, text in itertools.islice(zip(above, tasks, self._words, strict=False), count):
            author = other or self._artist_of[task]
            said = {"text": text, "sets_status_id": next(self._given[author.role])}
            self.kit.execute(Act("comment", facet("Task"), task, said), actor=author)

    def _make_shots(self, count: int) -> list[uuid.UUID]:
        shots = []
        for _ in range(count):
            values = {
                "name": f"SH{next(self._count):04}",
                "parent_id": self.sequence,
                "project_id": self.project,
                "nb_frames": 96,
                "data": {"frame_in": 1001, "frame_out": 1096, "fps": "24"},
            }
            shots.append(self.kit.create("Shot", self.lead, **values))
        for shot, artist in zip(shots, itertools.cycle(self.artists), strict=False):
            made = [
                Create(
                    facet("Task"), {"entity_id": shot, "task_type_id": step, "assignees": [artist.person_id]}
                )
                for step in self.steps
            ]
            tasks = [each.id for each in self.kit.execute(*made, actor=self.lead)]
            self.tasks += tasks
            self._artist_of |= dict.fromkeys(tasks, artist)
        return shots
