"""What each kind of Shotgun's rows is with us: one table, from its keys to our attributes.

Whatever of a row is in no table is somebody else's bookkeeping and left alone, but `sg_...` keys: those
are a studio's own fields (`custom_fields.py`). Source: docs/protocols/zou.md 12.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zou_server.services.importers.shotgun import complete
from zou_server.services.importers.shotgun import values as v
from zou_server.services.importers.shotgun.rows import SgRow

PLACEHOLDER = "changeme@email.com"
"""The address of accounts that Shotgun makes for its own use."""

ROLES: Mapping[str, str] = {
    # the name of a permission rule set, in lower case: the role
    "admin": "admin",
    "manager": "manager",
    "production manager": "manager",
    "producer": "manager",
    "coordinator": "manager",
    "supervisor": "supervisor",
    "lead": "supervisor",
    "artist": "user",
    "user": "user",
    "vendor": "vendor",
    "client": "client",
}


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """A value: `target` is the attribute (`data.fps` a custom field), `keys` the first of which counts."""

    target: str
    keys: tuple[str, ...]
    read: v.Reader = v.text
    required: bool = False


@dataclass(frozen=True, slots=True)
class RowReference:
    """A link to a row of another kind, which must have been imported; `to` "" lets its type say which."""

    target: str
    keys: tuple[str, ...]
    to: str
    required: bool = False
    read: v.Reader = v.first_link


@dataclass(frozen=True, slots=True)
class NamedWord:
    """A link to something that has no list of its own in an export, known by name: made when missing."""

    target: str
    keys: tuple[str, ...]
    vocabulary: str
    read: v.Reader = v.named


@dataclass(frozen=True, slots=True)
class RowLinks:
    """A link to many; `relation` is its line in the table of `links.py`."""

    keys: tuple[str, ...]
    to: str
    relation: str


@dataclass(frozen=True, slots=True)
class Natural:
    """Attributes that tell a row made by hand, which becomes the imported one; not when `unless` is given."""

    attributes: tuple[str, ...]
    unless: str = ""


@dataclass(frozen=True)
class ImportKind:
    """One kind of rows.

    * `custom`: the type of the custom fields that its `sg_` keys become; "" for none
    * `kept`: attributes that only a new row gets; the studio may have arranged them since
    * `copies`: a reference to many that makes one row of ours for each (a note on two tasks)
    * `by_natural`: rows are known by their natural key alone, because the id does not tell them apart
    """

    name: str
    facet: str
    columns: tuple[ValueColumn, ...]
    references: tuple[RowReference, ...] = ()
    words: tuple[NamedWord, ...] = ()
    links: tuple[RowLinks, ...] = ()
    naturals: tuple[Natural, ...] = ()
    custom: str = ""
    kept: frozenset[str] = frozenset()
    copies: str = ""
    by_natural: bool = False
    skip: Callable[[Mapping[str, Any]], bool] = lambda raw: False
    complete: tuple[Callable[[SgRow], None], ...] = field(default=())

    @property
    def keys(self) -> frozenset[str]:
        """Every key that one of the tables reads."""
        parts: tuple[ValueColumn | RowReference | NamedWord | RowLinks, ...] = (
            *self.columns,
            *self.references,
            *self.words,
            *self.links,
        )
        return frozenset(key for part in parts for key in part.keys)


def _active(value: object) -> bool:
    return v.text(value) != "dis"


def _role(value: object) -> str:
    name = v.named(value)
    if name.lower() not in ROLES:
        raise ValueError(f"there is no role for '{name[:40]}'")
    return ROLES[name.lower()]


_NAME = ValueColumn("name", ("code", "name", "cached_display_name"), v.name, required=True)
_ABOUT = ValueColumn("description", ("description", "sg_description"))
_PROJECT = RowReference("project_id", ("project",), "projects", required=True, read=v.link)
_STATUS = NamedWord("status_id", ("sg_status_list",), "statuses", v.name)
_IN_TREE = (Natural(("project_id", "parent_id", "name")),)
_CUT = (
    ValueColumn("data.frame_in", ("sg_cut_in", "cut_in"), v.whole),
    ValueColumn("data.frame_out", ("sg_cut_out", "cut_out"), v.whole),
    ValueColumn("nb_frames", ("sg_cut_duration", "cut_duration"), v.count),
)

_PROJECTS = ImportKind(
    "projects",
    "Project",
    (
        ValueColumn("name", ("name", "cached_display_name"), v.name, required=True),
        ValueColumn("code", ("code", "tank_name")),
        _ABOUT,
        ValueColumn("fps", ("sg_fps",)),
        ValueColumn("resolution", ("sg_width___height", "sg_resolution"), v.resolution),
        ValueColumn("start_date", ("start_date",), v.day),
        ValueColumn("end_date", ("end_date",), v.day),
    ),
    words=(NamedWord("project_status_id", ("sg_status",), "project statuses", v.name),),
    naturals=(Natural(("name",)),),
    custom="Project",
)
_PERSONS = ImportKind(
    "persons",
    "HumanUser",
    (
        ValueColumn("first_name", ("firstname",)),
        ValueColumn("last_name", ("lastname",)),
        ValueColumn("email", ("email",), v.text),
        ValueColumn("login", ("login",), v.text),
        ValueColumn("active", ("sg_status_list",), _active),
        ValueColumn("role", ("permission_rule_set",), _role),
    ),
    words=(NamedWord("departments", ("department",), "departments"),),
    naturals=(Natural(("email",)), Natural(("login",))),
    custom="Person",
    skip=lambda raw: str(raw.get("email")).strip().lower() == PLACEHOLDER,
    complete=(complete.name_person, complete.tidy_address),
)
_EPISODES = ImportKind(
    "episodes",
    "Episode",
    (_NAME, _ABOUT),
    (_PROJECT,),
    (_STATUS,),
    naturals=_IN_TREE,
    custom="Episode",
)
_SEQUENCES = ImportKind(
    "sequences",
    "Sequence",
    (_NAME, _ABOUT),
    (_PROJECT, RowReference("parent_id", ("episode", "sg_episode"), "episodes")),
    (_STATUS,),
    naturals=_IN_TREE,
    custom="Sequence",
)
_SCENES = ImportKind(
    "scenes",
    "Scene",
    (_NAME, _ABOUT, *_CUT),
    (
        _PROJECT,
        RowReference("parent_id", ("sequence_sg_scenes_1_sequences", "sg_sequence", "sequence"), "sequences"),
    ),
    (_STATUS,),
    naturals=_IN_TREE,
    custom="Scene",
    complete=(complete.complete_cut,),
)
_SHOTS = ImportKind(
    "shots",
    "Shot",
    (_NAME, _ABOUT, *_CUT),
    (_PROJECT, RowReference("parent_id", ("sg_sequence",), "sequences")),
    (_STATUS,),
    (RowLinks(("assets",), "assets", "cast"),),
    naturals=_IN_TREE,
    custom="Shot",
    complete=(complete.complete_cut,),
)
_ASSETS = ImportKind(
    "assets",
    "Asset",
    (_NAME, _ABOUT),
    (_PROJECT,),
    (NamedWord("entity_type_id", ("sg_asset_type",), "asset types", v.name), _STATUS),
    (RowLinks(("assets",), "assets", "cast"), RowLinks(("parents",), "assets", "cast in")),
    naturals=(Natural(("project_id", "entity_type_id", "name")),),
    custom="Asset",
)
_STEPS = ImportKind(
    "steps",
    "TaskType",
    (
        ValueColumn("name", ("code", "cached_display_name"), v.name, required=True),
        ValueColumn("short_name", ("short_name",)),
        ValueColumn("color", ("color",), v.colour),
        ValueColumn("for_entity", ("entity_type",)),
        ValueColumn("description", ("description",)),
        ValueColumn("priority", ("list_order",), v.count),
    ),
    words=(NamedWord("department_id", ("department",), "departments"),),
    naturals=(Natural(("name", "for_entity")), Natural(("name",), unless="for_entity")),
    kept=frozenset({"department_id", "priority"}),
    complete=(complete.find_department,),
)
_STATUSES = ImportKind(
    "status",
    "TaskStatus",
    (
        ValueColumn("shotgun_code", ("code",), v.name, required=True),
        ValueColumn("name", ("name",), v.name),
        ValueColumn("color", ("bg_color",), v.colour),
    ),
    naturals=(Natural(("shotgun_code",)), Natural(("code",))),
    kept=frozenset({"code", "is_done", "is_wip", "is_retake", "is_feedback_request"}),
    complete=(complete.mean_status,),
)
_TASKS = ImportKind(
    "tasks",
    "Task",
    (
        ValueColumn("name", ("content", "cached_display_name"), v.name, required=True),
        ValueColumn("description", ("sg_description", "description")),
        ValueColumn("start_date", ("start_date",), v.moment),
        ValueColumn("due_date", ("due_date",), v.moment),
        ValueColumn("estimation", ("est_in_mins", "duration"), v.minutes),
        ValueColumn("sort_order", ("sg_sort_order",), v.whole),
    ),
    (
        _PROJECT,
        RowReference("task_type_id", ("step",), "steps", read=v.link),
        RowReference("entity_id", ("entity",), "", required=True, read=v.link),
        RowReference("assigner_id", ("created_by",), "persons", read=v.link),
    ),
    (NamedWord("task_status_id", ("sg_status_list",), "statuses", v.name),),
    (RowLinks(("task_assignees",), "persons", "assign"),),
    naturals=(Natural(("entity_id", "task_type_id", "name")),),
    custom="Task",
    kept=frozenset({"assigner_id"}),
)
_VERSIONS = ImportKind(
    "versions",
    "PreviewFile",
    (
        ValueColumn("name", ("code", "cached_display_name"), v.name, required=True),
        _ABOUT,
        ValueColumn("movie", ("sg_uploaded_movie",), complete.movie),
    ),
    (
        RowReference("task_id", ("sg_task",), "tasks", required=True, read=v.link),
        RowReference("person_id", ("user", "created_by"), "persons", read=v.link),
        RowReference("", ("project",), "projects", read=v.link),
    ),
    naturals=(Natural(("task_id", "name")),),
    custom="PreviewFile",
    kept=frozenset({"status", "source", "revision"}),
    complete=(complete.take_movie,),
)
_NOTES = ImportKind(
    "notes",
    "Note",
    (
        ValueColumn("text", ("content",)),
        ValueColumn("title", ("subject",)),
        ValueColumn("made_at", ("created_at",), v.moment),
    ),
    (
        RowReference("", ("project",), "projects", read=v.link),
        RowReference("object_id", ("tasks",), "tasks", required=True, read=v.links),
        RowReference("person_id", ("user", "created_by"), "persons", read=v.link),
    ),
    custom="Note",
    copies="object_id",
)
_CONNECTIONS = ImportKind(
    "projectconnections",
    "Membership",
    (),
    (
        RowReference("project_id", ("project",), "projects", required=True, read=v.link),
        RowReference("person_id", ("user",), "persons", required=True, read=v.link),
    ),
    naturals=(Natural(("project_id", "person_id")),),
    by_natural=True,
)

KINDS: Mapping[str, ImportKind] = {
    kind.name: kind
    for kind in (
        _PROJECTS,
        _PERSONS,
        _STEPS,
        _STATUSES,
        _EPISODES,
        _SEQUENCES,
        _SCENES,
        _ASSETS,
        _SHOTS,
        _CONNECTIONS,
        _TASKS,
        _VERSIONS,
        _NOTES,
    )
}
"""Every kind by its name, in an order in which what is referred to comes first."""

BY_TYPE: Mapping[str, str] = {
    "Asset": "assets",
    "Shot": "shots",
    "Sequence": "sequences",
    "Episode": "episodes",
    "Scene": "scenes",
    "Project": "projects",
}
"""The type of a link that may lead to several kinds: the kind."""
