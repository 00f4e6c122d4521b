"""A cut in a spreadsheet is compared with the last one and taken, as one in an editorial file is."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from tests.conftest import SuitePostgres
from tests.services.importers.cuts.test_compare_cut import OMIT, VALIDATE, Reel, told
from tests.studio import StudioKit, open_studio
from zou_server.models.actor import SYSTEM
from zou_server.models.errors import Invalid
from zou_server.services.exporters.export_entities import export_entities
from zou_server.services.importers.cuts.apply_cut import AS_IT_IS, CutRules
from zou_server.services.importers.cuts.import_cut_table import import_cut_table
from zou_server.services.importers.cuts.take_cut import TimelineImport
from zou_server.services.importers.tables.read_table import TableFile

HEAD = "Sequence;Name;Frame In;Frame Out\n"
FIRST = f"{HEAD}A;010;0;47\nA;020;48;71\nA;030;72;107\n"


@pytest.fixture(scope="module")
def kit(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioKit]:
    with open_studio(postgres, tmp_path_factory.mktemp("cuts")) as kit:
        yield kit


@pytest.fixture
def reel(kit: StudioKit) -> Reel:
    return Reel(kit)


def take(reel: Reel, text: str, rules: CutRules = AS_IT_IS, **more: uuid.UUID) -> TimelineImport:
    with reel.kit.studio.write(SYSTEM) as work:
        found = import_cut_table(work, reel.project, TableFile(text.encode()), rules=rules, **more)
        if not rules.validate:
            work.commit()
    return found


def test_a_table_is_compared_in_the_words_of_editorial(reel: Reel) -> None:
    assert told(take(reel, FIRST, VALIDATE)) == dict.fromkeys(("010", "020", "030"), ("new",))
    made = take(reel, FIRST)
    assert (len(made.created), len(made.cuts)) == (3, 1)
    assert told(take(reel, FIRST, VALIDATE)) == {}
    other = f"{HEAD}A;030;0;35\nA;010;36;89\nA;040;90;99\n"
    assert told(take(reel, other, VALIDATE)) == {
        "030": ("moved",),
        "010": ("longer", "shifted"),
        "040": ("new",),
        "020": ("gone",),
    }
    take(reel, other, OMIT)
    assert reel.kit.row("Shot", made.created[1], "production_state") == "canceled"


def test_what_a_table_has_no_column_for_stays_as_the_last_cut_says(reel: Reel) -> None:
    cdl = {"saturation": 0.9}
    made = reel.take(reel.cut(("A-010", 48), ("A-020", 24), cdl=cdl, speed=2.0))
    same = take(reel, f"{HEAD}A;010;0;47\nA;020;48;71\n")
    assert (same.changes, same.cuts, same.updated) == ([], [], [])
    take(reel, f"{HEAD}A;010;0;49\nA;020;50;73\n")
    data = reel.kit.row("Shot", made.created[0], "data")
    assert (data["cdl"], data["speed"], data["source_in"], data["source_out"]) == (cdl, 2.0, 100, 199)
    slower = "Sequence;Name;Frame In;Frames;Speed;Source In\nA;010;0;50;1;100\nA;020;50;24;2;100\n"
    assert told(take(reel, slower)) == {"010": ("retimed",)}
    assert "speed" not in reel.kit.row("Shot", made.created[0], "data")


def test_the_export_of_shots_is_such_a_table(reel: Reel) -> None:
    take(reel, FIRST)
    with reel.kit.studio.write(SYSTEM) as work:
        text = "".join(export_entities(work.read, "Shot", reel.project))
    found = take(reel, text)
    assert (found.changes, found.cuts, found.created, found.updated) == ([], [], [], [])


def test_a_shot_without_a_place_is_skipped_and_told_of(reel: Reel) -> None:
    found = take(reel, f"{FIRST}A;050;;\n")
    assert [(each.name, each.reason, each.line) for each in found.skipped] == [
        ("050", "has no place in the cut", 5)
    ]


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("A;010;47;0;;", "Frame Out"),
        ("A;010;0;;;", "Frames"),
        ("A;010;0;47;50;", "Frames"),
        ("A;010;x;47;;", "Frame In"),
        ("A;010;-5;47;;", "Frame In"),
        ("A;010;0;99999999;;", "Frame Out"),
        ("A;;0;47;;", "Name"),
        ("A;010;0;47;;-3", "Source In"),
    ],
)
def test_lines_that_contradict_themselves_refuse_the_file_by_line_and_column(
    reel: Reel, line: str, heading: str
) -> None:
    with pytest.raises(Invalid) as refused:
        take(reel, f"Sequence;Name;Frame In;Frame Out;Frames;Source In\nA;001;0;9;10;0\n{line}\n")
    assert list(refused.value.fields) == [f"line 3, {heading}"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Sequence;Name\nA;010\n", "Frame In"),
        ("Sequence;Name;Frame In;Boat\nA;010;0;x\n", "Boat"),
        (f"{HEAD}A;010;;\n", "No line of the file"),
        ("", "empty"),
    ],
)
def test_what_is_no_such_table_is_refused_with_the_reason(reel: Reel, text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        take(reel, text)
