"""Two write the same word at once, one of them through a real client: it is there once, the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import gazu
import pytest
import shotgun_api3

from tests.clients.ftrack.site import ServerError
from tests.clients.served_studio import served_studio
from tests.clients.test_who_does_what_in_every_dialect import Caller, Site
from tests.conftest import SuitePostgres
from tests.studio import unique
from tests.waiting import until_somebody_waits
from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import Op, Where
from zou_server.models.errors import Conflict
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create, Delete, Revive

# pyactiveresource leaves its sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

PATIENCE = 60


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The studio, served."""
    with served_studio(postgres, tmp_path_factory.mktemp("words")) as (kit, url):
        project = kit.project()
        yield Site(kit, url, project, project, [], [])


@pytest.fixture(scope="module")
def caller(site: Site) -> Caller:
    """An administrator with all four clients."""
    return Caller(site, site.person("admin"))


def refused_by_gazu(caller: Caller, name: str) -> str:
    client = caller.zou()
    with pytest.raises(gazu.exception.ParameterException) as refused:
        gazu.project.new_project(name, client=client)
    client.session.close()
    return str(refused.value)


def refused_by_shotgun(caller: Caller, name: str) -> str:
    with caller.shotgun() as sg, pytest.raises(shotgun_api3.Fault) as refused:
        sg.create("Project", {"name": name})
    return str(refused.value)


def refused_by_ftrack(caller: Caller, name: str) -> str:
    session = caller.ftrack()
    schema = session.query("ProjectSchema").first()
    session.create("Project", {"name": name, "full_name": name, "project_schema": schema})
    with pytest.raises(ServerError) as refused:
        session.commit()
    session.close()
    return str(refused.value)


def refused_by_shotrunner(caller: Caller, name: str) -> str:
    twin = caller.shotrunner().Project.create({"code": name})
    assert twin.id is None
    return f"code {twin.errors.on('code')}"


REFUSED: Mapping[str, Callable[[Caller, str], str]] = {
    "zou": refused_by_gazu,
    "shotgun": refused_by_shotgun,
    "ftrack": refused_by_ftrack,
    "shotrunner": refused_by_shotrunner,
}


def while_another_is_written(site: Site, kind: str, values: Mapping[str, Any], ask: Callable[[], Any]) -> Any:
    """What somebody is answered who asks while a row is written that nobody sees yet."""
    with ThreadPoolExecutor(1) as others, site.kit.studio.write(SYSTEM) as work:
        work.execute([Create(facet(kind), values)])
        work.session.flush()
        answer = others.submit(ask)
        until_somebody_waits(site.kit.studio.reads)
        work.commit()
        return answer.result(PATIENCE)


def count(site: Site, kind: str, name: str) -> int:
    return len(site.kit.rows(kind, "id", where=Where("name", Op.EQ, name)))


@pytest.mark.parametrize("dialect", REFUSED)
def test_a_name_that_somebody_else_is_writing_is_refused_in_the_words_of_every_dialect(
    site: Site, caller: Caller, dialect: str
) -> None:
    name = f"film{unique('x')[-6:]}"
    told = while_another_is_written(site, "Project", {"name": name}, lambda: REFUSED[dialect](caller, name))
    assert any(word in told for word in ("already", "required to be unique"))
    assert "server encountered" not in told
    assert count(site, "Project", name) == 1


@pytest.mark.parametrize(
    ("scope", "kind"), [("delivery", "Code"), ("element_type", "ElementType"), ("task_status", "TaskStatus")]
)
def test_a_code_that_somebody_else_is_writing_is_refused_in_its_scope_alone(
    site: Site, caller: Caller, scope: str, kind: str
) -> None:
    code = unique("c")[-6:]
    values: dict[str, Any] = {"code": code, "name": code} if kind == "TaskStatus" else {"name": code}
    if kind == "Code":
        values["data"] = {"shotrunner_scope": scope}
    sr = caller.shotrunner()
    twin = while_another_is_written(
        site, kind, values, lambda: sr.Code.create({"scope": scope, "code": code, "label": code})
    )
    assert twin.id is None
    assert twin.errors.on("code") == "has already been taken"
    assert sr.Code.create({"scope": "elsewhere", "code": code, "label": code}).id


def test_a_type_of_published_files_that_somebody_else_is_writing_is_refused_in_shotgun(
    site: Site, caller: Caller
) -> None:
    code = unique("c")[-6:]

    def ask() -> str:
        with caller.shotgun() as sg, pytest.raises(shotgun_api3.Fault) as refused:
            sg.create("TankType", {"code": code})
        return str(refused.value)

    assert "required to be unique" in while_another_is_written(site, "TankType", {"name": code}, ask)
    assert count(site, "TankType", code) == 1


def test_of_many_who_make_one_code_at_once_one_succeeds(site: Site, caller: Caller) -> None:
    code, start = unique("c")[-6:], threading.Barrier(4)

    def make(_: int) -> Any:
        sr = caller.shotrunner()
        start.wait(PATIENCE)
        return sr.Code.create({"scope": "delivery", "code": code, "label": "x"}).id

    with ThreadPoolExecutor(4) as others:
        made = list(others.map(make, range(4)))
    assert len([id_ for id_ in made if id_]) == 1
    assert count(site, "Code", code) == 1


def test_a_code_does_not_come_back_where_there_is_such_a_one_by_now(site: Site) -> None:
    code, kit = unique("c"), site.kit
    values: dict[str, Any] = {"name": code, "data": {"shotrunner_scope": "delivery"}}
    old = kit.create("Code", **values)
    kit.execute(Delete(facet("Code"), old))
    new = kit.create("Code", **values)
    with pytest.raises(Conflict):
        kit.execute(Revive(facet("Code"), old))
    assert count(site, "Code", code) == 1
    kit.execute(Delete(facet("Code"), new))
    kit.execute(Revive(facet("Code"), old))
    assert [row["id"] for row in kit.rows("Code", "id", where=Where("name", Op.EQ, code))] == [str(old)]


def test_codes_of_one_list_may_not_be_the_same_either(site: Site) -> None:
    values = {"name": unique("c"), "data": {"shotrunner_scope": "delivery"}}
    with pytest.raises(Conflict):
        site.kit.execute(Create(facet("Code"), values), Create(facet("Code"), values))
