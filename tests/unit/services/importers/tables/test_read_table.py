"""What a CSV file may look like, and what is said of one that cannot be read."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zou_server.models.errors import Invalid
from zou_server.services.importers.problems import WrongLines
from zou_server.services.importers.tables.columns import ImportColumn, text, whole
from zou_server.services.importers.tables.read_table import (
    MAX_COLUMNS,
    MAX_ROWS,
    TableFile,
    TableRow,
    TextTable,
    read_table,
)
from zou_server.services.importers.tables.read_workbook import NOT_CALCULATED
from zou_server.services.importers.tables.sheet import read_known

KNOWN = frozenset({"Sequence", "Name", "Description"})


def read(content: bytes | str) -> TextTable:
    return read_table(
        TableFile(content.encode() if isinstance(content, str) else content), KNOWN.__contains__
    )


def rows_of(content: bytes | str) -> list[TableRow]:
    return list(read(content).rows)


def refusal(content: bytes | str) -> str:
    with pytest.raises(Invalid) as refused:
        read(content)
    return refused.value.message


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_recognised_by_the_headings_it_makes(delimiter: str) -> None:
    table = read(f"Sequence{delimiter}Name\nSQ010{delimiter}SH010\n")
    assert (table.headings, list(table.rows)) == (["Sequence", "Name"], [TableRow(2, ["SQ010", "SH010"])])


def test_delimiters_inside_quotes_and_other_headings_do_not_mislead() -> None:
    table = read('"Name;or;title",Name,"Notes, long"\na,b,"c;d"\n')
    assert (table.headings, list(table.rows)) == (
        ["Name;or;title", "Name", "Notes, long"],
        [TableRow(2, ["a", "b", "c;d"])],
    )


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8-sig", b""), ("latin-1", b""), ("cp1252", b""), ("utf-16", b"")],
)
def test_text_is_read_in_the_encodings_that_spreadsheets_write(encoding: str, mark: bytes) -> None:
    table = read(mark + "Name,Description\nÉté,Übergröße\n".encode(encoding))
    assert table.headings[0] == "Name"
    assert next(iter(table.rows)).cells == ["Été", "Übergröße"]


def test_the_quotes_of_windows_are_read_as_quotes() -> None:
    assert rows_of("Name\n“Été”\n".encode("cp1252"))[0].cells == ["“Été”"]


def test_accents_in_two_spellings_are_the_same_text() -> None:
    assert rows_of("Name\nE\u0301te\u0301\n")[0].cells == ["\u00c9t\u00e9"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_row_knows_the_line_it_begins_on(ending: str) -> None:
    lines = ["Name,Description", 'a,"two', 'lines"', "", " , ", "b,c"]
    table = read(ending.join(lines))
    assert [row.line for row in table.rows] == [2, 6]
    assert next(iter(table.rows)).cells == ["a", "two\nlines"]


def test_short_rows_are_filled_and_cells_are_stripped() -> None:
    assert rows_of(" Name ,Description\n  a  \n") == [TableRow(2, ["a", ""])]


def test_headings_alone_are_a_table_without_rows() -> None:
    table = read("Name,Description")
    assert (table.headings, len(table.rows)) == (["Name", "Description"], 0)


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_refused(content: str) -> None:
    assert refusal(content) == "The file is empty."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Name\na\0b\n", "NUL"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "NUL"),
        (b"PK\x03\x04rest of a workbook", "no XLSX workbook"),
        (b"\xd0\xcf\x11\xe0rest", "spreadsheet"),
        (b"\xef\xbb\xbfName\n\xff\xfe\n", "utf-8"),
        (b"\xff\xfeN\x00a", "utf-16"),
        (b'Name\n"never closed\n', "Line 2"),
        (b'Name,Description\na,"b" c\n', "Line 2"),
        (b"Name\n" + b"x" * 200_000, "Line 2"),
    ],
)
def test_what_is_no_csv_file_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    assert reason in refusal(content)


def test_too_many_columns_are_refused() -> None:
    headings = ",".join(f"Column {number}" for number in range(50_000))
    assert refusal(headings) == f"The file has 50000 columns; at most {MAX_COLUMNS} can be imported."


def test_too_many_rows_are_refused() -> None:
    assert str(MAX_ROWS) in refusal("Name\n" + "a\n" * (MAX_ROWS + 1))


PIECES = (
    "Name",
    "Sequence",
    ",",
    ";",
    "\t",
    '"',
    "\n",
    "\r",
    " ",
    "é",
    "\u2028",
    "\ufeff",
    "\x1c",
    "x" * 300,
)


@given(
    st.one_of(
        st.binary(max_size=300), st.lists(st.sampled_from(PIECES)).map(lambda found: "".join(found).encode())
    )
)
@example(b"\xff\xfe")
@example(b"\xfe\xff\x00")
@example(b'"')
def test_any_bytes_are_a_table_or_are_refused(content: bytes) -> None:
    try:
        table = read(content)
    except Invalid:
        return
    assert all(len(row.cells) >= len(table.headings) for row in table.rows)
    assert all(first.line < second.line for first, second in itertools.pairwise(table.rows))


# -- encodings -----------------------------------------------------------------------------------------------

TEXTS = {
    "cp1252": ("Größe Été", "cœur “x” \u2013 €5 «Été» ¿Ésta? m² 5°C n° 3", "äöüß ÅÄÖ", "Škoda"),
    "cp932": ("カット変更", "ふね,港"),
    "euc_jp": ("カット変更", "ふねの港"),
    "utf-8": ("Łódź żółć", "Привет", "你好", "한국어", "Größe"),
    "utf-16": ("Привет", "カット変更"),
    "utf-16-le": ("Größe", "plain"),
    "utf-16-be": ("Größe", "plain"),
    "utf-32": ("Größe",),
}


@pytest.mark.parametrize(("encoding", "text"), [(e, text) for e, texts in TEXTS.items() for text in texts])
def test_an_encoding_is_recognised_by_the_text_that_it_makes(encoding: str, text: str) -> None:
    cells = rows_of(f'Name,Description\nSH010,"{text}"\n'.encode(encoding))[0].cells
    assert cells == ["SH010", text]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("mac_roman", "Größe"),
        ("mac_roman", "Été ça"),
        ("cp1251", "Привет"),
        ("koi8-r", "для"),
        ("gb18030", "你好世界"),
        ("big5", "你好"),
        ("euc_kr", "한국어"),
        ("cp1250", "Příkaz"),
        ("cp1250", "Łódź żółć"),
        ("cp932", "漢字"),
    ],
)
def test_text_that_could_be_in_several_encodings_is_refused_and_never_wrong(encoding: str, text: str) -> None:
    content = f"Name,Description\nSH010,{text}\n".encode(encoding)
    assert "encoding that can be told" in refusal(content)
    said = read_table(TableFile(content, encoding), KNOWN.__contains__)
    assert next(iter(said.rows)).cells == ["SH010", text], "unless the sender says it"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_text_with_nul_characters_is_no_table_in_any_encoding(encoding: str) -> None:
    assert "NUL" in refusal("Name,Description\nSH010,a\0b\n".encode(encoding))


WORDS = {
    encoding: words.split()
    for encoding, words in (
        line.split("\t") for line in Path(__file__).with_name("words.tsv").read_text("utf-8").splitlines()
    )
}
"""Words of many countries, by the encoding that their spreadsheets write."""


@pytest.mark.parametrize(
    ("encoding", "word"), [(encoding, word) for encoding, words in WORDS.items() for word in words]
)
def test_a_word_of_another_encoding_is_read_as_it_is_or_refused(encoding: str, word: str) -> None:
    try:
        found = rows_of(f"Sequence;Name\nSQ01;{word}\n".encode(encoding))
    except Invalid:
        found = []
    assert found == [TableRow(2, ["SQ01", word])] or (not found and encoding != "cp1252")


@pytest.mark.parametrize("piece", ["\u00f8a", "\u201aa", "a\u00e1", "\u00e8", "a "])
def test_a_long_text_is_recognised_in_no_time(piece: str) -> None:
    began = time.process_time()
    with suppress(Invalid):
        read(f"Name\n{piece * 200_000}\u00e9\n".encode("cp1252"))
    assert time.process_time() - began < 5


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "sep=; "])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_the_line_by_which_excel_says_its_separator_is_obeyed(first: str, ends: str) -> None:
    text = ends.join([first, "Name;Description", "a;1,5", "", "b;2"])
    assert read(text).headings == ["Name", "Description"]
    assert rows_of(text) == [TableRow(3, ["a", "1,5"]), TableRow(5, ["b", "2"])]
    assert rows_of(f"\ufeff{text.replace(';', '|')}".encode())[1] == TableRow(5, ["b", "2"])


def test_lines_can_be_left_out() -> None:
    table = read_table(TableFile(b"Name\na\nb\nc\n", without=frozenset({3})), KNOWN.__contains__)
    assert list(table.rows) == [TableRow(2, ["a"]), TableRow(4, ["c"])]


# -- workbooks -----------------------------------------------------------------------------------------------


def workbook(*rows: list[Any], hidden: bool = False) -> bytes:
    """An XLSX file."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if hidden:
        sheet.sheet_state = "hidden"
        book.create_sheet("Shown").append(["Name"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read_with_its_types() -> None:
    values = [
        "SH010",
        1001,
        1.5,
        48.0,
        True,
        dt.date(2026, 3, 4),
        dt.datetime.fromisoformat("2026-03-04T10:20:30"),
        None,
        "Größe",
    ]
    table = read(
        workbook(["Name", "a", "b", "c", "d", "e", "f", "g", "Description"], values, [None] * 9, ["x"])
    )
    assert list(table.rows) == [
        TableRow(2, ["SH010", "1001", "1.5", "48", "true", "2026-03-04", "2026-03-04T10:20:30", "", "Größe"]),
        TableRow(4, ["x", *[""] * 8]),
    ]
    assert read(workbook(["Sequence"], hidden=True)).headings == ["Name"], "the sheet that people see"


def test_a_workbook_that_is_damaged_or_holds_errors_says_so() -> None:
    whole = workbook(["Name"], ["SH010"])
    assert "damaged" in refusal(whole[: len(whole) // 2] + b"xl/")
    assert "zip archive and no XLSX" in refusal(b"PK\x03\x04" + b"1" * 50)
    assert refusal(workbook(["#REF!"])) == "Line 1, #REF!: holds the error #REF!."
    assert "is empty" in refusal(workbook())


@pytest.mark.parametrize(
    ("place", "value"), [(6, 229), (8, 1), (10, 99)], ids=["version", "encrypted", "unknown packing"]
)
def test_a_workbook_in_an_archive_that_cannot_be_unpacked_is_refused(place: int, value: int) -> None:
    damaged = bytearray(workbook(["Name"], ["SH010"]))
    at = damaged.index(b"PK\x01\x02")
    while at >= 0:  # what the directory of the archive says of each of its files
        damaged[at + place] = value
        at = damaged.find(b"PK\x01\x02", at + 4)
    assert "or it is damaged" in refusal(bytes(damaged))


SHOTS = (
    ImportColumn("name", ("Name",), text, required=True),
    ImportColumn("nb_frames", ("Nb Frames",), whole),
)


def wrong_lines(content: bytes, *ignored: str) -> dict[int, dict[str, list[str]]]:
    """What is wrong with a workbook of shots, by line and heading."""
    sheet = read_known(TableFile(content), SHOTS, ignored)
    for row in sheet.rows:
        sheet.read(row, sheet.columns)
    with pytest.raises(WrongLines) as refused:
        sheet.problems.raise_if_any()
    return {
        line: {name: list(why) for name, why in found.items()} for line, found in refused.value.lines.items()
    }


def recalculated(content: bytes, *, formula: str, value: str, kind: str = "n") -> bytes:
    """The workbook as a spreadsheet program saves it, with the value of a formula beside it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w") as made:
        for each in given.infolist():
            held = given.read(each).decode()
            held = held.replace(' fullCalcOnLoad="1"', "")
            held = re.sub(
                rf"<c r=\"(\w+)\"><f>{re.escape(formula)}</f><v ?(/>|></v>)",
                rf'<c r="\1" t="{kind}"><f>{formula}</f><v>{value}</v>',
                held,
            )
            made.writestr(each.filename, held)
    return out.getvalue()


def test_a_formula_that_nobody_calculated_is_refused_by_line_and_is_not_an_empty_cell() -> None:
    shots = workbook(
        ["Name", "Nb Frames", "Sum"], ["SH010", 48, "=B2*2"], ["SH020", "=B2*2", None], ["#REF!", 1]
    )
    why = [NOT_CALCULATED]
    assert wrong_lines(shots, "Sum") == {3: {"Nb Frames": why}, 4: {"Name": ["holds the error #REF!"]}}
    calculated = recalculated(shots, formula="B2*2", value="96")
    assert wrong_lines(calculated, "Sum") == {4: {"Name": ["holds the error #REF!"]}}
    assert rows_of(calculated)[1] == TableRow(3, ["SH020", "96", ""])
    # Excel writes what it never calculated without a value, and an empty text as a value of none.
    without = recalculated(shots, formula="none such", value="")
    assert wrong_lines(without, "Sum")[3] == {"Nb Frames": why}
    empty = recalculated(shots, formula="B2*2", value="", kind="str")
    assert rows_of(empty)[1] == TableRow(3, ["SH020", "", ""])


def test_a_text_that_looks_like_a_formula_is_a_text() -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["Name", "Description"])
    sheet.append(["SH010", "x"])
    sheet["B2"].value = "=1+1"
    sheet["B2"].data_type = "s"
    sheet["A3"], sheet["B3"] = "SH020", "=1+1"
    out = io.BytesIO()
    book.save(out)
    assert rows_of(recalculated(out.getvalue(), formula="1+1", value="2")) == [
        TableRow(2, ["SH010", "=1+1"]),
        TableRow(3, ["SH020", "2"]),
    ]


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (10, "0000", "0010"),
        (10.0, "000", "010"),
        (10, '"SH"000', "SH010"),
        (10, r"\S\H000;@", "SH010"),
        (12345, "0000", "12345"),
        (10, "General", "10"),
        (10, "0", "10"),
        (1000, "#,##0", "1000"),
        (0.5, "0%", "0.5"),
        (48, '0" frames"', "48"),
        (10, "0.00", "10"),
    ],
)
def test_a_number_that_a_cell_shows_as_a_name_is_that_name(
    value: float, number_format: str, shown: str
) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["Name"])
    sheet.append([value])
    sheet["A2"].number_format = number_format
    out = io.BytesIO()
    book.save(out)
    assert rows_of(out.getvalue()) == [TableRow(2, [shown])]


def test_the_sheet_that_holds_the_rows_is_read_and_two_of_them_are_refused() -> None:
    book = openpyxl.Workbook()
    notes: Any = book.active
    notes.append(["What to do", "Who"])
    book.create_sheet("Shots")
    book["Shots"].append(["Sequence", "Name"])
    book["Shots"].append(["SQ01", "SH010"])
    book.create_sheet("Empty")
    out = io.BytesIO()
    book.save(out)
    assert rows_of(out.getvalue()) == [TableRow(2, ["SQ01", "SH010"])]
    book.create_sheet("More shots").append(["Sequence", "Name"])
    again = io.BytesIO()
    book.save(again)
    assert "'Shots', 'More shots' hold such rows" in refusal(again.getvalue())


def test_an_endless_workbook_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO(workbook(["Name"]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/more.xml", "w") as more:
        for _ in range(600):
            more.write(bytes(1024**2))
    assert "bytes unpacked" in refusal(out.getvalue())
