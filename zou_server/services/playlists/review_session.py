"""Review sessions as guests see them, who have no account: their versions, the media, what a guest thinks.

A guest may see what the session holds and nothing else, until the session is over or they are taken out.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.actor import SYSTEM
from zou_server.models.errors import Invalid, NotFound
from zou_server.models.project import Project
from zou_server.models.registry import facet
from zou_server.models.review import PreviewFile
from zou_server.models.teamwork import (
    ReviewSession,
    ReviewSessionInvitee,
    ReviewSessionObject,
    ReviewSessionObjectStatus,
)
from zou_server.models.versions import Component, StoredFile
from zou_server.services.files.component_bytes import component_key
from zou_server.services.previews.keys import rendition_key
from zou_server.services.write.operations import Create, Operation, Update

if TYPE_CHECKING:
    from zou_server.services.people.mails import Post
    from zou_server.services.studio import Studio
    from zou_server.services.write.unit_of_work import UnitOfWork

ANSWERS = {"approved": "Approve", "require_changes": "Require changes"}
"""What a guest may say of a version, and the words of it."""

MOVIE, PICTURE = "movie", "picture"
# name of a component -> the kind of media that it is; the first that there is is shown
_MEDIA = {"ftrackreview-mp4": MOVIE, "ftrackreview-image": PICTURE}


@dataclass(frozen=True, slots=True)
class Medium:
    """The medium shown of a version: its key in the file store."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class ReviewedItem:
    """A version in a session, as one guest sees it."""

    id: uuid.UUID
    name: str
    version: str
    description: str
    medium: Medium | None
    status: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """A review session as a guest sees it."""

    name: str
    description: str
    project: str
    guest: str
    items: Sequence[ReviewedItem]


def order_invitation(work: UnitOfWork, post: Post, invitee_id: uuid.UUID, link: str) -> None:
    """Have a guest invited by mail to what is at `link`, and note when."""
    work.execute([Update(facet("ReviewSessionInvitee"), invitee_id, {"last_sent_at": work.now.isoformat()})])
    invitee = work.session.get_one(ReviewSessionInvitee, invitee_id)
    if not invitee.email:
        raise Invalid("This guest has no e-mail address.", {"email": ["is missing"]})
    session = work.session.get_one(ReviewSession, invitee.review_session_id)
    said = {
        "name": invitee.name or "",
        "inviter": work.actor.name,
        "session": session.name,
        "message": session.description or "",
        "link": link,
    }
    post.order(work, "review", invitee.email, said)


def open_session(studio: Studio, invitee_id: uuid.UUID) -> Session:
    """The session of a guest; NotFound for who is no guest any more, and when the session is over."""
    with studio.write(SYSTEM) as work:
        invitee, session = _invited(work, invitee_id)
        project = work.session.get(Project, session.project_id) if session.project_id else None
        objects = work.session.scalars(
            sa.select(ReviewSessionObject)
            .where(
                ReviewSessionObject.review_session_id == session.id, ReviewSessionObject.deleted_at.is_(None)
            )
            .order_by(ReviewSessionObject.sort_order, ReviewSessionObject.created_at, ReviewSessionObject.id)
        ).all()
        media = _media(work, [each.version_id for each in objects if each.version_id])
        said = _said(work, invitee.id)
        items = [
            ReviewedItem(
                each.id,
                each.name or "",
                each.version or "",
                each.description or "",
                media.get(each.version_id) if each.version_id else None,
                said.get(each.id),
            )
            for each in objects
        ]
        name = (project.name or "") if project is not None else ""
        return Session(session.name, session.description or "", name, invitee.name or "", items)


def answer(studio: Studio, invitee_id: uuid.UUID, object_id: uuid.UUID, status: str) -> None:
    """Keep what a guest thinks of a version of their session."""
    if status not in ANSWERS:
        raise Invalid(f"A guest says one of: {', '.join(ANSWERS)}.", {"status": ["is not one of them"]})
    with studio.write(SYSTEM) as work:
        _, session = _invited(work, invitee_id)
        shown = work.session.get(ReviewSessionObject, object_id)
        if shown is None or shown.deleted_at is not None or shown.review_session_id != session.id:
            raise NotFound("This version is not in the session.")
        work.execute([_answer(work, invitee_id, object_id, status)])
        work.commit()


def _answer(work: UnitOfWork, invitee_id: uuid.UUID, object_id: uuid.UUID, status: str) -> Operation:
    known = work.session.scalar(
        sa.select(ReviewSessionObjectStatus.id).where(
            ReviewSessionObjectStatus.review_session_invitee_id == invitee_id,
            ReviewSessionObjectStatus.review_session_object_id == object_id,
            ReviewSessionObjectStatus.deleted_at.is_(None),
        )
    )
    of = facet("ReviewSessionObjectStatus")
    if known is not None:
        return Update(of, known, {"status": status})
    ids = {"review_session_invitee_id": str(invitee_id), "review_session_object_id": str(object_id)}
    return Create(of, {**ids, "status": status})


def _invited(work: UnitOfWork, invitee_id: uuid.UUID) -> tuple[ReviewSessionInvitee, ReviewSession]:
    invitee = work.session.get(ReviewSessionInvitee, invitee_id)
    session = work.session.get(ReviewSession, invitee.review_session_id) if invitee is not None else None
    is_gone = invitee is None or session is None or invitee.deleted_at or session.deleted_at
    if invitee is None or session is None or is_gone or _is_over(session, work.now):
        raise NotFound("There is no such review session, or it is over.")
    return invitee, session


def _is_over(session: ReviewSession, now: dt.datetime) -> bool:
    """True after the last day; a session that ends when it begins was given no end."""
    begin, end = session.start_date, session.end_date
    return end is not None and (begin is None or end > begin) and end + dt.timedelta(days=1) < now


def _said(work: UnitOfWork, invitee_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """What a guest has said of each version."""
    found = work.session.execute(
        sa.select(ReviewSessionObjectStatus.review_session_object_id, ReviewSessionObjectStatus.status)
        .where(
            ReviewSessionObjectStatus.review_session_invitee_id == invitee_id,
            ReviewSessionObjectStatus.deleted_at.is_(None),
        )
        .order_by(ReviewSessionObjectStatus.created_at)
    )
    return {object_id: status for object_id, status in found if status}


def _media(work: UnitOfWork, versions: Sequence[uuid.UUID]) -> dict[uuid.UUID, Medium]:
    """What is shown of each version: what was encoded for review, else what the studio reviews."""
    found: dict[uuid.UUID, Medium] = {}
    previews = sa.select(PreviewFile.version_id, PreviewFile.id, PreviewFile.is_movie).where(
        PreviewFile.version_id.in_(versions), PreviewFile.deleted_at.is_(None), PreviewFile.status == "ready"
    )
    for version_id, id_, is_movie in _rows(work, previews.order_by(PreviewFile.position.desc())):
        place = "movies/originals" if is_movie else "pictures/previews"
        found[version_id] = Medium(MOVIE if is_movie else PICTURE, rendition_key(place, id_))
    components = (
        sa.select(Component.version_id, Component.id, Component.name, StoredFile.file_key)
        .outerjoin(StoredFile, StoredFile.id == Component.stored_file_id)
        .where(Component.version_id.in_(versions), Component.deleted_at.is_(None), Component.name.in_(_MEDIA))
        .order_by(Component.created_at)
    )
    for version_id, id_, name, key in _rows(work, components):
        found[version_id] = Medium(_MEDIA[name], key or component_key(id_))
    return found


def _rows(work: UnitOfWork, statement: sa.Select[*tuple[Any, ...]]) -> Sequence[Any]:
    return work.session.execute(statement).all()
