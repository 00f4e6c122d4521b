"""Previews of a task's revision are one version, whoever made it."""

from __future__ import annotations

import uuid

from tests.contracts.statements import noted
from tests.services.previews.test_previews import task_of
from tests.studio import StudioKit, unique
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create

VERSION = ("id", "revision", "name", "task_id", "object_id", "project_id", "preview_file_id", "product_id")


def preview(kit: StudioKit, task: uuid.UUID, revision: int, position: int = 1) -> uuid.UUID:
    return kit.create(
        "PreviewFile", name=uuid.uuid4().hex, task_id=task, revision=revision, position=position
    )


def test_previews_of_one_revision_share_a_version(kit: StudioKit) -> None:
    task = task_of(kit)
    first, second, other = preview(kit, task, 1), preview(kit, task, 1, 2), preview(kit, task, 2)
    versions = kit.rows("Version", *VERSION, where=Where("task_id", Op.EQ, str(task)))
    assert sorted(each["revision"] for each in versions) == [1, 2]
    assert len({each["product_id"] for each in versions}) == 1
    of = {each: kit.row("PreviewFile", each, "version_id") for each in (first, second, other)}
    assert of[first] == of[second] != of[other]
    assert kit.row("Version", of[first], "object_id") == kit.row("Task", task, "entity_id")


def test_a_preview_of_another_revision_moves_to_its_version(kit: StudioKit) -> None:
    task = task_of(kit)
    moved, stays = preview(kit, task, 1), preview(kit, task, 2)
    kit.update("PreviewFile", moved, revision=2)
    assert kit.row("PreviewFile", moved, "version_id") == kit.row("PreviewFile", stays, "version_id")


def test_a_version_goes_with_its_last_preview_and_comes_back_with_it(kit: StudioKit) -> None:
    task = task_of(kit)
    first, second = preview(kit, task, 1), preview(kit, task, 1, 2)
    version = kit.row("PreviewFile", first, "version_id")
    kit.delete("PreviewFile", first)
    assert kit.row("Version", version, "id")
    kit.delete("PreviewFile", second)
    assert kit.row("Version", version, "id") is None
    kit.revive("PreviewFile", second)
    assert kit.row("Version", version, "id")


def test_a_version_made_for_previews_is_called_as_what_it_is_of_its_step_and_its_number(
    kit: StudioKit,
) -> None:
    project = kit.project()
    sequence = kit.create("Sequence", name="SQ01", project_id=project)
    shot = kit.shot(project, parent_id=sequence)
    kit.update("Shot", shot, name="SH 010")
    step = kit.create("TaskType", name=(name := unique("Anim")))
    task = kit.create("Task", entity_id=shot, task_type_id=step)
    versions = [kit.row("PreviewFile", preview(kit, task, number), "version_id") for number in (1, 1000)]
    called = f"SQ01_SH_010_{name.replace(' ', '_')}"
    assert [kit.row("Version", each, "name") for each in versions] == [f"{called}_v001", f"{called}_v1000"]
    assert kit.row("Version", versions[0], "display_name") == f"{called}_v001"


def test_the_name_of_a_version_is_no_longer_than_names_may_be(kit: StudioKit) -> None:
    task = kit.create("Task", entity_id=(shot := kit.shot(kit.project())))
    kit.update("Shot", shot, name="x" * 250)
    version = kit.row("PreviewFile", preview(kit, task, 7), "version_id")
    assert kit.row("Version", version, "name") == f"{'x' * 245}_v007"
    kit.update("Version", version, name=kit.row("Version", version, "name"))


def test_a_version_goes_with_its_last_preview_though_its_shot_has_another_name_now(kit: StudioKit) -> None:
    task = kit.create("Task", entity_id=(shot := kit.shot(kit.project())))
    version = kit.row("PreviewFile", (shown := preview(kit, task, 1)), "version_id")
    kit.update("Shot", shot, name=unique("other"))
    kit.delete("PreviewFile", shown)
    assert kit.row("Version", version, "id") is None


def test_a_version_that_somebody_published_stays_when_its_only_preview_goes(kit: StudioKit) -> None:
    task = task_of(kit)
    named = kit.create("Version", name="hero_anim_v004", task_id=task)
    unnamed = kit.create("Version", task_id=task)
    for version in (named, unnamed):
        shown = kit.create("PreviewFile", name=uuid.uuid4().hex, task_id=task, version_id=version)
        assert kit.row("PreviewFile", shown, "version_id") == str(version)
        kit.delete("PreviewFile", shown)
        assert kit.row("Version", version, "id") == str(version)


def test_a_version_that_is_called_as_those_of_previews_are_stays_when_somebody_called_it_so(
    kit: StudioKit,
) -> None:
    task = task_of(kit)
    published = kit.create("Version", name="hero_anim_v001", task_id=task)
    renamed = kit.row("PreviewFile", (second := preview(kit, task, 2)), "version_id")
    kit.update("Version", renamed, name="hero_anim_v002")
    first = kit.create("PreviewFile", name=uuid.uuid4().hex, task_id=task, version_id=published)
    kit.delete("PreviewFile", first)
    kit.delete("PreviewFile", second)
    assert kit.row("Version", published, "revision") == 1
    assert kit.row("Version", renamed, "revision") == 2


def test_new_versions_are_numbered_in_their_product_by_as_many_statements_as_two(kit: StudioKit) -> None:
    project = kit.project()
    shot = kit.shot(project)
    counts = []
    for size in (2, 30):
        made = [
            Create(facet("Version"), {"name": f"take {n}", "object_id": shot, "project_id": project})
            for n in range(size)
        ]
        with noted(kit.studio.writes) as statements:
            kit.execute(*made)
        counts.append(len(statements))
    assert counts[1] <= counts[0]
    numbers = [
        each["revision"]
        for each in kit.rows("Version", "revision", where=Where("object_id", Op.EQ, str(shot)))
    ]
    assert sorted(numbers) == list(range(1, 33))
