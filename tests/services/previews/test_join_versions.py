"""Previews of a task's revision are one version, whoever made it."""

from __future__ import annotations

import uuid

from tests.contracts.statements import noted
from tests.services.previews.test_previews import task_of
from tests.studio import StudioKit
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


def test_a_version_that_somebody_published_stays_when_its_only_preview_goes(kit: StudioKit) -> None:
    task = task_of(kit)
    named = kit.create("Version", name="hero_anim_v004", task_id=task)
    unnamed = kit.create("Version", task_id=task)
    for version in (named, unnamed):
        shown = kit.create("PreviewFile", name=uuid.uuid4().hex, task_id=task, version_id=version)
        assert kit.row("PreviewFile", shown, "version_id") == str(version)
        kit.delete("PreviewFile", shown)
        assert kit.row("Version", version, "id") == str(version)


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
