"""Status automations: which rules follow a comment, and where they end."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.services.talk.words import code, comment, siblings, step, talk
from tests.studio import StudioKit, unique
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import facet
from zou_server.services.write.operations import Act, RefBy


def rule(kit: StudioKit, project: uuid.UUID, **values: Any) -> None:
    """An automation that a project follows."""
    links = {
        name: RefBy("TaskType", "name", values.pop(name))
        for name in list(values)
        if name.endswith("_type_id")
    }
    codes = {
        name: RefBy("TaskStatus", "code", values.pop(name))
        for name in list(values)
        if name.endswith("_status_id")
    }
    made = kit.create("StatusAutomation", **{"entity_type": "shot", **values, **links, **codes})
    kit.create("ProjectStatusAutomation", project_id=project, status_automation_id=made)


def test_a_status_moves_the_next_step_along_and_that_one_the_one_after(kit: StudioKit) -> None:
    project = kit.project()
    moved = {"in_task_status_id": "done", "out_task_status_id": "ready"}
    rule(kit, project, in_task_type_id="Layout", out_task_type_id="Animation", **moved)
    follows = {"in_task_status_id": "ready", "out_task_status_id": "wip"}
    rule(kit, project, in_task_type_id="Animation", out_task_type_id="Lighting", **follows)
    layout, animation, lighting, effects = siblings(
        kit, "Layout", "Animation", "Lighting", "FX", project=project
    )
    comment(kit, layout, "ok", "done")
    assert [code(kit, task) for task in (layout, animation, lighting, effects)] == [
        "done",
        "ready",
        "wip",
        "todo",
    ]
    assert kit.row("Task", lighting, "real_start_date") is not None
    assert talk(kit, animation) == [""]


def test_two_rules_that_lead_to_each_other_end_after_one_round(kit: StudioKit) -> None:
    project = kit.project()
    for name in ("Layout", "Animation"):
        kit.create("ProjectTaskType", project_id=project, task_type_id=step(kit, name), priority=1)
    for one, other, there, back in (
        ("Layout", "Animation", "wip", "wfa"),
        ("Animation", "Layout", "wfa", "wip"),
    ):
        rule(
            kit,
            project,
            in_task_type_id=one,
            in_task_status_id=there,
            out_task_type_id=other,
            out_task_status_id=back,
        )
    layout, animation = siblings(kit, "Layout", "Animation", project=project)
    comment(kit, layout, "go", "wip")
    assert (code(kit, layout), code(kit, animation)) == ("wip", "wfa")
    assert (len(talk(kit, layout)), len(talk(kit, animation))) == (1, 1)
    comment(kit, animation, "and back", "todo")
    comment(kit, animation, "again", "wfa")
    assert (code(kit, layout), len(talk(kit, layout))) == ("wip", 1)


@pytest.mark.parametrize("wrong", ["entity_type", "order", "project", "archived"])
def test_a_rule_that_does_not_fit_is_not_followed(kit: StudioKit, wrong: str) -> None:
    project = kit.project()
    for place, name in enumerate(("Animation", "Layout") if wrong == "order" else ("Layout", "Animation"), 1):
        kit.create("ProjectTaskType", project_id=project, task_type_id=step(kit, name), priority=place)
    rule(
        kit,
        kit.project() if wrong == "project" else project,
        in_task_type_id="Layout",
        in_task_status_id="done",
        out_task_type_id="Animation",
        out_task_status_id="ready",
        entity_type="asset" if wrong == "entity_type" else "shot",
        archived=wrong == "archived",
    )
    layout, animation = siblings(kit, "Layout", "Animation", project=project)
    comment(kit, layout, "ok", "done")
    assert code(kit, animation) == "todo"


def test_a_rule_may_mark_an_asset_as_ready_for_a_step(kit: StudioKit) -> None:
    project = kit.project()
    rule(
        kit,
        project,
        entity_type="asset",
        in_task_type_id="Modeling",
        in_task_status_id="done",
        out_task_type_id="Layout",
        out_field_type="ready_for",
    )
    asset_type = kit.rows("AssetType", "id")[0]["id"]
    asset = kit.create("Asset", name=unique("Asset"), project_id=project, entity_type_id=asset_type)
    task = kit.create("Task", entity_id=asset, task_type_id=step(kit, "Modeling"))
    comment(kit, task, "ok", "done")
    assert kit.row("Asset", asset, "ready_for") == step(kit, "Layout")


def test_a_rule_may_take_the_last_revision_along(kit: StudioKit) -> None:
    project = kit.project()
    rule(
        kit,
        project,
        in_task_type_id="Layout",
        in_task_status_id="done",
        out_task_type_id="Animation",
        out_task_status_id="ready",
        import_last_revision=True,
    )
    layout, animation = siblings(kit, "Layout", "Animation", project=project)
    for revision in (1, 2):
        id_ = kit.create(
            "PreviewFile", name=f"v{revision}", task_id=layout, revision=revision, width=revision
        )
        source = {"source_key": f"previews/sources/v{revision}.png", "checksum": "0" * 64, "size": 9}
        kit.execute(
            Act("receive_preview", facet("PreviewFile"), id_, {**source, "name": "v", "extension": "png"})
        )
    comment(kit, layout, "ok", "done")
    found = kit.rows("PreviewFile", "revision", "width", where=Where("task_id", Op.EQ, str(animation)))
    assert found == [{"revision": 1, "width": 2}]
    note = kit.rows("Note", "previews*", where=Where("object_id", Op.EQ, str(animation)))[0]
    assert len(note["previews*"]) == 1
    arguments = {"preview_id": note["previews*"][0], "source_key": source["source_key"], "normalize": True}
    assert arguments in kit.jobs("process_preview")
