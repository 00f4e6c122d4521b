"""What ShotRunner's own document shows of each type, and what it cannot be without.

Source: the ShotRunner Python API, version 0.95. Types that it does not know show all they have.
"""

from __future__ import annotations

from collections.abc import Mapping

_STAMPS = "created_by updated_by created_at updated_at"
_TIMES = "created_at updated_at"
_ADDRESS = "department address_line1 address_line2 city state zipcode country time_zone"
_CALLING = "work_phone home_phone cell_phone im_addr im_type skype_name"

_SHOWN: Mapping[str, str] = {
    "Project": (
        "id code title description due_date status sponsor_id logo_image_id default_team_id homepage_url "
        f"sort_order {_STAMPS} deleted_at"
    ),
    "Sequence": (f"id sequence_code title description status sort_order project_id {_TIMES} lock_version"),
    "Shot": (
        "id sequence_id shot_code title description thumbnail_loc supervisor_id status frame_count "
        f"sort_order {_STAMPS} lock_version"
    ),
    "Element": (
        "id element_type label title description thumbnail_loc status supervisor_id shot_id asset_id "
        f"sort_order {_STAMPS} lock_version"
    ),
    "Asset": (
        "id asset_type asset_label title description thumbnail_loc status supervisor_id sequence_id team_id "
        f"project_id company_id sort_order {_STAMPS} lock_version"
    ),
    "Task": (
        "id taskable_id taskable_type title description skill_id user_id status start_date due_date end_date "
        f"estimated_time pct_complete {_STAMPS}"
    ),
    "Note": f"id noteable_type noteable_id title message user_id note_type parent_id {_TIMES}",
    "Attachment": (
        "id title description attachment_container_id attachment_container_type project_id "
        f"{_TIMES} created_by updated_by"
    ),
    "HumanUser": (
        f"id login admin status first_name last_name email company_id title {_ADDRESS} {_CALLING} {_TIMES} "
        "company"
    ),
    "Studio": f"id name {_TIMES}",
    "Membership": f"id title user_id project_id team_id role_id {_TIMES}",
    "Group": f"id code name description web_page email teamlead_id project_id parent_id {_TIMES}",
    "Code": f"id scope code label meaning description default color sort_order {_TIMES} deleted_at",
    "Role": f"id name position is_default {_TIMES}",
}

DOCUMENTED: Mapping[str, tuple[str, ...]] = {facet: tuple(keys.split()) for facet, keys in _SHOWN.items()}
"""Facet -> the attributes of an answer, in the document's order; others are answered when asked for."""

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "Project": ("code",),
    "Sequence": ("sequence_code", "project_id"),
    "Shot": ("shot_code", "sequence_id"),
    "Element": ("label", "shot_id"),
    "Asset": ("asset_label", "project_id"),
    "Task": ("taskable_type", "taskable_id"),
    "Note": ("noteable_type", "noteable_id"),
    "Attachment": ("attachment_container_type", "attachment_container_id"),
    "HumanUser": ("login",),
    "Membership": ("user_id", "project_id"),
    "Studio": ("name",),
    "Group": ("name",),
    "Role": ("name",),
    "Code": ("scope", "code"),
}
"""Facet -> what this wire does not let a new object go without, nor a written one lose."""

UNLESS: Mapping[tuple[str, str], str] = {
    ("Note", "noteable_type"): "parent_id",
    ("Note", "noteable_id"): "parent_id",
}
"""Facet and required attribute -> the attribute that a new object may have instead: an answer's thread."""

EITHER: Mapping[str, tuple[str, ...]] = {"Note": ("message", "title")}
"""Facet -> attributes of which an object has one at least."""
