"""Keys that Kitsu's pages read out of answers, and their kinds, asked of the demo film and of a TV show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.clients.zou.kitsu.page import Page, kitsu_site
from tests.studio import unique
from zou_server.adapters.storage import make_storage
from zou_server.services.install.install_demo import install_demo

if TYPE_CHECKING:
    from tests.clients.zou.people.own.site import OwnSite
    from tests.conftest import SuitePostgres

TEXT, NUMBER, TRUTH, LIST, OBJECT, NOTHING = str, (int, float), bool, list, dict, type(None)
Kind = type | tuple[type, ...] | str
"""What stands there: of these types, or this text."""


class Shape(NamedTuple):
    """A request of a page, and what its answer holds: `a.b` a key, `[]` every row of a list that has some."""

    method: str
    path: str
    holds: dict[str, Kind]
    body: Any = None
    status: int = 200


SHAPES = (
    Shape("GET", "/auth/authenticated", {".user.fido_devices": LIST, ".organisation.id": TEXT}),
    Shape(
        "GET",
        "/data/user/context",
        {".preview_background_files[].name": TEXT, ".user_limit": NUMBER, ".task_types[].id": TEXT},
    ),
    Shape(
        "GET", "/data/persons?relations=true&is_guest=true", {"[].is_guest": TRUTH, "[].departments": LIST}
    ),
    Shape(
        "GET",
        "/data/project-templates",
        {
            "[].name": TEXT,
            "[].fps": (str, NOTHING),
            "[{template}].metadata_descriptors[].field_name": TEXT,
            "[{template}].metadata_descriptors[].departments[]": TEXT,
            "[{template}].metadata_descriptors[].task_type_id": NOTHING,
        },
    ),
    Shape(
        "GET",
        "/data/projects/{film}",
        {
            ".asset_types[]": TEXT,
            ".task_statuses[]": TEXT,
            ".task_types[]": TEXT,
            ".team[]": TEXT,
            ".task_types_priority.{film_step}": NUMBER,
            ".task_statuses_link.{film_status}.priority": NUMBER,
            ".task_type_links.{film_step}": OBJECT,
        },
    ),
    Shape(
        "PUT",
        "/data/entities/{shot}",
        {".data.fps": "24", ".data.frame_in": NUMBER, ".data.resolution": ""},
        {"data": {"fps": "24", "frame_in": 1001, "frame_out": 1050, "resolution": ""}},
    ),
    Shape(
        "PUT",
        "/data/entities/{shot}",
        {".data.fps": "24", ".data.frame_in": NUMBER, ".data.weather": "rain"},
        {"data": {"weather": "rain"}},
    ),
    Shape("PUT", "/data/entities/{shot}", {".data.max_retakes": NOTHING}, {"data": {"max_retakes": None}}),
    Shape(
        "GET",
        "/data/shots/{shot}",
        {".data.fps": "24", ".data.resolution": "", ".data.max_retakes": NOTHING},
    ),
    Shape(
        "GET",
        "/data/entities/{concept}/entities-linked/with-tasks",
        {"[].project_name": TEXT, "[].entity_concept_links": LIST, "[].tasks": LIST},
    ),
    Shape(
        "GET",
        "/data/episodes/with-tasks?project_id={show}",
        {"[].episode_id": (str, NOTHING), "[].tasks": LIST},
    ),
    Shape(
        "GET", "/data/tasks/{task}/full", {".entity.data.max_retakes": NOTHING, ".assigner.departments": LIST}
    ),
    Shape(
        "GET",
        "/data/tasks/open-tasks?project_id={show}",
        {
            ".data[].entity_data": (dict, NOTHING),
            ".data[].data": (dict, NOTHING),
            ".data[{task}].entity_data.fps": "24",
            ".data[{task}].entity_data.weather": "rain",
            ".data[{task}].entity_data.resolution": "",
            ".data[{task}].entity_data.max_retakes": NOTHING,
            ".data[{task}].data.meta_task": TEXT,
        },
    ),
    Shape(
        "POST",
        "/actions/tasks/{task}/comment",
        {
            ".person.id": TEXT,
            ".person.first_name": TEXT,
            ".person.has_avatar": TRUTH,
            ".task_status.id": TEXT,
        },
        {"task_status_id": "{wip}", "comment": "seen"},
        201,
    ),
    Shape(
        "POST",
        "/actions/projects/{show}/tasks/comment-many",
        {"[].person.id": TEXT, "[].person.last_name": TEXT},
        [{"object_id": "{task}", "task_status_id": "{wip}", "comment": "and again"}],
        201,
    ),
    Shape("POST", "/data/tasks/{task}/comments/{comment}/ack", {".attachment_files[]": TEXT, ".id": TEXT}),
    Shape(
        "POST",
        "/data/tasks/{task}/comments/{comment}/reply",
        {".attachment_files": LIST, ".text": TEXT, ".person_id": TEXT},
        {"text": "right"},
        200,
    ),
    Shape("GET", "/data/tasks/{film_task}/previews", {"[].id": TEXT, "[].extension": TEXT}),
    Shape("GET", "/data/preview-files/{film_preview}", {".data": (dict, NOTHING), ".width": NUMBER}),
    Shape("PUT", "/actions/preview-files/{preview}/set-main-preview", {".data.fps": TEXT}),
    Shape("PUT", "/actions/tasks/{task}/set-main-preview", {".data.fps": TEXT}),
    Shape("GET", "/data/persons/{artist}/tasks", {"[{task}].entity_data.max_retakes": NOTHING}),
    *(
        Shape(
            "GET",
            f"/data/persons/{{artist}}/time-spents/{span}?project_id={{show}}&studio_id={{studio}}",
            {"[].duration": NUMBER},
        )
        for span in ("year/{y}", "month/{y}/{m}", "week/{iso_y}/{w}", "day/{y}/{m}/{d}")
    ),
    Shape(
        "GET",
        "/data/projects/{show}/playlists?sort_by=created_at&page=1&task_type_id={step}",
        {"[].id": TEXT, "[].name": TEXT, "[].task_type_id": TEXT},
    ),
    *(
        Shape(
            "GET",
            f"/data/events/last?after=2026-01-01T00:00:00&before=2099-01-01T00:00:00&limit=1&name={name}",
            {f"[].data.{key}": kind for key, kind in told.items()},
        )
        for name, told in {
            "production-schedule-version:new": {"production_schedule_version_id": TEXT},
            "preview-file:update": {"status": TEXT},
            "chat:new-message": {"chat_message_id": TEXT, "last_message": TEXT},
            "playlist:new": {"playlist_id": TEXT},
            "task:delete": {"entity_id": TEXT},
            "day-off:new": {"day_off_id": TEXT},
            "time-spent:new": {"time_spent_id": TEXT},
            "preview-file:set-main": {"preview_file_status": TEXT},
        }.items()
    ),
)


def found_at(answer: Any, path: str) -> list[Any]:
    """What stands at a path of an answer; the keys that lead nowhere are named."""
    found, where = [answer], ""
    for part in path.replace("[", ".[").strip(".").split("."):
        where += f".{part}"
        if part == "[]":
            found = [each for rows in found for each in rows]
            assert found, f"{where}: no rows"
        elif part.startswith("["):
            found = [each for rows in found for each in rows if each["id"] == part[1:-1]]
            assert found, f"{where}: no such row"
        else:
            lacking = [each for each in found if part not in each]
            assert not lacking, f"{where}: not in {sorted(lacking[0])}"
            found = [each[part] for each in found]
    return found


def filled(sent: Any, rows: dict[str, str]) -> Any:
    """A request, or a path of its answer, with the rows of this studio."""
    if isinstance(sent, str):
        for name, value in rows.items():
            sent = sent.replace("{" + name + "}", value)
        return sent
    if isinstance(sent, list):
        return [filled(each, rows) for each in sent]
    return {key: filled(value, rows) for key, value in sent.items()} if isinstance(sent, dict) else sent


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    """The TV show of the other pages, and the demo film beside it."""
    with kitsu_site(postgres, tmp_path_factory.mktemp("shapes")) as site:
        install_demo(site.kit.studio.writes, make_storage(site.kit.settings))
        yield site


@pytest.fixture(scope="module")
def rows(site: OwnSite, admin: Page) -> dict[str, str]:
    """What the braces stand for."""
    kit, made, today = site.kit, site.made, dt.datetime.now(dt.UTC).date()
    show, artist = str(made.project), str(made.artist.person_id)
    (film,) = [each for each in admin.get("/data/projects") if each["name"] == "Night Ferry"]
    film = admin.get(f"/data/projects/{film['id']}")
    (preview, *_) = admin.get(f"/data/projects/{film['id']}/preview-files")
    studio = admin.ask("POST", "/data/studios", {"name": unique("Studio"), "color": "#112233"}, 201)["id"]
    admin.ask("PUT", f"/data/persons/{artist}", {"studio_id": studio})
    step = str(made.steps["Animation"])
    playlist = {"name": unique("Takes"), "project_id": show, "task_type_id": step}
    shown = admin.ask("POST", "/data/playlists/", playlist, 201)["id"]
    link = admin.ask("POST", f"/data/playlists/{shown}/share", {"can_comment": True}, 201)["token"]
    admin.ask("POST", f"/shared/playlists/{link}/guest", {"first_name": "G", "last_name": "H"}, 201)
    admin.ask("POST", "/data/preview-background-files", {"name": unique("sky")}, 201)
    department = admin.ask("POST", "/data/departments", {"name": unique("Dep")}, 201)["id"]
    field = {"name": "Lens", "entity_type": "Shot", "data_type": "string", "departments": [department]}
    admin.ask("POST", f"/data/projects/{show}/metadata-descriptors", field, 201)
    path = f"/data/project-templates/from-project/{show}"
    template = admin.ask("POST", path, {"name": unique("T")}, 201)["id"]
    admin.ask("POST", "/data/production-schedule-versions/", {"project_id": show, "name": unique("V")}, 201)
    admin.ask("POST", "/data/day-offs", {"date": "2026-12-24", "person_id": artist}, 201)
    day = f"/actions/tasks/{made.tasks['shot']}/time-spents/{today}/persons/{artist}"
    admin.ask("POST", day, {"duration": 60}, 201)
    admin.ask("PUT", f"/data/tasks/{made.tasks['shot']}", {"data": {"meta_task": "x"}})
    admin.ask("POST", f"/actions/user/chats/{made.shot}/join")
    admin.ask("POST", f"/data/entities/{made.shot}/chat/messages", {"message": "hi"}, 201)
    kit.create("EntityLink", entity_in_id=made.shot, entity_out_id=made.asset, nb_occurences=1)
    concept = kit.create("Concept", name=unique("Idea"), project_id=made.project)
    admin.ask("PUT", f"/data/entities/{concept}", {"entity_concept_links": [str(made.asset)]})
    take = kit.create("PreviewFile", name=unique("P"), task_id=made.tasks["shot"], revision=1, status="ready")
    kit.update("Task", made.tasks["shot"], last_preview_file_id=take, assigner_id=made.lead.person_id)
    kit.update("PreviewFile", take, description="shown")
    admin.ask("DELETE", f"/data/tasks/{made.tasks['other_shot']}?force=true", status=204)
    comment = site.comment(made.tasks["shot"], "wip", made.artist)
    kit.create("AttachmentFile", name="notes.txt", comment_id=comment)
    iso = today.isocalendar()
    return {
        "film": film["id"],
        "film_step": film["task_types"][0],
        "film_status": film["task_statuses"][0],
        "film_preview": preview["id"],
        "film_task": preview["task_id"],
        "show": show,
        "template": template,
        "artist": artist,
        "studio": studio,
        "step": step,
        "wip": str(made.statuses["wip"]),
        "shot": str(made.shot),
        "concept": str(concept),
        "task": str(made.tasks["shot"]),
        "preview": str(take),
        "comment": str(comment),
        "y": str(today.year),
        "m": str(today.month),
        "d": str(today.day),
        "iso_y": str(iso.year),
        "w": str(iso.week),
    }


@pytest.mark.parametrize(
    "shape",
    SHAPES,
    ids=lambda shape: f"{shape.method} {shape.path.partition('?')[0]} {next(iter(shape.holds))}",
)
def test_an_answer_holds_what_the_page_reads(admin: Page, rows: dict[str, str], shape: Shape) -> None:
    answer = admin.ask(shape.method, filled(shape.path, rows), filled(shape.body, rows), shape.status)
    for path, kind in shape.holds.items():
        for each in found_at(answer, filled(path, rows)):
            assert is_of(each, kind), (path, each)


def is_of(value: Any, kind: Kind) -> bool:
    """Whether a value is as said; a truth is no number."""
    if isinstance(kind, str):
        return bool(value == kind)
    return isinstance(value, kind) and (kind is not NUMBER or not isinstance(value, bool))
