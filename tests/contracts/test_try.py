import pytest
from tests.studio import open_studio
from tests.factories import Factory
from zou_server.models.registry import FACETS
from zou_server.models.base import Row
@pytest.fixture(scope="module")
def factory(postgres, tmp_path_factory):
    with open_studio(postgres, tmp_path_factory.mktemp("f")) as kit:
        yield Factory(kit)
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("name", [n for n,f in FACETS.items() if issubclass(f.model, Row)])
def test_make(factory, name, full):
    a=factory.make(name, full=full); b=factory.make(name, full=full)
    assert factory.kit.row(name, a, "id"), name
