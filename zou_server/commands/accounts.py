"""The commands about who may come in: people, scripts, their passwords and keys."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zou_server.commands.site import WholeNumber, data_dir_option, studio_engine

if TYPE_CHECKING:
    from zou_server.services.people.manage_keys import KeyTerms

ROLES = ("user", "supervisor", "manager", "admin", "client", "vendor")

key_option = click.option("--key", help="The key; when absent, one is made and printed.")
keep_option = click.option("--keep", is_flag=True, help="Let the keys before it work on; else they end.")
days_option = click.option("--days", type=WholeNumber(1), help="Days after which the key ends.")
password_option = click.option("--password", help="The password; when absent, one is made and printed.")


@click.command("create-admin")
@click.argument("email")
@password_option
@data_dir_option
def create_admin(email: str, password: str | None, data_dir: Path | None) -> None:
    """Make an administrator, or give an existing person that role and a new password."""
    from zou_server.services.install import manage_credentials  # noqa: PLC0415

    with studio_engine(data_dir) as engine:
        made = manage_credentials.create_admin(engine, email, password)
    _tell_password(email, password, made)


@click.command("create-user")
@click.argument("email")
@click.option("--first-name", help="The first name; when absent, the part of the address before the @.")
@click.option("--last-name", default="", help="The last name.")
@click.option("--role", type=click.Choice(ROLES), default="user", show_default=True)
@password_option
@data_dir_option
def create_user(email: str, password: str | None, data_dir: Path | None, **values: Any) -> None:
    """Make a person who can log in."""
    from zou_server.services.install import manage_people  # noqa: PLC0415

    with studio_engine(data_dir) as engine:
        made = manage_people.create_user(engine, email, password, values)
    _tell_password(email, password, made)


@click.command("list-users")
@data_dir_option
def list_users(data_dir: Path | None) -> None:
    """List everybody: address, role, name, whether they may log in, and when they last did."""
    from zou_server.services.install import manage_people  # noqa: PLC0415

    with studio_engine(data_dir) as engine:
        for person in manage_people.list_users(engine):
            state = "active" if person.may_enter else "closed"
            seen = _moment(person.last_log_in)
            click.echo(f"{person.email or '-':<32} {person.role:<10} {state:<7} {seen:<17} {person.name}")


@click.command("set-password")
@click.argument("email")
@password_option
@click.option("--end-keys", is_flag=True, help="Revoke the person's keys too.")
@data_dir_option
def set_password(email: str, password: str | None, data_dir: Path | None, *, end_keys: bool) -> None:
    """Give a person a new password, which ends all their log-ins."""
    from zou_server.services.install import manage_people  # noqa: PLC0415

    with studio_engine(data_dir) as engine:
        made = manage_people.give_password(engine, email, password, end_keys=end_keys)
    _tell_password(email, password, made)


@click.command("deactivate-user")
@click.argument("email")
@data_dir_option
def deactivate_user(email: str, data_dir: Path | None) -> None:
    """Close a person's account: their log-ins and keys end at once."""
    from zou_server.services.install import manage_people  # noqa: PLC0415

    with studio_engine(data_dir) as engine:
        manage_people.deactivate_user(engine, email)
    click.echo(f"{email} is closed")


@click.command("create-script")
@click.argument("name")
@key_option
@keep_option
@days_option
@data_dir_option
def create_script(name: str, key: str | None, data_dir: Path | None, **terms: Any) -> None:
    """Make a script user for shotgun_api3, or give an existing one a new key in place of its own."""
    from zou_server.services.install import manage_credentials  # noqa: PLC0415

    with studio_engine(data_dir) as engine:
        made = manage_credentials.create_script(engine, name, key, _terms(**terms))
    click.echo(f"script_name {name}\napi_key     {'(as given)' if key else made}")


@click.command("create-api-key")
@click.argument("email")
@key_option
@keep_option
@days_option
@data_dir_option
def create_api_key(email: str, key: str | None, data_dir: Path | None, **terms: Any) -> None:
    """Make an API key with which a person uses ftrack_api, in place of the one before."""
    from zou_server.services.install import manage_credentials  # noqa: PLC0415

    with studio_engine(data_dir) as engine:
        made = manage_credentials.create_api_key(engine, email, key, _terms(**terms))
    click.echo(f"api_user {email}\napi_key  {'(as given)' if key else made}")


@click.command("list-keys")
@data_dir_option
def list_keys(data_dir: Path | None) -> None:
    """List the keys in force: id, kind, owner, last use and from where, and when they end."""
    from zou_server.services.people import manage_keys  # noqa: PLC0415

    with studio_engine(data_dir) as engine, engine.connect() as connection:
        for key in manage_keys.list_keys(connection):
            used = f"used {_moment(key.last_used_at)} {key.last_address or ''}".rstrip()
            ends = f"ends {_moment(key.expires_at)}" if key.expires_at else ""
            click.echo(f"{key.id} {key.kind:<10} {key.owner:<32} {used} {ends}".rstrip())


@click.command("revoke-key")
@click.argument("key_id", type=click.UUID)
@data_dir_option
def revoke_key(key_id: uuid.UUID, data_dir: Path | None) -> None:
    """End a key, by its id of list-keys."""
    from zou_server.services.people import manage_keys  # noqa: PLC0415

    with studio_engine(data_dir) as engine, engine.begin() as connection:
        manage_keys.revoke_key(connection, key_id)
    click.echo(f"{key_id} is revoked")


def _terms(*, keep: bool, days: int | None) -> KeyTerms:
    from zou_server.services.people.manage_keys import KeyTerms  # noqa: PLC0415

    until = dt.datetime.now(dt.UTC) + dt.timedelta(days=days) if days else None
    return KeyTerms(keep, until)


def _tell_password(email: str, given: str | None, made: str) -> None:
    click.echo(f"email    {email}\npassword {'(as given)' if given else made}")


def _moment(moment: dt.datetime | None) -> str:
    return "never" if moment is None else f"{moment:%Y-%m-%d %H:%M}"


COMMANDS = (
    create_admin,
    create_user,
    list_users,
    set_password,
    deactivate_user,
    create_script,
    create_api_key,
    list_keys,
    revoke_key,
)
