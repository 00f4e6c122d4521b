"""What people keep beside the work itself: facts under a key, time, lists, reviews with guests, labels.

Rows are about anything (`object_id`); their project is that of what they are about.
"""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import LIVE, Row, owner, reference
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import FacetSpec, entity, union

_NOWHERE: dict[str, str | None] = dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner"))
_FTRACK: dict[str, str | None] = dict.fromkeys(("zou", "shotgun", "shotrunner"))


def _named(ftrack: str) -> dict[str, str | None]:
    return {**_FTRACK, "ftrack": ftrack}


def _once(*columns: str) -> sa.Index:
    """A live row is the only one with these values."""
    return sa.Index(f"uq_{columns[0]}", *columns[1:], unique=True, postgresql_where=LIVE)


@entity("metadata", names=_named("Metadata"), policy="declared", display="key")
class MetadataEntry(Row):
    """A text under a key of anything; `parent_type` is what its client calls the type of that thing."""

    object_id: Mapped[uuid.UUID] = owner("object", nullable=False)
    key: Mapped[str]
    value: Mapped[str | None]
    parent_type: Mapped[str | None]
    project_id: Mapped[uuid.UUID | None] = owner("project")

    __table_args__ = (
        _once("metadata_entry", "object_id", "key"),
        sa.Index("ix_metadata_entry_key", "key", "value"),
    )


@entity("scopes", names=_named("Scope"), policy="declared")
class Scope(Row):
    """A word that a studio puts on what belongs together."""

    name: Mapped[str]


@entity("scope-uses", names=_NOWHERE, policy="declared", display="")
class ScopeUse(Row):
    """Something is in a scope."""

    object_id: Mapped[uuid.UUID] = owner("object", nullable=False)
    scope_id: Mapped[uuid.UUID] = owner("scope", nullable=False)
    project_id: Mapped[uuid.UUID | None] = owner("project")

    __table_args__ = (_once("scope_use", "object_id", "scope_id"),)


@entity("timelogs", names=_named("Timelog"), policy="time")
class Timelog(Row):
    """Seconds that a person worked on something, from a moment on.

    `time_spent_id` is the entry of a day that it was made for, where nobody kept it as a time log. `day` is
    the one on which it counts: that of its start where its person lives.
    """

    name: Mapped[str | None]
    comment: Mapped[str | None] = mapped_column(default="")
    start: Mapped[dt.datetime | None]
    day: Mapped[dt.date | None] = mapped_column(info={"inner": True})
    duration: Mapped[float] = mapped_column(default=0.0)
    time_zone_offset: Mapped[float | None]
    object_id: Mapped[uuid.UUID | None] = owner("object")
    person_id: Mapped[uuid.UUID | None] = owner("person", info={"target": "Person"})
    time_spent_id: Mapped[uuid.UUID | None] = reference("time_spent", info={"inner": True})
    project_id: Mapped[uuid.UUID | None] = owner("project")

    __table_args__ = (
        sa.Index("ix_timelog_object_id", "object_id"),
        sa.Index("ix_timelog_person_id", "person_id", "start"),
        sa.Index("ix_timelog_time_spent_id", "time_spent_id"),
    )


@entity("timers", names=_named("Timer"), policy="declared")
class Timer(Row):
    """A person is working on something since a moment; one at a time."""

    name: Mapped[str | None]
    comment: Mapped[str | None] = mapped_column(default="")
    start: Mapped[dt.datetime | None]
    object_id: Mapped[uuid.UUID | None] = owner("object")
    person_id: Mapped[uuid.UUID | None] = owner("person", info={"target": "Person"})
    project_id: Mapped[uuid.UUID | None] = owner("project")

    __table_args__ = (_once("timer", "person_id"),)


JOB_STATUSES = ("queued", "running", "done", "failed", "killed")


@entity("client-jobs", names=_named("Job"), policy="declared", display="type")
class ClientJob(Row):
    """Work that a client, or the server for it, tells the progress of; `data` of its client is `details`."""

    type: Mapped[str] = mapped_column(default="api_job")
    status: Mapped[str] = mapped_column(default="queued", info={"choices": JOB_STATUSES})
    details: Mapped[str | None]
    finished_at: Mapped[dt.datetime | None]
    person_id: Mapped[uuid.UUID | None] = owner("person", info={"target": "Person"})


@entity("client-job-components", names=_named("JobComponent"), policy="declared", display="")
class ClientJobComponent(Row):
    """A job comes with a component."""

    job_id: Mapped[uuid.UUID] = owner("client_job", nullable=False)
    component_id: Mapped[uuid.UUID] = owner("component", nullable=False)

    __table_args__ = (_once("client_job_component", "component_id", "job_id"),)


@entity("note-labels", names=_named("NoteLabel"), policy="declared")
class NoteLabel(Row):
    """What kind of note: for clients, internal, ..."""

    name: Mapped[str | None]
    color: Mapped[str | None]
    sort: Mapped[int | None] = mapped_column(default=0)


@entity("note-label-links", names=_named("NoteLabelLink"), policy="declared", display="")
class NoteLabelLink(Row):
    """A note has a label."""

    note_id: Mapped[uuid.UUID] = owner("note", nullable=False)
    label_id: Mapped[uuid.UUID] = owner("note_label", nullable=False)

    __table_args__ = (_once("note_label_link", "note_id", "label_id"),)


@entity("note-recipients", names=_named("Recipient"), policy="declared", display="")
class NoteRecipient(Row):
    """A note is for a person."""

    note_id: Mapped[uuid.UUID] = owner("note", nullable=False)
    person_id: Mapped[uuid.UUID] = owner("person", nullable=False, info={"target": "Person"})
    text_mentioned: Mapped[str | None]

    __table_args__ = (_once("note_recipient", "note_id", "person_id"),)


@entity("note-components", names=_named("NoteComponent"), policy="declared", display="")
class NoteComponent(Row):
    """A note comes with a component."""

    component_id: Mapped[uuid.UUID] = owner("component", nullable=False)
    note_id: Mapped[uuid.UUID] = owner("note", nullable=False)

    __table_args__ = (_once("note_component", "component_id", "note_id"),)


@entity("list-categories", names=_named("ListCategory"), policy="declared")
class ListCategory(Row):
    """What lists are for: dailies, deliveries, ..."""

    name: Mapped[str | None]


@entity(
    "object-lists",
    names=_NOWHERE,
    policy="declared",
    kind=None,
    facets=(
        FacetSpec(
            "VersionList",
            "version-lists",
            where=Where("system_type", Op.EQ, "assetversion"),
            defaults={"system_type": "assetversion"},
            names=_named("AssetVersionList"),
            kind="AssetVersionList",
        ),
        FacetSpec(
            "ContextList",
            "context-lists",
            where=Where("system_type", Op.EQ, "task"),
            defaults={"system_type": "task"},
            names=_named("TypedContextList"),
            kind="TypedContextList",
        ),
    ),
)
class ObjectList(Row):
    """A list of versions (`system_type` assetversion) or of parts of the tree (task)."""

    name: Mapped[str | None] = mapped_column(default="")
    system_type: Mapped[str] = mapped_column(default="task")
    is_open: Mapped[bool] = mapped_column(default=True)
    date: Mapped[dt.datetime | None]
    category_id: Mapped[uuid.UUID | None] = reference("list_category")
    person_id: Mapped[uuid.UUID | None] = reference("person", info={"target": "Person"})
    project_id: Mapped[uuid.UUID | None] = owner("project")

    __table_args__ = (sa.Index("ix_object_list_project_id", "project_id"),)


union("AnyList", ("VersionList", "ContextList"), names=_named("List"))


@entity("list-objects", names=_named("ListObject"), policy="declared", display="")
class ListObject(Row):
    """Something is in a list."""

    list_id: Mapped[uuid.UUID] = owner("object_list", nullable=False)
    object_id: Mapped[uuid.UUID] = owner("object", nullable=False)

    __table_args__ = (_once("list_object", "list_id", "object_id"),)


@entity("dependencies", names=_named("TypedContextLink"), policy="declared", display="")
class Dependency(Row):
    """Something in the tree comes before something else there."""

    from_id: Mapped[uuid.UUID] = owner("object", nullable=False)
    to_id: Mapped[uuid.UUID] = owner("object", nullable=False)

    __table_args__ = (
        _once("dependency", "from_id", "to_id"),
        sa.Index("ix_dependency_to_id", "to_id"),
    )


@entity("version-links", names=_named("AssetVersionLink"), policy="declared", display="")
class VersionLink(Row):
    """A version (`from_id`) is used in another (`to_id`)."""

    from_id: Mapped[uuid.UUID] = owner("version", nullable=False)
    to_id: Mapped[uuid.UUID] = owner("version", nullable=False)

    __table_args__ = (
        _once("version_link", "from_id", "to_id"),
        sa.Index("ix_version_link_to_id", "to_id"),
    )


@entity("review-sessions", names=_named("ReviewSession"), policy="declared")
class ReviewSession(Row):
    """Versions put together for guests to look at."""

    name: Mapped[str] = mapped_column(default="New review session")
    description: Mapped[str | None] = mapped_column(default="")
    availability: Mapped[str | None]
    start_date: Mapped[dt.datetime | None]
    end_date: Mapped[dt.datetime | None]
    is_moderated: Mapped[bool] = mapped_column(default=False)
    passphrase_enabled: Mapped[bool] = mapped_column(default=False)
    shareable_url_enabled: Mapped[bool] = mapped_column(default=False)
    project_id: Mapped[uuid.UUID | None] = owner("project")

    __table_args__ = (sa.Index("ix_review_session_project_id", "project_id"),)


@entity("review-session-objects", names=_named("ReviewSessionObject"), policy="declared")
class ReviewSessionObject(Row):
    """A version in a review session, as its guests see it."""

    name: Mapped[str | None] = mapped_column(default="")
    description: Mapped[str | None] = mapped_column(default="")
    version: Mapped[str | None] = mapped_column(default="")
    sort_order: Mapped[float | None] = mapped_column(default=0)
    review_session_id: Mapped[uuid.UUID] = owner("review_session", nullable=False)
    version_id: Mapped[uuid.UUID | None] = owner("version")

    __table_args__ = (sa.Index("ix_review_session_object_review_session_id", "review_session_id"),)


@entity("review-session-invitees", names=_named("ReviewSessionInvitee"), policy="declared")
class ReviewSessionInvitee(Row):
    """A guest of a review session."""

    name: Mapped[str | None]
    email: Mapped[str | None]
    last_sent_at: Mapped[dt.datetime | None]
    review_session_id: Mapped[uuid.UUID] = owner("review_session", nullable=False)

    __table_args__ = (sa.Index("ix_review_session_invitee_review_session_id", "review_session_id"),)


@entity(
    "review-session-object-statuses", names=_named("ReviewSessionObjectStatus"), policy="declared", display=""
)
class ReviewSessionObjectStatus(Row):
    """What a guest thinks of a version in a review session."""

    status: Mapped[str | None]
    review_session_object_id: Mapped[uuid.UUID] = owner("review_session_object", nullable=False)
    review_session_invitee_id: Mapped[uuid.UUID | None] = owner("review_session_invitee")


@entity("manager-types", names=_named("ManagerType"), policy="declared")
class ManagerType(Row):
    """What somebody manages: the production, the supervision, ..."""

    name: Mapped[str | None]


@entity("managers", names=_named("Manager"), policy="declared", display="")
class Manager(Row):
    """A person manages a part of a production."""

    object_id: Mapped[uuid.UUID | None] = owner("object")
    person_id: Mapped[uuid.UUID | None] = owner("person", info={"target": "Person"})
    type_id: Mapped[uuid.UUID | None] = reference("manager_type")
    project_id: Mapped[uuid.UUID | None] = owner("project")


@entity("disks", names=_named("Disk"), policy="vocabulary")
class Disk(Row):
    """A disk by its path on each platform."""

    name: Mapped[str | None]
    unix: Mapped[str | None]
    windows: Mapped[str | None]


@entity("task-templates", names=_named("TaskTemplate"), policy="vocabulary")
class StepTemplate(Row):
    """The steps that something gets at once."""

    name: Mapped[str]
    project_schema_id: Mapped[uuid.UUID | None] = owner("project_schema")


@entity("task-template-items", names=_named("TaskTemplateItem"), policy="vocabulary", display="")
class StepTemplateItem(Row):
    """A step of a template."""

    template_id: Mapped[uuid.UUID] = owner("step_template", nullable=False)
    task_type_id: Mapped[uuid.UUID | None] = owner("task_type")


@entity("calendar-events", names=_named("CalendarEvent"), policy="declared")
class CalendarEvent(Row):
    """A meeting, a holiday, an estimate: from a moment to another."""

    name: Mapped[str | None] = mapped_column(default="")
    start: Mapped[dt.datetime | None]
    end_at: Mapped[dt.datetime | None]
    effort: Mapped[float | None]
    estimate: Mapped[float | None]
    everyone: Mapped[bool] = mapped_column(default=False)
    forecast: Mapped[bool] = mapped_column(default=False)
    leave: Mapped[bool] = mapped_column(default=False)
    type_id: Mapped[uuid.UUID | None] = reference("task_type")
    project_id: Mapped[uuid.UUID | None] = owner("project")


@entity("calendar-event-resources", names=_named("CalendarEventResource"), policy="declared", display="")
class CalendarEventResource(Row):
    """A person takes part in a calendar event."""

    calendar_event_id: Mapped[uuid.UUID] = owner("calendar_event", nullable=False)
    person_id: Mapped[uuid.UUID | None] = owner("person", info={"target": "Person"})


@entity("settings", names=_named("Setting"), policy="vocabulary")
class Setting(Row):
    """A setting of a client, by name and group."""

    name: Mapped[str]
    group_name: Mapped[str]
    value: Mapped[str | None]

    __table_args__ = (_once("setting", "name", "group_name"),)


@entity("custom-attribute-groups", names=_named("CustomAttributeGroup"), policy="project_setting")
class CustomFieldGroup(Row):
    """Custom fields that are shown together."""

    name: Mapped[str | None]
