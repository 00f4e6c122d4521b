"""A new password by a link: asked for, made by an administrator, or sent as an invitation."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import sqlalchemy as sa

from zou_server.models.actor import SYSTEM
from zou_server.models.errors import Invalid, NotFound
from zou_server.models.person import Organisation, Person
from zou_server.services.people.one_time_secrets import (
    MAIL_CODE_MINUTES,
    keep_secret,
    new_mail_code,
    use_secret,
)
from zou_server.services.people.passwords import refuse_weak
from zou_server.services.people.set_password import set_password

if TYPE_CHECKING:
    from zou_server.models.actor import Actor
    from zou_server.services.people.mails import Post
    from zou_server.services.studio import Studio
    from zou_server.services.write.unit_of_work import UnitOfWork

HOURS = 2
INVITED_HOURS = 72
PAGE = "/reset-change-password"
"""Kitsu's page where a new password is chosen."""

WRONG_TOKEN = "Wrong or expired token."  # noqa: S105 - a sentence


def ask_for_reset(studio: Studio, post: Post, email: str, public_url: str) -> None:
    """Send a link to who has this address; nobody learns whether there is somebody."""
    with studio.write(SYSTEM) as work:
        person = _person(work, email)
        if person is None:
            return
        link = _new_link(work, person, public_url, HOURS)
        post.order(work, "reset", person.email, {**_said(work, person), "link": link, "hours": HOURS})
        work.commit()


def reset_link(studio: Studio, person_id: str, public_url: str) -> str:
    """A link for an administrator to hand over."""
    with studio.write(SYSTEM) as work:
        link = _new_link(work, _known(work, person_id), public_url, HOURS)
        work.commit()
    return link


def invite(studio: Studio, post: Post, actor: Actor, person_id: str, public_url: str) -> None:
    """Send somebody their log-in, and a link to choose a password."""
    with studio.write(replace(SYSTEM, name=actor.name)) as work:
        order_invitation(work, post, person_id, public_url)
        work.commit()


def order_invitation(work: UnitOfWork, post: Post, person_id: str, public_url: str) -> None:
    """Have an invitation sent in the name of who writes; whether they may is for the caller to ask."""
    person = _known(work, person_id)
    link = _new_link(work, person, public_url, INVITED_HOURS)
    said = {**_said(work, person), "link": link, "hours": INVITED_HOURS, "inviter": work.actor.name}
    post.order(work, "invite", person.email, said)


def send_code(studio: Studio, post: Post, *, person_id: uuid.UUID | None = None, email: str = "") -> None:
    """Send a code for one log-in to somebody's address."""
    with studio.write(SYSTEM) as work:
        person = _person(work, person_id or email)
        if person is None:
            return
        code = new_mail_code(work.session, person.id)
        said = {**_said(work, person), "code": code, "minutes": MAIL_CODE_MINUTES}
        post.order(work, "code", person.email, said)
        work.commit()


def take_new_password(studio: Studio, email: str, token: str, password: str) -> None:
    """Set the password of who has the token; Invalid for a wrong, old or used one."""
    refuse_weak("password", password)
    with studio.write(SYSTEM) as work:
        person = _person(work, email)
        if person is None or not use_secret(work.session, person.id, "reset", token):
            raise Invalid(WRONG_TOKEN, {"token": ["is wrong or expired"]})
        id_ = person.id
        work.commit()
    set_password(studio.writes, id_, password)


def _person(work: UnitOfWork, who: uuid.UUID | str) -> Any:
    """Somebody who may log in, by id or by address, which is the same in upper and lower case."""
    same = Person.id == who if isinstance(who, uuid.UUID) else _is_called(who.lower())
    return work.session.scalar(
        sa.select(Person)
        .where(same, Person.deleted_at.is_(None), Person.active, Person.is_bot.is_(False))
        .order_by(Person.shares_email)  # a log-in name may be the address that is somebody else's own
        .limit(1)
    )


def _is_called(name: str) -> sa.ColumnElement[bool]:
    """Has this address; who shares one has this log-in name."""
    own = sa.and_(sa.func.lower(Person.email) == name, ~Person.shares_email)
    return sa.or_(own, sa.and_(sa.func.lower(Person.login) == name, Person.shares_email))


def _known(work: UnitOfWork, person_id: str) -> Any:
    person = _person(work, uuid.UUID(person_id))
    if person is None or not person.email:
        raise NotFound(f"There is no active Person {person_id} with an e-mail address.")
    return person


def _new_link(work: UnitOfWork, person: Any, public_url: str, hours: int) -> str:
    token = secrets.token_urlsafe(48)
    keep_secret(work.session, person.id, "reset", token, timedelta(hours=hours))
    name = person.login if person.shares_email else person.email
    return f"{public_url}{PAGE}?{urlencode({'email': name, 'token': token})}"


def _said(work: UnitOfWork, person: Any) -> dict[str, str]:
    studio = work.session.scalar(
        sa.select(Organisation.name).where(Organisation.deleted_at.is_(None)).limit(1)
    )
    return {"first_name": person.first_name or "", "email": person.email, "studio": studio or "the studio"}
