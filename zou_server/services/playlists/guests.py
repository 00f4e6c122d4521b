"""The rights of guests of a shared playlist: to comment on what it shows, where its link allows it."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from zou_server.models.actor import Actor
from zou_server.models.conditions import Condition
from zou_server.models.errors import Forbidden
from zou_server.models.visibility import Outsider
from zou_server.services.playlists.share_playlist import OpenLink


def guest_of(link: OpenLink, person_id: uuid.UUID | None) -> Actor:
    """The guest as an actor; Forbidden where nobody may comment, and for who said no name yet."""
    if not link.can_comment:
        raise Forbidden("Comments are disabled for this link")
    if person_id is None:
        raise Forbidden("Say your name first: POST .../guest.")
    return _actor(link, person_id)


def talk_for(link: OpenLink, person_id: uuid.UUID | None) -> Condition:
    """The comments that a guest reads, with a name or without: those that a client of the project does."""
    return Outsider(_actor(link, person_id or _NOBODY)).talk_for_clients()


_NOBODY = uuid.UUID(int=0)


def _actor(link: OpenLink, person_id: uuid.UUID) -> Actor:
    roles = {link.project_id: "client"}
    return Actor(person_id, "guest", "client", project_roles=roles, client="zou shared playlist")


def refuse_other_tasks(task_id: str, shown: Collection[str]) -> None:
    """Forbidden for a comment on a task that the playlist does not show."""
    if task_id not in shown:
        raise Forbidden("Task not part of this shared playlist")


def refuse_words_of_others(guest: Actor, author_id: str | None) -> None:
    """Forbidden for who changes what somebody else said."""
    if author_id != str(guest.person_id):
        raise Forbidden("Guests change what they said themselves.")


def refuse_marked_download(link: OpenLink) -> None:
    """Forbidden for the file as it was sent, where the link shows it with marks only."""
    if link.is_marked:
        raise Forbidden("What this link shows is marked, and may not be downloaded as it was sent.")
