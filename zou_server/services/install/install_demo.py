"""Make the demo production: a short film in the middle of its making, through the write context.

Everybody does their own part: the studio hires and opens the project, the producer plans, artists show
takes, the supervisor answers them. So the event log and the notes read like those of a real show.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from PIL import Image

from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.base import utc_now
from zou_server.models.person import Person
from zou_server.models.registry import facet
from zou_server.services.install import demo_production as film
from zou_server.services.install.demo_pictures import draw_asset, draw_portrait, draw_poster, draw_shot
from zou_server.services.people.set_password import set_known_password
from zou_server.services.ports import Storage
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.thumbnails.pictures import store_avatar, store_picture
from zou_server.services.thumbnails.set_avatar import noted_avatar
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
        """Who is on it, the one who shows takes first."""
        return film.STEPS[self.step].people

    @property
    def label(self) -> str:
        """What its files are called."""
        return "_".join(filter(None, (self.sequence, self.entity.replace(" ", ""), self.step)))

    def drawing(self, take: int) -> Image.Image:
        """What a take shows."""
        if self.sequence:
            return draw_shot(self.sequence, self.entity, self.cast, self.step, take)
        return draw_asset(self.entity, self.step, take)


@dataclass(slots=True)
class _Demo:
    """The installation under way: what was made so far, by the names of the tables."""

    studio: Studio
    storage: Storage
    now: dt.datetime
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


def install_demo(engine: sa.Engine, storage: Storage) -> None:
    """Make the production in a studio that has its first data and no project of that name."""
    demo = _Demo(
        Studio(engine, engine, RULEBOOK), storage, utc_now().replace(minute=0, second=0, microsecond=0)
    )
    _hire(demo, _administrator(engine))
    _let_guest_in(demo, _administrator(engine))
    producer, supervisor = demo.actors[film.PRODUCER], demo.actors[film.SUPERVISOR]
    demo.write(producer, list(_custom_fields(demo)), -30)
    assets = _make_assets(demo, producer)
    shots = _make_shots(demo, producer, assets)
    tasks = _make_tasks(demo, producer, assets, shots)
    _begin(demo, tasks)
    for take in range(1, 1 + max(task.state.takes for task in tasks)):
        _show(demo, [task for task in tasks if task.state.takes >= take], take)
        _answer(demo, supervisor, [task for task in tasks if task.state.takes >= take], take)
    _put_on_hold(demo, producer, tasks)
    _choose_pictures(demo, producer, tasks)


def _let_guest_in(demo: _Demo, administrator: Actor) -> None:
    """The login of ShotRunner's document, on the project's team, unless somebody has it already."""
    with demo.studio.write(administrator) as work:
        taken = sa.select(Person.id).where(sa.func.lower(Person.login) == film.GUEST["login"])
        if work.session.scalar(taken.limit(1)) is not None:
            return
        (guest,) = work.execute([Create(facet("HumanUser"), film.GUEST)])
        work.execute([Create(facet("Membership"), {"project_id": demo.project_id, "person_id": guest.id})])
        work.execute([noted_avatar(facet("Person"), guest.id, there=True)])
        work.session.flush()
        set_known_password(work.session, guest.id, film.GUEST_PASSWORD)
        work.commit()
    store_avatar(demo.storage, guest.id, draw_portrait("S", "#455a64"))


def _administrator(engine: sa.Engine) -> Actor:
    """Who opens the project: the studio's administrator, the server itself when there is none yet."""
    with engine.connect() as connection:
        found = connection.execute(
            sa.select(Person.id, Person.first_name, Person.last_name)
            .where(Person.role == "admin", ~Person.is_bot, Person.deleted_at.is_(None))
            .order_by(Person.created_at)
            .limit(1)
        ).first()
    if found is None:
        return SYSTEM
    return Actor(found.id, f"{found.first_name} {found.last_name}".strip(), "admin", client=CLIENT)


# -- the team and the plan ---------------------------------------------------------------------------


def _hire(demo: _Demo, administrator: Actor) -> None:
    """The team without passwords, and the project that they are on."""
    people = demo.write(administrator, [Create(facet("HumanUser"), _person(each)) for each in film.TEAM], -40)
    dates = {"start_date": demo.day(-30).date(), "end_date": demo.day(60).date()}
    steps = dict.fromkeys(itertools.chain(*film.ASSET_STEPS.values(), film.SHOT_STEPS))
    used = {
        "team": people,
        "asset_types": [RefBy("AssetType", "name", name) for name in film.ASSET_STEPS],
        "task_types": [RefBy("TaskType", "name", name) for name in steps],
        "task_statuses": [RefBy("TaskStatus", "code", state.status) for state in film.STATES.values()],
    }
    project = Create(facet("Project"), {**film.PROJECT, **dates, **used})
    (demo.project_id,) = demo.write(administrator, [project], -40)
    pictured = [noted_avatar(facet("Project"), demo.project_id, there=True)]
    demo.write(
        administrator, [*pictured, *(noted_avatar(facet("Person"), id_, there=True) for id_ in people)], -40
    )
    store_avatar(demo.storage, demo.project_id, draw_poster(film.PROJECT["name"]))
    for member, id_ in zip(film.TEAM, people, strict=True):
        name = f"{member.first_name} {member.last_name}"
        roles = {demo.project_id: member.role}
        demo.actors[member.key] = Actor(id_, name, member.role, project_roles=roles, client=CLIENT)
        store_avatar(
            demo.storage, id_, draw_portrait(member.first_name[0] + member.last_name[0], member.color)
        )


def _person(member: film.DemoPerson) -> dict[str, Any]:
    return {
        "first_name": member.first_name,
        "last_name": member.last_name,
        "email": f"{member.key}@example.com",
        "role": member.role,
        "position": member.position,
        "seniority": member.seniority,
        "departments": [RefBy("Department", "name", name) for name in member.departments],
    }


def _custom_fields(demo: _Demo) -> Iterator[Create]:
    for kind, name, choices in (
        ("Shot", "Camera move", film.CAMERA_MOVES),
        ("Asset", "Complexity", film.COMPLEXITIES),
    ):
        values = {"entity_type": kind, "name": name, "data_type": "list", "choices": list(choices)}
        yield Create(facet("FieldDescriptor"), {"project_id": demo.project_id, **values})


def _make_assets(demo: _Demo, actor: Actor) -> dict[str, uuid.UUID]:
    """The assets by name."""
    operations = [
        Create(
            facet("Asset"),
            {
                "name": asset.name,
                "description": asset.description,
                "project_id": demo.project_id,
                "entity_type_id": RefBy("AssetType", "name", asset.type),
                "data": {"complexity": asset.complexity},
            },
        )
        for asset in film.ASSETS
    ]
    names = [asset.name for asset in film.ASSETS]
    return dict(zip(names, demo.write(actor, operations, -30), strict=True))


Shots = dict[tuple[str, str], uuid.UUID]


def _make_shots(demo: _Demo, actor: Actor, assets: Mapping[str, uuid.UUID]) -> Shots:
    """The shots by sequence and name, with their casts."""
    sequences = demo.write(
        actor,
        [
            Create(facet("Sequence"), {"name": name, "description": title, "project_id": demo.project_id})
            for name, title, _ in film.SEQUENCES
        ],
        -29,
    )
    made: Shots = {}
    for (name, _, shots), sequence_id in zip(film.SEQUENCES, sequences, strict=True):
        operations = [Create(facet("Shot"), _shot(demo, shot, sequence_id)) for shot in shots]
        ids = demo.write(actor, operations, -28)
        made.update({(name, shot.name): id_ for shot, id_ in zip(shots, ids, strict=True)})
    demo.write(actor, list(_casting(made, assets)), -27)
    return made


def _shot(demo: _Demo, shot: film.Shot, sequence_id: uuid.UUID) -> dict[str, Any]:
    frames = {"frame_in": film.FIRST_FRAME, "frame_out": film.FIRST_FRAME + shot.frames - 1}
    return {
        "name": shot.name,
        "description": shot.description,
        "nb_frames": shot.frames,
        "nb_entities_out": len(shot.cast),
        "project_id": demo.project_id,
        "parent_id": sequence_id,
        "status_id": RefBy("TaskStatus", "code", shot.status),
        "data": {**frames, "camera_move": shot.camera},
    }


def _casting(shots: Shots, assets: Mapping[str, uuid.UUID]) -> Iterator[Create]:
    for sequence, _, listed in film.SEQUENCES:
        for shot in listed:
            for asset, times in shot.cast:
                link = {"entity_in_id": shots[sequence, shot.name], "entity_out_id": assets[asset]}
                yield Create(facet("EntityLink"), {**link, "nb_occurences": times})


def _make_tasks(demo: _Demo, actor: Actor, assets: Mapping[str, uuid.UUID], shots: Shots) -> list[DemoTask]:
    planned = [
        *(
            DemoTask(uuid.uuid4(), assets[asset.name], step, film.STATES[letter], "", asset.name, {})
            for asset in film.ASSETS
            for step, letter in zip(film.ASSET_STEPS[asset.type], asset.states, strict=True)
        ),
        *(
            DemoTask(
                uuid.uuid4(),
                shots[name, shot.name],
                step,
                film.STATES[letter],
                name,
                shot.name,
                dict(shot.cast),
            )
            for name, _, listed in film.SEQUENCES
            for shot in listed
            for step, letter in zip(film.SHOT_STEPS, shot.states, strict=True)
        ),
    ]
    demo.write(actor, [Create(facet("Task"), _task(demo, task), id=task.id) for task in planned], -26)
    return planned


def _task(demo: _Demo, task: DemoTask) -> dict[str, Any]:
    """Dates, estimation and status agree with each other and with what is shown later."""
    state, days = task.state, film.STEPS[task.step].days
    begins, ends = demo.day(state.begins), demo.day(state.begins + days)
    dates: dict[str, dt.datetime | None] = {"start_date": begins, "due_date": ends}
    if state.spent:
        dates["real_start_date"] = begins
    if state.takes:
        dates["end_date"] = ends
    if state.status == "done":
        dates["done_date"] = ends
    return {
        "entity_id": task.entity_id,
        "task_type_id": RefBy("TaskType", "name", task.step),
        "task_status_id": RefBy("TaskStatus", "code", state.status),
        "assignees": [demo.actors[key].person_id for key in task.people],
        "estimation": days * MINUTES,
        "duration": round(days * MINUTES * state.spent),
        "retake_count": state.retakes,
        **dates,
    }


# -- the work ----------------------------------------------------------------------------------------


def _by_artist(tasks: Sequence[DemoTask]) -> Iterator[tuple[str, list[DemoTask]]]:
    for key in dict.fromkeys(task.people[0] for task in tasks):
        yield key, [task for task in tasks if task.people[0] == key]


def _note(task: DemoTask, status: str, text: str, preview: uuid.UUID | None = None) -> Create:
    values: dict[str, Any] = {"object_id": task.id, "text": text}
    values["sets_status_id"] = RefBy("TaskStatus", "code", status)
    if preview is not None:
        values["previews"] = [preview]
    return Create(facet("Note"), values)


def _begin(demo: _Demo, tasks: Sequence[DemoTask]) -> None:
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


def _show(demo: _Demo, tasks: Sequence[DemoTask], take: int) -> None:
    """Artists show a take: a picture, and a note that asks for approval."""
    for key, mine in _by_artist(tasks):
        operations: list[Operation] = []
        for task in mine:
            id_ = demo.previews[task.id] = uuid.uuid4()
            operations.append(Create(facet("PreviewFile"), _preview(demo, task, id_, take), id=id_))
            said = film.DELIVERIES[task.step] if take == 1 else film.SECOND_TAKE
            operations.append(_note(task, "wfa", said, id_))
        demo.write(demo.actors[key], operations, -10 + 4 * take)


def _preview(demo: _Demo, task: DemoTask, id_: uuid.UUID, take: int) -> dict[str, Any]:
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


def _answer(demo: _Demo, supervisor: Actor, tasks: Sequence[DemoTask], take: int) -> None:
    """The supervisor approves what is done and asks for another take of what was not right."""
    notes = []
    for number, task in enumerate(tasks):
        if task.state.status == "done":
            notes.append(_note(task, "done", film.APPROVALS[number % len(film.APPROVALS)]))
        elif take <= task.state.retakes:
            notes.append(_note(task, "retake", film.REMARKS[task.step]))
    demo.write(supervisor, notes, -9 + 4 * take)


def _put_on_hold(demo: _Demo, producer: Actor, tasks: Sequence[DemoTask]) -> None:
    waiting = [task for task in tasks if task.state.status == "hld"]
    demo.write(producer, [_note(task, "hld", film.ON_HOLD) for task in waiting], -1)


def _choose_pictures(demo: _Demo, producer: Actor, tasks: Sequence[DemoTask]) -> None:
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
