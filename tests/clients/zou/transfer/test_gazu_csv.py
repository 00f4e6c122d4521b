"""Every CSV route of Zou, at today's paths and at those of its first year; and gazu's functions for them.

What the files mean is tested in `tests/services`; here it is how they travel, and what bad ones are told.
"""

from __future__ import annotations

import gzip
import io
import tempfile
import uuid
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import gazu
import pytest
from werkzeug.test import TestResponse

from tests.clients.zou.files.test_gazu_files import Site, csv
from tests.conftest import SuitePostgres
from tests.servers import RunningServer
from tests.services.importers.csv_files import last_event, records, table
from tests.studio import open_studio, unique
from zou_server.app import create_app
from zou_server.blueprints.zou.transfer import csv_export, csv_import
from zou_server.models.conditions import Op, Where
from zou_server.services.importers.tables.read_table import MAX_COLUMNS, MAX_ROWS

MAX_BODY = 3_000_000


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A studio with one project, and its application."""
    with open_studio(postgres, tmp_path_factory.mktemp("csv")) as kit:
        app = create_app(replace(kit.settings, max_body_bytes=MAX_BODY))
        yield Site(kit, app, "", kit.project(production_type="tvshow"))


@pytest.fixture(scope="module")
def admin(site: Site) -> str:
    """The token of an administrator."""
    return site.person("admin", on_team=False)[1]


@pytest.fixture(scope="module")
def places(site: Site) -> Mapping[str, str]:
    """What stands for the arguments of a path."""
    episode = site.kit.create("Episode", name="E01", project_id=site.project)
    (step,) = site.kit.rows("TaskType", "id", where=Where("name", Op.EQ, "Animation"))
    playlist = site.kit.create("Playlist", name="Dailies", project_id=site.project)
    return {
        "project_id": str(site.project),
        "episode_id": str(episode),
        "task_type_id": step["id"],
        "playlist_id": str(playlist),
    }


def filled(path: str, places: Mapping[str, str]) -> str:
    """A path with ids in the place of its arguments."""
    for name, id_ in places.items():
        path = path.replace(f"<{name}>", id_)
    return path


def sent(site: Site, path: str, token: str, text: str | bytes, **options: Any) -> TestResponse:
    """Send a file in a form."""
    return site.send("POST", path, token, **csv(text), **options)


IMPORTS = tuple(dict.fromkeys(route.path for route in csv_import.ROUTES))
KINDS = tuple({id(route.options): route.path for route in csv_import.ROUTES}.values())
"""A path for each kind of file: several lead to the same importer."""
EXPORTS = tuple(dict.fromkeys(route.path for route in csv_export.ROUTES))


def headings(path: str) -> list[str]:
    """The columns that a file for a path must have."""
    (wanted,) = (route.options for route in csv_import.ROUTES if route.path == path)
    return [column.headings[0] for column in wanted.columns if column.required]


# -- the routes of the first year ----------------------------------------------------------------------------


def test_post_data_import_csv_persons(site: Site, admin: str) -> None:
    email = f"{uuid.uuid4().hex}@example.com"
    text = f"First Name,Last Name,Email,Phone\nAda,Byron,{email},12\n"
    answer = sent(site, "/data/import/csv/persons", admin, text)
    assert answer.status_code == 201
    assert [(row["type"], row["email"], row["phone"]) for row in answer.get_json()] == [
        ("Person", email, "12")
    ]


def test_post_data_import_csv_projects(site: Site, admin: str) -> None:
    name = unique("Project")
    answer = sent(site, "/data/import/csv/projects", admin, f"Name,Status\n{name},Open\n")
    assert [(row["type"], row["name"]) for row in answer.get_json()] == [("Project", name)]


def test_post_data_import_csv_shots(site: Site, admin: str) -> None:
    name = unique("Project")
    text = f"Project,Episode,Sequence,Name,Description,FPS,Frame In,Frame Out\n{name},E01,SQ,SH,d,24,1,9\n"
    (row,) = sent(site, "/data/import/csv/shots", admin, text).get_json()
    assert (row["project_name"], row["sequence_name"], row["name"], row["nb_frames"]) == (name, "SQ", "SH", 9)


@pytest.mark.parametrize("word", ["asset", "assets"])
def test_post_data_import_csv_asset(site: Site, admin: str, word: str) -> None:
    text = f"Project,Category,Name,Description\n{unique('Project')},Prop,Cup,d\n"
    (row,) = sent(site, f"/data/import/csv/{word}", admin, text).get_json()
    assert (row["asset_type_name"], row["name"]) == ("Prop", "Cup")


@pytest.mark.parametrize("word", ["task_types", "task-types"])
def test_post_data_import_csv_task_types(site: Site, admin: str, word: str) -> None:
    name = unique("Step")
    (row,) = sent(site, f"/data/import/csv/{word}", admin, f"Department,Name\nModeling,{name}\n").get_json()
    assert (row["type"], row["name"]) == ("TaskType", name)


@pytest.mark.parametrize("word", ["tasks.csv", "tasks"])
def test_post_data_import_csv_tasks_csv(site: Site, admin: str, word: str) -> None:
    project = unique("Project")
    sent(site, "/data/import/csv/shots", admin, f"Project,Sequence,Name\n{project},SQ,SH\n")
    text = f"Project,Task Type,Sequence,Shot,Estimation,Task Status\n{project},Animation,SQ,SH,8,wip\n"
    (row,) = sent(site, f"/data/import/csv/{word}", admin, text).get_json()
    assert (row["type"], row["name"], row["estimation"]) == ("Task", "main", 480)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("persons", "Last Name"),
        ("projects", "Name"),
        ("shots", "Project"),
        ("assets", "Project"),
        ("task_types", "Department"),
        ("task-types", "Department"),
        ("tasks", "Project"),
    ],
)
def test_get_export_csv(site: Site, admin: str, name: str, first: str) -> None:
    answer = site.send("GET", f"/export/csv/{name}.csv", admin)
    assert answer.status_code == 200
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert table(answer.text)[0][0] == first


# -- every route ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", EXPORTS)
def test_every_export_is_a_table_and_refuses_what_it_does_not_know(
    site: Site, admin: str, places: Mapping[str, str], path: str
) -> None:
    path = filled(path, places)
    answer = site.send("GET", path, admin)
    assert answer.status_code == 200
    rows = table(answer.text)
    assert {len(row) for row in rows} == {len(rows[0])}
    refused = site.send("GET", f"{path}?colour=red", admin)
    assert (refused.status_code, refused.get_json()["message"]) == (400, "export has no field 'colour'.")
    assert site.app.test_client().get(path).status_code == 401


@pytest.mark.parametrize("path", EXPORTS)
def test_every_export_of_a_project_is_hidden_from_outsiders(
    site: Site, places: Mapping[str, str], path: str
) -> None:
    if "<project_id>" in path:
        _, outsider = site.person("manager", on_team=False)
        assert site.send("GET", filled(path, places), outsider).status_code == 404


BOOK = io.BytesIO()
with zipfile.ZipFile(BOOK, "w") as _archive:
    _archive.writestr("../../etc/passwd", "x" * 100_000)

BAD: Mapping[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "blank": (b"\n\n \n", "empty"),
    "truncated": (b'Name,"Descr', "not CSV"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "NUL"),
    "a JPEG without zeros": (b"\xff\xd8\xff\xe1" + bytes(range(1, 32)) * 9, "no text"),
    "a zip": (BOOK.getvalue(), "zip archive"),
    "a gzip": (gzip.compress(b"Name\nx\n"), "NUL"),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old spreadsheet"),
    "half of UTF-16": (b"\xff\xfeN\0a", "utf-16"),
    "NUL in a cell": (b"Name\nx\0y\n", "NUL"),
    "too many columns": (b",".join(b"c%d" % n for n in range(50_000)), f"at most {MAX_COLUMNS}"),
    "JSON": (b'[{"name": "x"}]', ""),
}


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("path", KINDS)
def test_every_import_refuses_what_is_no_table_and_leaves_nothing(
    site: Site, admin: str, places: Mapping[str, str], path: str, what: str
) -> None:
    content, word = BAD[what]
    last, temporary = last_event(site.kit), set(Path(tempfile.gettempdir()).iterdir())
    for options in (csv(content, "../../evil.csv"), {"data": content, "content_type": "text/csv"}):
        answer = site.send("POST", filled(path, places), admin, **options)
        assert answer.status_code == 400, answer.text
        assert word in answer.get_json()["message"]
    assert last_event(site.kit) == last
    assert not [
        name for name in set(Path(tempfile.gettempdir()).iterdir()) - temporary if "evil" in name.name
    ]


@pytest.mark.parametrize("path", IMPORTS)
def test_every_import_names_a_missing_column_and_a_repeated_one(
    site: Site, admin: str, places: Mapping[str, str], path: str
) -> None:
    needed = headings(path)
    assert needed
    for missing in needed:
        text = ",".join(
            [*(each for each in needed if each != missing), "Label" if len(needed) > 1 else "Phone"]
        )
        answer = sent(site, filled(path, places), admin, f"{text}\n")
        assert answer.status_code == 400
        assert missing in answer.get_json()["message"]
    answer = sent(site, filled(path, places), admin, ",".join([*needed, needed[-1].upper()]) + "\nx\n")
    assert (answer.status_code, "are the same one" in answer.get_json()["message"]) == (400, True)


@pytest.mark.parametrize("path", IMPORTS)
def test_every_import_takes_headings_alone_and_checks_its_parameters(
    site: Site, admin: str, places: Mapping[str, str], path: str
) -> None:
    path, text = filled(path, places), ",".join(headings(path)) + "\n"
    answer = sent(site, path, admin, text)
    assert (answer.status_code, answer.get_json()) == (201, [])
    for query, word in (("update=perhaps", "update"), ("validate=2", "validate"), ("force=true", "force")):
        answer = sent(site, f"{path}?{query}", admin, text)
        assert (answer.status_code, word in answer.get_json()["message"]) == (400, True)
    unknown = {"data": text.encode(), "content_type": "text/csv; charset=klingon"}
    answer = site.send("POST", path, admin, **unknown)
    assert (answer.status_code, "'klingon'" in answer.get_json()["message"]) == (400, True)


@pytest.mark.parametrize("path", IMPORTS)
def test_every_import_is_closed_to_those_who_may_not(
    site: Site, places: Mapping[str, str], path: str
) -> None:
    path, text = filled(path, places), ",".join(headings(path)) + "\nx,x,x,x,x\n"
    for role in ("user", "client", "vendor"):
        assert sent(site, path, site.person(role)[1], text).status_code in (400, 403, 404)
    _, outsider = site.person("manager", on_team=False)
    assert sent(site, path, outsider, text).status_code in (400, 403, 404)
    assert site.app.test_client().post(path, **csv(text)).status_code == 401


def form(content: bytes) -> dict[str, Any]:
    """A form as the bytes that travel: the test's own client would keep a big one in a file."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    return {"data": head + content + b"\r\n--x--\r\n", "content_type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize("path", KINDS)
def test_every_import_has_a_largest_size(
    site: Site, admin: str, places: Mapping[str, str], path: str
) -> None:
    content = b"Name\n" + b"x" * MAX_BODY
    gigabyte = {"environ_overrides": {"CONTENT_LENGTH": str(2**30)}}
    for options in (
        form(content),
        {"data": content, "content_type": "text/csv"},
        {**form(b"Name\n"), **gigabyte},
    ):
        assert site.send("POST", filled(path, places), admin, **options).status_code == 413


def test_more_rows_than_a_file_may_have_are_refused(
    site: Site, admin: str, places: Mapping[str, str]
) -> None:
    content = b"Sequence,Name\n" + b"a,b\n" * (MAX_ROWS + 1)
    path = filled("/import/csv/projects/<project_id>/shots", places)
    answer = site.send("POST", path, admin, **form(content))
    assert (answer.status_code, str(MAX_ROWS) in answer.get_json()["message"]) == (400, True)


# -- encodings, dry runs, once only --------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_encoding_and_delimiter_are_recognised(
    site: Site, admin: str, places: Mapping[str, str], encoding: str, delimiter: str
) -> None:
    name = unique("Été")
    text = f"Sequence{delimiter}Name{delimiter}Description\nSQ{delimiter}{name}{delimiter}à Noël\n"
    path = filled("/import/csv/projects/<project_id>/shots", places)
    (row,) = sent(site, path, admin, text.encode(encoding)).get_json()
    assert (row["name"], row["description"]) == (name, "à Noël")


def test_a_dry_run_tells_what_would_happen_and_leaves_nothing(site: Site, admin: str) -> None:
    project = site.kit.project()
    path = f"/import/csv/projects/{project}/shots"
    (shot,) = sent(site, path, admin, "Sequence,Name,Frames\nSQ,SH1,5\n").get_json()
    last = last_event(site.kit)
    text = "Sequence,Name,Frames,Lens\nSQ,SH1,6,\nSQ2,SH2,7,wide\n"
    answer = sent(site, f"{path}?validate=true&update=true", admin, text, headers={"Idempotency-Key": "dry"})
    assert answer.status_code == 200
    told = answer.get_json()
    assert (told["valid"], told["rows"], told["unchanged"]) == (True, 2, 0)
    assert [(each["line"], each["type"]) for each in told["created"]] == [
        (None, "MetadataDescriptor"),
        (3, "Sequence"),
        (3, "Shot"),
    ]
    assert told["updated"] == [
        {"line": 2, "type": "Shot", "id": shot["id"], "values": {"nb_frames": 6}},
    ]
    assert last_event(site.kit) == last
    assert sent(site, f"{path}?validate=true", admin, text).get_json()["unchanged"] == 1
    wrong = sent(site, f"{path}?validate=true", admin, text.replace("7", "x"))
    assert wrong.status_code == 400
    assert wrong.get_json()["data"]["errors"] == [
        {"field": "line 3, Frames", "message": "'x' is not a whole number"}
    ]


def test_what_one_may_not_do_is_told_with_its_line(site: Site) -> None:
    _, supervisor = site.person("supervisor")
    path = f"/import/csv/projects/{site.project}/shots"
    answer = sent(site, path, supervisor, f"Sequence,Name\n{unique('SQ')},SH\n")
    assert answer.status_code == 403
    assert answer.get_json()["message"].startswith("Line 2: Your role does not let you create")


def test_a_list_that_comes_again_with_its_key_is_imported_once(site: Site, admin: str) -> None:
    name, key = unique("Project"), {"Idempotency-Key": uuid.uuid4().hex}
    body = {"data": f"Name\n{name}\n".encode(), "content_type": "text/csv"}
    first = site.send("POST", "/import/csv/projects", admin, headers=key, **body)
    again = site.send("POST", "/import/csv/projects", admin, headers=key, **body)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.get_json() == first.get_json()


def test_an_answer_of_many_rows_is_whole(site: Site, admin: str) -> None:
    project = site.kit.project()
    rows = "".join(f"SQ{n // 1000},SH{n}\n" for n in range(10_500))
    path = f"/import/csv/projects/{project}/shots"
    answer = site.send("POST", path, admin, **form(f"Sequence,Name\n{rows}".encode()))
    assert answer.status_code == 201
    assert len({row["id"] for row in answer.get_json()}) == 10_500


# -- gazu against a whole server -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A whole server on an empty database."""
    url = postgres.empty_database()
    with RunningServer(tmp_path_factory.mktemp("served") / "data", DATABASE_URL=url) as running:
        yield running
    postgres.drop(url)


@pytest.fixture
def client(server: RunningServer) -> Iterator[Any]:
    """gazu, logged in as the studio's first administrator."""
    client = gazu.client.create_client(f"{server.url}/api")
    gazu.log_in(server.credentials["email"], server.credentials["password"], client=client)
    yield client
    client.session.close()


def test_gazu_takes_files_out_and_puts_them_back(client: Any, tmp_path: Path) -> None:
    project = gazu.project.new_project("Round trip", client=client)
    shots, assets = tmp_path / "shots.csv", tmp_path / "assets.csv"
    shots.write_text("Episode;Sequence;Name;Description;Animation\nE01;SQ;=SH;à “toi”;wip\nE02;SQ;SH;;\n")
    assets.write_text("Type,Name,Modeling\nProp,Cup,done\nProp,Hat,\n")
    made = gazu.shot.import_shots_with_csv(project, str(shots), client=client)
    gazu.asset.import_assets_with_csv(project, str(assets), client=client)
    before = gazu.client.get("/data/events/last?limit=1", client=client)

    gazu.shot.export_shots_with_csv(project, str(shots), client=client)
    gazu.asset.export_assets_with_csv(project, str(assets), client=client)
    assert [row["Name"] for row in records(shots.read_text())] == ["'=SH", "SH"]
    assert [row["Modeling"] for row in records(assets.read_text())] == ["done", ""]
    assert gazu.shot.import_shots_with_csv(project, str(shots), client=client) == made
    for name, path in (("shots", shots), ("assets", assets)):
        place = f"/import/csv/projects/{project['id']}/{name}?update=true"
        assert len(gazu.client.upload(place, str(path), client=client)) == 2
    assert gazu.client.get("/data/events/last?limit=1", client=client) == before


def test_gazu_narrows_an_export_to_an_episode_and_a_person(client: Any, tmp_path: Path) -> None:
    project = gazu.project.new_project("Narrow", client=client)
    path = tmp_path / "shots.csv"
    person = gazu.person.new_person("Ann", "Narrow", "ann@narrow.example", client=client)
    path.write_text(
        "Episode,Sequence,Name,Animation,Animation assignations\n"
        "E01,SQ,SH1,wip,\nE02,SQ,SH2,wip,Ann Narrow\nE02,SQ,SH3,,\n"
    )
    shots = gazu.shot.import_shots_with_csv(project, str(path), client=client)
    episode = next(shot["episode_id"] for shot in shots if shot["name"] == "SH1")

    def names(**options: Any) -> list[str]:
        gazu.shot.export_shots_with_csv(project, str(path), client=client, **options)
        return [row["Name"] for row in records(path.read_text())]

    assert names() == ["SH1", "SH2", "SH3"]
    assert names(episode=episode) == ["SH1"]
    assert names(assigned_to=person) == ["SH2"]
    gazu.asset.export_assets_with_csv(project, str(path), episode=episode, assigned_to=person, client=client)
    assert records(path.read_text()) == []


def test_gazu_shows_what_is_wrong_with_a_file(client: Any, tmp_path: Path) -> None:
    project = gazu.project.new_project("Wrong", client=client)
    path = tmp_path / "shots.csv"
    path.write_text("Sequence,Name,Frames\nSQ,SH,many\n")
    with pytest.raises(
        gazu.exception.ParameterException, match="line 2, Frames: 'many' is not a whole number"
    ):
        gazu.shot.import_shots_with_csv(project, str(path), client=client)
    assert gazu.shot.all_shots_for_project(project, client=client) == []
