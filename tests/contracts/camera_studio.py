"""A program: a type of a shot, from its model file to the four clients that use it.

`test_a_new_entity.py` copies the checkout, puts `camera_rig.py` among its models and runs this there with a
database and a directory. It has the migration written and run, and says as JSON what each client saw.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import gazu
import shotgun_api3
import sqlalchemy as sa
from pyactiveresource.activeresource import ActiveResource
from pyactiveresource.formats import JSONFormat

from tests.contracts.world import World, open_world
from tests.served import served
from tests.studio import GivenDatabase
from zou_server.adapters import migrate
from zou_server.models import Base
from zou_server.models.registry import facet

with warnings.catch_warnings(action="ignore"):  # it, or what it needs, warns when it is imported
    import ftrack_api

Seen = dict[str, Any]


def main(url: str, directory: Path) -> None:
    """Migrate, then let every client make, find, change and remove a camera."""
    found: Seen = {"migration": migrated(url)}
    with open_world(GivenDatabase(url), directory) as world, served(world.app) as address:
        production = Production(world)
        for client in (by_gazu, by_shotgun, by_ftrack, by_activeresource):
            found[client.__name__] = client(address, world, production)
        found["outside"] = production.seen_from_outside()
        with warnings.catch_warnings(action="ignore"):
            gc.collect()  # pyactiveresource leaves its sockets to the garbage collector
    sys.stdout.write(json.dumps(found))


def migrated(url: str) -> Seen:
    """Have the migration of the new type written, run it; what lint says of it, and a second try."""
    engine = sa.create_engine(url)
    path = migrate.write_migration(engine, "add cameras")
    assert path is not None
    ruff = [sys.executable, "-m", "ruff"]
    checks = [[*ruff, "check", path], [*ruff, "format", "--check", path]]
    lint = [subprocess.run(check, capture_output=True, text=True, check=False).returncode for check in checks]
    migrate.upgrade(engine)
    again = migrate.write_migration(engine, "add nothing")
    left = migrate.differences(engine, Base.metadata)
    engine.dispose()
    return {"file": Path(path).name, "lint": lint, "again": again, "left": [str(each) for each in left]}


class Production:
    """A project with a shot for each client's camera, and one in another project."""

    def __init__(self, world: World) -> None:
        kit = self.kit = world.kit
        self.project, self.other = kit.project(), kit.project()
        self.shot = kit.shot(self.project)
        self.number = kit.row("Shot", self.shot, "number")
        self.name = kit.row("Shot", self.shot, "name")
        self.camera = kit.create("CameraRig", name="left eye", focal_length=35.0, shot_id=self.shot)
        kit.create("CameraRig", name="elsewhere", shot_id=kit.shot(self.other))

    def seen_from_outside(self) -> Seen:
        """Who sees the camera: the vendor with a task on its shot, another one, and a client."""
        task = self.kit.create(
            "Task", entity_id=self.shot, project_id=self.project, task_type_id=self._step()
        )
        with_task, without, client, artist = (
            self.kit.person(role, {self.project: None}) for role in ("vendor", "vendor", "client", "user")
        )
        self.kit.create("Assignation", task_id=task, person_id=with_task.person_id)
        people = {"with task": with_task, "without": without, "client": client, "artist": artist}
        return {
            who: [r["name"] for r in self.kit.rows("CameraRig", actor=actor)] for who, actor in people.items()
        }

    def _step(self) -> Any:
        return self.kit.rows("TaskType")[0]["id"]


def by_gazu(address: str, world: World, made: Production) -> Seen:
    """gazu: its lists below the shot and by project, and CRUD."""
    client = gazu.client.create_client(f"{address}/api")
    gazu.log_in(world.admin.login, world.admin.password, client=client)
    below = f"data/shots/{made.shot}/camera-rigs"
    camera = gazu.client.post(below, {"name": "gazu's", "focal_length": 50}, client=client)
    of_project = gazu.client.fetch_all("camera-rigs", {"project_id": str(made.project)}, client=client)
    listed = gazu.client.get(below, client=client)
    changed = gazu.client.put(f"data/camera-rigs/{camera['id']}", {"focal_length": 85}, client=client)
    gazu.client.delete(f"data/camera-rigs/{camera['id']}", client=client)
    return {
        "keys": sorted(camera),
        "of project": sorted(row["name"] for row in of_project),
        "below the shot": sorted(row["name"] for row in listed),
        "changed": changed["focal_length"],
        "left": [row["name"] for row in gazu.client.get(below, client=client)],
    }


def by_shotgun(address: str, world: World, made: Production) -> Seen:
    """shotgun_api3: found by project and code, made with a project as every script sends it."""
    sg: Any = shotgun_api3.Shotgun(address, world.admin.script, world.admin.script_key)
    project = {"type": "Project", "id": world.kit.row("Project", made.project, "number")}
    shot = {"type": "Shot", "id": made.number}
    camera = sg.create("CameraRig", {"code": "sg's", "focal_length": 50.0, "shot": shot, "project": project})
    wanted = ["code", "focal_length", "project", "shot.Shot.code"]
    found = sg.find(
        "CameraRig", [["project", "is", project]], wanted, [{"field_name": "code", "direction": "asc"}]
    )
    sg.update("CameraRig", camera["id"], {"focal_length": 85.0})
    changed = sg.find_one("CameraRig", [["code", "is", "sg's"]], ["focal_length"])
    sg.delete("CameraRig", camera["id"])
    left = [row["code"] for row in sg.find("CameraRig", [["project", "is", project]], ["code"])]
    seen = {
        "fields": sorted(sg.schema_field_read("CameraRig")),
        "of project": [row["code"] for row in found],
        "its project": [row["project"]["id"] == project["id"] for row in found],
        "its shot": [row["shot.Shot.code"] == made.name for row in found],
        "changed": changed["focal_length"],
        "left": left,
    }
    sg.close()
    return seen


def by_ftrack(address: str, world: World, made: Production) -> Seen:
    """ftrack_api: made below a shot that a session knows, queried along its link."""
    options = {"auto_connect_event_hub": False, "plugin_paths": [], "schema_cache_path": False}
    with ftrack_api.Session(address, world.admin.api_key, world.admin.login, **options) as session:
        shot = session.get("Shot", str(made.shot))
        camera = session.create("CameraRig", {"name": "ftrack's", "focal_length": 50.0, "shot": shot})
        session.commit()
        found = session.query(f'select name, shot.name from CameraRig where shot.name is "{made.name}"').all()
        camera["focal_length"] = 85.0
        session.commit()
        changed = session.query('select focal_length from CameraRig where name is "ftrack\'s"').one()
        seen = {
            "of shot": sorted(row["name"] for row in found),
            "its shot": [row["shot"]["name"] == made.name for row in found],
            "changed": changed["focal_length"],
        }
        session.delete(camera)
        session.commit()
        return {
            **seen,
            "left": [row["name"] for row in session.query(f'CameraRig where shot_id is "{made.shot}"')],
        }


def by_activeresource(address: str, world: World, made: Production) -> Seen:
    """pyactiveresource: one class of three lines."""
    options = {
        "_site": address,
        "_user": world.admin.login,
        "_password": world.admin.password,
        "_format": JSONFormat,
    }
    camera_class: Any = type("CameraRig", (ActiveResource,), options)
    camera = camera_class.create({"name": "rails'", "focal_length": 50.0, "shot_id": made.number})
    found = camera_class.find(shot_id=made.number)
    camera.focal_length = 85.0
    assert camera.save(), camera.errors.full_messages()
    changed = camera_class.find(camera.id)
    seen = {
        "keys": sorted(camera.attributes),
        "of shot": sorted(row.name for row in found),
        "changed": changed.focal_length,
    }
    camera.destroy()
    return {**seen, "left": [row.name for row in camera_class.find(shot_id=made.number)]}


if __name__ == "__main__":
    assert facet("CameraRig").project == "shot.project_id"
    main(sys.argv[1], Path(sys.argv[2]))
