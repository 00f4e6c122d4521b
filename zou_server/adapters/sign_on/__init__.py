"""Where people are known beside this server: identity providers (OIDC, SAML) and directories (LDAP).

What each is spoken to with comes with an extra of the package, so that a studio without it needs no more.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from zou_server.data_dir import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zou_server.services.ports import Directory, IdentityProvider
    from zou_server.settings import Settings


def make_providers(settings: Settings) -> Mapping[str, IdentityProvider]:
    """The identity providers that the settings name, by their kind."""
    found: dict[str, IdentityProvider] = {}
    if settings.oidc_issuer:
        found["oidc"] = _made("oidc", "OidcProvider", settings)
    if settings.saml_metadata:
        found["saml"] = _made("saml", "SamlProvider", settings)
    return found


def make_directory(settings: Settings) -> Directory | None:
    """The directory that the settings name."""
    directory: Directory | None = _made("ldap", "LdapDirectory", settings) if settings.ldap_url else None
    return directory


def _made(extra: str, name: str, settings: Settings) -> Any:
    """An object of a module that needs an extra; SettingsError when it is not installed."""
    try:
        module = import_module(f"{__name__}.{extra}")
    except ImportError as error:
        message = f"log-in by {extra.upper()} needs {error.name}: pip install 'zou-server[{extra}]'"
        raise SettingsError(message) from error
    return getattr(module, name)(settings)
