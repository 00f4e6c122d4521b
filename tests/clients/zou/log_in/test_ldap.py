"""Log-in by a directory, and the command that takes over its people; the directory is ldaptor's server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
import shotgun_api3
import sqlalchemy as sa

from tests.clients.zou.log_in.site import Browser, LogInSite, log_in_site
from tests.servers import ROOT, free_port, run_command
from zou_server.adapters.sign_on import make_directory
from zou_server.models.actor import SYSTEM
from zou_server.models.errors import Conflict
from zou_server.models.person import Person
from zou_server.services.people.admit import Synchronised, synchronise
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres

BASE = "ou=people,dc=example,dc=com"
READER, READER_PASSWORD = "cn=reader,dc=example,dc=com", "reads the directory"
IN_LDAP = "kept in the directory"
TREE = f"""dn: dc=example,dc=com
objectClass: dcObject
dc: example

dn: {READER}
objectClass: person
cn: reader
sn: reader
userPassword: {READER_PASSWORD}

dn: {BASE}
objectClass: organizationalUnit
ou: people

"""


def entry(uid: str, first: str, last: str, **more: str) -> str:
    """Somebody in the directory, as LDIF."""
    values = {"mail": f"{uid}@example.com", "userPassword": IN_LDAP, **more}
    lines = "".join(f"{name}: {value}\n" for name, value in values.items() if value)
    return (
        f"dn: uid={uid},{BASE}\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: {first} {last}\n"
        f"givenName: {first}\nsn: {last}\n{lines}\n"
    )


@contextmanager
def directory(port: int, file: Path, people: str) -> Iterator[None]:
    """Serve the people until the block is left."""
    file.write_text(TREE + people)
    command = [sys.executable, "-m", "tests.clients.zou.log_in.ldap_server", str(port), str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
        try:
            yield
        finally:
            server.kill()


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def settings(port: int) -> dict[str, str]:
    """What a studio says of its directory."""
    return {
        "ldap_url": f"ldap://127.0.0.1:{port}",
        "ldap_base": BASE,
        "ldap_bind_dn": READER,
        "ldap_bind_password": READER_PASSWORD,
    }


@pytest.fixture(scope="module")
def site(
    settings: dict[str, str], postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LogInSite]:
    with log_in_site(postgres, tmp_path_factory.mktemp("ldap"), **settings) as site:
        yield site


PEOPLE = (
    entry("grace", "Grace", "Hopper")
    + entry("ada", "Ada", "Lovelace")
    + entry("noname", "No", "One", mail="")
)


def test_a_password_of_the_directory_opens_in_every_dialect(
    site: LogInSite, port: int, tmp_path: Path
) -> None:
    with directory(port, tmp_path / "people.ldif", PEOPLE):
        browser = Browser(site.url)
        for name in ("grace", "GRACE@example.com"):
            assert browser.log_in(name, IN_LDAP) == 200, browser.said
        user = browser.said["user"]
        assert (user["email"], user["full_name"], user["role"]) == (
            "grace@example.com",
            "Grace Hopper",
            "user",
        )
        assert (user["desktop_login"], user["is_generated_from_ldap"]) == ("grace", True)
        sg = shotgun_api3.Shotgun(site.url, login="ada", password=IN_LDAP)
        assert [each["name"] for each in sg.find("HumanUser", [["login", "is", "ada"]], ["name"])] == [  # type: ignore[typeddict-item]
            "Ada Lovelace"
        ]
        sg.close()
        answer = requests.get(f"{site.url}/users.json", auth=("ada@example.com", IN_LDAP), timeout=30)
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("grace", "not the password"),
        ("grace", ""),
        ("*", IN_LDAP),
        ("grace)(uid=*", IN_LDAP),
        ("noname", IN_LDAP),
        ("nobody", IN_LDAP),
    ],
)
def test_nothing_else_opens(site: LogInSite, port: int, tmp_path: Path, name: str, password: str) -> None:
    with directory(port, tmp_path / "people.ldif", PEOPLE):
        browser = Browser(site.url)
        assert browser.log_in(name, password) == 400
        assert browser.said["login"] is False


def test_wrong_passwords_close_the_way_before_the_directory_is_asked(
    site: LogInSite, port: int, tmp_path: Path
) -> None:
    with directory(port, tmp_path / "people.ldif", PEOPLE + entry("mary", "Mary", "Ware")):
        browser = Browser(site.url)
        for _ in range(5):
            assert browser.log_in("mary", "not the password") == 400
        assert browser.log_in("mary", IN_LDAP) == 400
        assert browser.said["too_many_failed_login_attemps"] is True


def test_who_has_a_password_here_comes_in_though_the_directory_is_away(
    site: LogInSite, port: int, tmp_path: Path
) -> None:
    email, _ = site.person(role="admin")
    with directory(port, tmp_path / "people.ldif", PEOPLE):
        assert Browser(site.url).log_in(email) == 200
        assert Browser(site.url).log_in("grace", IN_LDAP) == 200
    assert Browser(site.url).log_in(email) == 200
    away = Browser(site.url).ask("POST", "/auth/login", {"email": "grace", "password": IN_LDAP})
    assert away.status_code == 503


def test_the_people_of_the_directory_are_taken_over(site: LogInSite, port: int, tmp_path: Path) -> None:
    studio = Studio(site.people, site.people, RULEBOOK)

    def sync(people: str, *, dry_run: bool = False) -> Synchronised:
        with directory(port, tmp_path / "people.ldif", people):
            known = make_directory(site.settings)
            assert known is not None
            return synchronise(studio, known, "user", dry_run=dry_run)

    def person(uid: str) -> Any:
        wanted = sa.select(Person).where(Person.email == f"{uid}@example.com")
        with studio.write(SYSTEM) as work:
            return work.session.scalar(wanted)

    chief, _ = site.person(role="admin")
    sync(PEOPLE)
    new = entry("linus", "Linus", "One") + entry("margaret", "Margaret", "Hamilton")
    assert sync(PEOPLE + new, dry_run=True).new == 2
    assert person("linus") is None
    assert sync(PEOPLE + new) == Synchronised(new=2, changed=0, closed=0, same=2)
    linus = person("linus")
    assert (linus.first_name, linus.login, linus.ldap_uid) == ("Linus", "linus", "linus")
    renamed = entry("linus", "Linus", "Two", mail="linus.two@example.com")
    assert sync(PEOPLE + renamed) == Synchronised(new=0, changed=1, closed=1, same=2)
    moved = person("linus.two")
    assert (moved.id, moved.last_name, moved.active) == (linus.id, "Two", True)
    assert person("margaret").active is False
    assert Browser(site.url).log_in(chief) == 200  # who did not come from it is not its affair
    with pytest.raises(Conflict, match="lists nobody"):
        sync("")
    assert person("linus.two").active is True


def test_the_command_says_what_it_did_or_why_not(
    site: LogInSite, settings: dict[str, str], port: int, tmp_path: Path
) -> None:
    variables: dict[str, Any] = {f"ZOU_SERVER_{name.upper()}": value for name, value in settings.items()}
    variables["DATABASE_URL"] = site.settings.database_url
    arguments = ("sync-ldap", "--dry-run", "--data-dir", str(site.settings.data_dir))
    with directory(port, tmp_path / "people.ldif", PEOPLE + entry("kay", "Kay", "Antonelli")):
        answer = run_command(*arguments, **variables)
    assert "1 new, " in answer.stdout, (answer.stdout, answer.stderr)
    assert answer.stdout.endswith("; nothing was kept\n")
    away = run_command(*arguments, **variables)
    assert (away.returncode, away.stderr.count("\n")) == (1, 2)
    assert "The directory does not answer" in away.stderr
