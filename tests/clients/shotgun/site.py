"""A served studio for the real shotgun_api3, and a small production in it to ask questions about."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shotgun_api3
import sqlalchemy as sa

from tests.served import served
from zou_server.adapters.database import make_engine
from zou_server.app import create_app
from zou_server.models.actor import SYSTEM
from zou_server.models.base import Identity
from zou_server.models.registry import facet
from zou_server.services.install.manage_credentials import create_admin, create_script
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.write.operations import Create, Update
from zou_server.settings import Settings

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

    from tests.conftest import SuitePostgres

SCRIPT = "pipeline"
TODAY = dt.date(2031, 5, 14)
_BEGIN, _STARTED = dt.datetime.combine(TODAY, dt.time(12), dt.UTC), time.monotonic()
LOGIN, PASSWORD = "boss@example.com", "correct horse battery"
Row = dict[str, Any]
Client = Any
"""A `shotgun_api3.Shotgun`; its type hints forbid much of what its own documentation shows."""


@dataclass
class Site:
    """One served studio: its address, its keys and its data."""

    url: str
    key: str
    app: Flask
    engine: Engine
    settings: Settings

    @contextmanager
    def client(self, **credentials: Any) -> Iterator[Client]:
        """A connected client; without credentials it is the administrator's script."""
        given = credentials or {"script_name": SCRIPT, "api_key": self.key}
        sg = shotgun_api3.Shotgun(self.url, **given)
        try:
            yield sg
        finally:
            sg.close()

    def create(self, kind: str, **values: Any) -> uuid.UUID:
        """Make a row behind the dialect's back, as another client would."""
        with Studio(self.engine, self.engine, RULEBOOK).write(SYSTEM) as work:
            (made,) = work.execute([Create(facet(kind), values)])
            work.commit()
        return made.id

    def update(self, kind: str, id_: uuid.UUID, **values: Any) -> None:
        """Change a row behind the dialect's back."""
        with Studio(self.engine, self.engine, RULEBOOK).write(SYSTEM) as work:
            work.execute([Update(facet(kind), id_, values)])
            work.commit()

    def id_of(self, kind: str, number: int) -> uuid.UUID:
        """Our id of a row by its kind and number."""
        with self.engine.connect() as connection:
            statement = sa.select(Identity.id).where(Identity.kind == kind, Identity.number == number)
            return connection.scalars(statement).one()


@contextmanager
def open_site(postgres: SuitePostgres, directory: Path) -> Iterator[Site]:
    """Serve a studio with its first vocabulary, one administrator and one script."""
    url = postgres.furnished_database()
    settings = Settings.from_env({}, database_url=url, data_dir=directory, shotgun_open_downloads=True)
    engine = make_engine(settings)
    create_admin(engine, LOGIN, PASSWORD)
    key = create_script(engine, SCRIPT)
    app = create_app(settings, lambda: _BEGIN + dt.timedelta(seconds=time.monotonic() - _STARTED))
    try:
        with served(app) as address:
            yield Site(address, key, app, engine, settings)
    finally:
        engine.dispose()
        studio: Studio = app.extensions["studio"]
        studio.reads.dispose()
        studio.writes.dispose()
        postgres.drop(url)


def new(sg: Client, kind: str, **values: Any) -> Row:
    """Make a row with a name of its own, and return its link."""
    key = {"Project": "name", "Task": "content"}.get(kind, "code")
    values.setdefault(key, f"{kind} {uuid.uuid4().hex[:8]}")
    made: Row = sg.create(kind, values)
    return {"type": kind, "id": made["id"], "name": values[key]}


def call(sg: Client, method: str, payload: Row) -> Any:
    """Send a payload as it is: what older clients send, or what this one would change first."""
    return sg._call_rpc(method, payload)  # noqa: SLF001 - the client has no public way


def set_page_size(sg: Client, size: int) -> None:
    """Make the client fetch so many rows at once."""
    sg.config._records_per_page = size  # noqa: SLF001 - the client only takes the server's number


def small_production(sg: Client) -> dict[str, Row]:
    """Make three shots, their tasks, and whatever they link to; return them by short names."""
    found: dict[str, Row] = {
        "project": new(sg, "Project", name="Ask"),
        "other": new(sg, "Project", name="Other"),
    }
    project = found["project"]
    found["q1"] = new(sg, "Sequence", project=project, code="Bunny_010")
    found["q2"] = new(sg, "Sequence", project=project, code="bunny_020")
    found["bob"] = new(sg, "Asset", project=project, code="Bob", sg_asset_type="Character")
    found["cup"] = new(sg, "Asset", project=project, code="Cup", sg_asset_type="Prop")
    shots: list[Row] = [
        {
            "code": "Ab_1",
            "sg_sequence": found["q1"],
            "sg_status_list": "ip",
            "sg_cut_duration": 0,
            "sg_cut_in": 1001,
            "description": "Grün_und",
            "assets": [found["bob"], found["cup"]],
        },
        {
            "code": "ab%2",
            "sg_sequence": found["q2"],
            "sg_status_list": "fin",
            "sg_cut_duration": 10,
            "sg_cut_in": 1100,
            "assets": [found["bob"]],
        },
        {"code": "c3", "description": "x", "sg_status_list": None},
    ]
    for name, values in zip(("s1", "s2", "s3"), shots, strict=True):
        found[name] = new(sg, "Shot", project=project, **values)
    for name in ("Ann", "Ben"):
        person = sg.create(
            "HumanUser", {"name": f"{name} Q", "login": name.lower(), "email": f"{name}@x.example"}
        )
        found[name.lower()] = {"type": "HumanUser", "id": person["id"]}
    tasks: list[Row] = [
        {
            "content": "t1",
            "entity": found["s1"],
            "task_assignees": [found["ann"], found["ben"]],
            "start_date": str(TODAY),
            "due_date": "2020-02-29",
            "est_in_mins": 90,
        },
        {
            "content": "t2",
            "entity": found["bob"],
            "task_assignees": [found["ann"]],
            "start_date": str(TODAY - dt.timedelta(days=5)),
            "due_date": "2020-03-01",
            "sg_status_list": "fin",
        },
        {"content": "t3", "start_date": str(TODAY + dt.timedelta(days=40))},
    ]
    for values in tasks:
        found[values["content"]] = new(sg, "Task", project=project, **values)
    return found
