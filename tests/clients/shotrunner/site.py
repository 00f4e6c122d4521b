"""A served studio and ActiveResource's classes for it: what the tests with pyactiveresource share."""

from __future__ import annotations

import gc
import urllib.error
import urllib.request
import warnings
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from pyactiveresource import formats
from pyactiveresource.activeresource import ActiveResource

from tests.conftest import SuitePostgres
from tests.served import served as serve
from zou_server.adapters.database import make_engine
from zou_server.app import create_app
from zou_server.models.actor import SYSTEM
from zou_server.services.install.manage_credentials import create_admin
from zou_server.services.studio import Studio
from zou_server.settings import Settings

EMAIL, LOGIN, PASSWORD = "sam@example.com", "sam", "sam1:sam1 é"
CLASSES = (
    "Project",
    "Sequence",
    "Shot",
    "Element",
    "Asset",
    "Task",
    "User",
    "Member",
    "Note",
    "Attachment",
    "Department",
    "Company",
    "Team",
    "Role",
    "Code",
)
numbers = count(1)


@contextmanager
def served(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A served studio with its vocabulary and one administrator."""
    data_dir = tmp_path_factory.mktemp("shotrunner")
    url = postgres.furnished_database()
    settings = Settings.from_env({}, database_url=url, data_dir=data_dir)
    engine = make_engine(settings)
    create_admin(engine, EMAIL, PASSWORD)
    app = create_app(settings)
    inside: Studio = app.extensions["studio"]
    with serve(app) as address:
        yield SimpleNamespace(url=address, engine=engine, inside=inside, app=app)
        with warnings.catch_warnings(action="ignore"):
            gc.collect()
    for each in (engine, inside.reads, inside.writes):
        each.dispose()
    postgres.drop(url)


@contextmanager
def inside(site: SimpleNamespace) -> Iterator[Any]:
    """A unit of work of another tool, committed at the end."""
    with site.inside.write(SYSTEM) as work:
        yield work
        work.commit()


def classes(url: str, extension: str, user: str = LOGIN, password: str = PASSWORD, prefix: str = "") -> Any:
    """The classes that a script would write down, without a single setting beyond these."""
    wire = {"json": formats.JSONFormat, "xml": formats.XMLFormat}[extension]
    base = type(
        "Base",
        (ActiveResource,),
        {
            "_site": url + prefix,
            "_user": user,
            "_password": password,
            "_format": wire,
            "__module__": __name__,
        },
    )
    made = {name: type(name, (base,), {"__module__": __name__}) for name in CLASSES}
    below = type("Shot", (base,), {"_prefix_source": "/projects/$project_id", "__module__": __name__})
    return SimpleNamespace(extension=extension, ShotBelow=below, Base=base, **made)


def new_show(sr: Any) -> Any:
    """A project of one test's own, with a sequence and a shot."""
    name = f"DEMO{next(numbers)}"
    project = sr.Project.create({"code": name, "title": "Demo"})
    sequence = sr.Sequence.create({"sequence_code": "SC010", "project_id": project.id})
    shot = sr.Shot.create({"shot_code": "SC010_0010", "sequence_id": sequence.id, "frame_count": 96})
    return SimpleNamespace(name=name, project=project, sequence=sequence, shot=shot)


def raw(url: str, method: str = "GET", body: bytes | None = None, **headers: str) -> tuple[int, Any, bytes]:
    """One request as it is, without a client in between."""
    proof = b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode()
    sent = {"Authorization": f"Basic {proof}", **headers}
    request = urllib.request.Request(url, data=body, method=method, headers=sent)  # noqa: S310 - our own server
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with closing(error):
            return error.code, error.headers, error.read()


def person(sr: Any, login: str) -> Any:
    """A user who can log in with PASSWORD."""
    return sr.User.create({"login": login, "first_name": login.capitalize(), "password": PASSWORD})


def one_of_each(sr: Any, show: Any) -> dict[str, Any]:
    """An object of each class with most attributes set."""
    login = f"anna{next(numbers)}"
    company = sr.Company.create({"name": f"Vendor {login}"})
    team = sr.Team.create({"name": "Comp", "code": "cmp", "project_id": show.project.id})
    role = sr.Role.create({"name": "Artist", "position": 1, "is_default": True})
    user = sr.User.create(
        {
            "login": login,
            "first_name": "Anna",
            "last_name": "",
            "address_line1": "Street 1",
            "state": "NY",
            "company_id": company.id,
            "im_type": "AIM",
            "admin": False,
            "status": "A",
            "country": "USA",
            "title": " ",
        }
    )
    asset = sr.Asset.create(
        {
            "asset_label": "Hero",
            "asset_type": "Character",
            "project_id": show.project.id,
            "team_id": team.id,
            "supervisor_id": user.id,
            "status": "wip",
        }
    )
    element = sr.Element.create(
        {
            "label": "fg",
            "shot_id": show.shot.id,
            "asset_id": asset.id,
            "element_type": "plate",
            "description": "",
        }
    )
    task = sr.Task.create(
        {
            "taskable_type": "Element",
            "taskable_id": element.id,
            "title": "comp",
            "user_id": user.id,
            "estimated_time": 1.7,
            "pct_complete": 20,
            "due_date": "2010-03-08 12:00:00.123456+02:00",
        }
    )
    return {
        "Project": show.project,
        "Sequence": show.sequence,
        "Shot": show.shot,
        "Asset": asset,
        "Element": element,
        "Task": task,
        "User": user,
        "Member": sr.Member.create({"user_id": user.id, "project_id": show.project.id, "title": "x"}),
        "Company": sr.Company.create({"name": f"House {login}"}),
        "Team": team,
        "Role": role,
        "Code": sr.Code.create({"scope": "delivery", "code": f"dpx{next(numbers)}", "label": "DPX"}),
        "Note": sr.Note.create(
            {
                "noteable_type": "Task",
                "noteable_id": task.id,
                "title": "t",
                "message": "a\n b\n",
                "note_type": "Internal",
            }
        ),
        "Attachment": sr.Attachment.create(
            {"title": "a.txt", "attachment_container_type": "Task", "attachment_container_id": task.id}
        ),
        "Department": sr.Department.create({"name": f"Craft {next(numbers)}", "color": "#123456"}),
    }
