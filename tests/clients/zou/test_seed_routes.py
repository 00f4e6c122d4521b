"""Each route of the page of Zou's first year, at today's spelling and at the page's own.

Rows of types (list, make, read, change, remove) and lists below something. The routes of files, pictures,
spreadsheets, Shotgun's import and the work on tasks are tested where those are.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.test import TestResponse

from tests.contracts.world import World, open_world
from tests.studio import unique
from zou_server.blueprints.zou.blueprint import underscored

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres

Row = dict[str, Any]


class Production:
    """A small production, and the least that a new row of each type needs."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.client = world.app.test_client()
        body = {"email": world.admin.login, "password": world.admin.password}
        token = self.client.post("/auth/login", json=body).get_json()["access_token"]
        self.headers = {"Authorization": f"Bearer {token}"}
        kit = world.kit
        self.project = kit.project()
        self.episode = kit.create("Episode", name=unique("E"), project_id=self.project)
        self.sequence = kit.create(
            "Sequence", name=unique("SQ"), project_id=self.project, parent_id=self.episode
        )
        self.shot = kit.shot(self.project, parent_id=self.sequence)
        self.asset_type = kit.create("AssetType", name=unique("Type"))
        self.asset = kit.create(
            "Asset", name=unique("Asset"), project_id=self.project, entity_type_id=self.asset_type
        )
        kit.create("EntityLink", entity_in_id=self.shot, entity_out_id=self.asset)
        self.step = kit.create("TaskType", name=unique("Step"))
        self.task = kit.create("Task", entity_id=self.shot, task_type_id=self.step)
        self.asset_task = kit.create("Task", entity_id=self.asset, task_type_id=self.step)
        self.person = kit.person("user").person_id

    def send(self, method: str, path: str, body: Any = None) -> TestResponse:
        """One request by the administrator."""
        options = {} if body is None else {"json": body}
        return self.client.open(path, method=method, headers=self.headers, **options)

    def body(self, collection: str) -> Row:
        """What a new row of a collection needs."""
        name = {"name": unique("Name")[:30]}
        inside = {**name, "project_id": str(self.project)}
        of_task = {"task_id": str(self.task)}
        bodies: Mapping[str, Row] = {
            "comments": {"object_id": str(self.task), "text": "Look"},
            "departments": name,
            "entities": {**inside, "entity_type_id": str(self.asset_type)},
            "entity-types": name,
            "file-status": name,
            "output-files": {**name, "revision": 1, "entity_id": str(self.asset)},
            "output-types": {**name, "short_name": "out"},
            "persons": {
                "first_name": name["name"],
                "last_name": "",
                "email": f"{uuid.uuid4().hex}@example.com",
            },
            "preview-files": {**name, **of_task},
            "project-status": {**name, "color": "#112233"},
            "projects": name,
            "softwares": {**name, "short_name": "s", "file_extension": "s"},
            "task-status": {**name, "short_name": uuid.uuid4().hex[:8], "color": "#112233"},
            "task-types": name,
            "tasks": {
                **inside,
                "task_type_id": str(self.step),
                "entity_id": str(self.shot),
            },
            "time-spents": {
                **of_task,
                "person_id": str(self.person),
                "date": f"2030-01-{len(self._days) + 1:02}",
                "duration": 60,
            },
            "working-files": {**name, **of_task, "revision": 1},
            "episodes": inside,
            "sequences": {**inside, "episode_id": str(self.episode)},
            "shots": {**inside, "sequence_id": str(self.sequence)},
            "assets": {**inside, "asset_type_id": str(self.asset_type)},
            "asset-types": name,
        }
        if collection == "time-spents":
            self._days.append("one more")
        return dict(bodies[collection])

    _days: list[str] = []  # noqa: RUF012 - one production a module

    def made(self, collection: str) -> Row:
        """A row of a collection, made by its route."""
        answer = self.send("POST", f"/data/{collection}", self.body(collection))
        assert answer.status_code == 201, answer.text
        found: Row = answer.get_json()
        return found


@pytest.fixture(scope="module")
def here(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    """The production, in an application."""
    with open_world(postgres, tmp_path_factory.mktemp("seed")) as world:
        yield Production(world)


COLLECTIONS = (
    "comments",
    "departments",
    "entities",
    "entity-types",
    "file-status",
    "output-files",
    "output-types",
    "persons",
    "preview-files",
    "project-status",
    "projects",
    "softwares",
    "task-status",
    "task-types",
    "tasks",
    "time-spents",
    "working-files",
    "episodes",
    "sequences",
    "shots",
    "assets",
    "asset-types",
)
UNDERSCORED = tuple(each for each in COLLECTIONS if "-" in each)

CHANGES: Mapping[str, Row] = {
    "comments": {"text": "Look again"},
    "persons": {"phone": "1234"},
    "time-spents": {"duration": 90},
    "output-files": {"comment": "Better"},
    "working-files": {"comment": "Better"},
    "preview-files": {"description": "Better"},
    "tasks": {"priority": 2},
    "projects": {"fps": "24"},
}


# -- rows of types -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_get_lists_the_rows_of(here: Production, collection: str) -> None:
    made = here.made(collection)
    rows = here.send("GET", f"/data/{collection}").get_json()
    assert made["id"] in [row["id"] for row in rows]


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_post_makes_a_row_of(here: Production, collection: str) -> None:
    body = here.body(collection)
    answer = here.send("POST", f"/data/{collection}", body)
    assert answer.status_code == 201
    shown = answer.get_json()
    assert {key: shown[key] for key in body if key in shown} == {
        key: value for key, value in body.items() if key in shown
    }


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_get_reads_one_row_of(here: Production, collection: str) -> None:
    made = here.made(collection)
    answer = here.send("GET", f"/data/{collection}/{made['id']}")
    assert (answer.status_code, answer.get_json()["id"]) == (200, made["id"])
    assert here.send("GET", f"/data/{collection}/{uuid.uuid4()}").status_code == 404


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_put_changes_a_row_of(here: Production, collection: str) -> None:
    made, change = here.made(collection), CHANGES.get(collection, {"name": unique("Other")[:30]})
    answer = here.send("PUT", f"/data/{collection}/{made['id']}", change)
    assert answer.status_code == 200, answer.text
    assert {key: answer.get_json()[key] for key in change} == change


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_delete_removes_a_row_of(here: Production, collection: str) -> None:
    made = here.made(collection)
    if collection == "projects":  # only closed ones go
        closed = here.send("GET", "/data/project-status?name=Closed").get_json()[0]
        here.send("PUT", f"/data/projects/{made['id']}", {"project_status_id": closed["id"]})
    path = f"/data/{collection}/{made['id']}"
    assert here.send("DELETE", path).status_code == 204
    assert here.send("GET", path).status_code == 404


@pytest.mark.parametrize("collection", UNDERSCORED)
def test_the_underscored_spelling_is_the_same_collection(here: Production, collection: str) -> None:
    made = here.made(collection)
    path = f"/data/{underscored(collection)}"
    assert path != f"/data/{collection}"
    assert made["id"] in [row["id"] for row in here.send("GET", path).get_json()]
    assert here.send("GET", f"{path}/{made['id']}").get_json()["id"] == made["id"]


# -- lists below something -----------------------------------------------------------------------------------

LISTS: Mapping[str, str] = {
    # path: which row of the production it must hold
    "/data/assets_types": "asset_type",
    "/data/projects/{project}/episodes": "episode",
    "/data/projects/{project}/sequences": "sequence",
    "/data/projects/{project}/shots": "shot",
    "/data/projects/{project}/assets": "asset",
    "/data/projects/{project}/asset-types/{asset_type}/assets": "asset",
    "/data/projects/{project}/asset_types/{asset_type}/assets": "asset",
    "/data/projects/{project}/asset-types": "asset_type",
    "/data/episodes/{episode}/sequences": "sequence",
    "/data/sequences/{sequence}/shots": "shot",
    "/data/shots/{shot}/assets": "asset",
    "/data/shots/{shot}/tasks": "task",
    "/data/assets/{asset}/tasks": "asset_task",
}


@pytest.mark.parametrize("path", LISTS)
def test_a_list_below_something_holds_its_rows(here: Production, path: str) -> None:
    ids = {name: value for name, value in vars(here).items() if isinstance(value, uuid.UUID)}
    answer = here.send("GET", path.format(**ids))
    assert answer.status_code == 200
    assert str(ids[LISTS[path]]) in [row["id"] for row in answer.get_json()]


@pytest.mark.parametrize("path", [path for path in LISTS if "{" in path])
def test_a_list_below_nothing_is_404(here: Production, path: str) -> None:
    nowhere = dict.fromkeys(("project", "episode", "sequence", "shot", "asset", "asset_type"), uuid.uuid4())
    assert here.send("GET", path.format(**nowhere)).status_code == 404


def test_the_tasks_of_a_shot_say_the_names_of_what_they_are_about(here: Production) -> None:
    task = here.send("GET", f"/data/shots/{here.shot}/tasks").get_json()[0]
    names = ("project_name", "task_type_name", "task_status_name", "entity_type_name", "entity_name")
    assert all(task[name] for name in names)
