"""Whatever a client sends, the answer is HTTP 200 with results or an exception; every field can be read."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shotgun_api3 import Fault

from tests.clients.shotgun.site import PASSWORD, SCRIPT, Client, Site, call, new, open_site
from zou_server.blueprints.shotgun.filters import relations_of
from zou_server.blueprints.shotgun.methods import METHODS
from zou_server.blueprints.shotgun.vocabulary import vocabulary
from zou_server.services.people.set_password import set_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.test import Client, TestResponse

    from tests.conftest import SuitePostgres

EXAMPLES = int(os.environ.get("SHOTGUN_EXAMPLES", "300"))
TYPES = sorted(vocabulary().types)
KEYS = sorted({key for found in vocabulary().types.values() for key in found.fields})
RELATIONS = sorted(
    {
        relation
        for found in vocabulary().types.values()
        for field in found.fields.values()
        for relation in relations_of(field)
    }
)


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One served studio with a row of the usual types."""
    with open_site(postgres, tmp_path_factory.mktemp("shotgun_robustness")) as site:
        with site.client() as sg:
            project = new(sg, "Project")
            sequence = new(sg, "Sequence", project=project)
            shot = new(sg, "Shot", project=project, sg_sequence=sequence)
            task = new(sg, "Task", project=project, entity=shot)
            sg.create("Note", {"project": project, "subject": "s", "content": "c", "note_links": [shot]})
            sg.create("TimeLog", {"project": project, "entity": task, "duration": 60, "date": "2026-01-01"})
        yield site


@pytest.fixture(scope="module")
def wire(site: Site) -> Client:
    """The application without a socket, for many small requests."""
    return site.app.test_client()


def auth(site: Site) -> dict[str, str]:
    """The administrator's script as credentials."""
    return {"script_name": SCRIPT, "script_key": site.key}


def answer(response: TestResponse) -> dict[str, Any]:
    """The body of an answer, which is always HTTP 200 and always says what happened."""
    assert response.status_code == 200
    body: dict[str, Any] = orjson.loads(response.data)
    assert ("results" in body) != (body.get("exception") is True)
    if "results" not in body:
        assert body["error_code"] in (102, 103, 104)
        assert isinstance(body["message"], str)
    return body


@pytest.mark.parametrize("kind", TYPES)
def test_every_field_of_a_type_is_in_its_schema_and_can_be_read_and_sorted_by(sg: Client, kind: str) -> None:
    fields = list(sg.schema_field_read(kind))
    row = sg.find_one(kind, [], fields)
    if row is not None:
        assert set(row) == {"type", *fields}
    for first in range(0, len(fields), 20):
        for direction in ("asc", "desc"):  # a refusal names the field that it is about
            order = [{"field_name": key, "direction": direction} for key in fields[first : first + 20]]
            sg.find(kind, [], order=order, limit=1)


@pytest.mark.parametrize("kind", TYPES)
def test_every_relation_that_the_refusal_names_is_understood(site: Site, wire: Client, kind: str) -> None:
    alike = {(f.data_type, f.style, f.special): key for key, f in vocabulary().types[kind].fields.items()}
    for way, key in alike.items():
        relations = relations_of(vocabulary().types[kind].fields[key])
        # What a field of this way took in another type is asked for at once: alone, it was asked for there.
        known = [leaf(key, each, TAKEN[way, each]) for each in relations if (way, each) in TAKEN]
        if len(known) == len(relations) and "results" in ask(site, wire, kind, *known):
            continue
        for relation in relations:
            taken = (each for each in TRIED if "results" in ask(site, wire, kind, leaf(key, relation, each)))
            found = next(taken, None)
            assert found is not None, (key, relation)
            TAKEN[way, relation] = found


TRIED: list[list[Any]] = [
    *([each] for each in (None, "x", "read", 1, True, "2026-01-01", {"type": "Shot", "id": 1})),
    *([1, 2], ["2026-01-01", "2026-01-02"], [1, "DAY"], []),
]
TAKEN: dict[tuple[tuple[str, str, str], str], list[Any]] = {}
"""A way of fields and a relation -> values that it took."""


def leaf(key: str, relation: str, values: list[Any]) -> dict[str, Any]:
    return {"path": key, "relation": relation, "values": values}


def ask(site: Site, wire: Client, kind: str, *leaves: dict[str, Any]) -> dict[str, Any]:
    """Read one row with these filters."""
    payload = {
        "type": kind,
        "filters": {"logical_operator": "or", "conditions": leaves},
        "return_fields": ["id"],
        "paging": {"entities_per_page": 1},
    }
    return answer(wire.post("/api3/json", json={"method_name": "read", "params": [auth(site), payload]}))


# Not `sampled_from`, which hypothesis writes out with all that it chooses from.
A_KEY = st.integers(0, len(KEYS) - 1).map(KEYS.__getitem__)
A_TYPE = st.integers(0, len(TYPES) - 1).map(TYPES.__getitem__)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
_VALUES = st.recursive(
    SCALARS
    | st.sampled_from(["2026-01-01", "act", "ip", "2026-01-01T10:00:00Z"])
    | st.fixed_dictionaries({"type": A_TYPE | SCALARS, "id": st.integers(0, 90) | SCALARS}),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def _any_value(draw: st.DrawFn) -> Any:
    """Any JSON value: a name for what hypothesis would write out at each of its places."""
    return draw(_VALUES)


VALUES = _any_value()
NAMES = (
    A_KEY
    | st.builds(
        "{}.{}.{}".format,
        st.sampled_from(["entity", "project", "tasks", "sg_sequence", "task_assignees", "note_links"]),
        A_TYPE,
        A_KEY,
    )
    | st.text(max_size=10)
)
LEAVES = st.fixed_dictionaries(
    {
        "path": NAMES | VALUES,
        "relation": st.sampled_from(RELATIONS) | VALUES,
        "values": st.lists(VALUES, max_size=3) | VALUES,
    }
)
TREES = st.recursive(
    LEAVES | VALUES,
    lambda inner: st.fixed_dictionaries(
        {
            "logical_operator": st.sampled_from(["and", "or"]) | VALUES,
            "conditions": st.lists(inner, max_size=3) | VALUES,
        }
    ),
    max_leaves=4,
)
PAYLOADS = st.fixed_dictionaries(
    {},
    optional={
        "type": A_TYPE | VALUES,
        "id": st.integers(1, 100) | VALUES,
        "filters": TREES,
        "return_fields": st.lists(NAMES, max_size=4) | VALUES,
        "sorts": st.lists(
            st.fixed_dictionaries(
                {"field_name": NAMES}, optional={"direction": st.sampled_from(["asc", "desc"])}
            ),
            max_size=3,
        )
        | VALUES,
        "fields": st.lists(st.fixed_dictionaries({"field_name": NAMES, "value": VALUES}), max_size=3)
        | VALUES,
        "paging": st.fixed_dictionaries(
            {"entities_per_page": st.integers(1, 9) | VALUES}, optional={"current_page": VALUES}
        )
        | VALUES,
        "return_only": st.sampled_from(["active", "retired"]) | VALUES,
        "field_name": NAMES | VALUES,
        "request_type": st.sampled_from(["create", "update", "delete"]) | VALUES,
        "summaries": VALUES,
    },
)
BATCHES = st.lists(PAYLOADS, min_size=1, max_size=3)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(method=st.sampled_from(sorted(METHODS)), payload=PAYLOADS | BATCHES | VALUES)
def test_any_payload_of_a_known_caller_gets_results_or_an_exception(
    site: Site, wire: Client, method: str, payload: Any
) -> None:
    body = {"method_name": method, "params": [auth(site), payload]}
    answer(wire.post("/api3/json", data=json.dumps(body).encode()))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    body=VALUES
    | st.fixed_dictionaries({"method_name": st.sampled_from(sorted(METHODS)) | VALUES, "params": VALUES})
)
def test_any_body_gets_results_or_an_exception(wire: Client, body: Any) -> None:
    answer(wire.post("/api3/json", data=json.dumps(body).encode()))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b'{"method_name": "info"}',
        b"[" * 5000,
        b'{"method_name":"read","params":[{"script_name":"\\ud800"}]}',
    ],
)
def test_bodies_that_are_no_request_are_answered_too(wire: Client, body: bytes) -> None:
    answer(wire.post("/api3/json", data=body))


def test_a_call_that_does_not_exist_is_named(sg: Client) -> None:
    with pytest.raises(Fault, match=r"unheard_of\(\) does not exist"):
        sg._call_rpc("unheard_of", {})  # noqa: SLF001 - no method of the client is unknown


WRITES = [
    ({"sg_x": 1}, "API update() Shot.sg_x doesn't exist."),
    ({"id": 4}, "API update() Shot.id is read only: 4"),
    ({"created_at": "2020-01-01"}, "API update() Shot.created_at is editable on create only."),
    ({"code": 4}, "API update() Shot.code expected [String, NilClass] data type(s) but got Integer: 4"),
    (
        {"sg_cut_in": 1.5},
        "API update() Shot.sg_cut_in expected [Integer, NilClass] data type(s) but got Float: 1.5",
    ),
    ({"sg_cut_in": 2**31}, "API update() Shot.sg_cut_in is out of range: 2147483648"),
    (
        {"sg_sequence": 1},
        "API update() Shot.sg_sequence expected [Hash, NilClass] data type(s) but got Integer: 1",
    ),
    (
        {"sg_sequence": {"type": "Sequence", "id": 0}},
        "API update() Shot.sg_sequence Sequence 0 does not exist",
    ),
    ({"sg_status_list": "nope"}, "API update() Shot.sg_status_list 'nope' does not exist"),
    ({"project": None}, "API update() Shot.project may not be empty"),
    ({"image": "/shots/a.png"}, "API update() Shot.image expected [NilClass] data type(s) but got String"),
]


@pytest.mark.parametrize(("values", "message"), WRITES, ids=str)
def test_wrong_values_are_refused_in_known_words(sg: Client, values: dict[str, Any], message: str) -> None:
    shot = sg.find_one("Shot", [])
    with pytest.raises(Fault) as caught:
        call(
            sg,
            "update",
            {
                "type": "Shot",
                "id": shot["id"],
                "fields": [{"field_name": name, "value": value} for name, value in values.items()],
            },
        )
    assert str(caught.value).startswith(message)


def test_a_name_that_is_taken_is_refused_as_not_unique(sg: Client) -> None:
    project = sg.find_one("Project", [], ["name"])
    with pytest.raises(
        Fault,
        match=r"API create\(\) CRUD ERROR #61: Create failed for \[Project\]. The value for the "
        r"Project name field is required to be unique\.",
    ):
        sg.create("Project", {"name": project["name"]})


def test_a_row_that_never_existed_cannot_be_deleted(sg: Client) -> None:
    for number in (0, -1, 2**40, 2**63):
        with pytest.raises(Fault):
            sg.delete("Shot", number)


def test_an_artist_sees_and_changes_what_their_role_allows(site: Site, sg: Client) -> None:
    project, hidden = new(sg, "Project"), new(sg, "Project")
    shot, other = new(sg, "Shot", project=project), new(sg, "Shot", project=hidden)
    artist = sg.create(
        "HumanUser",
        {"name": "Kim", "login": "kim", "email": "kim@example.com", "projects": [project]},
        ["id"],
    )
    (person,) = sg.find("HumanUser", [["id", "is", artist["id"]]], ["projects", "permission_rule_set"])
    assert person["projects"] == [project]
    set_password(site.engine, site.id_of("Person", artist["id"]), PASSWORD)
    with site.client(login="kim", password=PASSWORD) as kim:
        assert [row["id"] for row in kim.find("Shot", [])] == [shot["id"]]
        assert kim.find("Shot", [["project", "is", hidden]]) == []
        for refused in (
            lambda: kim.update("Shot", shot["id"], {"description": "mine"}),
            lambda: kim.update("Shot", other["id"], {"description": "mine"}),
            lambda: kim.create("Project", {"name": "Mine"}),
            lambda: kim.update("HumanUser", artist["id"], {"permission_rule_set": {"type": "x", "id": 1}}),
        ):
            with pytest.raises(Fault):
                refused()
        kim.update("HumanUser", artist["id"], {"lastname": "Possible"})
        assert kim.find_one("HumanUser", [["id", "is", artist["id"]]], ["name"])["name"] == "Kim Possible"
