"""Log-in at an identity provider: Zou's `/auth/oidc` and `/auth/saml`.

What must be the same browser's until it comes back is in a signed cookie, so that any web process can go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlsplit

from flask import Response, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from zou_server.blueprints.zou.log_in.tokens import (
    CLIENT,
    new_access_token,
    new_refresh_token,
    set_access_cookie,
    set_refresh_cookie,
)
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.models.errors import NotFound, Unauthenticated
from zou_server.services.people.admit import admit
from zou_server.services.people.login_logs import record_login
from zou_server.services.people.tell_login import tell_login
from zou_server.services.ports import IdentityProvider

COOKIE = "single_sign_on"
SECONDS = 600
"""How long somebody may take at the provider's pages."""


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """The identity providers of the studio, and the role of who comes for the first time."""

    providers: Mapping[str, IdentityProvider]
    role: str
    secret_key: str

    def provider(self, kind: str) -> IdentityProvider:
        """The provider of a kind; NotFound when there is none."""
        if kind not in self.providers:
            raise NotFound(f"This studio has no log-in by {kind.upper()}.")
        return self.providers[kind]

    @property
    def sealed(self) -> URLSafeTimedSerializer:
        """What signs the cookie."""
        return URLSafeTimedSerializer(self.secret_key, salt="zou-server single sign-on")


class _Way(NamedResource[Any]):
    """One end of the way to a provider and back."""

    kind: ClassVar[str]
    returns: ClassVar[str]

    @property
    def provider(self) -> IdentityProvider:
        """The provider of this kind."""
        return self.parts.single_sign_on.provider(self.kind)

    @property
    def back(self) -> str:
        """The address that the provider sends people back to."""
        address = urlsplit(self.parts.site_url or request.host_url)
        prefix = f"{request.script_root}{request.path.partition('/auth/')[0]}"
        return f"{address.scheme}://{address.netloc}{prefix}/auth/{self.kind}/{self.returns}"

    def begun(self) -> Response:
        """Send the browser away."""
        begun = self.provider.begin(self.back)
        answer = _leading(begun.url)
        self._keep(answer, self.parts.single_sign_on.sealed.dumps([self.kind, dict(begun.kept)]), SECONDS)
        return answer

    def finished(self, sent: Mapping[str, str]) -> Response:
        """Log in who came back, and show them the site."""
        who = self.provider.finish(self.back, self._kept(), sent)
        person_id = admit(self.studio, who, self.parts.single_sign_on.role)
        authenticator = self.parts.authenticator
        try:
            actor = authenticator.by_id(person_id, client=CLIENT)
        except Unauthenticated:
            record_login(self.studio.writes, who.email, "web", succeeded=False)
            raise
        record_login(self.studio.writes, who.email, "web", succeeded=True)
        tell_login(self.studio, actor)
        access_id, refresh_id = authenticator.open_session(actor, proved_elsewhere=True)
        answer = _leading(self.parts.site_url or "/")
        set_access_cookie(answer, new_access_token(actor, access_id, refresh_id))
        set_refresh_cookie(answer, new_refresh_token(actor, refresh_id))
        self._keep(answer, "", 0)
        return answer

    def _keep(self, answer: Response, value: str, seconds: int) -> None:
        """SAML comes back by a form of the provider's page: over TLS the cookie has to go with that too."""
        is_secure = urlsplit(self.back).scheme == "https"
        path = urlsplit(self.back).path.rpartition("/")[0]
        same_site = "None" if is_secure else "Lax"
        answer.set_cookie(
            COOKIE, value, max_age=seconds, path=path, httponly=True, secure=is_secure, samesite=same_site
        )

    def _kept(self) -> Mapping[str, str]:
        try:
            kind, kept = self.parts.single_sign_on.sealed.loads(request.cookies.get(COOKIE, ""), SECONDS)
        except (BadSignature, ValueError):
            return {}
        found: Mapping[str, str] = kept
        return found if kind == self.kind else {}


def _leading(url: str) -> Response:
    """An answer that sends the browser elsewhere."""
    return Response(status=302, headers={"Location": url, "Cache-Control": "no-store"})


class OidcLogin(_Way):
    """`/auth/oidc/login`."""

    kind, returns = "oidc", "callback"

    def get(self) -> Response:
        """Go to the provider."""
        return self.begun()


class OidcCallback(_Way):
    """`/auth/oidc/callback`."""

    kind, returns = "oidc", "callback"

    def get(self) -> Response:
        """Come back from the provider."""
        return self.finished(request.args)


class SamlLogin(_Way):
    """`/auth/saml/login`."""

    kind, returns = "saml", "sso"

    def get(self) -> Response:
        """Go to the provider."""
        return self.begun()


class SamlSso(_Way):
    """`/auth/saml/sso`."""

    kind, returns = "saml", "sso"

    def post(self) -> Response:
        """Come back from the provider."""
        return self.finished(request.form)


def _leads(summary: str, text: str) -> Says:
    return Says(None, summary, status=302, text=text, security=[])


_THERE, _HERE = "The browser goes to the provider.", "The browser is logged in, and goes to the site."

SINGLE_SIGN_ON: tuple[Named[Any], ...] = (
    Named("/auth/oidc/login", OidcLogin, {"get": _leads("Log in by OpenID Connect", _THERE)}),
    Named("/auth/oidc/callback", OidcCallback, {"get": _leads("Come back from OpenID Connect", _HERE)}),
    Named("/auth/saml/login", SamlLogin, {"get": _leads("Log in by SAML", _THERE)}),
    Named("/auth/saml/sso", SamlSso, {"post": _leads("Come back from SAML", _HERE)}),
)
