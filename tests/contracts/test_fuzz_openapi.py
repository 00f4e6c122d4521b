"""No request that `/openapi.json` describes gets a 500, and every answer is one that it describes."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import closing, suppress
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.python._constants.orchestrator import make_constants_value_source
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.wsgi import ClosingIterator

from tests.contracts import nasty
from tests.contracts.dialects import ShotRunner, Zou
from tests.contracts.world import World, open_world
from tests.media import picture
from zou_server.models.base import Row
from zou_server.models.registry import FACETS

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from schemathesis import Case

EXAMPLES = nasty.examples(2)
PARTS = 8
LITERALS = nasty.examples(8)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
LAST_WORDS = frozenset({"/auth/logout", "/auth/change-password"})
"""Paths after which nobody is logged in any more."""

_ORIGINAL = "/pictures/originals/preview-files/{preview_file_id}"
SENT = (f"{_ORIGINAL}.{{extension}}", f"{_ORIGINAL}/download")
"""Paths at which a preview comes back as it was sent."""

BY_NUMBER = frozenset({"number", "child_number"})


def read_whole(app: WSGIApplication) -> WSGIApplication:
    """An application whose answers are read to their end: schemathesis closes none, nor the files of any."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as blocks:
            return list(blocks)

    return answer


class Described:
    """The operations of a described application, and what is in it to ask for."""

    def __init__(self, world: World) -> None:
        admin = world.admin
        self.world = world
        self.bearer, self.basic = Zou(world, admin).headers, ShotRunner(world, admin).headers
        self.ftrack = {
            "ftrack-user": admin.login,
            "ftrack-api-key": admin.api_key,
            "ftrack-strict-api": "true",
        }
        self.script = {"script_name": admin.script, "script_key": admin.script_key}
        schema: Any = openapi.from_wsgi("/openapi.json?aliases=no", read_whole(world.app))
        found = [each.ok() for each in schema.get_all_operations()]
        self.operations = sorted(
            (each for each in found if each.path not in LAST_WORDS),
            key=lambda each: each.method == "delete",  # last, or soon nothing would be there any more
        )
        made = {
            each.name: [world.factory.make(each.name) for _ in range(3)]
            for each in FACETS.values()
            if issubclass(each.model, Row)
        }
        self.constants = make_constants_value_source(schema)
        self.ids = {name: [str(id_) for id_ in ids] for name, ids in made.items()}
        self.numbers = {
            name: [world.kit.row(name, id_, "number") for id_ in ids] for name, ids in made.items()
        }

        self.show(self.ids["PreviewFile"][0])

    def show(self, preview_id: str) -> None:
        """Give a preview its picture, or nothing that shows one would ever answer."""
        sent = {"file": (BytesIO(picture(kind="JPEG")), "SH010.jpg")}
        path = f"/pictures/preview-files/{preview_id}"
        answer = self.world.app.test_client().post(path, data=sent, headers=self.bearer)
        assert answer.status_code == 201, answer.get_json()

    def literals(self, operation: Any) -> FeedbackSources:
        """A few of the literals of our own code, others for each operation, to be sent as values.

        Schemathesis looks through all of them for each parameter, which took a quarter of the tests' time.
        """
        if self.constants is None:
            return FeedbackSources()
        few, place = type(self.constants)(), self.operations.index(operation)
        for kind in ("string", "integer", "float", "bytes"):
            entries = self.constants.entries_for(kind)
            for each in range(min(LITERALS, len(entries))):
                few.add(entries[(place * LITERALS + each) % len(entries)])
        return FeedbackSources(constants_value_source=few)

    def headers(self, path: str) -> dict[str, str]:
        """What proves the administrator to the dialect of a path."""
        return self.ftrack if path == "/api" else self.basic if "{extension}" in path else self.bearer

    def settle(self, case: Case, data: st.DataObject) -> None:
        """Put ids that exist and the right credentials into most requests; without them all end early."""
        for name in case.path_parameters or {}:
            real = self.numbers if name in BY_NUMBER else self.ids
            known = real.get(facet_at(case.path, name))
            if case.path_parameters is not None and known and data.draw(st.integers(0, 3)) < 3:
                case.path_parameters[name] = data.draw(st.sampled_from(known))
        sent: Any = case.body
        if case.path == "/api3/json" and isinstance(sent, dict) and isinstance(sent.get("params"), list):
            sent["params"][:1] = [self.script]


def facet_at(path: str, argument: str) -> str:
    """The facet whose id a path has in an argument: `task_id`, or what comes before `{id}` and `{number}`."""
    if argument not in BY_NUMBER and argument != "id":
        return "".join(word.capitalize() for word in argument.removesuffix("_id").split("_"))
    plural = path.partition(f"/{{{argument}}}")[0].rpartition("/")[2]
    known = {each.plural: each.name for each in FACETS.values()}
    return known.get(plural, known.get(f"{plural[:-1]}ies", ""))


@pytest.fixture(scope="module")
def described(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    """A described application with a row of everything."""
    with open_world(postgres, tmp_path_factory.mktemp("described")) as world:
        yield Described(world)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value
)
def test_no_described_operation_answers_500(described: Described, mode: GenerationMode, part: int) -> None:
    size = -(-len(described.operations) // PARTS)
    for operation in described.operations[part * size : (part + 1) * size]:
        ask(described, operation, mode)


def ask(described: Described, operation: Any, mode: GenerationMode) -> None:
    """Send some requests of one operation."""

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode, feedback=described.literals(operation)), data=st.data())
    def send(case: Case, data: st.DataObject) -> None:
        described.settle(case, data)
        answer = case.call(headers=described.headers(operation.path))
        case.validate_response(answer, checks=CHECKS)

    # Of some operations there is nothing to get wrong.
    with warnings.catch_warnings(action="ignore"), suppress(Unsatisfiable):
        send()


@pytest.mark.parametrize("path", SENT)
def test_a_preview_comes_back_with_its_own_media_type_as_described(described: Described, path: str) -> None:
    operation = next(each for each in described.operations if each.path == path and each.method == "get")
    preview_id = str(described.world.factory.make("PreviewFile"))  # others may have been deleted by now
    described.show(preview_id)
    named = {"preview_file_id": preview_id, "extension": "jpg"}
    case = operation.Case(path_parameters={name: named[name] for name in named if f"{{{name}}}" in path})
    answer = case.call(headers=described.bearer)
    assert (answer.status_code, answer.headers["content-type"]) == (200, ["image/jpeg"])
    case.validate_response(answer, checks=CHECKS)
