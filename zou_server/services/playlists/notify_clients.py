"""Telling a project's clients that a playlist is ready to be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.actor import SYSTEM
from zou_server.models.errors import Forbidden, NotFound
from zou_server.models.person import Membership, Person, PersonDepartment
from zou_server.models.playlist import Playlist
from zou_server.models.policies import LEADS
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create

if TYPE_CHECKING:
    from zou_server.models.actor import Actor
    from zou_server.services.studio import Studio


def notify_clients(
    studio: Studio, actor: Actor, playlist_id: str, studio_id: str | None, department_id: str | None
) -> int:
    """Notify the clients of the project, perhaps of one site or department only; how many they are."""
    with studio.write(SYSTEM) as work:
        playlist = work.session.get(Playlist, playlist_id)
        if playlist is None or playlist.deleted_at is not None or actor.role_in(playlist.project_id) is None:
            raise NotFound(f"Playlist {playlist_id} not found.")
        if actor.role_in(playlist.project_id) not in LEADS:
            raise Forbidden("Who leads a project notifies its clients.")
        role = sa.func.coalesce(Membership.role, Person.role)
        clients = (
            sa.select(Person.id)
            .join(Membership, Membership.person_id == Person.id)
            .where(
                Membership.project_id == playlist.project_id,
                Membership.deleted_at.is_(None),
                Person.deleted_at.is_(None),
                Person.active,
                role == "client",
            )
            .order_by(Person.created_at, Person.id)
        )
        if studio_id:
            clients = clients.where(Person.studio_id == studio_id)
        if department_id:
            clients = clients.where(
                sa.exists().where(
                    PersonDepartment.person_id == Person.id,
                    PersonDepartment.department_id == department_id,
                    PersonDepartment.deleted_at.is_(None),
                )
            )
        values = {
            "notification_type": "playlist-ready",
            "author_id": actor.person_id,
            "playlist_id": playlist.id,
            "project_id": playlist.project_id,
        }
        people = work.session.scalars(clients).all()
        work.execute([Create(facet("Notification"), {**values, "person_id": id_}) for id_ in people])
        work.commit()
    return len(people)
