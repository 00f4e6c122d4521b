"""A directory server for the tests: ldaptor's, with a few people, as a process of its own.

``python -m tests.clients.zou.log_in.ldap_server PORT FILE`` serves the people of an LDIF file.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

from ldaptor.inmemory import fromLDIFFile
from ldaptor.interfaces import IConnectedLDAPEntry
from ldaptor.protocols.ldap.ldapserver import LDAPServer
from twisted.internet import reactor
from twisted.internet.protocol import ServerFactory
from twisted.python.components import registerAdapter

loop: Any = reactor


class _Factory(ServerFactory):
    protocol = LDAPServer

    def __init__(self, root: Any) -> None:
        self.root = root


def main(port: int, file: Path) -> None:
    """Serve until the process is ended."""

    def ready(root: Any) -> None:
        loop.listenTCP(port, _Factory(root), interface="127.0.0.1")
        sys.stdout.write("ready\n")
        sys.stdout.flush()

    registerAdapter(lambda factory: factory.root, _Factory, IConnectedLDAPEntry)
    fromLDIFFile(io.BytesIO(file.read_bytes())).addCallback(ready)
    loop.run()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
