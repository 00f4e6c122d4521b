"""The keys by which a script or a person comes in: listed, given and revoked by administrators and owners."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict
from typing import Any

import orjson
from flask import Response

from zou_server.blueprints.zou.bodies import body, optional, usually
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.shapes import BOOLEAN, MOMENT
from zou_server.description import SENT, Schema, listed, or_null, ref, thing
from zou_server.models.registry import Kind
from zou_server.services.people.manage_keys import (
    KeyTerms,
    give_key_by,
    list_keys,
    refuse_other_than_owner,
    revoke_all_keys,
    revoke_key,
)
from zou_server.web import current_actor, json_text

_PERSON = (("person_id", "Person"),)


@body
class KeyForPerson:
    """Whether the keys before it stay, and how long it is good."""

    keep_others: bool = usually(default=False, shape=BOOLEAN)
    expires_at: dt.datetime | None = optional(MOMENT)


class _OfOwner(NamedResource[Any]):
    def _owner(self, person_id: str) -> uuid.UUID:
        owner = uuid.UUID(checked_id(person_id))
        require_owners(self.studio, _PERSON, {"person_id": str(owner)})
        refuse_other_than_owner(current_actor(), owner)
        return owner


class Keys(_OfOwner):
    """The keys of a person or a script."""

    def get(self, person_id: str) -> Response:
        """Tell of each what is known of it; the key itself is not."""
        owner = self._owner(person_id)
        with self.studio.reads.connect() as connection:
            found = list_keys(connection, owner)
        rows = [{name: value for name, value in asdict(each).items() if name != "owner"} for each in found]
        return json_text(orjson.dumps(rows))

    def post(self, person_id: str, sent: KeyForPerson) -> Response:
        """Give a new one, which is told this once; the ones before it end unless they are kept."""
        terms = KeyTerms(sent.keep_others, sent.expires_at)
        require_owners(self.studio, _PERSON, {"person_id": checked_id(person_id)})
        with self.studio.write(current_actor()) as work:
            key = give_key_by(work, uuid.UUID(checked_id(person_id)), terms)
            work.commit()
        return json_text(orjson.dumps({"key": key}), 201)

    def delete(self, person_id: str) -> Response:
        """End all of them."""
        owner = self._owner(person_id)
        with self.studio.write(current_actor()) as work:
            revoke_all_keys(work.session, owner)
            work.commit()
        return Response(status=204)


class OneKey(_OfOwner):
    """One key of a person or a script."""

    def delete(self, person_id: str, key_id: str) -> Response:
        """End it."""
        owner = self._owner(person_id)
        with self.studio.write(current_actor()) as work:
            revoke_key(work.session, uuid.UUID(checked_id(key_id)), owner)
            work.commit()
        return Response(status=204)


_TEXT, _MOMENT = SENT[Kind.TEXT], SENT[Kind.DATETIME]
_KEY: Schema = thing(
    {
        "id": ref("Id"),
        "kind": _TEXT,
        "created_at": _MOMENT,
        "last_used_at": or_null(_MOMENT),
        "last_address": or_null(_TEXT),
        "expires_at": or_null(_MOMENT),
    },
    ("id", "kind", "created_at"),
)

ROUTES = (
    Named(
        "/data/persons/<person_id>/keys",
        Keys,
        {
            "get": Says("Person", "The keys of somebody, or of a script", listed(_KEY), text="Its keys."),
            "post": Says(
                "Person",
                "Give somebody, or a script, a new key",
                thing({"key": _TEXT}, ("key",)),
                status=201,
                sends=KeyForPerson,
                sends_required=False,
                text="The key, this once.",
                refused=(404, 413),
            ),
            "delete": Says("Person", "Revoke all keys of somebody", status=204, text="They are revoked."),
        },
    ),
    Named(
        "/data/persons/<person_id>/keys/<key_id>",
        OneKey,
        {"delete": Says("Person", "Revoke a key", status=204, text="It is revoked.")},
    ),
)
