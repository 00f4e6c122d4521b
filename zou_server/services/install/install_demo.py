"""Make the demo production: a short film in the middle of its making, through the write context.

Everybody does their own part: the studio hires and opens the project, the producer plans, artists show
takes, the supervisor answers them. So the event log and the notes read like those of a real show.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.base import utc_now
from zou_server.models.person import Person
from zou_server.models.registry import facet
from zou_server.services.install import demo_production as film
from zou_server.services.install.demo_pictures import draw_portrait, draw_poster
from zou_server.services.install.demo_work import (
    CLIENT,
    MINUTES,
    Demo,
    DemoTask,
    answer,
    begin,
    choose_pictures,
    put_on_hold,
    show,
)
from zou_server.services.people.set_password import set_known_password
from zou_server.services.ports import Jobs, Storage
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.thumbnails.pictures import store_avatar
from zou_server.services.thumbnails.set_avatar import noted_avatar
from zou_server.services.write.operations import Create, RefBy


def install_demo(engine: sa.Engine, storage: Storage, jobs: Jobs | None = None) -> Demo:
    """Make the production in a studio that has its first data and no project of that name."""
    now = utc_now().replace(minute=0, second=0, microsecond=0)
    demo = Demo(Studio(engine, engine, RULEBOOK, jobs), storage, now, _administrator(engine))
    _hire(demo)
    _let_guest_in(demo)
    producer, supervisor = demo.actors[film.PRODUCER], demo.actors[film.SUPERVISOR]
    demo.write(producer, list(_custom_fields(demo)), -30)
    assets = _make_assets(demo, producer)
    shots = _make_shots(demo, producer, assets)
    tasks = _make_tasks(demo, producer, assets, shots)
    begin(demo, tasks)
    for take in range(1, 1 + max(task.state.takes for task in tasks)):
        show(demo, [task for task in tasks if task.state.takes >= take], take)
        answer(demo, supervisor, [task for task in tasks if task.state.takes >= take], take)
    put_on_hold(demo, producer, tasks)
    choose_pictures(demo, producer, tasks)
    return demo


def _let_guest_in(demo: Demo) -> None:
    """The login of ShotRunner's document, on the project's team, unless somebody has it already."""
    with demo.studio.write(demo.administrator) as work:
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


def _hire(demo: Demo) -> None:
    """The team without passwords, and the project that they are on."""
    people = demo.write(
        demo.administrator, [Create(facet("HumanUser"), _person(each)) for each in film.TEAM], -40
    )
    dates = {"start_date": demo.day(-30).date(), "end_date": demo.day(60).date()}
    steps = dict.fromkeys(itertools.chain(*film.ASSET_STEPS.values(), film.SHOT_STEPS))
    used = {
        "team": people,
        "asset_types": [RefBy("AssetType", "name", name) for name in film.ASSET_STEPS],
        "task_types": [RefBy("TaskType", "name", name) for name in steps],
        "task_statuses": [RefBy("TaskStatus", "code", state.status) for state in film.STATES.values()],
    }
    project = Create(facet("Project"), {**film.PROJECT, **dates, **used})
    (demo.project_id,) = demo.write(demo.administrator, [project], -40)
    pictured = [noted_avatar(facet("Project"), demo.project_id, there=True)]
    demo.write(
        demo.administrator,
        [*pictured, *(noted_avatar(facet("Person"), id_, there=True) for id_ in people)],
        -40,
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


def _custom_fields(demo: Demo) -> Iterator[Create]:
    for kind, name, choices in (
        ("Shot", "Camera move", film.CAMERA_MOVES),
        ("Asset", "Complexity", film.COMPLEXITIES),
    ):
        values = {"entity_type": kind, "name": name, "data_type": "list", "choices": list(choices)}
        yield Create(facet("FieldDescriptor"), {"project_id": demo.project_id, **values})


def _make_assets(demo: Demo, actor: Actor) -> dict[str, uuid.UUID]:
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


def _make_shots(demo: Demo, actor: Actor, assets: Mapping[str, uuid.UUID]) -> Shots:
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


def _shot(demo: Demo, shot: film.Shot, sequence_id: uuid.UUID) -> dict[str, Any]:
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


def _make_tasks(demo: Demo, actor: Actor, assets: Mapping[str, uuid.UUID], shots: Shots) -> list[DemoTask]:
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


def _task(demo: Demo, task: DemoTask) -> dict[str, Any]:
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
