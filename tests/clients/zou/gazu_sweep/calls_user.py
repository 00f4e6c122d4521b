"""How each function of gazu.user is called: by the administrator, who works on tasks too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from tests.clients.zou.gazu_sweep.stage import Row, Stage, has, there


def _tasks_of(function: str, entity: str, step: str = "animation") -> Callable[[Stage], bool]:
    """The caller's tasks of an entity, and the steps of those."""

    def call(s: Stage) -> bool:
        thing = getattr(s, entity)
        name = s.name("mine")
        task = s.g.task.new_task(thing, getattr(s, step), name=name, assignees=[s.me])
        wanted = getattr(s, step)["id"] if "task_types" in function else task["id"]
        return has(getattr(s.g.user, function)(thing), id=wanted)

    return call


def all_done_tasks(s: Stage) -> bool:
    task = s.new_task()
    s.g.task.add_comment(task, s.status("done"))
    return has(s.g.user.all_done_tasks(), id=task["id"])


def all_tasks_to_do(s: Stage) -> bool:
    task = s.new_task()
    return has(
        s.g.user.all_tasks_to_do(), id=task["id"], project_name="The Series", task_type_name="Animation"
    )


def all_tasks_requiring_feedback(s: Stage) -> bool:
    task = s.new_task()
    s.g.task.add_comment(task, s.status("wfa"))
    return has(s.g.user.all_tasks_requiring_feedback(), id=task["id"])


def all_scenes_for_sequence(s: Stage) -> bool:
    s.g.task.new_task(s.scene, s.animation, name=s.name("mine"), assignees=[s.me])
    return has(s.g.user.all_scenes_for_sequence(s.sequence), id=s.scene["id"])


# -- time ----------------------------------------------------------------------------------------------------


def _spent(s: Stage) -> Row:
    task = s.new_task()
    s.g.task.set_time_spent(task, s.me, "2030-03-05", 45)
    return task


def get_timespents_range(s: Stage) -> bool:
    task = _spent(s)
    return has(s.g.user.get_timespents_range("2030-03-01", "2030-03-31"), task_id=task["id"], duration=45)


def get_time_spents_by_date(s: Stage) -> bool:
    task = _spent(s)
    return has(s.g.user.get_time_spents_by_date("2030-03-05"), task_id=task["id"])


def get_task_time_spent(s: Stage) -> bool:
    task = _spent(s)
    return s.g.user.get_task_time_spent(task, "2030-03-05")["duration"] == 45


def get_day_off(s: Stage) -> bool:
    made = s.g.person.new_day_off(s.me, "2031-05-01", "2031-05-03")
    return s.g.user.get_day_off("2031-05-02")["id"] == made["id"]


def all_desktop_login_logs(s: Stage) -> bool:
    s.g.user.log_desktop_session_log_in()
    return has(s.g.user.all_desktop_login_logs(), person_id=s.me["id"])


def log_desktop_session_log_in(s: Stage) -> bool:
    today = dt.datetime.now(tz=None).astimezone().date().isoformat()  # gazu sends the local time
    return s.g.user.log_desktop_session_log_in()["date"][:10] == today


# -- filters -------------------------------------------------------------------------------------------------


def _filter(s: Stage) -> Row:
    return dict(s.g.user.new_filter(s.name("mine"), "todo", "shot", s.project, "Shot"))


def all_filters(s: Stage) -> bool:
    made = _filter(s)
    return has(s.g.user.all_filters()["shot"][s.project["id"]], id=made["id"])


def update_filter(s: Stage) -> bool:
    return s.g.user.update_filter({**_filter(s), "search_query": "wip"})["search_query"] == "wip"


def remove_filter(s: Stage) -> bool:
    made = _filter(s)
    s.g.user.remove_filter(made)
    return made["id"] not in str(s.g.user.all_filters())


def _group(s: Stage) -> Row:
    body = {"name": s.name("Group"), "color": "#AABBCC", "list_type": "shot", "project_id": s.project["id"]}
    return dict(s.post("data/user/filter-groups", body))


def all_filter_groups(s: Stage) -> bool:
    made = _group(s)
    return made["id"] in str(s.g.user.all_filter_groups())


def new_filter_group(s: Stage) -> bool:
    name = s.name("Group")
    return s.g.user.new_filter_group(name, s.project)["name"] == name


def get_filter_group(s: Stage) -> bool:
    made = _group(s)
    return s.g.user.get_filter_group(made)["name"] == made["name"]


def update_filter_group(s: Stage) -> bool:
    return s.g.user.update_filter_group({**_group(s), "name": "Other"})["name"] == "Other"


def remove_filter_group(s: Stage) -> bool:
    made = _group(s)
    s.g.user.remove_filter_group(made)
    return made["id"] not in str(s.g.user.all_filter_groups())


# -- what one is told ----------------------------------------------------------------------------------------


def _notified(s: Stage) -> Row:
    """Somebody else commented on a task of the administrator; the notification of it."""
    task = s.new_task()
    s.g.task.add_comment(task, s.status("wip"), "Look here", person=s.person)
    return next(row for row in s.g.user.all_notifications() if row["task_id"] == task["id"])


def all_notifications(s: Stage) -> bool:
    return _notified(s)["read"] is False


def get_notification(s: Stage) -> bool:
    made = _notified(s)
    return s.g.user.get_notification(made)["id"] == made["id"]


def update_notification(s: Stage) -> bool:
    made = _notified(s)
    return s.g.user.update_notification({"id": made["id"], "read": True})["read"] is True


def mark_all_notifications_as_read(s: Stage) -> bool:
    made = _notified(s)
    s.g.user.mark_all_notifications_as_read()
    return s.g.user.get_notification(made)["read"] is True


def subscribe_to_task(s: Stage) -> bool:
    task = s.new_task()
    s.g.user.subscribe_to_task(task)
    return s.g.user.check_task_subscription(task) is True


def unsubscribe_from_task(s: Stage) -> bool:
    task = s.new_task()
    s.g.user.subscribe_to_task(task)
    s.g.user.unsubscribe_from_task(task)
    return s.g.user.check_task_subscription(task) is False


def join_chat(s: Stage) -> bool:
    return s.me["id"] in s.g.user.join_chat(s.new_shot())["participants"]


def leave_chat(s: Stage) -> bool:
    shot = s.new_shot()
    s.g.user.join_chat(shot)
    s.g.user.leave_chat(shot)
    return not has(s.g.user.all_chats(), object_id=shot["id"])


def all_chats(s: Stage) -> bool:
    shot = s.new_shot()
    s.g.user.join_chat(shot)
    return has(s.g.user.all_chats(), object_id=shot["id"])


def clear_avatar(s: Stage) -> bool:
    s.g.person.set_avatar(s.me, s.picture)
    s.g.user.clear_avatar()
    return s.g.client.get_current_user()["has_avatar"] is False


def get_context(s: Stage) -> bool:
    context = s.g.user.get_context()
    mine = next(row for row in context["projects"] if row["id"] == s.project["id"])
    first = s.g.project.get_project(s.project["id"])["first_episode_id"]
    return mine["first_episode_id"] == first and has(context["persons"], id=s.me["id"])


CALLS: Mapping[str, Callable[[Stage], bool]] = {
    "all_open_projects": lambda s: there(s.project) and has(s.g.user.all_open_projects(), id=s.project["id"]),
    "all_asset_types_for_project": lambda s: (
        there(s.asset_task) and has(s.g.user.all_asset_types_for_project(s.project), id=s.asset_type["id"])
    ),
    "all_assets_for_asset_type_and_project": lambda s: (
        there(s.asset_task)
        and has(s.g.user.all_assets_for_asset_type_and_project(s.project, s.asset_type), id=s.asset["id"])
    ),
    "all_tasks_for_asset": _tasks_of("all_tasks_for_asset", "asset", "modeling"),
    "all_tasks_for_shot": _tasks_of("all_tasks_for_shot", "shot"),
    "all_tasks_for_scene": _tasks_of("all_tasks_for_scene", "scene"),
    "all_tasks_for_sequence": _tasks_of("all_tasks_for_sequence", "sequence"),
    "all_task_types_for_asset": _tasks_of("all_task_types_for_asset", "asset", "modeling"),
    "all_task_types_for_shot": _tasks_of("all_task_types_for_shot", "shot"),
    "all_task_types_for_scene": _tasks_of("all_task_types_for_scene", "scene"),
    "all_task_types_for_sequence": _tasks_of("all_task_types_for_sequence", "sequence"),
    "all_sequences_for_project": lambda s: (
        there(s.task) and has(s.g.user.all_sequences_for_project(s.project), id=s.sequence["id"])
    ),
    "all_episodes_for_project": lambda s: (
        there(s.task) and has(s.g.user.all_episodes_for_project(s.project), id=s.episode["id"])
    ),
    "all_shots_for_sequence": lambda s: (
        there(s.task) and has(s.g.user.all_shots_for_sequence(s.sequence), id=s.shot["id"])
    ),
    "all_scenes_for_sequence": all_scenes_for_sequence,
    "all_tasks_to_do": all_tasks_to_do,
    "all_done_tasks": all_done_tasks,
    "get_timespents_range": get_timespents_range,
    "log_desktop_session_log_in": log_desktop_session_log_in,
    "is_authenticated": lambda s: s.g.user.is_authenticated() is True,
    "all_filters": all_filters,
    "new_filter": lambda s: _filter(s)["search_query"] == "todo",
    "remove_filter": remove_filter,
    "update_filter": update_filter,
    "get_context": get_context,
    "all_tasks_requiring_feedback": all_tasks_requiring_feedback,
    "all_filter_groups": all_filter_groups,
    "new_filter_group": new_filter_group,
    "get_filter_group": get_filter_group,
    "update_filter_group": update_filter_group,
    "remove_filter_group": remove_filter_group,
    "all_desktop_login_logs": all_desktop_login_logs,
    "get_time_spents_by_date": get_time_spents_by_date,
    "get_task_time_spent": get_task_time_spent,
    "get_day_off": get_day_off,
    "all_notifications": all_notifications,
    "get_notification": get_notification,
    "update_notification": update_notification,
    "check_task_subscription": lambda s: s.g.user.check_task_subscription(s.new_task()) in (True, False),
    "subscribe_to_task": subscribe_to_task,
    "unsubscribe_from_task": unsubscribe_from_task,
    "all_chats": all_chats,
    "join_chat": join_chat,
    "leave_chat": leave_chat,
    "clear_avatar": clear_avatar,
    "mark_all_notifications_as_read": mark_all_notifications_as_read,
}
