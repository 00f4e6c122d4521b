"""Scripts send Shotgun's entities to a served studio: every route, who may use it, what it answers."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gazu
import pytest
import shotgun_api3
from werkzeug.test import TestResponse

from tests.clients.zou.log_in.steps import PASSWORD
from tests.conftest import SuitePostgres
from tests.contracts.nasty import TEXTS
from tests.served import served
from tests.shotgun_rows import ROWS, link
from tests.studio import StudioKit, open_studio, unique
from zou_server.app import create_app
from zou_server.models.conditions import Op, Where
from zou_server.services.importers.shotgun.run_import import run_import
from zou_server.services.install.manage_credentials import create_script
from zou_server.services.people.set_password import set_password

BODY_BYTES = 200_000
numbers = itertools.count(50_001)


class Site:
    """A served studio, and people of every role in it."""

    def __init__(self, kit: StudioKit, app: Any, url: str) -> None:
        self.kit, self.app, self.url = kit, app, url
        self.project = kit.project()
        self.tokens = {role: self._token(role) for role in ("admin", "manager", "user", "client", "vendor")}

    def _token(self, role: str) -> str:
        actor = self.kit.person(role, {} if role == "vendor" else {self.project: None})
        set_password(self.kit.studio.writes, actor.person_id, PASSWORD)
        self.email = self.kit.row("Person", actor.person_id, "email")
        sent = {"email": self.email, "password": PASSWORD}
        return str(self.app.test_client().post("/auth/login", json=sent).get_json()["access_token"])

    def send(
        self, method: str, path: str, body: Any = None, role: str = "admin", **more: Any
    ) -> TestResponse:
        """One request by somebody of a role."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        sent = {} if body is None else {"json": body}
        answer: TestResponse = self.app.test_client().open(
            path, method=method, headers=headers, **sent, **more
        )
        return answer


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_studio(postgres, tmp_path_factory.mktemp("shotgun_import")) as kit:
        app = create_app(replace(kit.settings, max_body_bytes=BODY_BYTES))
        with served(app) as url:
            found = Site(kit, app, f"{url}/api")
            for kind, rows in ROWS.items():
                assert found.send("POST", f"/import/shotgun/{kind}", rows).status_code == 200
            yield found


LISTS = {
    # the last word of a path: the kind, the type of its rows in the answer
    "projects": ("projects", "Project"),
    "persons": ("persons", "Person"),
    "shots": ("shots", "Shot"),
    "sequences": ("sequences", "Sequence"),
    "episodes": ("episodes", "Episode"),
    "scenes": ("scenes", "Scene"),
    "assets": ("assets", "Asset"),
    "steps": ("steps", "TaskType"),
    "status": ("status", "TaskStatus"),
    "tasks": ("tasks", "Task"),
    "versions": ("versions", "PreviewFile"),
    "notes": ("notes", "Comment"),
    "projectconnections": ("projectconnections", "ProjectPersonLink"),
    "project-connections": ("projectconnections", "ProjectPersonLink"),
    "project_connections": ("projectconnections", "ProjectPersonLink"),
}
ROOTS = ("/import/shotgun", "/data/import/shotgun", "/api/import/shotgun", "/api/data/import/shotgun")
IMPORTS = [f"POST {root}/{word}" for root in ROOTS for word in LISTS]


@pytest.mark.parametrize("route", IMPORTS)
def test_the_list_that_is_sent_comes_back_as_rows(site: Site, route: str) -> None:
    path = route.removeprefix("POST ")
    kind, wire = LISTS[path.rpartition("/")[2]]
    answer = site.send("POST", path, ROWS[kind])
    assert answer.status_code == 200
    assert answer.headers["X-Import-Errors"] == "0"
    sent = {row["id"] for row in ROWS[kind]} - {704}  # the account that Shotgun made for itself
    assert {row["shotgun_id"] for row in answer.get_json()} == sent
    assert {row["type"] for row in answer.get_json()} == {wire}


REMOVALS = {
    "asset": "assets",
    "episode": "episodes",
    "note": "notes",
    "person": "persons",
    "project": "projects",
    "project-connection": "projectconnections",
    "projectconnection": "projectconnections",
    "scene": "scenes",
    "sequence": "sequences",
    "shot": "shots",
    "status": "status",
    "step": "steps",
    "task": "tasks",
    "version": "versions",
}


def _again(site: Site, kind: str) -> int:
    """A new row of a kind, beside those of the example; its id."""
    number = next(numbers)
    renamed: dict[str, Any] = {
        key: unique("x") for key in ("code", "name", "firstname", "content") if key in ROWS[kind][0]
    }
    fresh = {"email": f"{uuid.uuid4().hex}@harbour.test", "login": uuid.uuid4().hex}
    person = {"firstname": "A", "lastname": "B", **fresh} if kind == "persons" else {}
    if kind == "projectconnections":
        other = next(numbers)
        site.send("POST", "/import/shotgun/persons", [{"id": other, "firstname": unique("P")}])
        renamed["user"] = link("HumanUser", other)
    row = {**ROWS[kind][0], **renamed, **person, "id": number}
    made = site.send("POST", f"/import/shotgun/{kind}", [row])
    assert made.headers["X-Import-Errors"] == "0", made.text
    return number


@pytest.mark.parametrize("route", [f"POST {root}/remove/{word}" for root in ROOTS[:2] for word in REMOVALS])
def test_what_has_the_id_is_removed(site: Site, route: str) -> None:
    path = route.removeprefix("POST ")
    number = _again(site, REMOVALS[path.rpartition("/")[2]])
    removed = site.send("POST", path, {"id": number})
    assert removed.status_code == 200
    assert removed.get_json()["success"] is True
    assert uuid.UUID(removed.get_json()["removed_instance_id"])
    again = site.send("POST", path, {"id": number})
    assert again.get_json() == {"success": True, "removed_instance_id": None}


@pytest.mark.parametrize("role", ["manager", "user", "client", "vendor"])
@pytest.mark.parametrize("word", REMOVALS)
def test_removing_by_a_shotgun_id_needs_an_administrator(site: Site, word: str, role: str) -> None:
    """The first hole of Zou's list: there a vendor could delete a project."""
    number = ROWS[REMOVALS[word]][0]["id"]
    refused = site.send("POST", f"/import/shotgun/remove/{word}", {"id": number}, role)
    assert refused.status_code == 403
    assert site.send("POST", f"/import/shotgun/{REMOVALS[word]}", ROWS[REMOVALS[word]]).get_json()[0]


@pytest.mark.parametrize("role", ["manager", "user", "client", "vendor"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("root", ROOTS[:2])
def test_records_of_errors_are_open_to_administrators_only(
    site: Site, root: str, method: str, role: str
) -> None:
    """The second hole of Zou's list: there every log-in could read, store and delete them."""
    body = {"a": "note"} if method == "POST" else None
    assert site.send(method, f"{root}/errors", body, role).status_code == 403
    record = site.send("POST", f"{root}/errors", {"kept": True}).get_json()["id"]
    for one in ("GET", "POST", "DELETE"):
        assert site.send(one, f"{root}/errors/{record}", role=role).status_code == 403
    assert site.send("GET", f"{root}/errors/{record}").status_code == 200


@pytest.mark.parametrize("role", ["manager", "user", "client", "vendor"])
@pytest.mark.parametrize("word", LISTS)
def test_importing_needs_an_administrator(site: Site, word: str, role: str) -> None:
    assert site.send("POST", f"/import/shotgun/{word}", ROWS[LISTS[word][0]], role).status_code == 403


# -- records of errors -----------------------------------------------------------------------------


@pytest.mark.parametrize("route", [f"POST {root}/errors" for root in ROOTS])
@pytest.mark.parametrize("said", [{"row": 5}, ["a", 1], "a text", 17, False, {"deep": [{"er": None}]}])
def test_any_json_is_kept_as_a_record(site: Site, route: str, said: Any) -> None:
    answer = site.send("POST", route.removeprefix("POST "), said)
    assert answer.status_code == 201
    assert (answer.get_json()["event_data"], answer.get_json()["source"]) == (said, "shotgun")


@pytest.mark.parametrize("route", [f"GET {root}/errors" for root in ROOTS])
def test_records_are_listed(site: Site, route: str) -> None:
    path = route.removeprefix("GET ")
    made = site.send("POST", path, {"for": "the list"}).get_json()["id"]
    found = {row["id"]: row for row in site.send("GET", path).get_json()}
    assert found[made]["event_data"] == {"for": "the list"}
    assert found[made]["source"] == "shotgun"
    assert "about" not in found[made]
    assert site.send("GET", f"{path}?page=1&limit=1").get_json()["limit"] == 1


@pytest.mark.parametrize(
    "route", [f"{method} {root}/errors/<id>" for root in ROOTS for method in ("GET", "POST")]
)
def test_one_record_is_retrieved_with_get_and_as_the_seed_says_with_post(site: Site, route: str) -> None:
    method, _, template = route.partition(" ")
    path = template.removesuffix("/<id>")
    made = site.send("POST", path, {"which": route}).get_json()
    assert site.send(method, f"{path}/{made['id']}").get_json() == made
    assert site.send(method, f"{path}/{uuid.uuid4()}").status_code == 404
    assert site.send(method, f"{path}/nonsense").status_code == 400


@pytest.mark.parametrize("route", [f"DELETE {root}/errors/<id>" for root in ROOTS])
def test_a_record_is_dropped(site: Site, route: str) -> None:
    path = route.removeprefix("DELETE ").removesuffix("/<id>")
    made = site.send("POST", path, ["gone soon"]).get_json()["id"]
    assert site.send("DELETE", f"{path}/{made}").status_code == 204
    assert site.send("DELETE", f"{path}/{made}").status_code == 404


def test_a_script_sees_what_was_wrong_with_its_rows(site: Site) -> None:
    number = next(numbers)
    answer = site.send("POST", "/import/shotgun/shots", [{"id": number, "code": "lost"}, "junk"])
    assert (answer.status_code, answer.get_json()) == (200, [])
    assert answer.headers["X-Import-Errors"] == "2"
    said = [row["event_data"] for row in site.send("GET", "/import/shotgun/errors").get_json()]
    mine = [each for each in said if isinstance(each, dict) and each.get("id") == number]
    assert mine == [
        {
            "kind": "shots",
            "id": number,
            "reason": "project: is missing",
            "imported": False,
            "row": {"id": number, "code": "lost"},
        }
    ]


def test_nothing_of_a_record_is_in_the_events_that_everybody_sees(site: Site) -> None:
    site.send("POST", "/import/shotgun/errors", {"email": "secret@harbour.test"})
    assert "secret@harbour.test" not in site.send("GET", "/data/events/last?limit=50").text


# -- what is no list of entities -------------------------------------------------------------------


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"null", b"5", b'"text"', b"[", b"\xff\xfe", b'[{"id": 1, "code": "\\ud800"}]']
)
def test_a_body_that_is_no_list_is_refused(site: Site, body: bytes) -> None:
    answer = site.send("POST", "/import/shotgun/shots", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.get_json()["error"] is True


def test_a_body_that_is_too_large_is_refused(site: Site) -> None:
    answer = site.send("POST", "/import/shotgun/shots", ["x" * BODY_BYTES])
    assert answer.status_code == 413
    assert answer.get_json()["error"] is True


def test_an_empty_list_is_an_empty_list(site: Site) -> None:
    answer = site.send("POST", "/import/shotgun/shots", [])
    assert (answer.status_code, answer.get_json()) == (200, [])


STRANGE = [text for text in TEXTS if len(text) < 1000 and not any("\ud800" <= c <= "\udfff" for c in text)]


@pytest.mark.parametrize("kind", ROWS)
def test_no_text_is_too_strange_for_a_clear_answer(site: Site, kind: str) -> None:
    keys = ("code", "name", "content", "description", "email", "sg_status_list", "sg_strange")
    rows = [{**ROWS[kind][0], **dict.fromkeys((*keys, text), text), "id": next(numbers)} for text in STRANGE]
    answer = site.send("POST", f"/import/shotgun/{kind}", rows)
    assert answer.status_code == 200, answer.text
    assert len(answer.get_json()) + int(answer.headers["X-Import-Errors"]) > 0


@pytest.mark.parametrize("body", [None, [], {}, {"id": "x"}, {"id": 0}, {"id": 2**70}, {"id": None}, 5])
def test_removing_needs_an_id(site: Site, body: Any) -> None:
    assert site.send("POST", "/import/shotgun/remove/shot", body).status_code == 400


def test_a_kind_that_there_is_not_is_not_found(site: Site) -> None:
    assert site.send("POST", "/import/shotgun/boats", []).status_code == 404
    assert site.send("POST", "/import/shotgun/remove/boat", {"id": 1}).status_code == 404


def test_an_administrator_cannot_remove_themselves(site: Site) -> None:
    number = next(numbers)
    me = site.send("GET", "/auth/authenticated").get_json()["user"]
    row = {"id": number, "firstname": "Me", "email": me["email"]}
    site.send("POST", "/import/shotgun/persons", [row])
    assert site.send("POST", "/import/shotgun/remove/person", {"id": number}).status_code == 400
    assert site.send("GET", "/auth/authenticated").status_code == 200


# -- in the background, and by the real client -----------------------------------------------------


@pytest.mark.parametrize("root", ROOTS)
def test_a_long_import_is_handed_to_a_job_whose_progress_can_be_seen(site: Site, root: str) -> None:
    rows = [{"id": next(numbers), "name": unique("Show")} for _ in range(3)]
    answer = site.send("POST", f"{root}/projects?background=true", rows)
    assert answer.status_code == 202
    job = answer.get_json()
    assert (job["state"], job["percent"], job["total"], job["kind"]) == ("waiting", 0, 3, "projects")
    run_import(site.kit.studio, uuid.UUID(job["id"]))
    state = site.send("GET", f"{root}/jobs/{job['id']}").get_json()
    assert (state["state"], state["percent"], state["created"]) == ("done", 100, 3)
    assert site.send("GET", f"{root}/jobs").get_json()[0]["id"] == job["id"]
    assert site.send("GET", f"{root}/jobs/{job['id']}", role="manager").status_code == 403
    assert site.send("GET", f"{root}/jobs", role="vendor").status_code == 403
    assert site.send("GET", f"{root}/jobs/{uuid.uuid4()}").status_code == 404


def test_a_job_is_in_the_queue_exactly_when_the_run_is(site: Site) -> None:
    with site.kit.studio.reads.connect() as connection:
        count = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'import_shotgun'"
        before = connection.exec_driver_sql(count).scalar_one()
        site.send("POST", "/import/shotgun/projects?background=true", [])
        site.send("POST", "/import/shotgun/projects?background=maybe", [])
        assert connection.exec_driver_sql(count).scalar_one() == before + 1


@pytest.fixture
def client(site: Site) -> Iterator[Any]:
    found = gazu.client.create_client(site.url)
    admin = site.kit.person("admin")
    set_password(site.kit.studio.writes, admin.person_id, PASSWORD)
    gazu.log_in(site.kit.row("Person", admin.person_id, "email"), PASSWORD, client=found)
    yield found
    found.session.close()


def test_gazu_sends_lists_and_finds_the_rows_by_their_names(client: Any) -> None:
    number = next(numbers)
    rows = [{"id": number, "code": "GZ_010", "project": link("Project", 701)}]
    made = gazu.client.post("import/shotgun/shots", rows, client=client)
    project = gazu.project.get_project_by_name("Night Harbour", client=client)
    assert made[0]["project_id"] == project["id"]
    found = [
        row for row in gazu.shot.all_shots_for_project(project, client=client) if row["name"] == "GZ_010"
    ]
    assert found[0]["shotgun_id"] == number
    answer = gazu.client.post("import/shotgun/remove/shot", {"id": number}, client=client)
    assert answer == {"success": True, "removed_instance_id": made[0]["id"]}


def test_a_vendor_still_sees_their_project_after_trying_to_remove_it(site: Site) -> None:
    refused = site.send("POST", "/import/shotgun/remove/project", {"id": 701}, "vendor")
    assert refused.status_code == 403
    where = Where("shotgun_id", Op.EQ, 701)
    assert site.kit.rows("Project", "name", where=where) == [{"name": "Night Harbour"}]


def test_a_script_of_the_old_studio_finds_its_rows_under_the_same_ids_and_field_names(site: Site) -> None:
    key = create_script(site.kit.studio.writes, "conform")
    sg = shotgun_api3.Shotgun(site.url.removesuffix("/api"), script_name="conform", api_key=key)
    fields = ["code", "sg_cut_in", "sg_tide", "sg_fog_density", "sg_is_night", "sg_shot_type", "assets"]
    try:
        found = sg.find_one("Shot", [["id", "is", 713]], fields)
        typed = sg.schema_field_read("Shot", "sg_is_night")["sg_is_night"]["data_type"]["value"]
    finally:
        sg.close()
    assert found == {
        "type": "Shot",
        "id": 713,
        "code": "DOCK_010",
        "sg_cut_in": 1001,
        "sg_tide": "low",
        "sg_fog_density": 0.5,
        "sg_is_night": True,
        "sg_shot_type": "Hero",
        "assets": [{"type": "Asset", "id": 711, "name": "Boat"}],
    }
    assert typed == "checkbox"
