"""A small SAML 2.0 identity provider: metadata, and a signed answer to a request that came by redirect.

It signs with signxml, which is other code than that which the server checks with.
"""

from __future__ import annotations

import base64
import datetime as dt
import secrets
import zlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from signxml import XMLSigner, methods

ISSUER = "https://login.example.com/saml"
PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
POST, REDIRECT = (f"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-{each}" for each in ("POST", "Redirect"))
MAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
NAMES = {"saml": ASSERTION, "samlp": PROTOCOL}


def _moment(minutes: int) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class SamlProvider:
    """The provider: its key, and who is logged in there."""

    email: str = "Grace@Example.com"
    attributes: dict[str, str] = field(default_factory=lambda: {"givenName": "Grace", "sn": "Hopper"})

    def __post_init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "login.example.com")])
        now = dt.datetime.now(dt.UTC)
        self.certificate = (
            x509.CertificateBuilder(name, name, self.key.public_key(), x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .sign(self.key, hashes.SHA256())
        )

    def metadata(self) -> str:
        """What it says of itself."""
        der = base64.b64encode(self.certificate.public_bytes(serialization.Encoding.DER)).decode()
        return f"""<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{ISSUER}">
<md:IDPSSODescriptor protocolSupportEnumeration="{PROTOCOL}"><md:KeyDescriptor use="signing">
<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>{der}
</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
<md:SingleSignOnService Binding="{REDIRECT}" Location="https://login.example.com/sso"/>
</md:IDPSSODescriptor></md:EntityDescriptor>"""

    def answer(self, location: str, *, signed: bool = True, minutes: int = 0, **wrong: Any) -> dict[str, str]:
        """The form that a browser posts back for the request in an address."""
        asked = parse_qs(urlsplit(location).query)["SAMLRequest"][0]
        request = etree.fromstring(zlib.decompress(base64.b64decode(asked), -15))
        service = request.get("AssertionConsumerServiceURL")
        said = {
            "to": wrong.get("to", request.get("ID")),
            "service": wrong.get("service", service),
            "audience": wrong.get("audience", request.findtext("saml:Issuer", namespaces=NAMES)),
            "issuer": wrong.get("issuer", ISSUER),
        }
        response = etree.fromstring(self._response(said, minutes))
        if signed:
            (assertion,) = response.findall("saml:Assertion", NAMES)
            signer = XMLSigner(
                method=methods.enveloped, c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"
            )
            pem = self.certificate.public_bytes(serialization.Encoding.PEM).decode()
            done = signer.sign(assertion, key=self.key, cert=pem, reference_uri=f"#{assertion.get('ID')}")
            response.replace(assertion, done)
        for spoil in wrong.get("spoil", ()):
            spoil(response)
        return {"SAMLResponse": base64.b64encode(etree.tostring(response)).decode()}

    def _response(self, said: dict[str, str], minutes: int) -> str:
        now, until = _moment(minutes), _moment(minutes + 5)
        attributes = "".join(
            f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue>'
            "</saml:Attribute>"
            for name, value in self.attributes.items()
        )
        return f"""<samlp:Response xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTION}"
 ID="_{secrets.token_hex(16)}"
 Version="2.0" IssueInstant="{now}" Destination="{said["service"]}" InResponseTo="{said["to"]}">
<saml:Issuer>{said["issuer"]}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
<saml:Assertion ID="_{secrets.token_hex(16)}" Version="2.0" IssueInstant="{now}">
<saml:Issuer>{said["issuer"]}</saml:Issuer>
<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="placeholder"/>
<saml:Subject><saml:NameID Format="{MAIL}">{self.email}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
<saml:SubjectConfirmationData NotOnOrAfter="{until}" Recipient="{said["service"]}"
 InResponseTo="{said["to"]}"/>
</saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{now}" NotOnOrAfter="{until}">
<saml:AudienceRestriction><saml:Audience>{said["audience"]}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now}" SessionIndex="_1"><saml:AuthnContext>
<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>
</saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion></samlp:Response>"""
