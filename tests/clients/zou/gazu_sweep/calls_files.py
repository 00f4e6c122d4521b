"""How each function of gazu.files is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.clients.zou.gazu_sweep.stage import Row, Stage, has, there

TREE = {
    "working": {
        "mountpoint": "/work",
        "root": "productions",
        "folder_path": {
            "shot": "<Project>/shots/<Sequence>/<Shot>/<TaskType>",
            "asset": "<Project>/assets/<AssetType>/<Asset>/<TaskType>",
            "sequence": "<Project>/sequences/<Sequence>/<TaskType>",
            "style": "lowercase",
        },
        "file_name": {
            "shot": "<Project>_<Sequence>_<Shot>_<TaskType>_v<Version>",
            "asset": "<Project>_<AssetType>_<Asset>_<TaskType>_v<Version>",
            "sequence": "<Project>_<Sequence>_<TaskType>_v<Version>",
            "style": "lowercase",
        },
    }
}


def _bytes(path: str | None) -> bytes:
    assert path is not None
    return Path(path).read_bytes()


PNG = b"\x89PNG"


# -- working files -------------------------------------------------------------------------------------------


def new_working_file(s: Stage) -> bool:
    assert s.filed
    task = s.new_task()
    made = [s.g.files.new_working_file(task, "scene", software=s.software) for _ in range(2)]
    return [each["revision"] for each in made] == [1, 2] and made[0]["path"] != made[1]["path"]


def get_last_working_files(s: Stage) -> bool:
    assert s.filed
    task = s.new_task()
    s.g.files.new_working_file(task, "scene")
    newest = s.g.files.new_working_file(task, "scene")
    return s.g.files.get_last_working_files(task)["scene"]["id"] == newest["id"]


def get_last_working_file_revision(s: Stage) -> bool:
    assert s.filed
    task = s.new_task()
    newest = s.g.files.new_working_file(task, "scene")
    return s.g.files.get_last_working_file_revision(task, "scene")["id"] == newest["id"]


def download_working_file(s: Stage) -> bool:
    path = s.text_file("a scene", ".ma")
    s.g.files.upload_working_file(s.working_file, path)
    target = s.file(".ma")
    s.g.files.download_working_file(s.working_file, target)
    return _bytes(target) == b"a scene"


def upload_working_file(s: Stage) -> bool:
    assert s.filed
    made = s.g.files.new_working_file(s.new_task(), "scene")
    return bool(s.g.files.upload_working_file(made, s.text_file("bytes", ".ma"))["id"] == made["id"])


def update_modification_date(s: Stage) -> bool:
    before = s.working_file
    return s.g.files.update_modification_date(before)["updated_at"] >= before["updated_at"]


# -- output files --------------------------------------------------------------------------------------------


def new_entity_output_file(s: Stage) -> bool:
    assert s.filed
    shot = s.new_shot()
    made = [
        s.g.files.new_entity_output_file(shot, s.output_type, s.animation, "Out", s.working_file)
        for _ in range(2)
    ]
    return [each["revision"] for each in made] == [1, 2] and made[0]["path"] != made[1]["path"]


def _of_instance(s: Stage) -> Row:
    """A published file of an asset in a scene."""
    assert s.filed
    made = s.g.files.new_asset_instance_output_file(
        s.instance, s.scene, s.output_type, s.animation, "Out", name=s.name("cache")
    )
    return dict(made)


def get_next_asset_instance_output_revision(s: Stage) -> bool:
    made = _of_instance(s)
    following = s.g.files.get_next_asset_instance_output_revision(
        s.instance, s.scene, s.output_type, s.animation, made["name"]
    )
    return following == made["revision"] + 1


def get_last_asset_instance_output_revision(s: Stage) -> bool:
    made = _of_instance(s)
    last = s.g.files.get_last_asset_instance_output_revision(
        s.instance, s.scene, s.output_type, s.animation, made["name"]
    )
    return last == made["revision"]


def get_last_output_files_for_asset_instance(s: Stage) -> bool:
    made = _of_instance(s)
    found = s.g.files.get_last_output_files_for_asset_instance(
        s.instance, s.scene, s.animation, s.output_type
    )
    return made["id"] in str(found)


def all_output_types_for_asset_instance(s: Stage) -> bool:
    assert _of_instance(s)
    return has(s.g.files.all_output_types_for_asset_instance(s.instance, s.scene), id=s.output_type["id"])


def all_output_files_for_asset_instance(s: Stage) -> bool:
    made = _of_instance(s)
    return has(s.g.files.all_output_files_for_asset_instance(s.instance, s.scene), id=made["id"])


def build_asset_instance_output_file_path(s: Stage) -> bool:
    assert s.filed
    path = s.g.files.build_asset_instance_output_file_path(s.instance, s.scene, s.output_type, s.animation)
    return "keeper" in path.lower()


def _revision(s: Stage, function: str) -> int:
    """What a function says of the revisions of the shot's published file."""
    name = s.output_file["name"]
    return int(getattr(s.g.files, function)(s.shot, s.output_type, s.animation, name))


# -- previews and attachments --------------------------------------------------------------------------------


def _download(function: str, row: str, start: bytes = PNG, suffix: str = ".png") -> Callable[[Stage], bool]:
    def call(s: Stage) -> bool:
        path = s.file(suffix)
        getattr(s.g.files, function)(getattr(s, row), path)
        return _bytes(path)[: len(start)] == start or _bytes(path)[4 : 4 + len(start)] == start

    return call


def _avatar(kind: str, row: Callable[[Stage], Row], way: str) -> Callable[[Stage], bool]:
    def call(s: Stage) -> bool:
        thing, path = row(s), s.file(".png")
        getattr(s.g.files, f"upload_{kind}_avatar")(thing, s.picture)
        if way == "download":
            getattr(s.g.files, f"download_{kind}_avatar")(thing, path)
        else:
            s.g.client.download(f"pictures/thumbnails/{kind}s/{thing['id']}.png", path)
        return _bytes(path)[:4] == PNG

    return call


def remove_preview_file(s: Stage) -> bool:
    made = s.new_preview()
    s.g.files.remove_preview_file(made, force=True)
    return s.g.files.get_all_preview_files_for_task({"id": made["task_id"]}) == []


def update_preview_annotations(s: Stage) -> bool:
    drawn = {"time": 0, "drawing": {"objects": [{"id": "a", "type": "path"}]}, "width": 320, "height": 180}
    made = s.g.files.update_preview_annotations(s.preview, additions=[drawn])
    return has(made["annotations"], time=0)


def extract_frame_from_preview(s: Stage) -> bool:
    path = s.file(".png")
    s.g.files.extract_frame_from_preview(s.movie_preview, 3, path)
    return _bytes(path)[:4] == PNG


def extract_tile_from_preview(s: Stage) -> bool:
    path = s.file(".png")
    s.g.files.extract_tile_from_preview(s.movie_preview, path)
    return _bytes(path)[:4] == PNG


def update_preview_position(s: Stage) -> bool:
    task = s.new_task()
    comment = s.new_comment(task)
    first = s.g.task.add_preview(task, comment, s.picture)
    second = s.g.task.add_extra_preview(task, comment, first, s.picture)
    s.g.files.update_preview_position(second, 1)
    return s.g.files.get_preview_file(second["id"])["position"] == 1


def get_running_preview_files(s: Stage) -> bool:
    """What is ready runs no more; the list of what does may be empty by now."""
    ready = s.preview
    return not has(s.g.files.get_running_preview_files(), id=ready["id"])


def _attached(s: Stage) -> Row:
    """A picture that came with a comment."""
    task = s.new_task()
    comment = s.new_comment(task, attachments=[s.picture])
    found = s.g.task.get_comment(comment["id"])["attachment_files"][0]
    return dict(s.g.files.get_attachment_file(found if isinstance(found, str) else found["id"]))


def get_all_attachment_files_for_task(s: Stage) -> bool:
    task = s.new_task()
    s.new_comment(task, attachments=[s.picture])
    return len(s.g.files.get_all_attachment_files_for_task(task)) == 1


def get_all_attachment_files_for_project(s: Stage) -> bool:
    made = _attached(s)
    return has(s.g.files.get_all_attachment_files_for_project(s.project), id=made["id"])


def download_attachment_file(s: Stage) -> bool:
    path = s.file(".png")
    s.g.files.download_attachment_file(_attached(s), path)
    return _bytes(path) == _bytes(s.picture)


def download_attachment_thumbnail(s: Stage) -> bool:
    path = s.file(".png")
    s.g.files.download_attachment_thumbnail(_attached(s), path)
    return _bytes(path)[:4] == PNG


# -- vocabulary ----------------------------------------------------------------------------------------------


def get_file_status(s: Stage) -> bool:
    made = s.g.files.new_file_status(s.name("Filed"), "#112233")
    return s.g.files.get_file_status(made["id"])["name"] == made["name"]


def get_file_status_by_name(s: Stage) -> bool:
    made = s.g.files.new_file_status(s.name("Filed"), "#112233")
    return s.g.files.get_file_status_by_name(made["name"])["id"] == made["id"]


def update_project_file_tree(s: Stage) -> bool:
    return s.g.files.update_project_file_tree(s.new_project(), TREE)["file_tree"] == TREE


def _organisation(s: Stage) -> Row:
    return dict(s.g.person.get_organisation())


CALLS: Mapping[str, Callable[[Stage], bool]] = {
    "all_output_types": lambda s: (
        there(s.output_type) and has(s.g.files.all_output_types(), name="Sweepings")
    ),
    "all_output_types_for_entity": lambda s: (
        there(s.output_file) and has(s.g.files.all_output_types_for_entity(s.shot), id=s.output_type["id"])
    ),
    "all_output_types_for_asset_instance": all_output_types_for_asset_instance,
    "get_output_type": lambda s: s.g.files.get_output_type(s.output_type["id"])["short_name"] == "swe",
    "get_output_type_by_name": lambda s: (
        there(s.output_type) and s.g.files.get_output_type_by_name("Sweepings")["id"] == s.output_type["id"]
    ),
    "new_output_type": lambda s: s.g.files.new_output_type(s.name("Out"), "out")["short_name"] == "out",
    "get_output_file": lambda s: s.g.files.get_output_file(s.output_file["id"])["comment"] == "Out",
    "get_output_file_by_path": lambda s: (
        s.g.files.get_output_file_by_path(s.output_file["path"])["id"] == s.output_file["id"]
    ),
    "get_all_working_files_for_entity": lambda s: (
        there(s.working_file)
        and has(s.g.files.get_all_working_files_for_entity(s.shot, s.task, "swept"), id=s.working_file["id"])
    ),
    "get_preview_file": lambda s: s.g.files.get_preview_file(s.preview["id"])["extension"] == "png",
    "wait_for_preview_file": lambda s: s.g.files.wait_for_preview_file(s.preview)["status"] == "ready",
    "remove_preview_file": remove_preview_file,
    "get_all_preview_files_for_task": lambda s: has(
        s.g.files.get_all_preview_files_for_task({"id": s.preview["task_id"]}), id=s.preview["id"]
    ),
    "get_all_attachment_files_for_task": get_all_attachment_files_for_task,
    "get_all_attachment_files_for_project": get_all_attachment_files_for_project,
    "all_output_files_for_entity": lambda s: (
        there(s.output_file)
        and has(
            s.g.files.all_output_files_for_entity(s.shot, s.output_type, s.animation), id=s.output_file["id"]
        )
    ),
    "all_output_files_for_asset_instance": all_output_files_for_asset_instance,
    "all_output_files_for_project": lambda s: (
        there(s.output_file)
        and has(s.g.files.all_output_files_for_project(s.project), id=s.output_file["id"])
    ),
    "all_softwares": lambda s: there(s.software) and has(s.g.files.all_softwares(), name="Sweeper"),
    "get_software": lambda s: s.g.files.get_software(s.software["id"])["file_extension"] == "swp",
    "get_software_by_name": lambda s: (
        there(s.software) and s.g.files.get_software_by_name("Sweeper")["id"] == s.software["id"]
    ),
    "new_software": lambda s: (
        s.g.files.new_software(s.name("Soft"), "sft", "sft", ["sf2"])["secondary_extensions"] == ["sf2"]
    ),
    "update_software": lambda s: s.g.files.update_software({**s.software, "version": "2"})["version"] == "2",
    "build_working_file_path": lambda s: (
        there(s.filed) and "sh010" in s.g.files.build_working_file_path(s.task).lower()
    ),
    "build_entity_output_file_path": lambda s: (
        there(s.filed)
        and "sh010" in s.g.files.build_entity_output_file_path(s.shot, s.output_type, s.animation).lower()
    ),
    "build_asset_instance_output_file_path": build_asset_instance_output_file_path,
    "new_working_file": new_working_file,
    "new_entity_output_file": new_entity_output_file,
    "new_asset_instance_output_file": lambda s: _of_instance(s)["asset_instance_id"] == s.instance["id"],
    "get_next_entity_output_revision": lambda s: (
        _revision(s, "get_next_entity_output_revision") == s.output_file["revision"] + 1
    ),
    "get_next_asset_instance_output_revision": get_next_asset_instance_output_revision,
    "get_last_entity_output_revision": lambda s: (
        _revision(s, "get_last_entity_output_revision") == s.output_file["revision"]
    ),
    "get_last_asset_instance_output_revision": get_last_asset_instance_output_revision,
    "get_last_output_files_for_entity": lambda s: (
        s.output_file["id"] in str(s.g.files.get_last_output_files_for_entity(s.shot))
    ),
    "get_last_output_files_for_asset_instance": get_last_output_files_for_asset_instance,
    "get_working_files_for_task": lambda s: (
        there(s.working_file) and has(s.g.files.get_working_files_for_task(s.task), id=s.working_file["id"])
    ),
    "get_last_working_files": get_last_working_files,
    "get_last_working_file_revision": get_last_working_file_revision,
    "get_working_file": lambda s: s.g.files.get_working_file(s.working_file["id"])["name"] == "swept",
    "update_comment": lambda s: s.g.files.update_comment(s.working_file, "Cleaned")["comment"] == "Cleaned",
    "update_modification_date": update_modification_date,
    "update_output_file": lambda s: (
        s.g.files.update_output_file(s.output_file, {"description": "Good"})["description"] == "Good"
    ),
    "update_project_file_tree": update_project_file_tree,
    "upload_working_file": upload_working_file,
    "download_working_file": download_working_file,
    "download_preview_file": _download("download_preview_file", "preview"),
    "get_preview_file_url": lambda s: s.g.files.get_preview_file_url(s.preview).endswith(
        f"{s.preview['id']}.png"
    ),
    "get_attachment_file": lambda s: _attached(s)["extension"] == "png",
    "download_attachment_file": download_attachment_file,
    "download_preview_file_thumbnail": _download("download_preview_file_thumbnail", "preview"),
    "download_preview_file_cover": _download("download_preview_file_cover", "preview"),
    "download_person_avatar": _avatar("person", Stage.new_person, "download"),
    "upload_person_avatar": _avatar("person", Stage.new_person, "upload"),
    "download_project_avatar": _avatar("project", Stage.new_project, "download"),
    "upload_project_avatar": _avatar("project", Stage.new_project, "upload"),
    "download_organisation_avatar": _avatar("organisation", _organisation, "download"),
    "upload_organisation_avatar": _avatar("organisation", _organisation, "upload"),
    "update_preview": lambda s: (
        s.g.files.update_preview(s.preview, {"description": "Nice"})["description"] == "Nice"
    ),
    "get_running_preview_files": get_running_preview_files,
    "get_preview_movie_url": lambda s: s.g.files.get_preview_movie_url(s.movie_preview).startswith(
        "movies/originals"
    ),
    "download_preview_movie": _download("download_preview_movie", "movie_preview", b"ftyp", ".mp4"),
    "get_preview_lowdef_movie_url": lambda s: s.g.files.get_preview_lowdef_movie_url(
        s.movie_preview
    ).startswith("movies/low"),
    "download_preview_lowdef_movie": _download(
        "download_preview_lowdef_movie", "movie_preview", b"ftyp", ".mp4"
    ),
    "get_attachment_thumbnail_url": lambda s: s.g.files.get_attachment_thumbnail_url(_attached(s)).endswith(
        ".png"
    ),
    "download_attachment_thumbnail": download_attachment_thumbnail,
    "extract_frame_from_preview": extract_frame_from_preview,
    "update_preview_position": update_preview_position,
    "update_preview_annotations": update_preview_annotations,
    "extract_tile_from_preview": extract_tile_from_preview,
    "new_file_status": lambda s: s.g.files.new_file_status(s.name("Filed"), "#112233")["color"] == "#112233",
    "get_file_status": get_file_status,
    "get_file_status_by_name": get_file_status_by_name,
}
