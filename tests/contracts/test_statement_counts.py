"""A list takes as many statements for a hundred rows as for one, in every dialect and below everything."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.contracts.dialects import DIALECTS, Dialect, Zou
from tests.contracts.statements import Statements, noted
from tests.contracts.world import World
from zou_server.blueprints.zou.navigation import ROUTES, ListRoute
from zou_server.models.base import Row
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create

MANY = 100
MOST_STATEMENTS = 6
"""Who asks, whether each parent is there, the rows; a new process may ask for its vocabulary once."""

LISTS = [(kind, each) for kind in DIALECTS for each in kind.types().values() if issubclass(each.model, Row)]


@dataclass(frozen=True)
class Counted:
    """What a list gave: how many rows, by how many statements."""

    rows: int
    statements: int


class Production:
    """A project with so many of everything, all hung on one of each."""

    def __init__(self, world: World, size: int) -> None:
        self.world, self.size = world, size
        self.project = world.factory.make("Project")
        self.ids: dict[str, uuid.UUID] = {"Person": world.factory.make("HumanUser")}
        self._below("Episode", {})
        self._below("Sequence", {"parent_id": self.ids["Episode"]})
        for name in ("Shot", "Scene"):
            self._below(name, {"parent_id": self.ids["Sequence"]})
        self._below("Asset", {"source_id": self.ids["Episode"]})
        self._below("Edit", {"parent_id": self.ids["Episode"]})
        self._below("Concept", {})
        self.ids["EntityType"] = world.kit.row("Asset", self.ids["Asset"], "entity_type_id")
        self.ids["Entity"] = self.ids["Shot"]
        steps = self._vocabulary("TaskType")
        self.ids["TaskType"] = steps[0]
        for name in ("Episode", "Sequence", "Shot", "Scene", "Asset", "Edit", "Concept"):
            values = {"entity_id": self.ids[name], "assignees": [self.ids["Person"]]}
            self._below("Task", values, [{"task_type_id": step} for step in steps])
        self._below("Task", {"entity_id": self.ids["Shot"], "task_type_id": steps[0]})
        self._below("Note", {"object_id": self.ids["Task"]})
        self._below("AttachmentFile", {"comment_id": self.ids["Note"]})
        self._below("PreviewFile", {"task_id": self.ids["Task"]})
        for name in ("FieldDescriptor", "ProjectMilestone", "Budget"):
            self._below(name, {})
        self._below("DayOff", {"person_id": self.ids["Person"]})
        self._below("TimeSpent", {"task_id": self.ids["Task"], "person_id": self.ids["Person"]})
        self._use(steps)
        for name in ("Notification", "Subscription"):
            self._below(name, {"task_id": self.ids["Task"]})
        self._cast()
        self._files()

    def _vocabulary(self, name: str) -> list[uuid.UUID]:
        """New rows of something that the whole studio has."""
        made = self.world.kit.execute(
            *(Create(facet(name), self.world.factory.values(name)) for _ in range(self.size))
        )
        return [result.id for result in made]

    def _use(self, steps: list[uuid.UUID]) -> None:
        """The project uses so much of the vocabulary, and has an asset of each of so many types."""
        types = self._vocabulary("AssetType")
        for type_ in types:
            self.world.factory.make("Asset", project_id=self.project, entity_type_id=type_)
        used: dict[str, Any] = {
            "task_types": steps,
            "task_statuses": self._vocabulary("TaskStatus"),
            "asset_types": types,
            "status_automations": self._vocabulary("StatusAutomation"),
            "preview_background_files": self._vocabulary("PreviewBackgroundFile"),
        }
        self.world.kit.update("Project", self.project, **used)

    def _below(self, name: str, values: Mapping[str, Any], each: list[dict[str, Any]] | None = None) -> None:
        """Make rows of a facet, perhaps with values of their own, and remember the first."""
        kind = facet(name)
        common = {**values, **({"project_id": self.project} if "project_id" in kind.fields else {})}
        if name == "Asset" and "Asset" not in self.ids:
            common["entity_type_id"] = self.world.factory.target("AssetType")
        made = self.world.kit.execute(
            *(
                Create(kind, self.world.factory.values(name, **common, **(each[index] if each else {})))
                for index in range(self.size)
            )
        )
        self.ids[name] = made[0].id

    def _cast(self) -> None:
        """Everything made of assets uses all of them; everybody is on the team."""
        kit = self.world.kit
        assets = [
            row["id"]
            for row in kit.rows("Asset", "id", "project_id")
            if row["project_id"] == str(self.project)
        ]
        person = facet("HumanUser")
        users = kit.execute(
            *(Create(person, self.world.factory.values("HumanUser")) for _ in range(self.size))
        )
        link, member = facet("EntityLink"), facet("Membership")
        concepts = [
            row["id"]
            for row in kit.rows("Concept", "id", "project_id")
            if row["project_id"] == str(self.project)
        ]
        kit.execute(
            *(
                Create(facet("EntityConceptLink"), {"entity_in_id": each, "entity_out_id": self.ids["Shot"]})
                for each in concepts
            ),
            *(
                Create(link, {"entity_in_id": self.ids[name], "entity_out_id": asset})
                for name in ("Shot", "Asset")
                for asset in assets
                if asset != str(self.ids[name])
            ),
            *(
                Create(link, {"entity_in_id": shot["id"], "entity_out_id": self.ids["Asset"]})
                for shot in kit.rows("Shot", "id", "project_id")
                if shot["project_id"] == str(self.project) and shot["id"] != str(self.ids["Shot"])
            ),
            *(Create(member, {"project_id": self.project, "person_id": user.id}) for user in users),
        )

    def _files(self) -> None:
        """Copies of an asset in the scene and the shot, and files of the shot and of the first copy."""
        make, ids = self.world.factory.make, self.ids
        ids["Entity"] = ids["Shot"]
        camera = make("Asset", project_id=self.project, entity_type_id=self._camera())
        for asset in (camera, ids["Asset"]):
            values = {"asset_id": asset, "target_asset_id": ids["Asset"], "shots": [ids["Shot"]]}
            self._below("AssetInstance", {**values, "scene_id": ids["Scene"]})
        self._below("WorkingFile", {"task_id": ids["Task"], "entity_id": ids["Shot"]})
        types = [make("OutputType") for _ in range(self.size)]
        ids["OutputType"] = types[0]
        common: dict[str, Any] = {"entity_id": ids["Shot"], "asset_instance_id": ids["AssetInstance"]}
        for each in (*types, *types[:1] * self.size):
            make("OutputFile", **common, temporal_entity_id=ids["Entity"], output_type_id=each)

    def _camera(self) -> uuid.UUID:
        """The type of the assets that are cameras: one in the studio."""
        found = self.world.kit.rows("EntityType", "id", where=Where("name", Op.EQ, "Camera"))
        return uuid.UUID(found[0]["id"]) if found else self.world.factory.make("AssetType", name="Camera")

    def path(self, route: ListRoute) -> str:
        """A route of the table with this production's ids in it."""
        ids = {**self.ids, "Project": self.project}
        template = route.path.replace("<", "{").replace(">", "}")
        return "/data/" + template.format(**{argument: ids[owner] for argument, owner in route.owners})


class Census:
    """Lists counted while the studio is small and again when it is big."""

    def __init__(self, world: World, statements: Statements) -> None:
        self.world, self._statements = world, statements
        self.dialects = {kind: kind(world, world.admin) for kind in DIALECTS}
        self.lists: dict[tuple[str, str], list[Counted]] = {}
        self.routes: dict[str, list[Counted]] = {}

    def take(self, production: Production) -> None:
        """Count everything once."""
        for kind, each in LISTS:
            counted = self._counted(self.dialects[kind], each)
            self.lists.setdefault((kind.name, each.name), []).append(counted)
        zou = self.dialects[Zou]
        assert isinstance(zou, Zou)
        for route in ROUTES:
            path = production.path(route)
            zou.ask("GET", path, zou.headers)
            self._statements.clear()
            rows = zou.ask("GET", path, zou.headers).get_json()
            self.routes.setdefault(route.path, []).append(Counted(len(rows), len(self._statements)))

    def _counted(self, dialect: Dialect, each: object) -> Counted:
        dialect.list(each)  # type: ignore[arg-type]
        self._statements.clear()
        rows = dialect.list(each)  # type: ignore[arg-type]
        return Counted(len(rows), len(self._statements))


@pytest.fixture(scope="module")
def census(world: World) -> Iterator[Census]:
    """Two productions, one of one and one of a hundred of everything, and what lists took in each."""
    small = Production(world, 1)
    for each in dict.fromkeys(each for _, each in LISTS):
        world.factory.make(each.name, full=True)
    with noted(world.studio.reads, world.studio.writes) as statements:
        census = Census(world, statements)
        census.take(small)
        big = Production(world, MANY)
        for each in dict.fromkeys(each for _, each in LISTS if each.name not in big.ids):
            world.kit.execute(
                *(Create(each, world.factory.values(each.name, full=True)) for _ in range(MANY))
            )
        census.take(big)
        yield census


@pytest.mark.parametrize(
    ("dialect", "name"), [(kind.name, each.name) for kind, each in LISTS], ids=lambda each: each
)
def test_a_list_of_many_rows_takes_the_statements_of_a_short_one(
    census: Census, dialect: str, name: str
) -> None:
    short, long = census.lists[dialect, name]
    assert long.rows >= short.rows + MANY
    assert long.statements == short.statements <= MOST_STATEMENTS


@pytest.mark.parametrize("path", [route.path for route in ROUTES])
def test_a_list_below_something_takes_the_statements_of_a_short_one(census: Census, path: str) -> None:
    short, long = census.routes[path]
    assert long.rows >= MANY - 1 or "<" not in path
    assert long.statements == short.statements <= MOST_STATEMENTS
