"""Who calls: from the credentials of a request to an actor, and the texts when they are wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from zou_server.blueprints.shotgun import errors
from zou_server.models.errors import DomainError, Forbidden, Locked, Unauthenticated

if TYPE_CHECKING:
    from zou_server.models.actor import Actor
    from zou_server.services.people.authenticate import Authenticator

CLIENT = "shotgun"
LONGEST_SESSION_UUID = 200

Proof = Callable[["Authenticator", str, str], "Actor"]
Refusal = Callable[[str, str], str]

# The key whose presence says how the caller proves themselves, the key of the proof, how it is
# checked, and the text when it fails.
PROOFS: tuple[tuple[str, str, Proof, Refusal], ...] = (
    (
        "user_login",
        "user_password",
        lambda a, login, password: a.by_password(login, password, client=CLIENT),
        lambda login, _: f"Can't authenticate user '{login}'.",
    ),
    (
        "script_name",
        "script_key",
        lambda a, name, key: a.by_script_key(name, key, client=CLIENT),
        lambda name, _: f"Can't authenticate script '{name}'",
    ),
    (
        "session_token",
        "session_token",
        lambda a, token, _: a.by_session_token(token, client=CLIENT),
        lambda token, _: f"Can't authenticate session token ending with '{token[-4:]}'",
    ),
)


def caller(authenticator: Authenticator, auth: Mapping[str, Any]) -> Actor:
    """Return the actor behind the credentials of a request."""
    for who_key, proof_key, prove, refusal in PROOFS:
        if who_key in auth:
            who, proof = _texts(auth, who_key, proof_key)
            actor = _proved(authenticator, prove, refusal, who, proof)
            return _marked(auth, _sudo(authenticator, actor, auth))
    raise errors.stranger("Can't authenticate: send a script, a login or a session token.")


def _texts(auth: Mapping[str, Any], *keys: str) -> list[str]:
    values = [auth.get(key) for key in keys]
    if not all(isinstance(value, str) for value in values):
        raise errors.stranger(f"Can't authenticate: {' and '.join(dict.fromkeys(keys))} must be text.")
    return [str(value) for value in values]


def _proved(authenticator: Authenticator, prove: Proof, refusal: Refusal, who: str, proof: str) -> Actor:
    try:
        return prove(authenticator, who, proof)
    except Locked as error:
        raise errors.stranger(f"{refusal(who, proof)} {error.message}") from error
    except (Unauthenticated, Forbidden) as error:
        raise errors.stranger(refusal(who, proof)) from error


def _sudo(authenticator: Authenticator, actor: Actor, auth: Mapping[str, Any]) -> Actor:
    login = auth.get("sudo_as_login")
    if login is None:
        return actor
    if not isinstance(login, str):
        raise errors.stranger("Cannot 'sudo' - the login must be text.")
    if actor.kind != "Script":
        raise errors.stranger(f"The user does not have permission to 'sudo': '{actor.name}'")
    try:
        return authenticator.sudo(actor, login)
    except DomainError as error:
        raise errors.stranger(
            f"Cannot 'sudo' - unknown or retired user: '{login}'. {error.message}"
        ) from error


def _marked(auth: Mapping[str, Any], actor: Actor) -> Actor:
    """The actor with what the event log says about its client."""
    session = auth.get("session_uuid")
    if session is None:
        return replace(actor, client=CLIENT)
    if not isinstance(session, str) or len(session) > LONGEST_SESSION_UUID or "\x00" in session:
        raise errors.malformed("session_uuid must be a uuid")
    return replace(actor, client=CLIENT, session_uuid=session)
