"""Shots and assets from CSV files: all or nothing, matched by name, every wrong line told."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.contracts.statements import noted
from tests.services.importers.csv_files import ASSETS, SHOTS, tree
from tests.studio import StudioKit, unique
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Order, Where
from zou_server.models.errors import Forbidden, Invalid
from zou_server.services.importers.import_assets import import_assets
from zou_server.services.importers.import_shots import import_shots
from zou_server.services.importers.outcome import Outcome
from zou_server.services.importers.tables.read_table import TableFile

Import = Callable[..., Outcome]


@pytest.fixture
def project(kit: StudioKit) -> uuid.UUID:
    """A project of this test's own."""
    return kit.project()


def run(
    kit: StudioKit,
    importer: Import,
    project: uuid.UUID,
    text: str,
    *,
    actor: Actor = SYSTEM,
    update: bool = False,
) -> list[uuid.UUID]:
    with kit.studio.write(actor) as work:
        ids = list(importer(work, TableFile(text.encode()), project, update=update).ids)
        work.commit()
    return ids


def refusal(kit: StudioKit, importer: Import, project: uuid.UUID, text: str) -> Invalid:
    with pytest.raises(Invalid) as refused:
        run(kit, importer, project, text)
    return refused.value


def everything(kit: StudioKit, project: uuid.UUID, kind: str = "Entity") -> list[dict[str, Any]]:
    return kit.rows(kind, "id", "name", where=Where("project_id", Op.EQ, str(project)))


def test_the_shots_of_a_studio_arrive_with_their_episodes_sequences_frames_and_custom_fields(
    kit: StudioKit, project: uuid.UUID
) -> None:
    first, *_ = run(kit, import_shots, project, SHOTS)
    assert tree(kit, project) == ["E01/SE01/S01", "E01/SE01/S02", "E01/SE02/S01", "E02/SE01/S01"]
    assert kit.row("Shot", first, "description", "nb_frames", "data") == {
        "description": "Description 01",
        "nb_frames": 101,
        "data": {"frame_in": 0, "frame_out": 100, "fps": "25", "contractor": "contractor 1"},
    }


def test_the_assets_of_a_studio_arrive_with_their_types(kit: StudioKit, project: uuid.UUID) -> None:
    ids = run(kit, import_assets, project, ASSETS)
    rows = [kit.row("Asset", id_, "entity_type.name", "name", "description", "data") for id_ in ids]
    assert [row["entity_type.name"] for row in rows] == ["Prop", "Prop", "Character"]
    assert rows[2]["name"] == "Victor"
    assert rows[2]["data"] == {"contractor": "contractor 2"}


def test_an_unknown_column_becomes_a_text_field_of_the_project(kit: StudioKit, project: uuid.UUID) -> None:
    run(kit, import_shots, project, SHOTS)
    run(kit, import_assets, project, ASSETS)
    found = kit.rows(
        "FieldDescriptor",
        "entity_type",
        "name",
        "field_name",
        "data_type",
        where=Where("project_id", Op.EQ, str(project)),
        order=(Order("created_at"),),
    )
    field = {"name": "Contractor", "field_name": "contractor", "data_type": "string"}
    assert found == [{"entity_type": "Shot", **field}, {"entity_type": "Asset", **field}]


def test_a_column_goes_to_the_custom_field_that_the_project_or_the_studio_has(
    kit: StudioKit, project: uuid.UUID
) -> None:
    mine, studios = unique("Lens"), unique("Handles")
    kit.create("FieldDescriptor", project_id=project, entity_type="Shot", name=mine, field_name="optics")
    kit.create("FieldDescriptor", entity_type="Shot", name=studios, field_name="handles", data_type="number")
    text = f"Sequence,Name,{mine.upper()},{studios}\nSQ,SH,wide,8\n"
    (shot,) = run(kit, import_shots, project, text)
    assert kit.row("Shot", shot, "data") == {"optics": "wide", "handles": 8}
    assert len(everything(kit, project, "FieldDescriptor")) == 1


def test_a_shot_that_exists_is_returned_unchanged(kit: StudioKit, project: uuid.UUID) -> None:
    ids = run(kit, import_shots, project, SHOTS)
    last = kit.events()[-1]["number"]
    assert run(kit, import_shots, project, SHOTS.replace("Description 0", "Other ")) == ids
    assert kit.row("Shot", ids[0], "description") == "Description 01"
    assert kit.events()[-1]["number"] == last


def test_with_update_the_cells_that_are_not_empty_replace_what_is_there(
    kit: StudioKit, project: uuid.UUID
) -> None:
    first, *_ = run(kit, import_shots, project, SHOTS)
    kit.update("Shot", first, data={"grade": "warm"})
    text = "Episode,Sequence,Name,Description,Frame In,Frame Out,Contractor\nE01,SE01,S01,,1,50,other\n"
    assert run(kit, import_shots, project, text, update=True) == [first]
    assert kit.row("Shot", first, "description", "nb_frames", "data") == {
        "description": "Description 01",
        "nb_frames": 50,
        "data": {"frame_in": 1, "frame_out": 50, "fps": "25", "contractor": "other", "grade": "warm"},
    }


def test_an_asset_is_known_by_name_and_type(kit: StudioKit, project: uuid.UUID) -> None:
    ids = run(kit, import_assets, project, ASSETS)
    text = "Type;Name;Description\nprop;Wood Stick;longer\nCharacter;Wood Stick;\n"
    again, new = run(kit, import_assets, project, text, update=True)
    assert again == ids[1]
    assert kit.row("Asset", again, "description") == "longer"
    assert new not in ids


def test_new_asset_types_are_made_once_whatever_their_case(kit: StudioKit, project: uuid.UUID) -> None:
    name = unique("Vehicle")[:30]
    ids = run(kit, import_assets, project, f"Type,Name\n{name},Bus\n{name.upper()},Tram\n")
    types = {kit.row("Asset", id_, "entity_type.name") for id_ in ids}
    assert types == {name}


def test_the_kinds_of_the_tree_are_no_asset_types(kit: StudioKit, project: uuid.UUID) -> None:
    refused = refusal(kit, import_assets, project, "Type,Name\nShot,SH010\nProp,Cup\n")
    assert refused.fields == {"line 2, Type": ["'Shot' is not a type of assets"]}


def test_without_a_column_episode_a_sequence_is_found_where_it_is(kit: StudioKit, project: uuid.UUID) -> None:
    first, *_ = run(kit, import_shots, project, SHOTS)
    text = "Sequence,Name\nSE02,S09\n"
    run(kit, import_shots, project, text)
    assert tree(kit, project)[-1] == "E01/SE02/S09"
    refused = refusal(kit, import_shots, project, "Sequence,Name\nSE01,S01\n")
    assert refused.fields == {"line 2, Sequence": ["'SE01' is in 2 episodes; add a column Episode"]}
    assert kit.row("Shot", first, "name") == "S01"


def test_every_wrong_line_is_named_with_its_column_and_nothing_is_imported(
    kit: StudioKit, project: uuid.UUID
) -> None:
    text = (
        "Sequence,Name,Frame In,Frame Out,FPS\n"
        "SQ010,SH010,1,100,25\n"
        "SQ010,,1,100,25\n"
        "SQ010,SH020,one,100,fast\n"
        "SQ010,SH030,100,1,25\n"
        "SQ010,SH010,1,100,25\n"
        "SQ010,SH050,1,100,25,extra\n"
    )
    refused = refusal(kit, import_shots, project, text)
    assert refused.fields == {
        "line 3, Name": ["is empty"],
        "line 4, Frame In": ["'one' is not a whole number"],
        "line 4, FPS": ["'fast' is not a frame rate (such as 24, 23.976 or 24000/1001)"],
        "line 5, Frame Out": ["'1' comes before the first frame, 100"],
        "line 6, Name": ["'SH010' is on line 2 already"],
        "line 7, column 6": ["the first line names 5 columns only"],
    }
    assert refused.message.startswith("Nothing was imported, 5 lines are wrong: line 3, Name: is empty; ")
    assert everything(kit, project) == []


def test_a_long_list_of_wrong_lines_is_whole_in_the_fields_and_short_in_the_sentence(
    kit: StudioKit, project: uuid.UUID
) -> None:
    text = "Sequence,Name,Frames\n" + "".join(f"SQ,SH{number},x\n" for number in range(300))
    refused = refusal(kit, import_shots, project, text)
    assert len(refused.fields) == 300
    assert refused.message.endswith("; and 290 more.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Name,Description\nSH010,x\n", "A column is missing: Sequence."),
        ('{"name": "SH010"}', "Columns are missing: Sequence, Name."),
        ("", "The file is empty."),
        (
            "Sequence,Name,Frames,Nb Frames\nSQ,SH,1,1\n",
            "The columns 'Frames' and 'Nb Frames' are the same one.",
        ),
        ("Sequence,Name,Lens,LENS\nSQ,SH,1,1\n", "The columns 'Lens' and 'LENS' are the same one."),
        ("Sequence,Name,\nSQ,SH,1\n", "Column 3 has no heading, but line 2 has a value there."),
        (
            "Sequence,Name,Modeling\nSQ,SH,wip\n",
            "The column 'Modeling' cannot be imported: 'Modeling' is no step of a Shot.",
        ),
        (
            f"Sequence,Name,{'x' * 121}\nSQ,SH,1\n",
            f"The heading '{'x' * 40}...' is longer than 120 characters.",
        ),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_one_sentence(
    kit: StudioKit, project: uuid.UUID, text: str, message: str
) -> None:
    assert refusal(kit, import_shots, project, text).message == message
    assert everything(kit, project) == []


def test_columns_of_exports_that_say_nothing_are_ignored(kit: StudioKit, project: uuid.UUID) -> None:
    (shot,) = run(kit, import_shots, project, "Project;Sequence;Name;Time Spent;\nOther;SQ;SH;1.5;\n")
    assert kit.row("Shot", shot, "data") is None
    assert everything(kit, project, "FieldDescriptor") == []


def test_who_may_import_is_who_may_write_the_rows(kit: StudioKit, project: uuid.UUID) -> None:
    manager, supervisor, artist = (
        kit.person(role, {project: None}) for role in ("manager", "supervisor", "user")
    )
    with pytest.raises(Forbidden):
        run(kit, import_shots, project, "not even a table", actor=artist)
    with pytest.raises(Forbidden):
        run(kit, import_shots, project, "Sequence,Name\nSQ,SH\n", actor=supervisor)
    ids = run(kit, import_shots, project, "Sequence,Name\nSQ,SH\n", actor=manager)
    text = "Sequence,Name,FPS\nSQ,SH,24\n"
    assert run(kit, import_shots, project, text, actor=supervisor, update=True) == ids
    assert kit.row("Shot", ids[0], "data") == {"fps": "24"}


def test_a_manager_is_told_which_asset_type_only_an_admin_can_make(
    kit: StudioKit, project: uuid.UUID
) -> None:
    manager = kit.person("manager", {project: None})
    with pytest.raises(Forbidden, match="no asset type 'Zeppelin'"):
        run(kit, import_assets, project, "Type,Name\nZeppelin,Hindenburg\n", actor=manager)
    assert everything(kit, project) == []


def test_the_log_tells_who_imported_what(kit: StudioKit, project: uuid.UUID) -> None:
    manager = kit.person("manager", {project: None})
    (shot,) = run(kit, import_shots, project, "Sequence,Name,Frames\nSQ,SH,10\n", actor=manager)
    events = kit.events(shot)
    assert {event["actor_id"] for event in events} == {str(manager.person_id)}
    assert ("nb_frames", 10) in {
        (event["attribute"], event["new"]) for event in events if event["attribute"] != "path"
    }


def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(
    kit: StudioKit, project: uuid.UUID
) -> None:
    def table(sequences: int, shots: int) -> str:
        names = [f"SQ{s:03},SH{n:03},1\n" for s in range(sequences) for n in range(shots)]
        return "Sequence,Name,Frames\n" + "".join(names)

    def statements(text: str, *, update: bool = False) -> int:
        about = kit.project() if not update else project
        with noted(kit.studio.writes) as found:
            run(kit, import_shots, about, text, update=update)
        return len(found)

    assert statements(table(20, 20)) == statements(table(2, 2))
    run(kit, import_shots, project, table(20, 20))
    changed = table(20, 20).replace(",1\n", ",2\n")
    assert statements(changed, update=True) < 15
