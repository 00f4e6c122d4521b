"""Declared fields that no column holds: kept in `data` or as free links, by their data type alone."""

from __future__ import annotations

from collections.abc import Mapping

NUMBERS = ("number", "float", "percent", "currency", "duration", "timecode")

KINDS: Mapping[str, str] = {
    **dict.fromkeys(NUMBERS, "number"),
    "checkbox": "boolean",
    "date": "date",
    "date_time": "datetime",
    "serializable": "json",
    "tag_list": "text",
    "url": "text",
    "image": "text",
}
"""Data type -> the kind that its value in `data` is compared as; all others are texts."""

STYLES: Mapping[str, str] = {
    "checkbox": "tick",
    "tag_list": "words",
    "url": "url",
    "image": "image",
    **dict.fromkeys(NUMBERS, "kept_number"),
    **dict.fromkeys(("text", "list", "status_list", "footage"), "kept_text"),
    "date": "kept_day",
    "date_time": "kept_moment",
    "color": "kept_color",
}
"""Data type -> how its value in `data` is shown, where that is not as it is."""

NEVER = frozenset({"pivot_column", "summary", "calculated"})
"""Data types without a value of their own here."""

OF_NOTES = frozenset({"open_notes", "open_notes_count"})
"""Fields that say of a row which notes about it are not closed."""

CLOSED = ("clsd", "clo")
"""The statuses of notes that are done with."""

NOTES = "linked:Note/note_links"

BACK: Mapping[tuple[str, str], str] = {
    # (type, field): the same links as they are kept, from their other end; "*" is any type
    ("*", "notes"): NOTES,
    ("Task", "notes"): "linked:Note/tasks",
    ("Task", "downstream_tasks"): "linked:Task/upstream_tasks",
    ("Shot", "shots"): "links:Shot/linked_shots",
    ("Shot", "parent_shots"): "linked:Shot/linked_shots",
    ("Element", "shots"): "links:Element/linked_shots",
    ("Shot", "elements"): "linked:Element/linked_shots",
    ("Scene", "shoot_days"): "linked:ShootDay/scenes",
    ("HumanUser", "groups"): "linked:Group/users",
    ("HumanUser", "app_welcomes"): "linked:AppWelcome/users",
    ("HumanUser", "banners"): "linked:Banner/users",
    ("HumanUser", "pipeline_configurations"): "linked:PipelineConfiguration/users",
    ("Version", "playlists"): "linked:Playlist/versions",
    ("Cut", "cut_items"): "held:CutItem/cut_id",
    ("Scene", "shots"): "held:Shot/sg_scene",
    ("HumanUser", "bookings"): "held:Booking/user",
    ("Version", "cuts"): "linked:Cut/versions",
    ("PublishedFile", "downstream_published_files"): "linked:PublishedFile/upstream_published_files",
    ("Phase", "projects"): "linked:Project/phases",
    ("Ticket", "attachments"): "linked:Attachment/attachment_links",
    ("Cut", "attachments"): "linked:Attachment/attachment_links",
    ("Delivery", "attachments"): "linked:Attachment/attachment_links",
    ("Note", "attachments"): "linked:Attachment/attachment_links",
}


KEPT_AS: Mapping[tuple[str, str], str] = {
    # (type, field): the key that importers of cuts keep the link under
    ("Cut", "entity"): "entity_id",
    ("CutItem", "cut"): "cut_id",
    ("CutItem", "shot"): "shot_id",
}
"""Links to one row whose key in `data` is not their name."""


def link_path(type_name: str, key: str) -> str:
    """The free link that a multi-entity field is."""
    return BACK.get((type_name, key)) or BACK.get(("*", key)) or f"links:{type_name}/{key}"
