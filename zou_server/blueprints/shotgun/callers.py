"""Who calls: from the credentials of a request to an actor, and the texts when they are wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from zou_server.blueprints.shotgun import errors
from zou_server.models.errors import DomainError, Forbidden, Locked, Unauthenticated
from zou_server.services.people.second_factors import NO_PROOF, MissingCode, Proof, WrongCode

if TYPE_CHECKING:
    from zou_server.models.actor import Actor
    from zou_server.services.people.authenticate import Authenticator

CLIENT = "shotgun"
LONGEST_SESSION_UUID = 200

Prove = Callable[["Authenticator", str, str, Proof], "Actor"]
Refusal = Callable[[str, str], str]

# The key whose presence says how the caller proves themselves, the key of the proof, how it is
# checked, and the text when it fails.
PROOFS: tuple[tuple[str, str, Prove, Refusal], ...] = (
    (
        "user_login",
        "user_password",
        lambda a, login, password, proof: a.by_password(login, password, client=CLIENT, proof=proof),
        lambda login, _: f"Can't authenticate user '{login}'.",
    ),
    (
        "script_name",
        "script_key",
        lambda a, name, key, _: a.by_script_key(name, key, client=CLIENT),
        lambda name, _: f"Can't authenticate script '{name}'",
    ),
    (
        "session_token",
        "session_token",
        lambda a, token, _, __: a.by_session_token(token, client=CLIENT),
        lambda token, _: f"Can't authenticate session token ending with '{token[-4:]}'",
    ),
)


def caller(authenticator: Authenticator, auth: Mapping[str, Any]) -> Actor:
    """Return the actor behind the credentials of a request."""
    for who_key, proof_key, prove, refusal in PROOFS:
        if who_key in auth:
            who, secret = _texts(auth, who_key, proof_key)
            try:
                actor = prove(authenticator, who, secret, _second_factor(auth))
            except (MissingCode, WrongCode) as error:
                raise errors.needs_code(who, error.message) from error
            except Locked as error:
                raise errors.stranger(f"{refusal(who, secret)} {error.message}") from error
            except (Unauthenticated, Forbidden) as error:
                raise errors.stranger(refusal(who, secret)) from error
            return _marked(auth, _sudo(authenticator, actor, auth))
    raise errors.stranger("Can't authenticate: send a script, a login or a session token.")


def _texts(auth: Mapping[str, Any], *keys: str) -> list[str]:
    found = []
    for key in keys:
        value = auth.get(key)
        if not isinstance(value, str):
            raise errors.stranger(f"Can't authenticate: {' and '.join(dict.fromkeys(keys))} must be text.")
        found.append(value)
    return found


def _second_factor(auth: Mapping[str, Any]) -> Proof:
    """The code that an app of the caller shows, where they sent one."""
    code = auth.get("auth_token")
    return Proof(totp=code) if isinstance(code, str) else NO_PROOF


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
        return actor
    if not isinstance(session, str) or len(session) > LONGEST_SESSION_UUID or "\x00" in session:
        raise errors.malformed("session_uuid must be a uuid")
    return replace(actor, session_uuid=session)
