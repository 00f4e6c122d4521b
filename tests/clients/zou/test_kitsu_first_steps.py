"""Kitsu from its log-in page to the tables of assets and shots: its calls in order, by a browser.

The steps and the keys are those of docs/protocols/zou.md 18 (b), 1 to 10; each test goes on where the one
before it ended, with the cookies that the log-in set. Kitsu breaks on a key that is missing.
"""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import requests
import socketio
from PIL import Image

from tests.clients.zou.people.own.site import PASSWORD, OwnSite, own_site
from tests.contracts.statements import noted
from tests.waiting import PATIENCE
from zou_server.services.people.set_password import set_password

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

PROJECT_KEYS = {
    "team",
    "task_types",
    "task_types_priority",
    "task_statuses",
    "task_statuses_link",
    "asset_types",
    "status_automations",
    "preview_background_files",
    "descriptors",
    "first_episode_id",
    "production_type",
    "homepage",
    "fps",
    "ratio",
    "resolution",
    "has_avatar",
    "name",
    "project_status_id",
}
CONTEXT_KEYS = {
    "search_filters",
    "search_filter_groups",
    "project_status",
    "project_roles",
    "departments",
    "studios",
    "preview_background_files",
    "task_status",
    "persons",
    "custom_actions",
    "status_automations",
    "asset_types",
    "notification_count",
    "projects",
    "task_types",
    "plugins",
    "user_limit",
}
TASK_KEYS = {
    "id",
    "duration",
    "due_date",
    "end_date",
    "done_date",
    "entity_id",
    "estimation",
    "is_subscribed",
    "last_comment_date",
    "last_preview_file_id",
    "nb_assets_ready",
    "priority",
    "real_start_date",
    "retake_count",
    "start_date",
    "difficulty",
    "nb_drawings",
    "task_status_id",
    "task_type_id",
    "assignees",
    "data",
}


class Browser:
    """A browser that Kitsu runs in: it keeps cookies and no token."""

    def __init__(self, url: str) -> None:
        self.url, self.session = url, requests.Session()
        self.session.headers["User-Agent"] = FIREFOX

    def ask(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        """One request; the answer's JSON, or its bytes where it is none."""
        answer = self.session.request(method, self.url + path, timeout=60, **options)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:500])
        if answer.headers.get("Content-Type", "").startswith("application/json"):
            return answer.json()
        return answer.content

    def lines(self, path: str) -> list[Any]:
        """The lines of an answer in lines."""
        answer = self.session.get(self.url + path, timeout=60)
        assert answer.headers["Content-Type"].startswith("application/x-ndjson")
        return [json.loads(line) for line in answer.text.splitlines() if line]


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    with own_site(postgres, tmp_path_factory.mktemp("kitsu")) as site:
        yield site


@pytest.fixture(scope="module")
def stranger(site: OwnSite) -> Iterator[Browser]:
    """A browser in which nobody has logged in."""
    browser = Browser(site.url)
    yield browser
    browser.session.close()


@pytest.fixture(scope="module")
def kitsu(site: OwnSite) -> Iterator[Browser]:
    """The browser of an administrator, logged in."""
    admin = site.kit.person("admin")
    set_password(site.kit.studio.writes, admin.person_id, PASSWORD)
    browser = Browser(site.url)
    email = site.kit.row("Person", admin.person_id, "email")
    body = browser.ask("POST", "/auth/login", json={"email": email, "password": PASSWORD})
    assert body["login"] is True
    yield browser
    browser.session.close()


# -- 1 to 3: before and at log-in ----------------------------------------------------------------------------


def test_step_1_config_is_there_before_log_in(stranger: Browser) -> None:
    found = stranger.ask("GET", "/config")
    for key in (
        "is_self_hosted",
        "crisp_token",
        "dark_theme_by_default",
        "indexer_configured",
        "saml_enabled",
        "saml_idp_name",
        "oidc_enabled",
        "oidc_idp_name",
        "default_locale",
        "default_timezone",
        "enforce_2fa",
    ):
        assert key in found
    assert found["is_self_hosted"] is True


def test_step_2_without_cookies_the_log_in_page_is_shown(stranger: Browser) -> None:
    stranger.ask("GET", "/auth/authenticated", status=401)
    stranger.ask("GET", "/data/organisations", status=401)
    stranger.ask("GET", "/data/user/context", status=401)


def test_step_3_a_wrong_password_is_no_log_in(site: OwnSite, stranger: Browser) -> None:
    email = site.kit.row("Person", site.made.lead.person_id, "email")
    body = stranger.ask("POST", "/auth/login", 400, json={"email": email, "password": "wrong"})
    assert body["login"] is False


def test_step_3_the_log_in_sets_cookies(kitsu: Browser) -> None:
    names = {cookie.name for cookie in kitsu.session.cookies}
    assert names == {"access_token_cookie", "refresh_token_cookie"}


# -- 4 to 7: the one big answer ------------------------------------------------------------------------------


def test_step_4_the_caller_and_the_studio_are_known(kitsu: Browser) -> None:
    found = kitsu.ask("GET", "/auth/authenticated")
    assert found["authenticated"] is True
    assert {"id", "full_name", "role", "departments"} <= found["user"].keys()
    assert "organisation" in found


@pytest.fixture(scope="module")
def context(kitsu: Browser) -> dict[str, Any]:
    """The user context."""
    found: dict[str, Any] = kitsu.ask("GET", "/data/user/context")
    return found


def test_step_4_the_context_has_every_key(context: dict[str, Any]) -> None:
    assert context.keys() >= CONTEXT_KEYS
    assert isinstance(context["notification_count"], int)
    for key in ("asset_types", "departments", "persons", "project_status", "task_types", "task_status"):
        assert context[key], key


def test_step_4_projects_carry_what_they_use(site: OwnSite, context: dict[str, Any]) -> None:
    project = next(row for row in context["projects"] if row["id"] == str(site.made.project))
    assert project.keys() >= PROJECT_KEYS
    assert project["first_episode_id"] == str(site.made.episode)
    assert str(site.made.artist.person_id) in project["team"]


def test_step_4_persons_have_a_full_name_and_departments(context: dict[str, Any]) -> None:
    for person in context["persons"]:
        assert {"full_name", "has_avatar", "departments", "role", "active"} <= person.keys()
        assert isinstance(person["departments"], list)


def test_step_4_an_artist_gets_the_same_keys_of_their_own_projects(site: OwnSite) -> None:
    other = site.kit.project()
    artist = site.client(site.made.artist)
    found = artist.session.get(
        f"{site.url}/data/user/context",
        headers={"Authorization": f"Bearer {artist.tokens['access_token']}"},
        timeout=60,
    ).json()
    artist.session.close()
    assert found.keys() >= CONTEXT_KEYS - {"user_limit"}
    assert str(other) not in {row["id"] for row in found["projects"]}
    assert {row["id"] for row in found["projects"]} == {str(site.made.project)}
    assert all("email" not in row for row in found["persons"])


def test_step_4_the_context_takes_few_statements_however_many_projects(site: OwnSite, kitsu: Browser) -> None:
    engines = (site.kit.studio.reads, site.kit.studio.writes, *_engines(site))
    with noted(*engines) as statements:
        counts = []
        for _ in range(2):
            kitsu.ask("GET", "/data/user/context")
            statements.clear()
            kitsu.ask("GET", "/data/user/context")
            counts.append(len(statements))
            for _ in range(20):
                project = site.kit.project()
                site.kit.create("Membership", project_id=project, person_id=site.made.artist.person_id)
    assert counts[0] == counts[1] <= 3


def _engines(site: OwnSite) -> tuple[Any, ...]:
    studio = site.app.extensions["studio"]
    return (studio.reads, studio.writes)


def test_step_5_events_come_by_the_cookie_of_the_log_in(site: OwnSite, kitsu: Browser) -> None:
    heard, news = [], threading.Event()

    def hear(data: Any) -> None:
        heard.append(data)
        news.set()

    listener = socketio.Client(reconnection=False, http_session=kitsu.session)
    listener.on("person:update", hear, "/events")
    listener.connect(site.url, {"Origin": site.url.removesuffix("/api")}, namespaces=["/events"])
    person = str(site.made.artist.person_id)
    kitsu.ask("PUT", f"/data/persons/{person}", json={"position": "lead"})
    assert news.wait(PATIENCE)
    assert heard == [{"person_id": person}]
    listener.disconnect()
    listener.shutdown()


def test_step_5_without_a_cookie_nobody_listens(site: OwnSite, stranger: Browser) -> None:
    listener = socketio.Client(reconnection=False, http_session=stranger.session)
    with pytest.raises(socketio.exceptions.ConnectionError, match="/events"):
        listener.connect(site.url, namespaces=["/events"])
    listener.shutdown()


def test_step_6_pictures_are_served_once_they_are_there(site: OwnSite, kitsu: Browser) -> None:
    path = f"/pictures/thumbnails/projects/{site.made.project}"
    kitsu.ask("GET", f"{path}.png", status=404)
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(buffer, "PNG")
    kitsu.ask("POST", path, 201, files={"file": ("cover.png", buffer.getvalue(), "image/png")})
    assert kitsu.ask("GET", f"{path}.png").startswith(b"\x89PNG")
    projects = kitsu.ask("GET", "/data/projects/open")
    assert {row["id"]: row["has_avatar"] for row in projects}[str(site.made.project)] is True


def test_step_7_the_list_of_productions(site: OwnSite, kitsu: Browser) -> None:
    stats = kitsu.ask("GET", "/data/tasks/open-tasks/stats")
    assert stats[str(site.made.project)]["amount"] == len(site.made.tasks)
    for path in ("/data/projects/all", "/data/projects/open"):
        rows = {row["id"]: row for row in kitsu.ask("GET", path)}
        assert rows[str(site.made.project)].keys() >= PROJECT_KEYS


# -- 8: a new production -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def production(kitsu: Browser, context: dict[str, Any]) -> SimpleNamespace:
    """A production as Kitsu's wizard makes it."""
    assert isinstance(kitsu.ask("GET", "/data/project-templates"), list)
    body = {"name": "Kitsu's own", "production_type": "short", "production_style": "3d", "fps": "25"}
    project = kitsu.ask("POST", "/data/projects/", 201, json=body)
    steps = {step["name"]: step for step in context["task_types"]}
    step = {"asset": steps["Modeling"]["id"], "shot": steps["Animation"]["id"]}
    settings = f"/data/projects/{project['id']}/settings"
    asset_type = context["asset_types"][0]
    status = next(row for row in context["task_status"] if row["is_default"])
    for kind, key, id_ in (
        ("task-types", "task_type_id", step["asset"]),
        ("task-types", "task_type_id", step["shot"]),
        ("task-status", "task_status_id", status["id"]),
        ("asset-types", "asset_type_id", asset_type["id"]),
    ):
        kitsu.ask("POST", f"{settings}/{kind}", 201, json={key: id_})
    link = {"project_id": project["id"], "task_type_id": step["asset"], "priority": 2}
    kitsu.ask("POST", "/data/task-type-links", 201, json=link)
    person = context["persons"][0]["id"]
    kitsu.ask("POST", f"/data/projects/{project['id']}/team", 201, json={"person_id": person})
    field = {"name": "Lens", "entity_type": "Shot", "data_type": "string", "choices": [], "departments": []}
    kitsu.ask("POST", f"/data/projects/{project['id']}/metadata-descriptors", 201, json=field)
    return SimpleNamespace(
        id=project["id"], step=step, asset_type=asset_type["id"], status=status["id"], person=person
    )


def test_step_8_a_new_production_is_in_the_context_with_its_settings(
    kitsu: Browser, production: SimpleNamespace
) -> None:
    rows = {row["id"]: row for row in kitsu.ask("GET", "/data/user/context")["projects"]}
    project = rows[production.id]
    assert set(project["task_types"]) == set(production.step.values())
    assert project["task_types_priority"][production.step["asset"]] == 2
    assert production.status in project["task_statuses_link"]
    assert project["task_statuses_link"][production.status].keys() >= {"priority", "roles_for_board"}
    assert project["asset_types"] == [production.asset_type]
    assert production.person in project["team"]
    (field,) = project["descriptors"]
    assert (field["field_name"], field["entity_type"]) == ("lens", "Shot")
    assert field.keys() >= {"id", "name", "data_type", "choices", "for_client", "departments", "position"}


# -- 9: assets -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def asset(kitsu: Browser, production: SimpleNamespace) -> dict[str, Any]:
    """An asset with its task."""
    path = f"/data/projects/{production.id}/asset-types/{production.asset_type}/assets/new"
    body: dict[str, Any] = {
        "name": "Tree",
        "description": "",
        "episode_id": None,
        "is_shared": False,
        "data": {},
    }
    made: dict[str, Any] = kitsu.ask("POST", path, 201, json=body)
    step = production.step["asset"]
    tasks = f"/actions/projects/{production.id}/task-types/{step}/assets/create-tasks?id={made['id']}"
    assert len(kitsu.ask("POST", tasks, 201)) == 1
    return made


def test_step_9_assets_come_in_compact_lines(
    kitsu: Browser, production: SimpleNamespace, asset: dict[str, Any]
) -> None:
    path = f"/data/assets/with-tasks?project_id={production.id}"
    head, *rows = kitsu.lines(f"{path}&stream=true&compact=true")
    assert head["compact"] is True
    row = dict(zip(head["asset_fields"], rows[0], strict=True))
    task = dict(zip(head["task_fields"], row["tasks"][0], strict=True))
    assert (row["id"], row["name"], row["casting_episode_ids"]) == (asset["id"], "Tree", [])
    assert task.keys() >= TASK_KEYS
    plain = kitsu.ask("GET", path)
    assert [{**row, "tasks": [task]}] == plain


def test_step_9_an_asset_is_changed_and_removed(
    kitsu: Browser, production: SimpleNamespace, asset: dict[str, Any]
) -> None:
    assert kitsu.ask("GET", f"/data/projects/{production.id}/assets/shared-used") == []
    changed = kitsu.ask("PUT", f"/data/entities/{asset['id']}", json={"description": "big"})
    assert changed["description"] == "big"
    kitsu.ask("DELETE", f"/data/assets/{asset['id']}", 204)  # it has a task: canceled
    path = f"/data/assets/with-tasks?project_id={production.id}"
    assert [row["canceled"] for row in kitsu.ask("GET", path)] == [True]
    kitsu.ask("DELETE", f"/data/assets/{asset['id']}?force=true", 204)
    assert kitsu.ask("GET", path) == []


@pytest.mark.parametrize(("episode", "names"), [("all", ["cast", "main", "own"]), ("main", ["cast", "main"])])
def test_step_9_assets_of_a_series_are_asked_for_by_episode(
    site: OwnSite, kitsu: Browser, episode: str, names: list[str]
) -> None:
    kit, made = site.kit, site.made
    project = kit.project(production_type="tvshow")
    place = {"project_id": project, "entity_type_id": made.asset_type}
    first = kit.create("Episode", name="E01", project_id=project)
    kit.create("Asset", name="main", **place)
    kit.create("Asset", name="own", source_id=first, **place)
    cast = kit.create("Asset", name="cast", **place)
    kit.create("EntityLink", entity_in_id=first, entity_out_id=cast)
    path = f"/data/assets/with-tasks?project_id={project}"
    rows = kitsu.ask("GET", f"{path}&episode_id={episode}")
    assert sorted(row["name"] for row in rows) == names
    below = {row["name"]: row for row in kitsu.ask("GET", f"{path}&episode_id={first}")}
    assert sorted(below) == ["cast", "own"]
    assert below["cast"]["casting_episode_ids"] == [str(first)]


# -- 10: shots -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shot(kitsu: Browser, production: SimpleNamespace) -> SimpleNamespace:
    """A shot in a sequence, with its task."""
    below = f"/data/projects/{production.id}"
    sequence = kitsu.ask("POST", f"{below}/sequences", 201, json={"name": "sq010", "description": ""})
    body = {"name": "sh0010", "sequence_id": sequence["id"], "data": {"frame_in": 1, "frame_out": 48}}
    made = kitsu.ask("POST", f"{below}/shots", 201, json=body)
    step = production.step["shot"]
    tasks = f"/actions/projects/{production.id}/task-types/{step}/shots/create-tasks?id={made['id']}"
    (task,) = kitsu.ask("POST", tasks, 201)
    return SimpleNamespace(id=made["id"], sequence=sequence["id"], task=task["id"])


def test_step_10_shots_come_in_compact_lines_and_as_json(
    kitsu: Browser, production: SimpleNamespace, shot: SimpleNamespace
) -> None:
    sequences = kitsu.ask("GET", f"/data/projects/{production.id}/sequences")
    assert [row["id"] for row in sequences] == [shot.sequence]
    path = f"/data/shots/with-tasks?project_id={production.id}"
    head, line = kitsu.lines(f"{path}&stream=true&compact=true")
    row = dict(zip(head["shot_fields"], line, strict=True))
    row["tasks"] = [dict(zip(head["task_fields"], task, strict=True)) for task in row["tasks"]]
    assert (row["name"], row["sequence_name"], row["frame_in"], row["frame_out"]) == (
        "sh0010",
        "sq010",
        1,
        48,
    )
    assert row["tasks"][0].keys() >= TASK_KEYS
    assert kitsu.ask("GET", path) == [row]
    assert kitsu.lines(f"{path}&stream=true") == [{"compact": False}, row]
    assert kitsu.lines(f"{path}&stream=true&name=no+such") == [{"compact": False}]


def test_step_10_the_table_says_whether_one_is_subscribed(
    kitsu: Browser, production: SimpleNamespace, shot: SimpleNamespace
) -> None:
    path = f"/data/shots/with-tasks?project_id={production.id}"
    assert kitsu.ask("GET", path)[0]["tasks"][0]["is_subscribed"] is False
    kitsu.ask("POST", f"/actions/user/tasks/{shot.task}/subscribe", 201, json={})
    assert kitsu.ask("GET", path)[0]["tasks"][0]["is_subscribed"] is True
    kitsu.ask("DELETE", f"/actions/user/tasks/{shot.task}/unsubscribe", 204)


def test_step_10_a_shot_is_changed_and_shots_are_imported(
    kitsu: Browser, production: SimpleNamespace, shot: SimpleNamespace
) -> None:
    assert kitsu.ask("PUT", f"/data/entities/{shot.id}", json={"nb_frames": 48})["nb_frames"] == 48
    sheet = "Sequence,Name,Frames\nsq010,sh0020,12\n"
    path = f"/import/csv/projects/{production.id}/shots?update=true"
    kitsu.ask("POST", path, 201, files={"file": ("shots.csv", sheet, "text/csv")})
    rows = kitsu.ask("GET", f"/data/shots/with-tasks?project_id={production.id}")
    assert [row["name"] for row in rows] == ["sh0010", "sh0020"]
