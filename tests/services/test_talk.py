"""Talk about tasks: whom it names, where it is repeated, which rules follow it, what goes with it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.contracts.statements import noted
from tests.studio import StudioKit, unique
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Order, Where
from zou_server.models.errors import Forbidden, Invalid
from zou_server.models.registry import facet
from zou_server.services.find_names import find_names
from zou_server.services.operations import Act, Delete, RefBy, Revive, Update

NOTE, TASK = facet("Note"), facet("Task")


def comment(
    kit: StudioKit,
    task: uuid.UUID,
    text: str = "hello",
    code: str | None = None,
    actor: Actor = SYSTEM,
    **values: Any,
) -> uuid.UUID:
    """A comment, perhaps with a status."""
    if code:
        values["sets_status_id"] = RefBy("TaskStatus", "code", code)
    return kit.execute(Act("comment", TASK, task, {"text": text, **values}), actor=actor)[0].id


def step(kit: StudioKit, name: str) -> str:
    """The id of a step of the first vocabulary."""
    found: str = kit.rows("TaskType", "id", where=Where("name", Op.EQ, name))[0]["id"]
    return found


def status(kit: StudioKit, code: str) -> str:
    """The id of a status of the first vocabulary."""
    found: str = kit.rows("TaskStatus", "id", where=Where("code", Op.EQ, code))[0]["id"]
    return found


def siblings(kit: StudioKit, *names: str, project: uuid.UUID | None = None) -> list[uuid.UUID]:
    """Tasks of one new shot, one for each step."""
    shot = kit.shot(project or kit.project())
    return [kit.create("Task", entity_id=shot, task_type_id=step(kit, name)) for name in names]


def talk(kit: StudioKit, task: uuid.UUID) -> list[str]:
    """The texts of a task's comments, oldest first."""
    order = (Order("created_at"),)
    return [
        row["text"]
        for row in kit.rows("Note", "text", where=Where("object_id", Op.EQ, str(task)), order=order)
    ]


def code(kit: StudioKit, task: uuid.UUID) -> str:
    """The code of a task's status."""
    found: str = kit.row("Task", task, "task_status.code")
    return found


# -- names -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Jane Doe look", {"jane doe"}),
        ("hello @jane doe, and @John", {"jane doe", "john"}),
        ("@Jane Doehner", {"jane doehner"}),
        ("@Jane Do", {"jane do"}),
        ("mail jane@john", set()),
        ("@Johnny", set()),
        ("nobody", set()),
    ],
)
def test_names_are_found_behind_their_sign(text: str, found: set[str]) -> None:
    assert find_names(text, "@", ["Jane Doe", "Jane Do", "Jane Doehner", "John"]) == found


def test_a_comment_names_people_of_the_team_and_departments(kit: StudioKit) -> None:
    project = kit.project()
    member, stranger = kit.person("user", {project: None}), kit.person("user")
    task = kit.create("Task", project_id=project)
    note = comment(kit, task, f"@{member.name} and @{stranger.name}, ask @Animation")
    named = kit.row("Note", note, "mentions*", "department_mentions*")
    animation = kit.rows("Department", "id", where=Where("name", Op.EQ, "Animation"))[0]["id"]
    assert named == {"mentions*": [str(member.person_id)], "department_mentions*": [animation]}
    kit.update("Note", note, text=f"@{stranger.name} only @Lighting")
    lighting = kit.rows("Department", "id", where=Where("name", Op.EQ, "Lighting"))[0]["id"]
    assert kit.row("Note", note, "mentions*", "department_mentions*") == {
        "mentions*": [],
        "department_mentions*": [lighting],
    }
    kit.update("Note", note, text="nobody")
    assert kit.row("Note", note, "department_mentions*") == []


def test_a_hashtag_repeats_a_comment_on_the_tasks_it_names(kit: StudioKit) -> None:
    animation, layout, lighting = siblings(kit, "Animation", "Layout", "Lighting")
    comment(kit, layout, "start", "wip")
    comment(kit, animation, "see #Layout", "wfa", checklist=[{"text": "a"}])
    assert talk(kit, layout) == ["start", "see #Layout"]
    assert talk(kit, lighting) == []
    assert (code(kit, animation), code(kit, layout)) == ("wfa", "wip")
    comment(kit, lighting, "for #all")
    assert [talk(kit, task)[-1] for task in (animation, layout)] == ["for #all"] * 2
    copies = kit.rows("Note", "checklist", where=Where("text", Op.EQ, "see #Layout"))
    assert [each["checklist"] for each in copies] == [[{"text": "a", "checked": False}]] * 2


def test_a_hashtag_reaches_only_tasks_that_the_author_may_see(kit: StudioKit) -> None:
    project = kit.project()
    vendor = kit.person("vendor", {project: None})
    animation, layout = siblings(kit, "Animation", "Layout", project=project)
    kit.update("Task", animation, assignees=[vendor.person_id])
    comment(kit, animation, "#all look", actor=vendor)
    assert talk(kit, layout) == []


# -- checklists --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ("text", "is not a list"),
        (["text"], "item 1 is not an object"),
        ([{"text": "a"}, {"txt": "b"}], "item 2 has no 'txt'"),
        ([{"text": ["a"]}], "text of item 1"),
        ([{"text": "a", "checked": "perhaps"}], "checked of item 1"),
        ([{"text": "a", "frame": "x"}], "frame of item 1"),
    ],
)
def test_a_checklist_of_another_form_is_refused_by_name(kit: StudioKit, given: Any, word: str) -> None:
    task = kit.create("Task", project_id=kit.project())
    with pytest.raises(Invalid, match=word):
        comment(kit, task, checklist=given)


def test_a_checklist_item_may_say_its_frame_and_revision(kit: StudioKit) -> None:
    task = kit.create("Task", project_id=kit.project())
    item = {"text": "a", "checked": True, "frame": 12, "revision": 3}
    note = comment(kit, task, checklist=[item, {"text": "b", "frame": None}])
    assert kit.row("Note", note, "checklist") == [item, {"text": "b", "checked": False, "frame": None}]


# -- rules -------------------------------------------------------------------------------------------


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


# -- what a removed comment takes along --------------------------------------------------------------


def test_a_removed_comment_takes_along_what_it_did_and_reviving_brings_it_back(kit: StudioKit) -> None:
    task = kit.create("Task", project_id=kit.project())
    paths = (
        "task_status.code",
        "retake_count",
        "real_start_date",
        "end_date",
        "done_date",
        "last_comment_date",
    )
    comment(kit, task, "1", "wip")
    comment(kit, task, "2", "retake")
    before = kit.row("Task", task, *paths)
    note = comment(kit, task, "3", "done")
    preview = kit.create("PreviewFile", name="take", task_id=task)
    kit.create("NotePreview", note_id=note, preview_file_id=preview)
    reply = kit.execute(Act("reply", NOTE, note, {"text": "thanks"}))[0].id
    after = kit.row("Task", task, *paths)
    kit.delete("Note", note)
    assert kit.row("Task", task, *paths) == before
    assert kit.row("PreviewFile", preview, "id") is None
    assert kit.row("Note", reply, "id") is None
    kit.revive("Note", note)
    assert kit.row("Task", task, *paths) == after
    assert kit.row("PreviewFile", preview, "id") == str(preview)


def test_a_preview_that_another_comment_shows_stays(kit: StudioKit) -> None:
    task = kit.create("Task", project_id=kit.project())
    one, two = comment(kit, task), comment(kit, task)
    preview = kit.create("PreviewFile", name="take", task_id=task)
    for note in (one, two):
        kit.create("NotePreview", note_id=note, preview_file_id=preview)
    kit.delete("Note", one)
    assert kit.row("PreviewFile", preview, "id") == str(preview)


def test_what_no_comment_did_stays_when_one_is_removed(kit: StudioKit) -> None:
    task = kit.create("Task", project_id=kit.project())
    note = comment(kit, task, "1", "wip")
    kit.update("Task", task, task_status_id=status(kit, "done"))
    kit.delete("Note", note)
    assert code(kit, task) == "done"


def test_a_task_that_goes_with_its_comments_comes_back_as_it_was(kit: StudioKit) -> None:
    task = kit.create("Task", project_id=kit.project())
    comment(kit, task, "1", "wip")
    kit.update("Task", task, task_status_id=status(kit, "done"))
    kit.execute(Delete(TASK, task))
    kit.execute(Revive(TASK, task))
    assert code(kit, task) == "done"
    assert talk(kit, task) == ["1"]


def test_an_edited_status_moves_the_task(kit: StudioKit) -> None:
    project = kit.project()
    artist = kit.person("user", {project: None})
    task = kit.create("Task", project_id=project, assignees=[artist.person_id])
    note = comment(kit, task, "1", "wip", actor=artist)
    kit.update("Note", note, actor=artist, sets_status_id=status(kit, "wfa"))
    assert kit.row("Task", task, "task_status.code", "real_start_date") == {
        "task_status.code": "wfa",
        "real_start_date": None,
    }
    with pytest.raises(Forbidden, match="Done"):
        kit.update("Note", note, actor=artist, sets_status_id=status(kit, "done"))


# -- who may -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "values", "may"),
    [
        ("author", {"text": "new"}, True),
        ("author", {"pinned": True}, False),
        ("author", {"object_id": None}, False),
        ("assignee", {"text": "new"}, False),
        ("assignee", {"checklist": [{"text": "a", "checked": True}]}, True),
        ("other", {"checklist": [{"text": "a", "checked": True}]}, False),
        ("supervisor", {"pinned": True}, True),
        ("supervisor", {"text": "new"}, False),
        ("manager", {"text": "new"}, True),
    ],
)
def test_who_may_change_what_of_a_comment(
    kit: StudioKit, who: str, values: dict[str, Any], *, may: bool
) -> None:
    project = kit.project()
    people = {name: kit.person("user", {project: None}) for name in ("author", "assignee", "other")}
    people |= {role: kit.person(role, {project: None}) for role in ("supervisor", "manager")}
    both = [people["author"].person_id, people["assignee"].person_id]
    task = kit.create("Task", project_id=project, assignees=both)
    note = comment(kit, task, checklist=[{"text": "a"}], actor=people["author"])
    if may:
        assert kit.update("Note", note, actor=people[who], **values).changed
        return
    with pytest.raises(Forbidden):
        kit.update("Note", note, actor=people[who], **values)


def test_a_whole_comment_sent_back_by_its_author_changes_nothing(kit: StudioKit) -> None:
    project = kit.project()
    artist = kit.person("user", {project: None})
    task = kit.create("Task", project_id=project, assignees=[artist.person_id])
    note = comment(kit, task, actor=artist)
    same = {"text": "hello", "pinned": False, "person_id": artist.person_id, "object_id": task}
    assert not kit.execute(Update(NOTE, note, same), actor=artist)[0].changed


@pytest.mark.parametrize(
    ("role", "assigned", "may"),
    [("user", True, True), ("user", False, False), ("supervisor", False, True), ("client", False, False)],
)
def test_who_may_acknowledge_a_comment(kit: StudioKit, role: str, *, assigned: bool, may: bool) -> None:
    project = kit.project()
    actor = kit.person(role, {project: None})
    task = kit.create("Task", project_id=project, assignees=[actor.person_id] if assigned else [])
    note = comment(kit, task, for_client=True)
    act = Act("acknowledge", NOTE, note, {})
    if not may:
        with pytest.raises(Forbidden):
            kit.execute(act, actor=actor)
        return
    kit.execute(act, actor=actor)
    assert kit.row("Note", note, "acknowledgements*") == [str(actor.person_id)]
    kit.execute(act, actor=actor)
    assert kit.row("Note", note, "acknowledgements*") == []
    said = [event["action"] for event in kit.events(note)]
    assert said.count("acknowledge") == said.count("unacknowledge") == 1


def test_a_reply_is_no_comment_and_cannot_be_answered(kit: StudioKit) -> None:
    task = kit.create("Task", project_id=kit.project())
    note = comment(kit, task, "1", "wip")
    reply = kit.execute(Act("reply", NOTE, note, {"text": "2"}))[0].id
    assert kit.row("Task", task, "comments*") == [str(note)]
    assert kit.row("Note", note, "replies*") == [str(reply)]
    with pytest.raises(Invalid, match="reply"):
        kit.execute(Act("reply", NOTE, reply, {"text": "3"}))
    kit.delete("Note", reply)
    assert [event["action"] for event in kit.events(note)][-2:] == ["reply", "delete-reply"]
    assert code(kit, task) == "wip"


def test_only_managers_answer_in_the_name_of_others(kit: StudioKit) -> None:
    project = kit.project()
    artist, manager = kit.person("user", {project: None}), kit.person("manager", {project: None})
    note = comment(kit, kit.create("Task", project_id=project))
    said = Act("reply", NOTE, note, {"text": "x", "person_id": manager.person_id})
    with pytest.raises(Forbidden):
        kit.execute(said, actor=artist)
    other = Act("reply", NOTE, note, {"text": "x", "person_id": artist.person_id})
    assert kit.row("Note", kit.execute(other, actor=manager)[0].id, "person_id") == str(artist.person_id)


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_comment_moves_only_within_its_entity_and_by_managers(kit: StudioKit, *, elsewhere: bool) -> None:
    project = kit.project()
    layout, animation = siblings(kit, "Layout", "Animation", project=project)
    note = comment(kit, layout, "1", "wip")
    target = siblings(kit, "FX", project=project)[0] if elsewhere else animation
    act = Act("move-comment", NOTE, note, {"target_task_id": str(target)})
    with pytest.raises(Forbidden):
        kit.execute(act, actor=kit.person("supervisor", {project: None}))
    if elsewhere:
        with pytest.raises(Invalid, match="same entity"):
            kit.execute(act)
        return
    preview = kit.create("PreviewFile", name="take", task_id=layout, revision=4)
    kit.create("NotePreview", note_id=note, preview_file_id=preview)
    kit.create("PreviewFile", name="take", task_id=animation, revision=1)
    kit.execute(act, actor=kit.person("manager", {project: None}))
    assert (code(kit, layout), code(kit, animation)) == ("todo", "wip")
    assert kit.row("PreviewFile", preview, "revision", "task_id") == {
        "revision": 2,
        "task_id": str(animation),
    }


# -- statements --------------------------------------------------------------------------------------


def test_a_comment_with_everything_takes_few_statements(kit: StudioKit) -> None:
    project = kit.project()
    artist = kit.person("user", {project: None})
    rule(
        kit,
        project,
        in_task_type_id="Layout",
        in_task_status_id="wfa",
        out_task_type_id="Animation",
        out_task_status_id="ready",
    )
    layout, animation, _ = siblings(kit, "Layout", "Animation", "FX", project=project)
    kit.update("Task", layout, assignees=[artist.person_id])
    wfa = status(kit, "wfa")
    with noted(kit.studio.writes) as statements:
        comment(kit, layout, f"@{artist.name} @Animation #FX", actor=artist, sets_status_id=wfa)
    assert code(kit, animation) == "ready"
    assert 0 < len(statements) <= 12


def test_many_comments_take_as_many_statements_as_two(kit: StudioKit) -> None:
    project = kit.project(max_retakes=5)
    artist = kit.person("manager", {project: None})
    counts = []
    for size in (2, 20):
        tasks = [siblings(kit, "Layout", "Animation", project=project)[0] for _ in range(size)]
        acts = [
            Act(
                "comment",
                TASK,
                task,
                {"text": f"@{artist.name} #all", "sets_status_id": status(kit, "retake")},
            )
            for task in tasks
        ]
        with noted(kit.studio.writes) as statements:
            kit.execute(*acts, actor=artist)
        counts.append(len(statements))
    assert 0 < counts[0] == counts[1]
