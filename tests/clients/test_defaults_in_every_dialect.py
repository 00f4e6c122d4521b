"""A new row starts with the defaults of its custom fields, whichever of the four real clients makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import gazu
import pytest

from tests.clients.served_studio import served_studio
from tests.clients.test_who_does_what_in_every_dialect import Caller, Site
from tests.conftest import SuitePostgres
from tests.studio import unique
from zou_server.models.conditions import Op, Where

# pyactiveresource leaves its sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The studio, served: its projects have a custom field that starts as "dark"."""
    with served_studio(postgres, tmp_path_factory.mktemp("defaults")) as (kit, url):
        project = kit.project()
        kit.create(
            "FieldDescriptor", name="Look", field_name="look", entity_type="Project", default_value="dark"
        )
        yield Site(kit, url, project, project, [], [])


@pytest.fixture(scope="module")
def boss(site: Site) -> Caller:
    """An administrator with all four clients."""
    return Caller(site, site.person("admin"))


def _with_zou(boss: Caller, name: str) -> None:
    client = boss.zou()
    gazu.project.new_project(name, client=client)
    client.session.close()


def _with_shotgun(boss: Caller, name: str) -> None:
    with boss.shotgun() as sg:
        sg.create("Project", {"name": name})


def _with_ftrack(boss: Caller, name: str) -> None:
    with boss.ftrack() as session:
        schema = session.query("ProjectSchema").first()
        session.create("Project", {"name": name, "full_name": name, "project_schema": schema})
        session.commit()


def _with_shotrunner(boss: Caller, name: str) -> None:
    made = boss.shotrunner().Project.create({"code": name})
    assert made.id, made.errors.full_messages()


MAKE: Mapping[str, Callable[[Caller, str], None]] = {
    "zou": _with_zou,
    "shotgun": _with_shotgun,
    "ftrack": _with_ftrack,
    "shotrunner": _with_shotrunner,
}


@pytest.mark.parametrize("dialect", MAKE)
def test_a_new_row_starts_with_the_defaults_of_its_custom_fields(
    site: Site, boss: Caller, dialect: str
) -> None:
    name = f"film{unique('x')[-6:]}"
    MAKE[dialect](boss, name)
    (made,) = site.kit.rows("Project", "data", where=Where("name", Op.EQ, name))
    assert made["data"]["look"] == "dark"
