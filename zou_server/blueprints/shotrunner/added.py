"""Attributes that no column has: custom fields and links of this wire's own, and what is put together."""

from __future__ import annotations

from collections.abc import Mapping

from zou_server.blueprints.shotrunner.attributes import Attribute, Coded, Custom, DeletedAt, Link, NoteType
from zou_server.blueprints.shotrunner.files.attached import DATA, ContainerNumber, ContainerType
from zou_server.blueprints.shotrunner.people import NestedCompany, Secret
from zou_server.models.registry import Kind
from zou_server.services.files.kept_files import LINKS

CONTAINERS = ("Project", "Sequence", "Shot", "Element", "Asset", "Task", "Note")
"""What files may be attached to."""

PREFIX = "shotrunner_"
"""What the names of this wire's own custom fields start with."""


def custom_text(key: str, max_length: int | None = 255, *, shown: bool = True) -> Attribute:
    """A text of this wire's own."""
    return Custom(
        key=key,
        kind=Kind.TEXT,
        path=f"data.{PREFIX}{key}",
        canonical=f"{PREFIX}{key}",
        style="custom text",
        max_length=max_length,
        shown=shown,
    )


def custom_integer(key: str) -> Attribute:
    """A whole number of this wire's own."""
    return Custom(
        key=key,
        kind=Kind.INTEGER,
        path=f"data.{PREFIX}{key}::integer",
        canonical=f"{PREFIX}{key}",
        style="custom integer",
    )


def custom_flag(key: str) -> Attribute:
    """A truth value of this wire's own, kept among the custom fields."""
    return Custom(key=key, kind=Kind.BOOLEAN, path=f"data.{PREFIX}{key}::boolean", canonical=f"{PREFIX}{key}")


def custom_link(key: str, target: str) -> Attribute:
    """A link of this wire's own; the row that it names must exist."""
    name = f"link:{PREFIX}{key.removesuffix('_id')}"
    return Link(key=key, kind=Kind.INTEGER, path=f"{name}.number", canonical=name, target=target, column=name)


_DELETED = DeletedAt(key="deleted_at", kind=Kind.DATETIME, path="")
"""When it was deleted: `only_deleted` shows it."""

ADDED: Mapping[str, tuple[Attribute, ...]] = {
    "Project": (
        custom_link("sponsor_id", "Studio"),
        custom_link("default_team_id", "Group"),
        custom_link("logo_image_id", "Attachment"),
        _DELETED,
    ),
    "Attachment": (
        Custom(
            key="description",
            kind=Kind.TEXT,
            path="data.description",
            canonical="description",
            style="custom text",
        ),
        ContainerType(
            key="attachment_container_type",
            kind=Kind.TEXT,
            path=LINKS,
            canonical=LINKS,
            partner="attachment_container_id",
            allowed=CONTAINERS,
        ),
        ContainerNumber(
            key="attachment_container_id",
            kind=Kind.INTEGER,
            path=LINKS,
            column=LINKS,
            canonical=LINKS,
            partner="attachment_container_type",
            allowed=CONTAINERS,
        ),
        Secret(key=DATA, kind=Kind.TEXT, path="", write_only=True),
    ),
    "Asset": (custom_link("team_id", "Group"), custom_link("company_id", "Studio")),
    "Element": (
        Coded(
            key="element_type",
            kind=Kind.TEXT,
            path="link:shotrunner_element_type.name",
            canonical="link:shotrunner_element_type",
            facet="ElementType",
            attribute="name",
        ),
    ),
    "Note": (
        NoteType(key="note_type", kind=Kind.TEXT, path="labels", canonical="labels", target="NoteLabel"),
        Secret(key="watcher_ids", kind=Kind.LINKS, path="", write_only=True),
    ),
    "Membership": (custom_link("team_id", "Group"), custom_link("role_id", "Role")),
    "Studio": (custom_flag("is_primary"),),
    "Group": (
        custom_text("code"),
        custom_text("description", None),
        custom_text("web_page"),
        custom_text("email"),
        custom_link("teamlead_id", "Person"),
        custom_link("parent_id", "Group"),
    ),
    "Code": (
        custom_text("scope"),
        custom_text("label"),
        custom_text("meaning"),
        custom_text("description", None),
        custom_flag("default"),
        custom_text("color"),
        custom_integer("sort_order"),
        _DELETED,
    ),
    "Role": (custom_integer("position"), custom_flag("is_default"), custom_text("rights")),
    "HumanUser": (
        custom_text("department", 40),
        custom_text("address_line1", 40),
        custom_text("address_line2", 40),
        custom_text("state", 2),
        custom_text("zipcode", 10),
        custom_text("country"),
        custom_text("home_phone", 20),
        custom_text("im_addr"),
        custom_text("im_type"),
        custom_text("skype_name"),
        NestedCompany(key="company", kind=Kind.JSON, path=""),
        Secret(key="password", kind=Kind.TEXT, path="", write_only=True),
    ),
}
"""Facet -> attributes that no column holds: kept among the custom fields, so nothing is lost."""

DEFAULTS: Mapping[str, Mapping[str, object]] = {
    "HumanUser": {"im_type": "AIM", "status": "P"},
    "Task": {"pct_complete": 0},
}
"""Facet -> what a new object has where its maker says nothing."""
