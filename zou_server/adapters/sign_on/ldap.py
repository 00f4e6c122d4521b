"""A directory of people (LDAP, Active Directory): it checks passwords and lists everybody; ldap3 speaks."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ldap3 import NONE, SUBTREE, Connection, Server, Tls
from ldap3.core.exceptions import LDAPException, LDAPOperationResult
from ldap3.utils.conv import escape_filter_chars

from zou_server.models.errors import Unauthenticated, Unavailable
from zou_server.services.ports import Presented

if TYPE_CHECKING:
    from zou_server.settings import Settings

SECONDS = 10
PAGE = 500
FIRST, LAST = "givenName", "sn"


class LdapDirectory:
    """One directory, below one base."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._login, self._email = settings.ldap_login_attribute, settings.ldap_email_attribute

    def log_in(self, name: str, password: str) -> Presented | None:
        """The entry of this name, when the password opens it; None when there is no such entry."""
        settings = self._settings
        with self._connected(settings.ldap_bind_dn, settings.ldap_bind_password) as directory:
            found = self._entries(directory, f"(|{self._is(self._login, name)}{self._is(self._email, name)})")
            entry = next(found, None)
            if entry is None:
                return None
            if next(found, None) is not None:
                raise Unauthenticated("The directory has more than one entry of this name.")
        self._open(entry["dn"], password)
        return self._presented(entry)

    def everybody(self) -> Iterator[Presented]:
        """Every entry that has an e-mail address and a log-in name."""
        settings = self._settings
        with self._connected(settings.ldap_bind_dn, settings.ldap_bind_password) as directory:
            for entry in self._entries(directory, ""):
                if (found := self._presented(entry)) is not None:
                    yield found

    def _open(self, dn: str, password: str) -> None:
        """Raise Unauthenticated unless the entry's password is this; an empty one would open any entry."""
        if not password:
            raise Unauthenticated("Wrong login or password.")
        with self._connected(dn, password):
            pass

    @contextmanager
    def _connected(self, dn: str, password: str) -> Iterator[Connection]:
        """A bound connection; Unavailable when the directory does not answer or does not let us look."""
        settings = self._settings
        try:
            secure = Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=settings.ldap_ca_file or None)
            server = Server(settings.ldap_url, get_info=NONE, connect_timeout=SECONDS, tls=secure)
            connection = Connection(
                server,
                user=dn or None,
                password=password or None,
                receive_timeout=SECONDS,
                raise_exceptions=True,
                read_only=True,
            )
            try:
                self._bind(connection, dn)
                yield connection
            finally:
                connection.unbind()
                if connection.socket is not None:  # ldap3 leaves one open that could not be connected
                    connection.socket.close()
        except LDAPException as error:
            raise Unavailable(f"The directory does not answer: {type(error).__name__}.") from error

    def _bind(self, connection: Connection, dn: str) -> None:
        connection.open()
        if self._settings.ldap_start_tls:
            connection.start_tls()
        try:
            connection.bind()
        except LDAPOperationResult as error:
            if dn != self._settings.ldap_bind_dn:
                raise Unauthenticated("Wrong login or password.") from error
            message = f"The directory refuses the log-in of the settings: {error.description}."
            raise Unavailable(message) from error

    def _entries(self, directory: Connection, condition: str) -> Iterator[dict[str, Any]]:
        settings = self._settings
        found = directory.extend.standard.paged_search(
            settings.ldap_base,
            f"(&{settings.ldap_filter}{condition})" if condition else settings.ldap_filter,
            SUBTREE,
            attributes=[self._login, self._email, FIRST, LAST],
            paged_size=PAGE,
            generator=True,
        )
        return (each for each in found if each.get("type") == "searchResEntry")

    def _presented(self, entry: dict[str, Any]) -> Presented | None:
        values = {name.lower(): _one(value) for name, value in entry["attributes"].items()}
        email, login = values.get(self._email.lower(), ""), values.get(self._login.lower(), "")
        if "@" not in email or not login:
            return None
        return Presented(email, values.get(FIRST.lower(), ""), values.get(LAST.lower(), ""), login)

    @staticmethod
    def _is(attribute: str, value: str) -> str:
        return f"({attribute}={escape_filter_chars(value)})"


def _one(value: Any) -> str:
    """The first of an attribute's values."""
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value or "")
