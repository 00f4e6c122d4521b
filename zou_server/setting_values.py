"""The values of settings: how a text becomes one, and which are refused."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zou_server.data_dir import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping


PREFIX = "ZOU_SERVER_"


DATABASE_VARIABLE = "DATABASE_URL"


PSYCOPG2_SCHEME = "postgresql+psycopg2://"


SWITCHES = dict.fromkeys(("true", "yes", "on", "1"), True) | dict.fromkeys(("false", "no", "off", "0"), False)
"""What a variable may say of a setting that is on or off, in any case."""


def variable_of(name: str) -> str:
    """Return the environment variable that sets the setting ``name``."""
    return DATABASE_VARIABLE if name == "database_url" else PREFIX + name.upper()


def refuse_no_web_app(folder: str) -> None:
    """Raise SettingsError when the folder of the web application holds none."""
    if folder and not (Path(folder) / "index.html").is_file():
        message = f"{variable_of('web_app')} must be a directory with an index.html, not {folder!r}"
        raise SettingsError(message)


def parse(setting: dataclasses.Field[Any], text: str) -> str | int | Path:
    """Turn the text of a variable into the type of its setting."""
    if setting.type == "int":
        try:
            return int(text)
        except ValueError:
            message = f"{variable_of(setting.name)} must be a whole number, not {text!r}"
            raise SettingsError(message) from None
    if setting.type == "bool":
        if text.lower() not in SWITCHES:
            message = f"{variable_of(setting.name)} must be one of {', '.join(SWITCHES)}, not {text!r}"
            raise SettingsError(message)
        return SWITCHES[text.lower()]
    return Path(text).expanduser() if setting.type == "Path" else text


def refuse_bad_value(setting: dataclasses.Field[Any], value: Any) -> None:
    """Raise SettingsError when the value is below the minimum or not one of the choices."""
    variable, minimum, choices = variable_of(setting.name), *map(setting.metadata.get, ("minimum", "choices"))
    if minimum is not None and value < minimum:
        message = f"{variable} must be at least {minimum}, not {value}"
        raise SettingsError(message)
    if choices and value not in choices:
        message = f"{variable} must be one of {', '.join(choices)}, not {value!r}"
        raise SettingsError(message)


def refuse_half_a_bucket(values: Mapping[str, Any]) -> None:
    """Raise SettingsError for files in S3 without a bucket, or with only half of its key."""
    if values.get("storage") != "s3":
        return
    if not values.get("s3_bucket"):
        message = f"{variable_of('s3_bucket')} must name the bucket when {variable_of('storage')} is s3"
        raise SettingsError(message)
    if bool(values.get("s3_access_key")) != bool(values.get("s3_secret_key")):
        message = f"{variable_of('s3_access_key')} and {variable_of('s3_secret_key')} go together"
        raise SettingsError(message)


def refuse_half_a_provider(values: Mapping[str, Any]) -> None:
    """Raise SettingsError for a provider or directory of which the other half is not said."""
    for one, other in (("oidc_issuer", "oidc_client_id"), ("ldap_url", "ldap_base")):
        if values.get(one) and not values.get(other):
            message = f"{variable_of(one)} and {variable_of(other)} go together"
            raise SettingsError(message)
    url = values.get("ldap_url", "")
    if url and not url.startswith(("ldap://", "ldaps://")):
        message = (
            f"{variable_of('ldap_url')} must begin with ldap:// or ldaps://, not {url.partition(':')[0]!r}"
        )
        raise SettingsError(message)


def refuse_nothing_to_read(url: str) -> None:
    """Raise SettingsError when a server that only reads is given no database."""
    if not url:
        message = (
            f"{variable_of('read_only')} needs a database that is there: set "
            f"{variable_of('read_database_url')} to the address of the replica"
        )
        raise SettingsError(message)


def normal_database_url(name: str, url: str) -> str:
    """Return the URL with the driver we use spelt out, or refuse another kind of database."""
    scheme, separator, rest = url.partition("://")
    if not url or scheme == "postgresql+psycopg2":
        return url
    if separator and scheme in {"postgresql", "postgres"}:
        return PSYCOPG2_SCHEME + rest
    message = (
        f"{variable_of(name)} must begin with postgresql://, not {scheme!r}: "
        "zou-server needs PostgreSQL 15 or newer"
    )
    raise SettingsError(message)
