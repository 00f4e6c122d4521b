"""Where ShotRunner's words are not the registry's: one table for each way to differ.

Keys are (facet, canonical field) or (facet, wire key); "*" stands for every facet. Whatever is not
named here is derived: a column is an attribute of its own name, a link is `<name>_id`. Which attributes
an answer shows is in `documented`. A test fails for keys that match nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zou_server.blueprints.shotrunner.attributes import (
    Attribute,
    Coded,
    Hours,
    Link,
    OneOfMany,
    PictureAddress,
    TargetNumber,
    TargetType,
    Word,
)
from zou_server.blueprints.shotrunner.lookup import link_to
from zou_server.blueprints.shotrunner.people import PersonStatus, Zone
from zou_server.blueprints.shotrunner.spelling import ENTITIES
from zou_server.models.conditions import (
    All,
    AnyOf,
    Condition,
    InQuery,
    Op,
    Output,
    Projection,
    Query,
    Some,
    Where,
)
from zou_server.models.registry import Kind, facet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

RENAMED: Mapping[tuple[str, str], str] = {
    ("*", "number"): "id",  # the wire's ids are integers
    ("Project", "name"): "code",  # "the project's label": the name that the other tools show
    ("Project", "code"): "short_code",  # makes room for the above
    ("Sequence", "name"): "sequence_code",  # the document's word
    ("Shot", "name"): "shot_code",  # the document's word
    ("Shot", "nb_frames"): "frame_count",  # the document's word
    ("Asset", "name"): "asset_label",  # the document's word
    ("Element", "name"): "label",  # the document's word
    ("Task", "name"): "title",  # a task has no second name
    ("Task", "task_type_id"): "skill_id",  # the document's word
    ("Task", "completion_rate"): "pct_complete",  # the document's word
    ("Attachment", "name"): "title",  # the document's word
    ("Code", "name"): "code",  # the word that rows are told by
    ("Note", "text"): "message",  # the document's word
    ("Note", "person_id"): "user_id",  # people are users here
    ("Membership", "person_id"): "user_id",  # people are users here
    ("HumanUser", "country"): "country_code",  # two letters; the document's `country` is free text
}
"""Facet and canonical field -> the wire key."""

OMITTED: Mapping[tuple[str, str], str] = {
    ("*", "id"): "uuids stay inside; `id` is the number",
    ("*", "object_kind"): "said by the path",
    ("*", "display_name"): "said by the attribute that it comes from",
    ("*", "kind"): "said by the path",
    ("*", "context"): "ftrack's tree; the links it follows are attributes of their own",
    **{
        ("Code", name): "codes of all scopes have the same attributes"
        for name in ("project_id", "created_by_id", "updated_by_id")
    },
    ("HumanUser", "is_bot"): "users are people",
    ("HumanUser", "role"): "shown as `admin`",
    ("Task", "assignations"): "plumbing of `user_id`",
}
"""Facet and canonical field -> why the wire does not have it."""


def _status(facet: str, field: str) -> Attribute:
    return Coded(
        key="status",
        kind=Kind.TEXT,
        path=f"{field.removesuffix('_id')}.code",
        canonical=field,
        facet=facet,
        attribute="code",
    )


def _author(key: str) -> Attribute:
    return Attribute(key=key, kind=Kind.TEXT, path=f"{key}.login")


def _pair(name: str, field: str, allowed: tuple[str, ...]) -> tuple[Attribute, ...]:
    hop = field.removesuffix("_id")
    return (
        TargetType(
            key=f"{name}_type",
            kind=Kind.TEXT,
            path=f"{hop}.object_kind",
            canonical=field,
            style="type",
            partner=f"{name}_id",
            allowed=allowed,
        ),
        TargetNumber(
            key=f"{name}_id",
            kind=Kind.INTEGER,
            path=f"{hop}.number",
            column=field,
            canonical=field,
            partner=f"{name}_type",
            allowed=allowed,
        ),
    )


_NEAREST_SEQUENCE = Link(
    key="sequence_id",
    kind=Kind.INTEGER,
    path="sequence.number",
    canonical="parent_id",
    target="Sequence",
    column="sequence_id",
)
"""An entity's sequence is the nearest one above it. The wire writes the parent, where that is one."""

_THUMBNAIL = PictureAddress(
    key="thumbnail_loc",
    kind=Kind.TEXT,
    path="thumbnail_loc",
    canonical="thumbnail_loc",
    style="thumbnail",
)

TASKABLE = ("Asset", "Sequence", "Shot", "Element")
NOTEABLE = ("Project", "Sequence", "Shot", "Element", "Asset", "Task")

REPLACED: Mapping[tuple[str, str], tuple[Attribute, ...]] = {
    ("*", "created_by_id"): (_author("created_by"),),  # the document shows a login
    ("*", "updated_by_id"): (_author("updated_by"),),  # the same
    ("*", "status_id"): (_status("Status", "status_id"),),  # a status is its code
    ("Project", "project_status_id"): (_status("ProjectStatus", "project_status_id"),),  # the same
    ("Task", "task_status_id"): (_status("TaskStatus", "task_status_id"),),  # the same
    ("Asset", "entity_type_id"): (
        Coded(
            key="asset_type",
            kind=Kind.TEXT,
            path="entity_type.name",
            canonical="entity_type_id",
            facet="AssetType",
            attribute="name",
        ),
    ),  # a type is its name
    ("Task", "entity_id"): _pair("taskable", "entity_id", TASKABLE),  # a task hangs on any of these
    ("Note", "object_id"): _pair("noteable", "object_id", NOTEABLE),  # a note is about any of these
    ("Task", "estimation"): (
        Hours(
            key="estimated_time", kind=Kind.NUMBER, path="estimation", canonical="estimation", style="hours"
        ),
    ),  # the document does not name a unit; hours is what people write
    ("Task", "assignees"): (
        OneOfMany(
            key="user_id",
            kind=Kind.INTEGER,
            path="assignees",
            canonical="assignees",
            style="assignee",
            target="Person",
        ),
    ),  # one assignee: the primary one
    ("Element", "entities_out"): (
        OneOfMany(
            key="asset_id",
            kind=Kind.INTEGER,
            path="entities_out",
            canonical="entities_out",
            style="used asset",
            target="Asset",
        ),
    ),  # the asset that this layer uses
    ("Shot", "sequence_id"): (_NEAREST_SEQUENCE,),
    ("Asset", "sequence_id"): (_NEAREST_SEQUENCE,),
    **{(name, "thumbnail_loc"): (_THUMBNAIL,) for name in ENTITIES},  # ours where no other was written
    ("Element", "parent_id"): (
        Link(
            key="shot_id",
            kind=Kind.INTEGER,
            path="parent[Shot].number",
            canonical="parent_id",
            target="Shot",
            column="parent_id",
            narrowed=True,
        ),
    ),
    ("HumanUser", "is_admin"): (
        Word(
            key="admin",
            kind=Kind.BOOLEAN,
            path="is_admin",
            canonical="role",
            words={True: True, False: False},
            written={True: "admin", False: "user"},
        ),
    ),  # the role, as far as the document knows it
    ("HumanUser", "active"): (
        PersonStatus(key="status", kind=Kind.TEXT, path="active", canonical="active"),
    ),  # active, inactive, or a pending invitation
    ("HumanUser", "timezone"): (
        Zone(key="time_zone", kind=Kind.TEXT, path="timezone", canonical="timezone"),
    ),  # the document's word, and Rails' names
    ("HumanUser", "phone"): (
        Attribute(key="cell_phone", kind=Kind.TEXT, path="phone", canonical="phone", max_length=20),
    ),  # the one telephone number that the other tools know
    ("HumanUser", "studio_id"): (
        Link(
            key="company_id",
            kind=Kind.INTEGER,
            path="studio.number",
            canonical="studio_id",
            target="Studio",
            column="studio_id",
        ),
    ),  # whom somebody works for: Kitsu's studios
}
"""Facet and canonical field -> the attributes that stand for it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The flag of a link row that says which of many is the one: `near` and `far` are the row's two hops."""

    facet: str
    flag: str
    near: str
    far: str


MARKED: Mapping[tuple[str, str], Mark] = {
    ("Task", "assignees"): Mark("Assignation", "is_primary", "task", "person"),  # other tools add more people
}
"""Facet and link to many -> how the one that the wire writes is told from the others."""


@dataclass(frozen=True, slots=True)
class BelowParent:
    """How the rows of a nested collection belong to the parent in the URL, where no attribute says it."""

    condition: Callable[[int], Condition]
    reason: str


def _any_task_below(number: int) -> Condition:
    return AnyOf(
        (
            link_to("entity_id", "Sequence", number),
            link_to("entity[Entity].sequence_id", "Sequence", number),
        )
    )


def _shots_that_use(number: int) -> Condition:
    asset = All((Where("number", Op.EQ, number), Where("kind", Op.EQ, "Asset")))
    return AnyOf((Some("entities_out", asset), Some("children.entities_out", asset)))


def _assets_used_by(number: int) -> Condition:
    shot = All((Where("number", Op.EQ, number), Where("kind", Op.EQ, "Shot")))
    through_element = All((Where("parent[Shot].number", Op.EQ, number), Where("kind", Op.EQ, "Element")))
    return AnyOf((Some("entities_in", shot), Some("entities_in", through_element)))


def _memberships(path: str, number: int) -> Query:
    return Query(facet("Membership"), Projection((Output("id", "id"),)), Where(path, Op.EQ, number))


def _members(path: str, number: int) -> Query:
    """The links of groups to who is in them, as other clients make them."""
    return Query(facet("GroupUserConnection"), Projection((Output("id", "id"),)), Where(path, Op.EQ, number))


def _teams_of(number: int) -> Condition:
    leads = Where("link:shotrunner_teamlead.number", Op.EQ, number)
    named = InQuery("id", _memberships("person.number", number), "link:shotrunner_team")
    return AnyOf((leads, named, InQuery("id", _members("to.number", number), "from_id")))


def _people_of(number: int) -> Condition:
    named = InQuery("id", _memberships("link:shotrunner_team.number", number), "person_id")
    return AnyOf((named, InQuery("id", _members("from.number", number), "to_id")))


NESTED: Mapping[tuple[str, str], str | BelowParent] = {
    ("HumanUser", "Task"): "user_id",  # not those that they handed out
    ("Project", "Note"): "noteable_id",  # its own forum, not those of all that is in it
    ("Project", "Attachment"): "attachment_container_id",  # its own files
    ("HumanUser", "Note"): "user_id",  # the author, not the editor
    ("HumanUser", "Group"): BelowParent(_teams_of, "the teams that they lead or are in"),
    ("Group", "HumanUser"): BelowParent(_people_of, "through their memberships"),
    ("Sequence", "Task"): BelowParent(_any_task_below, "tasks under a sequence are those of its shots too"),
    ("Asset", "Shot"): BelowParent(_shots_that_use, "by casting, or through an element"),
    ("Shot", "Asset"): BelowParent(_assets_used_by, "the same the other way round"),
}
"""Facets of parent and child -> the child's attribute that leads to the parent, or a condition of its own."""
