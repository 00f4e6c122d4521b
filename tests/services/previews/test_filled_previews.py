"""Previews that come with their comments, file and all: one list of operations for all of them."""

from __future__ import annotations

import io
import uuid
import zipfile
from typing import Any

import pytest

from tests import media
from tests.contracts.statements import noted
from tests.studio import StudioKit
from zou_server.adapters.storage import LocalStorage, make_storage
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Order, Where
from zou_server.models.errors import DomainError, Forbidden, Invalid
from zou_server.models.registry import facet
from zou_server.services.previews.keep_sources import kept_sources
from zou_server.services.previews.send_preview import Sent
from zou_server.services.write.operations import Act

TASK, NOTE = facet("Task"), facet("Note")


@pytest.fixture
def project(kit: StudioKit) -> uuid.UUID:
    """A project of this test's own."""
    return kit.project()


def tasks(kit: StudioKit, project: uuid.UUID, count: int) -> list[uuid.UUID]:
    return [kit.create("Task", entity_id=kit.shot(project)) for _ in range(count)]


def comment_with_files(
    kit: StudioKit, about: list[uuid.UUID], *names: str, actor: Actor = SYSTEM
) -> list[uuid.UUID]:
    """A comment on each task, with a preview of each name."""
    storage = make_storage(kit.settings)
    sent = [[Sent(name, io.BytesIO(b"x" * place)) for place, name in enumerate(names, 1)] for _ in about]
    notes = kit.execute(*(Act("comment", TASK, task, {"text": "take"}) for task in about), actor=actor)
    made = [note.id for note in notes]
    kept = []
    for files in sent:
        with kept_sources(storage, files) as incoming:
            kept.append(incoming.keep())
    acts = (
        Act("add_filled_previews", NOTE, id_, {"files": files}) for id_, files in zip(made, kept, strict=True)
    )
    kit.execute(*acts, actor=actor)
    return made


def previews(kit: StudioKit, task: uuid.UUID) -> list[dict[str, Any]]:
    """The previews of a task in their order."""
    return kit.rows(
        "PreviewFile",
        "id",
        "revision",
        "position",
        "extension",
        "original_name",
        "file_size",
        "status",
        where=Where("task_id", Op.EQ, str(task)),
        order=(Order("revision"), Order("position")),
    )


def test_the_files_of_a_comment_are_one_revision_in_the_order_sent(
    kit: StudioKit, project: uuid.UUID
) -> None:
    (task,) = tasks(kit, project, 1)
    (note,) = comment_with_files(kit, [task], "plate.jpg", "cut.mov", "scene.blend")
    found = previews(kit, task)
    assert [(row["revision"], row["position"]) for row in found] == [(1, 1), (1, 2), (1, 3)]
    assert [row["extension"] for row in found] == ["png", "mp4", "blend"]
    assert [row["original_name"] for row in found] == ["plate", "cut", "scene"]
    assert [row["file_size"] for row in found] == [1, 2, 3]
    assert [row["status"] for row in found] == ["processing", "processing", "ready"]
    assert kit.row("Note", note, "previews*") == [row["id"] for row in found]
    assert kit.row("Note", note, "preview_file_id") == found[0]["id"]


def test_two_comments_of_one_list_on_one_task_get_a_revision_each(kit: StudioKit, project: uuid.UUID) -> None:
    (task,) = tasks(kit, project, 1)
    kit.create("PreviewFile", name="before", task_id=task, revision=4)
    comment_with_files(kit, [task, task], "a.png", "b.png")
    places = [(row["revision"], row["position"]) for row in previews(kit, task)[1:]]
    assert places == [(5, 1), (5, 2), (6, 1), (6, 2)]


def test_every_file_is_told_of_and_has_its_job(kit: StudioKit, project: uuid.UUID) -> None:
    (task,) = tasks(kit, project, 1)
    before = len(kit.jobs("process_preview"))
    comment_with_files(kit, [task], "a.png", "b.mp4", "c.obj")
    found = previews(kit, task)
    jobs = kit.jobs("process_preview")[before:]
    assert [job["preview_id"] for job in jobs] == [row["id"] for row in found[:2]]
    for row in found:
        actions = {event["action"] for event in kit.events(uuid.UUID(row["id"]))}
        assert {"create", "add-file"} <= actions


def test_a_file_that_needs_no_renditions_stands_for_its_task_at_once(
    kit: StudioKit, project: uuid.UUID
) -> None:
    (task,) = tasks(kit, project, 1)
    comment_with_files(kit, [task], "scene.blend")
    assert kit.row("Task", task, "last_preview_file_id") == previews(kit, task)[0]["id"]


def test_an_archive_of_numbered_pictures_comes_with_a_comment_and_is_a_movie(
    kit: StudioKit, project: uuid.UUID
) -> None:
    (task,) = tasks(kit, project, 1)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in (1, 2):
            archive.writestr(f"SH010.{number}.png", media.picture())
    packed.seek(0)
    (note,) = kit.execute(Act("comment", TASK, task, {"text": "take"}))
    with kept_sources(make_storage(kit.settings), [Sent("SH010.zip", packed)]) as incoming:
        kit.execute(Act("add_filled_previews", NOTE, note.id, {"files": incoming.keep()}))
    (found,) = previews(kit, task)
    assert (found["extension"], found["status"]) == ("mp4", "processing")
    assert found["id"] in {job["preview_id"] for job in kit.jobs("process_preview")}


def test_a_project_of_single_previews_takes_one_file_of_a_comment(kit: StudioKit) -> None:
    (task,) = tasks(kit, kit.project(is_single_preview_per_revision=True), 1)
    with pytest.raises(Invalid, match="single preview"):
        comment_with_files(kit, [task], "a.png", "b.png")
    comment_with_files(kit, [task], "a.png")
    assert len(previews(kit, task)) == 1


def test_only_the_author_of_a_comment_and_leads_add_files_to_it(kit: StudioKit, project: uuid.UUID) -> None:
    (task,) = tasks(kit, project, 1)
    (note,) = comment_with_files(kit, [task])
    artist = kit.person("user", {project: None})
    with pytest.raises(Forbidden, match="author"):
        kit.execute(Act("add_filled_previews", NOTE, note, {"files": []}), actor=artist)


def test_one_file_of_a_wrong_kind_leaves_none_of_them(kit: StudioKit) -> None:
    storage = LocalStorage(kit.settings.storage_dir)
    before = sorted(storage.root.rglob("*.png"))
    sent = [Sent("a.png", io.BytesIO(b"x")), Sent("b.exe", io.BytesIO(b"x"))]
    with pytest.raises(DomainError, match="not taken"), kept_sources(storage, sent):
        raise AssertionError  # the block is never entered
    assert sorted(storage.root.rglob("*.png")) == before


def test_the_number_of_statements_depends_on_the_jobs_alone(kit: StudioKit, project: uuid.UUID) -> None:
    """A job is deferred by a statement of its own; nothing else is asked for each file or comment."""
    counts = []
    for comments, names in ((1, ("a.png",)), (5, ("a.png", "b.png", "c.png"))):
        about = tasks(kit, project, comments)
        comment_with_files(kit, about, *names)  # the statements of this shape are known afterwards
        with noted(kit.studio.writes, kit.studio.reads) as statements:
            comment_with_files(kit, about, *names)
        counts.append(len([each for each in statements if "procrastinate_defer_jobs" not in each]))
    assert counts[1] == counts[0]
