"""People and bots: what making and changing them means beyond their columns, as gazu.person asks it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response

from zou_server.blueprints.zou.bodies import body, needed
from zou_server.blueprints.zou.crud import (
    Collection,
    Item,
    item_query,
    item_response,
    json_object,
    wanted_version,
)
from zou_server.blueprints.zou.idempotency import answered_once
from zou_server.blueprints.zou.log_in.tokens import new_bot_token
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.rows import json_of
from zou_server.blueprints.zou.shapes import ID, TEXT
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import payload_values, wire_type
from zou_server.description import Schema, ref, thing
from zou_server.models.errors import Invalid
from zou_server.models.policies import require
from zou_server.models.registry import facet
from zou_server.services.people.clear_avatar import clear_avatar
from zou_server.services.people.give_bot_token import give_bot_token
from zou_server.services.people.reset_password import invite, reset_link
from zou_server.services.people.second_factors import disable_all
from zou_server.services.write.operations import Act, Create, Edit, Mode, Operation, Update
from zou_server.web import current_actor, json_text

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

_PERSON = (("person_id", "Person"),)


class Persons(Collection):
    """`/data/persons`: a new person may have a password, a new bot gets a token."""

    def post(self) -> Response:
        """Make them; `access_token` is in the answer of a bot, this once."""
        given = json_object()
        password = given.pop("password", None)
        values = payload_values(self.wire, given, creating=True)
        missing = [name for name in ("first_name", "last_name") if values.get(name) is None]
        if missing or not values.get("first_name"):
            raise Invalid(
                "A required field is missing.", {n: ["is required"] for n in missing or ["first_name"]}
            )
        with self.studio.write(current_actor()) as work:
            return answered_once(work, lambda: self._made(work, values, password))

    def _made(self, work: UnitOfWork, values: Mapping[str, Any], password: Any) -> tuple[str, int]:
        id_ = work.execute([Create(self.wire.facet, values)])[0].id
        if password not in (None, ""):
            work.execute([Act("change_password", self.wire.facet, id_, {"password": password})])
        text = found_or_404(work.read.one(item_query(self.wire, str(id_)), ZOU), self.wire, str(id_))
        if orjson.loads(text)["is_bot"]:
            text = with_token(work, id_, text)
        return text, 201


class PersonItem(Item):
    """`/data/persons/<id>`: a bot whose last day changes gets a new token."""

    def put(self, id: str) -> Response:  # noqa: A002 - the name in the route
        """Change some keys; `access_token` is in the answer of a bot with a new last day, this once."""
        given = json_object()
        if given.get("password") in (None, ""):
            given.pop("password", None)  # gazu sends back what it made a person with
        values = payload_values(self.wire, given, creating=False)
        id_ = checked_id(id)
        with self.studio.write(current_actor()) as work:
            result = work.execute([Update(self.wire.facet, id_, values, wanted_version())])[0]
            text = found_or_404(work.read.one(item_query(self.wire, id_), ZOU), self.wire, id_)
            if "expiration_date" in result.changes and orjson.loads(text)["is_bot"]:
                text = with_token(work, result.id, text)
            work.commit()
        return item_response(text)


def with_token(work: UnitOfWork, bot_id: uuid.UUID, text: str) -> str:
    """The row of a bot with the only token it has from now on."""
    session_id, lifetime = give_bot_token(work, bot_id)
    token = new_bot_token(bot_id, session_id, lifetime)
    return f'{text[:-1]},"access_token":{orjson.dumps(token).decode()}}}'


# -- actions -------------------------------------------------------------------------------------------------


@body
class PasswordForPerson:
    """A password, said twice."""

    password: str = needed(TEXT)
    password_2: str = needed(TEXT)


class ChangePasswordOf(NamedResource):
    """A new password for somebody else."""

    def post(self, person_id: str, sent: PasswordForPerson) -> Response:
        """The body says it twice; all sessions of the person end."""
        if sent.password != sent.password_2:
            raise Invalid("Confirmation password doesn't match.", {"password_2": ["is another password"]})
        action = Act("change_password", facet("Person"), checked_id(person_id), {"password": sent.password})
        with self.studio.write(current_actor()) as work:
            work.execute([action])
            work.commit()
        return json_text('{"success":true}')


class Invite(NamedResource):
    """An invitation by e-mail."""

    def get(self, person_id: str) -> Response:
        """Send their log-in and a link to choose a password."""
        id_ = checked_id(person_id)
        require_owners(self.studio, _PERSON, {"person_id": id_})
        require(current_actor(), "person", "invite", "invite people")
        invite(self.studio, self.parts.post, current_actor(), id_, self.parts.public_url)
        return json_text('{"success":true,"message":"Email sent"}')


@body
class NoLink:
    """Nothing: the path says whose password it is."""


class ResetLink(NamedResource):
    """A link to choose a new password, for an administrator to hand over."""

    def post(self, person_id: str, sent: NoLink) -> Response:  # noqa: ARG002 - it has no values
        """The link is good for two hours and once."""
        id_ = checked_id(person_id)
        require_owners(self.studio, _PERSON, {"person_id": id_})
        require(current_actor(), "person", "invite", "make links to new passwords")
        return json_of({"reset_password_link": reset_link(self.studio, id_, self.parts.public_url)})


class ClearAvatar(NamedResource):
    """A person without a picture."""

    def delete(self, person_id: str) -> Response:
        """Take the picture away."""
        id_ = checked_id(person_id)
        with self.studio.write(current_actor()) as work:
            clear_avatar(work, self.parts.storage, facet("Person"), id_)
            work.commit()
        return Response(status=204)


class DisableTwoFactor(NamedResource):
    """A person who lost their second factor."""

    def delete(self, person_id: str) -> Response:
        """Take all of theirs away, so that the password is enough again."""
        id_ = checked_id(person_id)
        require_owners(self.studio, _PERSON, {"person_id": id_})
        require(current_actor(), "person", "disable_two_factor", "disable the two-factor log-in of others")
        with self.studio.writes.begin() as connection:
            disable_all(connection, uuid.UUID(id_))
        return json_text('{"success":true}')


@body
class NewDepartment:
    """A department that a person is to be in."""

    department_id: str = needed(ID)


class AddDepartment(NamedResource):
    """One department more for a person."""

    def post(self, person_id: str, sent: NewDepartment) -> Response:
        """The body names it; the answer is the person."""
        return _departments(self, person_id, Mode.ADD, sent.department_id, 201)


class RemoveDepartment(NamedResource):
    """One department less for a person."""

    def delete(self, person_id: str, department_id: str) -> Response:
        """The person leaves it; one they are not in stays so."""
        _departments(self, person_id, Mode.REMOVE, department_id, 204)
        return Response(status=204)


def _departments(
    resource: NamedResource, person_id: str, mode: Mode, department: str, status: int
) -> Response:
    wire, id_ = wire_type(facet("Person")), checked_id(person_id)
    change: Operation = Update(facet("Person"), id_, {"departments": Edit(mode, [checked_id(department)])})
    with resource.studio.write(current_actor()) as work:
        work.execute([change])
        text = found_or_404(work.read.one(item_query(wire, id_), ZOU), wire, id_)
        work.commit()
    return json_text(text, status)


# -- the routes ----------------------------------------------------------------------------------------------

_SUCCESS: Schema = thing({"success": {"type": "boolean"}}, ("success",))

ROUTES = (
    Named(
        "/actions/persons/<person_id>/change-password",
        ChangePasswordOf,
        {
            "post": Says(
                "Person",
                "Give somebody a new password",
                _SUCCESS,
                sends=PasswordForPerson,
                form=True,
                text="It is changed, and all their sessions have ended.",
                refused=(404, 413),
            )
        },
    ),
    Named(
        "/actions/persons/<person_id>/invite",
        Invite,
        {"get": Says("Person", "Invite somebody by e-mail", _SUCCESS, text="The mail is on its way.")},
    ),
    Named(
        "/actions/persons/<person_id>/reset-password-link",
        ResetLink,
        {
            "post": Says(
                "Person",
                "Make a link to a new password",
                thing({"reset_password_link": {"type": "string"}}, ("reset_password_link",)),
                sends=NoLink,
                sends_required=False,
                text="The link.",
                refused=(404, 413),
            )
        },
    ),
    Named(
        "/actions/persons/<person_id>/clear-avatar",
        ClearAvatar,
        {"delete": Says("Person", "Take somebody's picture away", status=204, text="It is gone.")},
    ),
    Named(
        "/actions/persons/<person_id>/disable-two-factor-authentication",
        DisableTwoFactor,
        {"delete": Says("Person", "Disable somebody's two-factor log-in", _SUCCESS, text="It is off.")},
    ),
    Named(
        "/actions/persons/<person_id>/departments/add",
        AddDepartment,
        {
            "post": Says(
                "Person",
                "Put somebody into a department",
                ref("Person"),
                status=201,
                sends=NewDepartment,
                form=True,
                text="The person.",
                refused=(404, 413),
            )
        },
    ),
    Named(
        "/actions/persons/<person_id>/departments/<department_id>",
        RemoveDepartment,
        {"delete": Says("Person", "Take somebody out of a department", status=204, text="They are out.")},
    ),
)
