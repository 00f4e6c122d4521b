"""Whatever is sent to the ShotRunner dialect, the answer is one of those that ActiveResource understands."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element, fromstring, tostring

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.clients.shotrunner.site import LOGIN, PASSWORD, classes, new_show, numbers, served
from tests.conftest import SuitePostgres
from zou_server.blueprints.shotrunner.parameters import OPERATORS, RESERVED
from zou_server.blueprints.shotrunner.vocabulary import Vocabulary, vocabularies
from zou_server.models.registry import Kind

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

UNDERSTOOD = {200, 201, 400, 403, 404, 405, 409, 422}
TRIES = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))

TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            "None",
            "null",
            "true",
            "A",
            "wip",
            "Shot",
            "Character",
            "2010-03-08",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "1e400",
            "NaN",
            "-0",
            "\x00",
            "99999999999999999999",
            "x" * 5000,
        ]
    ),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.integers(0, 120),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text(max_size=8), inner, max_size=3),
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A served studio with one shot."""
    with served(postgres, tmp_path_factory) as found:
        sr = classes(found.url, "json")
        found.show = new_show(sr)
        found.user = sr.User.create({"login": "anna"}).id
        found.client = found.app.test_client()
        yield found


FITTING = {
    Kind.TEXT: st.text(max_size=30),
    Kind.INTEGER: st.integers(-(2**31), 2**31),
    Kind.NUMBER: st.floats(allow_nan=False),
    Kind.BOOLEAN: st.booleans(),
    Kind.DATE: st.dates().map(str),
    Kind.DATETIME: st.datetimes(timezones=st.timezones() | st.none()).map(str),
    Kind.UUID: st.uuids().map(str),
    Kind.JSON: st.none(),  # an object within the object, which is only shown
    Kind.LINKS: st.lists(st.integers(0, 120), max_size=3),
}


def bodies(vocabulary: Vocabulary) -> st.SearchStrategy[dict[str, Any]]:
    """Objects of attributes that exist, mostly of the right kind; now and then of one that does not."""
    known = [
        st.tuples(st.just(key), st.one_of(FITTING[each.kind], FITTING[each.kind], VALUES))
        for key, each in vocabulary.attributes.items()
    ]
    return st.lists(st.one_of(*known, st.tuples(st.text(max_size=10), VALUES)), max_size=5).map(dict)


def send(site: SimpleNamespace, method: str, path: str, body: bytes = b"", query: Any = None) -> Any:
    """One request of the administrator's, straight into the application."""
    answer = site.client.open(
        path,
        method=method,
        data=body,
        query_string=query,
        auth=(LOGIN, PASSWORD),
        content_type="application/xml" if path.endswith("xml") else "application/json",
    )
    assert answer.status_code in UNDERSTOOD, (
        method,
        path,
        body,
        query,
        answer.status_code,
        answer.get_data(),
    )
    return answer


def understood(answer: Any) -> None:
    """An answer is whole JSON or XML, and a refusal says why in the shape that the client reads."""
    text = answer.get_data()
    if not text:
        return
    if answer.mimetype == "application/xml":
        root = fromstring(text)  # noqa: S314 - our own answer
        assert root.tag != "errors" or (len(root) and all(child.text for child in root))
        return
    found = orjson.loads(text)
    if answer.status_code >= 400:
        assert found["errors"]
        assert all(isinstance(each, list) and each for each in found["errors"].values())


def enough(site: SimpleNamespace) -> dict[str, dict[str, Any]]:
    """What is enough to make an object of each type; the names must be new each time."""
    show, new = site.show, f"n{next(numbers)}"
    task = {"taskable_type": "Shot", "taskable_id": show.shot.id}
    return {
        "projects": {"code": new},
        "sequences": {"sequence_code": new, "project_id": show.project.id},
        "shots": {"shot_code": new, "sequence_id": show.sequence.id},
        "assets": {"asset_label": new, "project_id": show.project.id},
        "elements": {"label": new, "shot_id": show.shot.id},
        "tasks": task,
        "users": {"login": new},
        "members": {"user_id": site.user, "project_id": show.project.id},
        "notes": {"noteable_type": "Shot", "noteable_id": show.shot.id},
        "departments": {"name": new},
    }


@pytest.mark.parametrize("plural", sorted(vocabularies()))
@pytest.mark.parametrize("extension", ["json", "xml"])
def test_any_object_is_refused_with_reasons_or_taken_and_then_accepted_back_unchanged(
    site: SimpleNamespace, plural: str, extension: str
) -> None:
    vocabulary = vocabularies()[plural]
    write = {"json": orjson.dumps, "xml": lambda body: as_xml(vocabulary.singular, body)}[extension]

    good = enough(site).get(plural, {})
    everything = {"include": ",".join(vocabulary.attributes)}

    @settings(TRIES, max_examples=30)
    @given(bodies(vocabulary))
    def check(wild: dict[str, Any]) -> None:
        body = {**good, **wild}
        made = send(site, "POST", f"/{plural}.{extension}", write(body))
        understood(made)
        if made.status_code == 201:
            place = made.headers["Location"]
            understood(send(site, "PUT", place, write(body)))
            whole = send(site, "GET", place, query=everything)
            understood(whole)
            assert send(site, "PUT", place, whole.get_data()).status_code == 200, whole.get_data()
            assert send(site, "GET", place, query=everything).get_data() == whole.get_data()
            understood(send(site, "DELETE", place))

    check()


@pytest.mark.parametrize("extension", ["json", "xml"])
def test_any_change_of_a_shot_is_taken_or_refused_with_reasons(site: SimpleNamespace, extension: str) -> None:
    vocabulary = vocabularies()["shots"]
    write = {"json": orjson.dumps, "xml": lambda body: as_xml("shot", body)}[extension]

    @TRIES
    @given(bodies(vocabulary))
    def check(body: dict[str, Any]) -> None:
        understood(send(site, "PUT", f"/shots/{site.show.shot.id}.{extension}", write(body)))
        understood(send(site, "GET", f"/shots.{extension}"))

    check()


def test_any_bytes_are_taken_or_refused_with_reasons(site: SimpleNamespace) -> None:
    @TRIES
    @given(
        st.sampled_from(["json", "xml"]),
        st.one_of(
            st.binary(max_size=60),
            VALUES.map(orjson.dumps),
            st.text(max_size=60).map(str.encode),
            st.text(max_size=20).map(lambda text: f"<shot><title>{text}</title></shot>".encode()),
        ),
    )
    def check(extension: str, body: bytes) -> None:
        understood(send(site, "POST", f"/shots.{extension}", body))
        understood(send(site, "PUT", f"/shots/{site.show.shot.id}.{extension}", body))

    check()


def test_any_parameters_are_taken_or_refused_with_reasons(site: SimpleNamespace) -> None:
    names = st.sampled_from([*RESERVED, *vocabularies()["tasks"].attributes])
    operators = st.sampled_from(["", "[]", *(f"[{each}]" for each in OPERATORS), "[in][]", "[", "]["])

    @TRIES
    @given(st.lists(st.tuples(st.tuples(names, operators).map("".join), TEXTS), max_size=4))
    def check(query: list[tuple[str, str]]) -> None:
        understood(send(site, "GET", "/tasks.json", query=query))
        understood(send(site, "GET", f"/shots/{site.show.shot.id}/tasks.xml", query=query))

    check()


def as_xml(root: str, body: Any) -> bytes:
    """An object as a client would write it, as far as XML can hold it."""
    element = Element(root)
    for key, value in body.items():
        tag = (
            "".join(letter for letter in key if letter.isalnum() and letter.isascii())
            if key
            not in (
                vocabularies()[next(p for p, v in vocabularies().items() if v.singular == root)].attributes
            )
            else key.replace("_", "-")
        )
        child = Element(tag if tag[:1].isalpha() else f"a{tag}")
        if isinstance(value, list):
            child.set("type", "array")
            for each in value:
                item = Element("item")
                item.text = _held(each)
                child.append(item)
        elif value is None:
            child.set("nil", "true")
        else:
            child.text = _held(value)
        element.append(child)
    return tostring(element)


def _held(value: Any) -> str:
    return "".join(letter for letter in str(value) if letter >= " ")
