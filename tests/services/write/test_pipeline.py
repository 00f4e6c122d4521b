"""The write pipeline: what is refused, what follows from a change, what is left when something fails."""

from __future__ import annotations

import uuid

import pytest

from tests.studio import StudioKit, unique
from zou_server.models.conditions import Op, Where
from zou_server.models.errors import Conflict, Forbidden, InUse, Invalid, NotFound, Stale
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create, Delete, Edit, Mode, Ref, RefBy, Revive, Update


def test_a_shot_knows_its_project_sequence_and_episode_from_its_parent(kit: StudioKit) -> None:
    project = kit.project()
    episode = kit.create("Episode", name="E01", project_id=project)
    sequence = kit.create("Sequence", name="SQ010", parent_id=episode)
    shot = kit.create("Shot", name="SH010", parent_id=sequence)
    found = kit.row("Shot", shot, "project_id", "sequence_id", "episode_id", "path", "object_kind")
    assert found == {
        "project_id": str(project),
        "sequence_id": str(sequence),
        "episode_id": str(episode),
        "path": [str(episode), str(sequence), str(shot)],
        "object_kind": "Shot",
    }


def test_moving_a_sequence_moves_the_shots_below_it(kit: StudioKit) -> None:
    project = kit.project()
    first, second = (kit.create("Episode", name=name, project_id=project) for name in ("E01", "E02"))
    sequence = kit.create("Sequence", name="SQ010", parent_id=first)
    shot = kit.create("Shot", name="SH010", parent_id=sequence)
    kit.update("Sequence", sequence, parent_id=second)
    found = kit.row("Shot", shot, "sequence_id", "episode_id", "path")
    assert found["episode_id"] == str(second)
    assert found["sequence_id"] == str(sequence)
    assert found["path"] == [str(second), str(sequence), str(shot)]


def test_an_entity_cannot_hang_below_itself(kit: StudioKit) -> None:
    project = kit.project()
    upper = kit.create("Folder", name="upper", project_id=project)
    lower = kit.create("Folder", name="lower", parent_id=upper)
    with pytest.raises(Invalid) as refused:
        kit.update("Folder", upper, parent_id=lower)
    assert refused.value.fields == {"parent_id": ["would make a loop"]}


def test_a_parent_of_another_project_is_refused(kit: StudioKit) -> None:
    sequence = kit.create("Sequence", name="SQ010", project_id=kit.project())
    with pytest.raises(Invalid, match="another project"):
        kit.create("Shot", name="SH010", project_id=kit.project(), parent_id=sequence)


def test_a_link_to_the_wrong_kind_names_the_field_and_both_kinds(kit: StudioKit) -> None:
    project = kit.project()
    with pytest.raises(Invalid) as refused:
        kit.create("Shot", name="SH010", project_id=project, parent_id=project)
    assert refused.value.fields == {"parent_id": ["is a Project, not a Entity"]}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"nb_frames": "many"}, "nb_frames"),
        ({"production_state": "sleeping"}, "production_state"),
        ({"nme": "typo"}, "nme"),
        ({"name": "nul\x00"}, "name"),
        ({"data": [1]}, "data"),
        ({"nb_frames": 2**40}, "nb_frames"),
        ({"status_id": str(uuid.uuid4())}, "status_id"),
        ({"name": "x" * 256}, "name"),
        ({"path": []}, "path"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_field(
    kit: StudioKit, values: dict[str, object], field: str
) -> None:
    given = {"name": unique("Shot"), "project_id": kit.project(), **values}
    with pytest.raises(Invalid) as refused:
        kit.execute(Create(facet("Shot"), given))
    assert list(refused.value.fields) == [field]


def test_a_required_field_is_missed_only_when_the_whole_list_is_applied(kit: StudioKit) -> None:
    project, id_ = kit.project(), uuid.uuid4()
    with pytest.raises(Invalid, match="project_id"):
        kit.execute(Create(facet("Shot"), {"name": "SH010"}, id=id_))
    kit.execute(
        Create(facet("Shot"), {"name": "SH010"}, id=id_),
        Update(facet("Shot"), id_, {"project_id": project}),
    )
    assert kit.row("Shot", id_, "project_id") == str(project)


def test_one_failing_operation_undoes_the_whole_list_and_is_named(kit: StudioKit) -> None:
    project = kit.project()
    with pytest.raises(NotFound) as refused:
        kit.execute(
            Create(facet("Shot"), {"name": "SH010", "project_id": project}),
            Update(facet("Shot"), uuid.uuid4(), {"name": "none"}),
        )
    assert refused.value.operation_index == 1  # type: ignore[attr-defined]
    assert kit.rows("Shot", where=Where("project_id", Op.EQ, str(project))) == []


def test_a_version_is_compared_only_when_the_client_sent_one(kit: StudioKit) -> None:
    shot = kit.shot(kit.project())
    kit.execute(Update(facet("Shot"), shot, {"nb_frames": 10}, version=0))
    with pytest.raises(Stale):
        kit.execute(Update(facet("Shot"), shot, {"nb_frames": 20}, version=0))
    kit.execute(Update(facet("Shot"), shot, {"nb_frames": 30}))
    assert kit.row("Shot", shot, "lock_version", "nb_frames") == {"lock_version": 2, "nb_frames": 30}


def test_an_update_that_changes_nothing_leaves_version_and_log_alone(kit: StudioKit) -> None:
    shot = kit.shot(kit.project(), nb_frames=10, data={"a": 1})
    before = kit.events(shot)
    result = kit.update("Shot", shot, nb_frames=10, data={"a": 1})
    assert not result.changed
    assert kit.row("Shot", shot, "lock_version") == 0
    assert kit.events(shot) == before


def test_custom_fields_are_merged_key_by_key_and_null_removes_one(kit: StudioKit) -> None:
    shot = kit.shot(kit.project(), data={"a": 1, "b": 2})
    kit.update("Shot", shot, data={"b": None, "c": 3})
    assert kit.row("Shot", shot, "data") == {"a": 1, "c": 3}


def test_a_client_may_keep_a_field_that_was_emptied(kit: StudioKit) -> None:
    shot = kit.shot(kit.project(), data={"a": 1})
    values = {"data": {"a": None, "b": None}}
    assert kit.execute(Update(facet("Shot"), shot, values, keeps_nulls=True))[0].changed
    assert kit.row("Shot", shot, "data") == {"a": None, "b": None}
    assert not kit.execute(Update(facet("Shot"), shot, values, keeps_nulls=True))[0].changed
    kit.update("Shot", shot, data={"a": None, "c": 1})
    assert kit.row("Shot", shot, "data") == {"b": None, "c": 1}


def test_references_by_number_and_by_code_are_resolved(kit: StudioKit) -> None:
    project = kit.project()
    number = kit.row("Project", project, "number")
    shot = kit.create(
        "Shot",
        name=unique("Shot"),
        project_id=Ref("Project", number),
        status_id=RefBy("Status", "shotgun_code", "ip"),
    )
    found = kit.row("Shot", shot, "project_id", "status.code")
    assert found == {"project_id": str(project), "status.code": "wip"}
    with pytest.raises(Invalid) as refused:
        kit.update(
            "Shot", shot, status_id=RefBy("Status", "shotgun_code", "nope"), parent_id=Ref("Sequence", 10**9)
        )
    assert set(refused.value.fields) == {"status_id", "parent_id"}


def test_a_link_to_many_is_set_added_to_and_removed_from(kit: StudioKit) -> None:
    one, two, three = (kit.person().person_id for _ in range(3))
    task = kit.create("Task", name="anim", project_id=kit.project(), assignees=[one, two])
    kit.update("Task", task, assignees=Edit(Mode.ADD, [three, one]))
    assert kit.row("Task", task, "assignees*") == [str(one), str(two), str(three)]
    kit.update("Task", task, assignees=Edit(Mode.REMOVE, [two]))
    assert kit.row("Task", task, "assignees*") == [str(one), str(three)]
    kit.update("Task", task, assignees=[two])
    assert kit.row("Task", task, "assignees*") == [str(two)]
    changes = [(e["old"], e["new"]) for e in kit.events(task) if e["attribute"] == "assignees"]
    assert changes[-1] == ([str(one), str(three)], [str(two)])


def test_a_new_task_gets_a_name_the_default_status_and_its_entitys_project(kit: StudioKit) -> None:
    project = kit.project()
    task = kit.create("Task", entity_id=kit.shot(project))
    found = kit.row("Task", task, "name", "task_status.code", "project_id")
    assert found == {"name": "main", "task_status.code": "todo", "project_id": str(project)}


def test_the_two_priorities_of_a_task_agree(kit: StudioKit) -> None:
    task = kit.create("Task", project_id=kit.project(), priority=2)
    assert kit.row("Task", task, "priority_id", "priority.name")["priority.name"] == "Very high"
    high = kit.rows("Priority", "id", where=Where("value", Op.EQ, 1))[0]["id"]
    kit.update("Task", task, priority_id=high)
    assert kit.rows("Task", "id", where=Where("priority", Op.EQ, 1)) != []


def test_retiring_takes_what_it_owns_and_reviving_brings_back_exactly_that(kit: StudioKit) -> None:
    project = kit.project()
    sequence = kit.create("Sequence", name="SQ010", project_id=project)
    kept, gone_before = (kit.create("Shot", name=n, parent_id=sequence) for n in ("kept", "gone before"))
    task = kit.create("Task", entity_id=kept)
    kit.delete("Shot", gone_before)
    kit.delete("Sequence", sequence)
    assert kit.row("Shot", kept) is None
    assert kit.row("Task", task) is None
    kit.revive("Sequence", sequence)
    assert kit.row("Shot", kept) is not None
    assert kit.row("Task", task) is not None
    assert kit.row("Shot", gone_before) is None


def test_a_second_delete_and_a_second_revival_do_nothing(kit: StudioKit) -> None:
    shot = kit.shot(kit.project())
    assert kit.delete("Shot", shot).changed
    assert not kit.delete("Shot", shot).changed
    assert kit.revive("Shot", shot).changed
    assert not kit.revive("Shot", shot).changed


def test_vocabulary_in_use_cannot_go(kit: StudioKit) -> None:
    step = kit.create("TaskType", name=unique("Step")[:40])
    task = kit.create("Task", project_id=kit.project(), task_type_id=step)
    with pytest.raises(InUse, match="task"):
        kit.delete("TaskType", step)
    kit.delete("Task", task)
    assert kit.delete("TaskType", step).changed


def test_a_client_may_choose_the_id_and_a_live_one_again_is_a_conflict(kit: StudioKit) -> None:
    project, id_ = kit.project(), uuid.uuid4()
    operation = Create(facet("Shot"), {"name": "SH010", "project_id": project}, id=id_)
    kit.execute(operation)
    with pytest.raises(Conflict):
        kit.execute(operation)
    kit.delete("Shot", id_)
    kit.execute(Create(facet("Shot"), {"name": "SH020", "project_id": project}, id=id_))
    assert kit.row("Shot", id_, "name") == "SH020"


def test_a_duplicate_name_is_a_conflict_that_names_its_fields(kit: StudioKit) -> None:
    project = kit.project()
    kit.create("Sequence", name="SQ010", project_id=project)
    with pytest.raises(Conflict) as refused:
        kit.create("Sequence", name="SQ010", project_id=project)
    assert "name" in refused.value.fields


def test_a_retired_name_is_free_again(kit: StudioKit) -> None:
    project = kit.project()
    kit.delete("Sequence", kit.create("Sequence", name="SQ010", project_id=project))
    again = kit.create("Sequence", name="SQ010", project_id=project)
    assert kit.row("Sequence", again, "name") == "SQ010"


def test_an_operation_through_the_wrong_facet_finds_nothing(kit: StudioKit) -> None:
    shot = kit.shot(kit.project())
    with pytest.raises(NotFound):
        kit.update("Asset", shot, name="not a shot")
    with pytest.raises(NotFound):
        kit.execute(Delete(facet("Task"), shot))
    with pytest.raises(NotFound):
        kit.execute(Revive(facet("Asset"), shot))


@pytest.mark.parametrize(
    ("role", "may"),
    [("manager", True), ("supervisor", False), ("user", False), ("client", False), ("vendor", False)],
)
def test_only_managers_make_shots(kit: StudioKit, role: str, *, may: bool) -> None:
    project = kit.project()
    actor = kit.person(role, {project: None})
    if may:
        assert kit.create("Shot", actor, name="SH010", project_id=project)
        return
    with pytest.raises(Forbidden):
        kit.create("Shot", actor, name="SH010", project_id=project)


def test_a_project_role_counts_more_than_the_studio_role(kit: StudioKit) -> None:
    ours, theirs = kit.project(), kit.project()
    actor = kit.person("user", {ours: "manager", theirs: None})
    assert kit.create("Shot", actor, name="SH010", project_id=ours)
    with pytest.raises(Forbidden):
        kit.create("Shot", actor, name="SH010", project_id=theirs)


def test_what_is_hidden_cannot_be_changed_linked_to_or_told_from_what_is_absent(kit: StudioKit) -> None:
    ours, theirs = kit.project(), kit.project()
    actor = kit.person("manager", {ours: None})
    hidden = kit.create("Sequence", name="SQ010", project_id=theirs)
    with pytest.raises(NotFound):
        kit.update("Sequence", hidden, actor, name="mine")
    with pytest.raises(Invalid) as by_link:
        kit.create("Shot", actor, name="SH010", project_id=ours, parent_id=hidden)
    with pytest.raises(Invalid) as by_absence:
        kit.create("Shot", actor, name="SH010", project_id=ours, parent_id=uuid.uuid4())
    assert by_link.value.fields == by_absence.value.fields
    with pytest.raises(Invalid):
        kit.create("Shot", actor, name="SH010", project_id=theirs)


def test_people_change_themselves_but_not_their_role(kit: StudioKit) -> None:
    actor = kit.person("user")
    kit.update("Person", actor.person_id, actor, phone="12345")
    with pytest.raises(Forbidden, match="role"):
        kit.update("Person", actor.person_id, actor, role="admin")
    with pytest.raises(Forbidden):
        kit.update("Person", kit.person().person_id, actor, phone="1")


def test_a_number_that_an_importer_sets_is_never_given_again(kit: StudioKit) -> None:
    project = kit.project()
    wanted = kit.row("Project", project, "number") + 500
    kit.execute(Create(facet("Shot"), {"name": "imported", "project_id": project}, number=wanted))
    later = kit.shot(project)
    assert kit.row("Shot", later, "number") > wanted


def test_a_list_may_hang_things_below_each_other_in_any_order(kit: StudioKit) -> None:
    project, folder, shot, task = kit.project(), uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    kit.execute(
        Create(facet("Task"), {"name": "review", "entity_id": None}, id=task),
        Create(facet("Shot"), {"name": "SH1"}, id=shot),
        Create(facet("Folder"), {"name": "reel"}, id=folder),
        Update(facet("Shot"), shot, {"parent_id": folder}),
        Update(facet("Task"), task, {"entity_id": shot}),
        Update(facet("Folder"), folder, {"project_id": project}),
    )
    assert kit.row("Shot", shot, "project_id", "path") == {
        "project_id": str(project),
        "path": [str(folder), str(shot)],
    }
    assert kit.row("Task", task, "project_id") == str(project)
    assert {
        e["kind"] for e in kit.rows("EventLog", "kind", where=Where("project_id", Op.EQ, str(project)))
    } == {
        "Project",
        "Folder",
        "Shot",
        "Task",
    }


def test_what_moves_to_another_project_takes_what_is_below_along(kit: StudioKit) -> None:
    first, second = kit.project(), kit.project()
    sequence = kit.create("Sequence", name="SQ010", project_id=first)
    shot = kit.create("Shot", name="SH010", parent_id=sequence)
    task = kit.create("Task", entity_id=shot)
    kit.update("Sequence", sequence, project_id=second)
    assert kit.row("Shot", shot, "project_id") == str(second)
    assert kit.row("Task", task, "project_id") == str(second)
    assert kit.rows("Task", "id", actor=kit.person("user", {first: None})) == []
