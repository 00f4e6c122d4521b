"""How each function of gazu.project is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.clients.zou.gazu_sweep.stage import Row, Stage, has, ids, there


def remove_project(s: Stage) -> bool:
    made = s.new_project()
    s.g.project.close_project(made)
    s.g.project.remove_project(made, force=True)
    return s.g.project.get_project_by_name(made["name"]) is None


def close_project(s: Stage) -> bool:
    made = s.new_project()
    s.g.project.close_project(made)
    return not has(s.g.project.all_open_projects(), id=made["id"])


def update_project_data(s: Stage) -> bool:
    return s.g.project.update_project_data(s.new_project(), {"client": "Us"})["data"]["client"] == "Us"


def new_project(s: Stage) -> bool:
    made = s.g.project.new_project(
        s.name("Project"), "tvshow", [s.me], [s.asset_type], [s.status("wip")], [s.modeling], "3d"
    )
    episode = s.g.shot.get_episode(made["first_episode_id"])
    return (made["team"], made["task_types"], episode["name"]) == ([s.me["id"]], [s.modeling["id"]], "E01")


def add_asset_type(s: Stage) -> bool:
    return s.g.project.add_asset_type(s.new_project(), s.asset_type)["asset_types"] == [s.asset_type["id"]]


def add_task_type(s: Stage) -> bool:
    return s.g.project.add_task_type(s.new_project(), s.modeling, 4)["task_types"] == [s.modeling["id"]]


def remove_task_type(s: Stage) -> bool:
    project = s.new_project()
    s.g.project.add_task_type(project, s.modeling, 1)
    s.g.project.remove_task_type(project, s.modeling)
    return s.g.project.get_project_task_types(project) == []


def remove_task_status(s: Stage) -> bool:
    project, done = s.new_project(), s.status("done")
    s.g.project.add_task_status(project, done)
    s.g.project.remove_task_status(project, done)
    return s.g.project.get_project_task_statuses(project) == []


# -- custom fields -------------------------------------------------------------------------------------------


def _descriptor(s: Stage, project: Row | None = None) -> Row:
    return dict(
        s.g.project.add_metadata_descriptor(project or s.project, s.name("Field"), "Shot", "list", ["a", "b"])
    )


def all_metadata_descriptors(s: Stage) -> bool:
    project = s.new_project()
    made = _descriptor(s, project)
    shown = s.g.project.all_metadata_descriptors(project, entity_type="Shot")
    return (
        ids(shown) == [made["id"]]
        and s.g.project.all_metadata_descriptors(project, entity_type="Asset") == []
    )


def get_metadata_descriptor(s: Stage) -> bool:
    made = _descriptor(s)
    return s.g.project.get_metadata_descriptor(s.project, made)["choices"] == ["a", "b"]


def get_metadata_descriptor_by_field_name(s: Stage) -> bool:
    made = _descriptor(s)
    found = s.g.project.get_metadata_descriptor_by_field_name(s.project, made["field_name"])
    return found["id"] == made["id"]


def update_metadata_descriptor(s: Stage) -> bool:
    made = {**_descriptor(s), "choices": ["c"]}
    return s.g.project.update_metadata_descriptor(s.project, made)["choices"] == ["c"]


def remove_metadata_descriptor(s: Stage) -> bool:
    made = _descriptor(s)
    s.g.project.remove_metadata_descriptor(s.project, made, force=True)
    return not has(s.g.project.all_metadata_descriptors(s.project), id=made["id"])


def reorder_metadata_descriptors(s: Stage) -> bool:
    project = s.new_project()
    first, second = _descriptor(s, project), _descriptor(s, project)
    found = s.g.project.reorder_metadata_descriptors(project, "Shot", [second, first])
    return ids(found) == [second["id"], first["id"]]


# -- team and settings ---------------------------------------------------------------------------------------


def update_team_member_role(s: Stage) -> bool:
    project, person = s.new_project(), s.new_person()
    s.g.project.add_person_to_team(project, person)
    return s.g.project.update_team_member_role(project, person, "supervisor")["role"] == "supervisor"


def remove_person_from_team(s: Stage) -> bool:
    project, person = s.new_project(), s.new_person()
    s.g.project.add_person_to_team(project, person, "manager")
    s.g.project.remove_person_from_team(project, person)
    return s.g.project.get_team(project) == []


def _automation(s: Stage) -> Row:
    body = {
        "entity_type": "asset",
        "in_task_type_id": s.modeling["id"],
        "in_task_status_id": s.status("done")["id"],
        "out_field_type": "status",
        "out_task_type_id": s.animation["id"],
        "out_task_status_id": s.status("todo")["id"],
    }
    made = s.post("data/status-automations", body)
    return {"status_automation_id": made["id"]}


def add_status_automation(s: Stage) -> bool:
    rule = _automation(s)
    made = s.g.project.add_status_automation(s.new_project(), rule)
    return made["status_automations"] == [rule["status_automation_id"]]


def all_status_automations(s: Stage) -> bool:
    project, rule = s.new_project(), _automation(s)
    s.g.project.add_status_automation(project, rule)
    return ids(s.g.project.all_status_automations(project)) == [rule["status_automation_id"]]


def remove_status_automation(s: Stage) -> bool:
    project, rule = s.new_project(), _automation(s)
    s.g.project.add_status_automation(project, rule)
    s.g.project.remove_status_automation(project, rule["status_automation_id"])
    return s.g.project.all_status_automations(project) == []


def _background(s: Stage) -> Row:
    made = s.post("data/preview-background-files", {"name": s.name("Sky")})
    return {"preview_background_file_id": made["id"]}


def add_preview_background_file(s: Stage) -> bool:
    sky = _background(s)
    made = s.g.project.add_preview_background_file(s.new_project(), sky)
    return made["preview_background_files"] == [sky["preview_background_file_id"]]


def get_preview_background_files(s: Stage) -> bool:
    project, sky = s.new_project(), _background(s)
    s.g.project.add_preview_background_file(project, sky)
    return ids(s.g.project.get_preview_background_files(project)) == [sky["preview_background_file_id"]]


def remove_preview_background_file(s: Stage) -> bool:
    project, sky = s.new_project(), _background(s)
    s.g.project.add_preview_background_file(project, sky)
    s.g.project.remove_preview_background_file(project, sky["preview_background_file_id"])
    return s.g.project.get_preview_background_files(project) == []


# -- planning ------------------------------------------------------------------------------------------------


def get_milestones(s: Stage) -> bool:
    project = s.new_project()
    body = {"name": "Picture lock", "date": "2030-06-01", "project_id": project["id"]}
    s.post("data/milestones", body)
    return has(s.g.project.get_milestones(project), name="Picture lock", date="2030-06-01")


def _reviewed(s: Stage) -> Row:
    """A task of a shot of fifty frames that went to review, with an hour spent on it."""
    shot = s.g.shot.new_shot(s.project, s.sequence, s.name("Quota"), nb_frames=50)
    task = s.g.task.new_task(shot, s.animation, assignees=[s.me])
    s.g.task.set_time_spent(task, s.me, "2030-01-09", 60)
    s.g.task.add_comment(task, s.status("wfa"), "Look")
    return dict(task)


def get_project_quotas(s: Stage) -> bool:
    assert _reviewed(s)
    mine = s.g.project.get_project_quotas(s.project, s.animation)[s.me["id"]]
    return bool(mine["day"]["frames"]["2030-01-09"] >= 50)


def get_project_person_quotas(s: Stage) -> bool:
    assert _reviewed(s)
    mine = s.g.project.get_project_person_quotas(s.project, s.me)[s.animation["id"]]
    return bool(mine["day"]["frames"]["2030-01-09"] >= 50)


def _budget(s: Stage) -> Row:
    return dict(s.g.project.create_budget(s.project, s.name("Budget"), "Plan", "EUR", amount=1000))


def update_budget(s: Stage) -> bool:
    changed = s.g.project.update_budget(s.project, _budget(s), {"currency": "USD"})
    return changed["currency"] == "USD"


def remove_budget(s: Stage) -> bool:
    made = _budget(s)
    s.g.project.remove_budget(s.project, made)
    return not has(s.g.project.get_budgets(s.project), id=made["id"])


def create_budget(s: Stage) -> bool:
    project = s.new_project()
    made = [s.g.project.create_budget(project, name, currency="EUR") for name in ("First", "Second")]
    return [each["revision"] for each in made] == [1, 2]


def _entry(s: Stage, budget: Row) -> Row:
    made = s.g.project.create_budget_entry(
        s.project, budget, "Cameras", "2030-01-01", 300, 3, 100, "Hired", "Gear"
    )
    return dict(made)


def create_budget_entry(s: Stage) -> bool:
    budget = _budget(s)
    made = _entry(s, budget)
    return (made["budget_id"], made["unit_price"]) == (budget["id"], 100)


def get_budget_entries(s: Stage) -> bool:
    budget = _budget(s)
    made = _entry(s, budget)
    return ids(s.g.project.get_budget_entries(s.project, budget)) == [made["id"]]


def get_budget_entry(s: Stage) -> bool:
    budget = _budget(s)
    return s.g.project.get_budget_entry(s.project, budget, _entry(s, budget))["category"] == "Gear"


def update_budget_entry(s: Stage) -> bool:
    budget = _budget(s)
    changed = s.g.project.update_budget_entry(s.project, budget, _entry(s, budget), {"quantity": 4})
    return changed["quantity"] == 4


def remove_budget_entry(s: Stage) -> bool:
    budget = _budget(s)
    s.g.project.remove_budget_entry(s.project, budget, _entry(s, budget))
    return s.g.project.get_budget_entries(s.project, budget) == []


CALLS: Mapping[str, Callable[[Stage], bool]] = {
    "all_project_status": lambda s: has(s.g.project.all_project_status(), name="Closed"),
    "get_project_status_by_name": lambda s: s.g.project.get_project_status_by_name("Open")["name"] == "Open",
    "all_projects": lambda s: there(s.project) and has(s.g.project.all_projects(), id=s.project["id"]),
    "all_open_projects": lambda s: (
        there(s.project) and has(s.g.project.all_open_projects(), id=s.project["id"], team=[s.me["id"]])
    ),
    "get_project": lambda s: s.g.project.get_project(s.project["id"])["project_status_name"] == "Open",
    "get_project_url": lambda s: s.project["id"] in s.g.project.get_project_url(s.project),
    "get_project_by_name": lambda s: (
        s.g.project.get_project_by_name(s.project["name"])["id"] == s.project["id"]
    ),
    "new_project": new_project,
    "remove_project": remove_project,
    "update_project": lambda s: s.g.project.update_project({**s.new_project(), "fps": "24"})["fps"] == "24",
    "update_project_data": update_project_data,
    "close_project": close_project,
    "add_asset_type": add_asset_type,
    "add_task_type": add_task_type,
    "add_task_status": lambda s: (
        s.g.project.add_task_status(s.new_project(), s.status("done"))["task_statuses"]
        == [s.status("done")["id"]]
    ),
    "remove_task_type": remove_task_type,
    "remove_task_status": remove_task_status,
    "add_metadata_descriptor": lambda s: _descriptor(s)["data_type"] == "list",
    "get_metadata_descriptor": get_metadata_descriptor,
    "get_metadata_descriptor_by_field_name": get_metadata_descriptor_by_field_name,
    "all_metadata_descriptors": all_metadata_descriptors,
    "update_metadata_descriptor": update_metadata_descriptor,
    "remove_metadata_descriptor": remove_metadata_descriptor,
    "reorder_metadata_descriptors": reorder_metadata_descriptors,
    "get_team": lambda s: has(s.g.project.get_team(s.project), id=s.me["id"]),
    "add_person_to_team": lambda s: (
        s.g.project.add_person_to_team(s.new_project(), s.person)["team"] == [s.person["id"]]
    ),
    "update_team_member_role": update_team_member_role,
    "remove_person_from_team": remove_person_from_team,
    "get_project_task_types": lambda s: has(s.g.project.get_project_task_types(s.project), name="Modeling"),
    "get_project_task_statuses": lambda s: has(
        s.g.project.get_project_task_statuses(s.project), short_name="done"
    ),
    "all_status_automations": all_status_automations,
    "add_status_automation": add_status_automation,
    "remove_status_automation": remove_status_automation,
    "get_preview_background_files": get_preview_background_files,
    "add_preview_background_file": add_preview_background_file,
    "remove_preview_background_file": remove_preview_background_file,
    "get_milestones": get_milestones,
    "get_project_quotas": get_project_quotas,
    "get_project_person_quotas": get_project_person_quotas,
    "get_budgets": lambda s: there(_budget(s)) and has(s.g.project.get_budgets(s.project), currency="EUR"),
    "create_budget": create_budget,
    "get_budget": lambda s: s.g.project.get_budget(s.project, _budget(s))["amount"] == 1000,
    "update_budget": update_budget,
    "remove_budget": remove_budget,
    "get_budget_entries": get_budget_entries,
    "create_budget_entry": create_budget_entry,
    "get_budget_entry": get_budget_entry,
    "update_budget_entry": update_budget_entry,
    "remove_budget_entry": remove_budget_entry,
}
