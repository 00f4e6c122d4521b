"""A playlist as a CSV file."""

from __future__ import annotations

import uuid

import pytest

from tests.contracts.statements import noted
from tests.services.importers.csv_files import table
from tests.studio import StudioKit
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Where
from zou_server.models.errors import Forbidden, NotFound
from zou_server.models.registry import facet
from zou_server.services.exporters.export_playlist import COLUMNS, export_playlist
from zou_server.services.write.operations import Act


@pytest.fixture
def project(kit: StudioKit) -> uuid.UUID:
    """A project of this test's own."""
    return kit.project()


def take(kit: StudioKit, project: uuid.UUID, name: str, artist: uuid.UUID | None = None) -> dict[str, str]:
    """An entry of a playlist: a new shot, with the second take of its animation."""
    shot = kit.create("Shot", name=name, project_id=project)
    (step,) = kit.rows("TaskType", "id", where=Where("name", Op.EQ, "Animation"))
    task = kit.create("Task", entity_id=shot, task_type_id=step["id"])
    preview = kit.create(
        "PreviewFile", name=name, original_name=f"{name}_v002", revision=2, task_id=task, person_id=artist
    )
    for text in ("first words", "=last words"):
        kit.execute(Act("comment", facet("Task"), task, {"text": text}))
    return {"entity_id": str(shot), "preview_file_id": str(preview)}


def playlist(kit: StudioKit, project: uuid.UUID, shots: list[dict[str, str]], **values: object) -> str:
    return str(kit.create("Playlist", name="Dailies", project_id=project, shots=shots, **values))  # type: ignore[arg-type]


def exported(kit: StudioKit, id_: str, actor: Actor = SYSTEM) -> list[dict[str, str]]:
    """The lines of the file by their headings."""
    found = export_playlist(kit.studio.read(actor), actor, id_)
    assert found.name == "Dailies"
    headings, *rows = table(found.text)
    assert headings == list(COLUMNS)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def test_every_entry_is_a_line_in_the_order_of_the_playlist(kit: StudioKit, project: uuid.UUID) -> None:
    first, second = take(kit, project, "SH020"), take(kit, project, "SH010")
    rows = exported(kit, playlist(kit, project, [first, second]))
    assert [(row["Position"], row["Entity"]) for row in rows] == [("1", "SH020"), ("2", "SH010")]
    assert {row["Project"] for row in rows} == {kit.row("Project", project, "name")}
    assert {row["Playlist"] for row in rows} == {"Dailies"}


def test_a_line_says_how_far_the_take_is_and_what_was_last_said(kit: StudioKit, project: uuid.UUID) -> None:
    artist = kit.person("user", {project: None})
    (row,) = exported(kit, playlist(kit, project, [take(kit, project, "SH010", artist.person_id)]))
    assert row["Type"] == "Shot"
    assert row["Task Type"] == "Animation"
    assert row["Task Status"] == "Todo"
    assert row["Revision"] == "2"
    assert row["File"] == "SH010_v002"
    assert row["Artist"] == kit.row("Person", artist.person_id, "full_name")
    assert row["Comment"] == "'=last words"  # nothing in a cell is run
    assert row["Comment Date"]


def test_an_entry_without_a_take_and_an_empty_playlist_have_their_lines(
    kit: StudioKit, project: uuid.UUID
) -> None:
    shot = kit.create("Shot", name="SH010", project_id=project)
    (row,) = exported(kit, playlist(kit, project, [{"entity_id": str(shot)}]))
    assert (row["Entity"], row["Revision"], row["Comment"]) == ("SH010", "", "")
    empty = kit.create("Playlist", name="Dailies", project_id=kit.project(), shots=[])
    assert exported(kit, str(empty)) == []


def test_a_playlist_is_exported_by_the_staff_that_sees_it(kit: StudioKit, project: uuid.UUID) -> None:
    id_ = playlist(kit, project, [take(kit, project, "SH010")], for_client=True)
    assert len(exported(kit, id_, kit.person("user", {project: None}))) == 1
    with pytest.raises(Forbidden, match="export"):
        exported(kit, id_, kit.person("client", {project: None}))
    for actor in (kit.person("vendor", {project: None}), kit.person("manager")):
        with pytest.raises(NotFound):
            exported(kit, id_, actor)


def test_the_number_of_statements_does_not_depend_on_the_number_of_entries(
    kit: StudioKit, project: uuid.UUID
) -> None:
    counts = []
    for name, size in (("one", 1), ("many", 6)):
        entries = [take(kit, project, f"{name} {place}") for place in range(size)]
        episode = kit.create("Episode", name=name, project_id=project)
        id_ = playlist(kit, project, entries, episode_id=episode)
        exported(kit, id_)
        with noted(kit.studio.reads) as statements:
            exported(kit, id_)
        counts.append(len(statements))
    assert counts[0] == counts[1]
