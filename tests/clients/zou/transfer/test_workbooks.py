"""Workbooks travel in and out beside CSV files, and an import goes on past wrong lines when asked."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest

from tests.clients.zou.files.test_gazu_files import Site
from tests.conftest import SuitePostgres
from tests.services.importers.csv_files import tree
from tests.studio import open_studio
from zou_server.app import create_app
from zou_server.blueprints.zou.transfer.csv_import import XLSX


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_studio(postgres, tmp_path_factory.mktemp("xlsx")) as kit:
        yield Site(kit, create_app(kit.settings), "", kit.project())


@pytest.fixture(scope="module")
def headers(site: Site) -> dict[str, str]:
    return {"Authorization": f"Bearer {site.person('admin', on_team=False)[1]}"}


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells(content: bytes) -> list[tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return list(sheet.iter_rows(values_only=True))


def test_a_workbook_goes_in_and_comes_out_with_its_types(site: Site, headers: dict[str, str]) -> None:
    project, client = site.kit.project(), site.app.test_client()
    content = workbook(
        ["Sequence", "Name", "Nb Frames", "FPS", "Description", "Due"],
        ["SQ01", "SH010", 48, 23.976, "'=HYPERLINK", dt.date(2026, 3, 4)],
        ["SQ01", 20, 1000.0, 24, "Größe", None],
    )
    path = f"/import/csv/projects/{project}/shots"
    sent = client.post(path, data=content, headers=headers, content_type=XLSX)
    assert sent.status_code == 201, sent.get_json()
    assert tree(site.kit, project) == ["None/SQ01/SH010", "None/SQ01/20"]
    out = client.get(f"/export/csv/projects/{project}/shots.csv?format=xlsx", headers=headers)
    assert (out.mimetype, "shots.xlsx" in out.headers["Content-Disposition"]) == (XLSX, True)
    headings, *rows = cells(out.data)
    shots = {row[headings.index("Name")]: dict(zip(headings, row, strict=True)) for row in rows}
    first = shots["SH010"]
    assert (first["Frames"], first["FPS"], first["Description"]) == (48, 23.976, "=HYPERLINK")
    again = client.post(
        f"{path}?update=true&validate=true", data=out.data, headers=headers, content_type=XLSX
    )
    assert (again.get_json()["created"], again.get_json()["updated"]) == ([], []), again.get_json()
    assert (
        client.get(f"/export/csv/projects/{project}/shots.csv?format=ods", headers=headers).status_code == 400
    )


def test_custom_fields_come_out_of_a_workbook_with_their_types(site: Site, headers: dict[str, str]) -> None:
    project, client = site.kit.project(), site.app.test_client()
    fields = {"Level": "number", "Due": "date", "Is hero": "boolean", "Code": "string"}
    for name, data_type in fields.items():
        site.kit.create(
            "FieldDescriptor", name=name, data_type=data_type, entity_type="Shot", project_id=project
        )
    rows = (
        ["Sequence", "Name", "Frame In", *fields],
        ["SQ01", "SH010", 1001, 2.5, dt.date(2026, 3, 4), True, "007"],
        ["SQ01", "SH020", 1001, None, None, False, "8"],
    )
    path = f"/import/csv/projects/{project}/shots"
    sent = client.post(path, data=workbook(*rows), headers=headers, content_type=XLSX)
    assert sent.status_code == 201, sent.get_json()
    out = client.get(f"/export/csv/projects/{project}/shots.csv?format=xlsx", headers=headers).data
    headings, *found = cells(out)
    places = [headings.index(name) for name in ("Name", "Frame In", *fields)]
    assert [[row[place] for place in places] for row in found] == [
        ["SH010", 1001, 2.5, dt.datetime(2026, 3, 4), True, "007"],  # noqa: DTZ001 - as workbooks have it
        ["SH020", 1001, None, None, False, "8"],
    ]
    again = client.post(
        f"{path}?update=true&validate=true", data=out, headers=headers, content_type=XLSX
    ).get_json()
    assert (again["created"], again["updated"]) == ([], []), again


def test_an_import_goes_on_past_wrong_lines_and_gives_the_rest_back(
    site: Site, headers: dict[str, str]
) -> None:
    project, client = site.kit.project(), site.app.test_client()
    path = f"/import/csv/projects/{project}/shots?on_error=skip"
    text = "Sequence;Name;Nb Frames\nSQ01;SH010;48\nSQ01;SH020;1,000\n;SH030;10\nSQ01;=SH040;12\n"
    tried = client.post(
        f"{path}&validate=true", data=text, headers=headers, content_type="text/csv"
    ).get_json()
    assert (len(tried["report"]["created"]), tree(site.kit, project)) == (3, [])
    answer = client.post(path, data=text, headers=headers, content_type="text/csv")
    found = answer.get_json()
    assert answer.status_code == 201
    assert [shot["name"] for shot in found["imported"]] == ["SH010", "=SH040"]
    assert found["skipped"] == [
        {"line": 3, "reasons": {"Nb Frames": ["'1,000' may be 1000 or 1.000: write it without ','"]}},
        {"line": 4, "reasons": {"Sequence": ["is empty"]}},
    ]
    rest = found["rest"].replace("1,000", "1000").replace(";SH030", "SQ02;SH030")
    resumed = client.post(path, data=rest, headers=headers, content_type="text/csv").get_json()
    assert ([shot["name"] for shot in resumed["imported"]], resumed["skipped"], resumed["rest"]) == (
        ["SH020", "SH030"],
        [],
        "",
    )
    wrong = client.post(f"{path[:-4]}perhaps", data=text, headers=headers, content_type="text/csv")
    assert wrong.status_code == 400


def test_a_workbook_with_formulas_that_nobody_calculated_goes_on_without_their_lines(
    site: Site, headers: dict[str, str]
) -> None:
    project, client = site.kit.project(), site.app.test_client()
    rows = ["Sequence", "Name", "Nb Frames"], ["SQ01", "SH010", 48], ["SQ01", "SH020", "=C2*2"]
    path = f"/import/csv/projects/{project}/shots"
    refused = client.post(path, data=workbook(*rows), headers=headers, content_type=XLSX)
    assert (refused.status_code, "line 3, Nb Frames: holds a formula" in refused.get_json()["message"]) == (
        400,
        True,
    )
    found = client.post(
        f"{path}?on_error=skip", data=workbook(*rows), headers=headers, content_type=XLSX
    ).get_json()
    assert [shot["name"] for shot in found["imported"]] == ["SH010"]
    assert (found["skipped"][0]["line"], found["rest"]) == (
        3,
        "Sequence;Name;Nb Frames\r\nSQ01;SH020;'=C2*2\r\n",
    )
    studio = workbook(["Project", *rows[0]], ["=A1", *rows[1]])
    told = client.post("/import/csv/shots", data=studio, headers=headers, content_type=XLSX).get_json()
    assert "line 2, Project: holds a formula" in told["message"]


def test_going_on_twice_with_one_key_imports_once(site: Site, headers: dict[str, str]) -> None:
    project, client = site.kit.project(), site.app.test_client()
    path = f"/import/csv/projects/{project}/shots?on_error=skip"
    once = {**headers, "Idempotency-Key": "the rest of it"}
    text = "Sequence;Name;Nb Frames\nSQ01;SH010;48\nSQ01;SH020;many\n"
    first, second = (client.post(path, data=text, headers=once, content_type="text/csv") for _ in range(2))
    assert first.get_json() == second.get_json()
    assert tree(site.kit, project) == ["None/SQ01/SH010"]


def test_what_is_wrong_with_the_whole_file_is_refused_all_the_same(
    site: Site, headers: dict[str, str]
) -> None:
    path = f"/import/csv/projects/{site.kit.project()}/shots?on_error=skip"
    for text in ("Name\nSH010\n", "", 'Sequence;Name\n"SQ01;SH010\n'):
        answer = site.app.test_client().post(path, data=text, headers=headers, content_type="text/csv")
        assert answer.status_code == 400
