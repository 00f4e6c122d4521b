"""Codes, forgotten passwords and sessions: the rest of Zou's `/auth` routes.

Who forgot their password or waits for a code has no token: those routes are open, and tell nobody who exists.
"""

from __future__ import annotations

from typing import Any

import pyotp
from flask import Blueprint, Response, request

from zou_server.blueprints.zou.bodies import body, needed
from zou_server.blueprints.zou.errors import register_errors
from zou_server.blueprints.zou.log_in.own_account import (
    DONE,
    Mine,
    NoWords,
    SentProof,
    begun,
    open_to_all,
    proved,
)
from zou_server.blueprints.zou.log_in.security_keys import SECURITY_KEYS
from zou_server.blueprints.zou.log_in.single_sign_on import SINGLE_SIGN_ON
from zou_server.blueprints.zou.named import Named, NamedResource, Parts, Says
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.rows import json_of
from zou_server.blueprints.zou.shapes import TEXT
from zou_server.description import ID, Schema, listed, thing
from zou_server.models.errors import Invalid
from zou_server.services.people.login_logs import end_own_session, own_sessions
from zou_server.services.people.reset_password import ask_for_reset, send_code, take_new_password
from zou_server.services.people.second_factors import (
    EMAIL,
    TOTP,
    confirm_email,
    confirm_totp,
    disable,
    renew_recovery_codes,
    start_totp,
)
from zou_server.web import DialectApi, current_actor

ISSUER = "Kitsu"


@body
class Forgetful:
    """The address of who forgot their password."""

    email: str = needed(TEXT)


@body
class NewPassword:
    """A new password, and the token of the link that was mailed."""

    email: str = needed(TEXT)
    token: str = needed(TEXT)
    password: str = needed(TEXT)
    password2: str = needed(TEXT, "password2", "password_2")


class CodesOfApp(Mine):
    """`/auth/totp`: codes of an app."""

    def put(self, sent: NoWords) -> Response:  # noqa: ARG002 - it has no values
        """Begin: the secret for the app, which counts once a code of it came back."""
        secret = start_totp(self.studio.writes, self.me)
        uri = pyotp.TOTP(secret).provisioning_uri(name=current_actor().name, issuer_name=ISSUER)
        return json_of({"totp_provisionning_uri": uri, "otp_secret": secret})

    def post(self, sent: SentProof) -> Response:
        """Enable it by a first code."""
        me = self.me
        return self.answered(lambda: confirm_totp(self.studio.writes, me, sent.totp or ""))

    def delete(self, sent: SentProof) -> Response:
        """Disable it by a proof."""
        me = self.me
        return self.answered(lambda: disable(self.studio.writes, me, TOTP, self.proof_of(sent)))


class CodesByMail(Mine):
    """`/auth/email-otp`: codes by mail."""

    def get(self) -> Response:
        """Send a code to who is logging in; the answer is the same where there is nobody."""
        email = request.args.get("email", "")
        if not email:
            raise Invalid(fields={"email": ["is required"]})
        send_code(self.studio, self.parts.post, email=email)
        return json_of({"success": True})

    def put(self, sent: NoWords) -> Response:  # noqa: ARG002 - it has no values
        """Begin: a code is sent to the caller's address."""
        send_code(self.studio, self.parts.post, person_id=self.me)
        return json_of({"success": True})

    def post(self, sent: SentProof) -> Response:
        """Enable it by the code that came."""
        me = self.me
        return self.answered(lambda: confirm_email(self.studio.writes, me, sent.email_otp or ""))

    def delete(self, sent: SentProof) -> Response:
        """Disable it by a proof."""
        me = self.me
        return self.answered(lambda: disable(self.studio.writes, me, EMAIL, self.proof_of(sent)))


class RecoveryCodes(Mine):
    """`/auth/recovery-codes`."""

    def put(self, sent: SentProof) -> Response:
        """New ones in place of the old ones, by a proof."""
        me = self.me
        return self.answered(lambda: renew_recovery_codes(self.studio.writes, me, self.proof_of(sent)))


class ResetPassword(NamedResource[Any]):
    """`/auth/reset-password`."""

    def post(self, sent: Forgetful) -> Response:
        """Send a link, where there is somebody with this address."""
        ask_for_reset(self.studio, self.parts.post, sent.email, self.parts.public_url)
        return json_of({"success": "Reset token sent"})

    def put(self, sent: NewPassword) -> Response:
        """Take the new password, which ends all sessions."""
        if sent.password != sent.password2:
            raise Invalid("Confirmation password doesn't match.", {"password2": ["is another password"]})
        take_new_password(self.studio, sent.email, sent.token, sent.password)
        return json_of({"success": "Password reset"})


class OwnSessions(Mine):
    """`/auth/sessions`: where the caller is logged in."""

    def get(self) -> Response:
        """The newest first."""
        rows = own_sessions(self.studio.reads, self.me, current_actor().session_id)
        return json_of([{**row._asdict(), "id": str(row.id)} for row in rows])


class OneSession(Mine):
    """One of the caller's log-ins."""

    def delete(self, session_id: str) -> Response:
        """End it, everywhere at once."""
        end_own_session(self.studio.reads, self.studio.writes, self.me, checked_id(session_id))
        return Response(status=204)


# -- the routes ----------------------------------------------------------------------------------------------

_MAILED: Schema = thing({"success": {"type": "string"}}, ("success",))
_SESSION: Schema = thing(
    {
        "id": ID,
        "created_at": {"type": "string", "format": "date-time"},
        "expires_at": {"type": "string", "format": "date-time"},
        "is_mine": {"type": "boolean"},
    },
    ("id",),
)
_SECRET: Schema = thing({"totp_provisionning_uri": {"type": "string"}, "otp_secret": {"type": "string"}})

ACCOUNTS: tuple[Named[Any], ...] = (
    Named(
        "/auth/totp",
        CodesOfApp,
        {
            "put": begun("Begin with codes of an app", _SECRET),
            "post": proved("Enable codes of an app"),
            "delete": proved("Disable codes of an app"),
        },
    ),
    Named(
        "/auth/email-otp",
        CodesByMail,
        {
            "get": open_to_all("Send a code by mail to who logs in", DONE),
            "put": begun("Begin with codes by mail"),
            "post": proved("Enable codes by mail"),
            "delete": proved("Disable codes by mail"),
        },
    ),
    Named("/auth/recovery-codes", RecoveryCodes, {"put": proved("Get new recovery codes")}),
    Named(
        "/auth/reset-password",
        ResetPassword,
        {
            "post": open_to_all("Ask for a new password by mail", _MAILED, Forgetful),
            "put": open_to_all("Set a new password by a mailed link", _MAILED, NewPassword),
        },
    ),
    Named(
        "/auth/sessions",
        OwnSessions,
        {"get": Says(None, "List where one is logged in", listed(_SESSION), refused=())},
    ),
    Named(
        "/auth/sessions/<session_id>",
        OneSession,
        {"delete": Says(None, "End one of one's log-ins", status=204, text="It has ended.")},
    ),
    *SECURITY_KEYS,
    *SINGLE_SIGN_ON,
)


def build_accounts(parts: Parts, name: str, prefix: str) -> Blueprint:
    """The routes under a prefix; those that need a token ask for it themselves."""
    blueprint = Blueprint(name, __name__, url_prefix=prefix)
    register_errors(blueprint)
    api = DialectApi(blueprint)
    for route in ACCOUNTS:
        options = {"parts": parts, "named": route}
        api.add_resource(route.resource, route.path, endpoint=route.path, resource_class_kwargs=options)
    return blueprint
