"""What somebody does with a client and then looks at, here and there: each reads at once what it wrote."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import gazu

from tests.operations.replicas import Clients


def word() -> str:
    return f"said {uuid.uuid4()}"


def with_gazu(here: Clients, there: Clients, project: Any) -> None:
    said = word()
    gazu.project.update_project({"id": project["id"], "description": said}, client=here.zou)
    for each in (here, there) * 3:
        assert gazu.project.get_project(project["id"], client=each.zou)["description"] == said


def with_shotgun(here: Clients, there: Clients, project: Any) -> None:
    said = word()
    found = here.sg.find_one("Project", [["name", "is", project["name"]]])
    here.sg.update("Project", found["id"], {"sg_description": said})
    for each in (here, there) * 3:
        row = each.sg.find_one("Project", [["id", "is", found["id"]]], ["sg_description"])
        assert row["sg_description"] == said


def with_ftrack(here: Clients, there: Clients, project: Any) -> None:
    said = word()
    with here.session() as session:
        step = session.query('Type where name is "Animation"').first()
        session.create("Task", {"name": said, "parent": session.get("Project", project["id"]), "type": step})
        session.commit()
    for each in (here, there):
        with each.session() as session:
            assert len(session.query(f'Task where name is "{said}"').all()) == 1


def with_active_resource(here: Clients, there: Clients, project: Any) -> None:
    said = word()
    number = here.sg.find_one("Project", [["name", "is", project["name"]]])["id"]
    row = here.sr.Project.find(number)
    row.description = said
    assert row.save()
    for each in (here, there) * 3:
        assert each.sr.Project.find(number).description == said


Story = Callable[[Clients, Clients, Any], None]
STORIES = [with_gazu, with_shotgun, with_ftrack, with_active_resource]
