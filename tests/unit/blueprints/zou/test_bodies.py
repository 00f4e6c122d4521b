"""One class says what a body holds: what it reads, what it refuses by name, and its schema."""

from __future__ import annotations

import inspect
import typing
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.datastructures import ImmutableMultiDict

import zou_server.app
from zou_server.blueprints.zou import client_keys
from zou_server.blueprints.zou.bodies import (
    Shape,
    body,
    body_classes,
    form_schema,
    form_values,
    needed,
    optional,
    read_body,
    said,
    shape_of,
    usually,
)
from zou_server.blueprints.zou.groups import NAMED
from zou_server.blueprints.zou.named import Named, Says
from zou_server.blueprints.zou.shapes import COUNT, FLAG, ID, IDS, JSON_TEXT, TEXT, list_of, word_of
from zou_server.models.errors import Invalid

SOMEBODY = str(uuid.UUID(int=7))


@body
class Line:
    """A line of what is cast."""

    asset_id: str = needed(ID)
    occurences: int = usually(1, COUNT, "nb_occurences")


@body
class Cast:
    """What is cast, and by whom."""

    person_ids: list[str] = needed(IDS, "people")
    text: str | None = optional(TEXT, "comment", "text")
    is_done: bool | None = optional(FLAG)
    mode: str | None = optional(word_of(("fast", "slow")))
    lines: list[Line] | None = optional(list_of(Line))
    links: Any = optional(JSON_TEXT)


def refused(given: Any, described: type | Shape[Any] = Cast) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        read_body(described, given)
    return caught.value.fields


def test_a_body_is_read_as_its_class_by_the_keys_of_the_wire() -> None:
    sent = {
        "people": [SOMEBODY.upper(), SOMEBODY],
        "comment": "x",
        "mode": None,
        "lines": [{"asset_id": SOMEBODY}],
    }
    found = read_body(Cast, sent)
    assert found == Cast(
        person_ids=[SOMEBODY],
        text="x",
        is_done=None,
        mode=None,
        lines=[Line(asset_id=SOMEBODY, occurences=1)],
        links=None,
    )
    assert said(found).keys() == {"person_ids", "text", "lines"}


@pytest.mark.parametrize("given", [None, [], "x", 1, True])
def test_what_is_no_object_is_refused(given: Any) -> None:
    assert refused(given) == {"body": ["is not an object"]}


def test_everything_that_is_wrong_is_named_at_once_with_its_reason() -> None:
    assert refused({"comment": {}, "mode": "x", "is_done": 1, "people": "x", "b": 1, "a": 2}) == {
        "a": ["unknown field"],
        "b": ["unknown field"],
        "comment": ["is not a text"],
        "is_done": ["is neither true nor false"],
        "mode": ["is none of fast, slow"],
        "people": ["is not a list of ids"],
    }
    assert refused({"people": ["x"], "lines": [{"nb_occurences": True}]}) == {
        "people": ["is malformed"],
        "nb_occurences": ["is not a whole number from 0 up"],
        "asset_id": ["is required"],
    }


@pytest.mark.parametrize("given", [{}, {"people": None}])
def test_what_is_needed_and_null_is_missing(given: Any) -> None:
    assert refused(given) == {"people": ["is required"]}


def test_a_list_is_a_body_too() -> None:
    assert read_body(IDS, [SOMEBODY]) == [SOMEBODY]
    assert refused({}, IDS) == {"body": ["is not a list of ids"]}


def test_a_form_has_texts_and_json_in_texts() -> None:
    form = ImmutableMultiDict({"people": "x", "links": '["a"]'})
    assert form_values(Cast, form) == {"people": "x", "links": ["a"]}
    with pytest.raises(Invalid):
        form_values(Cast, {"links": "["})
    assert form_schema(Cast)["properties"]["people"] == {"type": "string"}


def test_its_schema_says_the_same() -> None:
    schema = shape_of(Cast).schema
    assert schema["description"] == "What is cast, and by whom."
    assert schema["required"] == ["people"]
    assert schema["additionalProperties"] is False
    assert schema["properties"].keys() == {"people", "comment", "text", "is_done", "mode", "lines", "links"}
    assert schema["properties"]["mode"] == {"type": ["string", "null"], "enum": ["fast", "slow", None]}


def test_a_key_that_only_a_client_needs_is_accepted_described_and_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("zou_server.blueprints.zou.bodies.CLIENT_KEYS", {"Told": {"extra": "gazu.person"}})

    @body
    class Told:
        """A body with a key for gazu."""

        text: str | None = optional(TEXT)

    assert said(read_body(Told, {"extra": 1, "text": "x"})) == {"text": "x"}
    assert shape_of(Told).schema["properties"]["extra"] == {
        "description": "Sent by gazu.person, and ignored."
    }
    assert refused({"more": 1}, Told) == {"more": ["unknown field"]}


def test_every_line_of_the_table_of_clients_is_of_a_body_that_does_not_read_the_key() -> None:
    of_server = {cls.__name__: cls for cls in body_classes() if cls.__module__.startswith("zou_server")}
    for name, keys in client_keys.CLIENT_KEYS.items():
        properties = shape_of(of_server[name]).schema["properties"]
        for key, client in keys.items():
            assert client, (name, key)
            if key != client_keys.ANY_KEY:
                assert properties[key] == {"description": f"Sent by {client}, and ignored."}, (name, key)


def test_a_part_of_a_form_without_a_name_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        form_values(Cast, {None: "lost", "text": "kept"})  # type: ignore[dict-item] # as werkzeug reads it
    assert refused.value.fields == {"body": ["has a part without a name"]}


def test_no_two_bodies_have_one_name() -> None:
    assert zou_server.app  # it imports them all
    names = [cls.__name__ for cls in body_classes() if cls.__module__.startswith("zou_server")]
    assert len(names) == len(set(names))


def handlers() -> list[tuple[Named[Any], Says, Callable[..., Any]]]:
    return [
        (route, says, getattr(route.resource, method))
        for route in NAMED
        for method, says in route.says.items()
    ]


def test_a_handler_takes_the_body_that_its_line_says() -> None:
    for route, says, handler in handlers():
        takes = inspect.signature(handler).parameters.keys()
        assert ("sent" in takes) == (says.body is not None), (route.path, handler)
        if isinstance(says.body, type):
            wanted = typing.get_type_hints(handler, vars(inspect.getmodule(handler)))["sent"]
            allowed = typing.get_args(wanted) or (wanted,)
            assert issubclass(says.body, allowed), (route.path, handler)


def test_every_answer_says_what_it_is() -> None:
    for route, says, _ in handlers():
        assert says.answer_text.endswith("."), (route.path, says.summary)
