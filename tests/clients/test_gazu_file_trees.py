"""gazu asks where files belong, makes revisions of them, sends and gets their content, and copies assets."""

from __future__ import annotations

import io
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gazu
import pytest
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from tests.conftest import SuitePostgres
from tests.studio import StudioKit, open_studio, unique
from zou_server.app import create_app
from zou_server.models.conditions import Op, Where
from zou_server.services.manage_credentials import set_password

PASSWORD = "a long enough password"


@dataclass
class Site:
    """A served studio with one production: a shot and a scene of a sequence, a chair, a task on the shot."""

    kit: StudioKit
    app: Any
    url: str
    names: dict[str, uuid.UUID] = field(default_factory=dict)
    _tokens: dict[uuid.UUID, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the production."""
        kit, names = self.kit, self.names
        names["project"] = project = kit.create("Project", name="Cosmos Landromat")
        names["sequence"] = kit.create("Sequence", name="S01", project_id=project)
        shared: dict[str, Any] = {"project_id": project, "parent_id": names["sequence"]}
        names["shot"] = kit.create("Shot", name="P01", **shared)
        names["scene"] = kit.create("Scene", name="SC01", **shared)
        props = self.named("EntityType", "Prop")
        names["asset"] = kit.create("Asset", name="Chair", project_id=project, entity_type_id=props)
        names["room"] = kit.create("Asset", name="Room", project_id=project, entity_type_id=props)
        names["step"] = self.named("TaskType", "Animation")
        names["geometry"] = self.named("OutputType", "Geometry")
        names["cache"] = self.named("OutputType", "Cache")
        names["task"] = self.task(names["shot"])

    def named(self, kind: str, name: str) -> uuid.UUID:
        """The id of a row by its name."""
        return uuid.UUID(self.kit.rows(kind, "id", where=Where("name", Op.EQ, name))[0]["id"])

    def task(self, entity: uuid.UUID, name: str = "main") -> uuid.UUID:
        """A task of the step on an entity."""
        return self.kit.create("Task", entity_id=entity, task_type_id=self.names["step"], name=name)

    def new_shot(self) -> tuple[uuid.UUID, uuid.UUID]:
        """A shot that no other test uses, and its task."""
        project, sequence = self.names["project"], self.names["sequence"]
        shot = self.kit.create("Shot", name=unique("Shot"), project_id=project, parent_id=sequence)
        return shot, self.task(shot)

    def person(self, role: str, *, on_team: bool = True) -> tuple[uuid.UUID, str]:
        """Somebody who can log in: their id and a token."""
        actor = self.kit.person(role, {self.names["project"]: None} if on_team else {})
        set_password(self.kit.studio.writes, actor.person_id, PASSWORD)
        email = self.kit.row("Person", actor.person_id, "email")
        answer = self.app.test_client().post("/auth/login", json={"email": email, "password": PASSWORD})
        return actor.person_id, answer.get_json()["access_token"]

    def send(self, method: str, path: str, token: str, **options: Any) -> TestResponse:
        """One request by somebody."""
        headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
        answer: TestResponse = self.app.test_client().open(
            path, method=method, headers=headers, buffered=True, **options
        )
        return answer

    def client(self, person: uuid.UUID) -> Any:
        """gazu, logged in as a person."""
        client = gazu.client.create_client(self.url)
        gazu.log_in(self.kit.row("Person", person, "email"), PASSWORD, client=client)
        return client


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The studio, served."""
    with open_studio(postgres, tmp_path_factory.mktemp("trees")) as kit:
        app = create_app(kit.settings)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Site(kit, app, f"http://127.0.0.1:{server.port}/api")
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def artist(site: Site) -> tuple[uuid.UUID, str]:
    """An artist on the team."""
    return site.person("user")


@pytest.fixture(scope="module")
def manager(site: Site) -> tuple[uuid.UUID, str]:
    """A manager of the project."""
    return site.person("manager")


@pytest.fixture(scope="module")
def admin(site: Site) -> tuple[uuid.UUID, str]:
    """Somebody who may do anything."""
    return site.person("admin", on_team=False)


@pytest.fixture
def client(site: Site, artist: tuple[uuid.UUID, str]) -> Iterator[Any]:
    """Gazu of the artist."""
    client = site.client(artist[0])
    yield client
    client.session.close()


@pytest.fixture
def admins_client(site: Site, admin: tuple[uuid.UUID, str]) -> Iterator[Any]:
    """Gazu of an administrator."""
    client = site.client(admin[0])
    yield client
    client.session.close()


def ids(*rows: Any) -> list[str]:
    return [row["id"] for row in rows]


SHOT = "/studio/productions/cosmos_landromat/shots/e001/s01/p01/animation"
NAME = "cosmos_landromat_e001_s01_p01_animation"


# -- paths -------------------------------------------------------------------------------------------


def test_build_working_file_path(site: Site, client: Any) -> None:
    """POST /data/tasks/<task_id>/working-file-path."""
    task = str(site.names["task"])
    assert gazu.files.build_working_file_path(task, client=client) == f"{SHOT}/work/{NAME}_main_v001"
    found = gazu.files.build_working_file_path(task, name="Light rig", revision=12, sep="\\", client=client)
    assert found == f"{SHOT}/work/{NAME}_light_rig_v012".replace("/", "\\")


def test_build_entity_output_file_path(site: Site, client: Any) -> None:
    """POST /data/entities/<entity_id>/output-file-path."""
    shot, step, cache = (str(site.names[name]) for name in ("shot", "step", "cache"))
    found = gazu.files.build_entity_output_file_path(
        shot, cache, step, revision=3, representation="abc", client=client
    )
    assert found == f"{SHOT}/output/cache/main/abc/{NAME}_cache_main_abc_v003"
    many = gazu.files.build_entity_output_file_path(shot, cache, step, nb_elements=25, client=client)
    assert many.endswith("_cache_main_v000_[1-25]")
    answer = gazu.client.post(
        f"data/entities/{shot}/output-file-path",
        {"task_type_id": step, "output_type_id": cache, "nb_elements": 25, "extension": "exr"},
        client=client,
    )
    assert answer["sequence_path"].endswith("_cache_main_v000.1-25#.exr")


def test_build_asset_instance_output_file_path(site: Site, client: Any) -> None:
    """POST /data/asset-instances/<asset_instance_id>/entities/<temporal_entity_id>/output-file-path."""
    scene, chair, step, cache = (str(site.names[name]) for name in ("scene", "asset", "step", "cache"))
    copy = gazu.scene.new_scene_asset_instance(scene, chair, client=client)
    found = gazu.files.build_asset_instance_output_file_path(
        copy, scene, cache, step, revision=2, client=client
    )
    number = f"{copy['number']:04}"
    folder = f"scenes/e001/s01/sc01/instances/sc01/prop/chair/{number}/animation/output/cache/main"
    assert found == (
        f"/studio/productions/cosmos_landromat/{folder}/"
        f"cosmos_landromat_e001_s01_sc01_prop_chair_{number}_animation_cache_main_v002"
    )


def test_guess_from_path(site: Site, client: Any) -> None:
    """POST /data/entities/guess_from_path and /data/entities/guess-from-path."""
    project, shot, step, cache = (str(site.names[name]) for name in ("project", "shot", "step", "cache"))
    path = gazu.files.build_entity_output_file_path(
        shot, cache, step, revision=3, nb_elements=9, client=client
    )
    expected = {
        "Template": "shot",
        "Mode": "output",
        "Project": project,
        "Sequence": str(site.names["sequence"]),
        "Shot": shot,
        "TaskType": step,
        "OutputType": cache,
        "Name": "main",
        "Revision": 3,
    }
    assert gazu.entity.guess_from_path(project, path, client=client) == [expected | {"Frames": "1-9"}]
    plain = path.removesuffix("_[1-9]")
    assert gazu.entity.guess_from_path(project, plain, client=client) == [expected]
    frame = gazu.entity.guess_from_path(project, f"{plain}.1001.exr".replace("/", "\\"), "\\", client=client)
    assert frame == [expected | {"Frames": "1001"}]
    for pattern in ("####", "%04d", "1-9#"):
        found = gazu.entity.guess_from_path(project, f"{plain}.{pattern}.exr", client=client)
        assert [{**each, "Frames": ""} for each in found] == [expected | {"Frames": ""}]
    body = {"project_id": project, "file_path": SHOT}
    hyphens = gazu.client.post("data/entities/guess-from-path", body, client=client)
    assert hyphens == []
    found = gazu.entity.guess_from_path(project, f"{SHOT}/work/anything.ma", client=client)
    assert [(each["Mode"], each["Shot"]) for each in found] == [("working", shot)]


# -- file trees --------------------------------------------------------------------------------------


def test_set_file_tree(site: Site, admin: tuple[uuid.UUID, str]) -> None:
    """POST /actions/projects/<project_id>/set-file-tree and POST /project/set-tree."""
    project = site.kit.project()
    for prefix in ("", "/api"):
        answer = site.send(
            "POST",
            f"{prefix}/actions/projects/{project}/set-file-tree",
            admin[1],
            json={"tree_name": "simple"},
        )
        assert answer.status_code == 200
        assert answer.get_json()["file_tree"]["working"]["mountpoint"] == "/simple"
        for path in ("/project/set-tree", "/project/set_tree"):
            body = {"project_id": str(project), "tree_name": "studio"}
            answer = site.send("POST", f"{prefix}{path}", admin[1], json=body)
            assert answer.status_code == 200
            assert answer.get_json()["file_tree"]["working"]["mountpoint"] == "/projects"
        answer = site.send(
            "POST", f"{prefix}/project/{project}/set-tree", admin[1], json={"tree_name": "simple"}
        )
        assert answer.status_code == 200
    path = f"/actions/projects/{project}/set-file-tree"
    for name in ("../default", "nothing", "default.json"):
        answer = site.send("POST", path, admin[1], json={"tree_name": name})
        assert (answer.status_code, name in answer.get_json()["error"]) == (400, True)
    assert site.send("POST", path, admin[1], json={}).status_code == 400
    absent = {"project_id": str(uuid.uuid4()), "tree_name": "simple"}
    assert site.send("POST", "/project/set-tree", admin[1], json=absent).status_code == 404


def test_only_managers_of_a_project_change_its_tree(
    site: Site, artist: tuple[uuid.UUID, str], manager: tuple[uuid.UUID, str]
) -> None:
    project = site.names["project"]
    before = site.kit.row("Project", project, "file_tree")
    path = f"/actions/projects/{project}/set-file-tree"
    assert site.send("POST", path, artist[1], json={"tree_name": "simple"}).status_code == 403
    assert site.send("POST", path, manager[1], json={"tree_name": "default"}).status_code == 200
    site.kit.update("Project", project, file_tree=before)


def test_update_project_file_tree(site: Site, admins_client: Any) -> None:
    """PUT /data/projects/<instance_id> with a tree of one's own, and with one that is wrong."""
    project = {"id": str(site.kit.project())}
    tree = {
        "working": {
            "mountpoint": "S:",
            "root": "shows",
            "folder_path": {"shot": "<Project>/<Shot>", "style": "uppercase"},
            "file_name": {"shot": "<Shot.id>_<Version>"},
        }
    }
    assert gazu.files.update_project_file_tree(project, tree, client=admins_client)["file_tree"] == tree
    shot = site.kit.create("Shot", name="Ab é", project_id=project["id"])
    task = str(site.task(shot))
    name = site.kit.row("Project", uuid.UUID(project["id"]), "name").replace(" ", "_").upper()
    found = gazu.files.build_working_file_path(task, sep="\\", client=admins_client)
    assert found == f"S:\\shows\\{name}\\AB_E\\{shot}_001"
    tree["working"]["folder_path"]["shot"] = "<Projct>/<Shot>"  # type: ignore[index]
    with pytest.raises(gazu.exception.ParameterException, match=r"mode working.*<Projct>"):
        gazu.files.update_project_file_tree(project, tree, client=admins_client)
    with pytest.raises(gazu.exception.ParameterException, match="no mode 'output'"):
        gazu.files.build_working_file_path(task, mode="output", client=admins_client)


# -- working files -----------------------------------------------------------------------------------


def test_new_working_file(site: Site, client: Any, artist: tuple[uuid.UUID, str]) -> None:
    """POST /data/tasks/<task_id>/working-files/new, the lists, and last-revisions."""
    shot, task_id = site.new_shot()
    task = str(task_id)
    first = gazu.files.new_working_file(task, comment="blocking", client=client)
    second = gazu.files.new_working_file(task, client=client)
    other = gazu.files.new_working_file(task, name="fx", client=client)

    assert (first["type"], first["revision"], first["comment"]) == ("WorkingFile", 1, "blocking")
    assert (second["revision"], other["revision"]) == (2, 1)
    assert (first["person_id"], first["task_id"], first["entity_id"]) == (str(artist[0]), task, str(shot))
    assert first["software_id"] == str(site.named("Software", "Blender"))
    assert first["path"] == gazu.files.build_working_file_path(task, client=client)
    assert second["path"] == gazu.files.build_working_file_path(task, revision=2, client=client)
    assert gazu.files.get_working_files_for_task(task, client=client) == [
        {k: v for k, v in row.items() if k != "outputs"} for row in (first, second, other)
    ]
    found = gazu.files.get_all_working_files_for_entity(
        str(shot), task={"id": task}, name="fx", client=client
    )
    assert ids(*found) == ids(other)
    last = gazu.files.get_last_working_files(task, client=client)
    assert {name: row["id"] for name, row in last.items()} == {"main": second["id"], "fx": other["id"]}
    assert gazu.files.get_last_working_file_revision(task, client=client)["revision"] == 2
    assert gazu.files.get_working_file(first["id"], client=client)["id"] == first["id"]
    assert gazu.client.get(f"data/tasks/{task}", client=client)["assignees"] == [str(artist[0])]


def test_a_revision_that_is_taken_is_refused_as_zou_does(site: Site, client: Any) -> None:
    _, task = site.new_shot()
    gazu.files.new_working_file(str(task), revision=7, client=client)
    with pytest.raises(gazu.exception.ParameterException, match="given working file already exists"):
        gazu.files.new_working_file(str(task), revision=7, client=client)
    assert gazu.files.new_working_file(str(task), client=client)["revision"] == 8


def test_update_comment_and_modification_date(site: Site, client: Any) -> None:
    """PUT /actions/working-files/<id>/comment and /modified."""
    _, task = site.new_shot()
    made = gazu.files.new_working_file(str(task), client=client)
    assert gazu.files.update_comment(made, "done", client=client)["comment"] == "done"
    before = site.kit.row("WorkingFile", made["id"], "updated_at")
    assert gazu.files.update_modification_date(made, client=client)["id"] == made["id"]
    assert site.kit.row("WorkingFile", made["id"], "updated_at") > before
    assert gazu.client.get(f"data/files/{made['id']}", client=client)["type"] == "WorkingFile"


def test_upload_and_download_working_file(site: Site, client: Any, tmp_path: Path) -> None:
    """POST and GET /data/working-files/<id>/file."""
    _, task = site.new_shot()
    made = gazu.files.new_working_file(str(task), client=client)
    content = b"BLENDER-v300" + bytes(range(256)) * 5000
    (tmp_path / "scene.blend").write_bytes(content)
    kept = gazu.files.upload_working_file(made, str(tmp_path / "scene.blend"), client=client)
    assert (kept["id"], kept["size"]) == (made["id"], len(content))
    gazu.files.download_working_file(made, str(tmp_path / "back.blend"), client=client)
    assert (tmp_path / "back.blend").read_bytes() == content


def test_a_working_file_comes_in_parts_and_not_twice(site: Site, artist: tuple[uuid.UUID, str]) -> None:
    _, task = site.new_shot()
    token = artist[1]
    made = site.send("POST", f"/data/tasks/{task}/working-files/new", token, json={}).get_json()
    path = f"/data/working-files/{made['id']}/file"
    assert site.send("GET", path, token).status_code == 404
    assert site.send("POST", path, token, data={}).status_code == 400
    sent = {"file": (io.BytesIO(b"0123456789"), "..\\evil.ma")}
    assert site.send("POST", path, token, data=sent, content_type="multipart/form-data").status_code == 201
    whole = site.send("GET", path, token)
    assert (whole.status_code, whole.data) == (200, b"0123456789")
    assert "attachment" in whole.headers["Content-Disposition"]
    part = site.send("GET", path, token, headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.data) == (206, b"234")
    again = site.send("GET", path, token, headers={"If-None-Match": whole.headers["ETag"]})
    assert again.status_code == 304
    _, outsider = site.person("user", on_team=False)
    assert site.send("GET", path, outsider).status_code == 404
    _, colleague = site.person("user")
    other = {"file": (io.BytesIO(b"x"), "x.ma")}
    answer = site.send("POST", path, colleague, data=other, content_type="multipart/form-data")
    assert answer.status_code == 403
    assert site.send("GET", path, token).data == b"0123456789"


# -- output files ------------------------------------------------------------------------------------


def test_new_entity_output_file(site: Site, client: Any, artist: tuple[uuid.UUID, str]) -> None:
    """POST /data/entities/<id>/output-files/new, next-revision, last-revisions and the lists."""
    shot_id, task = site.new_shot()
    shot, step, cache, geometry = (str(shot_id), *(str(site.names[n]) for n in ("step", "cache", "geometry")))
    counted = {"client": client}
    assert gazu.files.get_next_entity_output_revision(shot, cache, step, **counted) == 1
    assert gazu.files.get_last_entity_output_revision(shot, cache, step, **counted) == 0
    source = gazu.files.new_working_file(str(task), client=client)
    first = gazu.files.new_entity_output_file(shot, cache, step, "one", source, client=client)
    second = gazu.files.new_entity_output_file(
        shot, cache, step, "two", nb_elements=25, representation="exr", client=client
    )
    other = gazu.files.new_entity_output_file(shot, geometry, step, "three", client=client)

    assert (first["revision"], second["revision"], other["revision"]) == (1, 2, 1)
    assert first["path"] == f"{first['folder_path']}/{first['file_name']}"
    assert second["file_name"].endswith("_v002_[1-25]")
    assert second["sequence_path"].endswith("_v002.1-25#")
    assert (first["source_file_id"], first["person_id"]) == (source["id"], str(artist[0]))
    assert first["file_status_id"] == gazu.files.get_file_status_by_name("To review", client=client)["id"]
    assert gazu.files.get_next_entity_output_revision(shot, cache, step, **counted) == 3
    assert gazu.files.get_last_entity_output_revision(shot, cache, step, **counted) == 2
    found = gazu.files.all_output_files_for_entity(shot, output_type=cache, task_type=step, client=client)
    assert ids(*found) == ids(first, second)
    found = gazu.files.all_output_files_for_entity(shot, representation="exr", client=client)
    assert ids(*found) == ids(second)
    types = gazu.files.all_output_types_for_entity(shot, client=client)
    assert sorted(each["name"] for each in types) == ["Cache", "Geometry"]
    by_type = gazu.client.get(f"data/entities/{shot}/output-types/{cache}/output-files", client=client)
    assert ids(*by_type) == ids(first, second)
    found = gazu.files.all_output_files_for_project(
        str(site.names["project"]), output_type=geometry, client=client
    )
    assert other["id"] in ids(*found)
    assert gazu.files.get_output_file(first["id"], client=client)["comment"] == "one"
    assert gazu.files.get_output_file_by_path(first["path"], client=client)["id"] == first["id"]
    assert gazu.files.get_working_file(source["id"], client=client)["outputs"] == [first["id"]]
    assert gazu.files.update_output_file(first, {"comment": "new"}, client=client)["comment"] == "new"
    with pytest.raises(gazu.exception.ParameterException, match="given output file already exists"):
        gazu.files.new_entity_output_file(shot, cache, step, "again", revision=1, client=client)


def test_get_last_output_files_for_entity(site: Site, client: Any) -> None:
    """GET /data/entities/<entity_id>/output-files/last-revisions."""
    shot_id, _ = site.new_shot()
    shot, step, cache = str(shot_id), str(site.names["step"]), str(site.names["cache"])
    made = [
        gazu.files.new_entity_output_file(shot, cache, step, "", name=name, client=client)
        for name in ("main", "main", "fx", "main")
    ]
    found = gazu.files.get_last_output_files_for_entity(shot, client=client)
    assert sorted((row["name"], row["revision"]) for row in found) == [("fx", 1), ("main", 3)]
    found = gazu.files.get_last_output_files_for_entity(shot, cache, step, name="main", client=client)
    assert ids(*found) == ids(made[3])


def test_new_asset_instance_output_file(site: Site, client: Any) -> None:
    """POST .../output-files/new of a copy of an asset, its next-revision, last-revisions and lists."""
    scene, chair, step, cache = (str(site.names[name]) for name in ("scene", "asset", "step", "cache"))
    copy = gazu.scene.new_scene_asset_instance(scene, chair, client=client)
    place = (copy, scene, cache, step)
    assert gazu.files.get_next_asset_instance_output_revision(*place, client=client) == 1
    first = gazu.files.new_asset_instance_output_file(*place, "", client=client)
    second = gazu.files.new_asset_instance_output_file(*place, "", client=client)
    assert (first["name"], first["revision"], second["revision"]) == ("master", 1, 2)
    assert (first["entity_id"], first["temporal_entity_id"]) == (chair, scene)
    assert first["path"] != second["path"]
    assert gazu.files.get_last_asset_instance_output_revision(*place, client=client) == 2
    found = gazu.files.all_output_files_for_asset_instance(copy, scene, step, cache, client=client)
    assert ids(*found) == ids(first, second)
    assert ids(*gazu.files.all_output_files_for_asset_instance(copy, client=client)) == ids(first, second)
    found = gazu.files.get_last_output_files_for_asset_instance(copy, scene, client=client)
    assert ids(*found) == ids(second)
    types = gazu.files.all_output_types_for_asset_instance(copy, {"id": scene}, client=client)
    assert [each["name"] for each in types] == ["Cache"]
    root = f"data/asset-instances/{copy['id']}/entities/{scene}"
    for path in ("output-files", f"output-types/{cache}/output-files"):
        assert ids(*gazu.client.get(f"{root}/{path}", client=client)) == ids(first, second)
    assert gazu.client.get(f"data/files/{first['id']}", client=client)["type"] == "OutputFile"


def test_types_statuses_and_softwares(admins_client: Any) -> None:
    client = admins_client
    made = gazu.files.new_output_type("Point cloud", "pts", client=client)
    assert gazu.files.new_output_type("Point cloud", "pts", client=client) == made
    assert gazu.files.get_output_type(made["id"], client=client)["short_name"] == "pts"
    assert gazu.files.get_output_type_by_name("Point cloud", client=client)["id"] == made["id"]
    assert made["id"] in ids(*gazu.files.all_output_types(client=client))
    status = gazu.files.new_file_status("Published", "#00FF00", client=client)
    assert gazu.files.new_file_status("Published", "#00FF00", client=client)["id"] == status["id"]
    assert gazu.files.get_file_status(status["id"], client=client)["color"] == "#00FF00"
    assert gazu.files.get_file_status_by_name("Published", client=client)["id"] == status["id"]
    software = gazu.files.new_software("Katana", "ktn", "katana", ["kat"], client=client)
    assert gazu.files.new_software("Katana", "ktn", "katana", client=client)["id"] == software["id"]
    assert gazu.files.get_software_by_name("Katana", client=client)["secondary_extensions"] == ["kat"]
    changed = gazu.files.update_software({"id": software["id"], "version": "7"}, client=client)
    assert changed["version"] == "7"
    assert gazu.files.get_software(software["id"], client=client)["version"] == "7"
    assert software["id"] in ids(*gazu.files.all_softwares(client=client))


# -- copies of assets --------------------------------------------------------------------------------


def test_asset_instances_of_scenes_and_shots(site: Site, client: Any) -> None:
    scene, chair = str(site.names["scene"]), str(site.names["asset"])
    shot = str(site.new_shot()[0])
    first = gazu.scene.new_scene_asset_instance(scene, chair, "left", client=client)
    second = gazu.scene.new_scene_asset_instance(scene, {"id": chair}, client=client)
    assert second["number"] == first["number"] + 1
    assert second["name"] == f"Chair_{second['number']:04}"
    assert (first["description"], first["active"], first["shots"]) == ("left", True, [])
    assert {first["id"], second["id"]} <= set(
        ids(*gazu.scene.all_asset_instances_for_scene(scene, client=client))
    )
    found = gazu.scene.get_asset_instance_by_name(scene, first["name"], client=client)
    assert found["id"] == first["id"]
    assert gazu.asset.get_asset_instance(first["id"], client=client)["asset_id"] == chair

    added = gazu.shot.add_asset_instance_to_shot(shot, first, client=client)
    assert (added["id"], added["instance_casting"]) == (shot, [first["id"]])
    gazu.shot.add_asset_instance_to_shot(shot, first, client=client)
    assert ids(*gazu.shot.all_asset_instances_for_shot(shot, client=client)) == ids(first)
    assert ids(*gazu.asset.all_asset_instances_for_shot({"id": shot}, client=client)) == ids(first)
    found = gazu.asset.all_shot_asset_instances_for_asset(chair, client=client)
    assert first["id"] in ids(*found)
    assert second["id"] not in ids(*found)
    in_scenes = gazu.asset.all_scene_asset_instances_for_asset(chair, client=client)
    assert {first["id"], second["id"]} <= set(ids(*in_scenes))
    gazu.shot.remove_asset_instance_from_shot(shot, first, client=client)
    assert gazu.shot.get_asset_instances_for_shot(shot, client=client) == []

    assert gazu.asset.disable_asset_instance(first, client=client)["active"] is False
    assert gazu.asset.enable_asset_instance(first, client=client)["active"] is True
    assert gazu.scene.update_asset_instance_name(first, "Throne", client=client)["name"] == "Throne"
    changed = gazu.scene.update_asset_instance_data(first, {"x": 1}, client=client)
    assert changed["data"] == {"x": 1}


def test_asset_instances_of_assets_and_cameras(site: Site, admins_client: Any) -> None:
    chair, room, scene = (str(site.names[name]) for name in ("asset", "room", "scene"))
    made = gazu.asset.new_asset_asset_instance(room, chair, "red", client=admins_client)
    assert (made["asset_id"], made["target_asset_id"], made["number"]) == (chair, room, 1)
    assert ids(*gazu.asset.all_asset_instances_for_asset(room, client=admins_client)) == ids(made)
    camera_type = site.kit.create("EntityType", name="Camera")
    camera = site.kit.create(
        "Asset", name="Cam", project_id=site.names["project"], entity_type_id=camera_type
    )
    assert gazu.scene.all_camera_instances_for_scene(scene, client=admins_client) == []
    held = gazu.scene.new_scene_asset_instance(scene, str(camera), client=admins_client)
    fresh = gazu.client.get(f"data/scenes/{scene}/camera-instances", client=admins_client)
    assert ids(*fresh) == ids(held)


# -- the page of 2017 --------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_project_tree_folder_and_file(site: Site, artist: tuple[uuid.UUID, str], prefix: str) -> None:
    """POST /project/tree/folder and POST /project/tree/file."""
    body = {"mode": "working", "task_id": str(site.names["task"])}
    folder = site.send("POST", f"{prefix}/project/tree/folder", artist[1], json=body)
    assert (folder.status_code, folder.get_json()) == (200, {"path": f"{SHOT}/work"})
    more = {**body, "version": 3, "comment": "New rig!", "sep": "/"}
    file = site.send("POST", f"{prefix}/project/tree/file", artist[1], json=more)
    assert file.get_json() == {"path": f"{SHOT}/work", "name": f"{NAME}_main_v003_new_rig"}
    for wrong in ({"mode": "sculpting"}, {"task_id": str(uuid.uuid4())}, {"sep": "|"}, {"foo": 1}):
        answer = site.send("POST", f"{prefix}/project/tree/folder", artist[1], json={**body, **wrong})
        assert answer.status_code == 400
        assert answer.get_json()["received_data"] == {**body, **wrong}
        assert isinstance(answer.get_json()["error"], str)


@pytest.mark.parametrize("word", ["working-files", "working_files"])
def test_publish(site: Site, word: str) -> None:
    """POST /project/files/working-files/publish."""
    me, token = site.person("user")
    shot, task = site.new_shot()
    path = f"/project/files/{word}/publish"
    body = {"task_id": str(task), "person_id": str(me), "comment": "Please look", "separator": "/"}
    first = site.send("POST", path, token, json=body)
    assert first.status_code == 201, first.get_data(as_text=True)
    found = first.get_json()
    assert set(found) == {"working_file", "output_file", "preview_path"}
    assert all({"folder_path", "file_name"} <= set(part) for part in found.values())
    assert found["output_file"]["source_file_id"] == found["working_file"]["id"]
    assert (found["working_file"]["revision"], found["output_file"]["revision"]) == (1, 1)
    assert found["preview_path"]["file_name"].endswith("_animation_main_v001")
    row = site.kit.row("Task", task, "task_status.is_feedback_request", "end_date")
    assert row["task_status.is_feedback_request"] is True
    assert row["end_date"] is not None
    again = site.send("POST", f"/api{path}", token, json={**body, "working_file_revision": 5}).get_json()
    assert (again["working_file"]["revision"], again["output_file"]["revision"]) == (5, 2)
    taken = site.send("POST", path, token, json={**body, "working_file_revision": 5})
    assert (taken.status_code, taken.get_json()["error"]) == (400, "The given working file already exists.")
    assert len(site.kit.rows("OutputFile", "id", where=Where("entity_id", Op.EQ, str(shot)))) == 2


# -- who may -----------------------------------------------------------------------------------------


def test_vendors_make_files_of_their_own_tasks_and_clients_none(site: Site) -> None:
    shot, task = site.new_shot()
    path = f"/data/tasks/{task}/working-files/new"
    output = {"task_type_id": str(site.names["step"]), "output_type_id": str(site.names["cache"])}
    vendor_id, vendor = site.person("vendor")
    assert site.send("POST", path, vendor, json={}).status_code == 404
    new = f"/data/entities/{shot}/output-files/new"
    assert site.send("POST", new, vendor, json=output).status_code == 404
    site.kit.create("Assignation", task_id=task, person_id=vendor_id)
    assert site.send("POST", path, vendor, json={}).status_code == 201
    assert site.send("POST", new, vendor, json=output).status_code == 201
    above = f"/data/entities/{site.names['sequence']}/output-files/new"
    assert site.send("POST", above, vendor, json=output).status_code == 403
    _, client = site.person("client")
    assert site.send("POST", path, client, json={}).status_code == 403
    assert site.send("POST", new, client, json=output).status_code == 403
    _, outsider = site.person("manager", on_team=False)
    assert site.send("POST", path, outsider, json={}).status_code == 404
    assert site.send("POST", f"/data/tasks/{task}/working-file-path", outsider, json={}).status_code == 404
    _, other = site.person("vendor")
    for listed in (f"/data/entities/{shot}/output-files", f"/data/tasks/{task}/working-files"):
        assert site.send("GET", listed, other).status_code == 404
    assert site.send("GET", "/data/output-files", other).get_json() == []


def test_vendors_see_the_copies_of_the_assets_they_work_on(site: Site, admin: tuple[uuid.UUID, str]) -> None:
    shot, scene, project = str(site.new_shot()[0]), str(site.names["scene"]), site.names["project"]
    prop = site.named("EntityType", "Prop")
    asset = site.kit.create("Asset", name=unique("Lamp"), project_id=project, entity_type_id=prop)
    body = {"asset_id": str(asset)}
    made = site.send("POST", f"/data/scenes/{scene}/asset-instances", admin[1], json=body)
    copy = made.get_json()["id"]
    vendor_id, vendor = site.person("vendor")
    assert site.send("GET", "/data/asset-instances", vendor).get_json() == []
    site.kit.create("Assignation", task_id=site.task(asset), person_id=vendor_id)
    assert ids(*site.send("GET", "/data/asset-instances", vendor).get_json()) == [copy]
    _, client = site.person("client")
    for outsider in (vendor, client):
        changed = site.send("PUT", f"/data/asset-instances/{copy}", outsider, json={"active": False})
        assert changed.status_code == 403
        assert site.send("DELETE", f"/data/asset-instances/{copy}", outsider).status_code == 403
    into = f"/data/shots/{shot}/asset-instances"
    assert site.send("POST", into, client, json={"asset_instance_id": copy}).status_code == 403


FILE_TYPES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    # collection: a row of it, and what is changed in it
    "file-status": ({"name": "On hold", "color": "#111111"}, {"color": "#222222"}),
    "output-types": ({"name": "Rig", "short_name": "rig"}, {"short_name": "rg"}),
    "softwares": ({"name": "Gaffer", "short_name": "gaf", "file_extension": "gfr"}, {"version": "1.5"}),
    "working-files": ({"name": "main", "revision": 90}, {"comment": "changed"}),
    "output-files": ({"name": "main", "revision": 90}, {"comment": "changed"}),
}


@pytest.mark.parametrize("collection", FILE_TYPES)
def test_crud_of_files_and_their_types(site: Site, admin: tuple[uuid.UUID, str], collection: str) -> None:
    """GET, POST /data/<collection>; GET, PUT, DELETE /data/<collection>/<id>; and with underscores (2017)."""
    token = admin[1]
    given, change = FILE_TYPES[collection]
    owner = {
        "working-files": {"task_id": str(site.names["task"])},
        "output-files": {"entity_id": str(site.names["shot"])},
    }
    for prefix in ("/data", "/api/data"):
        for path in dict.fromkeys((f"{prefix}/{collection}", f"{prefix}/{collection.replace('-', '_')}")):
            made = site.send("POST", path, token, json={**given, **owner.get(collection, {})})
            assert made.status_code == 201, made.get_data(as_text=True)
            row = made.get_json()
            assert row["id"] in ids(*site.send("GET", path, token).get_json())
            page = site.send("GET", f"{path}?page=1&name={given['name']}", token).get_json()
            assert row["id"] in ids(*page["data"])
            assert site.send("GET", f"{path}/{row['id']}", token).get_json()["id"] == row["id"]
            changed = site.send("PUT", f"{path}/{row['id']}", token, json=change).get_json()
            assert {key: changed[key] for key in change} == change
            assert site.send("DELETE", f"{path}/{row['id']}", token).status_code == 204
            assert site.send("GET", f"{path}/{row['id']}", token).status_code == 404


def test_a_body_that_means_nothing_is_refused_by_name(site: Site, artist: tuple[uuid.UUID, str]) -> None:
    _, task = site.new_shot()
    path = f"/data/tasks/{task}/working-files/new"
    for wrong, word in (
        ({"revison": 2}, "revison"),
        ({"revision": -1}, "revision"),
        ({"revision": "x"}, "revision"),
        ({"sep": "|"}, "separator"),
        ({"mode": "sculpting"}, "sculpting"),
        ({"name": "..\\../"}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"software_id": str(uuid.uuid4())}, "software_id"),
    ):
        answer = site.send("POST", path, artist[1], json=wrong)
        assert answer.status_code == 400, wrong
        assert word in answer.get_data(as_text=True), wrong
    assert site.send("GET", f"/data/tasks/{task}/working-files", artist[1]).get_json() == []
