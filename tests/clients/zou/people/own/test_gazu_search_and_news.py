"""gazu.search, the news of productions and the open tasks of gazu.task against a served studio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gazu
import pytest

from tests.clients.zou.people.own.site import OwnSite, names
from tests.contracts.statements import noted

if TYPE_CHECKING:
    pass

# -- search --------------------------------------------------------------------------------------------------


def test_search_forgives_accents_and_typos_and_shows_the_best_first(site: OwnSite, lead: Any) -> None:
    for name in ("Éléphant", "Elephant house", "Giraffe"):
        site.kit.create("Asset", name=name, project_id=site.made.project, entity_type_id=site.made.asset_type)
    found = gazu.search.search_entities("elephant", client=lead)
    assert names(found["assets"]) == ["Éléphant", "Elephant house"]
    assert names(gazu.search.search_entities("girafe", client=lead)["assets"]) == ["Giraffe"]
    assert names(gazu.search.search_entities("h001", client=lead)["shots"]) == ["sh0010"]
    assert names(gazu.search.search_entities("tall", client=lead)["assets"]) == ["Tree"]
    person = site.made.artist.name
    people = gazu.search.search_entities(person, client=lead)["persons"]
    assert people[0]["full_name"] == person


def test_search_finds_only_what_the_caller_may_see(site: OwnSite, outsider: Any, lead: Any) -> None:
    assert gazu.search.search_entities("sh0010", client=outsider)["shots"] == []
    project = {"id": str(site.kit.project())}
    assert gazu.search.search_entities("sh0010", project=project, client=lead)["shots"] == []


def test_search_for_too_little_finds_nothing(lead: Any) -> None:
    assert gazu.search.search_entities("sh", client=lead) == {}


def test_search_is_limited_to_types_and_indexes(site: OwnSite, lead: Any) -> None:
    other = site.kit.create("AssetType", name="Vehicle")
    found = gazu.search.search_entities("tree", entity_types=[{"id": str(other)}], client=lead)
    assert found["assets"] == []
    body = {"query": "tree", "index_names": ["assets"], "limit": 1, "offset": 0}
    assert names(gazu.client.post("data/search", body, client=lead)["assets"]) == ["Tree"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"query": 3},
        {"query": "tree", "index_names": ["comments"]},
        {"query": "tree", "limit": -1},
        {"query": "tree", "project_id": "x"},
        {"query": "tree", "colour": "red"},
        [],
    ],
)
def test_a_search_that_cannot_be_understood_is_refused(lead: Any, body: Any) -> None:
    with pytest.raises(gazu.exception.ParameterException):
        gazu.client.post("data/search", body, client=lead)


@pytest.mark.parametrize(
    "words",
    ["a & b | !", "\u0149\u0149\u0149", "___", "%%%", "\\\\\\", "'''", "<<%>>", ":*:*", "日本語", "x" * 5000],
)
def test_any_words_may_be_searched_for(lead: Any, words: str) -> None:
    assert set(gazu.search.search_entities(words, client=lead)) == {"persons", "assets", "shots"}


# -- news and open tasks -------------------------------------------------------------------------------------


def test_news_tell_of_comments_newest_first(site: OwnSite, artist: Any, outsider: Any) -> None:
    path = f"data/projects/{site.made.project}/news"
    before = gazu.client.get(path, client=artist)
    site.comment(site.made.tasks["other_shot"], "wip", site.made.lead, "first")
    site.comment(site.made.tasks["other_shot"], "wip", site.made.lead, "second")
    found = gazu.client.get(f"{path}?limit=2", client=artist)
    assert found["total"] == before["total"] + 2
    assert (found["nb_pages"], found["limit"], found["page"]) == (-(-found["total"] // 2), 2, 1)
    assert [row["change"] for row in found["data"]] == [False, True]
    newest = found["data"][0]
    assert (newest["type"], newest["author_id"]) == ("News", str(site.made.lead.person_id))
    assert newest["person"]["full_name"] == site.made.lead.name
    assert newest["full_entity_name"] == "E01 / sq010 / sh0020"
    assert (newest["preview_file_id"], newest["preview_file_extension"]) == (None, None)
    wip = str(site.made.statuses["wip"])
    assert found["stats"][wip] == before["stats"].get(wip, 0) + 1
    assert gazu.client.get(f"{path}/{newest['id']}", client=artist) == newest
    entity = gazu.client.get(f"data/entities/{site.made.other_shot}/news", client=artist)
    assert [row["id"] for row in entity["data"]] == [row["id"] for row in found["data"]]
    everywhere = gazu.client.get("data/projects/news?limit=1", client=artist)
    assert everywhere["data"] == [newest]
    assert gazu.client.get("data/projects/news", client=outsider)["total"] == 0
    with pytest.raises(gazu.exception.RouteNotFoundException):
        gazu.client.get(path, client=outsider)
    with pytest.raises(gazu.exception.RouteNotFoundException):
        gazu.client.get(f"{path}/{newest['id']}", client=outsider)


def test_news_are_filtered(site: OwnSite, artist: Any) -> None:
    path = f"data/projects/{site.made.project}/news"
    site.comment(site.made.tasks["shot"], "retake", site.made.lead)
    retakes = gazu.client.get(f"{path}?task_status_id={site.made.statuses['retake']}", client=artist)
    assert retakes["data"]
    assert {row["task_status_id"] for row in retakes["data"]} == {str(site.made.statuses["retake"])}
    assert gazu.client.get(f"{path}?only_preview=true", client=artist)["data"] == []
    assert gazu.client.get(f"{path}?page=99", client=artist)["data"] == []
    for wrong in ("colour=red", "page=0", "author_id=x", "after=someday"):
        with pytest.raises(gazu.exception.ParameterException):
            gazu.client.get(f"{path}?{wrong}", client=artist)


def test_open_tasks_come_with_their_sums(site: OwnSite, lead: Any, outsider: Any) -> None:
    found = gazu.task.all_open_tasks(client=lead)
    assert found["stats"]["total"] == len(found["data"]) == len(site.made.tasks)
    assert sum(each["amount"] for each in found["stats"]["status"]) == found["stats"]["total"]
    assert (found["limit"], found["page"], found["is_more"]) == (200, 1, False)
    task = next(row for row in found["data"] if row["id"] == str(site.made.tasks["shot"]))
    assert (task["type_name"], task["entity_name"], task["sequence_name"]) == (
        "Animation",
        "sh0010",
        "sq010",
    )
    page = gazu.client.get("data/tasks/open-tasks?limit=2&page=1", client=lead)
    assert (len(page["data"]), page["is_more"]) == (2, True)
    nobodys = gazu.client.get("data/tasks/open-tasks?person_id=unassigned", client=lead)
    assert [row["id"] for row in nobodys["data"]] == [str(site.made.tasks["other_shot"])]
    assert gazu.task.all_open_tasks(client=outsider)["stats"]["total"] == 0


def test_open_tasks_are_counted_by_project_step_and_status(site: OwnSite, lead: Any, outsider: Any) -> None:
    found = gazu.task.get_open_tasks_stats(client=lead)[str(site.made.project)]
    assert found["amount"] == len(site.made.tasks)
    assert sum(row["amount"] for row in found["task_types"]) == found["amount"]
    assert {"task_type_id", "task_status_id", "amount_done", "total_estimation"} <= found["task_types"][
        0
    ].keys()
    assert gazu.task.get_open_tasks_stats(client=outsider) == {}


# -- statements ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crowd(site: OwnSite) -> dict[str, list[int]]:
    """How many statements each list of the user's took, before and after there was much more of it."""
    kit, made = site.kit, site.made
    client = site.client(made.artist)
    studio = site.app.extensions["studio"]
    counts: dict[str, list[int]] = {}
    with noted(studio.reads, studio.writes) as statements:
        for size in (1, 40):
            for _ in range(size):
                shot = kit.shot(made.project, parent_id=made.sequence)
                task = kit.create(
                    "Task",
                    entity_id=shot,
                    task_type_id=made.steps["Animation"],
                    assignees=[made.artist.person_id],
                )
                site.comment(task, "wfa", made.lead)
                kit.create("SearchFilter", actor=made.artist, name="x", list_type="shot", search_query="x")
                kit.create("Subscription", actor=made.artist, task_id=task)
                kit.create("DesktopLoginLog", actor=made.artist)
                time = {"person_id": made.artist.person_id, "date": "2030-01-01", "duration": 30}
                kit.create("TimeSpent", actor=made.artist, task_id=task, **time)
            for path in _lists(site):
                gazu.client.get(path, client=client)
                statements.clear()
                gazu.client.get(path, client=client)
                counts.setdefault(path.split("?")[0], []).append(len(statements))
    client.session.close()
    return counts


def _lists(site: OwnSite) -> tuple[str, ...]:
    project, sequence = site.made.project, site.made.sequence
    return (
        "data/user/tasks",
        "data/user/done-tasks",
        "data/user/tasks-to-check",
        "data/user/projects/open",
        "data/user/filters",
        "data/user/filter-groups",
        "data/user/notifications",
        "data/user/desktop-login-logs",
        "data/user/time-spents?start_date=2030-01-01&end_date=2030-01-02",
        "data/user/chats",
        "data/user/context",
        f"data/user/projects/{project}/sequences",
        f"data/user/sequences/{sequence}/shots",
        f"data/projects/{project}/news",
        "data/projects/news",
        "data/tasks/open-tasks",
        "data/tasks/open-tasks/stats",
        f"data/shots/with-tasks?project_id={project}",
    )


def test_no_list_takes_more_statements_when_there_is_more_to_tell(crowd: dict[str, list[int]]) -> None:
    for path, (few, many) in crowd.items():
        assert few == many <= 5, path


def test_what_kitsu_needs_after_log_in_takes_two_statements(crowd: dict[str, list[int]]) -> None:
    assert crowd["data/user/context"] == [2, 2]  # who asks, and everything
