"""The actions that set something going: uploads, encoding, invitations, keys, jobs of the server.

Each runs in the unit of work of its request: it happens when all of the request does, or not at all.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.blueprints.ftrack.files.uploads import complete_multipart_upload, get_upload_metadata
from zou_server.blueprints.ftrack.ids import Action, key_of
from zou_server.blueprints.ftrack.projection import tree
from zou_server.blueprints.ftrack.reading import Reading
from zou_server.models.errors import Invalid, NotFound
from zou_server.models.policies import require
from zou_server.services.people.manage_keys import FOR_GOOD, KeyKind, give_key, refuse_other_than_owner
from zou_server.services.people.reset_password import order_invitation as order_user_invitation
from zou_server.services.people.sync_people import TYPE as SYNC_USERS
from zou_server.services.people.sync_people import order_sync
from zou_server.services.playlists.review_session import order_invitation
from zou_server.services.previews.encode_component import order_encoding

if TYPE_CHECKING:
    from zou_server.blueprints.ftrack.tools import Tools
    from zou_server.services.write.unit_of_work import UnitOfWork


def _id(action: Action, name: str) -> uuid.UUID:
    """The id under a name."""
    try:
        return uuid.UUID(str(action[name]))
    except (KeyError, ValueError):
        raise Invalid(f"{name} is missing, or is not an id.", {name: ["is not an id"]}) from None


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _encode_media(tools: Tools, work: UnitOfWork, action: Action) -> str:
    """Have a component made playable in browsers; the job tells how far that is."""
    version = None if action.get("version_id") is None else _id(action, "version_id")
    keep = action.get("keep_original", True)
    if not isinstance(keep, bool):
        raise Invalid("keep_original is not true or false.", {"keep_original": ["is not a boolean"]})
    storage, component = tools.transfers.storage, _id(action, "component_id")
    job = order_encoding(work, storage, component, version, keep_original=keep)
    return _json({"action": "encode_media", "job_id": str(job)})


def _send_user_invite(tools: Tools, work: UnitOfWork, action: Action) -> str:
    """Mail somebody their log-in, and a link to choose a password."""
    require(work.actor, "person", "invite", "invite people")
    order_user_invitation(work, tools.post, str(_id(action, "user_id")), tools.public_url)
    return _json({"action": "send_user_invite", "sent": True})


def _send_review_session_invite(tools: Tools, work: UnitOfWork, action: Action) -> str:
    """Mail a guest of a review session the link to it."""
    id_ = _id(action, "review_session_invitee_id")
    order_invitation(work, tools.post, id_, tools.reviews.address(id_))
    return _json({"action": "send_review_session_invite", "sent": True})


JOB_TYPES: Mapping[str, Callable[[UnitOfWork], uuid.UUID]] = {SYNC_USERS: order_sync}
"""Jobs of the server that a client may ask for."""


def _delayed_job(_tools: Tools, work: UnitOfWork, action: Action) -> str:
    """A job of the server itself, done by its worker."""
    name = action.get("job_type")
    order = JOB_TYPES.get(name) if isinstance(name, str) else None
    if order is None:
        raise Invalid(f"There is no job of the type '{str(name)[:80]}'.", {"job_type": ["is not known"]})
    id_ = str(order(work))
    shown = tree("id", "type", "status", "data", "created_at", "finished_at", "user_id")
    rows = Reading(work.read, work.now).by("Job", "id", [id_], shown)
    if not rows:
        raise NotFound(f"There is no Job {id_}.")
    return _json({"action": "delayed_job", "data": rows[0]})


def _reset_remote(_tools: Tools, work: UnitOfWork, action: Action) -> str:
    """A new API key for oneself; an administrator gives one to anybody."""
    if action.get("reset_type") != "api_key" or action.get("entity_type") != "User":
        raise Invalid("Only the api_key of a User can be reset.")
    id_ = key_of(action, {})
    if id_ is None or not Reading(work.read, work.now).by("User", "id", [id_], ()):
        raise NotFound(f"There is no User {id_}.")
    person = uuid.UUID(id_)
    refuse_other_than_owner(work.actor, person)
    made = give_key(work.session, person, KeyKind.API_KEY, None, FOR_GOOD)
    return _json({"action": "reset_remote", "data": {"api_key": made}})


COMMANDS: Mapping[str, Callable[[Tools, UnitOfWork, Action], str]] = {
    "get_upload_metadata": get_upload_metadata,
    "complete_multipart_upload": complete_multipart_upload,
    "reset_remote": _reset_remote,
    "encode_media": _encode_media,
    "send_user_invite": _send_user_invite,
    "send_review_session_invite": _send_review_session_invite,
    "delayed_job": _delayed_job,
}
"""The actions by name."""
