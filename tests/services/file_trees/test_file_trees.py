"""Files in their trees: every revision its own place, and no number twice however many publish at once."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import SuitePostgres
from tests.contracts.statements import noted
from tests.studio import StudioKit, open_studio, unique
from tests.waiting import PATIENCE
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Where
from zou_server.models.errors import Forbidden, Invalid
from zou_server.models.registry import facet
from zou_server.services.file_trees.descriptor import BadFileTree, BadPath
from zou_server.services.file_trees.facts import of_entity, of_task
from zou_server.services.file_trees.guess_from_path import guess_from_path
from zou_server.services.file_trees.revisions import RevisionTaken
from zou_server.services.file_trees.shipped import shipped_tree, shipped_trees
from zou_server.services.write.operations import Act, Create, Operation

ROUNDS = 15
PUBLISHERS = 4
VARIANTS: tuple[dict[str, Any], ...] = ({}, {}, {"name": "b"}, {"representation": "abc"})


@pytest.fixture(scope="module")
def trees(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioKit]:
    """A studio of this module's own: its transactions are real."""
    with open_studio(postgres, tmp_path_factory.mktemp("files")) as kit:
        yield kit


def named(kit: StudioKit, kind: str, name: str) -> uuid.UUID:
    return uuid.UUID(kit.rows(kind, "id", where=Where("name", Op.EQ, name))[0]["id"])


def shot_and_task(kit: StudioKit, **project: Any) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID]:
    """A project, a shot in a sequence of it, and its task."""
    project_id = kit.project(**project)
    sequence = kit.create("Sequence", name=unique("SQ"), project_id=project_id)
    shot = kit.shot(project_id, parent_id=sequence)
    task = kit.create("Task", entity_id=shot, task_type_id=named(kit, "TaskType", "Animation"))
    return project_id, shot, task


def working(kit: StudioKit, task: uuid.UUID, actor: Actor = SYSTEM, **values: Any) -> dict[str, Any]:
    made = kit.execute(Act("new-working-file", facet("Task"), task, values), actor=actor)[0]
    found: dict[str, Any] = kit.row("WorkingFile", made.id, "id", "revision", "path", "name")
    return found


def output(kit: StudioKit, entity: uuid.UUID, kind: str = "Entity", **values: Any) -> dict[str, Any]:
    values.setdefault("task_type_id", named(kit, "TaskType", "Animation"))
    made = kit.execute(Act("new-output-file", facet(kind), entity, values))[0]
    found: dict[str, Any] = kit.row("OutputFile", made.id, "id", "revision", "path", "name")
    return found


# -- trees -------------------------------------------------------------------------------------------


def test_a_wrong_tree_is_refused_when_it_is_written_and_nothing_is_kept(kit: StudioKit) -> None:
    project = kit.project()
    wrong = {"working": {"folder_path": {"shot": "<Projekt>"}}}
    with pytest.raises(BadFileTree, match=r"mode working.*<Projekt>"):
        kit.update("Project", project, file_tree=wrong)
    with pytest.raises(BadFileTree, match="<Projekt>"):
        kit.create("Project", name=unique("Project"), file_tree=wrong)
    assert kit.row("Project", project, "file_tree") is None
    kit.update("Project", project, file_tree=shipped_tree("simple"))
    kit.update("Project", project, file_tree=None)


@pytest.mark.parametrize("name", list(shipped_trees()))
def test_everything_made_in_a_shipped_tree_has_a_path_of_its_own(kit: StudioKit, name: str) -> None:
    """Two sequences with a shot of one name, two tasks of one step, two copies of one number."""
    project = kit.project(file_tree=shipped_tree(name))
    step, other_step = named(kit, "TaskType", "Animation"), named(kit, "TaskType", "FX")
    types = (named(kit, "OutputType", "Geometry"), named(kit, "OutputType", "Cache"))
    paths: list[str] = []
    chair = kit.create(
        "Asset", name="P01", project_id=project, entity_type_id=named(kit, "EntityType", "Prop")
    )
    for episode_name in ("E01", "E02"):
        episode = kit.create("Episode", name=episode_name, project_id=project)
        sequence = kit.create("Sequence", name="SQ1", project_id=project, parent_id=episode)
        scene = kit.create("Scene", name="P01", project_id=project, parent_id=sequence)
        shot = kit.create("Shot", name="P01", project_id=project, parent_id=sequence)
        copies = [kit.create("AssetInstance", asset_id=chair, scene_id=scene, shots=[shot]) for _ in range(2)]
        for entity in (episode, sequence, scene, shot):
            for step_id in (step, other_step):
                for task_name in ("main", "second"):
                    task = kit.create("Task", entity_id=entity, task_type_id=step_id, name=task_name)
                    paths += [working(kit, task, name=each)["path"] for each in ("main", "fx", "main")]
                for kind in types:
                    for values in VARIANTS:
                        given: dict[str, Any] = {"output_type_id": kind, "task_type_id": step_id, **values}
                        paths.append(output(kit, entity, **given)["path"])
        paths += [
            output(kit, copy, "AssetInstance", temporal_entity_id=place)["path"]
            for copy in copies
            for place in (shot, scene, shot)
        ]
    assert len(paths) == len(set(paths))


def test_a_path_is_read_back_to_what_it_was_made_of(kit: StudioKit) -> None:
    """Two shots of one name in two sequences, and sh01 beside sh010."""
    for name in shipped_trees():
        project = kit.project(file_tree=shipped_tree(name))
        for sequence_name in ("Seq01", "SQ 2"):
            sequence = kit.create("Sequence", name=sequence_name, project_id=project)
            for shot_name in ("sh01", "sh010", "sh01 b"):
                shot = kit.create("Shot", name=shot_name, project_id=project, parent_id=sequence)
                task = kit.create("Task", entity_id=shot, task_type_id=named(kit, "TaskType", "Animation"))
                made = working(kit, task, name="fx main", sep="\\")
                found = guess_from_path(kit.studio.read(SYSTEM), str(project), f"{made['path']}.blend", "\\")
                mine = [each for each in found if each.mode == "working"]
                assert [(g.template, g.ids["Shot"], g.ids["Sequence"]) for g in mine] == [
                    ("shot", str(shot), str(sequence))
                ]
                assert mine[0].words == {"Name": "fx_main", "Revision": 1}


def test_guessing_costs_the_same_for_many_shots_as_for_few(kit: StudioKit) -> None:
    project, _, task = shot_and_task(kit)
    path = working(kit, task)["path"]

    def count() -> int:
        with noted(kit.studio.reads) as statements:
            assert guess_from_path(kit.studio.read(SYSTEM), str(project), path)
        return len(statements)

    before = count()
    kit.execute(*(Create(facet("Shot"), {"name": f"more {n}", "project_id": project}) for n in range(60)))
    assert count() == before


def test_a_path_of_nothing_means_nothing(kit: StudioKit) -> None:
    project, _, _ = shot_and_task(kit)
    reader = kit.studio.read(SYSTEM)
    for path in ("", "/", "x", "/studio", "/studio/productions/(((/[a-z]*", "\0", "/studio" + "/a" * 1000):
        assert guess_from_path(reader, str(project), path) == []
    with pytest.raises(Invalid, match="file_path"):
        guess_from_path(reader, str(project), "/a" * 5000)


def test_a_task_without_entity_has_no_place(kit: StudioKit) -> None:
    task = kit.create("Task", project_id=kit.project())
    with pytest.raises(BadPath, match="no entity"):
        of_task(kit.studio.read(SYSTEM), task)
    with pytest.raises(BadPath, match="no entity"):
        working(kit, task)


def test_facts_are_read_in_one_statement(kit: StudioKit) -> None:
    _, shot, task = shot_and_task(kit)
    with noted(kit.studio.reads) as statements:
        of_task(kit.studio.read(SYSTEM), task)
        of_entity(kit.studio.read(SYSTEM), shot, None)
    assert len(statements) == 2


# -- revisions ---------------------------------------------------------------------------------------


def test_two_tasks_of_one_step_share_their_revisions_because_they_share_their_folder(kit: StudioKit) -> None:
    _, shot, task = shot_and_task(kit)
    step = named(kit, "TaskType", "Animation")
    other = kit.create("Task", entity_id=shot, task_type_id=step, name="second")
    made = [working(kit, each) for each in (task, other, task)]
    assert [each["revision"] for each in made] == [1, 2, 3]
    with pytest.raises(RevisionTaken):
        working(kit, other, revision=1)


def test_the_number_of_a_removed_file_is_not_given_again(kit: StudioKit) -> None:
    _, _, task = shot_and_task(kit)
    first = working(kit, task)
    kit.delete("WorkingFile", uuid.UUID(first["id"]))
    assert working(kit, task)["revision"] == 2


def test_one_revision_may_have_several_representations(kit: StudioKit) -> None:
    _, shot, _ = shot_and_task(kit)
    assert output(kit, shot, representation="abc", revision=4)["revision"] == 4
    assert output(kit, shot, representation="usd", revision=4)["revision"] == 4
    with pytest.raises(RevisionTaken):
        output(kit, shot, representation="abc", revision=4)
    assert output(kit, shot)["revision"] == 5


def test_a_failed_publish_leaves_nothing(kit: StudioKit) -> None:
    _, _, task = shot_and_task(kit, file_tree={"working": shipped_tree("default")["working"]})
    before = kit.row("Task", task, "task_status_id", "assignees*")
    me = kit.person("user", {uuid.UUID(kit.row("Task", task, "project_id")): None})
    with pytest.raises(BadPath, match="no mode 'output'"):
        kit.execute(Act("publish", facet("Task"), task, {}), actor=me)
    assert kit.rows("WorkingFile", "id", where=Where("task_id", Op.EQ, str(task))) == []
    assert kit.row("Task", task, "task_status_id", "assignees*") == before


def test_publishing_tells_that_the_task_is_to_review(kit: StudioKit) -> None:
    project, _, task = shot_and_task(kit)
    me = kit.person("user", {project: None})
    made = kit.execute(Act("publish", facet("Task"), task, {"comment": "Look"}), actor=me)[0]
    found = kit.row("OutputFile", made.id, "revision", "source_file.revision", "source_file.task_id")
    assert found == {"revision": 1, "source_file.revision": 1, "source_file.task_id": str(task)}
    assert kit.row("Task", task, "task_status.is_feedback_request") is True
    assert kit.row("Task", task, "assignees*") == [str(me.person_id)]
    assert "to-review" in [event["action"] for event in kit.events(task)]


def test_clients_make_no_files(kit: StudioKit) -> None:
    project, shot, task = shot_and_task(kit)
    client = kit.person("client", {project: None})
    with pytest.raises(Forbidden):
        working(kit, task, actor=client)
    with pytest.raises(Forbidden):
        kit.execute(Act("new-output-file", facet("Entity"), shot, {}), actor=client)


def _all_at_once(kit: StudioKit, *operations: Operation) -> list[BaseException]:
    """Run each operation over and over in a thread of its own, all starting together."""
    start = threading.Barrier(len(operations))
    failures: list[BaseException] = []

    def publish(operation: Operation) -> None:
        try:
            for _ in range(ROUNDS):
                start.wait(PATIENCE)
                kit.execute(operation)
        except BaseException as error:  # noqa: BLE001 - a thread's failure is the test's
            failures.append(error)
            start.abort()

    threads = [threading.Thread(target=publish, args=(operation,)) for operation in operations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_publishers_at_once_never_get_the_same_revision(trees: StudioKit) -> None:
    _, shot, task = shot_and_task(trees)
    publish = Act("publish", facet("Task"), task, {})
    assert _all_at_once(trees, *(publish for _ in range(PUBLISHERS))) == []
    expected = list(range(1, ROUNDS * PUBLISHERS + 1))
    for kind, owner in (("WorkingFile", "task_id"), ("OutputFile", "entity_id")):
        wanted = task if owner == "task_id" else shot
        rows = trees.rows(kind, "revision", "path", where=Where(owner, Op.EQ, str(wanted)))
        assert sorted(row["revision"] for row in rows) == expected
        assert len({row["path"] for row in rows}) == len(expected)


def test_two_tasks_publish_to_one_shot_at_once_without_waiting_in_a_ring(trees: StudioKit) -> None:
    _, shot, first = shot_and_task(trees)
    step = named(trees, "TaskType", "Animation")
    second = trees.create("Task", entity_id=shot, task_type_id=step, name="second")
    files = Act("new-output-file", facet("Entity"), shot, {"task_type_id": step})
    acts = (*(Act("publish", facet("Task"), task, {}) for task in (first, second)), files, files)
    assert _all_at_once(trees, *acts) == []
    rows = trees.rows("OutputFile", "revision", where=Where("entity_id", Op.EQ, str(shot)))
    assert sorted(row["revision"] for row in rows) == list(range(1, ROUNDS * 4 + 1))


def test_copies_made_at_once_get_numbers_of_their_own(trees: StudioKit) -> None:
    project = trees.project()
    props = named(trees, "EntityType", "Prop")
    chair = trees.create("Asset", name="Chair", project_id=project, entity_type_id=props)
    copy = Create(facet("AssetInstance"), {"asset_id": chair})
    assert _all_at_once(trees, *(copy for _ in range(PUBLISHERS))) == []
    rows = trees.rows("AssetInstance", "instance_number", "name", where=Where("asset_id", Op.EQ, str(chair)))
    numbers = sorted(row["instance_number"] for row in rows)
    assert numbers == list(range(1, ROUNDS * PUBLISHERS + 1))
    assert {row["name"] for row in rows} == {f"Chair_{n:04}" for n in numbers}


def test_the_same_copy_twice_is_refused(kit: StudioKit) -> None:
    project = kit.project()
    chair = kit.create(
        "Asset", name="Chair", project_id=project, entity_type_id=named(kit, "EntityType", "Prop")
    )
    kit.create("AssetInstance", asset_id=chair, instance_number=3)
    with pytest.raises(Exception, match="same unique values"):
        kit.create("AssetInstance", asset_id=chair, instance_number=3)
    kit.create("AssetInstance", asset_id=chair, target_asset_id=chair, instance_number=3)


def test_a_new_working_file_takes_a_bounded_number_of_statements(trees: StudioKit) -> None:
    project, _, task = shot_and_task(trees)
    me = trees.person("user", {project: None})
    working(trees, task, actor=me)
    with noted(trees.studio.writes) as statements:
        trees.execute(Act("new-working-file", facet("Task"), task, {}), actor=me)
    assert len(statements) <= 14, "\n".join(statements)
