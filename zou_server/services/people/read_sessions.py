"""Everybody who listens to events, looked at again in one statement: who they are now, and who is no more.

Rights are read anew whenever there is something to tell, so that a log-out, a closed account or a change of
team holds at once. How far the event log has come is read by the same statement: nobody is told of a later
event by rights that they had earlier.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from zou_server.models.actor import Actor
from zou_server.services.people.load_actor import EXTRA, ActorQuery, InactivePerson, to_actor
from zou_server.services.people.manage_sessions import SessionKind

_SESSIONS = ActorQuery(
    "by_sessions",
    "login_session s JOIN person p ON p.id = s.person_id",
    "s.id = ANY($1::uuid[]) AND s.kind = $2",
    "s.id, s.revoked_at IS NOT NULL, s.expires_at <= now(), (SELECT next - 1 FROM event_counter)",
)


_PEOPLE = ActorQuery(
    "by_people",
    "person p",
    "p.id = ANY($1::uuid[])",
    "(SELECT next - 1 FROM event_counter)",
)


@dataclass(frozen=True, slots=True)
class Sessions:
    """The number of the last event, the actors of the sessions that live, and the sessions that were ended.

    What is neither has expired: its owner may come back with a newer one.
    """

    last: int
    actors: Mapping[uuid.UUID, Actor]
    ended: Collection[uuid.UUID]


def read_sessions(engine: sa.Engine, session_ids: Collection[uuid.UUID], *, client: str) -> Sessions:
    """Look at log-in sessions, as many as there are."""
    wanted = "{" + ",".join(str(each) for each in session_ids) + "}"
    actors: dict[uuid.UUID, Actor] = {}
    ended: set[uuid.UUID] = set()
    last = 0
    for row in _SESSIONS.all(engine, wanted, SessionKind.ACCESS.value):
        session_id, is_revoked, is_expired, last = row[EXTRA:]
        try:
            actor = to_actor(row, client=client, session_id=session_id)
        except InactivePerson:
            ended.add(session_id)
            continue
        if is_revoked:
            ended.add(session_id)
        elif not is_expired:
            actors[session_id] = actor
    return Sessions(last, actors, ended)


def read_people(engine: sa.Engine, person_ids: Collection[uuid.UUID], *, client: str) -> Sessions:
    """Look at people who listen by a key of theirs: each is their own session."""
    wanted = "{" + ",".join(str(each) for each in person_ids) + "}"
    actors: dict[uuid.UUID, Actor] = {}
    last = 0
    for row in _PEOPLE.all(engine, wanted):
        (last,) = row[EXTRA:]
        try:
            actor = to_actor(row, client=client)
        except InactivePerson:
            continue
        actors[actor.person_id] = actor
    return Sessions(last, actors, set(person_ids) - set(actors))
