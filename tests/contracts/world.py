"""One studio behind one application, and everybody's keys to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.factories import Factory
from tests.studio import StudioKit, open_studio
from zou_server.app import create_app
from zou_server.services.install.manage_credentials import create_admin, create_api_key, create_script
from zou_server.services.people.set_password import set_password

if TYPE_CHECKING:
    from flask import Flask

    from tests.studio import DatabaseMaker
    from zou_server.models.actor import Actor
    from zou_server.services.studio import Studio

ADMIN, PASSWORD, SCRIPT = "boss@example.com", "correct horse battery", "pipeline"


@dataclass(frozen=True)
class Caller:
    """Somebody who speaks every dialect: login and password, script key and API key."""

    login: str
    password: str
    script: str
    script_key: str
    api_key: str


@dataclass(frozen=True)
class World:
    """The application as it runs in production, the studio behind it, and its administrator."""

    app: Flask
    kit: StudioKit
    factory: Factory
    admin: Caller
    tokens: dict[str, str] = field(default_factory=dict)
    """Zou's log-ins by login: checking a password takes a tenth of a second."""

    @property
    def studio(self) -> Studio:
        """The application's own studio: its engines are those that requests use."""
        found: Studio = self.app.extensions["studio"]
        return found

    def caller(self, actor: Actor) -> Caller:
        """The keys of a person that `StudioKit.person` made; without a script of their own."""
        login = self.kit.row("HumanUser", actor.person_id, "email")
        set_password(self.kit.studio.writes, actor.person_id, PASSWORD)
        return Caller(login, PASSWORD, "", "", create_api_key(self.kit.studio.writes, login))


@contextmanager
def open_world(postgres: DatabaseMaker, directory: Path) -> Iterator[World]:
    """A studio with its first vocabulary and an administrator, served by an application."""
    with open_studio(postgres, directory) as kit:
        engine = kit.studio.writes
        create_admin(engine, ADMIN, PASSWORD)
        admin = Caller(ADMIN, PASSWORD, SCRIPT, create_script(engine, SCRIPT), create_api_key(engine, ADMIN))
        app = create_app(kit.settings)
        assert not app.testing
        world = World(app, kit, Factory(kit), admin)
        try:
            yield world
        finally:
            world.studio.reads.dispose()
            world.studio.writes.dispose()
