"""What the routes about one's own account share: who asks, a proof, an answer with recovery codes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Response, g

from zou_server.blueprints.zou.bodies import body, optional
from zou_server.blueprints.zou.log_in.proofs import sent_proof
from zou_server.blueprints.zou.log_in.tokens import (
    is_browser,
    load_actor,
    new_access_token,
    new_refresh_token,
    set_access_cookie,
    set_refresh_cookie,
)
from zou_server.blueprints.zou.named import NamedResource, Says
from zou_server.blueprints.zou.rows import json_of
from zou_server.blueprints.zou.shapes import ANYTHING, WORD
from zou_server.description import Schema, listed, thing
from zou_server.services.people.second_factors import WrongCode
from zou_server.web import current_actor

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from zou_server.services.people.second_factors import Proof


@body
class SentProof:
    """A second factor: a code of an app, a code by mail, a security key's answer, or a recovery code."""

    totp: str | None = optional(WORD)
    email_otp: str | None = optional(WORD)
    recovery_code: str | None = optional(WORD)
    two_factor_authentication: object = optional(ANYTHING)
    fido_authentication_response: object = optional(ANYTHING)


@body
class NoWords:
    """Nothing."""


class Mine(NamedResource[Any]):
    """A route about the caller's own account."""

    @property
    def me(self) -> UUID:
        """Who asks; there is nobody without a token."""
        load_actor()
        return current_actor().person_id

    def proof_of(self, sent: SentProof) -> Proof:
        """The second factor that was sent."""
        return sent_proof(asdict(sent), self.parts.site_url)

    def answered(self, act: Callable[[], list[str] | None]) -> Response:
        """Do something that takes a code; recovery codes are told once.

        Who was let in for this alone is logged in now.
        """
        try:
            codes = act()
        except WrongCode:
            return json_of({"error": True, "wrong_OTP": True, "message": "Wrong code."}, 400)
        said = {"success": True} if codes is None else {"success": True, "otp_recovery_codes": codes}
        return self._logged_in(said) if g.is_enrolment and codes is not None else json_of(said)

    def _logged_in(self, said: dict[str, Any]) -> Response:
        actor, authenticator = current_actor(), self.parts.authenticator
        if actor.session_id is not None:
            authenticator.end_session(actor.session_id)
        access_id, refresh_id = authenticator.open_session(actor)
        access, refresh = new_access_token(actor, access_id, refresh_id), new_refresh_token(actor, refresh_id)
        answer = json_of({**said, "access_token": access, "refresh_token": refresh})
        if is_browser():
            set_access_cookie(answer, access)
            set_refresh_cookie(answer, refresh)
        return answer


DONE: Schema = thing(
    {
        "success": {"type": "boolean"},
        "otp_recovery_codes": listed({"type": "string"}),
        "access_token": {"type": "string"},
        "refresh_token": {"type": "string"},
    },
    ("success",),
)
_OPEN: list[dict[str, list[str]]] = []


def proved(summary: str, answers: Schema = DONE, sends: type = SentProof) -> Says:
    """What takes a proof says."""
    return Says(None, summary, answers, sends=sends, text="It is done.", refused=(413,))


def begun(summary: str, answers: Schema = DONE) -> Says:
    """What begins to set something up says."""
    return Says(
        None, summary, answers, sends=NoWords, sends_required=False, text="It has begun.", refused=(413,)
    )


def open_to_all(summary: str, answers: Schema, sends: type | None = None) -> Says:
    """What needs no token says."""
    refused = (413,) if sends else ()
    return Says(None, summary, answers, sends=sends, text="Done.", refused=refused, security=_OPEN)
