"""Media that a client published for review itself become the preview of their version, as encoded ones do.

ftrack's clients make movies and pictures under names that its players know and send them; the bytes may come
before the rows or after them, so both ask for the same job, which does nothing twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.errors import DomainError, Unavailable
from zou_server.models.review import PreviewFile
from zou_server.models.versions import Component, ComponentLocation, Version
from zou_server.services.files.component_bytes import LOCATION, component_key
from zou_server.services.people.act_for import actor_of
from zou_server.services.previews.formats import MediaForm, form_of
from zou_server.services.previews.review_component import copy_for_review, review_component

if TYPE_CHECKING:
    from zou_server.services.previews.process_preview import Workshop
    from zou_server.services.write.unit_of_work import UnitOfWork

TASK = "review_sent"
NAMES = ("ftrackreview-mp4", "ftrackreview-image", "ftrackreview-webm")
"""The names that players know, in the order in which one is chosen."""


def order_review(work: UnitOfWork, places: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Have what is at this server's location now reviewed."""
    _order(work, ComponentLocation.id.in_(places))


def order_review_of(work: UnitOfWork, component_id: uuid.UUID) -> None:
    """Have a component reviewed whose bytes have come; nothing where its row is still to come."""
    _order(work, Component.id == component_id)


def _order(work: UnitOfWork, which: sa.ColumnElement[bool]) -> None:
    chosen: dict[uuid.UUID, Any] = {}
    for row in sorted(work.session.execute(_sent(which)).all(), key=lambda row: NAMES.index(row.name)):
        if form_of(_extension(row)) is not MediaForm.OTHER:
            chosen.setdefault(row.version_id, row)
    for version_id, row in chosen.items():
        named = {"component_id": row.id, "version_id": version_id, "person_id": work.actor.person_id}
        told = {key: str(value) for key, value in named.items()}
        work.defer(TASK, {**told, "extension": _extension(row)})


def _extension(row: Any) -> str:
    return (row.file_type or "").removeprefix(".").lower()


def _sent(which: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    """Components for players, with bytes of their own here, of versions of tasks that have no preview."""
    there = sa.exists().where(PreviewFile.version_id == Version.id, PreviewFile.deleted_at.is_(None))
    return (
        sa.select(Component.id, Component.version_id, Component.name, Component.file_type)
        .join(ComponentLocation, ComponentLocation.component_id == Component.id)
        .join(Version, Version.id == Component.version_id)
        .where(
            which,
            ComponentLocation.location_id == LOCATION,
            ComponentLocation.deleted_at.is_(None),
            Component.name.in_(NAMES),
            Component.stored_file_id.is_(None),
            Component.deleted_at.is_(None),
            Version.task_id.is_not(None),
            ~there,
        )
        .order_by(Component.created_at, Component.id)
    )


def review_sent(workshop: Workshop, arguments: Mapping[str, Any]) -> None:
    """Make the preview; nothing where it is not wanted, or not for that person to make."""
    version_id, key = uuid.UUID(arguments["version_id"]), component_key(arguments["component_id"])
    if not workshop.storage.exists(key):
        return  # whoever sends the bytes asks again
    try:
        actor = actor_of(workshop.studio.reads, uuid.UUID(arguments["person_id"]), client="ftrack")
        copy = copy_for_review(workshop, version_id, key, arguments["extension"])
    except Unavailable:
        raise
    except DomainError:
        return
    if copy is None:
        return
    try:
        with workshop.studio.write(actor) as work:
            review_component(work, workshop, version_id, copy)
            work.commit()
    except BaseException as error:
        workshop.storage.delete(copy.key)
        if not isinstance(error, DomainError) or isinstance(error, Unavailable):
            raise
