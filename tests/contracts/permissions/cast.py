"""Two projects with one row of everything in each, and everybody who may knock: the cast of these tests.

What a request changes is rolled back where it would be committed, so that each request finds the same
studio: the answer is the one that a client gets, and the next request knows nothing of it.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from PIL import Image
from psycopg2.extensions import connection as PostgresConnection  # noqa: N812 - it is a class

from tests.contracts.dialects.zou import Zou
from tests.contracts.permissions import props
from tests.contracts.world import World, open_world
from tests.factories import Factory
from zou_server.models.actor import Actor
from zou_server.models.base import Row
from zou_server.models.conditions import Op, Where
from zou_server.models.production import KINDS
from zou_server.models.registry import FACETS, Facet, Kind

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.conftest import SuitePostgres

MARK = "Foreign"
"""What every text of the other project begins with."""

TEXTS = ("name", "title", "description", "text", "comment", "label", "original_name")

MEMBERS: Mapping[str, tuple[str, bool]] = {
    # who: (role, is assigned to the tasks)
    "admin": ("admin", False),
    "manager": ("manager", False),
    "supervisor": ("supervisor", False),
    "artist": ("user", True),
    "idle artist": ("user", False),
    "client": ("client", False),
    "vendor": ("vendor", True),
    "idle vendor": ("vendor", False),
}
OUTSIDERS: Mapping[str, str] = {
    # who is on no team: role
    "other manager": "manager",
    "other supervisor": "supervisor",
    "other artist": "user",
    "other client": "client",
    "other vendor": "vendor",
}
FIRST = {
    name: place
    for place, name in enumerate(
        (
            *KINDS,
            "TaskType",
            "Task",
            "Note",
            "PreviewFile",
            "AssetInstance",
            "FieldDescriptor",
            "Budget",
            "Chat",
            "Playlist",
            "ProductionScheduleVersion",
        )
    )
}
"""What other rows are made to hang on."""

HANGS_ON: Mapping[str, str] = {
    "task_id": "Task",
    "entity_id": "Shot",
    "object_id": "Task",
    "comment_id": "Note",
    "note_id": "Note",
    "budget_id": "Budget",
    "asset_id": "Asset",
    "chat_id": "Chat",
    "playlist_id": "Playlist",
    "production_schedule_version_id": "ProductionScheduleVersion",
    "field_descriptor_id": "FieldDescriptor",
    "asset_instance_id": "AssetInstance",
    "entity_in_id": "Shot",
    "entity_out_id": "Asset",
    "person_id": "HumanUser",
}
"""Link -> the facet of the row that it leads to."""

PARENTS = {"Sequence": "Episode", "Shot": "Sequence"}
"""Entity -> what it is below."""

EVERYBODY = (*MEMBERS, *OUTSIDERS)


class Discarding(PostgresConnection):
    """A connection of PostgreSQL on which no change lasts."""

    def commit(self) -> None:
        """Undo instead."""
        self.rollback()


@dataclass
class Cast:
    """The studio, its people with their keys, and the ids of both projects' rows by facet."""

    world: World
    people: dict[str, Zou]
    actors: dict[str, Actor]
    ours: dict[str, uuid.UUID]
    foreign: dict[str, uuid.UUID]
    factory: Factory

    def send(self, who: str, method: str, path: str, **options: Any) -> TestResponse:
        """One request of somebody; "nobody" has no log-in."""
        client = self.world.app.test_client(use_cookies=False)
        headers = {} if who == "nobody" else self.people[who].headers
        answer: TestResponse = client.open(path, method=method, headers=headers, buffered=True, **options)
        assert answer.status_code < 500, f"{who} {method} {path} {options}: {answer.text[:500]}"
        return answer

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Requests in this block change nothing."""
        studio = self.world.studio
        usual = studio.writes
        studio.writes = sa.create_engine(usual.url, connect_args={"connection_factory": Discarding})
        try:
            yield
        finally:
            studio.writes.dispose()
            studio.writes = usual


@contextmanager
def open_cast(postgres: SuitePostgres, directory: Path) -> Iterator[Cast]:
    """The studio with its cast."""
    with open_world(postgres, directory) as world:
        ours, foreign = Factory(world.kit), Factory(world.kit, 5001)
        project = ours.target("Project")
        actors = {who: world.kit.person(role, {project: None}) for who, (role, _) in MEMBERS.items()}
        actors |= {who: world.kit.person(role) for who, role in OUTSIDERS.items()}
        for who, actor in actors.items():  # a log-in that nobody gave is the e-mail
            world.kit.update("Person", actor.person_id, login=who.replace(" ", "."))
        mine, theirs = dict(_rows(ours)), dict(_rows(foreign, MARK))
        _assign(world, mine, [actors[who].person_id for who, (_, assigned) in MEMBERS.items() if assigned])
        mine["DayOff"] = ours.make("DayOff", person_id=ours.target("HumanUser"))
        _furnish(world, directory, mine, theirs)
        mine |= props.notifications(world.kit, mine, actors)
        props.of_departments(ours)
        props.time_spent(world.kit, mine, actors["artist"].person_id)
        props.imported(ours)
        props.pictured(world.kit, _with_pictures(ours))
        for rows in (mine, theirs):
            rows["ApiEvent"] = _event_about(world, rows["Task"])
        people = {who: Zou(world, world.caller(actor)) for who, actor in actors.items()}
        cast = Cast(world, people, actors, mine, theirs, ours)
        _keep_a_background(cast)
        yield cast


def _rows(factory: Factory, mark: str = "") -> Iterator[tuple[str, uuid.UUID]]:
    """A row of every facet that has a project, and the project."""
    project = factory.target("Project")
    if mark:
        factory.kit.update("Project", project, name=f"{mark} project")
    yield "Project", project
    made = {"Project": project, "HumanUser": factory.target("HumanUser")}
    known = [n for n, each in FACETS.items() if each.project and each.kind and issubclass(each.model, Row)]
    for name in sorted(set(known) - {"Project"}, key=lambda name: (FIRST.get(name, len(known)), name)):
        each = FACETS[name]
        if name in MADE_WITH:
            made[name] = _made_with(factory, name, made)
        else:
            made[name] = factory.make(name, **_marked(each, mark), **_links(each, made))
        yield name, made[name]


MADE_WITH: Mapping[str, tuple[str, str]] = {"Product": ("task_id", "Task")}
"""Facet whose rows come by themselves -> its link, and what it comes with."""


def _made_with(factory: Factory, name: str, made: Mapping[str, uuid.UUID]) -> uuid.UUID:
    """The row that is there because another one was made."""
    link, owner = MADE_WITH[name]
    found = factory.kit.rows(name, "id", where=Where(link, Op.EQ, str(made[owner])))
    return uuid.UUID(found[0]["id"])


def _furnish(world: World, directory: Path, mine: dict[str, uuid.UUID], theirs: dict[str, uuid.UUID]) -> None:
    """Give both projects' tasks a step, and a comment with all that a comment may have."""
    film = props.short_film(directory)
    for rows in (mine, theirs):
        world.kit.update("Task", rows["Task"], task_type_id=world.factory.target("TaskType"))
        rows.update(props.parts_of_a_comment(world.kit, rows, film))


def _with_pictures(factory: Factory) -> list[tuple[str, uuid.UUID]]:
    """Rows with a picture; the person is none whose picture is taken away."""
    return [
        ("Project", factory.target("Project")),
        ("Organisation", factory.target("Organisation")),
        ("HumanUser", factory.target("HumanUser", 1)),
    ]


def _keep_a_background(cast: Cast) -> None:
    """Send the background's picture: what a store keeps is not undone, so it is there from the start."""
    picture = io.BytesIO()
    Image.new("RGB", (32, 18), "teal").save(picture, "PNG")
    picture.seek(0)
    path = f"/pictures/preview-background-files/{cast.factory.target('PreviewBackgroundFile')}"
    answer = cast.send("admin", "POST", path, data={"file": (picture, "background.png")})
    assert answer.status_code == 201, answer.text


def _event_about(world: World, id_: uuid.UUID) -> uuid.UUID:
    """The first event of a row."""
    where = Where("object_id", Op.EQ, str(id_))
    return uuid.UUID(world.kit.rows("ApiEvent", "id", where=where)[0]["id"])


def _marked(each: Facet, mark: str) -> dict[str, Any]:
    if not mark:
        return {}
    texts = {
        name: f"{mark} {name} of {each.name}"
        for name in TEXTS
        if name in each.fields and each.fields[name].kind is Kind.TEXT and not each.fields[name].choices
    }
    return {name: text[: each.fields[name].max_length] for name, text in texts.items()}


def _links(each: Facet, made: Mapping[str, uuid.UUID]) -> dict[str, Any]:
    """The links of a row, to the rows that were made before it."""
    found: dict[str, Any] = {}
    if "project_id" in each.fields and not each.fields["project_id"].read_only:
        found["project_id"] = made["Project"]
    if each.name in PARENTS:
        found["parent_id"] = made[PARENTS[each.name]]
    for name, target in HANGS_ON.items():
        if name in each.fields and target in made and each.fields[name].kind is Kind.LINK:
            found[name] = made[target]
    return found


def _assign(world: World, rows: Mapping[str, uuid.UUID], people: list[uuid.UUID]) -> None:
    """Put these people on every task of the project, and a task on every entity of it."""
    kit, inside = world.kit, Where("project_id", Op.EQ, str(rows["Project"]))
    for entity in kit.rows("Entity", "id", where=inside):
        kit.create("Task", entity_id=entity["id"], name="assigned", project_id=rows["Project"])
    for task in kit.rows("Task", "id", where=inside):
        kit.update("Task", task["id"], assignees=people)
