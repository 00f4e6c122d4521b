"""Log-in by a SAML 2.0 identity provider, which python3-saml speaks with.

Only answers to a log-in that was begun here, in the same browser, are taken, and only signed assertions.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from lxml.etree import LxmlError
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser

from zou_server.models.errors import Unauthenticated, Unavailable
from zou_server.services.ports import Begun, Presented

if TYPE_CHECKING:
    from zou_server.settings import Settings

SECONDS = 10
HOUR = 3600
CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
EMAIL = ("email", "mail", "emailAddress", "urn:oid:0.9.2342.19200300.100.1.3", f"{CLAIMS}emailaddress")
FIRST = ("givenName", "firstName", "first_name", "given_name", "urn:oid:2.5.4.42", f"{CLAIMS}givenname")
LAST = ("sn", "lastName", "last_name", "surname", "family_name", "urn:oid:2.5.4.4", f"{CLAIMS}surname")
"""What providers call each."""
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
NAME_ID = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"


class SamlProvider:
    """One provider, by its metadata: a file, or an address."""

    def __init__(self, settings: Settings) -> None:
        self.name = settings.saml_name
        self._source = settings.saml_metadata
        self._known: Mapping[str, Any] = {}
        self._asked_at = 0.0

    def begin(self, back: str) -> Begun:
        """Where the browser goes to log in, and what is kept until it comes back."""
        auth = self._auth(back, {})
        url = auth.login()
        return Begun(url, {"request": auth.get_last_request_id()})

    def finish(self, back: str, kept: Mapping[str, str], sent: Mapping[str, str]) -> Presented:
        """The person who came back, by what the browser brings; Unauthenticated when that does not fit."""
        if not kept.get("request") or "SAMLResponse" not in sent:
            raise Unauthenticated("This log-in was begun elsewhere or too long ago; begin again.")
        auth = self._auth(back, sent)
        try:
            auth.process_response(request_id=kept["request"])
        except (OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, LxmlError, ValueError) as error:
            raise Unauthenticated(f"{self.name} did not let you in: {error}") from error
        if auth.get_errors() or not auth.is_authenticated():
            raise Unauthenticated(f"{self.name} did not let you in: {auth.get_last_error_reason()}")
        return self._presented(auth.get_nameid() or "", auth.get_attributes())

    def _presented(self, name_id: str, attributes: Mapping[str, list[str]]) -> Presented:
        email = _first(attributes, EMAIL) or name_id
        if "@" not in email:
            raise Unauthenticated(f"{self.name} names no e-mail address of yours.")
        first, last = _first(attributes, FIRST), _first(attributes, LAST)
        return Presented(email, first or ("" if last else email.partition("@")[0]), last)

    def _auth(self, back: str, sent: Mapping[str, str]) -> OneLogin_Saml2_Auth:
        address = urlsplit(back)
        request = {
            "https": "on" if address.scheme == "https" else "off",
            "http_host": address.netloc,
            "script_name": address.path,
            "get_data": {},
            "post_data": dict(sent),
        }
        service = {
            "entityId": back.removesuffix("/sso") + "/login",
            "assertionConsumerService": {"url": back, "binding": POST},
            "NameIDFormat": NAME_ID,
        }
        rules = {"wantAssertionsSigned": True, "wantNameId": True, "requestedAuthnContext": False}
        known = {"strict": True, "sp": service, "security": rules, **self._provider()}
        return OneLogin_Saml2_Auth(request, known)

    def _provider(self) -> Mapping[str, Any]:
        """What the provider's metadata says: its address and certificates."""
        if time.monotonic() - self._asked_at > HOUR or not self._known:
            try:
                found = OneLogin_Saml2_IdPMetadataParser.parse(self._metadata())
                found["idp"]["singleSignOnService"]["url"]
            except (requests.RequestException, OSError, LxmlError, KeyError, ValueError) as error:
                raise Unavailable(f"The metadata of {self.name} cannot be read: {error}") from error
            self._known, self._asked_at = {"idp": found["idp"]}, time.monotonic()
        return self._known

    def _metadata(self) -> bytes:
        if not self._source.startswith(("http://", "https://")):
            return Path(self._source).read_bytes()
        answer = requests.get(self._source, timeout=SECONDS)
        answer.raise_for_status()
        return answer.content


def _first(attributes: Mapping[str, list[str]], names: tuple[str, ...]) -> str:
    return next((attributes[name][0] for name in names if attributes.get(name)), "")
