"""Errors in the shapes that the client files under attributes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from pyactiveresource.activeresource import Errors

from zou_server.blueprints.shotrunner import json_format, xml_format
from zou_server.blueprints.shotrunner.errors import STATUSES, messages_of, status_of
from zou_server.blueprints.shotrunner.refusals import BadRequest, WrongAttributes
from zou_server.blueprints.shotrunner.vocabulary import vocabularies
from zou_server.models import errors
from zou_server.models.errors import Conflict, DomainError, Invalid, NotFound, Stale, UnknownField
from zou_server.services.people.load_actor import InactivePerson

SHOTS = vocabularies()["shots"]
USERS = vocabularies()["users"]


def as_read(messages: dict[str, list[str]], *attributes: str) -> list[dict[str, Any]]:
    """What the client makes of the errors of an object with these attributes, in each format."""
    found = []
    for wire, read in ((json_format, Errors.from_json), (xml_format, Errors.from_xml)):
        read_errors = Errors(SimpleNamespace(attributes=dict.fromkeys(attributes)))
        read(read_errors, wire.errors(messages).encode())
        found.append(read_errors.errors)
    return found


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Invalid(), 422),
        (UnknownField("Shot", "x"), 422),
        (BadRequest(), 400),
        (WrongAttributes(), 422),
        (Conflict("taken", {"name": ["has already been taken"]}), 422),
        (Conflict("try again"), 409),
        (Stale(), 409),
        (errors.InUse(), 409),
        (NotFound(), 404),
        (errors.Forbidden(), 403),
        (errors.Unauthenticated(), 401),
        (InactivePerson(), 401),
        (errors.Locked(), 429),
        (errors.Unavailable(), 503),
        (DomainError(), 400),
    ],
)
def test_each_domain_error_has_its_status(error: DomainError, status: int) -> None:
    assert status_of(error, "PUT") == status


def test_every_domain_error_there_is_has_a_status() -> None:
    known = [
        each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, DomainError)
    ]
    assert len(known) > 8
    assert all(any(base in STATUSES for base in each.__mro__) for each in known)


def test_what_is_invalid_in_a_read_is_a_bad_request() -> None:
    assert status_of(Invalid(), "GET") == 400
    assert status_of(NotFound(), "HEAD") == 404


def test_canonical_fields_are_told_by_their_wire_keys() -> None:
    error = Invalid(
        fields={"name": ["is too long"], "parent_id": ["does not exist"], "status_id": ["'x' does not exist"]}
    )
    assert messages_of(error, SHOTS) == {
        "shot_code": ["is too long"],
        "sequence_id": ["does not exist"],
        "status": ["'x' does not exist"],
    }
    assert messages_of(Invalid(fields={"data.shotrunner_state": ["is wrong"]}), USERS) == {
        "state": ["is wrong"]
    }


def test_wire_keys_that_are_canonical_fields_of_something_else_stay() -> None:
    assert messages_of(WrongAttributes(fields={"role": ["is not an attribute"]}), USERS) == {
        "role": ["is not an attribute"],
    }
    assert messages_of(Invalid(fields={"role": ["is none of those"]}), USERS) == {
        "admin": ["is none of those"]
    }


def test_a_name_that_is_taken_blames_the_name_alone() -> None:
    taken = ["has already been taken"]
    error = Conflict("", {"project_id": taken, "parent_id": taken, "name": taken})
    assert messages_of(error, SHOTS) == {"shot_code": taken}


@pytest.mark.parametrize(
    "error", [NotFound("gone"), Invalid(), Invalid("no"), Invalid(fields={"name": []}), Conflict("")]
)
def test_there_is_always_a_sentence(error: DomainError) -> None:
    found = messages_of(error, SHOTS)
    assert list(found) == ["base"]
    assert found["base"][0]
    assert all(each == {"base": found["base"]} for each in as_read(found))


def test_the_client_files_each_sentence_under_its_attribute() -> None:
    messages = {
        "shot_code": ["can't be blank", "is <odd>"],
        "base": ["Nothing & nobody"],
        "staus": ["is not known"],
    }
    for found in as_read(messages, "shot_code"):
        assert found["shot_code"] == ["can't be blank", "is <odd>"]
        assert found["base"][0] == "Nothing & nobody"
        assert "is not known" in found["base"][1]
