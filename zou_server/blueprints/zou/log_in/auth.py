"""Zou's `/auth` routes: log in, stay logged in, log out, change one's password."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Blueprint, Response, request

from zou_server.blueprints.zou.errors import register_errors
from zou_server.blueprints.zou.log_in.proofs import sent_proof
from zou_server.blueprints.zou.log_in.tokens import (
    ACCESS_COOKIE,
    CLIENT,
    ENROLMENT,
    REFRESH_COOKIE,
    forget_cookies,
    is_browser,
    load_actor,
    new_access_token,
    new_enrolment_token,
    new_refresh_token,
    refresh_token_id,
    set_access_cookie,
    set_refresh_cookie,
    takes_refresh_tokens,
)
from zou_server.models.actor import Actor
from zou_server.models.errors import DomainError, Invalid, Locked, Unauthenticated
from zou_server.services.people.authenticate import Authenticator
from zou_server.services.people.load_actor import InactivePerson
from zou_server.services.people.second_factors import MissingCode, WrongCode
from zou_server.web import DialectApi, RouteResource, current_actor, json_text

LOGIN_FAILURES: Mapping[type[DomainError], tuple[int, dict[str, object]]] = {
    WrongCode: (400, {"error": True, "login": False, "wrong_OTP": True}),
    InactivePerson: (401, {"error": True, "login": False, "unactive": True}),
    Unauthenticated: (400, {"login": False, "message": "Wrong email or password."}),
    Locked: (400, {"error": True, "login": False, "too_many_failed_login_attemps": True}),
}
"""What a failed log-in answers; the misspelling is Zou's, and clients look for it."""


@dataclass(frozen=True, slots=True)
class AuthRoutes:
    """What the routes below work with; the two functions give JSON text."""

    authenticator: Authenticator
    render_user: Callable[[Actor], str]
    render_organisation: Callable[[], str]
    record_login: Callable[..., None]
    tell_login: Callable[[Actor], None]
    site_url: str

    def note_login(self, login: str, *, succeeded: bool) -> None:
        """Keep that somebody tried to log in: by a browser or by a script."""
        self.record_login(login, "web" if is_browser() else "script", succeeded=succeeded)

    def whoami(self, actor: Actor) -> str:
        """The keys that tell a client who it is, as the inside of a JSON object."""
        return f'"user":{self.render_user(actor)},"organisation":{self.render_organisation()}'


class _AuthResource(RouteResource):
    def __init__(self, routes: AuthRoutes) -> None:
        self.routes, self.authenticator = routes, routes.authenticator


class Login(_AuthResource):
    """`/auth/login`."""

    def post(self) -> Response:
        """Log in by e-mail (or login) and password."""
        sent = _texts("email", "password")
        try:
            proof = sent_proof(request.get_json(silent=True) or {}, self.routes.site_url)
            actor = self.authenticator.by_password(
                sent["email"], sent["password"], client=CLIENT, proof=proof, to_enrol=True
            )
        except tuple(LOGIN_FAILURES) as error:
            self.routes.note_login(sent["email"], succeeded=False)
            return _failed(error)
        self.routes.note_login(sent["email"], succeeded=True)
        self.routes.tell_login(actor)
        return self._enrolment(actor) if self.authenticator.must_enrol(actor) else self._session(actor)

    def _session(self, actor: Actor) -> Response:
        access_id, refresh_id = self.authenticator.open_session(actor)
        access, refresh = new_access_token(actor, access_id, refresh_id), new_refresh_token(actor, refresh_id)
        answer = json_text(
            f'{{{self.routes.whoami(actor)},"login":true,"access_token":"{access}","refresh_token":"{refresh}"}}'
        )
        if is_browser():
            set_access_cookie(answer, access)
            set_refresh_cookie(answer, refresh)
        return answer

    def _enrolment(self, actor: Actor) -> Response:
        """Let somebody in to set up the second factor that everybody must have."""
        token = new_enrolment_token(actor, self.authenticator.open_enrolment(actor))
        answer = json_text(
            f'{{{self.routes.whoami(actor)},"login":true,"{ENROLMENT}":true,'
            f'"access_token":"{token}","refresh_token":""}}'
        )
        if is_browser():
            set_access_cookie(answer, token)
        return answer


class RefreshToken(_AuthResource):
    """`/auth/refresh-token`."""

    def get(self) -> Response:
        """Give a new access token for a refresh token, and a new refresh token to whoever takes one."""
        refresh_id = refresh_token_id()
        if not is_browser() and not takes_refresh_tokens():
            actor, access_id = self.authenticator.renew_session(refresh_id)
            return json_text(f'{{"access_token":"{new_access_token(actor, access_id, refresh_id)}"}}')
        actor, access_id, next_id = self.authenticator.rotate_session(refresh_id)
        access = new_access_token(actor, access_id, next_id)
        if not is_browser():
            refresh = new_refresh_token(actor, next_id)
            return json_text(f'{{"access_token":"{access}","refresh_token":"{refresh}"}}')
        answer = json_text('{"refresh":true}')
        set_access_cookie(answer, access)
        forget_cookies(answer, REFRESH_COOKIE)
        return answer


class Logout(_AuthResource):
    """`/auth/logout`."""

    def get(self) -> Response:
        """End this log-in: the refresh token and every access token that came of it."""
        load_actor()
        session_id = current_actor().session_id
        if session_id is not None:
            self.authenticator.end_session(session_id)
        answer = json_text('{"logout":true}')
        if is_browser():
            forget_cookies(answer, ACCESS_COOKIE, REFRESH_COOKIE)
        return answer


class Authenticated(_AuthResource):
    """`/auth/authenticated`."""

    def get(self) -> Response:
        """Tell a client who it is."""
        load_actor()
        return json_text(f'{{"authenticated":true,{self.routes.whoami(current_actor())}}}')


class ChangePassword(_AuthResource):
    """`/auth/change-password`."""

    def post(self) -> Response:
        """Change one's own password, which ends all one's sessions."""
        load_actor()
        sent = _texts("old_password", "password", "password_2")
        if sent["password"] != sent["password_2"]:
            raise Invalid("Confirmation password doesn't match.", {"password_2": ["is another password"]})
        self.authenticator.change_password(current_actor(), sent["old_password"], sent["password"])
        return json_text('{"success":true}')


ROUTES: Mapping[str, type[_AuthResource]] = {
    "/auth/login": Login,
    "/auth/refresh-token": RefreshToken,
    "/auth/logout": Logout,
    "/auth/authenticated": Authenticated,
    "/auth/change-password": ChangePassword,
}


def build_auth_blueprint(routes: AuthRoutes, name: str = "auth", url_prefix: str = "") -> Blueprint:
    """The routes as a blueprint.

    flask-restful registers a blueprint once only: for a second prefix, build another with another name.
    """
    blueprint = Blueprint(name, __name__, url_prefix=url_prefix or None)
    register_errors(blueprint)
    api = DialectApi(blueprint)
    for path, resource in ROUTES.items():
        api.add_resource(resource, path, resource_class_kwargs={"routes": routes})
    return blueprint


def _texts(*names: str) -> dict[str, str]:
    """The named texts of the JSON body; Invalid names those that are missing or no text."""
    body: Any = request.get_json(silent=True)
    found = body if isinstance(body, dict) else {}
    wrong = {name: found.get(name) for name in names if not isinstance(found.get(name), str)}
    if wrong:
        why = {name: ["Field required" if sent is None else "must be text"] for name, sent in wrong.items()}
        raise Invalid(fields=why)
    return {name: found[name] for name in names}


def _failed(error: DomainError) -> Response:
    if isinstance(error, MissingCode):
        more = {"missing_OTP": True, "two_factor_authentication_enabled": error.kinds}
        said = {"error": True, "login": False, "preferred_two_factor_authentication": error.kinds[0]}
        return json_text(orjson.dumps({**said, **more}), 400)
    status, body = next(LOGIN_FAILURES[kind] for kind in type(error).__mro__ if kind in LOGIN_FAILURES)
    return json_text(orjson.dumps(body), status)
