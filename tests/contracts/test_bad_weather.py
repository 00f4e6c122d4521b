"""What goes wrong between people and in networks: writers who collide, broken requests, strangers."""

from __future__ import annotations

import json
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.contracts.dialects import DIALECTS, Dialect, Ftrack, Refused, Shotgun, ShotRunner, Zou
from tests.contracts.world import Caller, World
from tests.served import served
from zou_server.models.actor import Actor
from zou_server.models.base import Row
from zou_server.models.conditions import Op, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import FACETS, Facet, facet

SHOT = facet("Shot")
WRITERS = 4

BODIES: tuple[tuple[str, str, str], ...] = (
    # dialect, path, content type
    ("zou", "/data/shots", "application/json"),
    ("shotgun", "/api3/json", "application/json"),
    ("ftrack", "/api", "application/json"),
    ("shotrunner", "/shots.json", "application/json"),
    ("shotrunner", "/shots.xml", "application/xml"),
)


def headers_of(world: World, dialect: str) -> dict[str, str]:
    """What proves the administrator in the headers of a dialect."""
    admin = world.admin
    found: dict[str, dict[str, str]] = {
        "zou": Zou(world, admin).headers,
        "shotgun": {},
        "ftrack": {"ftrack-user": admin.login, "ftrack-api-key": admin.api_key, "ftrack-strict-api": "true"},
        "shotrunner": ShotRunner(world, admin).headers,
    }
    return found[dialect]


# -- two writers at once -------------------------------------------------------------------------------------


def race(write: Callable[[int], int]) -> list[int]:
    """The statuses that writers got who all began at one moment."""
    start = threading.Barrier(WRITERS)

    def run(number: int) -> int:
        start.wait()
        try:
            return write(number)
        except Refused as refused:
            return refused.status

    with ThreadPoolExecutor(WRITERS) as pool:
        return sorted(pool.map(run, range(WRITERS)))


def test_of_zou_writers_who_saw_the_same_version_one_wins(world: World) -> None:
    shot = world.factory.make("Shot")
    headers = {**Zou(world, world.admin).headers, "If-Match": '"0"'}

    def write(number: int) -> int:
        path, body = f"/data/shots/{shot}", {"description": f"by {number}"}
        return Zou(world, world.admin).ask("PUT", path, headers, json=body).status_code

    assert race(write) == [200, *[412] * (WRITERS - 1)]
    assert world.kit.row("Shot", shot, "lock_version") == 1


def test_of_shotrunner_writers_who_saw_the_same_version_one_wins(world: World) -> None:
    shot = world.factory.make("Shot")
    number_of = world.kit.row("Shot", shot, "number")

    def write(number: int) -> int:
        dialect = ShotRunner(world, world.admin)
        dialect.update(SHOT, number_of, {"title": f"by {number}", "lock_version": 0})
        return 200

    assert race(write) == [200, *[409] * (WRITERS - 1)]
    assert world.kit.row("Shot", shot, "lock_version") == 1


@pytest.mark.parametrize("kind", [Zou, Shotgun, Ftrack, ShotRunner], ids=lambda kind: kind.name)
def test_writers_who_name_no_version_all_win_and_every_change_counts(
    world: World, kind: type[Dialect]
) -> None:
    shot = world.factory.make("Shot")
    id_ = kind(world, world.admin).id_of(SHOT, shot)

    def write(number: int) -> int:
        kind(world, world.admin).update(SHOT, id_, {"description": f"by {number}"})
        return 200

    assert race(write) == [200] * WRITERS
    assert world.kit.row("Shot", shot, "lock_version") == WRITERS
    told = [event for event in world.kit.events(shot) if event["action"] == "update"]
    assert len(told) == WRITERS
    assert [event["old"] for event in told[1:]] == [event["new"] for event in told[:-1]]


def test_of_writers_who_take_the_same_name_one_gets_it(world: World) -> None:
    project, name = world.factory.target("Project"), f"Taken {uuid.uuid4().hex}"

    def write(_: int) -> int:
        dialect = Zou(world, world.admin)
        dialect.create(SHOT, {"name": name, "project_id": str(project)})
        return 201

    assert race(write) == [201, *[400] * (WRITERS - 1)]


# -- broken requests -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[tuple[str, int]]:
    """Where the application is served, for requests that no client library would send."""
    with served(world.app) as url:
        host, _, port = url.removeprefix("http://").partition(":")
        yield host, int(port)


@pytest.mark.parametrize(("dialect", "path", "content_type"), BODIES)
def test_a_body_cut_short_is_refused_and_makes_nothing(
    world: World, address: tuple[str, int], dialect: str, path: str, content_type: str
) -> None:
    events = len(world.kit.events())
    head = {
        **headers_of(world, dialect),
        "Host": "127.0.0.1",
        "Content-Type": content_type,
        "Content-Length": "1000",
        "Connection": "close",
    }
    lines = [
        f"POST {path} HTTP/1.1",
        *(f"{name}: {value}" for name, value in head.items()),
        "",
        '{"name": "a',
    ]
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall("\r\n".join(lines).encode())
        connection.shutdown(socket.SHUT_WR)
        status = int(connection.makefile("rb").readline().split()[1])
    assert status in (200, 400, 422)
    assert len(world.kit.events()) == events


@pytest.mark.parametrize(("dialect", "path", "content_type"), BODIES)
@pytest.mark.parametrize(
    "sent_as", ["text/plain", "application/x-www-form-urlencoded", "image/png", "nonsense", ""]
)
def test_a_body_of_an_unknown_content_type_is_never_our_fault(
    world: World, dialect: str, path: str, content_type: str, sent_as: str
) -> None:
    body = {"application/json": b'{"name": "a"}', "application/xml": b"<shot><title>a</title></shot>"}[
        content_type
    ]
    answer = world.app.test_client().post(
        path, data=body, headers={**headers_of(world, dialect), "Content-Type": sent_as}
    )
    assert answer.status_code < 500
    assert "a" not in [row["name"] for row in world.kit.rows("Shot", "id", "name")]


NAMELESS = b"--x\r\nContent-Disposition: form-data%s\r\n\r\na value\r\n--x--\r\n"


@pytest.mark.parametrize("filename", [b"", b'; filename="cut.edl"'], ids=["field", "file"])
@pytest.mark.parametrize(
    ("dialect", "path"),
    [
        ("zou", "/import/otio/projects/{project}"),
        ("zou", "/import/csv/projects/{project}/shots"),
        ("zou", "/actions/tasks/{task}/comment"),
        ("zou", "/data/shots"),
        ("shotgun", "/upload/upload_file"),
        ("shotgun", "/upload/publish_thumbnail"),
        ("shotrunner", "/attachments.json"),
        ("ftrack", "/api"),
    ],
)
def test_a_part_of_a_form_without_a_name_is_refused(
    world: World, dialect: str, path: str, filename: bytes
) -> None:
    project = world.kit.project()
    task = world.kit.create("Task", entity_id=world.kit.shot(project))
    answer = world.app.test_client().post(
        path.format(project=project, task=task),
        data=NAMELESS % filename,
        headers={**headers_of(world, dialect), "Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code < 500, answer.text
    assert answer.status_code >= 400 or dialect in ("shotgun", "ftrack")


def test_zou_says_that_a_body_must_be_json(world: World) -> None:
    headers = {**headers_of(world, "zou"), "Content-Type": "text/plain"}
    answer = world.app.test_client().post("/data/shots", data='{"name": "a"}', headers=headers)
    assert answer.status_code in (400, 415)
    assert "JSON" in answer.get_json()["message"]


@pytest.mark.parametrize(
    "body",
    [b'{"\\ud800": 1}', b'{"name": "\\ud800"}', b'{"name": NaN}', b"[" * 60_000, b'{"name": "\xff"}', b"{"],
)
def test_json_that_no_answer_could_repeat_is_no_json(world: World, body: bytes) -> None:
    headers = {**headers_of(world, "zou"), "Content-Type": "application/json"}
    answer = world.app.test_client().post("/data/shots", data=body, headers=headers)
    assert (answer.status_code, answer.get_json()["message"]) == (400, "The body must be JSON.")


def test_a_number_that_the_event_log_cannot_hold_is_refused(world: World) -> None:
    shot = world.factory.make("Shot")
    with pytest.raises(Invalid, match="too large"):
        world.kit.update("Shot", shot, data={"weight": 10**30})


def test_a_broken_body_does_not_make_tasks_for_everything(world: World) -> None:
    project, step = world.factory.target("Project"), world.factory.make("TaskType")
    world.factory.make("Shot")
    path = f"/actions/projects/{project}/task-types/{step}/shots/create-tasks"
    headers = {**headers_of(world, "zou"), "Content-Type": "application/json"}
    assert world.app.test_client().post(path, data=b'["', headers=headers).status_code == 400
    assert world.kit.rows("Task", "id", "task_type_id", where=Where("task_type_id", Op.EQ, str(step))) == []


def test_zou_refuses_a_list_as_filter_of_json(world: World) -> None:
    answer = world.app.test_client().get("/data/projects?file_tree=[]", headers=headers_of(world, "zou"))
    assert answer.status_code == 400
    assert "file_tree" in answer.get_json()["message"]


# -- strangers -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["user", "manager", "supervisor", "client", "vendor"])
def stranger(world: World, request: pytest.FixtureRequest) -> Caller:
    """Somebody with a role in the studio, and on the team of one project only."""
    elsewhere = world.factory.make("Project")
    actor: Actor = world.kit.person(request.param, {elsewhere: None})
    return world.caller(actor)


def answered(ask: Callable[[], object], id_: Any) -> tuple[object, str]:
    """What somebody got, with the id they named left out."""
    try:
        return "an answer", json.dumps(ask(), default=str).replace(str(id_), "ID")
    except Refused as refused:
        return refused.status, str(refused.body).replace(str(id_), "ID")


ACTS: dict[str, Callable[[Dialect, Any], object]] = {
    "show": lambda dialect, id_: dialect.show(SHOT, id_),
    "update": lambda dialect, id_: dialect.update(SHOT, id_, {"description": "mine"}),
    "delete": lambda dialect, id_: dialect.delete(SHOT, id_),
    "filter": lambda dialect, id_: dialect.list(SHOT, where=("id", id_)),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("kind", DIALECTS, ids=lambda kind: kind.name)
def test_a_row_of_another_project_is_answered_like_one_that_is_not_there(
    world: World, stranger: Caller, kind: type[Dialect], act: str
) -> None:
    dialect = kind(world, stranger)
    hidden = world.factory.make("Shot", full=True)
    there = kind(world, world.admin).id_of(SHOT, hidden)
    absent = 10**9 + there if isinstance(there, int) else str(uuid.uuid4())
    assert answered(lambda: ACTS[act](dialect, there), there) == answered(
        lambda: ACTS[act](dialect, absent), absent
    )
    assert world.kit.row("Shot", hidden, "lock_version") == 0


@pytest.fixture(scope="module")
def hidden(world: World) -> dict[str, uuid.UUID]:
    """A row of every facet that belongs to a project, in a project that no stranger is on."""
    return {
        each.name: world.factory.make(each.name, full=True, **_inside(world, each))
        for each in FACETS.values()
        if each.project and issubclass(each.model, Row)
    }


def _inside(world: World, each: Facet) -> dict[str, uuid.UUID]:
    """What a row hangs on whose project is that of another one; what is of no project is for everybody."""
    hop, _, rest = each.project.partition(".")
    if not rest:
        return {}
    above = FACETS[each.hops[hop].target]
    return {each.hops[hop].name: world.factory.make(above.name, full=True, **_inside(world, above))}


@pytest.mark.parametrize("kind", DIALECTS, ids=lambda kind: kind.name)
def test_lists_hold_nothing_of_another_project(
    world: World, stranger: Caller, hidden: dict[str, uuid.UUID], kind: type[Dialect]
) -> None:
    dialect = kind(world, stranger)
    for name, each in dialect.types().items():
        if name in hidden:
            listed = [row["id"] for row in dialect.list(each)]
            assert dialect.id_of(each, hidden[name]) not in listed, name


@pytest.mark.parametrize("kind", [Zou, Shotgun], ids=lambda kind: kind.name)
def test_the_event_log_tells_nothing_of_another_project(
    world: World, stranger: Caller, hidden: dict[str, uuid.UUID], kind: type[Dialect]
) -> None:
    dialect = kind(world, stranger)
    log = next(each for each in dialect.types().values() if dialect.is_event(each))
    told = json.dumps(dialect.list(log))
    names = {str(id_) for id_ in hidden.values()} | {world.kit.row("Shot", hidden["Shot"], "name")}
    assert [name for name in names if name in told] == []


def test_a_project_that_is_hidden_is_no_place_to_make_things(world: World, stranger: Caller) -> None:
    zou = Zou(world, stranger)
    hidden = str(world.factory.make("Project"))
    absent = str(uuid.uuid4())

    def make(project: str) -> object:
        return zou.ask(
            "POST", "/data/shots", zou.headers, json={"name": "x", "project_id": project}
        ).get_json()

    assert answered(lambda: make(hidden), hidden) == answered(lambda: make(absent), absent)


@pytest.mark.parametrize("path", ["projects/{}/shots", "projects/{}/tasks", "projects/{}/team"])
def test_a_list_below_a_hidden_project_is_answered_like_one_below_none(
    world: World, stranger: Caller, path: str
) -> None:
    zou = Zou(world, stranger)
    hidden, absent = str(world.factory.target("Project")), str(uuid.uuid4())

    def ask(project: str) -> object:
        return zou.ask("GET", f"/data/{path.format(project)}", zou.headers).get_json()

    assert answered(lambda: ask(hidden), hidden) == answered(lambda: ask(absent), absent)


@pytest.mark.parametrize(
    "path",
    ["import/csv/projects/{}/shots", "data/projects/{}/shots", "data/projects/{}/metadata-descriptors"],
)
def test_nothing_is_sent_into_a_hidden_project(world: World, stranger: Caller, path: str) -> None:
    zou = Zou(world, stranger)
    hidden, absent = str(world.factory.target("Project")), str(uuid.uuid4())

    def send(project: str) -> object:
        body = {"name": "x", "entity_type": "Shot"}
        return zou.ask("POST", f"/{path.format(project)}", zou.headers, json=body).get_json()

    assert answered(lambda: send(hidden), hidden) == answered(lambda: send(absent), absent)
