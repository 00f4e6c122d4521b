"""The commands about people and keys, and what all commands say of the site they speak to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import requests
from sqlalchemy import create_engine, text

from tests.conftest import SuitePostgres
from tests.servers import RunningServer, run_command, run_command_here

Run = Callable[..., "CompletedProcess[str]"]


@pytest.fixture(scope="module")
def server(postgres: SuitePostgres, shared_place: Path) -> Iterator[RunningServer]:
    """A running studio."""
    url = postgres.migrated_database()
    with RunningServer(shared_place / "data", "--no-worker", DATABASE_URL=url) as running:
        yield running


@pytest.fixture(scope="module")
def run(server: RunningServer) -> Run:
    """Run a command on the studio: each as a process of its own once, and then in this one."""
    tried = set[str]()

    def run(command: str, *arguments: str) -> CompletedProcess[str]:
        how = run_command_here if command in tried else run_command
        tried.add(command)
        where = ("--data-dir", str(server.data_dir))
        return how(command, *arguments, *where, DATABASE_URL=server.database_url)

    return run


def log_in(server: RunningServer, email: str, password: str) -> requests.Response:
    sent = {"email": email, "password": password}
    return requests.post(f"{server.url}/auth/login", json=sent, timeout=30)


def ftrack(server: RunningServer, email: str, key: str) -> int:
    """The status of an ftrack call with a key."""
    headers = {"ftrack-user": email, "ftrack-api-key": key, "ftrack-strict-api": "true"}
    ask = [{"action": "query", "expression": "select id from Project limit 1"}]
    return requests.post(f"{server.url}/api", json=ask, headers=headers, timeout=30).status_code


def test_a_person_is_made_listed_given_a_password_and_closed(server: RunningServer, run: Run) -> None:
    made = run("create-user", "ana@studio.example", "--first-name", "Ana", "--role", "manager")
    assert made.returncode == 0, made.stderr
    assert "site: database " in made.stderr
    first = made.stdout.split()[-1]
    assert log_in(server, "ana@studio.example", first).json()["user"]["role"] == "manager"
    again = run("create-user", "ANA@studio.example")
    assert (again.returncode, "set-password" in again.stderr) == (1, True)
    listed = run("list-users").stdout
    assert re.search(r"ana@studio\.example +manager +active .* Ana", listed), listed
    key = run("create-api-key", "ana@studio.example").stdout.split()[-1]
    assert ftrack(server, "ana@studio.example", key) == 200
    second = run("set-password", "ana@studio.example").stdout.split()[-1]
    assert log_in(server, "ana@studio.example", first).status_code == 400
    assert ftrack(server, "ana@studio.example", key) == 200
    third = run("set-password", "ana@studio.example", "--end-keys").stdout.split()[-1]
    assert log_in(server, "ana@studio.example", second).status_code == 400
    assert ftrack(server, "ana@studio.example", key) != 200
    token = log_in(server, "ana@studio.example", third).json()["access_token"]
    assert run("deactivate-user", "ana@studio.example").returncode == 0
    bearer = {"Authorization": f"Bearer {token}"}
    assert requests.get(f"{server.url}/data/projects", headers=bearer, timeout=30).status_code == 401
    assert log_in(server, "ana@studio.example", third).status_code == 401
    assert re.search(r"ana@studio\.example +manager +closed", run("list-users").stdout)


def test_a_key_is_listed_with_its_last_use_and_revoked(server: RunningServer, run: Run) -> None:
    run("create-user", "bo@studio.example")
    key = run("create-api-key", "bo@studio.example", "--days", "30").stdout.split()[-1]
    assert ftrack(server, "bo@studio.example", key) == 200
    (line,) = [each for each in run("list-keys").stdout.splitlines() if "bo@studio.example" in each]
    assert re.search(r"api_key .*used 20\d\d-.* 127\.0\.0\.1 ends 20\d\d-", line), line
    assert run("revoke-key", line.split()[0]).returncode == 0
    assert ftrack(server, "bo@studio.example", key) != 200
    gone = run("revoke-key", line.split()[0])
    assert (gone.returncode, "no key of that id" in gone.stderr) == (1, True)


def test_administrators_give_and_revoke_keys_over_http(server: RunningServer, run: Run) -> None:
    run("create-user", "cy@studio.example", "--password", "a long password")
    admin = log_in(server, server.credentials["email"], server.credentials["password"]).json()
    cy = log_in(server, "cy@studio.example", "a long password").json()
    keys = f"{server.url}/data/persons/{cy['user']['id']}/keys"
    as_admin, as_cy = ({"Authorization": f"Bearer {each['access_token']}"} for each in (admin, cy))
    assert requests.post(keys, json={}, headers=as_cy, timeout=30).status_code == 403
    given = requests.post(keys, json={"expires_at": "2100-01-01T00:00:00"}, headers=as_admin, timeout=30)
    assert (given.status_code, ftrack(server, "cy@studio.example", given.json()["key"])) == (201, 200)
    for who in (as_admin, as_cy):
        (listed,) = requests.get(keys, headers=who, timeout=30).json()
        assert (listed["kind"], listed["last_address"]) == ("api_key", "127.0.0.1")
    assert requests.delete(f"{keys}/{listed['id']}", headers=as_cy, timeout=30).status_code == 204
    assert ftrack(server, "cy@studio.example", given.json()["key"]) != 200
    others = f"{server.url}/data/persons/{admin['user']['id']}/keys"
    assert requests.get(others, headers=as_cy, timeout=30).status_code == 403
    assert requests.post(keys, json={"for": "ever"}, headers=as_admin, timeout=30).status_code == 400


@pytest.mark.parametrize(
    "command",
    [
        ("worker",),
        ("list-users",),
        ("create-admin", "a@b.fr"),
        ("create-script", "farm"),
        ("remove-orphans",),
        ("backup", "somewhere"),
    ],
    ids=lambda command: command[0],
)
def test_a_directory_without_a_studio_is_left_as_it_is(place: Path, command: tuple[str, ...]) -> None:
    answer = run_command(*command, "--data-dir", str(place / "typo"))
    assert answer.returncode == 1
    assert answer.stderr.startswith(
        f"Error: there is no studio in {place / 'typo'}; zou-server serve makes one"
    )
    assert not (place / "typo").exists()


def test_a_database_of_a_newer_version_is_left_as_it_is(postgres: SuitePostgres, data_dir: Path) -> None:
    url = postgres.migrated_database()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    for command in (("serve", "--port", "0"), ("upgrade-db",), ("worker",), ("list-users",)):
        how = run_command if command[0] in ("serve", "worker") else run_command_here
        answer = how(*command, "--data-dir", str(data_dir), DATABASE_URL=url)
        assert answer.returncode == 1, command
        assert "the database is newer (9999) than this version of zou-server" in answer.stderr, command
        assert "Traceback" not in answer.stderr, command
    checked = run_command_here(
        "check", "--data-dir", str(data_dir), DATABASE_URL=url, ZOU_SERVER_SECRET_KEY="short"
    )
    assert checked.returncode == 1
    assert "wrong migrations the database is newer (9999)" in checked.stdout
    assert "warn  secret_key ZOU_SERVER_SECRET_KEY is short" in checked.stdout


def test_a_password_that_breaks_the_address_is_explained(data_dir: Path) -> None:
    url = "postgresql://me:pa@ss@127.0.0.1:1/none"
    answer = run_command("upgrade-db", "--data-dir", str(data_dir), DATABASE_URL=url)
    assert answer.returncode == 1
    assert "%2F" in answer.stderr, answer.stderr
    assert "ss@" not in answer.stderr
