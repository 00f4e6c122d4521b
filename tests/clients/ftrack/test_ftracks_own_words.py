"""What scripts written for ftrack take for granted: no null where it has none, and trees that stay trees."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.clients.ftrack.show import Show, names
from tests.clients.ftrack.site import USER, ServerError, Session, Site, unique

NO_HURRY = "9661b320-3a0c-11e2-81c1-0800200c9a66"


def _raw(site: Site, action: str, type_: str, data: dict[str, Any] | None, key: Any = None) -> Any:
    sent = {"action": action, "entity_type": type_, "entity_data": data}
    return site.post([sent if key is None else {**sent, "entity_key": key}]).json()


def test_a_project_of_another_client_is_found_by_its_name(site: Site, session: Session) -> None:
    name = unique("elsewhere")
    id_ = site.create("Project", name=name)

    found = session.query(f'Project where full_name is "{name}"').one()

    assert (found["id"], found["full_name"]) == (id_, name)


def test_a_task_of_another_client_has_priority_type_and_parent(site: Site, session: Session) -> None:
    project = site.create("Project", name=unique("elsewhere"))
    concept = site.create("Concept", name="mood", project_id=project)
    task = site.create("Task", name="paint", entity_id=concept, project_id=project)

    found = session.query(f"select priority, type.name, parent, link from Task where id is {task}").one()

    assert found["priority"]["id"] == NO_HURRY
    assert found["type"]["name"]
    assert (found["parent"]["id"], found["parent"].entity_type) == (concept, "Folder")
    assert [each["id"] for each in found["link"]] == [project, concept, task]
    assert session.get("Context", concept)["object_type"]["name"] == "Folder"


def test_a_new_shot_has_a_status_a_type_and_a_priority(session: Session, show: Show) -> None:
    shot = session.create(
        "Shot", {"name": unique("sh"), "parent": session.get("Project", show.project), "sort": 2.5}
    )
    session.commit()

    assert shot["status"]["name"] == "Todo"
    assert shot["type"]["name"] == "Shot"
    assert shot["priority"]["id"] == NO_HURRY
    assert shot["sort"] == 2.5


def test_each_status_and_each_type_is_there_once(session: Session) -> None:
    assert session.query('Status where name is "Approved"').one()
    assert session.query('Type where name is "FX"').one()
    # Projects and notes have such; ftrack's have no status of the table.
    assert not session.query('Status where name in ("Open", "Closed")').all()


def test_a_type_that_was_made_is_one_for_assets_and_for_tasks(session: Session, show: Show) -> None:
    name = unique("Vehicle")[:30]
    project = session.get("Project", show.project)
    type_ = session.create("Type", {"name": name})
    session.commit()
    build = session.create("AssetBuild", {"name": unique("car"), "parent": project, "type": type_})
    task = session.create("Task", {"name": "model", "parent": build, "type": type_})
    session.commit()

    assert build["type"] is task["type"] is type_
    assert session.query(f'Type where name is "{name}"').one() is type_
    found = session.query(f'AssetBuild where type.name is "{name}" and type_id is {type_["id"]}')
    assert [each["id"] for each in found] == [build["id"]]


@pytest.mark.parametrize("type_", ["Task", "Shot"])
def test_nothing_hangs_below_itself(site: Site, session: Session, show: Show, type_: str) -> None:
    above = session.create(type_, {"name": unique("a"), "parent": session.get("Shot", show.shots[0])})
    below = session.create(type_, {"name": unique("b"), "parent": above})
    session.commit()

    for parent in (above, below):
        refused = _raw(site, "update", type_, {"parent_id": parent["id"]}, [above["id"]])
        assert refused["exception"] == "ValidationError", refused


def test_a_task_or_a_note_on_nothing_is_refused(site: Site, session: Session) -> None:
    name = unique("orphan")

    assert _raw(site, "create", "Task", {"name": name})["exception"] == "ValidationError"
    assert _raw(site, "create", "Note", {})["exception"] == "ValidationError"
    assert not session.query(f'Task where name is "{name}"').all()


def test_a_task_is_in_the_project_of_its_parent(site: Site, session: Session, show: Show) -> None:
    other = session.create("Project", {"name": unique("other")})
    session.commit()

    refused = _raw(site, "update", "Task", {"project_id": other["id"]}, [show.task])

    assert refused["exception"] == "ValidationError"
    assert session.get("Task", show.task)["project_id"] == show.project


def test_people_are_found_by_what_they_are_assigned_to(session: Session, show: Show) -> None:
    user = session.create("User", {"username": unique("ann"), "email": f"{unique('a')}@x.io"})
    idle = session.create("User", {"username": unique("idle"), "email": f"{unique('i')}@x.io"})
    session.create(
        "Appointment",
        {"context": session.get("Task", show.task), "resource": user, "type": "assignment"},
    )
    session.commit()

    assert user in session.query(f'User where assignments any (context_id is "{show.task}")').all()
    without = session.query("User where not assignments any ()").all()
    assert idle in without
    assert user not in without


def test_an_allocation_is_a_place_in_the_team(site: Site, session: Session, show: Show) -> None:
    user = session.create("User", {"username": unique("mem"), "email": f"{unique('m')}@x.io"})
    project = session.get("Project", show.project)
    made = session.create("Appointment", {"context": project, "resource": user, "type": "allocation"})
    session.commit()

    with site.session() as again:
        found = again.get("Project", show.project)["allocations"]
        assert user["id"] in [each["resource_id"] for each in found]
        assert [each["context"]["id"] for each in again.get("User", user["id"])["allocations"]] == [
            show.project
        ]
        assert again.get("User", user["id"])["assignments"][:] == []
        again.delete(again.get("Appointment", made["id"]))
        again.commit()


def test_a_note_may_ask_for_something_and_say_what_it_is_about(
    site: Site, session: Session, show: Show
) -> None:
    data = {"content": "fix it", "parent_id": show.task, "parent_type": "task", "is_todo": True}
    (made,) = _raw(site, "create", "Note", data)

    note = session.get("Note", made["data"]["id"])
    assert (note["is_todo"], note["parent_type"], note["completed_at"]) == (True, "task", None)
    note["completed_at"] = note["date"]
    note["completed_by"] = session.query(f'User where username is "{USER}"').one()
    session.commit()
    assert session.query(f"Note where completed_by.username is {USER}").one() is note


def test_a_status_without_words_is_no_note(site: Site, session: Session, show: Show) -> None:
    id_ = site.create("Note", object_id=show.task, text="")

    assert session.query(f"Note where id is {id_}").first() is None


def test_a_schema_is_one_of_its_project_schema(session: Session) -> None:
    schema = session.query("ProjectSchema").first()
    mine = session.query(f'select id, object_type_id from Schema where project_schema_id is "{schema["id"]}"')

    assert len(mine.all()) == 6
    workflow = schema["task_workflow_schema"]["id"]
    rows = session.query(f"select status_id from WorkflowSchemaStatus where workflow_schema_id is {workflow}")
    assert {each["status_id"] for each in rows} == {each["id"] for each in schema.get_statuses("Task")}


def test_object_types_say_what_they_are_for(session: Session) -> None:
    found = {
        each["name"]: each for each in session.query("select name, is_leaf, is_taskable from ObjectType")
    }

    assert set(found) == {"Task", "Shot", "Sequence", "Folder", "Asset Build", "Milestone", "Episode"}
    assert found["Task"]["is_leaf"]
    assert names(session.query("ObjectType where is_time_reportable is True")) == ["Task"]


def test_schemas_hold_ftracks_attributes_and_no_others(session: Session) -> None:
    assert len(session.types) >= 100
    task = session.types["Task"].attributes
    assert {each.name for each in task} >= {"scopes", "timelogs", "metadata", "custom_attributes"}
    assert not {"lock_version", "number", "shotgun_id", "updated_at"} & {each.name for each in task}
    schema = session.schemas
    fragment = next(each for each in schema if each["id"] == "Task")["properties"]["status_id"]
    assert fragment["alias_for"] == "statusid"
    assert (
        "default" not in next(e for e in schema if e["id"] == "TypedContext")["properties"]["object_type_id"]
    )


def test_every_type_can_be_asked_for_with_all_its_attributes(
    site: Site, session: Session, show: Show
) -> None:
    schemas = session.schemas
    for schema in schemas:
        wanted, name = ", ".join(sorted(schema["properties"])), schema["id"]
        expression = f"select {wanted} from {show.asked_for(name)} limit 2"
        answer = site.post([{"action": "query", "expression": expression}])
        assert answer.text.startswith("["), (name, answer.text)
        assert answer.json()[0]["action"] == "query", (name, answer.text)


def test_what_is_null_is_not_echoed(site: Site) -> None:
    (made,) = _raw(site, "create", "User", {"username": unique("nul")})

    assert None not in made["data"].values()


def test_a_key_of_two_values_is_no_key_of_a_task(site: Site, show: Show) -> None:
    refused = _raw(site, "create", "Task", {"name": "x", "parent_id": show.project}, [str(uuid.uuid4()), "2"])

    assert refused["exception"] == "ValidationError"


def test_putting_a_note_on_a_task_is_all_one_write(session: Session, show: Show) -> None:
    author = session.query(f'User where username is "{USER}"').one()
    task = session.get("Task", show.task)
    note = task.create_note(unique("look"), author=author)
    session.commit()

    assert note["parent_id"] == show.task
    assert session.query(f'Task where notes any (content is "{note["content"]}")').one() is task


def test_a_name_may_be_long(session: Session, show: Show) -> None:
    name = unique("n" * 200)
    session.create("Folder", {"name": name, "parent": session.get("Project", show.project)})
    session.commit()

    session.create("Folder", {"name": "n" * 300, "parent": session.get("Project", show.project)})
    with pytest.raises(ServerError, match="longer"):
        session.commit()
    session.rollback()


def test_a_type_is_made_and_given_to_an_asset_in_one_commit(site: Site, session: Session, show: Show) -> None:
    project = session.get("Project", show.project)
    type_ = session.create("Type", {"name": unique("Vehicle")})
    made = session.create("AssetBuild", {"name": unique("car"), "parent": project, "type": type_})
    session.commit()
    with site.session() as other:
        assert other.get("AssetBuild", made["id"])["type"]["name"] == type_["name"]


def test_an_object_type_shows_the_name_that_the_studio_gave_it(
    site: Site, session: Session, show: Show
) -> None:
    project = session.get("Project", show.project)
    milestone = session.query('ObjectType where name is "Milestone"').one()
    made = session.create("Milestone", {"name": unique("m"), "parent": project, "object_type": milestone})
    session.commit()
    milestone["name"] = "Delivery"
    session.commit()
    try:
        with site.session() as other:
            shown = other.query(f"select object_type.name from Milestone where id is {made['id']}").one()
            assert shown["object_type"]["name"] == "Delivery"
            for type_ in ("Milestone", "TypedContext"):
                asked = f"{type_} where id is {made['id']} and object_type.name is"
                assert [each["id"] for each in other.query(f'{asked} "Delivery"')] == [made["id"]]
                assert other.query(f'{asked} "Milestone"').first() is None
            assert other.query(f'Shot where object_type.name is "Shot" and id is {show.shots[0]}').one()
    finally:
        milestone["name"] = "Milestone"
        session.commit()
    session.create(
        "Milestone",
        {
            "name": unique("m"),
            "parent": project,
            "object_type": session.query('ObjectType where name is "Shot"').one(),
        },
    )
    with pytest.raises(ServerError, match="object_type of Milestone cannot be set"):
        session.commit()
    session.rollback()


def test_a_name_that_is_written_as_it_was_read_stays(site: Site, session: Session) -> None:
    asked = 'ObjectType where name is "Asset Build"'
    builds = session.query(asked).one()
    sent = _raw(site, "update", "ObjectType", {"name": "Asset Build"}, builds["id"])
    assert sent[0]["data"]["name"] == "Asset Build"
    with site.session() as other:
        assert other.query(asked).one()["id"] == builds["id"]


def test_a_studio_says_which_statuses_tasks_versions_and_shots_have(site: Site, session: Session) -> None:
    schema = session.query("ProjectSchema").first()
    made = session.create("Status", {"name": unique("Reviewed")})
    session.commit()

    def lists() -> tuple[bool, ...]:
        with site.session() as later:
            mine = later.query("ProjectSchema").first()
            return tuple(
                made["id"] in [each["id"] for each in mine.get_statuses(name)]
                for name in ("Task", "Shot", "AssetVersion")
            )

    assert lists() == (True, True, True)
    (shots,) = session.query(
        f'Schema where project_schema_id is {schema["id"]} and type_id is "{SHOT}"'
    ).all()
    tasks = schema["task_workflow_schema_id"]
    schema_key, workflow_key = [made["id"], shots["id"]], [tasks, made["id"]]
    session.call([{"action": "delete", "entity_type": "SchemaStatus", "entity_key": schema_key}])
    assert lists() == (True, False, True)
    deleted = {"action": "delete", "entity_type": "WorkflowSchemaStatus", "entity_key": workflow_key}
    session.call([deleted])
    assert lists() == (False, False, True)
    task_rows = session.query(f"WorkflowSchemaStatus where workflow_schema_id is {tasks}").all()
    assert made["id"] not in [each["status_id"] for each in task_rows]
    with site.session() as later:
        versions = later.query("ProjectSchema").first()["_version_workflow"]
        versions["statuses"].remove(later.get("Status", made["id"]))
        later.commit()
    assert lists() == (False, False, False)
    with site.session() as later:
        versions = later.query("ProjectSchema").first()["_version_workflow"]
        versions["statuses"].append(later.get("Status", made["id"]))
        later.commit()
    assert lists() == (False, False, True)
    with site.session() as later:
        later.create("SchemaStatus", {"schema_id": shots["id"], "status_id": made["id"]})
        later.create("WorkflowSchemaStatus", {"workflow_schema_id": tasks, "status_id": made["id"]})
        later.commit()
    assert lists() == (True, True, True)
    wrong = {"workflow_schema_id": made["id"], "status_id": made["id"]}
    session.create("WorkflowSchemaStatus", wrong)
    with pytest.raises(ServerError, match="no such list"):
        session.commit()
    session.rollback()


def _workflows(session: Session) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in session.query("select workflow_schema_id, status_id from WorkflowSchemaStatus"):
        found.setdefault(row["workflow_schema_id"], []).append(row["status_id"])
    return found


@pytest.mark.parametrize("said", [{}, {"id": None}, None])
def test_a_workflow_keeps_its_statuses_when_nothing_is_said_of_them(
    site: Site, session: Session, said: dict[str, Any] | None
) -> None:
    before = _workflows(session)
    assert len(before) == 2
    for workflow in before:
        said = {**said, "id": workflow} if said else said
        answer = _raw(site, "update", "WorkflowSchema", said, workflow)
        assert answer[0]["data"]["id"] == workflow
    with site.session() as later:
        assert _workflows(later) == before


def test_a_status_of_tasks_stays_one_of_versions(session: Session) -> None:
    schema = session.query("ProjectSchema").first()
    tasks = schema.get_statuses("Task")
    versions = schema["asset_version_workflow_schema"]
    versions["statuses"].remove(tasks[0])
    with pytest.raises(ServerError, match="A status that tasks have is one of versions too"):
        session.commit()
    session.rollback()


@pytest.mark.parametrize("statuses", [[], None])
def test_a_workflow_of_tasks_has_a_status(site: Site, session: Session, statuses: Any) -> None:
    before = _workflows(session)
    workflow = session.query("ProjectSchema").first()["task_workflow_schema_id"]
    answer = _raw(site, "update", "WorkflowSchema", {"statuses": statuses}, workflow)
    assert "Tasks need a status" in answer["content"]
    with site.session() as later:
        assert _workflows(later) == before


SHOT = "bad911de-3bd6-47b9-8b46-3476e237cb36"
"""The id of the object type of shots, which clients know."""
