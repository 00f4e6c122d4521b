"""What the Zou dialect answers for each domain error."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.exceptions import MethodNotAllowed, RequestEntityTooLarge

from zou_server.blueprints.zou.errors import TABLE, answer_error, answer_http_error
from zou_server.models import errors
from zou_server.models.errors import (
    Conflict,
    DomainError,
    Forbidden,
    InUse,
    Invalid,
    Locked,
    NotFound,
    Stale,
    Unauthenticated,
    Unavailable,
    Unfilterable,
    UnknownField,
)
from zou_server.services.people.load_actor import InactivePerson
from zou_server.services.write.remember_answer import KeyReused

FIELD_ERRORS = {"errors": [{"field": "name", "message": "is too long"}]}


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (NotFound("No such shot."), 404, {"error": True, "message": "No such shot."}),
        (Forbidden("No."), 403, {"error": True, "message": "No."}),
        (Unauthenticated("Who?"), 401, {"msg": "Who?"}),
        (Locked("Wait."), 400, {"error": True, "message": "Wait."}),
        (Invalid("Malformed ID."), 400, {"error": True, "message": "Malformed ID."}),
        (
            Invalid(fields={"name": ["is too long"]}),
            400,
            {"error": True, "message": "Validation error.", "data": FIELD_ERRORS},
        ),
        (
            Invalid("Our own words.", {"name": ["is too long"]}),
            400,
            {"error": True, "message": "Our own words.", "data": FIELD_ERRORS},
        ),
        (
            Conflict("duplicate key", {"name": ["is too long"]}),
            400,
            {
                "error": True,
                "message": "A record with the same unique values already exists.",
                "data": FIELD_ERRORS,
            },
        ),
        (
            InUse("other rows"),
            400,
            {"error": True, "message": "The change conflicts with records referencing this one."},
        ),
        (
            Unfilterable("Person", "password"),
            400,
            {
                "error": True,
                "message": "Filtering on password is not allowed.",
                "data": {"errors": [{"field": "password", "message": "not allowed in a filter"}]},
            },
        ),
        (UnknownField("Shot", "foo"), 400, {"error": True, "message": "Shot has no field 'foo'."}),
        (Stale("Too late."), 412, {"error": True, "message": "Too late."}),
        (KeyReused("Used."), 422, {"error": True, "message": "Used."}),
        (Unavailable("Later."), 503, {"error": True, "message": "Later."}),
    ],
)
def test_each_error_has_its_status_and_body(error: DomainError, status: int, body: dict[str, Any]) -> None:
    answer: Any = answer_error(error)

    assert (answer.status_code, answer.json) == (status, body)


def test_missing_values_are_told_in_zous_words() -> None:
    answer: Any = answer_error(Invalid(fields={"name": ["is required"], "color": ["is required"]}))

    assert answer.json["message"] == "A required field is missing."
    assert [error["field"] for error in answer.json["data"]["errors"]] == ["name", "color"]


def test_a_closed_account_is_told_apart() -> None:
    answer: Any = answer_error(InactivePerson())

    assert (answer.status_code, answer.json["unactive"]) == (401, True)


def test_every_domain_error_has_an_answer() -> None:
    classes = [each for each in vars(errors).values() if isinstance(each, type)]
    kinds = [each for each in classes if issubclass(each, DomainError)]

    assert len(kinds) > 10
    assert all(any(parent in TABLE for parent in kind.__mro__) for kind in kinds)


def test_what_the_framework_refuses_keeps_its_headers() -> None:
    answer: Any = answer_http_error(MethodNotAllowed(["GET", "PUT"]))

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, PUT")
    assert answer.json["error"] is True
    assert answer_http_error(RequestEntityTooLarge()).status_code == 413
