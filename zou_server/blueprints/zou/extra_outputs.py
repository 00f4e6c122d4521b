"""Keys of answers that are no attribute of a row: objects and lists along its links, and constants.

`overrides.py` has those that are one value at the end of a path.
"""

from __future__ import annotations

from collections.abc import Mapping

from zou_server.blueprints.zou import overrides
from zou_server.models.conditions import Form, Output, Projection


def _rows(key: str, path: str, outputs: tuple[Output, ...], form: Form, style: str = "") -> Output:
    return Output(key, path, form, Projection(outputs), style)


def _plain(*keys: str) -> tuple[Output, ...]:
    return tuple(Output(key, key) for key in keys)


def _null(*keys: str) -> tuple[Output, ...]:
    return tuple(Output(key, "", Form.NULL) for key in keys)


def _json(key: str, value: str) -> Output:
    return Output(key, value, Form.LITERAL, style="json")


# -- people --------------------------------------------------------------------------------------------------


def author(path: str) -> Output:
    """A person beside what they wrote: only what everybody may know of them."""
    keys = ("id", "first_name", "last_name", "full_name", "has_avatar", "role")
    return _rows(path, path, _plain(*keys), Form.OBJECT)


ATTACHMENT_KEYS = ("id", "name", "extension", "size", "reply_id")
"""What a comment says of its files."""

CHAT_FILE_KEYS = ("id", "name", "extension", "size", "chat_message_id")
"""What a chat message says of its files."""

# -- tasks of an entity --------------------------------------------------------------------------------------

TASKS = _rows(
    "tasks",
    "tasks",
    (
        *_plain(*overrides.TASK_KEYS),
        Output("is_subscribed", "subscriptions", Form.IS_MINE),
        Output("assignees", "assignees", Form.LINKS),
    ),
    Form.OBJECTS,
)
"""The tasks of an entity as the big grids show them."""

FRAMES = tuple(Output(key, f"data.{key}") for key in ("fps", "frame_in", "frame_out"))
CAST_IN = Output("casting_episode_ids", "entities_in[Episode]", Form.LINKS)
PREVIEW_STATUS = Output("preview_file_status", "preview_file.status")

# -- what a project uses -------------------------------------------------------------------------------------

_STEP, _STATUS = Output("key", "task_type_id"), Output("key", "status_id")
_PRIORITY = Output("priority", "priority")
_OF_STEP = _plain("hd_bitrate_compression", "ld_bitrate_compression", "is_client_visible")
_OF_STATUS = _plain("roles_for_board", "is_client_allowed")

PROJECT_USES = (
    _rows(
        "descriptors",
        "descriptors",
        (
            *_plain(
                "id",
                "name",
                "field_name",
                "data_type",
                "for_client",
                "entity_type",
                "task_type_id",
                "position",
            ),
            Output("choices", "choices", style="list"),
            Output("departments", "departments", Form.LINKS),
        ),
        Form.OBJECTS,
    ),
    _rows("task_types_priority", "task_type_uses", (_STEP, _PRIORITY), Form.MAPPING, "value"),
    _rows("task_type_links", "task_type_uses", (_STEP, _PRIORITY, *_OF_STEP), Form.MAPPING),
    _rows("task_statuses_link", "status_uses", (_STATUS, _PRIORITY, *_OF_STATUS), Form.MAPPING),
)
"""Its custom fields, steps and statuses with what it says of each (docs/protocols/zou.md 17, Project)."""

# -- files ---------------------------------------------------------------------------------------------------

_OF_FILE = _plain(
    "id",
    "name",
    "description",
    "comment",
    "revision",
    "size",
    "checksum",
    "path",
    "validation_status",
    "task_id",
    "entity_id",
    "person_id",
    "software_id",
    "shotgun_id",
    "data",
    "created_at",
    "updated_at",
)
_FILE_TYPE = Output("type", "WorkingFile", Form.LITERAL)
SOURCE_FILE = _rows("source_file", "source_file", (*_OF_FILE, _FILE_TYPE), Form.OBJECT)
"""The working file that something was published from."""

# -- one row -------------------------------------------------------------------------------------------------

ITEM_OUTPUTS: Mapping[str, tuple[Output, ...]] = {
    # facet: what a read of one row shows beside, or instead of, what lists do
    "Project": PROJECT_USES,
    "Asset": (CAST_IN, TASKS),
    "Shot": (*FRAMES, TASKS),
    "Concept": (*FRAMES, PREVIEW_STATUS, TASKS),
    "Edit": (TASKS,),
    "Note": (
        author("person"),
        _rows("attachment_files", "attachment_files", _plain(*ATTACHMENT_KEYS), Form.OBJECTS),
    ),
    "OutputFile": (SOURCE_FILE,),
}

CONSTANTS: Mapping[str, tuple[Output, ...]] = {
    # facet: keys that clients read in every row, here of what we have no such thing, and the files of chats
    "Person": (
        *(_json(key, "false") for key in ("totp_enabled", "email_otp_enabled", "fido_enabled")),
        *_null(
            "preferred_two_factor_authentication",
            "preview_project_id",
            "preview_opened_at",
            "preview_open_until",
        ),
    ),
    "OutputFile": _null("quality"),
    "AttachmentFile": _null("chat_message_id"),
    "ChatMessage": (_rows("attachment_files", "files", _plain(*CHAT_FILE_KEYS), Form.OBJECTS),),
    "Chat": (Output("object_type", "entity", Form.LITERAL),),
}


def of(facet_name: str) -> tuple[Output, ...]:
    """All keys of these tables that answers of a facet may have."""
    return (*ITEM_OUTPUTS.get(facet_name, ()), *CONSTANTS.get(facet_name, ()))
