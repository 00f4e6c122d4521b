"""How the cells of a CSV file become values."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from zou_server.models.custom_fields import DATA_TYPES, FieldDescriptor
from zou_server.models.errors import Invalid
from zou_server.services.importers import import_assets, import_shots
from zou_server.services.importers.tables.columns import (
    READERS,
    ImportColumn,
    count,
    custom_columns,
    decimal,
    held_by,
    hours,
    known_columns,
    minutes_of,
    moment,
    one_of,
    rate,
    refuse_missing,
    whole,
    yes,
)


@pytest.mark.parametrize(
    ("cell", "value"), [("101", 101), ("-5", -5), ("101.0", 101), ("101,00", 101), (" 7", 7)]
)
def test_frames_are_whole_numbers_also_when_floats_held_them(cell: str, value: int) -> None:
    assert whole(cell) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("25", 25),
        ("23.976", 23.976),
        ("23,9", 23.9),
        ("25.0", 25),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1 234,5", 1234.5),
        ("1\u2019234.5", 1234.5),
        ("\u22125", -5),
        ("\uff11\uff12", 12),
        ("1.234.567", 1234567),
    ],
)
def test_numbers_are_read_as_the_world_writes_them(cell: str, value: float) -> None:
    assert decimal(cell) == value


@pytest.mark.parametrize("read", [whole, decimal])
@pytest.mark.parametrize("cell", ["1,000", "-12,345"])
def test_a_number_that_may_be_two_is_refused(read: Any, cell: str) -> None:
    with pytest.raises(ValueError, match=f"'{cell}' may be "):
        read(cell)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1 000", 1000), ("1,000,000", 1000000), ("1\u00a0048", 1048), ("100.0", 100), ("48.00", 48)],
)
def test_thousands_are_told_from_decimals(cell: str, value: int) -> None:
    assert whole(cell) == value


def test_a_rate_of_frames_has_a_comma_where_people_write_one() -> None:
    assert [rate(cell) for cell in ("23,976", "23.98", "24", "12,5")] == ["23.976", "23.98", "24", "12.5"]
    with pytest.raises(ValueError, match="is not a frame rate"):
        rate("0")


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-14",
        "14.03.2026",
        "14. 3. 2026",
        "2026/03/14",
        "2026.3.14",
        "14/03/2026",
        "03/14/2026",
        "14 Mar 2026",
        "March 14, 2026",
        "14-Mar-2026",
    ],
)
def test_days_are_read_where_they_can_be_one_day_only(cell: str) -> None:
    assert moment(cell) == dt.datetime(2026, 3, 14, tzinfo=dt.UTC)
    assert READERS["date"](cell) == "2026-03-14"


@pytest.mark.parametrize("cell", ["03/04/2026", "31.02.2026", "2026-13-01", "14 Foo 2026", "44 Mar 2026"])
def test_a_day_that_is_none_or_may_be_two_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        moment(cell)


def test_a_value_of_a_list_is_one_of_its_choices() -> None:
    level = FieldDescriptor(name="Level", field_name="level", data_type="list", choices=["easy", "Hard"])
    tags = FieldDescriptor(name="Tags", field_name="tags", data_type="taglist", choices=["night", "rain"])
    found = custom_columns([level, tags])
    assert found["level"].read("hard") == "Hard"
    assert found["tags"].read("Rain, night") == "rain,night"
    for column, cell in (("level", "impossible"), ("tags", "rain,snow")):
        with pytest.raises(ValueError, match="is none of"):
            found[column].read(cell)


@pytest.mark.parametrize(
    ("data_type", "cell", "value"),
    [
        ("string", "x", "x"),
        ("number", "1,5", 1.5),
        ("boolean", "Yes", "true"),
        ("boolean", "0", "false"),
        ("date", "2026-03-01", "2026-03-01"),
        ("list", "hard", "hard"),
        ("checklist", '[{"text": "a", "checked": false}]', [{"text": "a", "checked": False}]),
    ],
)
def test_a_custom_field_is_read_by_its_data_type(data_type: str, cell: str, value: Any) -> None:
    assert READERS[data_type](cell) == value


def test_every_data_type_has_a_reader() -> None:
    assert set(READERS) == set(DATA_TYPES)


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (hours, "1,5", 90),
        (minutes_of(480), "0.25", 120),
        (yes, "Yes", True),
        (yes, "0", False),
        (moment, "2030-01-02", dt.datetime(2030, 1, 2, tzinfo=dt.UTC)),
        (moment, "2030-01-02T10:20:30", dt.datetime(2030, 1, 2, 10, 20, 30, tzinfo=dt.UTC)),
        (one_of("Person", "role", {"artist": "user"}), "Artist", "user"),
        (one_of("Person", "role"), "Manager", "manager"),
        (held_by("Task", "difficulty"), "4", 4),
    ],
)
def test_a_cell_becomes_what_its_column_holds(read: Any, cell: str, value: Any) -> None:
    assert read(cell) == value


@pytest.mark.parametrize(
    ("read", "cell"),
    [
        (hours, "-1"),
        (yes, "perhaps"),
        (moment, "tomorrow"),
        (one_of("Person", "role"), "king"),
        (READERS["checklist"], "3"),
        (whole, "a"),
        (whole, "1.5"),
        (whole, str(2**31)),
        (whole, "9" * 400),
        (count, "-1"),
        (decimal, "nan"),
        (decimal, "1e999"),
        (READERS["date"], "11/12/2026"),
        (READERS["boolean"], "maybe"),
        (READERS["checklist"], "a"),
        (held_by("Shot", "code"), "x" * 161),
    ],
)
def test_a_wrong_cell_is_refused_with_a_reason(read: Any, cell: str) -> None:
    with pytest.raises(ValueError, match=r"is |characters"):
        read(cell)


def test_headings_are_compared_without_case_blanks_and_dashes() -> None:
    known = known_columns(import_shots.COLUMNS)
    assert known["frame_in"] is known["in"]
    refuse_missing(known, ["sequence", " NAME "])


def test_missing_columns_are_named() -> None:
    with pytest.raises(Invalid, match=r"^A column is missing: Type\.$"):
        refuse_missing(known_columns(import_assets.COLUMNS), ["Name", "Description"])
    with pytest.raises(Invalid, match=r"^Columns are missing: Sequence, Name\.$"):
        refuse_missing(known_columns(import_shots.COLUMNS), ["Frames"])


def test_a_custom_field_is_found_by_its_name_and_by_its_key() -> None:
    mine = FieldDescriptor(name="Lens type", field_name="optics", data_type="number")
    studio = FieldDescriptor(name="Lens Type", field_name="lens_type", data_type="string")
    found = custom_columns([mine, studio])
    assert isinstance(found["lens_type"], ImportColumn)
    assert found["lens_type"].target == found["optics"].target == "data.optics"
