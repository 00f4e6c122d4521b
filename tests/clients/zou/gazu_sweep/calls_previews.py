"""How each function of gazu.task about previews is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.clients.zou.gazu_sweep.stage import Stage, has, there


def create_preview(s: Stage) -> bool:
    task = s.new_task()
    made = s.g.task.create_preview(task, s.new_comment(task), revision=3)
    return (made["revision"], made["status"]) == (3, "processing")


def upload_preview_file(s: Stage) -> bool:
    task = s.new_task()
    made = s.g.task.create_preview(task, s.new_comment(task))
    s.g.task.upload_preview_file(made, s.picture)
    return s.g.files.wait_for_preview_file(made, poll_interval=0.2)["status"] == "ready"


def add_preview(s: Stage) -> bool:
    task = s.new_task()
    made = s.g.task.add_preview(task, s.new_comment(task), s.picture)
    return made["extension"] == "png"


def create_extra_preview(s: Stage) -> bool:
    task = s.new_task()
    comment = s.new_comment(task)
    first = s.g.task.create_preview(task, comment)
    return s.g.task.create_extra_preview(task, comment, first)["position"] == 2


def add_extra_preview(s: Stage) -> bool:
    task = s.new_task()
    comment = s.new_comment(task)
    first = s.g.task.add_preview(task, comment, s.picture)
    made = s.g.task.add_extra_preview(task, comment, first, s.picture)
    return made["revision"] == first["revision"]


def publish_preview(s: Stage) -> bool:
    task = s.new_task()
    comment, preview = s.g.task.publish_preview(
        task, s.status("wfa"), "Done?", preview_file_path=s.picture, set_thumbnail=True
    )
    shown = s.g.entity.get_entity(task["entity_id"])
    return comment["text"] == "Done?" and shown["preview_file_id"] == preview["id"]


def set_main_preview(s: Stage) -> bool:
    preview = s.preview
    entity = s.g.task.set_main_preview(preview)
    return bool(entity["preview_file_id"] == preview["id"])


def remove_preview_from_comment(s: Stage) -> bool:
    task = s.new_task()
    comment = s.new_comment(task)
    preview = s.g.task.create_preview(task, comment)
    s.g.task.remove_preview_from_comment(task, comment, preview)
    return s.g.task.all_previews_for_task(task) == []


CALLS: Mapping[str, Callable[[Stage], bool]] = {
    "create_preview": create_preview,
    "create_extra_preview": create_extra_preview,
    "upload_preview_file": upload_preview_file,
    "add_preview": add_preview,
    "add_extra_preview": add_extra_preview,
    "publish_preview": publish_preview,
    "set_main_preview": set_main_preview,
    "all_previews_for_task": lambda s: has(
        s.g.task.all_previews_for_task({"id": s.preview["task_id"]}), id=s.preview["id"]
    ),
    "all_preview_files_for_project": lambda s: (
        there(s.preview) and has(s.g.task.all_preview_files_for_project(s.project), id=s.preview["id"])
    ),
    "remove_preview_from_comment": remove_preview_from_comment,
}
