"""What to send to the routes that ask for more than an empty object: (method and path) -> request options."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from PIL import Image

from tests.contracts.permissions.cast import Cast
from tests.contracts.permissions.props import SHOTGUN_ID
from tests.contracts.permissions.requests_of import row_of
from tests.studio import unique
from zou_server.blueprints.zou.transfer.shotgun_import import REMOVED

NOBODY = "nobody"
_STEP = "<task_type_id>/estimations"
_OUTPUT_OF_COPY = "/data/asset-instances/<asset_instance_id>/entities/<temporal_entity_id>/output-files"

Options = Callable[[Cast, str], dict[str, Any]]


def _id(cast: Cast, name: str) -> str:
    return str(row_of(cast, name))


def _person(cast: Cast, who: str = "artist") -> str:
    return str(cast.actors[who].person_id)


def _own(cast: Cast, who: str) -> str:
    """Whoever asks."""
    return _person(cast, who if who != NOBODY else "artist")


def _prop(name: str) -> Callable[[Cast, str], str]:
    """A row that is there for a route of its own."""
    return lambda cast, who: str(cast.ours[name])


def _key(cast: Cast, _who: str) -> str:
    """A key of the artist."""
    found: str = cast.send("admin", "GET", f"/data/persons/{_person(cast)}/keys").get_json()[0]["id"]
    return found


def _told(cast: Cast, who: str) -> str:
    """A notification of whoever asks."""
    return str(cast.ours[f"told {who if who != NOBODY else 'artist'}"])


def _json(**make: Callable[[Cast], Any]) -> Options:
    """An object whose values are made of the cast."""
    return lambda cast, who: {"json": {key: value(cast) for key, value in make.items()}}


def _row(name: str) -> Callable[[Cast], str]:
    return lambda cast: _id(cast, name)


def _said(value: Any) -> Callable[[Cast], Any]:
    return lambda cast: value


def _new_name(_cast: Cast) -> str:
    return unique("New")


def _picture(_cast: Cast, _who: str) -> dict[str, Any]:
    buffer = io.BytesIO()
    Image.new("RGB", (32, 18), "teal").save(buffer, "PNG")
    buffer.seek(0)
    return {"data": {"file": (buffer, "picture.png")}, "content_type": "multipart/form-data"}


def _csv(text: str) -> Options:
    return lambda cast, who: {
        "data": {"file": (io.BytesIO(text.encode()), "sheet.csv")},
        "content_type": "multipart/form-data",
    }


def _with_project(make: Callable[[str], str]) -> Options:
    """A sheet that names our project."""
    return lambda cast, who: _csv(make(cast.world.kit.row("Project", cast.ours["Project"], "name")))(
        cast, who
    )


def _edit_list(_cast: Cast, _who: str) -> dict[str, Any]:
    cut = "001  SQ9  V  C  00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00"
    edl = f"TITLE: cut\n\n{cut}\n* FROM CLIP NAME: SQ9-SH9\n"
    form = {
        "file": (io.BytesIO(edl.encode()), "cut.edl"),
        "naming_convention": "${sequence_name}-${shot_name}",
    }
    return {"data": form, "content_type": "multipart/form-data"}


def _task_sheet(name: str) -> str:
    return f"Project,Task Type\n{name},Animation\n"


_NAMED = _json(name=_new_name)
_ONE_TASK = _json(task_ids=lambda cast: [_id(cast, "Task")])
_TREE = _json(tree_name=_said("default"))
_TREE_PATH = _json(mode=_said("working"), task_id=_row("Task"))
_OUTPUT = _json(output_type_id=_row("OutputType"), task_type_id=_row("TaskType"), name=_said("main"))
_COMMENT = _json(comments=lambda cast: [{"task_id": _id(cast, "Task"), "comment": "Hello"}])
_COPY_PATH = "/data/asset-instances/<asset_instance_id>/entities/<temporal_entity_id>/output-file-path"
_IN_COMMENT = "<task_id>/comments/<comment_id>"
_NEW_PASSWORD = _said("a long enough password")

BODIES: Mapping[str, Options] = {
    "POST /actions/persons/<person_id>/change-password": _json(
        password=_NEW_PASSWORD, password_2=_NEW_PASSWORD
    ),
    "POST /actions/persons/<person_id>/departments/add": _json(department_id=_row("Department")),
    "PUT /actions/persons/<person_id>/assign": _ONE_TASK,
    "POST /actions/playlists/<playlist_id>/add-entity": _json(entity_id=_row("Shot")),
    "POST /actions/projects/<project_id>/delete-entities": lambda cast, who: {"json": [_id(cast, "Shot")]},
    "POST /actions/projects/<project_id>/delete-tasks": lambda cast, who: {"json": [_id(cast, "Task")]},
    **dict.fromkeys(
        (
            "POST /actions/projects/<project_id>/task-types/<task_type_id>/<kind>/create-tasks",
            "POST /actions/projects/<project_id>/task-types/<task_type_id>/create-tasks/<kind>",
        ),
        lambda cast, who: {"json": [_id(cast, "Shot")]},
    ),
    "POST /actions/projects/<project_id>/set-file-tree": _TREE,
    "POST /project/<project_id>/set-tree": _TREE,
    "POST /project/set-tree": _json(tree_name=_said("default"), project_id=_row("Project")),
    "POST /project/tree/file": _TREE_PATH,
    "POST /project/tree/folder": _TREE_PATH,
    "POST /actions/projects/<project_id>/tasks/comment-many": _COMMENT,
    "POST /actions/tasks/<task_id>/batch-comment": _COMMENT,
    "POST /actions/tasks/batch-comment": _COMMENT,
    "POST /actions/tasks/<task_id>/comment": _json(comment=_said("Hello"), task_status_id=_row("TaskStatus")),
    "POST /actions/user/tasks/subscribe": _ONE_TASK,
    "POST /actions/user/tasks/unsubscribe": _ONE_TASK,
    "PUT /actions/tasks/clear-assignation": _ONE_TASK,
    "PUT /actions/tasks/<task_id>/assign": _json(person_id=_person),
    "PUT /data/tasks/<task_id>/assign": _json(person_id=_person),
    "POST /actions/tasks/<task_id>/time-spents/<date>/persons/<person_id>": _json(duration=_said(60)),
    "POST /actions/tasks/<task_id>/time-spents/<date>/persons/<person_id>/add": _json(duration=_said(60)),
    "POST /actions/tasks/<task_id>/comments/<comment_id>/add-attachment": _picture,
    "POST /actions/tasks/<task_id>/comments/<comment_id>/move": _json(target_task_id=_row("Task")),
    "PUT /actions/preview-files/<preview_file_id>/update-position": _json(position=_said(1)),
    "POST /data/tasks/<task_id>/comments/<comment_id>/reply": _json(text=_said("Hello")),
    f"POST {_OUTPUT_OF_COPY}/next-revision": _OUTPUT,
    "POST /data/entities/<entity_id>/output-files/next-revision": _OUTPUT,
    "POST /data/entities/<entity_id>/output-files/new": _OUTPUT,
    f"POST {_OUTPUT_OF_COPY}/new": _OUTPUT,
    "POST /data/entities/<entity_id>/output-file-path": _OUTPUT,
    f"POST {_COPY_PATH}": _OUTPUT,
    "POST /data/tasks/<task_id>/working-files/new": _json(name=_new_name),
    "POST /data/entities/guess-from-path": _json(project_id=_row("Project"), file_path=_said("/a/b/c")),
    "POST /data/assets/<asset_id>/asset-asset-instances": _json(asset_to_instantiate_id=_row("Asset")),
    "POST /data/scenes/<scene_id>/asset-instances": _json(asset_id=_row("Asset")),
    "POST /data/shots/<shot_id>/asset-instances": _json(asset_instance_id=_row("AssetInstance")),
    "POST /data/persons": _json(
        first_name=_new_name,
        last_name=_said("x"),
        email=lambda cast: f"{unique('x').replace(' ', '')}@example.com",
    ),
    "POST /data/tasks": _json(
        name=_new_name, task_type_id=_row("TaskType"), entity_id=_row("Shot"), project_id=_row("Project")
    ),
    "POST /actions/playlists/<playlist_id>/add-entities": _json(
        entities=lambda cast: [{"entity_id": _id(cast, "Shot")}]
    ),
    "POST /data/projects/<project_id>/production-schedule-versions": _NAMED,
    "POST /data/schedule-items": _json(
        project_id=_row("Project"), task_type_id=_row("TaskType"), object_id=_row("Sequence")
    ),
    "POST /actions/task-types/reorder": _json(task_type_ids=lambda cast: [_id(cast, "TaskType")]),
    "POST /actions/projects/<project_id>/task-type-links/reorder": _json(
        task_type_ids=lambda cast: [_id(cast, "TaskType")]
    ),
    "POST /actions/projects/<project_id>/task-status-links/reorder": _json(
        task_status_ids=lambda cast: [_id(cast, "TaskStatus")]
    ),
    "POST /actions/metadata-descriptors/all-projects/reorder": _json(
        entity_type=_said("Shot"), field_names=lambda cast: ["no_such_field"]
    ),
    "POST /data/metadata-descriptors/all-projects": _json(name=_new_name, entity_type=_said("Shot")),
    "PUT /actions/tasks/set-priority": _json(task_ids=lambda cast: [_id(cast, "Task")], priority=_said(2)),
    "PUT /actions/tasks/set-main-preview": _ONE_TASK,
    "POST /actions/assets/share": _json(asset_ids=lambda cast: [_id(cast, "Asset")]),
    "POST /data/departments/<department_id>/hardware-items": _json(hardware_item_id=_row("HardwareItem")),
    "POST /data/departments/<department_id>/software-licenses": _json(software_id=_row("Software")),
    "POST /data/entities/<entity_id>/chat/messages": _json(message=_said("Hello")),
    "POST /data/scenes/<scene_id>/shots": _json(shot_id=_row("Shot")),
    "POST /data/project-templates/from-project/<project_id>": _NAMED,
    "PUT /data/project-templates/<template_id>/metadata-descriptors": _json(
        metadata_descriptors=lambda cast: []
    ),
    **{
        f"POST /data/project-templates/<template_id>/{path}": _json(**{key: _row(name)})
        for path, key, name in (
            ("asset-types", "asset_type_id", "AssetType"),
            ("task-types", "task_type_id", "TaskType"),
            ("task-statuses", "task_status_id", "TaskStatus"),
            ("status-automations", "status_automation_id", "StatusAutomation"),
            ("preview-background-files", "preview_background_file_id", "PreviewBackgroundFile"),
        )
    },
    "POST /actions/project-templates/<template_id>/task-types/reorder": _json(
        task_type_ids=lambda cast: [_id(cast, "TaskType")]
    ),
    "POST /actions/project-templates/<template_id>/task-statuses/reorder": _json(
        task_status_ids=lambda cast: [_id(cast, "TaskStatus")]
    ),
    "POST /actions/production-schedule-versions/<version_id>"
    "/set-task-links-from-production-schedule-version": _json(
        production_schedule_version_id=_row("ProductionScheduleVersion")
    ),
    "POST /data/chats": _json(object_id=_row("Sequence")),
    "POST /data/task-status-links": _json(project_id=_row("Project"), task_status_id=_row("TaskStatus")),
    "POST /data/task-type-links": _json(project_id=_row("Project"), task_type_id=_row("TaskType")),
    "POST /data/search": _json(query=_said("something")),
    "POST /data/search-filters": _json(
        name=_new_name, list_type=_said("shot"), search_query=_said("x"), project_id=_row("Project")
    ),
    "POST /data/user/filters": _json(
        name=_new_name, list_type=_said("shot"), query=_said("x"), project_id=_row("Project")
    ),
    "POST /data/user/filter-groups": _json(
        name=_new_name, list_type=_said("shot"), color=_said("#112233"), project_id=_row("Project")
    ),
    "PUT /data/user/notifications/<notification_id>": _json(read=_said(value=True)),
    "POST /data/working-files/<working_file_id>/file": _picture,
    "POST /data/projects/<project_id>/metadata-descriptors/reorder": _json(
        entity_type=lambda cast: cast.world.kit.row(
            "FieldDescriptor", cast.ours["FieldDescriptor"], "entity_type"
        ),
        descriptor_ids=lambda cast: [_id(cast, "FieldDescriptor")],
    ),
    "POST /data/projects/<project_id>/metadata-descriptors": _json(
        name=_new_name, entity_type=_said("Shot"), data_type=_said("string")
    ),
    **{
        f"POST /data/projects/<project_id>/settings/{path}": _json(**{key: _row(name)})
        for path, key, name in (
            ("asset-types", "asset_type_id", "AssetType"),
            ("task-types", "task_type_id", "TaskType"),
            ("task-status", "task_status_id", "TaskStatus"),
            ("status-automations", "status_automation_id", "StatusAutomation"),
            ("preview-background-files", "preview_background_file_id", "PreviewBackgroundFile"),
        )
    },
    "POST /data/projects/<project_id>/settings/batch": _json(task_types=lambda cast: [_id(cast, "TaskType")]),
    "POST /data/projects/<project_id>/team": _json(person_id=_row("HumanUser")),
    "POST /data/projects/<project_id>/playlists/temp": _ONE_TASK,
    "POST /data/projects/<project_id>/budgets": _json(name=_new_name, currency=_said("EUR")),
    "POST /data/projects/<project_id>/milestones": _json(name=_new_name, date=_said("2026-01-05")),
    **{
        f"POST /data/projects/<project_id>/{path}": _NAMED
        for path in (
            "asset-types/<asset_type_id>/assets/new",
            "concepts",
            "edits",
            "episodes",
            "scenes",
            "sequences",
            "shots",
        )
    },
    "POST /pictures/preview-background-files/<background_id>": _picture,
    "POST /pictures/preview-files/<preview_file_id>": _picture,
    "POST /pictures/thumbnails/organisations/<id>": _picture,
    "POST /pictures/thumbnails/persons/<id>": _picture,
    "POST /pictures/thumbnails/projects/<id>": _picture,
    "PUT /data/shots/<entity_id>/casting": lambda cast, who: {"json": []},
    "PUT /data/assets/<entity_id>/casting": lambda cast, who: {"json": []},
    "PUT /data/episodes/<entity_id>/casting": lambda cast, who: {"json": []},
    "PUT /data/projects/<project_id>/entities/<entity_id>/casting": lambda cast, who: {"json": []},
    "PUT /data/projects/<project_id>/entities/casting": lambda cast, who: {"json": {_id(cast, "Shot"): []}},
    "PUT /data/projects/<project_id>/entities/casting/assets/<asset_id>": _json(
        entity_ids=lambda cast: [_id(cast, "Shot")]
    ),
    "DELETE /data/tasks/<id>": lambda cast, who: {"query_string": {"force": "true"}},
    **{
        f"POST {root}import/csv/{path}": sheet
        for root in ("/", "/data/")
        for path, sheet in (
            ("persons", _csv("First Name,Last Name,Email\nAda,L,ada@example.com\n")),
            ("projects", _csv("Name,Status\nNew,Open\n")),
            ("task-types", _csv("Department,Name\nModeling,Newest\n")),
            ("asset", _with_project(lambda name: f"Project,Category,Name\n{name},Prop,Lamp\n")),
            ("assets", _with_project(lambda name: f"Project,Category,Name\n{name},Prop,Lamp\n")),
            ("shots", _with_project(lambda name: f"Project,Sequence,Name\n{name},SQ9,SH9\n")),
            ("tasks", _with_project(_task_sheet)),
            ("tasks.csv", _with_project(_task_sheet)),
        )
    },
    "POST /import/csv/projects/<project_id>/assets": _csv("Type,Name\nProp,Lamp\n"),
    "POST /import/csv/projects/<project_id>/edits": _csv("Name\nED9\n"),
    "POST /import/csv/projects/<project_id>/casting": _csv("Parent,Name,Asset Type,Asset\n"),
    f"POST /import/csv/projects/<project_id>/task-types/{_STEP}": _csv("Parent,Entity\n"),
    f"POST /import/csv/projects/<project_id>/episodes/<episode_id>/task-types/{_STEP}": _csv(
        "Parent,Entity\n"
    ),
    "POST /import/otio/projects/<project_id>": _edit_list,
    "POST /import/otio/projects/<project_id>/episodes/<episode_id>": _edit_list,
    "POST /project/files/working-files/publish": lambda cast, who: {
        "json": {"task_id": _id(cast, "Task"), "person_id": _own(cast, who), "comment": "Hello"}
    },
    "POST /data/entities/<entity_id>/tasks": _json(task_type_ids=lambda cast: [_id(cast, "TaskType")]),
    **{
        f"POST {root}import/shotgun/remove/{path}": _json(id=_said(SHOTGUN_ID))
        for root in ("/", "/data/")
        for path in REMOVED
    },
    **{
        f"POST {root}import/shotgun/{path}": lambda cast, who: {"json": []}
        for root in ("/", "/data/")
        for path in (
            "assets",
            "episodes",
            "notes",
            "persons",
            "project-connections",
            "projectconnections",
            "projects",
            "scenes",
            "sequences",
            "shots",
            "status",
            "steps",
            "tasks",
            "versions",
        )
    },
    "POST /import/csv/projects/<project_id>/shots": _csv("Sequence,Name\nSQ9,SH9\n"),
}

OWN_ARGUMENTS: Mapping[str, Mapping[str, Any]] = {
    # route -> path argument: the word, or what gives it for somebody
    **{
        f"GET /data/persons/<person_id>/quota-shots/{path}": {
            "person_id": _own,
            last: lambda cast, who: f"1?project_id={_id(cast, 'Project')}",
        }
        for path, last in (
            ("day/<year>/<month>/<day>", "day"),
            ("week/<year>/<week>", "week"),
            ("month/<year>/<month>", "month"),
        )
    },
    **{
        f"{method} /data/metadata-descriptors/all-projects/<field_name>": {
            "field_name": lambda cast, who: cast.world.kit.row(
                "FieldDescriptor", cast.ours["FieldDescriptor"], "field_name"
            )
        }
        for method in ("PUT", "DELETE")
    },
    **{
        route: {
            "token": lambda cast, who: cast.world.kit.row(
                "PlaylistShareLink", cast.ours["PlaylistShareLink"], "token"
            )
        }
        for route in (
            "DELETE /data/playlists/<playlist_id>/share/<token>",
            "POST /data/playlists/<playlist_id>/share/<token>/invite",
        )
    },
    **{
        f"{method} /data/projects/<project_id>/team/<person_id>": {
            "person_id": lambda cast, who: _person(cast)
        }
        for method in ("PUT", "DELETE")
    },
    **{
        f"POST /actions/tasks/<task_id>/time-spents/<date>/persons/<person_id>{end}": {"person_id": _own}
        for end in ("", "/add")
    },
    "DELETE /actions/tasks/<task_id>/time-spents/<date>/persons/<person_id>": {
        "person_id": lambda cast, who: _person(cast)
    },
    **{
        f"GET {path}": {"preview_file_id": _prop("shown movie"), "extension": "mp4"}
        for path in (
            "/actions/preview-files/<preview_file_id>/extract-annotated-frame",
            "/actions/preview-files/<preview_file_id>/extract-annotated-frames",
            "/actions/preview-files/<preview_file_id>/extract-frame",
            "/actions/preview-files/<preview_file_id>/extract-tile",
            *(
                f"/movies/{size}/preview-files/<preview_file_id>.mp4"
                for size in ("low", "originals", "source")
            ),
            "/movies/tiles/preview-files/<preview_file_id>.png",
            *(
                f"/pictures/{size}/preview-files/<preview_file_id>.png"
                for size in ("originals", "previews", "thumbnails", "thumbnails-square")
            ),
            "/pictures/originals/preview-files/<preview_file_id>.<extension>",
            *(
                f"/{kind}/originals/preview-files/<preview_file_id>/download"
                for kind in ("movies", "pictures")
            ),
        )
    },
    **{
        f"{method} /actions/tasks/{_IN_COMMENT}/preview-files/<preview_file_id>": {
            "comment_id": _prop("comment with parts"),
            "preview_file_id": _prop("shown movie"),
        }
        for method in ("POST", "DELETE")
    },
    f"DELETE /data/tasks/{_IN_COMMENT}/reply/<reply_id>": {
        "comment_id": _prop("comment with parts"),
        "reply_id": _prop("reply"),
    },
    **{
        f"GET {path}": {"attachment_id": _prop("attachment with bytes")}
        for path in (
            "/data/attachment-files/<attachment_id>/file/<file_name>",
            "/pictures/thumbnails/attachment-files/<attachment_id>.png",
        )
    },
    "GET /data/working-files/<working_file_id>/file": {"working_file_id": _prop("working file with bytes")},
    "GET /data/concepts/<entity_id>/preview-files": {"entity_id": _prop("Concept")},
    "GET /data/edits/<entity_id>/preview-files": {"entity_id": _prop("Edit")},
    "GET /data/projects/<project_id>/news/<news_id>": {"news_id": _prop("comment with parts")},
    **{
        f"{method} /data/user/notifications/<notification_id>": {"notification_id": _told}
        for method in ("GET", "PUT")
    },
    "POST /pictures/preview-background-files/<background_id>": {  # the file it replaces is gone for good
        "background_id": lambda cast, who: cast.factory.target("PreviewBackgroundFile", 1)
    },
    **{
        # somebody who can get a mail
        route: {"person_id": lambda cast, who: _person(cast)}
        for route in (
            "GET /actions/persons/<person_id>/invite",
            "POST /actions/persons/<person_id>/reset-password-link",
        )
    },
    "DELETE /data/persons/<person_id>/keys/<key_id>": {
        "person_id": lambda cast, who: _person(cast),
        "key_id": _key,
    },
    "GET /pictures/thumbnails/persons/<id>.png": {
        "id": lambda cast, who: cast.factory.target("HumanUser", 1)
    },
}
"""Arguments that are not the usual row."""
