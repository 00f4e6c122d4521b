"""Previews of comments: revisions, rights, drawings of several reviewers, and what stands for a task."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.contracts.statements import noted
from tests.studio import StudioKit, unique
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Where
from zou_server.models.errors import Forbidden, Invalid, NotFound
from zou_server.models.registry import facet
from zou_server.services.write.operations import Act


def task_of(kit: StudioKit, **project: Any) -> uuid.UUID:
    """A task on a shot of a new project."""
    return kit.create("Task", entity_id=kit.shot(kit.project(**project)))


def comment(kit: StudioKit, task: uuid.UUID, actor: Actor = SYSTEM) -> uuid.UUID:
    return kit.execute(Act("comment", facet("Task"), task, {"text": "look"}), actor=actor)[0].id


def add(kit: StudioKit, note: uuid.UUID, actor: Actor = SYSTEM, **values: Any) -> uuid.UUID:
    return kit.execute(Act("add_preview", facet("Note"), note, values), actor=actor)[0].id


def act(
    kit: StudioKit, action: str, preview: uuid.UUID, actor: Actor = SYSTEM, /, **values: Any
) -> uuid.UUID:
    return kit.execute(Act(action, facet("PreviewFile"), preview, values), actor=actor)[0].id


def receive(kit: StudioKit, preview: uuid.UUID, extension: str = "png") -> str:
    """Let a preview have a file."""
    key = f"previews/sources/{preview}-1.{extension}"
    found = {"source_key": key, "checksum": "0" * 64, "size": 3, "name": "look", "extension": extension}
    act(kit, "receive_preview", preview, **found)
    return key


def ready(kit: StudioKit, preview: uuid.UUID) -> None:
    """Let a preview be done."""
    facts = {"width": 4, "height": 3, "duration": 0.0, "file_size": 5, "data": {"original_width": 4}}
    act(kit, "settle_preview", preview, outcome="ready", source_key=receive(kit, preview), **facts)


def place(kit: StudioKit, preview: uuid.UUID) -> tuple[int, int]:
    found = kit.row("PreviewFile", preview, "revision", "position")
    return found["revision"], found["position"]


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run all of them at the same moment; their results or what they raised, in order."""
    gate = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(index: int) -> None:
        gate.wait()
        try:
            results[index] = calls[index]()
        except Exception as error:  # noqa: BLE001 - looked at by the test
            results[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


# -- revisions -----------------------------------------------------------------------------------------------


def test_each_comment_gets_the_next_revision_and_its_own_previews_share_it(kit: StudioKit) -> None:
    task = task_of(kit)
    first, second = comment(kit, task), comment(kit, task)
    one = add(kit, first)
    two = add(kit, second)
    beside = add(kit, first)
    assert [place(kit, each) for each in (one, two, beside)] == [(1, 1), (2, 1), (1, 2)]
    assert kit.row("Note", first, "previews*") == [str(one), str(beside)]
    assert kit.row("Note", first, "preview_file_id") == str(one)
    assert kit.row("PreviewFile", one, "status") == "processing"


def test_a_revision_can_be_asked_for_unless_the_task_has_it(kit: StudioKit) -> None:
    task = task_of(kit)
    assert place(kit, add(kit, comment(kit, task), revision=7)) == (7, 1)
    assert place(kit, add(kit, comment(kit, task))) == (8, 1)
    for wrong in (7, 0, "x"):
        with pytest.raises(Invalid):
            add(kit, comment(kit, task), revision=wrong)
    with pytest.raises(Invalid, match="reversion"):
        add(kit, comment(kit, task), reversion=9)


def test_a_project_with_a_single_preview_for_each_revision_refuses_the_second(kit: StudioKit) -> None:
    note = comment(kit, task_of(kit, is_single_preview_per_revision=True))
    add(kit, note)
    with pytest.raises(Invalid, match="single preview"):
        add(kit, note)


def test_publishers_at_once_never_get_the_same_revision(kit: StudioKit) -> None:
    task = task_of(kit)
    notes = [comment(kit, task) for _ in range(4)]
    made = at_once(*(lambda note=note: add(kit, note) for note in notes))
    assert sorted(place(kit, each)[0] for each in made) == [1, 2, 3, 4]


def test_previews_added_to_one_comment_at_once_get_different_places(kit: StudioKit) -> None:
    note = comment(kit, task_of(kit))
    made = at_once(*[lambda: add(kit, note)] * 4)
    assert sorted(place(kit, each) for each in made) == [(1, 1), (1, 2), (1, 3), (1, 4)]


def test_a_preview_is_added_to_the_comment_of_the_task_that_is_named(kit: StudioKit) -> None:
    task, other = task_of(kit), task_of(kit)
    note = comment(kit, task)
    with pytest.raises(NotFound):
        add(kit, note, task_id=str(other))
    with pytest.raises(NotFound):
        add(kit, note, beside=str(uuid.uuid4()))


def test_adding_a_preview_takes_as_many_statements_however_many_there_are(kit: StudioKit) -> None:
    task = task_of(kit)

    def count() -> int:
        note = comment(kit, task)
        with noted(kit.studio.writes) as statements:
            add(kit, note)
        return len(statements)

    add(kit, comment(kit, task))  # the first take of a task brings its product along
    first = count()
    for _ in range(5):
        add(kit, comment(kit, task))
    assert count() == first <= 16


# -- rights --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "may"), [("supervisor", True), ("user", False), ("client", False)])
def test_who_may_add_a_preview_to_a_comment_of_others(kit: StudioKit, role: str, *, may: bool) -> None:
    project = kit.project()
    task = kit.create("Task", entity_id=kit.shot(project))
    actor, note = kit.person(role, {project: None}), comment(kit, task)
    if may:
        add(kit, note, actor)
        return
    with pytest.raises((Forbidden, NotFound)):  # a client sees no talk of the team
        add(kit, note, actor)


def test_a_vendor_adds_a_preview_to_their_own_comment_and_sees_no_other_task(kit: StudioKit) -> None:
    project = kit.project()
    vendor = kit.person("vendor", {project: None})
    task = kit.create("Task", entity_id=kit.shot(project), assignees=[vendor.person_id])
    preview = add(kit, comment(kit, task, vendor), vendor)
    assert kit.row("PreviewFile", preview, "person_id") == str(vendor.person_id)
    elsewhere = comment(kit, kit.create("Task", entity_id=kit.shot(project)))
    with pytest.raises(NotFound):
        add(kit, elsewhere, vendor)


@pytest.mark.parametrize(
    ("role", "assigned", "may"),
    [
        ("manager", False, True),
        ("user", True, True),
        ("user", False, False),
        ("client", False, True),
        ("vendor", True, True),
    ],
)
def test_who_may_draw_on_a_preview(kit: StudioKit, role: str, *, assigned: bool, may: bool) -> None:
    project = kit.project()
    actor = kit.person(role, {project: None})
    assignees = [actor.person_id] if assigned else []
    preview = add(kit, comment(kit, kit.create("Task", entity_id=kit.shot(project), assignees=assignees)))
    if may:
        act(kit, "annotate_preview", preview, actor, additions=[drawing("a")])
        return
    with pytest.raises(Forbidden):
        act(kit, "annotate_preview", preview, actor, additions=[drawing("a")])


def test_only_the_server_says_what_became_of_a_preview(kit: StudioKit) -> None:
    project = kit.project()
    admin = kit.person("admin")
    preview = add(kit, comment(kit, kit.create("Task", entity_id=kit.shot(project))))
    with pytest.raises(Forbidden):
        act(kit, "settle_preview", preview, admin, outcome="ready", source_key="x")
    with pytest.raises(Invalid, match="problem"):
        kit.update("PreviewFile", preview, problem="mine")


# -- files ---------------------------------------------------------------------------------------------------


def test_a_preview_takes_one_file_and_another_only_when_the_first_was_broken(kit: StudioKit) -> None:
    preview = add(kit, comment(kit, task_of(kit)))
    key = receive(kit, preview)
    with pytest.raises(Invalid, match="has its file"):
        receive(kit, preview)
    act(kit, "settle_preview", preview, outcome="broken", source_key=key, problem="no picture")
    assert kit.row("PreviewFile", preview, "status", "problem") == {
        "status": "broken",
        "problem": "no picture",
    }
    receive(kit, preview)
    assert kit.row("PreviewFile", preview, "status", "problem") == {"status": "processing", "problem": ""}


def test_what_is_said_of_a_file_that_was_replaced_changes_nothing(kit: StudioKit) -> None:
    preview = add(kit, comment(kit, task_of(kit)))
    receive(kit, preview)
    act(kit, "settle_preview", preview, outcome="broken", source_key="another", problem="too late")
    assert kit.row("PreviewFile", preview, "status") == "processing"


def test_a_file_that_needs_no_renditions_is_ready_at_once(kit: StudioKit) -> None:
    task = task_of(kit)
    preview = add(kit, comment(kit, task))
    receive(kit, preview, "pdf")
    assert kit.row("PreviewFile", preview, "status", "extension") == {"status": "ready", "extension": "pdf"}
    assert kit.row("Task", task, "last_preview_file_id") == str(preview)


def test_the_events_of_a_preview_tell_its_story(kit: StudioKit) -> None:
    preview = add(kit, comment(kit, task_of(kit)))
    key = receive(kit, preview)
    act(kit, "settle_preview", preview, outcome="working", source_key=key, progress=40)
    act(kit, "settle_preview", preview, outcome="broken", source_key=key, problem="no picture")
    act(kit, "annotate_preview", preview, additions=[drawing("a")])
    names = kit.rows("ApiEvent", "event_name", where=Where("object_id", Op.EQ, str(preview)))
    told = {each["event_name"] for each in names}
    assert {f"preview-file:{name}" for name in ("new", "add-file", "update", "annotation-update")} == told
    attributes = {
        (e["attribute"], e["new"])
        for e in kit.events(preview)
        if e["attribute"] != "annotations" and not isinstance(e["new"], dict)
    }
    assert {("progress", 40), ("status", "broken"), ("problem", "no picture")} <= attributes
    assert "source_key" not in {e["attribute"] for e in kit.events(preview)}


# -- what stands for a task ----------------------------------------------------------------------------------


def test_a_task_shows_its_last_revision_that_is_ready(kit: StudioKit) -> None:
    task = task_of(kit)
    one, two = add(kit, comment(kit, task)), add(kit, comment(kit, task))
    assert kit.row("Task", task, "last_preview_file_id") is None
    ready(kit, two)
    ready(kit, one)
    assert kit.row("Task", task, "last_preview_file_id") == str(two)
    kit.delete("PreviewFile", two)
    assert kit.row("Task", task, "last_preview_file_id") == str(one)
    kit.revive("PreviewFile", two)
    assert kit.row("Task", task, "last_preview_file_id") == str(two)


@pytest.mark.parametrize("automated", [True, False])
def test_a_project_may_set_the_main_preview_by_itself(kit: StudioKit, *, automated: bool) -> None:
    shot = kit.shot(kit.project(is_set_preview_automated=automated))
    preview = add(kit, comment(kit, kit.create("Task", entity_id=shot)))
    ready(kit, preview)
    assert kit.row("Shot", shot, "preview_file_id") == (str(preview) if automated else None)


def test_a_shot_and_a_comment_stop_showing_a_preview_that_is_removed(kit: StudioKit) -> None:
    shot = kit.shot(kit.project())
    note = comment(kit, kit.create("Task", entity_id=shot))
    one, two = add(kit, note), add(kit, note)
    act(kit, "set_main_preview", one)
    assert kit.row("Shot", shot, "preview_file_id") == str(one)
    kit.delete("PreviewFile", one)
    assert kit.row("Shot", shot, "preview_file_id") is None
    assert kit.row("Note", note, "preview_file_id") == str(two)
    assert kit.row("Note", note, "previews*") == [str(two)]
    assert "preview_file_id" in {e["attribute"] for e in kit.events(shot)}


def test_a_deleted_task_comes_back_with_the_preview_that_it_showed(kit: StudioKit) -> None:
    task = task_of(kit)
    preview = add(kit, comment(kit, task))
    ready(kit, preview)
    kit.delete("Task", task)
    kit.revive("Task", task)
    assert kit.row("Task", task, "last_preview_file_id") == str(preview)
    assert kit.row("PreviewFile", preview, "status") == "ready"


def test_placing_a_preview_keeps_the_others_in_their_order(kit: StudioKit) -> None:
    note = comment(kit, task_of(kit))
    previews = [add(kit, note) for _ in range(4)]
    act(kit, "place_preview", previews[3], position=2)
    assert [place(kit, each)[1] for each in previews] == [1, 3, 4, 2]
    for wrong in (0, 5, 1.5, "2", True, None):
        with pytest.raises(Invalid, match="position"):
            act(kit, "place_preview", previews[0], position=wrong)


# -- drawings ------------------------------------------------------------------------------------------------


def drawing(*names: str, time: float = 0) -> dict[str, Any]:
    """An annotation with an object of each name."""
    return {"time": time, "drawing": {"objects": [{"id": name} for name in names]}}


def test_what_two_reviewers_draw_at_once_is_all_kept(kit: StudioKit) -> None:
    preview = add(kit, comment(kit, task_of(kit)))
    names = [f"line {number}" for number in range(6)]
    calls = [
        lambda name=name: act(kit, "annotate_preview", preview, additions=[drawing(name)]) for name in names
    ]
    assert not [each for each in at_once(*calls) if isinstance(each, Exception)]
    (found,) = kit.row("PreviewFile", preview, "annotations")
    assert sorted(each["id"] for each in found["drawing"]["objects"]) == names


def test_drawings_that_are_none_are_refused_and_change_nothing(kit: StudioKit) -> None:
    preview = add(kit, comment(kit, task_of(kit)))
    act(kit, "annotate_preview", preview, additions=[drawing("a")])
    wrong: dict[str, Any]
    for wrong in (
        {"additions": "a"},
        {"additions": ["a"]},
        {"additions": [{"time": "soon", "drawing": {"objects": []}}]},
        {"additions": [{"drawing": {"objects": [1]}}]},
        {"updates": [{"drawing": 3}]},
        {"deletions": [3]},
        {"aditions": []},
    ):
        with pytest.raises(Invalid):
            act(kit, "annotate_preview", preview, **wrong)
    assert kit.row("PreviewFile", preview, "annotations") == [drawing("a")]


def test_what_takes_are_of_is_called_as_their_step_or_as_what_it_is_of(kit: StudioKit) -> None:
    project, step = kit.project(), kit.create("TaskType", name=unique("Step"))
    shot = kit.shot(project)
    task = kit.create("Task", entity_id=shot, task_type_id=step)
    add(kit, comment(kit, task))
    kit.create("Version", name="of the shot", object_id=shot, project_id=project)
    found = kit.rows("Product", "task_id", "name", where=Where("object_id", Op.EQ, str(shot)))
    names = {row["task_id"]: row["name"] for row in found}
    assert names == {str(task): kit.row("TaskType", step, "name"), None: kit.row("Shot", shot, "name")}
