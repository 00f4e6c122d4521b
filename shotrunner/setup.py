"""`shotrunner-setup`: asks for a login and writes the file that `ShotRunner.init()` reads."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence

from shotrunner.config import DEFAULT_FILE, Login, write_config


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask for what was not given, and write the file."""
    parser = argparse.ArgumentParser(prog="shotrunner-setup", description=__doc__)
    parser.add_argument("--user")
    parser.add_argument("--domain", help="the prefix of a site (tutorial), or its whole URL")
    parser.add_argument("--format", choices=("xml", "json"), default="xml")
    parser.add_argument("--file", default=DEFAULT_FILE)
    parser.add_argument("--password-from-stdin", action="store_true", help="for scripts: one line")
    given = parser.parse_args(arguments)
    user = given.user or input("User [sam]: ") or "sam"
    domain = given.domain or input("Domain [tutorial]: ") or "tutorial"
    if given.password_from_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = getpass.getpass("Password [sam1]: ") or "sam1"
    path = write_config(Login(user, password, domain, given.format), given.file)
    print(f"{path} is written; only you can open it.")  # noqa: T201 - what a command says
    return 0


if __name__ == "__main__":
    sys.exit(main())
