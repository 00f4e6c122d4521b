"""`/openapi.json` describes the whole server, and `/docs` shows it without asking anybody else."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from zou_server.blueprints.meta.docs import FILES
from zou_server.blueprints.meta.openapi import assemble
from zou_server.blueprints.shotrunner import describe as shotrunner
from zou_server.blueprints.shotrunner.parameters import RESERVED
from zou_server.blueprints.zou import overrides
from zou_server.blueprints.zou.describe_api.describe_types import LIST_PARAMETERS, filter_names
from zou_server.blueprints.zou.log_in import auth, describe_log_in
from zou_server.blueprints.zou.vocabulary import wire_types
from zou_server.description import Description, operation, template_of
from zou_server.models.registry import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

NOT_DESCRIBED = {"HEAD", "OPTIONS"}
COMMENT = re.compile(r"(?m)^\s*//.*$| // .*$")
REFERENCE_PLACES = re.compile(r"""(?:src|href|action)=["']([^"']*)["']""")


@pytest.fixture(scope="module")
def openapi(described_app: Flask) -> dict[str, Any]:
    answer = described_app.test_client().get("/openapi.json")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def operations(openapi: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in openapi["paths"].items():
        for method, described in methods.items():
            yield path, method, described


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def resolve(openapi: dict[str, Any], reference: str) -> Any:
    found: Any = openapi
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def test_every_method_of_every_rule_is_described_and_nothing_else(
    described_app: Flask, openapi: dict[str, Any]
) -> None:
    there = {
        (template_of(rule.rule), method.lower())
        for rule in described_app.url_map.iter_rules()
        for method in (rule.methods or set()) - NOT_DESCRIBED
    }
    described = {(path, method) for path, method, _ in operations(openapi)}
    assert sorted(there - described) == []
    assert sorted(described - there) == []


def test_every_reference_leads_somewhere(openapi: dict[str, Any]) -> None:
    for reference in set(references(openapi)):
        assert resolve(openapi, reference)


def test_every_component_is_used(openapi: dict[str, Any]) -> None:
    used = set(references(openapi))
    schemes = {name for _, _, each in operations(openapi) for one in each.get("security", ()) for name in one}
    used |= {f"#/components/securitySchemes/{name}" for name in schemes}
    there = {
        f"#/components/{section}/{name}" for section, named in openapi["components"].items() for name in named
    }
    assert sorted(there - used) == []


def test_every_operation_says_what_it_does_what_it_takes_and_what_it_answers(openapi: dict[str, Any]) -> None:
    tags = {tag["name"] for tag in openapi["tags"]}
    for path, method, each in operations(openapi):
        where = f"{method} {path}"
        assert each["summary"], where
        assert set(each["tags"]) <= tags, where
        assert each["responses"], where
        parameters = [resolve(openapi, p["$ref"]) if "$ref" in p else p for p in each.get("parameters", ())]
        in_path = sorted(p["name"] for p in parameters if p["in"] == "path")
        assert in_path == sorted(re.findall(r"{(\w+)}", path)), where
        names = Counter((p["in"], p["name"]) for p in parameters)
        assert [name for name, times in names.items() if times > 1] == [], where
        assert "security" in each, where


def test_no_two_operations_have_one_id(openapi: dict[str, Any]) -> None:
    ids = Counter(each["operationId"] for _, _, each in operations(openapi))
    assert [name for name, times in ids.items() if times > 1] == []


def test_without_aliases_every_route_is_there_once(described_app: Flask, openapi: dict[str, Any]) -> None:
    short = described_app.test_client().get("/openapi.json?aliases=no").get_json()
    aliases = {path for path, _, each in operations(openapi) if "x-alias-of" in each}
    assert aliases
    assert set(openapi["paths"]) - set(short["paths"]) == aliases


def test_every_key_that_filters_a_list_of_zou_is_described() -> None:
    for wire in wire_types().values():
        described = {name.rpartition(".")[2] for name in filter_names(wire)}
        keys = {key for key, each in wire.fields.items() if each.field.kind is not Kind.JSON} | set(
            wire.aliases
        )
        by_project = {"project_id"} if wire.project_path else set()
        assert described == keys | by_project, wire.name


def test_every_parameter_that_is_no_filter_is_described() -> None:
    assert set(LIST_PARAMETERS) == set(overrides.IGNORED_FILTERS)
    assert set(shotrunner.RESERVED_TEXT) == set(RESERVED)


def test_every_route_for_logging_in_is_described_by_hand() -> None:
    assert set(describe_log_in.AUTH) == set(auth.ROUTES)


def test_a_type_says_its_limits(openapi: dict[str, Any]) -> None:
    shot = openapi["components"]["schemas"]["Shot"]["properties"]
    assert shot["name"] == {"type": ["string", "null"], "maxLength": 255}
    assert shot["id"] == {"type": "string", "format": "uuid", "readOnly": True}
    assert "running" in shot["status"]["enum"]
    assert shot["sequence_name"]["readOnly"]
    assert openapi["components"]["schemas"]["ShotValues"]["additionalProperties"] is False


STILL_SHAPELESS = frozenset(
    {
        "/actions/projects/{project_id}/task-status-links/reorder",
        "/actions/projects/{project_id}/task-type-links/reorder",
        "/actions/tasks/set-main-preview",
        "/data/entities/{entity_id}/chat",
        "/data/playlists/{playlist_id}/build/mp4",
        "/data/playlists/{playlist_id}/jobs/{build_job_id}",
        "/data/playlists/{playlist_id}/share",
        "/data/playlists/{playlist_id}/share/{token}",
        "/data/production-schedule-versions/{version_id}/task-links",
        "/data/projects/{project_id}/budgets/time-spents",
        "/data/projects/{project_id}/build-jobs",
        "/data/projects/{project_id}/episodes/retake-stats",
        "/data/projects/{project_id}/episodes/stats",
        "/import/otio/projects/{project_id}",
        "/import/otio/projects/{project_id}/episodes/{episode_id}",
    }
)
"""Templates whose answers say too little of their rows; none is to be added."""


def shapeless(schema: dict[str, Any], place: str = "") -> Iterator[str]:
    """Where a schema says nothing of what it holds; JSON of the user's own is said to be that."""
    if schema.keys() <= {"readOnly"} or (
        schema.keys() <= {"type", "readOnly"} and "object" in schema["type"]
    ):
        yield place
    for name, each in schema.get("properties", {}).items():
        yield from shapeless(each, f"{place}.{name}")
    for each in schema.get("anyOf", ()):
        yield from shapeless(each, place)
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            yield from shapeless(schema[word], f"{place}[]")


def test_every_answer_of_zou_has_a_shape(openapi: dict[str, Any]) -> None:
    for path, method, each in operations(openapi):
        if "x-alias-of" in each or path in STILL_SHAPELESS:
            continue
        if path.startswith(("/data", "/actions", "/import", "/auth", "/config", "/project")):
            for status, answer in each["responses"].items():
                for media in answer.get("content", {}).values():
                    assert list(shapeless(media.get("schema", {"$ref": ""}))) == [], (
                        f"{method} {path} {status}"
                    )
    for wire in wire_types().values():
        assert list(shapeless(openapi["components"]["schemas"][wire.name])) == [], wire.name


def test_a_secret_is_in_no_schema(openapi: dict[str, Any]) -> None:
    for name in ("password", "digest", "secret_key"):
        for type_name, schema in openapi["components"]["schemas"].items():
            if not type_name.startswith("Shotgun"):
                known = schema.get("properties", {}).get(name)
                assert known is None or known.get("writeOnly"), type_name


def test_two_dialects_cannot_describe_one_path() -> None:
    described = Description({}, {"/same": {"get": operation("tag", "summary", {})}})
    with pytest.raises(RuntimeError, match="/same is described twice"):
        assemble([described, described])


def test_a_client_that_has_the_description_need_not_read_it_again(described_app: Flask) -> None:
    client = described_app.test_client()
    etag = client.get("/openapi.json").headers["ETag"]
    assert client.get("/openapi.json", headers={"If-None-Match": etag}).status_code == 304


def test_the_page_and_its_files_come_from_here(described_app: Flask) -> None:
    client = described_app.test_client()
    page = client.get("/docs", buffered=True)
    assert page.status_code == 200
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    asked = REFERENCE_PLACES.findall(page.get_data(as_text=True))
    assert {each.removeprefix("docs/") for each in asked} == set(FILES)
    for each in asked:
        assert client.get(f"/{each}", buffered=True).status_code == 200, each


def test_our_files_of_the_page_name_no_other_address(described_app: Flask) -> None:
    client = described_app.test_client()
    for name in ("docs", "docs/docs.js", "docs/docs.css"):
        text = client.get(f"/{name}", buffered=True).get_data(as_text=True)
        assert "//" not in COMMENT.sub("", text), name


def test_no_other_file_is_served(described_app: Flask) -> None:
    client = described_app.test_client()
    for name in ("docs.html", "LICENSE", "..%2Fdocs.py", "nothing.js"):
        assert client.get(f"/docs/{name}").status_code == 404, name
