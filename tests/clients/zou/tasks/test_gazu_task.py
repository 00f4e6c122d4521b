"""Everything public in gazu.task, and what gazu.files knows of attachments, against a served studio."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gazu
import pytest
from PIL import Image
from werkzeug.test import TestResponse

from tests.clients.zou.log_in.steps import PASSWORD, request_of, token_of
from tests.conftest import SuitePostgres
from tests.served import served
from tests.studio import StudioKit, open_studio, unique
from zou_server.app import create_app
from zou_server.models.conditions import Op, Where
from zou_server.services.people.set_password import set_password

TODAY = dt.datetime.now(dt.UTC).date().isoformat()


@dataclass
class Site:
    """A served studio with one project, and somebody who may do everything in it."""

    kit: StudioKit
    app: Any
    url: str
    project: uuid.UUID
    person: uuid.UUID

    def token(self, role: str, *, on_team: bool = True) -> tuple[uuid.UUID, str]:
        """Somebody who can log in: their id and a token."""
        actor = self.kit.person(role, {self.project: None} if on_team else {})
        return actor.person_id, token_of(self.kit, self.app, actor.person_id)

    def send(self, method: str, path: str, token: str, **options: Any) -> TestResponse:
        """One request by somebody."""
        return request_of(self.app, token, method, path, **options)

    def step(self, name: str) -> dict[str, Any]:
        """A step of the first vocabulary."""
        found = self.kit.rows("TaskType", "id", where=Where("name", Op.EQ, name))
        return {"id": found[0]["id"]}

    def status(self, code: str) -> dict[str, Any]:
        """A status of the first vocabulary."""
        return {"id": self.kit.rows("TaskStatus", "id", where=Where("code", Op.EQ, code))[0]["id"]}

    def shot(self) -> dict[str, Any]:
        """A new shot."""
        return {"id": str(self.kit.shot(self.project)), "project_id": str(self.project)}

    def task(self, **values: Any) -> dict[str, Any]:
        """A new task of a new shot."""
        values.setdefault("entity_id", self.shot()["id"])
        values.setdefault("task_type_id", self.step("Animation")["id"])
        return {"id": str(self.kit.create("Task", **values)), "project_id": str(self.project)}


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The studio, served."""
    with open_studio(postgres, tmp_path_factory.mktemp("tasks")) as kit:
        app = create_app(kit.settings)
        with served(app) as url:
            admin = kit.person("admin")
            set_password(kit.studio.writes, admin.person_id, PASSWORD)
            yield Site(kit, app, f"{url}/api", kit.project(), admin.person_id)


@pytest.fixture
def client(site: Site) -> Iterator[Any]:
    """A gazu client of an administrator."""
    client = gazu.client.create_client(site.url)
    gazu.log_in(site.kit.row("Person", site.person, "email"), PASSWORD, client=client)
    yield client
    client.session.close()


def ids(rows: Any) -> set[str]:
    return {row["id"] for row in rows}


# -- the life of a task ------------------------------------------------------------------------------


def test_gazu_takes_a_task_from_todo_to_done(site: Site, client: Any) -> None:
    shot, animation = site.shot(), site.step("Animation")
    task = gazu.task.new_task(shot, animation, assignees=[{"id": str(site.person)}], client=client)
    assert task["assignees"] == [str(site.person)]
    assert gazu.task.new_task(shot, animation, client=client)["id"] == task["id"]
    started = gazu.task.start_task(task, client=client)
    assert started["task_status"]["short_name"] == "wip"
    assert started["person"]["id"] == str(site.person)
    gazu.task.add_comment(task, site.status("wfa"), "please look", client=client)
    gazu.task.add_comment(task, site.status("retake"), "again", client=client)
    done = gazu.task.add_comment(
        task, site.status("done"), "good", checklist=[{"text": "eyes", "checked": True}], client=client
    )
    found = gazu.client.fetch_one("tasks", task["id"], client=client)
    assert found["task_status_id"] == site.status("done")["id"]
    assert found["retake_count"] == 1
    assert None not in (found["real_start_date"], found["end_date"], found["done_date"])
    comments = gazu.task.all_comments_for_task(task, client=client)
    assert [comment["text"] for comment in comments] == ["good", "again", "please look", ""]
    assert comments[0]["checklist"] == [{"text": "eyes", "checked": True}]
    assert comments[0]["person"]["full_name"] == site.kit.row("Person", site.person, "full_name")
    assert comments[0]["task_status"]["is_done"] is True
    assert gazu.task.get_last_comment_for_task(task, client=client)["id"] == done["id"]
    assert done["id"] in ids(gazu.task.all_comments_for_project({"id": str(site.project)}, client=client))
    gazu.task.remove_task(task, client=client)
    with pytest.raises(gazu.exception.RouteNotFoundException):
        gazu.client.fetch_one("tasks", task["id"], client=client)


def test_a_comment_is_edited_moved_and_removed_and_the_task_follows(site: Site, client: Any) -> None:
    shot = site.shot()
    task = site.task(entity_id=shot["id"])
    other = site.task(entity_id=shot["id"], task_type_id=site.step("Lighting")["id"])
    gazu.task.add_comment(task, site.status("wip"), "first", client=client)
    comment = gazu.task.add_comment(task, site.status("done"), "second", client=client)
    whole = gazu.task.get_last_comment_for_task(task, client=client)
    edited = gazu.task.update_comment({**whole, "text": "2nd", "pinned": True}, client=client)
    assert (edited["text"], edited["pinned"]) == ("2nd", True)
    gazu.task.update_comment(
        {"id": comment["id"], "task_status_id": site.status("retake")["id"]}, client=client
    )
    assert site.kit.row("Task", task["id"], "task_status.code", "retake_count", "done_date") == {
        "task_status.code": "retake",
        "retake_count": 1,
        "done_date": None,
    }
    moved = gazu.task.move_comment_to_task(task, comment, other, client=client)
    assert moved["object_id"] == other["id"]
    assert site.kit.row("Task", task["id"], "task_status.code") == "wip"
    assert site.kit.row("Task", other["id"], "task_status.code") == "retake"
    gazu.task.remove_comment(comment, client=client)
    assert site.kit.row("Task", other["id"], "task_status.code", "retake_count") == {
        "task_status.code": "todo",
        "retake_count": 0,
    }


def test_people_talk_below_a_comment(site: Site, client: Any) -> None:
    task = site.task()
    comment = gazu.task.add_comment(task, site.status("wip"), "what now?", client=client)
    reply = gazu.task.reply_to_comment(task, comment, "go on", client=client)
    assert {"id", "date", "person_id", "text", "mentions", "department_mentions"} <= reply.keys()
    seen = gazu.task.get_last_comment_for_task(task, client=client)
    assert [(each["id"], each["text"]) for each in seen["replies"]] == [(reply["id"], "go on")]
    assert len(gazu.task.all_comments_for_task(task, client=client)) == 1
    acknowledged = gazu.task.acknowledge_comment(task, comment, client=client)
    assert acknowledged["acknowledgements"] == [str(site.person)]
    assert gazu.task.acknowledge_comment(task, comment, client=client)["acknowledgements"] == []
    gazu.task.delete_comment_reply(task, comment, reply, client=client)
    assert gazu.task.get_comment(comment["id"], client=client)["replies"] == []


# -- files -------------------------------------------------------------------------------------------


def test_files_go_with_comments_and_come_back(site: Site, client: Any, tmp_path: Path) -> None:
    task = site.task()
    text, picture, more = tmp_path / "notes.txt", tmp_path / "frame.png", tmp_path / "more.txt"
    text.write_text("some notes")
    more.write_text("more")
    Image.new("RGB", (640, 480), "teal").save(picture)
    comment = gazu.task.add_comment(
        task, site.status("wip"), "see", attachments=[str(text), str(picture)], client=client
    )
    assert {each["name"] for each in comment["attachment_files"]} == {"notes.txt", "frame.png"}
    added = gazu.task.add_attachment_files_to_comment(task, comment, [str(more)], client=client)
    assert len(added) == 3
    listed = gazu.files.get_all_attachment_files_for_task(task, client=client)
    assert {(each["name"], each["size"]) for each in listed} >= {("notes.txt", 10), ("more.txt", 4)}
    project = {"id": str(site.project)}
    assert ids(listed) <= ids(gazu.files.get_all_attachment_files_for_project(project, client=client))
    by_name = {each["name"]: each for each in listed}
    got = tmp_path / "got"
    gazu.files.download_attachment_file(by_name["notes.txt"], str(got), client=client)
    assert got.read_text() == "some notes"
    assert (
        gazu.files.get_attachment_file(by_name["more.txt"]["id"], client=client)["mimetype"] == "text/plain"
    )
    gazu.files.download_attachment_thumbnail(by_name["frame.png"], str(got), client=client)
    with Image.open(got, formats=("PNG",)) as image:
        assert image.size == (150, 100)
    with pytest.raises(gazu.exception.RouteNotFoundException):
        gazu.files.download_attachment_thumbnail(by_name["notes.txt"], str(got), client=client)
    gazu.task.delete_comment_attachment(task, comment, by_name["more.txt"], client=client)
    shown = gazu.task.get_last_comment_for_task(task, client=client)["attachment_files"]
    assert {each["name"] for each in shown} == {"notes.txt", "frame.png"}


def test_many_comments_go_in_one_request(site: Site, client: Any, tmp_path: Path) -> None:
    tasks: list[Any] = [site.task() for _ in range(3)]
    note = tmp_path / "note.txt"
    note.write_text("note")
    wip = site.status("wip")["id"]
    comments = [
        {"task_id": task["id"], "task_status_id": wip, "comment": f"batch {n}"}
        for n, task in enumerate(tasks)
    ]
    comments[1]["attachment_files"] = [str(note)]
    made = gazu.task.create_multiple_comments({"id": str(site.project)}, comments, client=client)
    assert [each["text"] for each in made] == ["batch 0", "batch 1", "batch 2"]
    assert [len(each["attachment_files"]) for each in made] == [0, 1, 0]
    assert len(gazu.task.batch_comments(comments, client=client)) == 3
    own = [{"task_status_id": wip, "comment": "mine", "attachment_files": [str(note)]}]
    assert gazu.task.batch_comments(own, task=tasks[0], client=client)[0]["object_id"] == tasks[0]["id"]
    said = {"text": "to all", "task_status_id": site.status("wfa")["id"], "person_id": str(site.person)}
    assert ids(gazu.task.add_tasks_batch_comments(tasks, said, client=client))
    assert {site.kit.row("Task", task["id"], "task_status.code") for task in tasks} == {"wfa"}


# -- who and when ------------------------------------------------------------------------------------


def test_people_are_put_on_tasks_and_taken_off(site: Site, client: Any) -> None:
    one, two = site.task(), site.task()
    person = {"id": str(site.kit.person("user", {site.project: None}).person_id)}
    assert [each["assignees"] for each in gazu.task.assign_task(one, person, client=client)] == [
        [person["id"]]
    ]
    assert ids(gazu.task.assign_tasks_to_person([one, two], person, client=client)) == {one["id"], two["id"]}
    assert ids(gazu.task.all_tasks_for_person(person, client=client)) == {one["id"], two["id"]}
    assert set(gazu.task.clear_assignations([one, two], person, client=client)) == {one["id"], two["id"]}
    assert gazu.task.all_tasks_for_person(person, client=client) == []
    gazu.task.assign_task(one, person, client=client)
    gazu.task.clear_assignations(one, client=client)
    assert site.kit.row("Task", one["id"], "assignees*") == []


def test_time_is_spent_on_tasks(site: Site, client: Any) -> None:
    task, person = site.task(), {"id": str(site.person)}
    entry = gazu.task.set_time_spent(task, person, TODAY, 120, client=client)
    assert (entry["duration"], entry["date"], entry["person_id"]) == (120, TODAY, person["id"])
    gazu.task.add_time_spent(task, person, TODAY, 30, client=client)
    gazu.task.set_time_spent(task, person, "2020-01-02", 10, client=client)
    assert gazu.task.get_time_spent(task, client=client)["total"] == 160
    found = gazu.task.get_time_spent(task, TODAY, client=client)
    assert found["total"] == 150
    assert [each["duration"] for each in found[person["id"]]] == [150]
    assert gazu.task.get_task_time_spent_for_date(task, TODAY, client=client) == found
    assert site.kit.row("Task", task["id"], "duration") == 160
    gazu.task.remove_time_spent(found[person["id"]][0], client=client)
    assert site.kit.row("Task", task["id"], "duration") == 10
    path = f"actions/tasks/{task['id']}/time-spents/2020-01-02/persons/{person['id']}"
    gazu.client.delete(path, client=client)
    assert site.kit.row("Task", task["id"], "duration") == 0


def test_tasks_are_made_and_removed_many_at_once(site: Site, client: Any) -> None:
    own = site.kit.project()
    project = {"id": str(own)}
    steps: list[Any] = [site.step("Layout"), site.step("FX")]
    for make in (
        gazu.task.create_shot_tasks,
        gazu.task.create_asset_tasks,
        gazu.task.create_edit_tasks,
        gazu.task.create_concept_tasks,
        gazu.task.create_entity_tasks,
    ):
        assert len(make({"id": str(site.kit.shot(own))}, steps, client=client)) == 2
    layout = {"project_id": project["id"], "task_type_id": steps[0]["id"]}
    made: Any = gazu.client.fetch_all("tasks", layout, client=client)
    assert len(made) == 5
    gazu.task.remove_tasks_batch(project, made[:2], client=client)
    assert len(gazu.client.fetch_all("tasks", layout, client=client)) == 3
    gazu.task.remove_tasks_for_type(project, steps[0], client=client)
    assert gazu.client.fetch_all("tasks", layout, client=client) == []


# -- reading -----------------------------------------------------------------------------------------


def test_the_vocabulary_of_tasks_is_read_and_changed(site: Site, client: Any) -> None:
    task, project = gazu.task, {"id": str(site.project)}
    made = task.new_task_type(unique("Step"), for_entity="Shot", client=client)
    assert task.new_task_type(made["name"], for_entity="Shot", client=client)["id"] == made["id"]
    assert made["id"] in ids(task.all_task_types(client=client))
    renamed = task.update_task_type({**made, "short_name": "stp"}, client=client)
    assert task.get_task_type(made["id"], client=client)["short_name"] == renamed["short_name"] == "stp"
    assert task.get_task_type_by_name(made["name"], "Shot", client=client)["id"] == made["id"]
    assert task.get_task_type_by_short_name("stp", client=client)["id"] == made["id"]
    status = task.new_task_status(unique("Status"), "sts", "#00FF00", client=client)
    task.update_task_status({**status, "is_done": True}, client=client)
    assert task.get_task_status(status["id"], client=client)["is_done"] is True
    assert task.get_task_status_by_name(status["name"], client=client)["id"] == status["id"]
    assert task.get_task_status_by_short_name("sts", client=client)["id"] == status["id"]
    assert task.get_default_task_status(client=client)["is_default"] is True
    assert status["id"] in ids(task.all_task_statuses(client=client))
    gazu.project.add_task_type(project, made, 1, client=client)
    gazu.project.add_task_status(project, status, client=client)
    assert ids(task.all_task_types_for_project(project, client=client)) == {made["id"]}
    assert ids(task.all_task_statuses_for_project(project, client=client)) == {status["id"]}
    gazu.project.remove_task_type(project, made, client=client)
    gazu.project.remove_task_status(project, status, client=client)
    task.remove_task_type(made, client=client)
    task.remove_task_status(status, client=client)
    assert status["id"] not in ids(gazu.client.fetch_all("task-status", client=client))


def test_tasks_are_found_from_whatever_they_hang_on(site: Site, client: Any) -> None:
    kit, layout = site.kit, site.step("Layout")
    episode, sequence = (
        kit.create("Episode", name=unique("Episode"), project_id=site.project),
        kit.create("Sequence", name=unique("Sequence"), project_id=site.project),
    )
    kit.update("Sequence", sequence, parent_id=episode)
    asset_type = kit.rows("AssetType", "id")[0]["id"]
    owners = {
        "shot": kit.shot(site.project, parent_id=sequence),
        "scene": kit.create("Scene", name=unique("Scene"), project_id=site.project, parent_id=sequence),
        "edit": kit.create("Edit", name=unique("Edit"), project_id=site.project, parent_id=episode),
        "concept": kit.create("Concept", name=unique("Concept"), project_id=site.project),
        "asset": kit.create(
            "Asset",
            name=unique("Asset"),
            project_id=site.project,
            entity_type_id=asset_type,
            source_id=episode,
        ),
        "sequence": sequence,
        "episode": episode,
    }
    tasks = {
        name: str(kit.create("Task", entity_id=id_, task_type_id=layout["id"]))
        for name, id_ in owners.items()
    }
    for name, listed in (
        ("shot", gazu.task.all_tasks_for_shot),
        ("scene", gazu.task.all_tasks_for_scene),
        ("edit", gazu.task.all_tasks_for_edit),
        ("concept", gazu.task.all_tasks_for_concept),
        ("asset", gazu.task.all_tasks_for_asset),
        ("sequence", gazu.task.all_tasks_for_sequence),
        ("episode", gazu.task.all_tasks_for_episode),
    ):
        assert ids(listed({"id": str(owners[name])}, client=client)) == {tasks[name]}, name
    for name, steps in (
        ("shot", gazu.task.all_task_types_for_shot),
        ("scene", gazu.task.all_task_types_for_scene),
        ("concept", gazu.task.all_task_types_for_concept),
        ("asset", gazu.task.all_task_types_for_asset),
        ("sequence", gazu.task.all_task_types_for_sequence),
        ("episode", gazu.task.all_task_types_for_episode),
    ):
        assert ids(steps({"id": str(owners[name])}, client=client)) == {layout["id"]}, name
    above, below = {"id": str(episode)}, {"id": str(sequence)}
    assert ids(gazu.task.all_shot_tasks_for_sequence(below, client=client)) == {tasks["shot"]}
    assert ids(gazu.task.all_shot_tasks_for_episode(above, client=client)) == {tasks["shot"]}
    assert ids(gazu.task.all_assets_tasks_for_episode(above, client=client)) == {tasks["asset"]}
    shot, todo = {"id": str(owners["shot"])}, site.status("todo")
    found = gazu.task.all_tasks_for_entity_and_task_type(shot, layout, client=client)
    assert ids(found) == {tasks["shot"]}
    assert gazu.task.get_task_by_entity(shot, layout, client=client)["id"] == tasks["shot"]
    project = {"id": str(site.project)}
    assert set(tasks.values()) <= ids(gazu.task.all_tasks_for_project(project, client=client))
    assert set(tasks.values()) <= ids(gazu.task.all_tasks_for_task_type(project, layout, client=client))
    assert set(tasks.values()) <= ids(
        gazu.task.all_tasks_for_task_status(project, layout, todo, client=client)
    )


def test_a_task_is_read_with_all_that_is_around_it(site: Site, client: Any) -> None:
    sequence = site.kit.create("Sequence", name=unique("SQ"), project_id=site.project)
    shot = site.kit.shot(site.project, parent_id=sequence)
    task = site.task(entity_id=shot, assignees=[site.person], assigner_id=site.person)
    found = gazu.task.get_task(task["id"], client=client)
    assert found["entity"]["id"] == str(shot)
    assert found["sequence"]["id"] == str(sequence)
    assert found["episode"] is None
    assert (found["project"]["id"], found["entity_type"]["name"]) == (str(site.project), "Shot")
    assert (found["task_type"]["name"], found["task_status"]["short_name"]) == ("Animation", "todo")
    assert ids(found["persons"]) == {found["assigner"]["id"]} == {str(site.person)}
    assert found["is_subscribed"] is False
    gazu.task.update_task_data(task, {"weight": 3}, client=client)
    gazu.task.update_task({"id": task["id"], "priority": 2}, client=client)
    changed = gazu.client.fetch_one("tasks", task["id"], client=client)
    assert (changed["data"], changed["priority"]) == ({"weight": 3}, 2)
    assert gazu.task.get_task_url(found, client=client).endswith(f"/shots/tasks/{task['id']}/")


def test_people_and_projects_have_lists_of_tasks(site: Site, client: Any) -> None:
    person, project = {"id": str(site.person)}, {"id": str(site.project)}
    doing, done = site.task(assignees=[site.person]), site.task(assignees=[site.person])
    gazu.task.add_comment(done, site.status("done"), client=client)
    assert done["id"] in ids(gazu.task.all_done_tasks_for_person(person, client=client))
    assert doing["id"] not in ids(gazu.task.all_done_tasks_for_person(person, client=client))
    animation = site.step("Animation")
    gazu.task.all_tasks_for_person_and_type(person, animation, client=client)
    assert gazu.task.all_open_tasks(client=client)["data"]
    assert gazu.task.get_open_tasks_stats(client=client)
    assert isinstance(gazu.task.all_notifications_for_project(project, client=client), list)
    assert gazu.task.all_subscriptions_for_project(project, client=client) == []
    assert isinstance(gazu.task.get_persons_tasks_dates(client=client), list)


def test_previews_are_published_with_comments(site: Site, client: Any, tmp_path: Path) -> None:
    task, picture = site.task(), tmp_path / "take.png"
    Image.new("RGB", (64, 48), "teal").save(picture)
    wfa = site.status("wfa")
    comment, preview = gazu.task.publish_preview(
        task, wfa, "look", preview_file_path=str(picture), client=client
    )
    assert preview["revision"] == 1
    extra = gazu.task.add_extra_preview(task, comment, preview, preview_file_path=str(picture), client=client)
    assert (extra["revision"], extra["position"]) == (1, 2)
    shown = gazu.task.get_last_comment_for_task(task, client=client)["previews"]
    assert [each["id"] for each in shown] == [preview["id"], extra["id"]]
    assert ids(gazu.task.all_previews_for_task(task, client=client)) == {preview["id"], extra["id"]}
    project = {"id": str(site.project)}
    assert preview["id"] in ids(gazu.task.all_preview_files_for_project(project, client=client))
    gazu.task.set_main_preview(preview, client=client)
    gazu.task.remove_preview_from_comment(task, comment, extra, client=client)
    again = gazu.task.add_preview(task, comment, preview_file_path=str(picture), client=client)
    made = gazu.task.create_preview(task, comment, client=client)
    assert gazu.task.upload_preview_file(made, str(picture), client=client)["id"] == made["id"]
    beside = gazu.task.create_extra_preview(task, comment, again, client=client)
    assert beside["revision"] == again["revision"] == 1
    comments = [
        {"task_status_id": wfa["id"], "comment": "batch", "preview_files": [str(picture), str(picture)]}
    ]
    batch = gazu.task.batch_comments(comments, task=task, client=client)[0]
    assert [(each["revision"], each["position"]) for each in batch["previews"]] == [(2, 1), (2, 2)]


def test_no_public_function_of_gazu_task_is_left_out() -> None:
    here = Path(__file__).read_text()
    public = [
        name
        for name, value in vars(gazu.task).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == "gazu.task" and callable(value)
    ]
    assert len(public) > 90
    assert [name for name in public if f"task.{name}" not in here] == []
