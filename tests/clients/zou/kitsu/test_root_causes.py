"""Keys, parameters and words that Kitsu sends, and what its pages hear of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.studio import unique
from zou_server.models.registry import facet
from zou_server.services.write.operations import Act

if TYPE_CHECKING:
    from tests.clients.zou.kitsu.page import Page
    from tests.clients.zou.people.own.site import OwnSite


def test_the_wizard_of_a_new_production_sets_everything_up(admin: Page, site: OwnSite) -> None:
    made = admin.ask("POST", "/data/projects/", {"name": unique("Wizard"), "production_type": "short"}, 201)
    steps = [str(site.made.steps[name]) for name in ("Modeling", "Animation")]
    batch: dict[str, Any] = {
        "task_types": [{"task_type_id": id_, "priority": n} for n, id_ in enumerate(steps, 1)],
        "task_status_ids": [str(each) for each in site.made.statuses.values()],
        "asset_type_ids": [str(site.made.asset_type)],
        "replace_task_types": False,
    }
    path = f"/data/projects/{made['id']}/settings/batch"
    assert admin.ask("POST", path, batch)["task_types"] == steps
    assert admin.ask("POST", path, {**batch, "task_types": batch["task_types"][1:]})["task_types"] == steps
    alone = {"task_types": [{"task_type_id": steps[1], "priority": 1}], "replace_task_types": True}
    assert admin.ask("POST", path, alone)["task_types"] == steps[1:]
    assert admin.answer("POST", path, {"replace_everything": True}).status_code == 400


@pytest.mark.parametrize("path", ["/data/projects/{project}/news", "/data/projects/news"])
def test_the_news_page_says_how_many_it_wants(admin: Page, project: str, path: str) -> None:
    found = admin.get(path.format(project=project) + "?only_preview=false&page_size=20&page=1")
    assert found["limit"] == 20
    assert admin.answer("GET", path.format(project=project) + "?size=3").status_code == 400


@pytest.mark.parametrize("detail", ["day", "week", "month"])
@pytest.mark.parametrize("mode", ["weighted", "weighteddone", "feedback", "done"])
def test_the_quota_page_says_what_it_shows(
    lead: Page, project: str, site: OwnSite, detail: str, mode: str
) -> None:
    step, me = site.made.steps["Animation"], site.made.artist.person_id
    asked = f"?detail={detail}&count_mode={mode}"
    assert lead.get(f"/data/projects/{project}/quotas/{step}{asked}") == {}
    assert lead.get(f"/data/projects/{project}/quotas/persons/{me}{asked}") == {}


@pytest.mark.parametrize("word", ["all", "main"])
def test_a_show_has_playlists_of_all_episodes_and_of_none(lead: Page, project: str, word: str) -> None:
    values = {
        "name": "Dailies",
        "project_id": project,
        "episode_id": word,
        "is_for_all": word == "all",
        "for_entity": "shot",
    }
    made = lead.ask("POST", "/data/playlists/", values, 201)
    assert made["episode_id"] is None
    again = lead.ask("POST", "/data/playlists/", values, 201)
    listed = lead.get(f"/data/projects/{project}/episodes/{word}/playlists?sort_by=updated_at&page=1")
    assert {made["id"], again["id"]} == {each["id"] for each in listed}


def test_an_asset_goes_to_the_main_pack(lead: Page, site: OwnSite) -> None:
    path = f"/data/entities/{site.made.asset}"
    assert lead.ask("PUT", path, {"source_id": str(site.made.episode)})["source_id"] == str(site.made.episode)
    assert lead.ask("PUT", path, {"name": "Tree", "source_id": "null"})["source_id"] is None
    assert lead.answer("PUT", path, {"source_id": "no id"}).status_code == 400


def test_what_was_read_is_written_back(lead: Page, site: OwnSite, project: str) -> None:
    made = site.made
    shot = lead.get(f"/data/shots/{made.shot}")
    assert lead.ask("PUT", f"/data/entities/{made.shot}", shot)["id"] == str(made.shot)
    asset = lead.get(f"/data/assets/{made.asset}")
    assert lead.ask("PUT", f"/data/entities/{made.asset}", asset)["id"] == str(made.asset)
    task = lead.get(f"/data/tasks/{made.tasks['shot']}/full")
    assert lead.ask("PUT", f"/data/tasks/{task['id']}", task)["id"] == task["id"]
    for kind in ("shots", "assets", "sequences", "episodes"):
        for row in lead.get(f"/data/{kind}/with-tasks?project_id={project}"):
            assert lead.ask("PUT", f"/data/entities/{row['id']}", row)["id"] == row["id"]
    for row in lead.get(f"/data/persons/{made.artist.person_id}/tasks"):
        assert lead.ask("PUT", f"/data/tasks/{row['id']}", row)["id"] == row["id"]
    assert lead.answer("PUT", f"/data/entities/{made.shot}", {"fremes": 3}).status_code == 400


# -- what a page hears ---------------------------------------------------------------------------------------


def test_a_comment_tells_whose_it_is_and_on_what(
    admin: Page, lead: Page, site: OwnSite, project: str
) -> None:
    task, status = str(site.made.tasks["shot"]), str(site.made.statuses["wfa"])
    said = lead.ask(
        "POST", f"/actions/tasks/{task}/comment", {"task_status_id": status, "comment": "Look"}, 201
    )
    payload = {
        "comment_id": said["id"],
        "task_id": task,
        "task_status_id": status,
        "person_id": str(site.made.lead.person_id),
        "for_client": False,
        "project_id": project,
    }
    assert admin.last_event("comment:new") == payload
    step = str(site.made.steps["Animation"])
    news = {"news_id": said["id"], "task_status_id": status, "task_type_id": step, "project_id": project}
    assert admin.last_event("news:new") == news
    told = admin.last_event("notification:new")
    assert told["person_id"] == str(site.made.artist.person_id)
    asked = admin.last_event("task:to-review")
    assert asked["comment_id"] == said["id"]
    assert asked["new_task_status_id"] == status
    lead.ask("DELETE", f"/data/tasks/{task}/comments/{said['id']}", status=204)
    assert admin.last_event("comment:delete")["task_id"] == task
    assert admin.last_event("news:delete") == news


def test_a_note_of_another_client_is_told_the_same(admin: Page, site: OwnSite) -> None:
    values = {"text": "from elsewhere", "sets_status_id": site.made.statuses["wip"]}
    (made,) = site.kit.execute(Act("comment", facet("Task"), site.made.tasks["scene"], values))
    assert admin.last_event("comment:new")["task_id"] == str(site.made.tasks["scene"])
    assert admin.last_event("news:new")["news_id"] == str(made.id)


def test_casting_tells_what_came_and_went(admin: Page, lead: Page, site: OwnSite, project: str) -> None:
    path, shot, asset = (
        f"/data/projects/{project}/entities/{site.made.shot}/casting",
        site.made.shot,
        site.made.asset,
    )
    lead.ask("PUT", path, [{"asset_id": str(asset), "nb_occurences": 2}])
    added = {"shot_id": str(shot), "project_id": project, "nb_entities_out": 1}
    assert admin.last_event("shot:casting-update") == {
        **added,
        "added_asset_ids": [str(asset)],
        "removed_asset_ids": [],
    }
    link = admin.last_event("entity-link:new")
    assert (link["entity_in_id"], link["entity_out_id"], link["nb_occurences"]) == (str(shot), str(asset), 2)
    lead.ask("PUT", path, [])
    assert admin.last_event("shot:casting-update")["removed_asset_ids"] == [str(asset)]


def test_events_have_the_names_that_kitsu_listens_to(
    admin: Page, lead: Page, project: str, site: OwnSite
) -> None:
    kind = admin.ask("POST", "/data/asset-types/", {"name": unique("Type")}, 201)
    assert admin.last_event("asset-type:new") == {"asset_type_id": kind["id"]}
    budget = lead.ask("POST", f"/data/projects/{project}/budgets", {"name": "Plan", "currency": "EUR"}, 201)
    assert admin.last_event("budget:create") == {"budget_id": budget["id"], "project_id": project}
    entry = lead.ask(
        "POST",
        f"/data/projects/{project}/budgets/{budget['id']}/entries",
        {"name": "Chairs", "amount": 3},
        201,
    )
    ids = {"budget_entry_id": entry["id"], "budget_id": budget["id"], "project_id": project}
    assert admin.last_event("budget-entry:create") == ids
    asset = site.kit.create(
        "Asset", name=unique("A"), project_id=site.made.project, entity_type_id=kind["id"]
    )
    made = {"asset_id": str(asset), "asset_type": kind["id"], "project_id": project}
    assert admin.last_event("asset:new") == made
    task = site.kit.create("Task", entity_id=asset, task_type_id=site.made.steps["Modeling"])
    site.kit.delete("Task", task)
    gone = admin.last_event("task:delete")
    assert (gone["entity_id"], gone["task_type_id"]) == (str(asset), str(site.made.steps["Modeling"]))
