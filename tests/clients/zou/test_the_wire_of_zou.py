"""What Zou 1.0.97 answers and other tests do not look at: keys, shapes and statuses, held against it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.test import TestResponse

from tests.clients.zou.people.own.site import OwnSite, own_site
from tests.contracts.statements import noted

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres

TWO_FACTORS = ("totp_enabled", "email_otp_enabled", "fido_enabled")
TASK_KEYS = {"id", "assignees", "is_subscribed", "task_status_id", "task_type_id", "last_comment_date"}
AUTHOR_KEYS = {"id", "first_name", "last_name", "full_name", "has_avatar", "role"}


class Wire:
    """The studio as one person asks it."""

    def __init__(self, site: OwnSite, token: str) -> None:
        self.site, self.made = site, site.made
        self.headers = {"Authorization": f"Bearer {token}"}

    def send(self, method: str, path: str, body: Any = None, **options: Any) -> TestResponse:
        """One request."""
        options |= {} if body is None else {"json": body}
        return self.site.app.test_client().open(f"/api{path}", method=method, headers=self.headers, **options)

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """The JSON of an answer that has this status."""
        answer = self.send(method, path, body)
        assert answer.status_code == status, (path, answer.text)
        return answer.get_json()

    def comment(self, task: str = "shot", **more: Any) -> dict[str, Any]:
        """A comment on a task, as it is answered."""
        body = {"task_status_id": str(self.made.statuses["wip"]), "comment": "words", **more}
        path = f"/actions/tasks/{self.made.tasks[task]}/comment"
        found: dict[str, Any] = self.ask("POST", path, body, 201)
        return found


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    with own_site(postgres, tmp_path_factory.mktemp("wire")) as site:
        yield site


@pytest.fixture(scope="module")
def admin(site: OwnSite) -> Wire:
    """An administrator."""
    return Wire(site, site.client(site.kit.person("admin", {site.made.project: None})).access_token)


@pytest.fixture(scope="module")
def artist(site: OwnSite) -> Wire:
    """The artist who works on the tasks."""
    return Wire(site, site.client(site.made.artist).access_token)


# -- people and projects -------------------------------------------------------------------------------------


def test_a_person_says_that_there_is_no_second_factor(admin: Wire) -> None:
    person = admin.ask("GET", f"/data/persons/{admin.made.artist.person_id}")
    assert [person[key] for key in TWO_FACTORS] == [False, False, False]
    assert person["preferred_two_factor_authentication"] is None
    assert admin.ask("PUT", f"/data/persons/{person['id']}", person)["id"] == person["id"]


def test_what_clients_see_of_a_project_can_be_switched_off(admin: Wire) -> None:
    path = f"/data/projects/{admin.made.project}"
    keys = [f"is_client_{what}_visible" for what in ("stats", "task_list", "task_panel")]
    assert [admin.ask("GET", path)[key] for key in keys] == [True, True, True]
    changed = admin.ask("PUT", path, dict.fromkeys(keys, False))
    assert [changed[key] for key in keys] == [False, False, False]


def test_a_project_alone_says_what_it_uses_as_the_list_of_open_ones_does(admin: Wire) -> None:
    step, status = (str(each) for each in (admin.made.steps["Animation"], admin.made.statuses["wip"]))
    project = str(admin.made.project)
    link = admin.ask(
        "POST",
        "/data/task-type-links",
        {"project_id": project, "task_type_id": step, "priority": 3, "is_client_visible": False},
        201,
    )
    assert (link["type"], link["priority"], link["hd_bitrate_compression"]) == (
        "ProjectTaskTypeLink",
        3,
        None,
    )
    body = {"project_id": project, "task_status_id": status, "is_client_allowed": True}
    assert admin.ask("POST", "/data/task-status-links", body, 201)["type"] == "ProjectTaskStatusLink"
    one = admin.ask("GET", f"/data/projects/{project}")
    assert one["task_types_priority"][step] == 3
    assert one["task_type_links"][step]["is_client_visible"] is False
    assert one["task_statuses_link"][status]["is_client_allowed"] is True
    (opened,) = admin.ask("GET", f"/data/projects/open?id={project}")
    keys = ("descriptors", "task_types_priority", "task_type_links", "task_statuses_link")
    assert [one[key] for key in keys] == [opened[key] for key in keys]
    assert opened["project_status_name"] == one["project_status_name"] == "Open"


# -- entities ------------------------------------------------------------------------------------------------


def test_a_shot_alone_shows_its_frames_and_tasks(admin: Wire) -> None:
    path = f"/data/shots/{admin.made.shot}"
    admin.ask("PUT", f"/data/entities/{admin.made.shot}", {"data": {"frame_in": 7, "frame_out": 9}})
    shot = admin.ask("GET", path)
    assert (shot["frame_in"], shot["frame_out"], shot["fps"]) == (7, 9, None)
    assert shot["tasks"][0].keys() >= TASK_KEYS
    assert admin.ask("PUT", path, shot)["id"] == shot["id"]


def test_an_asset_alone_shows_its_tasks_and_the_episodes_it_is_cast_in(admin: Wire) -> None:
    asset, episode = str(admin.made.asset), str(admin.made.episode)
    line = [{"asset_id": asset, "nb_occurences": 1}]
    admin.ask("PUT", f"/data/projects/{admin.made.project}/entities/{episode}/casting", line)
    found = admin.ask("GET", f"/data/assets/{asset}")
    assert found["casting_episode_ids"] == [episode]
    assert found["tasks"][0].keys() >= TASK_KEYS


def test_edits_scenes_and_concepts_say_what_they_belong_to(admin: Wire) -> None:
    project, episode = str(admin.made.project), str(admin.made.episode)
    edit = admin.ask("POST", f"/data/projects/{project}/edits", {"name": "Cut", "episode_id": episode}, 201)
    concept = admin.ask("POST", f"/data/projects/{project}/concepts", {"name": "Mood"}, 201)
    edit = admin.ask("GET", f"/data/edits/{edit['id']}")
    assert (edit["episode_name"], edit["tasks"]) == ("E01", [])
    concept = admin.ask("GET", f"/data/concepts/{concept['id']}")
    assert (concept["preview_file_status"], concept["frame_in"], concept["tasks"]) == (None, None, [])
    assert admin.ask("GET", f"/data/scenes/{admin.made.scene}")["episode_name"] == "E01"
    assert concept["project_name"] == edit["project_name"]
    (listed,) = admin.ask("GET", f"/data/concepts?id={concept['id']}")
    assert listed["entity_concept_links"] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("shots", {"name": "sh0010", "sequence_id": "sequence"}),
        ("sequences", {"name": "sq010", "episode_id": "episode"}),
        ("episodes", {"name": "E01"}),
        ("scenes", {"name": "sc010", "sequence_id": "sequence"}),
    ],
)
def test_making_what_is_there_answers_it_as_it_is(admin: Wire, path: str, body: dict[str, str]) -> None:
    ids = {key: str(getattr(admin.made, value)) for key, value in body.items() if key.endswith("_id")}
    where = f"/data/projects/{admin.made.project}/{path}"
    before = admin.ask("GET", where)
    found = admin.ask("POST", where, {**body, **ids, "description": "another"}, 201)
    assert found["id"] in [row["id"] for row in before]
    assert found["description"] != "another"
    assert len(admin.ask("GET", where)) == len(before)


def test_making_an_asset_that_is_there_answers_it(admin: Wire) -> None:
    kind = admin.made.asset_type
    path = f"/data/projects/{admin.made.project}/asset-types/{kind}/assets/new"
    assert admin.ask("POST", path, {"name": "Tree"}, 201)["id"] == str(admin.made.asset)


def test_where_an_asset_is_cast_says_how_often_and_in_what(admin: Wire) -> None:
    project, shot, tree = (str(getattr(admin.made, name)) for name in ("project", "shot", "asset"))
    kind = admin.made.asset_type
    wood = admin.ask("POST", f"/data/projects/{project}/asset-types/{kind}/assets/new", {"name": "Wood"}, 201)
    for entity, count in ((shot, 2), (wood["id"], 5)):
        line = [{"asset_id": tree, "nb_occurences": count}]
        admin.ask("PUT", f"/data/projects/{project}/entities/{entity}/casting", line)
    rows = {row["id"]: row for row in admin.ask("GET", f"/data/assets/{tree}/cast-in")}
    in_shot, in_asset = rows[shot], rows[wood["id"]]
    assert (in_shot["shot_id"], in_shot["shot_name"], in_shot["nb_occurences"]) == (shot, "sh0010", 2)
    assert (in_shot["sequence_name"], in_shot["episode_name"]) == ("sq010", "E01")
    assert in_shot["asset_id"] is None
    assert (in_asset["asset_name"], in_asset["nb_occurences"], in_asset["shot_id"]) == ("Wood", 5, None)
    castings = admin.ask("GET", f"/data/projects/{project}/sequences/all/casting")
    assert castings[shot][0]["sequence_name"] == "sq010"


def test_what_was_not_kept_is_empty_and_not_null(admin: Wire) -> None:
    project = str(admin.made.project)
    made = admin.ask("POST", f"/data/projects/{project}/episodes", {"name": "E99"}, 201)
    assert made["data"] == {}
    for path in ("shots", "assets", "shots/with-tasks", "assets/with-tasks", f"projects/{project}/sequences"):
        assert all(isinstance(row["data"], dict) for row in admin.ask("GET", f"/data/{path}")), path
    comment = admin.comment("sequence")
    assert (comment["checklist"], comment["links"]) == ([], [])


@pytest.mark.parametrize("kind", ["sequence", "episode"])
def test_the_steps_of_a_sequence_are_those_of_its_shots_too(admin: Wire, kind: str) -> None:
    rows = admin.ask("GET", f"/data/{kind}s/{getattr(admin.made, kind)}/task-types")
    assert "Animation" in [row["name"] for row in rows]


# -- tasks ---------------------------------------------------------------------------------------------------


def test_the_tasks_of_a_person_say_all_that_ones_own_do(admin: Wire, artist: Wire) -> None:
    theirs = admin.ask("GET", f"/data/persons/{admin.made.artist.person_id}/tasks")
    mine = artist.ask("GET", "/data/user/tasks")
    assert theirs[0].keys() == mine[0].keys()
    assert theirs[0]["assignees"] == [str(admin.made.artist.person_id)]


def test_tasks_that_are_done_are_in_the_list_of_done_ones_alone(admin: Wire) -> None:
    person = admin.made.artist.person_id
    admin.comment("scene", task_status_id=str(admin.made.statuses["done"]))
    scene = str(admin.made.tasks["scene"])
    assert scene not in [row["id"] for row in admin.ask("GET", f"/data/persons/{person}/tasks")]
    (done,) = admin.ask("GET", f"/data/persons/{person}/done-tasks")
    assert (done["id"], done["task_status_short_name"]) == (scene, "done")


def test_tasks_made_in_bulk_say_their_step_and_status(admin: Wire) -> None:
    step = admin.made.steps["Lighting"]
    path = f"/actions/projects/{admin.made.project}/task-types/{step}/shots/create-tasks"
    made = admin.ask("POST", path, [str(admin.made.shot)], 201)[0]
    assert (made["task_type_name"], made["task_status_short_name"], made["assignees"]) == (
        "Lighting",
        "todo",
        [],
    )
    assert admin.ask("PUT", f"/data/tasks/{made['id']}", made)["id"] == made["id"]


def test_the_tasks_and_comments_of_a_project_carry_their_links(admin: Wire) -> None:
    admin.comment()
    project = f"/data/projects/{admin.made.project}"
    assert all("assignees" in row for row in admin.ask("GET", f"{project}/tasks"))
    comment = admin.ask("GET", f"{project}/comments")[0]
    assert comment.keys() >= {"previews", "mentions", "acknowledgements", "attachment_files"}


def test_who_leads_nobody_sees_the_dates_of_oneself_alone(admin: Wire, artist: Wire) -> None:
    task = admin.made.tasks["other_shot"]
    lead = str(admin.made.lead.person_id)
    admin.ask("PUT", f"/actions/persons/{lead}/assign", {"task_ids": [str(task)]})
    everybody = admin.ask("GET", "/data/persons/task-dates")
    assert {row["person_id"] for row in everybody} >= {lead, str(admin.made.artist.person_id)}
    (mine,) = artist.ask("GET", "/data/persons/task-dates")
    assert (mine["person_id"], mine["busy_periods"]) == (str(admin.made.artist.person_id), [])


# -- talk ----------------------------------------------------------------------------------------------------


def test_a_comment_comes_with_its_author_and_its_whole_status(admin: Wire) -> None:
    made = admin.comment()
    assert made["person"].keys() == AUTHOR_KEYS
    assert made["task_status"].keys() >= {"id", "name", "short_name", "color", "archived", "priority", "type"}
    assert made["editor"] is None
    read = admin.ask("GET", f"/data/comments/{made['id']}")
    assert (read["person"], read["attachment_files"]) == (made["person"], [])
    assert admin.ask("PUT", f"/data/comments/{made['id']}", made)["id"] == made["id"]


def test_who_changes_the_words_of_a_comment_is_its_editor(admin: Wire, artist: Wire) -> None:
    made = artist.comment()
    path = f"/data/comments/{made['id']}"
    admin.ask("PUT", path, {"pinned": True})
    assert admin.ask("GET", path)["editor_id"] is None
    admin.ask("PUT", path, {"text": "other words"})
    rows = admin.ask("GET", f"/data/tasks/{made['object_id']}/comments")
    found = next(row for row in rows if row["id"] == made["id"])
    assert (found["editor"]["id"], found["person_id"]) == (found["editor_id"], made["person_id"])
    assert found["editor_id"] != made["person_id"]


def test_an_author_says_nothing_private(artist: Wire) -> None:
    assert artist.comment()["person"].keys() == AUTHOR_KEYS


def test_a_reply_comes_with_its_author(admin: Wire) -> None:
    made = admin.comment()
    path = f"/data/tasks/{made['object_id']}/comments/{made['id']}/reply"
    assert admin.ask("POST", path, {"text": "yes"})["person"].keys() == AUTHOR_KEYS
    rows = admin.ask("GET", f"/data/tasks/{made['object_id']}/comments")
    (reply,) = next(row for row in rows if row["id"] == made["id"])["replies"]
    assert reply["person"]["full_name"] == made["person"]["full_name"]


def test_the_authors_of_replies_cost_no_statement_each(admin: Wire) -> None:
    task = admin.made.tasks["asset"]

    def statements() -> int:
        studio = admin.site.app.extensions["studio"]
        with noted(studio.reads, studio.writes) as found:
            admin.ask("GET", f"/data/tasks/{task}/comments")
        return len(found)

    made = admin.comment("asset")
    path = f"/data/tasks/{task}/comments/{made['id']}/reply"
    admin.ask("POST", path, {"text": "one"})
    before = statements()
    for number in range(5):
        admin.ask("POST", path, {"text": str(number)})
    assert statements() == before > 0


def test_kitsu_names_the_task_of_many_comments_object_id(admin: Wire) -> None:
    task = str(admin.made.tasks["shot"])
    body = [{"object_id": task, "task_status_id": str(admin.made.statuses["wip"]), "comment": "many"}]
    path = f"/actions/projects/{admin.made.project}/tasks/comment-many"
    (made,) = admin.ask("POST", path, body, 201)
    assert (made["object_id"], made["text"]) == (task, "many")


def test_a_comment_takes_more_previews_of_its_own_revision(admin: Wire) -> None:
    first, second = admin.comment("sequence"), admin.comment("sequence")
    start = f"/actions/tasks/{first['object_id']}/comments"
    path = f"{start}/{first['id']}/add-preview"
    places = [admin.ask("POST", path, {"revision": 3}, 201) for _ in range(2)]
    assert [(row["revision"], row["position"]) for row in places] == [(3, 1), (3, 2)]
    assert places[0]["comments"] == [first["id"]]
    assert admin.send("POST", f"{start}/{second['id']}/add-preview", {"revision": 3}).status_code == 400
    moved = admin.ask("PUT", f"/actions/preview-files/{places[1]['id']}/update-position", {"position": 1})
    assert [row["id"] for row in moved] == [places[1]["id"], places[0]["id"]]


# -- playlists and the log -----------------------------------------------------------------------------------


def test_a_playlist_says_who_made_it_and_what_it_opens_with(admin: Wire) -> None:
    comment = admin.comment("other_shot")
    start = f"/actions/tasks/{comment['object_id']}/comments/{comment['id']}"
    take, beside = (admin.ask("POST", f"{start}/add-preview", {}, 201)["id"] for _ in range(2))
    project = str(admin.made.project)
    shots = [{"entity_id": str(admin.made.other_shot), "preview_file_id": take}]
    body = {"name": "Opening", "project_id": project, "for_entity": "shot", "shots": shots}
    made = admin.ask("POST", "/data/playlists", body, 201)
    assert made["build_jobs"] == []
    assert uuid.UUID(made["created_by"])
    listed = admin.ask("GET", f"/data/projects/{project}/playlists")
    assert {row["id"]: row["first_preview_file_id"] for row in listed}[made["id"]] == take
    whole = admin.ask("GET", f"/data/projects/{project}/playlists/{made['id']}")["shots"][0]
    assert [row["id"] for row in whole["preview_file_previews"]] == [beside]
    (shown,) = whole["preview_files"][str(admin.made.steps["Animation"])]
    assert (shown["original_width"], shown["original_file_size"]) == (None, None)


def test_the_last_events_are_narrowed_as_zou_narrows_them(admin: Wire) -> None:
    path = "/data/events/last"
    assert admin.ask("GET", f"{path}?after=2999-01-01") == []
    assert admin.ask("GET", f"{path}?before=2000-01-01T00:00:00") == []
    assert admin.ask("GET", f"{path}?only_files=true&after=2999-01-01") == []
    newest, *older = admin.ask("GET", f"{path}?limit=4")
    assert admin.ask("GET", f"{path}?limit=3&cursor_event_id={newest['id']}") == older
    refused = admin.ask("GET", f"{path}?before=soon", status=400)
    assert refused["message"].startswith("Wrong date format for before")


# -- what is refused -----------------------------------------------------------------------------------------


def test_a_body_that_says_it_is_no_json_is_415(admin: Wire) -> None:
    answer = admin.send("POST", "/data/departments", data="x", content_type="text/plain")
    assert (answer.status_code, answer.get_json()["error"]) == (415, True)


def test_a_wrong_password_says_so(site: OwnSite) -> None:
    body = {"email": "nobody@example.com", "password": "wrong"}
    answer = site.app.test_client().post("/api/auth/login", json=body)
    assert answer.status_code == 400
    assert answer.get_json() == {"login": False, "message": "Wrong email or password."}


@pytest.mark.parametrize("path", ["search-filters", "search-filter-groups"])
def test_nothing_is_kept_without_a_name(admin: Wire, path: str) -> None:
    answer = admin.ask("POST", f"/data/{path}", {}, 400)
    assert answer["message"] == "A required field is missing."


def test_a_subscription_to_nothing_is_refused(admin: Wire) -> None:
    said = admin.ask("POST", "/data/subscriptions", {}, 400)
    assert "task_id" in str(said)
    step_of_nothing = {"task_type_id": admin.ask("GET", "/data/task-types")[0]["id"]}
    assert "task_id" in str(admin.ask("POST", "/data/subscriptions", step_of_nothing, 400))
    no_step = {"entity_id": str(admin.made.shot)}
    assert "task_type_id" in str(admin.ask("POST", "/data/subscriptions", no_step, 400))


def test_a_custom_field_of_a_type_that_there_is_not_is_refused(admin: Wire) -> None:
    path = f"/data/projects/{admin.made.project}/metadata-descriptors"
    said = admin.ask("POST", path, {"name": "Lens", "entity_type": "Nonsense"}, 400)
    assert "Nonsense" in str(said)
    made = admin.ask("POST", path, {"name": "Lens", "entity_type": "Shot"}, 201)
    said = admin.ask("PUT", f"/data/metadata-descriptors/{made['id']}", {"entity_type": "Nonsense"}, 400)
    assert "Nonsense" in str(said)
