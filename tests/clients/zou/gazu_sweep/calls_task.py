"""How each function of gazu.task about tasks, their steps and their hours is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import gazu
import pytest

from tests.clients.zou.gazu_sweep.stage import Row, Stage, has, ids, there

# -- lists of tasks ------------------------------------------------------------------------------------------


def _tasks_of(function: str, entity: str, step: str = "animation") -> Callable[[Stage], bool]:
    """A list of the tasks of an entity holds the one that was made for it."""

    def call(s: Stage) -> bool:
        thing = getattr(s, entity)
        task = s.g.task.new_task(thing, getattr(s, step), name=s.name("work"))
        found = getattr(s.g.task, function)(thing, relations=True)
        return has(found, id=task["id"], assignees=[], entity_name=thing["name"])

    return call


def _steps_of(function: str, entity: str) -> Callable[[Stage], bool]:
    """The steps of an entity are those it has tasks in."""

    def call(s: Stage) -> bool:
        thing = getattr(s, entity)
        s.g.task.new_task(thing, s.animation, name=s.name("work"))
        return has(getattr(s.g.task, function)(thing), id=s.animation["id"])

    return call


def all_tasks_for_task_type(s: Stage) -> bool:
    task = s.task
    inside = s.g.task.all_tasks_for_task_type(s.project, s.animation, s.episode)
    return has(s.g.task.all_tasks_for_task_type(s.project, s.animation), id=task["id"]) and has(
        inside, id=task["id"]
    )


def all_tasks_for_project(s: Stage) -> bool:
    task = s.task
    found = s.g.task.all_tasks_for_project(s.project, s.animation, s.episode)
    return has(found, id=task["id"]) and not has(found, id=s.asset_task["id"])


def all_done_tasks_for_person(s: Stage) -> bool:
    task = s.new_task()
    s.g.task.add_comment(task, s.status("done"))
    return has(s.g.task.all_done_tasks_for_person(s.me), id=task["id"])


def all_tasks_for_task_status(s: Stage) -> bool:
    task = s.new_task()
    found = s.g.task.all_tasks_for_task_status(s.project, s.animation, s.status("todo"))
    return has(found, id=task["id"])


# -- tasks ---------------------------------------------------------------------------------------------------


def remove_task(s: Stage) -> bool:
    task = s.new_task()
    s.new_comment(task)
    s.g.task.remove_task(task)
    return s.g.task.get_task_by_entity({"id": task["entity_id"]}, s.animation) is None


def start_task(s: Stage) -> bool:
    task = s.new_task()
    s.g.task.start_task(task)
    started = s.g.task.get_task(task["id"])
    return started["task_status_id"] == s.status("wip")["id"] and started["real_start_date"] is not None


def assign_task(s: Stage) -> bool:
    task = s.new_task()
    s.g.task.assign_task(task, s.person)
    return has(s.g.task.all_tasks_for_person(s.person), id=task["id"])


def assign_tasks_to_person(s: Stage) -> bool:
    tasks, person = [s.new_task(), s.new_task()], s.new_person()
    s.g.task.assign_tasks_to_person(tasks, person)
    return sorted(ids(s.g.task.all_tasks_for_person(person))) == sorted(ids(tasks))


def clear_assignations(s: Stage) -> bool:
    task = s.new_task()
    s.g.task.clear_assignations([task])
    return not has(s.g.task.all_tasks_for_person(s.me), id=task["id"])


def remove_tasks_batch(s: Stage) -> bool:
    tasks = [s.new_task(), s.new_task()]
    s.g.task.remove_tasks_batch(s.project, tasks)
    return all(s.g.task.all_tasks_for_shot({"id": task["entity_id"]}) == [] for task in tasks)


def remove_tasks_for_type(s: Stage) -> bool:
    project = s.new_project()
    asset = s.new_asset(project)
    s.g.task.new_task(asset, s.modeling)
    s.g.task.remove_tasks_for_type(project, s.modeling)
    return s.g.task.all_tasks_for_asset(asset) == []


def update_task(s: Stage) -> bool:
    task = s.new_task()
    return s.g.task.update_task({**task, "estimation": 480, "priority": 2})["estimation"] == 480


def get_persons_tasks_dates(s: Stage) -> bool:
    task, person = s.new_task(), s.new_person()
    s.g.task.assign_task(task, person)
    s.g.task.update_task({"id": task["id"], "start_date": "2030-01-07", "due_date": "2030-01-11"})
    return has(s.g.task.get_persons_tasks_dates(), person_id=person["id"])


def _made_tasks(function: str, entity: Callable[[Stage], Row], step: str) -> Callable[[Stage], bool]:
    def call(s: Stage) -> bool:
        thing = entity(s)
        made = getattr(s.g.task, function)(thing, [getattr(s, step)])
        again = getattr(s.g.task, function)(thing, [getattr(s, step)])
        return [task["entity_id"] for task in made] == [thing["id"]] and again == []

    return call


def _new_edit(s: Stage) -> Row:
    return dict(s.g.edit.new_edit(s.project, s.name("Edit")))


def _new_concept(s: Stage) -> Row:
    return dict(s.g.concept.new_concept(s.project, s.name("Concept")))


# -- vocabulary ----------------------------------------------------------------------------------------------


def remove_task_type(s: Stage) -> bool:
    made = s.g.task.new_task_type(s.name("Step"))
    s.g.task.remove_task_type(made)
    return not has(s.g.task.all_task_types(), id=made["id"])


def _status(s: Stage) -> Row:
    name = s.name("S")
    return dict(s.g.task.new_task_status(name, name.replace(" ", "").lower(), "#00FF00"))


def remove_task_status(s: Stage) -> bool:
    made = _status(s)
    s.g.task.remove_task_status(made)
    return not has(s.g.task.all_task_statuses(), id=made["id"])


def update_task_status(s: Stage) -> bool:
    return s.g.task.update_task_status({**_status(s), "color": "#0000FF"})["color"] == "#0000FF"


def update_task_type(s: Stage) -> bool:
    made = s.g.task.new_task_type(s.name("Step"), "#123456", "Shot")
    return s.g.task.update_task_type({**made, "priority": 9})["priority"] == 9


# -- time ----------------------------------------------------------------------------------------------------


def set_time_spent(s: Stage) -> bool:
    task = s.new_task()
    s.g.task.set_time_spent(task, s.me, "2030-02-01", 30)
    return s.g.task.set_time_spent(task, s.me, "2030-02-01", 90)["duration"] == 90


def add_time_spent(s: Stage) -> bool:
    task = s.new_task()
    s.g.task.set_time_spent(task, s.me, "2030-02-01", 30)
    return s.g.task.add_time_spent(task, s.me, "2030-02-01", 20)["duration"] == 50


def get_time_spent(s: Stage) -> bool:
    task = s.new_task()
    s.g.task.set_time_spent(task, s.me, "2030-02-01", 30)
    return s.g.task.get_time_spent(task)["total"] == 30


def get_task_time_spent_for_date(s: Stage) -> bool:
    task = s.new_task()
    s.g.task.set_time_spent(task, s.me, "2030-02-01", 30)
    return s.g.task.get_task_time_spent_for_date(task, "2030-02-01")["total"] == 30


def remove_time_spent(s: Stage) -> bool:
    task = s.new_task()
    s.g.task.remove_time_spent(s.g.task.set_time_spent(task, s.me, "2030-02-01", 30))
    return s.g.task.get_time_spent(task)["total"] == 0


def get_task_url(s: Stage) -> bool:
    with pytest.raises(gazu.exception.TaskMustBeADictException):
        s.g.task.get_task_url(s.task["id"])
    return s.task["id"] in s.g.task.get_task_url(s.task)


CALLS: Mapping[str, Callable[[Stage], bool]] = {
    "all_task_statuses": lambda s: has(s.g.task.all_task_statuses(), short_name="wip"),
    "all_task_types": lambda s: has(s.g.task.all_task_types(), name="Animation"),
    "all_task_types_for_project": lambda s: has(
        s.g.task.all_task_types_for_project(s.project), name="Modeling"
    ),
    "all_task_statuses_for_project": lambda s: has(
        s.g.task.all_task_statuses_for_project(s.project), short_name="wfa"
    ),
    "all_tasks_for_shot": _tasks_of("all_tasks_for_shot", "shot"),
    "all_tasks_for_concept": _tasks_of("all_tasks_for_concept", "concept"),
    "all_tasks_for_edit": _tasks_of("all_tasks_for_edit", "edit"),
    "all_tasks_for_sequence": _tasks_of("all_tasks_for_sequence", "sequence"),
    "all_tasks_for_scene": _tasks_of("all_tasks_for_scene", "scene"),
    "all_tasks_for_asset": _tasks_of("all_tasks_for_asset", "asset", "modeling"),
    "all_tasks_for_episode": _tasks_of("all_tasks_for_episode", "episode"),
    "all_shot_tasks_for_sequence": lambda s: (
        there(s.task)
        and has(s.g.task.all_shot_tasks_for_sequence(s.sequence, relations=True), id=s.task["id"])
    ),
    "all_shot_tasks_for_episode": lambda s: (
        there(s.task) and has(s.g.task.all_shot_tasks_for_episode(s.episode), id=s.task["id"])
    ),
    "all_assets_tasks_for_episode": lambda s: (
        there(s.asset_task) and has(s.g.task.all_assets_tasks_for_episode(s.episode), id=s.asset_task["id"])
    ),
    "all_tasks_for_task_status": all_tasks_for_task_status,
    "all_tasks_for_task_type": all_tasks_for_task_type,
    "all_task_types_for_shot": _steps_of("all_task_types_for_shot", "shot"),
    "all_task_types_for_concept": _steps_of("all_task_types_for_concept", "concept"),
    "all_task_types_for_asset": _steps_of("all_task_types_for_asset", "asset"),
    "all_task_types_for_scene": _steps_of("all_task_types_for_scene", "scene"),
    "all_task_types_for_sequence": _steps_of("all_task_types_for_sequence", "sequence"),
    "all_task_types_for_episode": _steps_of("all_task_types_for_episode", "episode"),
    "all_tasks_for_entity_and_task_type": lambda s: (
        there(s.task)
        and has(s.g.task.all_tasks_for_entity_and_task_type(s.shot, s.animation), id=s.task["id"])
    ),
    "all_tasks_for_person": lambda s: (
        there(s.task) and has(s.g.task.all_tasks_for_person(s.me), id=s.task["id"])
    ),
    "all_done_tasks_for_person": all_done_tasks_for_person,
    "get_task_by_entity": lambda s: (
        there(s.task) and s.g.task.get_task_by_entity(s.shot, s.animation)["id"] == s.task["id"]
    ),
    "get_task_type": lambda s: s.g.task.get_task_type(s.modeling["id"])["name"] == "Modeling",
    "get_task_type_by_name": lambda s: (
        s.g.task.get_task_type_by_name("Animation", "Shot")["id"] == s.animation["id"]
    ),
    "get_task_type_by_short_name": lambda s: (
        s.g.task.get_task_type_by_short_name(s.modeling["short_name"])["id"] == s.modeling["id"]
    ),
    "get_default_task_status": lambda s: s.g.task.get_default_task_status()["is_default"] is True,
    "get_task_status": lambda s: s.g.task.get_task_status(s.status("done")["id"])["is_done"] is True,
    "get_task_status_by_name": lambda s: s.g.task.get_task_status_by_name("Done")["short_name"] == "done",
    "get_task_status_by_short_name": lambda s: (
        s.g.task.get_task_status_by_short_name("wip")["is_wip"] is True
    ),
    "remove_task_type": remove_task_type,
    "remove_task_status": remove_task_status,
    "update_task_type": update_task_type,
    "update_task_status": update_task_status,
    "get_task": lambda s: s.g.task.get_task(s.task["id"])["entity"]["id"] == s.shot["id"],
    "new_task": lambda s: (
        s.g.task.new_task(s.new_shot(), s.animation, assignees=[s.me])["assignees"] == [s.me["id"]]
    ),
    "remove_task": remove_task,
    "start_task": start_task,
    "get_time_spent": get_time_spent,
    "set_time_spent": set_time_spent,
    "add_time_spent": add_time_spent,
    "assign_task": assign_task,
    "clear_assignations": clear_assignations,
    "new_task_type": lambda s: (
        s.g.task.new_task_type(s.name("Step"), "#123456", "Shot")["for_entity"] == "Shot"
    ),
    "new_task_status": lambda s: _status(s)["color"] == "#00FF00",
    "update_task": update_task,
    "update_task_data": lambda s: (
        s.g.task.update_task_data(s.new_task(), {"note": "x"})["data"]["note"] == "x"
    ),
    "get_task_url": get_task_url,
    "all_tasks_for_project": all_tasks_for_project,
    "all_open_tasks": lambda s: there(s.task) and s.g.task.all_open_tasks()["stats"]["total"] > 0,
    "get_open_tasks_stats": lambda s: there(s.task) and s.project["id"] in s.g.task.get_open_tasks_stats(),
    "all_tasks_for_person_and_type": lambda s: (
        there(s.task) and has(s.g.task.all_tasks_for_person_and_type(s.me, s.animation), id=s.task["id"])
    ),
    "get_persons_tasks_dates": get_persons_tasks_dates,
    "remove_tasks_for_type": remove_tasks_for_type,
    "remove_tasks_batch": remove_tasks_batch,
    "assign_tasks_to_person": assign_tasks_to_person,
    "get_task_time_spent_for_date": get_task_time_spent_for_date,
    "remove_time_spent": remove_time_spent,
    "create_shot_tasks": _made_tasks("create_shot_tasks", Stage.new_shot, "animation"),
    "create_asset_tasks": _made_tasks("create_asset_tasks", Stage.new_asset, "modeling"),
    "create_edit_tasks": _made_tasks("create_edit_tasks", _new_edit, "edit_step"),
    "create_concept_tasks": _made_tasks("create_concept_tasks", _new_concept, "modeling"),
    "create_entity_tasks": _made_tasks("create_entity_tasks", Stage.new_shot, "animation"),
}
