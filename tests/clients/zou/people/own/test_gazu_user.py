"""Every public function of gazu.user against a served studio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gazu
import pytest

from tests.clients.zou.people.own.site import OwnSite, names
from zou_server.models.registry import facet
from zou_server.services.thumbnails.set_avatar import noted_avatar

if TYPE_CHECKING:
    pass

# -- what one works on ---------------------------------------------------------------------------------------


def test_all_open_projects_are_those_of_ones_team(site: OwnSite, artist: Any, outsider: Any) -> None:
    found = gazu.user.all_open_projects(client=artist)
    assert [row["id"] for row in found] == [str(site.made.project)]
    assert found[0]["first_episode_id"] == str(site.made.episode)
    assert gazu.user.all_open_projects(client=outsider) == []


def test_lists_below_a_project_hold_what_one_has_tasks_on(site: OwnSite, artist: Any, lead: Any) -> None:
    project = {"id": str(site.made.project)}
    kinds = gazu.user.all_asset_types_for_project(project, client=artist)
    assert [row["id"] for row in kinds] == [str(site.made.asset_type)]
    assets = gazu.user.all_assets_for_asset_type_and_project(project, kinds[0], client=artist)
    assert names(assets) == ["Tree"]
    assert names(gazu.user.all_sequences_for_project(project, client=artist)) == ["sq010"]
    assert names(gazu.user.all_episodes_for_project(project, client=artist)) == ["E01"]
    for rows in (
        gazu.user.all_asset_types_for_project(project, client=lead),
        gazu.user.all_assets_for_asset_type_and_project(project, kinds[0], client=lead),
        gazu.user.all_sequences_for_project(project, client=lead),
        gazu.user.all_episodes_for_project(project, client=lead),
    ):
        assert rows == []


def test_lists_below_a_sequence_hold_what_one_has_tasks_on(site: OwnSite, artist: Any) -> None:
    sequence = {"id": str(site.made.sequence)}
    assert names(gazu.user.all_shots_for_sequence(sequence, client=artist)) == ["sh0010"]
    assert names(gazu.user.all_scenes_for_sequence(sequence, client=artist)) == ["sc010"]


@pytest.mark.parametrize(
    ("kind", "step"),
    [("asset", "Modeling"), ("shot", "Animation"), ("scene", "Layout"), ("sequence", "Storyboard")],
)
def test_tasks_and_task_types_of_an_entity_are_ones_own(
    site: OwnSite, artist: Any, lead: Any, kind: str, step: str
) -> None:
    place = {"id": str(getattr(site.made, kind))}
    tasks = getattr(gazu.user, f"all_tasks_for_{kind}")
    steps = getattr(gazu.user, f"all_task_types_for_{kind}")
    assert [row["id"] for row in tasks(place, client=artist)] == [str(site.made.tasks[kind])]
    assert names(steps(place, client=artist)) == [step]
    assert tasks(place, client=lead) == steps(place, client=lead) == []


def test_tasks_to_do_carry_what_kitsu_shows_of_them(site: OwnSite, artist: Any) -> None:
    site.comment(site.made.tasks["shot"], "wip", site.made.lead, "on with it")
    found = {row["id"]: row for row in gazu.user.all_tasks_to_do(client=artist)}
    task = found[str(site.made.tasks["shot"])]
    assert (task["entity_name"], task["sequence_name"], task["episode_name"]) == ("sh0010", "sq010", "E01")
    assert (task["task_type_name"], task["task_status_short_name"]) == ("Animation", "wip")
    assert task["last_comment"]["text"] == "on with it"
    assert task["last_comment"]["person_id"] == str(site.made.lead.person_id)
    assert task["assignees"] == [str(site.made.artist.person_id)]
    assert task["project_has_avatar"] is False
    assert found[str(site.made.tasks["asset"])]["last_comment"] == {}


def test_a_task_that_is_done_moves_to_the_done_ones(site: OwnSite, artist: Any) -> None:
    task = str(site.made.tasks["scene"])
    assert task in {row["id"] for row in gazu.user.all_tasks_to_do(client=artist)}
    site.comment(site.made.tasks["scene"], "done", site.made.lead)
    gazu.cache.clear_all()
    assert task not in {row["id"] for row in gazu.user.all_tasks_to_do(client=artist)}
    assert [row["id"] for row in gazu.user.all_done_tasks(client=artist)] == [task]


def test_tasks_requiring_feedback_are_for_those_who_lead(site: OwnSite, artist: Any, lead: Any) -> None:
    site.comment(site.made.tasks["asset"], "wfa", site.made.artist)
    found = gazu.user.all_tasks_requiring_feedback(client=lead)
    assert [row["id"] for row in found] == [str(site.made.tasks["asset"])]
    assert gazu.user.all_tasks_requiring_feedback(client=artist) == []


# -- time ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def worked(site: OwnSite) -> str:
    """An hour on the shot on a day."""
    site.kit.create(
        "TimeSpent",
        actor=site.made.artist,
        task_id=site.made.tasks["shot"],
        person_id=site.made.artist.person_id,
        date="2030-03-04",
        duration=60,
    )
    return "2030-03-04"


def test_time_is_found_by_day_and_range_and_task(site: OwnSite, artist: Any, lead: Any, worked: str) -> None:
    found = gazu.user.get_timespents_range("2030-03-01", "2030-03-31", client=artist)
    assert [(row["date"], row["duration"], row["project_id"]) for row in found] == [
        (worked, 60, str(site.made.project))
    ]
    assert found[0]["task_type_id"] == str(site.made.steps["Animation"])
    assert gazu.user.get_timespents_range("2030-04-01", "2030-04-30", client=artist) == []
    assert [row["id"] for row in gazu.user.get_time_spents_by_date(worked, client=artist)] == [found[0]["id"]]
    task = {"id": str(site.made.tasks["shot"])}
    assert gazu.user.get_task_time_spent(task, worked, client=artist)["id"] == found[0]["id"]
    assert gazu.user.get_task_time_spent(task, "2030-03-05", client=artist) == {}
    assert gazu.user.get_time_spents_by_date(worked, client=lead) == []


@pytest.mark.parametrize(
    "path",
    [
        "data/user/time-spents?start_date=2030-03-01",
        "data/user/time-spents?start_date=x&end_date=2030-03-01",
        "data/user/time-spents/someday",
        "data/user/day-offs/2030-13-01",
    ],
)
def test_a_range_with_one_end_or_a_day_that_is_none_is_refused(artist: Any, path: str) -> None:
    with pytest.raises(gazu.exception.ParameterException):
        gazu.client.get(path, client=artist)


def test_a_day_off_is_found_on_each_of_its_days(site: OwnSite, artist: Any) -> None:
    site.kit.create("DayOff", person_id=site.made.artist.person_id, date="2030-05-01", end_date="2030-05-03")
    assert gazu.user.get_day_off("2030-05-02", client=artist)["date"] == "2030-05-01"
    assert gazu.user.get_day_off("2030-05-04", client=artist) == {}


def test_a_log_in_on_the_computer_is_noted(site: OwnSite, artist: Any, lead: Any) -> None:
    made = gazu.user.log_desktop_session_log_in(client=artist)
    assert made["person_id"] == str(site.made.artist.person_id)
    assert [row["id"] for row in gazu.user.all_desktop_login_logs(client=artist)] == [made["id"]]
    assert gazu.user.all_desktop_login_logs(client=lead) == []


def test_nobody_notes_a_log_in_of_somebody_else(site: OwnSite, artist: Any) -> None:
    body = {"date": "2030-01-01T08:00:00", "person_id": str(site.made.lead.person_id)}
    with pytest.raises(gazu.exception.NotAllowedException):
        gazu.client.post("data/user/desktop-login-logs", body, client=artist)


# -- filters -------------------------------------------------------------------------------------------------


def test_filters_are_kept_changed_and_forgotten(site: OwnSite, artist: Any, lead: Any) -> None:
    project = {"id": str(site.made.project)}
    kept = gazu.user.new_filter("props", "type=prop", "asset", project, client=artist)
    anywhere = gazu.user.new_filter("mine", "assignedto=me", "todo", client=artist)
    assert (kept["search_query"], kept["person_id"]) == ("type=prop", str(site.made.artist.person_id))
    gazu.cache.clear_all()
    found = gazu.user.all_filters(client=artist)
    assert [row["id"] for row in found["asset"][project["id"]]] == [kept["id"]]
    assert [row["id"] for row in found["todo"]["all"]] == [anywhere["id"]]
    assert gazu.user.update_filter({**kept, "name": "all props"}, client=artist)["name"] == "all props"
    assert gazu.user.all_filters(client=lead) == {}
    gazu.user.remove_filter(kept, client=artist)
    gazu.user.remove_filter(anywhere, client=artist)
    gazu.cache.clear_all()
    assert gazu.user.all_filters(client=artist) == {}


def test_those_who_lead_share_filters_with_the_team(
    site: OwnSite, artist: Any, lead: Any, outsider: Any
) -> None:
    project = {"id": str(site.made.project)}
    own = gazu.user.new_filter("own", "x", "shot", project, client=artist)
    with pytest.raises(gazu.exception.NotAllowedException):
        gazu.user.update_filter({**own, "is_shared": True}, client=artist)
    shared = gazu.user.new_filter("ours", "y", "shot", project, client=lead)
    gazu.user.update_filter({**shared, "is_shared": True}, client=lead)
    gazu.cache.clear_all()
    found = gazu.user.all_filters(client=artist)
    assert names(found["shot"][project["id"]]) == ["own", "ours"]
    assert gazu.user.all_filters(client=outsider) == {}
    with pytest.raises(gazu.exception.NotAllowedException):
        gazu.user.remove_filter(shared, client=artist)
    gazu.user.remove_filter(own, client=artist)
    gazu.user.remove_filter(shared, client=lead)


def test_a_filter_without_a_query_is_refused(artist: Any) -> None:
    with pytest.raises(gazu.exception.ParameterException, match="query"):
        gazu.client.post("data/user/filters", {"name": "x", "list_type": "asset"}, client=artist)


def test_filter_groups_are_kept_changed_and_forgotten(site: OwnSite, artist: Any) -> None:
    project = {"id": str(site.made.project)}
    group = gazu.user.new_filter_group("mine", project, client=artist)
    assert gazu.user.get_filter_group(group, client=artist)["name"] == "mine"
    assert gazu.user.update_filter_group({**group, "color": "#123456"}, client=artist)["color"] == "#123456"
    gazu.cache.clear_all()
    found = gazu.user.all_filter_groups(client=artist)
    assert names(found["todo"][project["id"]]) == ["mine"]
    gazu.user.remove_filter_group(group, client=artist)
    gazu.cache.clear_all()
    assert gazu.user.all_filter_groups(client=artist) == {}


# -- what one is told ----------------------------------------------------------------------------------------


def test_notifications_are_listed_read_and_marked(site: OwnSite, artist: Any, lead: Any) -> None:
    gazu.user.mark_all_notifications_as_read(client=artist)
    comment = site.comment(site.made.tasks["shot"], "retake", site.made.lead, "once more")
    gazu.cache.clear_all()
    told = gazu.user.all_notifications(client=artist)[0]
    assert (told["type"], told["notification_type"], told["comment_id"]) == (
        "Notification",
        "comment",
        str(comment),
    )
    assert (told["comment_text"], told["change"], told["read"]) == ("once more", True, False)
    assert told["full_entity_name"] == "E01 / sq010 / sh0010"
    assert told["task_status_id"] == str(site.made.statuses["retake"])
    assert gazu.user.get_notification(told, client=artist) == told
    assert gazu.user.update_notification({**told, "read": True}, client=artist)["read"] is True
    site.comment(site.made.tasks["shot"], "wip", site.made.lead)
    assert gazu.user.mark_all_notifications_as_read(client=artist) == {"success": True}
    gazu.cache.clear_all()
    assert all(row["read"] for row in gazu.user.all_notifications(client=artist))
    with pytest.raises(gazu.exception.RouteNotFoundException):
        gazu.user.get_notification(told, client=lead)


def test_notifications_are_filtered_as_kitsu_asks(site: OwnSite, artist: Any) -> None:
    site.comment(site.made.tasks["asset"], "wip", site.made.lead)
    unread = gazu.client.get("data/user/notifications?read=false&type=comment", client=artist)
    assert {row["task_id"] for row in unread} == {str(site.made.tasks["asset"])}
    assert gazu.client.get("data/user/notifications?type=mention", client=artist) == []
    with pytest.raises(gazu.exception.ParameterException, match="colour"):
        gazu.client.get("data/user/notifications?colour=red", client=artist)


def test_subscribing_to_a_task_twice_is_subscribing_once(site: OwnSite, lead: Any, artist: Any) -> None:
    task = {"id": str(site.made.tasks["other_shot"])}
    assert gazu.user.check_task_subscription(task, client=artist) is False
    first = gazu.user.subscribe_to_task(task, client=artist)
    assert gazu.user.subscribe_to_task(task, client=artist)["id"] == first["id"]
    gazu.cache.clear_all()
    assert gazu.user.check_task_subscription(task, client=artist) is True
    project = {"id": str(site.made.project)}
    assert [row["id"] for row in gazu.task.all_subscriptions_for_project(project, client=lead)] == [
        first["id"]
    ]
    gazu.user.unsubscribe_from_task(task, client=artist)
    gazu.user.unsubscribe_from_task(task, client=artist)
    gazu.cache.clear_all()
    assert gazu.user.check_task_subscription(task, client=artist) is False


def test_an_outsider_subscribes_to_nothing(site: OwnSite, outsider: Any) -> None:
    with pytest.raises(gazu.exception.RouteNotFoundException):
        gazu.user.subscribe_to_task({"id": str(site.made.tasks["shot"])}, client=outsider)
    body = {"task_ids": [str(site.made.tasks["shot"])]}
    with pytest.raises(gazu.exception.ParameterException):
        gazu.client.post("actions/user/tasks/subscribe", body, client=outsider)


def test_many_tasks_and_a_step_of_a_sequence_are_subscribed_to(site: OwnSite, artist: Any) -> None:
    ids = [str(site.made.tasks["shot"]), str(site.made.tasks["asset"])]
    made = gazu.client.post("actions/user/tasks/subscribe", {"task_ids": ids}, client=artist)
    assert [row["task_id"] for row in made] == ids
    assert gazu.client.post("actions/user/tasks/unsubscribe", {"task_ids": ids}, client=artist) == ids
    step = site.made.steps["Animation"]
    path = f"sequences/{site.made.sequence}/task-types/{step}"
    assert gazu.client.get(f"data/user/{path}/subscribed", client=artist) is False
    gazu.client.post(f"actions/user/{path}/subscribe", {}, client=artist)
    assert gazu.client.get(f"data/user/{path}/subscribed", client=artist) is True
    listed = f"data/user/projects/{site.made.project}/task-types/{step}/sequence-subscriptions"
    assert gazu.client.get(listed, client=artist) == [str(site.made.sequence)]
    gazu.client.delete(f"actions/user/{path}/unsubscribe", client=artist)
    same = f"data/user/entities/{site.made.sequence}/task-types/{step}/subscribed"
    assert gazu.client.get(same, client=artist) is False


def test_the_notifications_of_a_project_are_for_its_manager(site: OwnSite, lead: Any, artist: Any) -> None:
    project = {"id": str(site.made.project)}
    site.comment(site.made.tasks["shot"], "wip", site.made.lead)
    site.comment(site.made.tasks["shot"], "wfa", site.made.artist)
    site.kit.create("Subscription", actor=site.made.lead, task_id=site.made.tasks["shot"])
    site.comment(site.made.tasks["shot"], "wip", site.made.artist)
    seen = gazu.task.all_notifications_for_project(project, client=artist)
    assert {row["person_id"] for row in seen} == {str(site.made.artist.person_id)}
    told = {row["person_id"] for row in gazu.task.all_notifications_for_project(project, client=lead)}
    assert told == {str(site.made.artist.person_id), str(site.made.lead.person_id)}


# -- chats, avatar, context ----------------------------------------------------------------------------------


def test_a_chat_is_joined_and_left(site: OwnSite, artist: Any, lead: Any) -> None:
    entity = {"id": str(site.made.shot)}
    chat = gazu.user.join_chat(entity, client=lead)
    assert (chat["object_id"], chat["object_type"]) == (entity["id"], "entity")
    assert gazu.user.join_chat(entity, client=artist)["id"] == chat["id"]
    found = gazu.user.all_chats(client=artist)
    assert [(row["id"], row["entity_name"]) for row in found] == [(chat["id"], "E01 / sq010 / sh0010")]
    gazu.user.leave_chat(entity, client=artist)
    gazu.cache.clear_all()
    assert gazu.user.all_chats(client=artist) == []
    assert [row["id"] for row in gazu.user.all_chats(client=lead)] == [chat["id"]]


def test_clearing_the_avatar_takes_the_picture_away(site: OwnSite, artist: Any) -> None:
    site.kit.execute(noted_avatar(facet("Person"), site.made.artist.person_id, there=True))
    gazu.user.clear_avatar(client=artist)
    assert site.kit.row("Person", site.made.artist.person_id, "has_avatar") is False


def test_the_context_is_read_and_the_caller_authenticated(site: OwnSite, artist: Any) -> None:
    assert gazu.user.is_authenticated(client=artist)
    context = gazu.user.get_context(client=artist)
    assert [row["id"] for row in context["projects"]] == [str(site.made.project)]
