"""What goes with a comment that is removed or changed, and comes back with it."""

from __future__ import annotations

import pytest

from tests.services.talk.words import NOTE, TASK, code, comment, status, talk
from tests.studio import StudioKit
from zou_server.models.errors import Forbidden
from zou_server.services.write.operations import Act, Delete, Revive


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
