"""Where Shotgun's words differ from ours: the only exceptions to what the registry says.

Without an entry here a field is called like our attribute (links without `_id`) and its data type
follows its kind, so a new model needs no entry. `ATTRIBUTES` renames or hides our attributes,
`EXTRAS` adds keys that we hold no attribute of their own for. Both are keyed by a scope, the name of a
facet, of a model ("Entity" is every facet of it), or EVERYWHERE, and by a name; the narrowest scope wins.
A key that matches nothing fails a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zou_server.blueprints.shotgun.schema.site import site
from zou_server.models.cuts import FRAMES, SUMMARIES
from zou_server.models.records import DECLARED, INNER
from zou_server.models.registry import Facet
from zou_server.models.versions import MOVIE_RATE, TRANSCODING

EVERYWHERE = "*"
NAMES = ("code", "name", "title", "display_name")
DISPLAY = {"PermissionRuleSet": "display_name"}


def display_key(kind: str) -> str:
    """The field that a declared type is named by, "" for none."""
    fields = site()[kind]
    return DISPLAY.get(kind) or next((key for key in NAMES if key in fields), "")


@dataclass(frozen=True, slots=True)
class Said:
    """How one field is said here, where that differs from what is derived.

    * `key`: its name; None hides it; "" keeps the derived one
    * `path`: what is read, canonical, when it is not the attribute itself
    * `write`: the attribute that a write sets; "" for none; None keeps the derived one
    * `writer`: how a write sets it (`writes.WRITERS`)
    * `style`: how the value is written into answers (`spelling.STYLES`)
    * `source`: the facet and attribute whose values are the legal ones, looked up when written
    * `special`: the name of its own comparisons (`enumerations.ENUMERATIONS`)
    * `also`: another attribute that a write may set
    * `types`: the types a link leads to, when they are no facets; `order`: the paths to sort by
    """

    why: str
    key: str | None = ""
    data_type: str = ""
    path: str = ""
    style: str = ""
    write: str | None = None
    writer: str = ""
    source: tuple[str, str] | None = None
    special: str = ""
    also: str = ""
    types: tuple[str, ...] = ()
    order: tuple[str, ...] = ()


def _status(hop: str) -> Said:
    """The status that a link leads to, by the code that Shotgun has for it."""
    path, source = f"{hop}.shotgun_code", ("TaskStatus", "shotgun_code")
    return Said(_STATUS, "sg_status_list", "status_list", path, writer="value_of", source=source)


def _any_status(hop: str) -> Said:
    """The same where any status of the studio may stand."""
    return Said(
        _STATUS,
        "sg_status_list",
        "status_list",
        f"{hop}.shotgun_code",
        writer="value_of",
        source=("Status", "shotgun_code"),
    )


def _hidden(why: str) -> Said:
    return Said(why, None)


_INTERNAL = "our own bookkeeping, no field of Shotgun's"
_BY_KIND = "Shotgun has one field for each type of linked row, added below"
_COLOR = 'colours are "r,g,b" here, "#rrggbb" with us'
_STATUS = "Shotgun names a status by its short code, not by a link"
_DAY = "a day without a time here"


def _many(path: str, write: str = "") -> Said:
    """The rows of a type along a link of ours; without `write` it is those rows that have the link."""
    if write:
        return Said(
            "the rows of this type along a link of ours", data_type="multi_entity", path=path, write=write
        )
    why = "the other rows have the link: they are written"
    return Said(why, data_type="multi_entity", path=path, write=f"{OTHER_SIDE}{path}", writer="other_side")


OTHER_SIDE = "of:"
"""What the name of a link that other rows have begins with."""


ATTRIBUTES: Mapping[tuple[str, str], Said] = {
    (EVERYWHERE, "id"): _hidden("`id` is the number here; our uuid has no field"),
    (EVERYWHERE, "number"): Said("the integer id", "id", "number"),
    (EVERYWHERE, "display_name"): Said("Shotgun's name for it", "cached_display_name"),
    (EVERYWHERE, "object_kind"): _hidden("every row says its `type`"),
    (EVERYWHERE, "lock_version"): _hidden(_INTERNAL),
    (EVERYWHERE, "data"): _hidden("custom fields are fields of their own"),
    (EVERYWHERE, "shotgun_id"): _hidden("the id in somebody else's Shotgun: an import's bookkeeping"),
    (EVERYWHERE, "context"): _hidden("the same link as parent, entity or project"),
    (EVERYWHERE, "color"): Said(_COLOR, data_type="color", style="rgb"),
    # -- the production tree
    ("Entity", "kind"): _hidden("every row says its `type`"),
    ("Entity", "name"): Said("a short name is a code", "code"),
    ("Entity", "code"): _hidden("Zou's second name; `code` is the name"),
    ("Entity", "status_id"): _any_status("status"),
    ("Entity", "sequence_id"): _hidden("said by `sg_sequence` where Shotgun has it"),
    ("Shot", "sequence_id"): Said(
        "the sequence a shot hangs on is its parent", "sg_sequence", write="parent_id"
    ),
    ("Scene", "sequence_id"): Said(
        "the sequence a scene hangs on is its parent", "sg_sequence", write="parent_id"
    ),
    ("Sequence", "episode_id"): Said("the episode a sequence hangs on is its parent", write="parent_id"),
    ("Shot", "parent_id"): _hidden("`sg_sequence` writes it"),
    ("Scene", "parent_id"): _hidden("`sg_sequence` writes it"),
    ("Sequence", "parent_id"): _hidden("`episode` writes it"),
    ("Entity", "frame_in"): _hidden("a shot's `sg_cut_in`"),
    ("Entity", "frame_out"): _hidden("a shot's `sg_cut_out`"),
    ("Entity", "fps"): _hidden("a custom field"),
    ("Note", "changes_status"): _hidden("for Zou's news"),
    ("Entity", "full_entity_name"): _hidden("a name for lists, put together from those above"),
    ("Shot", "nb_frames"): Said("the length of the cut", "sg_cut_duration"),
    ("Entity", "path"): _hidden(_INTERNAL),
    ("Entity", "tasks"): _many("tasks"),
    ("Entity", "children"): _hidden(_BY_KIND),
    ("Entity", "entities_out"): _hidden(_BY_KIND),
    ("Entity", "entities_in"): _hidden(_BY_KIND),
    # -- work
    ("Task", "name"): Said("what the task is about", "content"),
    ("Task", "description"): Said("as imports from Shotgun call it", "sg_description"),
    ("Task", "task_type_id"): Said("a task type is a step", "step"),
    ("Task", "task_status_id"): _status("task_status"),
    ("Task", "assignees"): Said("who works on it", "task_assignees"),
    ("Task", "estimation"): Said("planned minutes", "est_in_mins", "duration", style="minutes"),
    ("Task", "duration"): Said(
        "minutes already logged", "time_logs_sum", "duration", style="minutes", write=""
    ),
    ("Task", "start_date"): Said(_DAY, data_type="date", style="day"),
    ("Task", "due_date"): Said(_DAY, data_type="date", style="day"),
    ("Task", "sort_order"): Said("as imports from Shotgun call it", "sg_sort_order"),
    ("Task", "comments"): _hidden("`notes` are links from both ends"),
    ("TaskType", "name"): Said("a step's long name is its code", "code"),
    ("TaskType", "priority"): Said("its place in lists", "list_order"),
    ("TaskType", "for_entity"): Said("the type it is for", "entity_type", "entity_type"),
    ("TimeSpent", "task_id"): Said("what the time was spent on", "entity"),
    ("TimeSpent", "person_id"): Said("who spent it", "user"),
    ("TimeSpent", "duration"): Said("whole minutes", data_type="duration", style="minutes"),
    # -- people
    ("Person", "first_name"): Said("one word", "firstname"),
    ("Person", "last_name"): Said("one word", "lastname"),
    ("Person", "full_name"): Said(
        "first and last name, split when written", "name", write="first_name", writer="full_name"
    ),
    ("ApiUser", "full_name"): _hidden("a script is named by `firstname`"),
    ("Person", "active"): Said(
        "active and disabled are a status",
        "sg_status_list",
        "status_list",
        style="active",
        writer="active",
        special="active",
    ),
    ("Person", "role"): Said(
        "a role is a group of permissions",
        "permission_rule_set",
        "entity",
        style="role",
        writer="role",
        special="role",
        types=("PermissionRuleSet",),
        order=("role",),
    ),
    ("Person", "is_bot"): _hidden("the type says it: HumanUser or ApiUser"),
    ("Person", "is_admin"): _hidden("the permission group says it"),
    ("Person", "daily_salary"): _hidden("nothing for scripts"),
    ("Membership", "person_id"): Said("who is on the project", "user"),
    ("Membership", "role"): Said("plain text, no permission group of its own", data_type="list"),
    # -- studio vocabulary
    ("Status", "shotgun_code"): Said("what Shotgun calls it", "code"),
    ("Status", "code"): _hidden("Zou's short name"),
    ("Status", "color"): Said(_COLOR, "bg_color", "color", style="rgb"),
    ("Software", "name"): Said("a short name is a code", "code"),
    # -- projects
    ("Project", "description"): Said("a custom field at Shotgun's, present on every site", "sg_description"),
    ("Project", "project_status_id"): Said(
        "a list there, a status with us",
        "sg_status",
        "list",
        "project_status.shotgun_code",
        writer="value_of",
        source=("ProjectStatus", "shotgun_code"),
    ),
    ("Project", "team"): Said("who is on it", "users"),
    ("Project", "entities"): _hidden(_BY_KIND),
    ("Project", "tasks"): _many("own_tasks"),
    ("Project", "file_tree"): _hidden(_INTERNAL),
    # -- talk
    ("Note", "text"): Said("the body", "content"),
    ("Note", "title"): Said("the headline", "subject"),
    ("Note", "object_id"): _hidden("the first of `note_links` or `tasks`"),
    ("Note", "person_id"): Said("who wrote it", "user"),
    ("Note", "status_id"): _any_status("status"),
    **{
        (scope, "preview_file_id"): Said(
            "its thumbnail",
            "image",
            "image",
            "preview_file_id",
            "preview_image",
            write="data.image",
            writer="no_image",
        )
        for scope in ("Entity", "Version")
    },
    ("Note", "parent_id"): _hidden("what a reply answers"),
    ("Reply", "parent_id"): Said(
        "what it answers: a note, or a row of any type",
        "entity",
        path="answers",
        writer="answers",
        also="reply_to_id",
        order=("answers.display_name",),
    ),
    ("Note", "replies"): _many("replies"),
    # -- review
    ("Version", "published_files"): _many("published_files"),
    ("Version", "name"): Said("a short name is a code", "code"),
    ("Version", "object_id"): Said("what it is a take of", "entity"),
    ("Version", "task_id"): Said("the task that it is a take of", "sg_task"),
    ("Version", "person_id"): Said("who made it", "user"),
    ("Version", "status_id"): _any_status("status"),
    ("Component", "name"): Said("its own name", "code"),
    ("Component", "label"): Said("the name that all its versions share", "name"),
    ("Component", "object_id"): Said("what it is of", "entity"),
    ("Component", "revision"): Said("its number", "version_number"),
    ("Component", "output_type_id"): Said("what it is", "published_file_type"),
    ("Component", "status_id"): _any_status("status"),
    ("Location", "name"): Said("a short name is a code", "code"),
    ("Playlist", "name"): Said("a short name is a code", "code"),
    ("OutputType", "name"): Said("a short name is a code", "code"),
    # -- links that are rows
    **{
        ("ObjectLink", name): _hidden("an end of a connection, or its bookkeeping")
        for name in ("from_id", "to_id", "field", "position")
    },
    ("DeclaredRecord", "kind"): _hidden("every row says its `type`"),
    **{
        (kind, "name"): Said("the name of a row of this type", display_key(kind) or None)
        for kind in DECLARED
        if kind not in INNER
    },
    # -- the event log
    ("EventLog", "action"): _hidden("part of `event_type`"),
    ("EventLog", "kind"): _hidden("part of `event_type`"),
    ("EventLog", "object_id"): Said("what it happened to", "entity"),
    ("EventLog", "object_name"): _hidden("part of `description`"),
    ("EventLog", "attribute"): Said(
        "the wire name of the field",
        "attribute_name",
        style="attribute_name",
        special="attribute_name",
        order=("attribute",),
    ),
    ("EventLog", "old"): _hidden("part of `meta`"),
    ("EventLog", "new"): _hidden("part of `meta`"),
    ("EventLog", "actor_id"): Said("who did it", "user"),
    ("EventLog", "sudo_actor_id"): _hidden("part of `meta`"),
    ("EventLog", "session_uuid"): Said("as the client set it", data_type="uuid"),
    ("EventLog", "updated_at"): _hidden("events never change"),
}


EXTRAS: Mapping[tuple[str, str], Said] = {
    **{
        ("Entity", name): Said("follows from what is noted", data_type=data_type, path=name, write="")
        for data_type, names in (("number", FRAMES), ("text", SUMMARIES))
        for name in names
    },
    ("Shot", "sg_cut_in"): Said(
        "frames are custom fields with us",
        data_type="number",
        path="data.frame_in::number",
        style="number",
        write="data",
        writer="custom",
    ),
    ("Shot", "sg_cut_out"): Said(
        "frames are custom fields with us",
        data_type="number",
        path="data.frame_out::number",
        style="number",
        write="data",
        writer="custom",
    ),
    ("Asset", "sg_asset_type"): Said(
        "the type of an asset is a list there",
        data_type="list",
        path="entity_type.own_name",
        write="entity_type_id",
        writer="value_of",
        source=("AssetType", "name"),
    ),
    **{
        ("Version", f"sg_uploaded_movie_{name}"): Said(
            "made of it, or sent by whoever makes it elsewhere",
            data_type="url",
            path="preview_file_id",
            style=f"{name}_of_preview",
            write=f"data.sg_uploaded_movie_{name}",
            writer="url",
        )
        for name in ("mp4", "webm")
    },
    ("Version", "filmstrip_image"): Said(
        "made of its movie",
        data_type="image",
        path="preview_file_id",
        style="strip_of_preview",
        write="data.filmstrip_image",
        writer="no_image",
    ),
    ("Version", MOVIE_RATE): Said(
        "the movie's own", data_type="float", path="movie_rate", write=f"data.{MOVIE_RATE}", writer="custom"
    ),
    ("Version", TRANSCODING): Said(
        "how far that is",
        data_type="number",
        path="transcoding",
        write=f"data.{TRANSCODING}",
        writer="custom",
    ),
    ("Task", "duration"): Said(
        "the work time between the dates",
        data_type="duration",
        path="planned_duration",
        style="minutes",
        write="planned_duration",
        writer="plain",
    ),
    ("Task", "time_vs_est"): Said(
        "planned minutes less those logged", data_type="duration", path="time_left", style="minutes", write=""
    ),
    ("Task", "time_percent_of_est"): Said(
        "whole percents", data_type="percent", path="time_share", style="minutes", write=""
    ),
    ("TaskTemplate", "task_count"): Said(
        "its tasks have no project", data_type="number", path="task_count", write=""
    ),
    ("TaskDependency", "task_id"): Said(
        "the number of the task", data_type="number", path="from.number", write=""
    ),
    ("TaskDependency", "dependent_task_id"): Said(
        "the number of the task", data_type="number", path="to.number", write=""
    ),
    ("Attachment", "this_file"): Said(
        "where it is", data_type="url", style="own_file", path="id", write="this_file", writer="this_file"
    ),
    ("Location", "uuid"): Said("our own id", data_type="uuid", path="id", write=""),
    ("Shot", "assets"): _many("entities_out[Asset]", "entities_out"),
    ("Sequence", "shots"): _many("children[Shot]"),
    ("Sequence", "scenes"): _many("children[Scene]"),
    ("Sequence", "assets"): _many("entities_out[Asset]", "entities_out"),
    ("Scene", "assets"): _many("entities_out[Asset]", "entities_out"),
    ("Episode", "sequences"): _many("children[Sequence]"),
    ("Episode", "assets"): _many("entities_out[Asset]", "entities_out"),
    ("Asset", "assets"): _many("entities_out[Asset]", "entities_out"),
    ("Asset", "parents"): _many("entities_in[Asset]"),
    ("Asset", "shots"): _many("entities_in[Shot]"),
    ("Asset", "sequences"): _many("entities_in[Sequence]"),
    ("Asset", "scenes"): _many("entities_in[Scene]"),
    ("Asset", "elements"): _many("entities_in[Element]"),
    ("Element", "assets"): _many("entities_out[Asset]", "entities_out"),
    ("Ticket", "replies"): _many("answers"),
    ("Department", "users"): _many("people", "people"),
    ("HumanUser", "password_proxy"): Said(
        "secrets are never read", data_type="password", style="secret", write="password", writer="password"
    ),
    ("EventLog", "event_type"): Said(
        "made of the type and the action",
        data_type="text",
        path="action",
        style="event_type",
        write="",
        special="event_type",
        order=("kind", "action"),
    ),
    ("EventLog", "meta"): Said(
        "old and new value in Shotgun's words",
        data_type="serializable",
        path="new",
        style="meta",
        write="",
    ),
    ("EventLog", "description"): Said(
        "a sentence about the event",
        data_type="text",
        path="object_name",
        style="sentence",
        write="",
    ),
}


NARROWER: Mapping[tuple[str, str], tuple[str, ...]] = {("TimeLog", "entity"): ("Task",)}
"""Links that lead to fewer types here than on other sites."""

SETTABLE = frozenset(
    {
        ("HumanUser", "permission_rule_set"),
        ("HumanUser", "password_proxy"),
        ("ApiUser", "permission_rule_set"),
        ("Project", "start_date"),
        ("Project", "end_date"),
    }
)
"""Fields that scripts set at any time, though the schema of sites says that they are not editable."""


def scopes_of(facet: Facet) -> tuple[str, str, str]:
    """The scopes whose entries hold for a facet, the narrowest first."""
    return (facet.name, facet.model.__name__, EVERYWHERE)


def said_of(facet: Facet, attribute: str) -> Said | None:
    """The entry for an attribute: the facet's own, the model's, or everybody's."""
    for scope in scopes_of(facet):
        if (scope, attribute) in ATTRIBUTES:
            return ATTRIBUTES[scope, attribute]
    return None
