"""gazu, unmodified, against a served instance: every public function of ten modules does what it says."""

from __future__ import annotations

import gc
import pkgutil
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import gazu
import pytest

from tests.clients.zou.gazu_sweep.functions import MODULES, SWEPT, public_functions
from tests.clients.zou.gazu_sweep.stage import Stage
from tests.clients.zou.gazu_sweep.tables import TABLES
from tests.servers import RunningServer

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres

# gazu leaves sockets and files to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

EVERY_CALL = [(module, name) for module, calls in TABLES.items() for name in calls]


@pytest.fixture(scope="module")
def stage(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A whole server on an empty database, and its administrator."""
    url = postgres.empty_database()
    directory = tmp_path_factory.mktemp("sweep")
    with RunningServer(directory / "data", workers=2, DATABASE_URL=url) as running:
        keys = running.credentials
        yield Stage(running.url, keys["email"], keys["password"], directory)
        with warnings.catch_warnings(action="ignore"):
            gc.collect()
    postgres.drop(url)


@pytest.mark.parametrize(("module", "name"), EVERY_CALL, ids=lambda each: each)
def test_a_function_of_gazu_does_what_it_says(stage: Stage, module: str, name: str) -> None:
    stage.g.called.clear()
    call: Callable[[Stage], bool] = TABLES[module][name]
    assert call(stage)
    assert f"{module}.{name}" in stage.g.called, "the table calls another function"


@pytest.mark.parametrize("module", SWEPT)
def test_every_public_function_of_a_module_is_called(module: str) -> None:
    assert sorted(set(public_functions(module)) - TABLES[module].keys()) == []


@pytest.mark.parametrize("module", TABLES)
def test_only_functions_that_there_are_have_a_call(module: str) -> None:
    calls: Mapping[str, object] = TABLES[module]
    assert sorted(calls.keys() - set(public_functions(module))) == []


def test_every_module_of_gazu_that_talks_to_a_server_is_known() -> None:
    helpers = {"aio", "cache", "cli", "encoder", "events", "exception", "helpers", "sorting", "__version__"}
    found = {each.name for each in pkgutil.iter_modules(gazu.__path__)}
    assert found - helpers == set(MODULES)
