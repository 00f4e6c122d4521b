"""Mails that invite people to a shared playlist, each with its link."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.errors import Invalid, NotFound
from zou_server.models.person import Person
from zou_server.services.playlists.share_playlist import live_link

if TYPE_CHECKING:
    from zou_server.services.people.mails import Post
    from zou_server.services.write.unit_of_work import UnitOfWork

PAGE = "/playlists/shared"
"""Kitsu's page of a shared playlist."""
MOST = 100
"""People who are invited at once."""
_ADDRESS = re.compile(r"[^@\s<>,;:\"()]{1,64}@[^@\s<>,;:\"()]{1,190}")


def invite_reviewers(
    work: UnitOfWork,
    post: Post,
    link: tuple[str, str],
    people: tuple[Iterable[str], Iterable[str]],
    said: tuple[str, str],
) -> list[str]:
    """Have the link of a playlist (its id and the token) mailed to addresses, and to people by their ids.

    `said` is the server's address and a message. The answer is the addresses, each once; NotFound for a link
    that is closed.
    """
    playlist_id, token = link
    addresses, person_ids = people
    found = work.session.execute(live_link(token)).first()
    if found is None or found.playlist_id != uuid.UUID(playlist_id):
        raise NotFound("This playlist has no such link.")
    known = sa.select(Person.email, Person.first_name).where(
        Person.id.in_(list(person_ids)), Person.email.is_not(None), Person.deleted_at.is_(None)
    )
    names = {email: first or "" for email, first in work.session.execute(known) if email is not None}
    wanted = {each.lower(): each for each in (*addresses, *sorted(names))}
    wrong = sorted(each for each in wanted.values() if not _ADDRESS.fullmatch(each))
    if wrong or len(wanted) > MOST:
        problem = f"'{wrong[0][:60]}' is no address" if wrong else f"are more than {MOST}"
        raise Invalid(fields={"emails": [problem]})
    public_url, message = said
    for address in wanted.values():
        values = {
            "name": names.get(address, ""),
            "inviter": work.actor.name,
            "session": found.playlist_name,
            "message": message,
            "link": f"{public_url}{PAGE}/{token}",
        }
        post.order(work, "review", address, values)
    return list(wanted.values())
