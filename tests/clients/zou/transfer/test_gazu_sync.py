"""`gazu.sync`: a production carried from one studio to another, with its tasks and what was said of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import gazu
import gazu.sync
import pytest

from tests.conftest import SuitePostgres
from tests.served import served
from tests.studio import StudioKit, open_studio
from zou_server.app import create_app
from zou_server.models.conditions import Op, Where
from zou_server.services.install.manage_credentials import create_script
from zou_server.services.people.set_password import set_password

EMAIL, PASSWORD = "ana@studio.example", "a long enough password"


@contextmanager
def studio_with_gazu(postgres: SuitePostgres, place: Path, script: str) -> Iterator[tuple[StudioKit, Any]]:
    """A served studio with an administrator and a script in it, and gazu that is logged in there."""
    place.mkdir()
    with open_studio(postgres, place) as kit, served(create_app(kit.settings)) as url:
        person = kit.create("HumanUser", first_name="Ana", last_name="L", email=EMAIL, role="admin")
        set_password(kit.studio.writes, person, PASSWORD)
        create_script(kit.studio.writes, script)
        client = gazu.client.create_client(f"{url}/api")
        gazu.log_in(EMAIL, PASSWORD, client=client)
        try:
            yield kit, client
        finally:
            client.session.close()


@pytest.fixture
def studios(postgres: SuitePostgres, tmp_path: Path) -> Iterator[tuple[Any, Any]]:
    """Gazu in the studio that a production is in, and in the one where it goes."""
    with ExitStack() as stack:
        source, target = (
            stack.enter_context(studio_with_gazu(postgres, tmp_path / name, f"{name} pipeline"))
            for name in ("source", "target")
        )
        yield source, target


def test_a_script_has_an_address_by_which_gazu_tells_it_apart(studios: tuple[Any, Any]) -> None:
    (kit, source), _ = studios
    kit.create("ApiUser", first_name="Source", last_name="Pipeline")
    bots = [each for each in gazu.person.all_persons(client=source) if each["is_bot"]]
    addresses = {each["email"] for each in bots}
    assert addresses == {"source-pipeline@bots.invalid", "source-pipeline2@bots.invalid"}


def test_tasks_and_comments_are_pushed_though_there_are_scripts_on_both_sides(
    studios: tuple[Any, Any],
) -> None:
    (_, source), (there, target) = studios
    project = gazu.project.new_project("Night Train", client=source)
    sequence = gazu.shot.new_sequence(project, "NT01", client=source)
    shot = gazu.shot.new_shot(project, sequence, "NT010", client=source)
    ana = gazu.client.get_current_user(client=source)
    task = gazu.task.new_task(
        shot,
        gazu.task.get_task_type_by_name("Animation", client=source),
        assignees=[ana],
        client=source,
    )
    status = gazu.task.all_task_statuses(client=source)[0]
    gazu.task.add_comment(task, status, "The pier from above.", client=source)
    goes_to = gazu.project.new_project("Night Train", client=target)

    gazu.sync.push_project_entities(project, goes_to, source, target)
    default = gazu.task.all_task_statuses(client=target)[0]
    gazu.sync.push_tasks(project, goes_to, default, source, target)
    gazu.sync.push_tasks_comments(project, source, target)

    (arrived,) = gazu.task.all_tasks_for_project(goes_to, client=target)
    assert arrived["id"] == task["id"]
    assert arrived["assignees"] == [gazu.client.get_current_user(client=target)["id"]]
    assert there.rows("Task", "entity.name", where=Where("id", Op.EQ, str(uuid.UUID(task["id"])))) == [
        {"entity.name": "NT010"}
    ]
    said = gazu.task.all_comments_for_task(arrived, client=target)
    assert [each["text"] for each in said] == ["The pier from above."]
