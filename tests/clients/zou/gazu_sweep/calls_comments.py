"""How each function of gazu.task about comments, and who hears of them, is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.clients.zou.gazu_sweep.stage import Row, Stage, has, ids


def add_comment(s: Stage) -> bool:
    task = s.new_task()
    made = s.g.task.add_comment(
        task,
        s.status("wip"),
        "Look",
        checklist=[{"text": "Eyes", "checked": False}],
        attachments=[s.picture],
        links=["https://example.com"],
    )
    return (made["text"], made["task_status"]["short_name"]) == ("Look", "wip") and len(
        made["checklist"]
    ) == 1


def add_attachment_files_to_comment(s: Stage) -> bool:
    comment = s.new_comment()
    s.g.task.add_attachment_files_to_comment(s.task, comment, [s.picture])
    return len(s.g.task.get_comment(comment["id"])["attachment_files"]) == 1


def delete_comment_attachment(s: Stage) -> bool:
    task = s.new_task()
    comment = s.new_comment(task, attachments=[s.picture])
    held = s.g.task.get_comment(comment["id"])["attachment_files"][0]
    s.g.task.delete_comment_attachment(task, comment, held)
    return s.g.task.get_comment(comment["id"])["attachment_files"] == []


def remove_comment(s: Stage) -> bool:
    task = s.new_task()
    s.g.task.remove_comment(s.new_comment(task))
    return s.g.task.all_comments_for_task(task) == []


def update_comment(s: Stage) -> bool:
    made = s.new_comment()
    return s.g.task.update_comment({"id": made["id"], "text": "Better"})["text"] == "Better"


def reply_to_comment(s: Stage) -> bool:
    comment = s.new_comment()
    return s.g.task.reply_to_comment(s.task, comment, "Yes")["text"] == "Yes"


def delete_comment_reply(s: Stage) -> bool:
    comment = s.new_comment()
    reply = s.g.task.reply_to_comment(s.task, comment, "No")
    s.g.task.delete_comment_reply(s.task, comment, reply)
    return s.g.task.get_comment(comment["id"])["replies"] == []


def acknowledge_comment(s: Stage) -> bool:
    comment = s.new_comment()
    s.g.task.acknowledge_comment(s.task, comment)
    return s.g.task.get_comment(comment["id"])["acknowledgements"] == [s.me["id"]]


def move_comment_to_task(s: Stage) -> bool:
    first = s.new_task()
    shot = s.g.shot.get_shot(first["entity_id"])
    second = s.g.task.new_task(shot, s.animation, name="second")
    comment = s.new_comment(first)
    s.g.task.move_comment_to_task(first, comment, second)
    return ids(s.g.task.all_comments_for_task(second)) == [comment["id"]]


def _talk(s: Stage, task: Row, text: str) -> Row:
    return {
        "task_id": task["id"],
        "task_status_id": s.status("wip")["id"],
        "text": text,
    }


def batch_comments(s: Stage) -> bool:
    tasks = [s.new_task(), s.new_task()]
    made = s.g.task.batch_comments([_talk(s, task, "Both") for task in tasks])
    return [comment["text"] for comment in made] == ["Both", "Both"]


def create_multiple_comments(s: Stage) -> bool:
    tasks = [s.new_task(), s.new_task()]
    made = s.g.task.create_multiple_comments(s.project, [_talk(s, task, "All") for task in tasks])
    return sorted(comment["object_id"] for comment in made) == sorted(ids(tasks))


def add_tasks_batch_comments(s: Stage) -> bool:
    tasks = [s.new_task(), s.new_task()]
    given = {"task_status_id": s.status("wip")["id"], "comment": "Every"}
    made = s.g.task.add_tasks_batch_comments(tasks, given)
    return sorted(comment["object_id"] for comment in made) == sorted(ids(tasks))


def all_comments_for_task(s: Stage) -> bool:
    task = s.new_task()
    made = s.new_comment(task)
    return has(s.g.task.all_comments_for_task(task), id=made["id"])


def get_last_comment_for_task(s: Stage) -> bool:
    task = s.new_task()
    s.new_comment(task)
    newest = s.new_comment(task)
    return s.g.task.get_last_comment_for_task(task)["id"] == newest["id"]


def all_comments_for_project(s: Stage) -> bool:
    made = s.new_comment()
    return has(s.g.task.all_comments_for_project(s.project), id=made["id"])


def all_notifications_for_project(s: Stage) -> bool:
    task = s.new_task()
    s.g.project.add_person_to_team(s.project, s.person)
    s.g.task.assign_task(task, s.person)
    return has(
        s.g.task.all_notifications_for_project(s.project), task_id=task["id"], person_id=s.person["id"]
    )


def all_subscriptions_for_project(s: Stage) -> bool:
    task = s.new_task()
    s.g.user.subscribe_to_task(task)
    return has(s.g.task.all_subscriptions_for_project(s.project), task_id=task["id"])


CALLS: Mapping[str, Callable[[Stage], bool]] = {
    "add_comment": add_comment,
    "add_attachment_files_to_comment": add_attachment_files_to_comment,
    "get_comment": lambda s: s.g.task.get_comment(s.new_comment()["id"])["object_id"] == s.task["id"],
    "remove_comment": remove_comment,
    "batch_comments": batch_comments,
    "create_multiple_comments": create_multiple_comments,
    "add_tasks_batch_comments": add_tasks_batch_comments,
    "all_comments_for_task": all_comments_for_task,
    "get_last_comment_for_task": get_last_comment_for_task,
    "update_comment": update_comment,
    "all_comments_for_project": all_comments_for_project,
    "all_notifications_for_project": all_notifications_for_project,
    "all_subscriptions_for_project": all_subscriptions_for_project,
    "move_comment_to_task": move_comment_to_task,
    "acknowledge_comment": acknowledge_comment,
    "reply_to_comment": reply_to_comment,
    "delete_comment_attachment": delete_comment_attachment,
    "delete_comment_reply": delete_comment_reply,
}
