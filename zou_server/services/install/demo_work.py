"""The work of the demo: people begin their tasks, show takes and answer each other."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from zou_server.models.actor import Actor
from zou_server.models.registry import facet
from zou_server.services.install import demo_production as film
from zou_server.services.install.demo_pictures import draw_asset, draw_shot
from zou_server.services.ports import Storage
from zou_server.services.studio import Studio
from zou_server.services.thumbnails.pictures import store_picture
from zou_server.services.write.operations import Create, Operation, RefBy, Update

MINUTES = 8 * 60
"""Of a working day: estimations and time spent are in minutes."""


CLIENT = "zou-server demo"


NOT_YET = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class DemoTask:
    """A task of the production, and the entity that it is about."""

    id: uuid.UUID
    entity_id: uuid.UUID
    step: str
    state: film.TaskState
    sequence: str
    entity: str
    cast: Mapping[str, int]

    @property
    def people(self) -> tuple[str, ...]:
        """The people on it, the one who shows takes first."""
        return film.STEPS[self.step].people

    @property
    def label(self) -> str:
        """The name of its files."""
        return "_".join(filter(None, (self.sequence, self.entity.replace(" ", ""), self.step)))

    def drawing(self, take: int) -> Image.Image:
        """The drawing that a take shows."""
        if self.sequence:
            return draw_shot(self.sequence, self.entity, self.cast, self.step, take)
        return draw_asset(self.entity, self.step, take)


@dataclass(slots=True)
class Demo:
    """The installation under way: what was made so far, by the names of the tables."""

    studio: Studio
    storage: Storage
    now: dt.datetime
    administrator: Actor
    """Who hires people and opens projects."""
    project_id: uuid.UUID = NOT_YET
    actors: dict[str, Actor] = field(default_factory=dict)
    previews: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    """Task -> its newest take."""

    def write(self, actor: Actor, operations: Sequence[Operation], days: int) -> list[uuid.UUID]:
        """Run operations as they would have been run so many days ago; the ids of their rows."""
        with self.studio.write(actor) as work:
            work.now = self.day(days)
            results = work.execute(operations)
            work.commit()
        return [result.id for result in results]

    def day(self, days: int) -> dt.datetime:
        """The moment so many days from today."""
        return self.now + dt.timedelta(days=days)


def _by_artist(tasks: Sequence[DemoTask]) -> Iterator[tuple[str, list[DemoTask]]]:
    for key in dict.fromkeys(task.people[0] for task in tasks):
        yield key, [task for task in tasks if task.people[0] == key]


def _note(task: DemoTask, status: str, text: str, preview: uuid.UUID | None = None) -> Create:
    values: dict[str, Any] = {"object_id": task.id, "text": text}
    values["sets_status_id"] = RefBy("TaskStatus", "code", status)
    if preview is not None:
        values["previews"] = [preview]
    return Create(facet("Note"), values)


def begin(demo: Demo, tasks: Sequence[DemoTask]) -> None:
    """Artists write down their hours, and say of what is under way that it is."""
    started = [task for task in tasks if task.state.spent]
    for key, mine in _by_artist(started):
        actor = demo.actors[key]
        operations: list[Operation] = []
        for task in mine:
            spent = film.STEPS[task.step].days * MINUTES * task.state.spent
            day = {"date": demo.day(task.state.begins).date(), "duration": round(spent)}
            operations.append(
                Create(facet("TimeSpent"), {"task_id": task.id, "person_id": actor.person_id, **day})
            )
            if task.state.status == "wip":
                operations.append(_note(task, "wip", film.STARTED))
        demo.write(actor, operations, -2)


def show(demo: Demo, tasks: Sequence[DemoTask], take: int) -> None:
    """Artists show a take: a picture, and a note that asks for approval."""
    for key, mine in _by_artist(tasks):
        operations: list[Operation] = []
        for task in mine:
            id_ = demo.previews[task.id] = uuid.uuid4()
            operations.append(Create(facet("PreviewFile"), _preview(demo, task, id_, take), id=id_))
            said = film.DELIVERIES[task.step] if take == 1 else film.SECOND_TAKE
            operations.append(_note(task, "wfa", said, id_))
        demo.write(demo.actors[key], operations, -10 + 4 * take)


def _preview(demo: Demo, task: DemoTask, id_: uuid.UUID, take: int) -> dict[str, Any]:
    """Draw a take and put it away; the values of its row."""
    picture = task.drawing(take)
    return {
        "name": f"{task.label}_v{take:03}",
        "original_name": f"{task.label}_v{take:03}",
        "revision": take,
        "extension": "png",
        "status": "ready",
        "validation_status": "validated" if task.state.status == "done" else "neutral",
        "task_id": task.id,
        "person_id": demo.actors[task.people[0]].person_id,
        "width": picture.width,
        "height": picture.height,
        "file_size": store_picture(demo.storage, id_, picture).size,
    }


def answer(demo: Demo, supervisor: Actor, tasks: Sequence[DemoTask], take: int) -> None:
    """The supervisor approves what is done and asks for another take of what was not right."""
    notes = []
    for number, task in enumerate(tasks):
        if task.state.status == "done":
            notes.append(_note(task, "done", film.APPROVALS[number % len(film.APPROVALS)]))
        elif take <= task.state.retakes:
            notes.append(_note(task, "retake", film.REMARKS[task.step]))
    demo.write(supervisor, notes, -9 + 4 * take)


def put_on_hold(demo: Demo, producer: Actor, tasks: Sequence[DemoTask]) -> None:
    """Keep one shot waiting for a decision."""
    waiting = [task for task in tasks if task.state.status == "hld"]
    demo.write(producer, [_note(task, "hld", film.ON_HOLD) for task in waiting], -1)


def choose_pictures(demo: Demo, producer: Actor, tasks: Sequence[DemoTask]) -> None:
    """Every task knows its newest take, every entity that of its furthest step."""
    shown = [task for task in tasks if task.id in demo.previews]
    newest = {task.entity_id: task for task in shown}
    demo.write(
        producer,
        [
            *(
                Update(facet("Task"), task.id, {"last_preview_file_id": demo.previews[task.id]})
                for task in shown
            ),
            *(
                Update(facet("Entity"), id_, {"preview_file_id": demo.previews[task.id]})
                for id_, task in newest.items()
            ),
        ],
        -1,
    )
