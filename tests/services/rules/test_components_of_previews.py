"""The media of previews are components of their versions: made when they are ready, gone with them."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from tests.contracts.statements import noted
from tests.studio import StudioKit
from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import Op, Order, Where
from zou_server.models.registry import facet
from zou_server.services.rules.place_components import placed
from zou_server.services.rules.show_components import unshown
from zou_server.services.write.operations import Act, Delete

NAMES = ("ftrackreview-image", "ftrackreview-mp4")


def task_of(kit: StudioKit) -> uuid.UUID:
    return kit.create("Task", entity_id=kit.shot(kit.project()))


def add(kit: StudioKit, task: uuid.UUID, count: int = 1) -> list[uuid.UUID]:
    """Previews of one new comment: takes of one revision."""
    note = kit.execute(Act("comment", facet("Task"), task, {"text": "look"}))[0].id
    return [kit.execute(Act("add_preview", facet("Note"), note, {}))[0].id for _ in range(count)]


def receive(preview: uuid.UUID, extension: str) -> Act:
    """The act that gives a preview its file."""
    key = f"previews/sources/{preview}-1.{extension}"
    sent = {"source_key": key, "checksum": "0" * 64, "size": 3, "name": f"look-{extension}"}
    return Act("receive_preview", facet("PreviewFile"), preview, {**sent, "extension": extension})


def settle(preview: uuid.UUID, extension: str) -> Act:
    """The act that makes it ready."""
    facts = {"width": 64, "height": 48, "duration": 2.0, "file_size": 5, "data": {"frame_rate": "24"}}
    said = {"outcome": "ready", "source_key": f"previews/sources/{preview}-1.{extension}", **facts}
    return Act("settle_preview", facet("PreviewFile"), preview, said)


def ready(kit: StudioKit, preview: uuid.UUID, extension: str = "png") -> uuid.UUID:
    kit.execute(receive(preview, extension))
    kit.execute(settle(preview, extension))
    return preview


def components(kit: StudioKit, preview: uuid.UUID) -> list[dict[str, Any]]:
    """The live components of the version of a preview, in the order of the takes."""
    version = kit.row("PreviewFile", preview, "version_id", retired=True)
    return kit.rows(
        "FileComponent",
        "id",
        "name",
        "file_type",
        "size",
        "version_id",
        "task_id",
        "project_id",
        "stored_file.file_key",
        "stored_file.preview_file_id",
        where=Where("version_id", Op.EQ, version),
        order=(Order("created_at"), Order("number")),
    )


def names(kit: StudioKit, preview: uuid.UUID) -> list[str]:
    return [each["name"] for each in components(kit, preview)]


def test_a_movie_and_a_picture_become_what_players_look_for(kit: StudioKit) -> None:
    for extension, name, file_type, folder in (
        ("mov", "ftrackreview-mp4", ".mp4", "movies"),
        ("exr", "ftrackreview-image", ".png", "pictures"),
    ):
        task = task_of(kit)
        (preview,) = add(kit, task)
        kit.execute(receive(preview, extension))
        assert components(kit, preview) == []
        kit.execute(settle(preview, extension))
        (found,) = components(kit, preview)
        assert (found["name"], found["file_type"], found["size"]) == (name, file_type, 5)
        assert found["task_id"] == str(task)
        assert found["project_id"] == kit.row("Task", task, "project_id")
        spread = f"{str(preview)[:3]}/{str(preview)[3:6]}/{preview}"
        assert found["stored_file.file_key"] == f"{folder}/originals/{spread}{file_type}"
        (place,) = kit.rows(
            "ComponentLocation",
            "path",
            "location.name",
            where=Where("component_id", Op.EQ, found["id"]),
        )
        assert place == {"path": found["id"], "location.name": "ftrack.server"}
        (told,) = kit.rows("MetadataEntry", "key", "value", where=Where("object_id", Op.EQ, found["id"]))
        facts = json.loads(told["value"])
        assert (told["key"], facts["width"], facts["height"]) == ("ftr_meta", 64, 48)
        assert facts.get("frameOut") == (47 if folder == "movies" else None)


def test_they_are_told_of_in_the_log(kit: StudioKit) -> None:
    (preview,) = add(kit, task_of(kit))
    ready(kit, preview, "mov")
    (found,) = components(kit, preview)
    events = kit.events(uuid.UUID(found["id"]))
    told = {(event["action"], event["attribute"], event["new"]) for event in events}
    assert ("create", "name", "ftrackreview-mp4") in told


def test_other_files_keep_their_names_and_their_bytes(kit: StudioKit) -> None:
    (preview,) = add(kit, task_of(kit))
    kit.execute(receive(preview, "pdf"))  # nothing is made of it: it is ready at once
    (found,) = components(kit, preview)
    assert (found["name"], found["file_type"]) == ("look-pdf", ".pdf")
    assert found["stored_file.file_key"] == f"previews/sources/{preview}-1.pdf"
    assert kit.rows("MetadataEntry", "id", where=Where("object_id", Op.EQ, found["id"])) == []


def test_the_first_take_of_a_version_is_the_one_that_players_find(kit: StudioKit) -> None:
    first, second, third = add(kit, task_of(kit), 3)
    for each in (first, second, third):
        ready(kit, each)
    assert names(kit, first) == ["ftrackreview-image", "look-png", "look-png"]
    kit.delete("PreviewFile", first)
    assert names(kit, first) == ["ftrackreview-image", "look-png"]
    kit.revive("PreviewFile", first)
    assert names(kit, first) == ["ftrackreview-image", "look-png", "look-png"]
    kit.update("FileComponent", uuid.UUID(components(kit, first)[1]["id"]), name="mine")
    kit.execute(Act("place_preview", facet("PreviewFile"), third, {"position": 1}))
    assert names(kit, first) == ["look-png", "mine", "ftrackreview-image"]


def test_they_go_and_come_back_with_their_preview_and_its_version(kit: StudioKit) -> None:
    (preview,) = add(kit, task_of(kit))
    ready(kit, preview, "mov")
    version = kit.row("PreviewFile", preview, "version_id")
    (before,) = components(kit, preview)
    kit.delete("PreviewFile", preview)
    assert components(kit, preview) == []
    assert kit.row("Version", version, "id") is None
    place = Where("component_id", Op.EQ, before["id"])
    assert kit.rows("ComponentLocation", "id", where=place) == []
    kit.revive("PreviewFile", preview)
    assert components(kit, preview) == [before]
    assert len(kit.rows("ComponentLocation", "id", where=place)) == 1


def test_they_follow_a_preview_into_another_revision(kit: StudioKit) -> None:
    (preview,) = add(kit, task_of(kit))
    ready(kit, preview, "mov")
    (before,) = components(kit, preview)
    kit.update("PreviewFile", preview, revision=7)
    (after,) = components(kit, preview)
    assert after["id"] == before["id"]
    assert after["version_id"] != before["version_id"]


def test_a_preview_that_came_as_a_component_gets_no_second_one(kit: StudioKit) -> None:
    (preview,) = add(kit, task_of(kit))
    kit.update("PreviewFile", preview, source="ftrack")
    ready(kit, preview, "mov")
    assert components(kit, preview) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_component_of_somebodys_own_stays_the_one_that_players_find(kit: StudioKit, name: str) -> None:
    (preview,) = add(kit, task_of(kit))
    version = kit.row("PreviewFile", preview, "version_id")
    kit.create("FileComponent", name=name, file_type=".mp4", version_id=version)
    ready(kit, preview, "mov")
    assert names(kit, preview) == [name, "look-mov"]
    kit.update("PreviewFile", preview, position=2)
    assert names(kit, preview) == [name, "look-mov"]


def test_however_many_previews_get_ready_the_statements_are_as_many(kit: StudioKit) -> None:
    def count(takes: int) -> int:
        previews = add(kit, task_of(kit), takes)
        kit.execute(*(receive(each, "mov") for each in previews))
        with noted(kit.studio.writes) as statements:
            kit.execute(*(settle(each, "mov") for each in previews))
        assert len(components(kit, previews[0])) == takes
        return len([each for each in statements if "component" in each or "stored_file" in each])

    first = count(2)
    assert count(6) == first


def test_the_components_of_previews_are_found_by_an_index(kit: StudioKit) -> None:
    ids = [uuid.uuid4()]
    with kit.studio.write(SYSTEM) as work:
        # A small table is read whole, however it is indexed; what counts is that the index may be used.
        work.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        for asked in (unshown(ids), placed(ids)):
            text = str(asked.compile(work.session.get_bind(), compile_kwargs={"literal_binds": True}))
            plan = "\n".join(work.session.scalars(sa.text("EXPLAIN " + text.replace(":", "\\:"))))
            assert "uq_stored_file_preview" in plan, plan


def test_removing_previews_takes_as_many_statements_however_many_there_are(kit: StudioKit) -> None:
    def count(takes: int) -> int:
        previews = add(kit, task_of(kit), takes)
        for each in previews:
            ready(kit, each)
        with noted(kit.studio.writes) as statements:
            kit.execute(Delete(facet("Version"), kit.row("PreviewFile", previews[0], "version_id")))
        assert components(kit, previews[0]) == []
        return len(statements)

    first = count(2)
    assert count(6) == first
