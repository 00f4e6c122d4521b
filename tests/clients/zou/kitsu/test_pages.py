"""Kitsu's pages of a production: schedule, templates, costs, bulk actions, chats, histories, statistics."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from tests.studio import unique

if TYPE_CHECKING:
    from tests.clients.zou.kitsu.page import Page
    from tests.clients.zou.people.own.site import OwnSite

ITEM_KEYS = {"id", "start_date", "end_date", "man_days", "project_id", "task_type_id", "object_id"}


def steps_of(site: OwnSite, page: Page, *names: str) -> list[str]:
    """Let the project use steps."""
    ids = [str(site.made.steps[name]) for name in names]
    for id_ in ids:
        page.ask(
            "POST",
            f"/data/projects/{site.made.project}/settings/task-types",
            {"task_type_id": id_},
            status=201,
        )
    return ids


# -- schedule ------------------------------------------------------------------------------------------------


def test_the_schedule_has_an_item_for_each_step(
    lead: Page, artist: Page, site: OwnSite, project: str
) -> None:
    steps = steps_of(site, lead, "Modeling", "Animation")
    items = lead.get(f"/data/projects/{project}/schedule-items/task-types")
    assert [item["task_type_id"] for item in items][-2:] == steps
    assert set(items[0]) == ITEM_KEYS
    assert artist.get(f"/data/projects/{project}/schedule-items/task-types") == items
    listed = lead.get(f"/data/projects/{project}/schedule-items/")
    assert {item["id"] for item in items} <= {item["id"] for item in listed}
    changed = {"start_date": "2026-11-10", "end_date": "2026-11-22", "man_days": 5}
    found = lead.ask("PUT", f"/data/schedule-items/{items[0]['id']}", changed)
    assert {key: found[key] for key in changed} == changed
    assert lead.last_event("schedule-item:update")["schedule_item_id"] == items[0]["id"]
    assert artist.answer("PUT", f"/data/schedule-items/{items[0]['id']}", changed).status_code == 403


def test_a_step_is_planned_by_parts(lead: Page, site: OwnSite, project: str) -> None:
    step = str(site.made.steps["Animation"])
    for path, name in (("asset-types", None), ("episodes", "E01"), ("sequences", "sq010"), ("edits", None)):
        items = lead.get(f"/data/projects/{project}/schedule-items/{step}/{path}")
        assert lead.get(f"/data/projects/{project}/schedule-items/{step}/{path}") == items
        assert name in {None, *(item["name"] for item in items)}
        assert all(item["object_id"] and item["task_type_id"] == step for item in items)
    again = {"project_id": project, "task_type_id": step, "object_id": str(site.made.sequence)}
    assert lead.answer("POST", "/data/schedule-items", again).status_code == 400
    path = f"/data/projects/{project}/schedule-items/{step}/sequences"
    known = lead.get(path)
    new = site.kit.create("Sequence", name="sq000", project_id=project, parent_id=site.made.episode)
    first, *others = lead.get(path)
    assert (first["name"], first["object_id"], others) == ("sq000", str(new), known)


def test_a_version_of_the_schedule_is_taken_and_applied(lead: Page, site: OwnSite, project: str) -> None:
    task = str(site.made.tasks["shot"])
    lead.ask("PUT", f"/data/tasks/{task}", {"estimation": 480, "due_date": "2026-12-01"})
    values = {"project_id": project, "name": unique("V")}
    version = lead.ask("POST", "/data/production-schedule-versions/", values, 201)
    assert version["locked"] is False
    listed = lead.get(f"/data/production-schedule-versions?project_id={project}")
    assert [each["id"] for each in listed] == [version["id"]]
    path = f"/actions/production-schedule-versions/{version['id']}"
    counted = lead.ask("POST", f"{path}/set-task-links-from-production")
    links = lead.get(f"/data/production-schedule-versions/{version['id']}/task-links?relations=true")
    assert counted == {"success": True, "task_link_count": len(links)}
    link = next(each for each in links if each["task_id"] == task)
    assert link["estimation"] == 480
    assert link["assignees"] == [str(site.made.artist.person_id)]
    changed = {"estimation": 960, "start_date": "2026-11-05T00:00:00", "assignees": []}
    lead.ask("PUT", f"/data/production-schedule-version-task-links/{link['id']}", changed)
    assert lead.ask("POST", f"{path}/apply-to-production") == {"success": True, "task_count": len(links)}
    found = lead.get(f"/data/tasks/{task}")
    assert (found["estimation"], found["assignees"]) == (960, [])
    other = lead.ask("POST", "/data/production-schedule-versions/", {**values, "name": unique("V")}, 201)
    taken = lead.ask(
        "POST",
        f"/actions/production-schedule-versions/{other['id']}/set-task-links-from-production-schedule-version",
        {"production_schedule_version_id": version["id"]},
    )
    assert taken["task_link_count"] == len(links)
    lead.ask("PUT", f"/data/tasks/{task}", {"assignees": [str(site.made.artist.person_id)]})


# -- templates -----------------------------------------------------------------------------------------------


def test_a_template_is_made_of_a_project_and_applied_to_another(
    admin: Page, lead: Page, site: OwnSite, project: str
) -> None:
    steps = steps_of(site, lead, "Modeling", "Animation")
    field = {"name": unique("Field"), "entity_type": "Shot", "data_type": "string"}
    lead.ask("POST", f"/data/projects/{project}/metadata-descriptors", field, 201)
    made = admin.ask("POST", f"/data/project-templates/from-project/{project}", {"name": unique("Tpl")}, 201)
    assert made["production_type"] == "tvshow"
    assert set(steps) <= set(made["task_types"])
    other = admin.ask("POST", "/data/projects/", {"name": unique("Other"), "production_type": "short"}, 201)
    applied = admin.ask("POST", f"/data/projects/{other['id']}/apply-template/{made['id']}")
    assert applied["task_types"] == made["task_types"]
    fields = admin.get(f"/data/projects/{other['id']}/metadata-descriptors")
    assert field["name"] in {each["name"] for each in fields}
    assert admin.last_event("project-template:new") == {"project_template_id": made["id"]}
    assert lead.answer("POST", "/data/project-templates", {"name": "Mine"}).status_code == 403


def test_a_template_keeps_its_lists_in_order(admin: Page, site: OwnSite) -> None:
    values = {
        "name": unique("Tpl"),
        "description": "",
        "production_style": "3d",
        "fps": "25",
        "homepage": "assets",
    }
    root = f"/data/project-templates/{admin.ask('POST', '/data/project-templates', values, 201)['id']}"
    kinds: dict[str, tuple[str, list[str]]] = {
        "task-types": ("task_type_id", [str(site.made.steps[name]) for name in ("Modeling", "Layout")]),
        "task-statuses": ("task_status_id", [str(site.made.statuses[code]) for code in ("todo", "wip")]),
        "asset-types": ("asset_type_id", [str(site.made.asset_type)]),
    }
    for path, (key, ids) in kinds.items():
        for place, id_ in enumerate(ids, 1):
            more = {} if path == "asset-types" else {"priority": place}
            admin.ask("POST", f"{root}/{path}", {key: id_, **more}, 201)
        assert [each["id"] for each in admin.get(f"{root}/{path}")] == ids
    for path in ("task-types", "task-statuses"):
        key, ids = kinds[path]
        action = f"{root.replace('/data/', '/actions/')}/{path}/reorder"
        assert [e["id"] for e in admin.ask("POST", action, {f"{key}s": ids[::-1]})] == ids[::-1]
    admin.ask("DELETE", f"{root}/task-types/{kinds['task-types'][1][0]}", status=204)
    assert len(admin.get(f"{root}/task-types")) == 1
    assert admin.get(f"{root}/status-automations") == admin.get(f"{root}/preview-background-files") == []
    fields = {"metadata_descriptors": [{"name": "Weather", "entity_type": "Shot", "data_type": "string"}]}
    assert (
        admin.ask("PUT", f"{root}/metadata-descriptors", fields)["metadata_descriptors"]
        == fields["metadata_descriptors"]
    )
    chosen = {"default_preview_background_file_id": None}
    assert admin.ask("PUT", f"{root}/default-preview-background-file", chosen)["id"] in root
    assert admin.ask("PUT", root, {"fps": "24"})["fps"] == "24"
    admin.ask("DELETE", root, status=204)


# -- costs ---------------------------------------------------------------------------------------------------


def test_departments_have_machines_and_licences(admin: Page, artist: Page) -> None:
    department = admin.ask("POST", "/data/departments", {"name": unique("Dep")}, 201)["id"]
    item = {"name": unique("HW"), "short_name": "h", "monthly_cost": 10, "inventory_amount": 3}
    machine = admin.ask("POST", "/data/hardware-items", item, 201)
    program = admin.ask(
        "POST", "/data/softwares", {"name": unique("SW"), "short_name": "s", "file_extension": "x"}, 201
    )
    for path, key, row in (
        ("hardware-items", "hardware_item_id", machine),
        ("software-licenses", "software_id", program),
    ):
        link = admin.ask("POST", f"/data/departments/{department}/{path}", {key: row["id"]}, 201)
        assert (link["department_id"], link[key]) == (department, row["id"])
        assert [each["id"] for each in admin.get(f"/data/departments/{path}")[department]] == [row["id"]]
        place = f"/data/departments/{department}/{path}/{row['id']}"
        assert admin.get(place)["id"] == link["id"]
        assert artist.answer("DELETE", place).status_code == 403
        admin.ask("DELETE", place, status=204)
        assert department not in admin.get(f"/data/departments/{path}")
    assert (
        admin.ask("PUT", f"/data/hardware-items/{machine['id']}", {"monthly_cost": 12})["monthly_cost"] == 12
    )


def test_every_department_has_its_salaries(admin: Page, lead: Page, artist: Page) -> None:
    department = admin.ask("POST", "/data/departments", {"name": unique("Paid")}, 201)["id"]
    scales = [each for each in admin.get("/data/salary-scales") if each["department_id"] == department]
    assert len(scales) == 9
    assert {each["salary"] for each in scales} == {0}
    assert admin.ask("PUT", f"/data/salary-scales/{scales[0]['id']}", {"salary": 300})["salary"] == 300
    assert len(lead.get("/data/salary-scales")) == len(admin.get("/data/salary-scales"))
    assert artist.get("/data/salary-scales") == []
    assert lead.answer("PUT", f"/data/salary-scales/{scales[0]['id']}", {"salary": 1}).status_code == 403


def test_a_budget_has_the_time_that_was_spent(lead: Page, artist: Page, site: OwnSite, project: str) -> None:
    task, me = site.made.tasks["shot"], str(site.made.artist.person_id)
    artist.ask("POST", f"/actions/tasks/{task}/time-spents/2026-11-02/persons/{me}", {"duration": 120}, 201)
    (of_department,) = lead.get(f"/data/projects/{project}/budgets/time-spents").values()
    assert of_department == {"total": 120.0, me: {"total": 120.0, "2026-11": 120.0}}
    assert artist.answer("GET", f"/data/projects/{project}/budgets/time-spents").status_code == 403
    step = site.made.steps["Animation"]
    found = lead.get(
        f"/data/projects/{project}/task-types/{step}/time-spents?start_date=2026-11-01&end_date=2026-11-30"
    )
    assert [each["duration"] for each in found[me]] == [120.0]
    assert lead.get(f"/data/projects/{project}/task-types/{step}/time-spents?start_date=2026-12-01") == {}


# -- bulk actions --------------------------------------------------------------------------------------------


def test_a_selection_gets_a_priority(lead: Page, artist: Page, site: OwnSite) -> None:
    ids = [str(site.made.tasks[name]) for name in ("shot", "other_shot")]
    rows = lead.ask("PUT", "/actions/tasks/set-priority", {"task_ids": ids, "priority": 3})
    assert [(row["id"], row["priority"]) for row in rows] == [(id_, 3) for id_ in ids]
    refused = artist.answer("PUT", "/actions/tasks/set-priority", {"task_ids": ids, "priority": 1})
    assert refused.status_code == 403


def test_previews_and_lengths_of_a_selection(lead: Page, site: OwnSite, project: str) -> None:
    task, shot = site.made.tasks["shot"], site.made.shot
    assert lead.ask("PUT", "/actions/tasks/set-main-preview", {"task_ids": [str(task)]}) == []
    preview = site.kit.create(
        "PreviewFile", name=unique("P"), task_id=task, revision=1, is_movie=True, duration=2.0, status="ready"
    )
    site.kit.update("Task", task, last_preview_file_id=preview)
    (row,) = lead.ask("PUT", "/actions/tasks/set-main-preview", {"task_ids": [str(task)]})
    assert row["preview_file_id"] == str(preview)
    step = site.made.steps["Animation"]
    found = lead.ask("POST", f"/actions/projects/{project}/task-types/{step}/set-shot-nb-frames")
    assert found == [{"id": str(shot), "nb_frames": 50}]
    assert lead.get(f"/data/shots/{shot}")["nb_frames"] == 50
    site.kit.update("Shot", shot, data={"fps": "23.98"})
    site.kit.update("PreviewFile", preview, duration=200.2)
    found = lead.ask("POST", f"/actions/projects/{project}/task-types/{step}/set-shot-nb-frames")
    assert found == [{"id": str(shot), "nb_frames": 4800}], "at 24000/1001, which is what is meant"
    site.kit.update("Shot", shot, data={"fps": None})


def test_orders_that_were_dragged_are_kept(admin: Page, lead: Page, site: OwnSite, project: str) -> None:
    steps = steps_of(site, lead, "Modeling", "Animation", "Layout")
    studio = admin.ask("POST", "/actions/task-types/reorder", {"task_type_ids": steps[::-1]})
    assert [(row["id"], row["priority"]) for row in studio] == [
        (id_, n) for n, id_ in enumerate(steps[::-1], 1)
    ]
    links = lead.ask(
        "POST", f"/actions/projects/{project}/task-type-links/reorder", {"task_type_ids": steps[::-1]}
    )
    assert [link["task_type_id"] for link in links] == steps[::-1]
    assert links[0]["type"] == "ProjectTaskTypeLink"
    statuses = [str(site.made.statuses[code]) for code in ("wip", "todo")]
    for id_ in statuses:
        lead.ask("POST", f"/data/projects/{project}/settings/task-status", {"task_status_id": id_}, 201)
    links = lead.ask(
        "POST", f"/actions/projects/{project}/task-status-links/reorder", {"task_status_ids": statuses}
    )
    assert [link["task_status_id"] for link in links] == statuses


def test_assets_are_shared_one_by_one_by_type_and_by_project(lead: Page, site: OwnSite, project: str) -> None:
    asset = str(site.made.asset)
    (row,) = lead.ask("POST", "/actions/assets/share/", {"asset_ids": [asset], "is_shared": True})
    assert (row["id"], row["is_shared"]) == (asset, True)
    assert lead.ask("POST", "/actions/assets/share/", {"asset_ids": [asset], "is_shared": True}) == []
    assert (
        lead.ask("POST", f"/actions/projects/{project}/assets/share/", {"is_shared": False})[0]["id"] == asset
    )
    kind = site.made.asset_type
    by_type = lead.ask(
        "POST", f"/actions/projects/{project}/asset-types/{kind}/assets/share/", {"is_shared": True}
    )
    assert [row["id"] for row in by_type] == [asset]


def test_only_who_runs_a_project_shares_its_assets(artist: Page, site: OwnSite, project: str) -> None:
    asset, kind = str(site.made.asset), site.made.asset_type
    before = site.kit.row("Asset", site.made.asset, "is_shared")
    for is_shared in (True, False):
        said = {"is_shared": is_shared}
        artist.ask("POST", "/actions/assets/share/", {"asset_ids": [asset], **said}, 403)
        artist.ask("POST", f"/actions/projects/{project}/assets/share/", said, 403)
        artist.ask("POST", f"/actions/projects/{project}/asset-types/{kind}/assets/share/", said, 403)
        assert site.kit.row("Asset", site.made.asset, "is_shared") == before


def test_only_administrators_give_things_to_departments(lead: Page, admin: Page) -> None:
    department = admin.ask("POST", "/data/departments", {"name": unique("Dept"), "color": "#112233"}, 201)[
        "id"
    ]
    for kind in ("hardware-items", "software-licenses"):
        key = "hardware_item_id" if kind == "hardware-items" else "software_id"
        lead.ask("POST", f"/data/departments/{department}/{kind}", {key: department}, 403)
        admin.ask("POST", f"/data/departments/{department}/{kind}", {key: department}, 404)


def test_episodes_have_the_shared_assets_that_they_use(admin: Page, site: OwnSite, project: str) -> None:
    kit, made = site.kit, site.made
    library = kit.project()
    shared = kit.create(
        "Asset", name=unique("Lib"), project_id=library, entity_type_id=made.asset_type, is_shared=True
    )
    kit.create("EntityLink", entity_in_id=made.shot, entity_out_id=shared, nb_occurences=1)
    for word, expected in ((made.episode, [str(shared)]), ("all", [str(shared)]), ("main", [])):
        found = admin.get(f"/data/projects/{project}/episodes/{word}/assets/shared-used")
        assert [each["id"] for each in found] == expected


def test_a_field_is_made_everywhere_at_once(admin: Page, project: str) -> None:
    name = unique("Glob")
    field = {
        "name": name,
        "data_type": "string",
        "choices": [],
        "for_client": False,
        "entity_type": "Shot",
        "departments": [],
    }
    made = admin.ask("POST", "/data/metadata-descriptors/all-projects", field, 201)
    assert project in {each["project_id"] for each in made}
    key = made[0]["field_name"]
    path = f"/data/metadata-descriptors/all-projects/{key}"
    changed = admin.ask("PUT", path, {"for_client": True, "entity_type": "Shot"})
    assert {each["for_client"] for each in changed} == {True}
    order = {"entity_type": "Shot", "field_names": [key]}
    assert {
        e["position"] for e in admin.ask("POST", "/actions/metadata-descriptors/all-projects/reorder", order)
    } == {1}
    admin.ask("DELETE", f"{path}?entity_type=Shot", status=204)
    assert admin.answer("DELETE", path).status_code == 404


# -- talk, history, statistics ------------------------------------------------------------------------------


def test_people_chat_about_a_shot(lead: Page, artist: Page, site: OwnSite) -> None:
    root = f"/data/entities/{site.made.other_shot}/chat"
    chat = lead.get(root)
    assert (chat["object_type"], chat["participants"], chat["messages"]) == ("entity", [], [])
    assert lead.answer("POST", f"{root}/messages", {"message": "hi"}).status_code == 400
    lead.ask("POST", f"/actions/user/chats/{site.made.other_shot}/join")
    said = lead.ask("POST", f"{root}/messages", {"message": "hi"}, 201)
    assert (said["text"], said["person_id"]) == ("hi", str(site.made.lead.person_id))
    told = lead.last_event("chat:new-message")
    assert (told["chat_id"], told["chat_message_id"]) == (chat["id"], said["id"])
    assert [each["id"] for each in artist.get(f"{root}/messages")] == [said["id"]]
    assert artist.get(f"{root}/messages/{said['id']}")["text"] == "hi"
    assert artist.answer("DELETE", f"{root}/messages/{said['id']}").status_code == 403
    message = f"/data/chat-messages/{said['id']}"
    assert artist.answer("PUT", message, {"text": "ho"}).status_code == 403
    assert lead.answer("PUT", message, {"person_id": str(site.made.artist.person_id)}).status_code == 403
    assert lead.answer("PUT", message, {"text": " "}).status_code == 400
    elsewhere = lead.get(f"/data/entities/{site.made.shot}/chat")["id"]
    assert lead.answer("PUT", message, {"chat_id": elsewhere}).status_code == 400
    assert lead.ask("PUT", message, {"text": "hello"})["text"] == "hello"
    lead.ask("DELETE", f"{root}/messages/{said['id']}", status=204)
    assert lead.get(root)["messages"] == []


def test_a_shot_tells_what_it_was(lead: Page, site: OwnSite) -> None:
    path = f"/data/entities/{site.made.other_shot}"
    lead.ask("PUT", path, {"data": {"fps": "24", "weather": "sun"}})
    lead.ask("PUT", path, {"name": "sh0021", "data": {"weather": "rain"}})
    lead.ask("PUT", path, {"description": "no version"})
    versions = lead.get(f"/data/shots/{site.made.other_shot}/versions")
    assert [(each["name"], each["data"]) for each in versions] == [
        ("sh0020", {"fps": "24", "weather": "sun"}),
        ("sh0020", {}),
    ]
    assert versions[0]["person_id"] == str(site.made.lead.person_id)
    edit = site.kit.create("Edit", name=unique("Cut"), project_id=site.made.project)
    assert lead.get(f"/data/edits/{edit}/versions") == []


def test_episodes_have_statistics(lead: Page, site: OwnSite, project: str) -> None:
    step, episode = str(site.made.steps["Animation"]), str(site.made.episode)
    stats = lead.get(f"/data/projects/{project}/episodes/stats")
    assert sum(each["count"] for each in stats[episode][step].values()) == 2
    assert stats["all"]["all"] == stats[episode][step]
    site.kit.update(
        "Task", site.made.tasks["shot"], retake_count=2, task_status_id=site.made.statuses["done"]
    )
    takes = lead.get(f"/data/projects/{project}/episodes/retake-stats")["all"]["all"]
    assert takes["max_retake_count"] == 2
    assert takes["done"]["count"] == 1
    assert [takes["evolution"][n]["retake"]["count"] for n in ("1", "2")] == [1, 0]
    empty = site.kit.project(production_type="tvshow")
    lead_of_none = lead.answer("GET", f"/data/projects/{empty}/episodes/stats")
    assert lead_of_none.status_code == 404


def test_retakes_are_counted_for_each_episode_and_step_and_for_all(
    lead: Page, site: OwnSite, project: str
) -> None:
    step, episode = str(site.made.steps["Compositing"]), str(site.made.episode)
    other = site.kit.create("Episode", name=unique("E"), project_id=project)
    sequence = site.kit.create("Sequence", name="sq", project_id=project, parent_id=other)
    for parent, frames, takes, status in (
        (site.made.sequence, 10, 3, "retake"),
        (sequence, 20, 1, "done"),
        (sequence, 5, None, "wip"),
    ):
        shot = site.kit.create(
            "Shot", name=unique("sh"), project_id=project, parent_id=parent, nb_frames=frames
        )
        site.kit.create(
            "Task",
            entity_id=shot,
            task_type_id=step,
            retake_count=takes,
            task_status_id=site.made.statuses[status],
        )
    found = lead.get(f"/data/projects/{project}/episodes/retake-stats")

    def frames_of(place: dict[str, Any]) -> tuple[int, ...]:
        return tuple(place[state]["frames"] for state in ("done", "retake", "other"))

    here, there, both = (found[each][step] for each in (episode, str(other), "all"))
    assert [each["max_retake_count"] for each in (here, there, both)] == [3, 1, 3]
    assert [frames_of(each) for each in (here, there, both)] == [(0, 10, 0), (20, 0, 5), (20, 10, 5)]
    assert [frames_of(each) for each in both["evolution"].values()] == [(20, 10, 5)] * 3
    assert list(there["evolution"]) == ["1"]
    assert found[str(other)]["all"] == there


def test_days_off_of_a_year_and_of_a_team(lead: Page, artist: Page, site: OwnSite, project: str) -> None:
    me = str(site.made.artist.person_id)
    off = artist.ask(
        "POST", "/data/day-offs", {"date": "2026-12-24", "end_date": "2026-12-26", "person_id": me}, 201
    )
    assert [each["id"] for each in lead.get("/data/persons/day-offs/2026")] == [off["id"]]
    found = lead.get(f"/data/projects/{project}/day-offs?start_date=2026-12-25&end_date=2026-12-31")
    assert [each["id"] for each in found[me]] == [off["id"]]
    assert lead.get(f"/data/projects/{project}/day-offs?start_date=2026-12-27") == {}
    assert artist.answer("GET", f"/data/projects/{project}/day-offs").status_code == 403


def test_a_person_has_the_shots_they_finished(lead: Page, artist: Page, site: OwnSite, project: str) -> None:
    me, task = site.made.artist.person_id, site.made.tasks["shot"]
    today = dt.datetime.now(dt.UTC).date()
    values: dict[str, Any] = {"end_date": today.isoformat(), "real_start_date": today.isoformat()}
    site.kit.update("Task", task, **values)
    step = site.made.steps["Animation"]
    asked = f"project_id={project}&&task_type_id={step}&count_mode=feedback"
    year, week, _ = today.isocalendar()
    for span in (
        f"day/{today.year}/{today.month}/{today.day}",
        f"week/{year}/{week}",
        f"month/{today.year}/{today.month}",
    ):
        (shot,) = lead.get(f"/data/persons/{me}/quota-shots/{span}?{asked}")
        assert (shot["id"], shot["weight"]) == (str(site.made.shot), 1)
    other = site.made.lead.person_id
    assert artist.answer("GET", f"/data/persons/{other}/quota-shots/month/2026/11?{asked}").status_code == 403


def test_quotas_go_by_the_days_of_the_person(lead: Page, site: OwnSite, project: str) -> None:
    me, task, step = site.made.artist.person_id, site.made.tasks["shot"], site.made.steps["Animation"]
    home = site.kit.row("Person", me, "timezone")
    site.kit.update("Person", me, timezone="America/Los_Angeles")
    try:
        for ended, day in (("2026-03-04T03:30:00", "2026-03-03"), ("2026-03-04", "2026-03-04")):
            site.kit.update("Task", task, end_date=ended, real_start_date=None)
            found = lead.get(f"/data/projects/{project}/quotas/{step}?count_mode=feedback")
            assert found[str(me)]["day"]["count"] == {day: 1}
            span = "/".join(str(int(part)) for part in day.split("-"))
            asked = f"project_id={project}&count_mode=feedback"
            (shot,) = lead.get(f"/data/persons/{me}/quota-shots/day/{span}?{asked}")
            assert shot["id"] == str(site.made.shot)
    finally:
        site.kit.update("Person", me, timezone=home)
        site.kit.update("Task", task, end_date=None)


def test_a_scene_has_shots(lead: Page, site: OwnSite) -> None:
    root = f"/data/scenes/{site.made.scene}/shots"
    shot = str(site.made.shot)
    assert lead.ask("POST", root, {"shot_id": shot}, 201)["id"] == shot
    assert [each["id"] for each in lead.get(root)] == [shot]
    lead.ask("DELETE", f"{root}/{shot}", status=204)
    assert lead.get(root) == []
