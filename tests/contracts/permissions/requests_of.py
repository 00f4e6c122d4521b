"""A request for every route: which routes there are, and an example of each with our project's rows."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.contracts.permissions.cast import EVERYBODY, Cast
from zou_server.blueprints.zou.vocabulary import WireType, wire_types
from zou_server.models.registry import Kind
from zou_server.schemas.derive import writable

if TYPE_CHECKING:
    from werkzeug.routing import Rule
    from werkzeug.test import TestResponse

BLUEPRINTS = ("zou.", "zou_auth.", "zou_welcome.")
SILENT = frozenset({"HEAD", "OPTIONS"})
_ARGUMENT = re.compile(r"<(?:[^<>:]+:)?([^<>]+)>")

OWN_ROWS = frozenset({"TimeSpent", "Note", "DayOff", "Subscription", "DesktopLoginLog"})
"""Facets whose new rows are the caller's own in these requests."""


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def routes(cast: Cast) -> list[Route]:
    """Every route of the dialect, once: the other prefix and the seed's underscores lead to the same code."""
    rules = [rule for rule in cast.world.app.url_map.iter_rules() if rule.endpoint.startswith(BLUEPRINTS)]
    spellings: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        spellings.setdefault((rule.endpoint, canonical(rule.rule)), []).append(rule)
    kept = [min(found, key=lambda rule: _words(rule.rule).count("_")) for found in spellings.values()]
    return sorted(
        {Route(method, rule.rule) for rule in kept for method in (rule.methods or set()) - SILENT}, key=str
    )


def canonical(path: str) -> str:
    """A path with hyphens for underscores, its arguments left alone."""
    return "/".join(part if part.startswith("<") else part.replace("_", "-") for part in path.split("/"))


def _words(path: str) -> str:
    return "/".join(part for part in path.split("/") if not part.startswith("<"))


def arguments(path: str) -> list[str]:
    """The names of a path's arguments."""
    return _ARGUMENT.findall(path)


def collection_of(path: str) -> WireType | None:
    """The type of a generic route; None for any other."""
    found = re.fullmatch(r"/data/([a-z-]+)(?:/<id>)?", path)
    return wire_types().get(found[1]) if found else None


ARGUMENTS: Mapping[str, str] = {
    # path argument: the facet whose row of our project stands for it
    "project_id": "Project",
    "task_id": "Task",
    "entity_id": "Shot",
    "shot_id": "Shot",
    "asset_id": "Asset",
    "sequence_id": "Sequence",
    "episode_id": "Episode",
    "scene_id": "Scene",
    "edit_id": "Edit",
    "concept_id": "Concept",
    "comment_id": "Note",
    "reply_id": "Note",
    "preview_file_id": "PreviewFile",
    "playlist_id": "Playlist",
    "working_file_id": "WorkingFile",
    "output_file_id": "OutputFile",
    "attachment_file_id": "AttachmentFile",
    "attachment_id": "AttachmentFile",
    "budget_id": "Budget",
    "entry_id": "BudgetEntry",
    "metadata_descriptor_id": "FieldDescriptor",
    "asset_instance_id": "AssetInstance",
    "milestone_id": "ProjectMilestone",
    "filter_id": "SearchFilter",
    "search_filter_id": "SearchFilter",
    "search_filter_group_id": "SearchFilterGroup",
    "notification_id": "Notification",
    "task_type_id": "TaskType",
    "asset_type_id": "AssetType",
    "task_status_id": "TaskStatus",
    "person_id": "HumanUser",
    "output_type_id": "OutputType",
    "software_id": "Software",
    "department_id": "Department",
    "organisation_id": "Organisation",
    "target_id": "TaskType",
    "temporal_entity_id": "Shot",
    "error_id": "DataImportError",
    "run_id": "ImportRun",
    "news_id": "Note",
    "file_id": "WorkingFile",
    "background_id": "PreviewBackgroundFile",
    "preview_background_file_id": "PreviewBackgroundFile",
    "status_automation_id": "StatusAutomation",
    "template_id": "ProjectTemplate",
    "build_job_id": "BuildJob",
    "version_id": "ProductionScheduleVersion",
    "hardware_item_id": "HardwareItem",
    "message_id": "ChatMessage",
    "schedule_item_id": "ScheduleItem",
}

KITSU = "/import/kitsu/"
"""Where another studio's rows come in: each list is sent one new row."""

LISTS_OF_MY_OWN: Mapping[str, str] = {
    # collection whose <id> is a row of another name: the facet
    "filters": "SearchFilter",
    "filter-groups": "SearchFilterGroup",
}

WORDS: Mapping[str, str] = {
    # path argument that is no id: an example
    "kind": "shots",
    "date": "2026-01-05",
    "month_date": "2026-01",
    "extension": "png",
    "file_name": "plate.png",
    "filename": "plate.png",
    "lowdef": "low",
    "year": "2026",
    "month": "1",
    "week": "2",
    "day": "5",
    "name": "main",
    "preset": "standard",
    "source": "csv",
    "entity_type": "shots",
    "field_name": "no_such_field",
}


def address(cast: Cast, route: Route, who: str, own: Mapping[str, Any]) -> str:
    """The path with the rows of our project; KeyError names an argument without an example."""

    def example(found: re.Match[str]) -> str:
        name = found[1]
        if name in own:
            value = own[name]
            return str(value(cast, who) if callable(value) else value)
        if name in WORDS:
            return WORDS[name]
        if name == "id":
            return str(row_of(cast, _facet_of(route.path)))
        return str(row_of(cast, ARGUMENTS[name]))

    return _ARGUMENT.sub(example, route.path)


def _facet_of(path: str) -> str:
    """The facet of a route's `<id>`, by the collection before it."""
    plural = path.split("/<id>", maxsplit=1)[0].rpartition("/")[2]
    if plural in LISTS_OF_MY_OWN:
        return LISTS_OF_MY_OWN[plural]
    return wire_types()[plural].facet.name


def row_of(cast: Cast, name: str) -> uuid.UUID:
    """The row of a facet in our project, or one of the studio's."""
    return cast.ours.get(name) or cast.factory.target(name)


def generic_body(cast: Cast, wire: WireType, method: str, who: str) -> dict[str, Any]:
    """What to send to a generic route: a whole new row, or one changed text."""
    values = cast.factory.values(wire.facet.name, full=method == "PUT", **_given(cast, wire, who))
    if method == "PUT":
        name = _changed(wire)
        values = {name: values.get(name)} if name else {}
    by_name = {each.field.name: key for key, each in wire.fields.items()}
    return {by_name[name]: _json(value) for name, value in values.items() if name in by_name}


def _given(cast: Cast, wire: WireType, who: str) -> dict[str, Any]:
    fields = wire.facet.fields
    found: dict[str, Any] = {}
    links = {
        "project_id": "Project",
        "task_id": "Task",
        "object_id": "Task",
        "entity_id": "Shot",
        "comment_id": "Note",
    }
    for name, target in links.items():
        if name in fields and target in cast.ours and fields[name].kind is Kind.LINK:
            found[name] = cast.ours[target]
    if wire.facet.model.__name__ in OWN_ROWS and "person_id" in fields and who in EVERYBODY:
        found["person_id"] = cast.actors[who].person_id
    return found


def _changed(wire: WireType) -> str:
    texts = [
        each.field.name
        for each in wire.fields.values()
        if each.field.kind is Kind.TEXT and writable(each.field) and not each.field.choices
    ]
    wanted = [name for name in ("name", "text", "description", "label") if name in texts]
    return (wanted or texts or [""])[0]


def _json(value: Any) -> Any:
    return str(value) if isinstance(value, uuid.UUID) else value


def outcome(answer: TestResponse) -> str:
    """One letter for what somebody got: see `routes.txt`."""
    if answer.status_code < 400:
        return "y"
    if answer.status_code in _LETTERS:
        return _LETTERS[answer.status_code]
    if any(reason in answer.text for reason in _STATES):
        return "y"
    return "b" if any(reason in answer.text for reason in _UNSEEN) else "v"


_STATES = ("records referencing this one", "Only closed projects can be deleted")
"""What is refused to those who may, too, because of what else there is."""

_UNSEEN = (
    "does not exist",
    "not found",
    "There is no Task",
    "there is no project",
    "no field of this type here",
    "are not in this project",
)
"""What is said of a row in a body that the caller does not see."""

_LETTERS = {401: "-", 403: "n", 404: "h"}
