"""Where Zou's wire differs from the registry: one table each, with the client or document that needs it."""

from __future__ import annotations

from collections.abc import Mapping

from zou_server.models.conditions import AnyOf, Condition, Op, Where
from zou_server.models.status import FOR_OTHERS, WORK

RENAMED: Mapping[tuple[str, str], str] = {
    # (model, attribute): wire key
    ("Entity", "production_state"): "status",  # docs/protocols/zou.md 17: Entity.status is running, ...
    ("Entity", "created_by_id"): "created_by",  # docs/protocols/zou.md 17: Entity.created_by
    ("Person", "login"): "desktop_login",  # docs/protocols/zou.md 17: Person.desktop_login
    ("Status", "code"): "short_name",  # docs/protocols/zou.md 17: TaskStatus.short_name
    ("AssetInstance", "instance_number"): "number",  # docs/protocols/zou.md 17: AssetInstance.number
    ("Note", "sets_status_id"): "task_status_id",  # docs/protocols/zou.md 17: Comment.task_status_id
    ("EventLog", "event_name"): "name",  # docs/protocols/zou.md 17: ApiEvent.name
    ("EventLog", "payload"): "data",  # docs/protocols/zou.md 17: ApiEvent.data
    ("EventLog", "actor_id"): "user_id",  # docs/protocols/zou.md 17: ApiEvent.user_id
}

ALIASES: Mapping[tuple[str, str], str] = {
    # (facet, wire key accepted on write and in filters): attribute
    ("Shot", "sequence_id"): "parent_id",  # gazu.shot.new_shot posts sequence_id
    ("Scene", "sequence_id"): "parent_id",  # gazu.scene.new_scene posts sequence_id
    ("Sequence", "episode_id"): "parent_id",  # gazu.shot.new_sequence posts episode_id
    ("Edit", "episode_id"): "parent_id",  # gazu.edit.new_edit posts episode_id
    ("Asset", "episode_id"): "source_id",  # gazu.asset.new_asset posts episode_id
    ("Asset", "asset_type_id"): "entity_type_id",  # the answer to GET /data/assets/<id> calls it so
}

HIDDEN: Mapping[str, frozenset[str]] = {
    # model: attributes that Zou's clients know nothing of and that would only make answers longer
    "Entity": frozenset(
        {
            "kind",
            "path",
            "sort_order",
            "thumbnail_loc",
            "priority_id",
            "start_date",
            "end_date",
            "updated_by_id",
            "frame_in",
            "frame_out",
            "fps",
            "context",
            "full_entity_name",
        }
    ),
    "Task": frozenset({"priority_id", "created_by_id", "updated_by_id", "context"}),
    "Person": frozenset({"title", "city", "work_phone", "created_by_id", "updated_by_id", "is_admin"}),
    "Status": frozenset(
        {
            "shotgun_code",
            *WORK,
            *FOR_OTHERS,
            "meaning",
            "created_by_id",
            "updated_by_id",
        }
    ),
    "EntityType": frozenset({"kind", "color", "created_by_id", "updated_by_id"}),
    "Note": frozenset(
        {"changes_status", "parent_id", "title", "status_id", "created_by_id", "updated_by_id"}
    ),
    "Project": frozenset(
        {
            "title",
            "archived",
            "due_date",
            "homepage_url",
            "sort_order",
            "project_schema_id",
            "created_by_id",
            "updated_by_id",
        }
    ),
    "WorkingFile": frozenset({"is_last", "created_by_id", "updated_by_id"}),
    "OutputFile": frozenset({"is_last", "created_by_id", "updated_by_id"}),
    "AttachmentFile": frozenset({"file_key", "checksum", "created_by_id", "updated_by_id"}),
    **dict.fromkeys(
        ("PreviewFile", "PreviewBackgroundFile"),
        frozenset({"source_key", "version_id", "created_by_id", "updated_by_id"}),
    ),
    "DataImportError": frozenset({"about", "created_by_id", "updated_by_id"}),
    "EventLog": frozenset(
        {
            "action",
            "kind",
            "object_id",
            "object_name",
            "attribute",
            "old",
            "new",
            "sudo_actor_id",
            "session_uuid",
            "number",
            "client",
        }
    ),
}
NEVER = frozenset({"number", "object_kind", "display_name", "deleted_at"})
"""Attributes of every row that Zou's wire has no key for."""

STAMPS = frozenset({"created_by_id", "updated_by_id"})
"""Author stamps, shown only where a table above names them."""

LIST_CONDITIONS: Mapping[str, Condition] = {
    # facet: rows of its list that Zou's clients expect
    "Note": Where("parent_id", Op.NULL),  # replies are shown inside the comment that they answer
    "EntityType": AnyOf(
        (
            Where("kind", Op.NULL),
            Where("kind", Op.IN, ["Shot", "Sequence", "Episode", "Scene", "Edit", "Concept"]),
        )
    ),
}

EXTRAS: Mapping[str, tuple[tuple[str, str], ...]] = {
    # facet: (wire key, path) that its answers carry beside its own attributes
    "Shot": (
        ("project_name", "project.name"),
        ("sequence_name", "sequence.name"),
        ("episode_name", "episode.name"),
    ),
    "Sequence": (("project_name", "project.name"), ("episode_name", "episode.name")),
    "Episode": (("project_name", "project.name"),),
    "Scene": (
        ("project_name", "project.name"),
        ("sequence_name", "sequence.name"),
        ("episode_name", "episode.name"),
    ),
    "Edit": (("project_name", "project.name"), ("episode_name", "episode.name")),
    "Concept": (("project_name", "project.name"),),
    "Playlist": (("created_by", "created_by_id"),),
    "Asset": (
        ("project_name", "project.name"),
        ("asset_type_id", "entity_type_id"),
        ("asset_type_name", "entity_type.name"),
        ("episode_id", "source_id"),
    ),
}

ITEM_EXTRAS: Mapping[str, tuple[tuple[str, str], ...]] = {
    # facet: (wire key, path) of the answer to one row only
    "Project": (("project_status_name", "project_status.name"),),
}

NAMES: Mapping[str, tuple[tuple[str, str], ...]] = {
    # facet: (wire key, path) of lists that show names beside ids (docs/protocols/zou.md 1, tasks of a shot)
    "Task": (
        ("project_name", "project.name"),
        ("task_type_name", "task_type.name"),
        ("task_status_name", "task_status.name"),
        ("entity_type_name", "entity[Entity].entity_type.name"),
        ("entity_name", "entity.name"),
    ),
}

TASK_KEYS = (
    "id",
    "due_date",
    "done_date",
    "duration",
    "entity_id",
    "estimation",
    "end_date",
    "last_comment_date",
    "last_preview_file_id",
    "nb_assets_ready",
    "nb_drawings",
    "priority",
    "real_start_date",
    "retake_count",
    "start_date",
    "difficulty",
    "task_status_id",
    "task_type_id",
    "data",
)
"""What grids read of each task (docs/protocols/zou.md 10), beside its assignees and if one watches it."""

REPLY_KEYS: Mapping[str, str] = {
    # wire key of a reply inside its comment: attribute
    "id": "id",
    "date": "created_at",
    "created_at": "created_at",
    "person_id": "person_id",
    "text": "text",
}

DROPPED: Mapping[str, frozenset[str]] = {
    # facet: keys among its own attributes that EXTRAS says otherwise
    "Asset": frozenset({"sequence_id", "episode_id"}),
    "Sequence": frozenset({"sequence_id"}),
    "Episode": frozenset({"sequence_id", "episode_id"}),
}

NEVER_NULL: Mapping[tuple[str, str], str] = {
    # (model, attribute): what it is where nothing was kept, "object", "list" or "main"
    ("Entity", "data"): "object",
    ("Task", "name"): "main",
    ("Note", "checklist"): "list",
    ("Note", "links"): "list",
    ("FieldDescriptor", "choices"): "list",
    ("BudgetEntry", "exceptions"): "object",
}

RELATIONS: Mapping[str, tuple[str, ...]] = {
    # model: links to many that answers with relations carry
    "Project": (
        "team",
        "asset_types",
        "task_types",
        "task_statuses",
        "status_automations",
        "preview_background_files",
    ),
    "Person": ("departments",),
    "Task": ("assignees",),
    "Note": ("previews", "mentions", "department_mentions", "acknowledgements", "attachment_files"),
    "EntityType": ("task_types",),
    "FieldDescriptor": ("departments",),
    "Entity": ("entities_out", "entities_in", "entity_concept_links", "instance_casting"),
    "AssetInstance": ("shots",),
    "Chat": ("participants",),
    "PreviewFile": ("comments",),
    "WorkingFile": ("outputs",),
    "ProductionScheduleVersionTaskLink": ("assignees",),
    "ProjectTemplate": (
        "task_types",
        "task_statuses",
        "asset_types",
        "status_automations",
        "preview_background_files",
    ),
}

EMPTY_RELATIONS: Mapping[str, tuple[str, ...]] = {
    # model: lists that Zou's clients read and nothing fills yet
    "Playlist": ("build_jobs",),
}

ALWAYS_RELATED = frozenset({"Person", "FieldDescriptor", "AssetType", "Concept"})
"""Models and facets whose relations are in lists too (Kitsu reads `departments` of every person)."""

FILTERS: Mapping[tuple[str, str], tuple[str, ...]] = {
    # (facet, query parameter that is no key of its rows): the paths of which one has the value
    ("Task", "episode_id"): ("entity[Entity].episode_id", "entity[Asset].source_id"),  # gazu.task
}

IGNORED_FILTERS: Mapping[str, str] = {
    # query parameters that are no filter, and who sends them
    "relations": "gazu and Kitsu",
    "page": "gazu",
    "limit": "gazu",
    "fields": "gazu",
    "order_by": "our extension",
    "cursor": "our extension",
    "force": "gazu sends it along with deletes",
    "no_cache": "Kitsu",
}

READ_ONLY_ACCEPTED = frozenset(
    {
        "type",
        "replies",
        "messages",
        "person",
        "task_status",
        "project_name",
        "sequence_name",
        "episode_name",
        "asset_type_name",
        "asset_type_id",
        "tasks",
        "editor",
        "preview_file_status",
        "project_has_avatar",
        "last_comment",
        *(f"entity_{key}" for key in ("name", "description", "data", "preview_file_id", "source_id")),
        *(f"entity_{key}" for key in ("type_name", "canceled")),
        *(f"task_{key}" for key in ("estimation", "duration", "start_date", "due_date")),
        *(f"task_type_{key}" for key in ("name", "color", "priority", "for_entity")),
        *(f"task_status_{key}" for key in ("name", "color", "short_name")),
    }
)
"""Keys of answers that come back in writes and mean nothing there (gazu sends whole objects)."""

NO_LINK = ("null", "")
"""What stands for no link in a write: Kitsu sends the text "null" for an asset of the main pack."""

NO_LINK_TO: Mapping[str, tuple[str, ...]] = {
    # attribute: what else stands for none there; Kitsu's pages `all` and `main` of a TV show are no episodes
    "episode_id": (*NO_LINK, "all", "main"),
    "source_id": (*NO_LINK, "all", "main"),
}

READ_BACK: Mapping[str, frozenset[str]] = {
    # model: keys of rows that some list or item route answers, which come back when a client writes a row it
    # read (gazu.shot.update_shot(gazu.shot.get_shot(id)) and the like); they change nothing
    "Entity": frozenset(
        {
            "fps",
            "frame_in",
            "frame_out",
            "casting_episode_ids",
            "preview_file_status",
            "asset_id",
            "asset_name",
            "asset_episode_id",
            "shot_id",
            "shot_name",
            "episode_id",
            "episode_name",
            "sequence_id",
            "sequence_name",
            "label",
            "nb_occurences",
            "entities_out",
            "entities_in",
            "entity_concept_links",
            "instance_casting",
            "concept_links",
            "created_by",
            "status",
        }
    ),
    "Task": frozenset(
        {
            "task_type",
            "project",
            "entity",
            "entity_type",
            "sequence",
            "episode",
            "assigner",
            "persons",
            "is_subscribed",
            "episode_id",
            "sequence_id",
            *("type_name", "type_color", "status_name", "status_color", "status_short_name"),
        }
    ),
}

CREATE_REQUIRED: Mapping[str, tuple[str, ...]] = {
    # facet: attributes that Zou requires and other dialects do not
    **dict.fromkeys(
        ("Shot", "Sequence", "Episode", "Scene", "Asset", "Edit", "Concept", "Entity"), ("name", "project_id")
    ),
    "Person": ("first_name", "last_name"),
    "Task": ("project_id", "task_type_id", "entity_id"),
    "Note": ("object_id",),
    "OutputFile": ("name", "revision"),
    "FieldDescriptor": ("project_id", "name", "entity_type"),
    "SearchFilter": ("list_type", "name", "search_query"),
    "SearchFilterGroup": ("name",),
}
