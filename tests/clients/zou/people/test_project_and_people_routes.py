"""Projects, people, playlists and deletion over HTTP: who may, what is refused, and what is left then."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.test import TestResponse

from tests.contracts.world import PASSWORD, World, open_world
from tests.studio import unique
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres


class Site:
    """An application with one project, and people who speak to it."""

    def __init__(self, world: World) -> None:
        self.world, self.kit = world, world.kit
        self.project = self.kit.project()
        self.admin = self.token(world.admin.login)

    def token(self, login: str) -> str:
        """Log in."""
        body = {"email": login, "password": PASSWORD}
        answer = self.world.app.test_client().post("/auth/login", json=body)
        token: str = answer.get_json()["access_token"]
        return token

    def person(self, role: str, teams: Mapping[uuid.UUID, str | None] | None = None) -> tuple[str, str]:
        """Somebody on the team: their id and token."""
        actor = self.kit.person(role, {self.project: None} if teams is None else teams)
        return str(actor.person_id), self.token(self.world.caller(actor).login)

    def send(self, method: str, path: str, token: str = "", body: Any = None) -> TestResponse:
        """One request."""
        headers = {"Authorization": f"Bearer {token or self.admin}"}
        options = {} if body is None else {"json": body}
        return self.world.app.test_client().open(path, method=method, headers=headers, **options)

    def playlist(self, **more: Any) -> dict[str, Any]:
        """A new playlist."""
        body = {"name": unique("Playlist"), "project_id": str(self.project), **more}
        found: dict[str, Any] = self.send("POST", "/data/playlists", body=body).get_json()
        return found


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The application."""
    with open_world(postgres, tmp_path_factory.mktemp("people")) as world:
        yield Site(world)


def message(answer: TestResponse) -> str:
    return str(answer.get_json()["message"])


# -- deletion ------------------------------------------------------------------------------------------------


def close(site: Site, project: uuid.UUID) -> None:
    closed = site.send("GET", "/data/project-status?name=Closed").get_json()[0]["id"]
    site.kit.update("Project", project, project_status_id=closed)


def test_an_open_project_cannot_be_removed_even_by_force(site: Site) -> None:
    project = site.kit.project()
    answer = site.send("DELETE", f"/data/projects/{project}?force=true")
    assert (answer.status_code, message(answer)) == (400, "Only closed projects can be deleted")


def test_a_closed_project_with_shots_goes_only_by_force(site: Site) -> None:
    project = site.kit.project()
    shot = site.kit.shot(project)
    close(site, project)
    assert site.send("DELETE", f"/data/projects/{project}").status_code == 400
    assert site.send("DELETE", f"/data/projects/{project}?force=true").status_code == 204
    assert site.send("GET", f"/data/shots/{shot}").status_code == 404


def test_somebody_who_may_not_see_a_project_learns_nothing_of_its_state(site: Site) -> None:
    _, stranger = site.person("manager", {})
    assert site.send("DELETE", f"/data/projects/{site.project}", stranger).status_code == 404


@pytest.mark.parametrize(("above", "below"), [("Sequence", "Shot"), ("Episode", "Sequence")])
def test_what_others_hang_on_goes_only_by_force(site: Site, above: str, below: str) -> None:
    parent = site.kit.create(above, name=unique(above), project_id=site.project)
    child = site.kit.create(below, name=unique(below), project_id=site.project, parent_id=parent)
    path = f"/data/{facet(above).plural}/{parent}"
    assert site.send("DELETE", path).status_code == 400
    assert site.send("DELETE", f"{path}?force=true").status_code == 204
    assert site.kit.row(below, child, "id") is None


def test_the_assets_made_for_an_episode_go_with_it(site: Site) -> None:
    episode = site.kit.create("Episode", name=unique("E"), project_id=site.project)
    type_ = site.kit.create("AssetType", name=unique("Type")[:30])
    values: dict[str, Any] = {"name": unique("Asset"), "project_id": site.project, "entity_type_id": type_}
    asset = site.kit.create("Asset", source_id=episode, **values)
    assert site.send("DELETE", f"/data/episodes/{episode}").status_code == 400
    assert site.send("DELETE", f"/data/episodes/{episode}?force=true").status_code == 204
    assert site.kit.row("Asset", asset, "id") is None


def test_a_person_who_left_traces_goes_only_by_force_and_their_words_stay(site: Site) -> None:
    person, token = site.person("user")
    task = site.kit.create("Task", entity_id=site.kit.shot(site.project))
    note = site.kit.create("Note", object_id=task, text="Look", person_id=person)
    assert site.send("DELETE", f"/data/persons/{person}").status_code == 400
    assert site.send("DELETE", f"/data/persons/{person}?force=true").status_code == 204
    assert site.kit.row("Note", note, "text") == "Look"
    assert site.send("GET", "/auth/authenticated", token).status_code == 401


def test_many_entities_are_removed_or_none(site: Site) -> None:
    here, elsewhere = site.kit.shot(site.project), site.kit.shot(site.kit.project())
    path = f"/actions/projects/{site.project}/delete-entities"
    assert site.send("POST", path, body=[str(here), str(elsewhere)]).status_code == 404
    assert site.kit.row("Shot", here, "id") == str(here)
    assert site.send("POST", path, body=[str(here)]).get_json() == [str(here)]
    _, supervisor = site.person("supervisor")
    other = site.kit.shot(site.project)
    assert site.send("POST", path, supervisor, [str(other)]).status_code == 403


# -- people --------------------------------------------------------------------------------------------------


def test_a_new_password_ends_the_sessions_of_the_person(site: Site) -> None:
    person, token = site.person("user")
    body = {"password": "another good one", "password_2": "another good one"}
    assert site.send("POST", f"/actions/persons/{person}/change-password", body=body).status_code == 200
    assert site.send("GET", "/auth/authenticated", token).status_code == 401


@pytest.mark.parametrize("role", ["manager", "supervisor", "user"])
def test_only_administrators_change_the_passwords_of_others(site: Site, role: str) -> None:
    person, mine = site.person("user")
    _, token = site.person(role)
    body = {"password": "another good one", "password_2": "another good one"}
    assert site.send("POST", f"/actions/persons/{person}/change-password", token, body).status_code == 403
    assert site.send("GET", "/auth/authenticated", mine).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"password": "another good one", "password_2": "not the same"},
        {"password": "short", "password_2": "short"},
        {"password": "another good one"},
        {"password": "another good one", "password_2": "another good one", "more": 1},
    ],
)
def test_a_bad_new_password_is_refused(site: Site, body: dict[str, Any]) -> None:
    person, token = site.person("user")
    assert site.send("POST", f"/actions/persons/{person}/change-password", body=body).status_code == 400
    assert site.send("GET", "/auth/authenticated", token).status_code == 200


def test_a_person_with_a_bad_password_is_not_made_at_all(site: Site) -> None:
    mail = f"{uuid.uuid4().hex}@example.com"
    body = {"first_name": "Ada", "last_name": "L", "email": mail, "password": "short"}
    assert site.send("POST", "/data/persons", body=body).status_code == 400
    assert site.send("GET", f"/data/persons?email={mail}").get_json() == []


def test_two_people_without_a_log_in_name_of_their_own_can_be_made(site: Site) -> None:
    for _ in range(2):
        body = {
            "first_name": "Ada",
            "last_name": "L",
            "email": f"{uuid.uuid4().hex}@example.com",
            "desktop_login": "",
        }
        assert site.send("POST", "/data/persons", body=body).status_code == 201


def test_a_bots_token_is_told_once_and_a_new_one_ends_the_old(site: Site) -> None:
    body = {"first_name": "Robot", "last_name": "", "email": f"{uuid.uuid4().hex}@x.com", "is_bot": True}
    made = site.send("POST", "/data/persons", body=body).get_json()
    assert site.send("GET", "/auth/authenticated", made["access_token"]).status_code == 200
    assert "access_token" not in site.send("GET", f"/data/persons/{made['id']}").get_json()
    plain = site.send("PUT", f"/data/persons/{made['id']}", body={"phone": "1"}).get_json()
    assert "access_token" not in plain
    body = {"expiration_date": "2099-12-31"}
    later = site.send("PUT", f"/data/persons/{made['id']}", body=body).get_json()
    assert site.send("GET", "/auth/authenticated", later["access_token"]).status_code == 200
    assert site.send("GET", "/auth/authenticated", made["access_token"]).status_code == 401


# -- days off ------------------------------------------------------------------------------------------------


def test_one_plans_ones_own_days_off_and_a_manager_those_of_others(site: Site) -> None:
    me, mine = site.person("user")
    other, _ = site.person("user")
    _, manager = site.person("manager")
    span = {"date": "2030-05-01", "end_date": "2030-05-03"}
    assert site.send("POST", "/data/day-offs", mine, {**span, "person_id": me}).status_code == 201
    assert site.send("POST", "/data/day-offs", mine, {**span, "person_id": other}).status_code == 403
    assert site.send("POST", "/data/day-offs", manager, {**span, "person_id": other}).status_code == 201


def test_nobody_but_managers_sees_the_days_off_of_others(site: Site) -> None:
    other = site.kit.person("user", {site.project: None})
    made = site.kit.create(
        "DayOff", person_id=other.person_id, date="2030-05-01", end_date="2030-05-01", description="Doctor"
    )
    for role, status in (("user", 404), ("supervisor", 404), ("vendor", 404), ("manager", 200)):
        assert site.send("GET", f"/data/day-offs/{made}", site.person(role)[1]).status_code == status


def test_days_off_that_overlap_or_end_before_they_begin_are_refused(site: Site) -> None:
    me, mine = site.person("user")
    body = {"person_id": me, "date": "2030-05-05", "end_date": "2030-05-07"}
    made = site.send("POST", "/data/day-offs", mine, body).get_json()
    for first, last in (("2030-05-07", "2030-05-09"), ("2030-05-01", "2030-05-31"), ("2030-05-06", None)):
        again = {"person_id": me, "date": first, "end_date": last}
        assert site.send("POST", "/data/day-offs", mine, again).status_code == 400
    body = {"date": "2030-05-09", "end_date": "2030-05-08"}
    assert site.send("PUT", f"/data/day-offs/{made['id']}", mine, body).status_code == 400
    body = {"date": "2030-05-06", "end_date": "2030-05-06"}
    assert site.send("PUT", f"/data/day-offs/{made['id']}", mine, body).status_code == 200


@pytest.mark.parametrize(
    "path", ["week/2030/54", "month/2030/13", "year/0", "year/12345", "month/x/1", "2030-02-30"]
)
def test_a_span_that_there_is_not_is_refused(site: Site, path: str) -> None:
    person, token = site.person("user")
    assert site.send("GET", f"/data/persons/{person}/day-offs/{path}", token).status_code == 400


# -- time ----------------------------------------------------------------------------------------------------


def test_the_tables_of_time_add_up_by_person_and_part_of_the_date(site: Site) -> None:
    person, _ = site.person("user")
    shot = site.kit.shot(site.project)
    step = site.kit.create("TaskType", name=unique("Step"))
    tasks = [site.kit.create("Task", entity_id=shot, task_type_id=step, name=name) for name in ("one", "two")]
    for task, day in zip((*tasks, tasks[0]), ("2031-03-04", "2031-03-04", "2031-04-01"), strict=True):
        site.kit.create("TimeSpent", task_id=task, person_id=person, date=day, duration=30)
    tables = {
        "day-table/2031/03": {"4": 60},
        "week-table/2031": {"10": 60, "14": 30},
        "month-table/2031": {"3": 60, "4": 30},
        "year-table": {"2031": 90},
        f"year-table?project_id={site.kit.project()}": {},
    }
    for path, wanted in tables.items():
        found = site.send("GET", f"/data/persons/time-spents/{path}").get_json()
        assert {part: people[person] for part, people in found.items() if person in people} == wanted, path
    by_task = site.send("GET", f"/data/persons/{person}/time-spents/month/2031/03").get_json()
    assert sorted(row["duration"] for row in by_task) == [30, 30]
    day = site.send("GET", f"/data/persons/{person}/time-spents/day/2031/3/4").get_json()
    assert len(day) == 2


def test_a_week_at_the_end_of_a_year_belongs_to_one_year(site: Site) -> None:
    person, _ = site.person("user")
    step = site.kit.create("TaskType", name=unique("Step"))
    task = site.kit.create("Task", entity_id=site.kit.shot(site.project), task_type_id=step)
    days = {"2020-12-28": 720, "2020-12-31": 720, "2021-01-01": 180, "2021-01-02": 180, "2024-12-30": 60}
    for day, minutes in {**days, "2021-01-04": 30, "2019-12-30": 15}.items():
        site.kit.create("TimeSpent", task_id=task, person_id=person, date=day, duration=minutes)
    for year, weeks in {
        "2019": {},
        "2020": {"1": 15, "53": 1800},
        "2021": {"1": 30},
        "2024": {},
        "2025": {"1": 60},
    }.items():
        table = site.send("GET", f"/data/persons/time-spents/week-table/{year}").get_json()
        found = {week: people[person] for week, people in table.items() if person in people}
        assert found == weeks, year
        for week, minutes in weeks.items():
            rows = site.send("GET", f"/data/persons/{person}/time-spents/week/{year}/{week}").get_json()
            assert [row["duration"] for row in rows] == [minutes]


def test_people_are_present_on_the_day_that_it_is_where_they_live(site: Site) -> None:
    person, _ = site.person("user")
    site.kit.update("Person", uuid.UUID(person), timezone="America/Los_Angeles", last_name=unique("West"))
    for moment in ("2031-03-05T02:00:00Z", "2031-04-01T05:00:00Z", "2031-03-01T05:00:00Z"):
        site.kit.create("DesktopLoginLog", person_id=person, date=moment)
    name = site.send("GET", f"/data/persons/{person}").get_json()["full_name"]
    lines = site.send("GET", "/data/persons/presence-logs/2031-03").get_data(as_text=True).splitlines()
    (marks,) = [line.split(";")[1:] for line in lines if line.startswith(name)]
    assert [day for day, mark in enumerate(marks, 1) if mark] == [4, 31]


# -- projects ------------------------------------------------------------------------------------------------


def test_a_project_may_be_posted_with_a_slash_at_the_end(site: Site) -> None:
    answer = site.send("POST", "/data/projects/", body={"name": unique("Project")})
    assert answer.status_code == 201


def test_a_series_starts_with_an_episode_and_a_film_with_none(site: Site) -> None:
    body = {"name": unique("Project"), "production_type": "tvshow"}
    series = site.send("POST", "/data/projects", body=body).get_json()
    assert site.kit.row("Episode", series["first_episode_id"], "name") == "E01"
    film = site.send("POST", "/data/projects", body={"name": unique("Project")}).get_json()
    assert film["first_episode_id"] is None


def test_several_settings_are_enabled_at_once_or_not_at_all(site: Site) -> None:
    project = site.kit.project()
    step = str(site.kit.create("TaskType", name=unique("Step")))
    status = site.send("GET", "/data/task-status?short_name=wip").get_json()[0]["id"]
    path = f"/data/projects/{project}/settings/batch"
    wrong = {"task_types": [step], "task_statuses": [str(uuid.uuid4())]}
    assert site.send("POST", path, body=wrong).status_code == 400
    assert site.send("POST", path, body={"colours": []}).status_code == 400
    body = {"task_types": [{"task_type_id": step, "priority": 7}], "task_statuses": [status]}
    made = site.send("POST", path, body=body)
    assert made.status_code == 200
    assert (made.get_json()["task_types"], made.get_json()["task_statuses"]) == ([step], [status])
    opened = site.send("GET", f"/data/projects/open?id={project}").get_json()[0]
    assert opened["task_types_priority"] == {step: 7}


def test_settings_are_enabled_as_kitsus_form_for_a_new_production_sends_them(site: Site) -> None:
    project = site.kit.project()
    step = str(site.kit.create("TaskType", name=unique("Step")))
    kind = str(site.kit.create("AssetType", name=unique("Kind")))
    status = site.send("GET", "/data/task-status?short_name=wip").get_json()[0]["id"]
    body = {
        "task_types": [{"task_type_id": step, "priority": 1}],
        "task_status_ids": [status],
        "asset_type_ids": [kind],
    }
    made = site.send("POST", f"/data/projects/{project}/settings/batch", body=body).get_json()
    assert [made[key] for key in ("task_types", "task_statuses", "asset_types")] == [[step], [status], [kind]]


@pytest.mark.parametrize("role", ["supervisor", "user", "client", "vendor"])
def test_only_managers_change_settings_and_the_team(site: Site, role: str) -> None:
    _, token = site.person(role)
    step = str(site.kit.create("TaskType", name=unique("Step")))
    person, _ = site.person("user", {})
    base = f"/data/projects/{site.project}"
    assert site.send("POST", f"{base}/settings/task-types", token, {"task_type_id": step}).status_code == 403
    # Who comes from outside does not know the person either, whom they cannot name.
    refused = 400 if role in ("client", "vendor") else 403
    assert site.send("POST", f"{base}/team", token, {"person_id": person}).status_code == refused


def test_nobody_becomes_an_administrator_of_one_project(site: Site) -> None:
    person, _ = site.person("user", {})
    body = {"person_id": person, "role": "admin"}
    assert site.send("POST", f"/data/projects/{site.project}/team", body=body).status_code == 400
    assert site.send("GET", f"/data/projects/{site.project}/team?id={person}").get_json() == []


@pytest.mark.parametrize(("role", "count"), [("manager", 1), ("supervisor", 0), ("user", 0), ("vendor", 0)])
def test_budgets_are_seen_by_managers_only(site: Site, role: str, count: int) -> None:
    project = site.kit.project()
    budget = site.kit.create("Budget", name="Plan", project_id=project)
    site.kit.create("BudgetEntry", budget_id=budget, daily_salary=300)
    _, token = site.person(role, {project: None})
    assert len(site.send("GET", f"/data/projects/{project}/budgets", token).get_json()) == count
    assert len(site.send("GET", "/data/budget-entries", token).get_json()) == count


def test_a_budget_of_another_project_is_not_found_below_this_one(site: Site) -> None:
    budget = site.kit.create("Budget", name="Plan", project_id=site.kit.project())
    path = f"/data/projects/{site.project}/budgets/{budget}"
    assert [site.send(method, path, body={}).status_code for method in ("GET", "PUT", "DELETE")] == [404] * 3


# -- playlists -----------------------------------------------------------------------------------------------


def test_two_who_add_to_a_playlist_at_once_both_find_theirs_in_it(site: Site) -> None:
    playlist = site.playlist()
    shots = [str(site.kit.shot(site.project)) for _ in range(8)]
    path = f"/actions/playlists/{playlist['id']}/add-entity"
    threads = [
        threading.Thread(target=site.send, args=("POST", path, "", {"entity_id": shot})) for shot in shots
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = site.send("GET", f"/data/playlists/{playlist['id']}").get_json()["shots"]
    assert sorted(entry["entity_id"] for entry in found) == sorted(shots)


def test_a_playlist_holds_only_what_is_in_its_project(site: Site) -> None:
    playlist = site.playlist()
    stranger = str(site.kit.shot(site.kit.project()))
    path = f"/actions/playlists/{playlist['id']}/add-entity"
    for entity in (stranger, str(uuid.uuid4()), "nonsense"):
        assert site.send("POST", path, body={"entity_id": entity}).status_code == 400
    whole = {"shots": [{"entity_id": stranger}]}
    assert site.send("PUT", f"/data/playlists/{playlist['id']}", body=whole).status_code == 400


def test_a_playlist_is_read_with_the_takes_of_its_entities_by_step(site: Site) -> None:
    shot = site.kit.shot(site.project)
    step = site.kit.create("TaskType", name=unique("Step"))
    task = site.kit.create("Task", entity_id=shot, task_type_id=step)
    takes = [
        site.kit.create("PreviewFile", task_id=task, name=unique("take"), revision=revision, position=place)
        for revision, place in ((1, 1), (2, 1), (2, 2))
    ]
    playlist = site.playlist(shots=[{"entity_id": str(shot), "preview_file_id": str(takes[0])}])
    path = f"/data/projects/{site.project}/playlists/{playlist['id']}"
    (entry,) = site.send("GET", path).get_json()["shots"]
    shown = entry["preview_files"][str(step)]
    assert [take["id"] for take in shown] == [str(takes[1]), str(takes[0])]
    assert [take["id"] for take in shown[0]["previews"]] == [str(takes[2])]
    assert (entry["preview_file_id"], entry["preview_file_revision"]) == (str(takes[0]), 1)


def test_a_temporary_playlist_has_each_entity_of_the_tasks_once(site: Site) -> None:
    shot = site.kit.shot(site.project)
    tasks = [
        str(
            site.kit.create(
                "Task", entity_id=shot, task_type_id=site.kit.create("TaskType", name=unique("S"))
            )
        )
        for _ in range(2)
    ]
    path = f"/data/projects/{site.project}/playlists/temp"
    found = site.send("POST", path, body={"task_ids": tasks}).get_json()
    assert [entry["entity_id"] for entry in found] == [str(shot)]
    assert site.send("POST", path, body={"task_ids": "x"}).status_code == 400


def test_clients_see_the_playlists_made_for_them_and_vendors_none(site: Site) -> None:
    project = site.kit.project()
    made = [
        str(site.kit.create("Playlist", name=name, project_id=project, for_client=for_client))
        for name, for_client in (("Ours", False), ("Theirs", True))
    ]
    seen = {
        role: {
            row["id"]
            for row in site.send(
                "GET", f"/data/projects/{project}/playlists", site.person(role, {project: None})[1]
            ).get_json()
        }
        for role in ("user", "client", "vendor")
    }
    assert seen == {"user": set(made), "client": {made[1]}, "vendor": set()}


def test_a_page_of_playlists_is_a_bare_list_in_the_order_asked_for(site: Site) -> None:
    project = site.kit.project()
    site.kit.execute(
        *(Create(facet("Playlist"), {"name": f"P{each:02}", "project_id": project}) for each in range(25))
    )
    path = f"/data/projects/{project}/playlists?sort_by=name&page="
    pages = [site.send("GET", f"{path}{page}").get_json() for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 5, 0]
    assert pages[0][0]["name"] == "P00"
    assert site.send("GET", f"/data/projects/{project}/playlists?sort_by=colour").status_code == 400


def test_a_supervisor_changes_their_own_playlists_and_a_manager_all(site: Site) -> None:
    _, supervisor = site.person("supervisor")
    _, other = site.person("supervisor")
    _, manager = site.person("manager")
    body = {"name": unique("Mine"), "project_id": str(site.project)}
    made = site.send("POST", "/data/playlists", supervisor, body).get_json()
    path = f"/data/playlists/{made['id']}"
    statuses = [
        site.send("PUT", path, token, {"for_client": True}).status_code
        for token in (supervisor, manager, other, site.person("user")[1])
    ]
    assert statuses == [200, 200, 403, 403]
