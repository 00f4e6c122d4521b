"""Who may say, change, acknowledge and answer what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.talk.words import NOTE, code, comment, siblings
from tests.studio import StudioKit
from zou_server.models.errors import Forbidden, Invalid
from zou_server.services.write.operations import Act, Update


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
    told = [event["action"] for event in kit.events(note)]
    # What is between them is that the note has other replies now, which only Shotgun's log says.
    assert told[-3:] == ["reply", "update", "delete-reply"]
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
