"""Where Shotgun's words differ from ours: the only exceptions to what the registry says.

Without an entry here a field is called like our attribute (links without `_id`) and its data type
follows its kind, so a new model needs no entry. `ATTRIBUTES` renames or hides our attributes,
`EXTRAS` adds keys that we hold no attribute of their own for. Both are keyed by a scope, the name of a
facet, of a model ("Entity" is every facet of it), or EVERYWHERE, and by a name; the narrowest scope wins.
A key that matches nothing fails a test.
"""

from __future__ import annotations

from collections.abc import Mapping

from zou_server.blueprints.shotgun.schema.said import (
    BY_KIND,
    COLOR,
    DAY,
    EVERYWHERE,
    INTERNAL,
    Said,
    any_status,
    hidden,
    many,
    status,
)
from zou_server.blueprints.shotgun.schema.site import site
from zou_server.models.records import DECLARED, INNER
from zou_server.models.registry import Facet

NAMES = ("code", "name", "title", "display_name")
DISPLAY = {"PermissionRuleSet": "display_name"}


def display_key(kind: str) -> str:
    """The field that a declared type is named by, "" for none."""
    fields = site()[kind]
    return DISPLAY.get(kind) or next((key for key in NAMES if key in fields), "")


ATTRIBUTES: Mapping[tuple[str, str], Said] = {
    (EVERYWHERE, "id"): hidden("`id` is the number here; our uuid has no field"),
    (EVERYWHERE, "number"): Said("the integer id", "id", "number"),
    (EVERYWHERE, "display_name"): Said("Shotgun's name for it", "cached_display_name"),
    (EVERYWHERE, "object_kind"): hidden("every row says its `type`"),
    (EVERYWHERE, "lock_version"): hidden(INTERNAL),
    (EVERYWHERE, "data"): hidden("custom fields are fields of their own"),
    (EVERYWHERE, "shotgun_id"): hidden("the id in somebody else's Shotgun: an import's bookkeeping"),
    (EVERYWHERE, "context"): hidden("the same link as parent, entity or project"),
    (EVERYWHERE, "color"): Said(COLOR, data_type="color", style="rgb"),
    # -- the production tree
    ("Entity", "kind"): hidden("every row says its `type`"),
    ("Entity", "name"): Said("a short name is a code", "code"),
    ("Entity", "code"): hidden("Zou's second name; `code` is the name"),
    ("Entity", "status_id"): any_status("status"),
    ("Entity", "sequence_id"): hidden("said by `sg_sequence` where Shotgun has it"),
    ("Shot", "sequence_id"): Said(
        "the sequence a shot hangs on is its parent", "sg_sequence", write="parent_id"
    ),
    ("Scene", "sequence_id"): Said(
        "the sequence a scene hangs on is its parent", "sg_sequence", write="parent_id"
    ),
    ("Sequence", "episode_id"): Said("the episode a sequence hangs on is its parent", write="parent_id"),
    ("Shot", "parent_id"): hidden("`sg_sequence` writes it"),
    ("Scene", "parent_id"): hidden("`sg_sequence` writes it"),
    ("Sequence", "parent_id"): hidden("`episode` writes it"),
    ("Entity", "frame_in"): hidden("a shot's `sg_cut_in`"),
    ("Entity", "frame_out"): hidden("a shot's `sg_cut_out`"),
    ("Entity", "fps"): hidden("a custom field"),
    ("Note", "changes_status"): hidden("for Zou's news"),
    ("Entity", "full_entity_name"): hidden("a name for lists, put together from those above"),
    ("Shot", "nb_frames"): Said("the length of the cut", "sg_cut_duration"),
    ("Entity", "path"): hidden(INTERNAL),
    ("Entity", "tasks"): many("tasks"),
    ("Entity", "children"): hidden(BY_KIND),
    ("Entity", "entities_out"): hidden(BY_KIND),
    ("Entity", "entities_in"): hidden(BY_KIND),
    # -- work
    ("Task", "name"): Said("what the task is about", "content"),
    ("Task", "description"): Said("as imports from Shotgun call it", "sg_description"),
    ("Task", "task_type_id"): Said("a task type is a step", "step"),
    ("Task", "task_status_id"): status("task_status"),
    ("Task", "assignees"): Said("who works on it", "task_assignees"),
    ("Task", "estimation"): Said("planned minutes", "est_in_mins", "duration", style="minutes"),
    ("Task", "duration"): Said(
        "minutes already logged", "time_logs_sum", "duration", style="minutes", write=""
    ),
    ("Task", "start_date"): Said(DAY, data_type="date", style="day"),
    ("Task", "due_date"): Said(DAY, data_type="date", style="day"),
    ("Task", "sort_order"): Said("as imports from Shotgun call it", "sg_sort_order"),
    ("Task", "comments"): hidden("`notes` are links from both ends"),
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
    ("ApiUser", "full_name"): hidden("a script is named by `firstname`"),
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
    ("Person", "is_bot"): hidden("the type says it: HumanUser or ApiUser"),
    ("Person", "is_admin"): hidden("the permission group says it"),
    ("Person", "daily_salary"): hidden("nothing for scripts"),
    ("Membership", "person_id"): Said("who is on the project", "user"),
    ("Membership", "role"): Said("plain text, no permission group of its own", data_type="list"),
    # -- studio vocabulary
    ("Status", "shotgun_code"): Said("what Shotgun calls it", "code"),
    ("Status", "code"): hidden("Zou's short name"),
    ("Status", "color"): Said(COLOR, "bg_color", "color", style="rgb"),
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
    ("Project", "entities"): hidden(BY_KIND),
    ("Project", "tasks"): many("own_tasks"),
    ("Project", "file_tree"): hidden(INTERNAL),
    # -- talk
    ("Note", "text"): Said("the body", "content"),
    ("Note", "title"): Said("the headline", "subject"),
    ("Note", "object_id"): hidden("the first of `note_links` or `tasks`"),
    ("Note", "person_id"): Said("who wrote it", "user"),
    ("Note", "status_id"): any_status("status"),
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
    ("Note", "parent_id"): hidden("what a reply answers"),
    ("Reply", "parent_id"): Said(
        "what it answers: a note, or a row of any type",
        "entity",
        path="answers",
        writer="answers",
        also="reply_to_id",
        order=("answers.display_name",),
    ),
    ("Note", "replies"): many("replies"),
    # -- review
    ("Version", "published_files"): many("published_files"),
    ("Version", "name"): Said("a short name is a code", "code"),
    ("Version", "object_id"): Said("what it is a take of", "entity"),
    ("Version", "task_id"): Said("the task that it is a take of", "sg_task"),
    ("Version", "person_id"): Said("who made it", "user"),
    ("Version", "status_id"): any_status("status"),
    ("Component", "name"): Said("its own name", "code"),
    ("Component", "label"): Said("the name that all its versions share", "name"),
    ("Component", "object_id"): Said("what it is of", "entity"),
    ("Component", "revision"): Said("its number", "version_number"),
    ("Component", "output_type_id"): Said("what it is", "published_file_type"),
    ("Component", "status_id"): any_status("status"),
    ("Location", "name"): Said("a short name is a code", "code"),
    ("Playlist", "name"): Said("a short name is a code", "code"),
    ("OutputType", "name"): Said("a short name is a code", "code"),
    # -- links that are rows
    **{
        ("ObjectLink", name): hidden("an end of a connection, or its bookkeeping")
        for name in ("from_id", "to_id", "field", "position")
    },
    ("DeclaredRecord", "kind"): hidden("every row says its `type`"),
    **{
        (kind, "name"): Said("the name of a row of this type", display_key(kind) or None)
        for kind in DECLARED
        if kind not in INNER
    },
    # -- the event log
    ("EventLog", "action"): hidden("part of `event_type`"),
    ("EventLog", "kind"): hidden("part of `event_type`"),
    ("EventLog", "object_id"): Said("what it happened to", "entity"),
    ("EventLog", "object_name"): hidden("part of `description`"),
    ("EventLog", "attribute"): Said(
        "the wire name of the field",
        "attribute_name",
        style="attribute_name",
        special="attribute_name",
        order=("attribute",),
    ),
    ("EventLog", "old"): hidden("part of `meta`"),
    ("EventLog", "new"): hidden("part of `meta`"),
    ("EventLog", "actor_id"): Said("who did it", "user"),
    ("EventLog", "sudo_actor_id"): hidden("part of `meta`"),
    ("EventLog", "session_uuid"): Said("as the client set it", data_type="uuid"),
    ("EventLog", "updated_at"): hidden("events never change"),
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
