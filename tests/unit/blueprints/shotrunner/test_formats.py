"""The two formats as the real client reads them, and bodies as it writes them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyactiveresource import formats, util

from zou_server.blueprints.shotrunner import json_format, xml_format
from zou_server.blueprints.shotrunner.refusals import BadRequest
from zou_server.blueprints.shotrunner.vocabulary import vocabularies
from zou_server.blueprints.shotrunner.wire_values import without_control_characters

SHOTS = vocabularies()["shots"]
TASKS = vocabularies()["tasks"]
USERS = vocabularies()["users"]


def read_xml(text: str) -> Any:
    """What the client makes of an XML answer."""
    return formats.XMLFormat.decode(text.encode())


def read_json(text: str) -> Any:
    """What the client makes of a JSON answer."""
    return formats.JSONFormat.decode(text.encode())


def test_one_object_is_read_back_with_its_types() -> None:
    row = orjson.dumps(
        {
            "id": 5,
            "title": "Ünï",
            "description": "",
            "user_id": None,
            "estimated_time": 8,
            "due_date": "2010-03-08T12:00:00Z",
        }
    ).decode()
    found = read_xml(xml_format.one(TASKS, row))
    assert found == {
        "id": 5,
        "title": "Ünï",
        "description": "",
        "user_id": None,
        "estimated_time": 8.0,
        "due_date": dt.datetime(2010, 3, 8, 12, tzinfo=dt.UTC),
    }
    assert isinstance(found["estimated_time"], float)
    assert read_json(json_format.one(TASKS, row))["due_date"] == "2010-03-08T12:00:00Z"


def test_flags_and_days_are_read_back() -> None:
    row = '{"admin": true, "archived": false, "last_presence": "2010-03-08"}'
    assert read_xml(xml_format.one(USERS, row)) == {
        "admin": True,
        "archived": False,
        "last_presence": dt.date(2010, 3, 8),
    }


def test_lists_of_numbers_are_read_back() -> None:
    for numbers in ([], [3], [3, 4]):
        row = orjson.dumps({"id": 1, "departments": numbers}).decode()
        assert read_xml(xml_format.one(USERS, row)) == {"id": 1, "departments": numbers}


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        ['{"id":1,"title":"a"}'],
        ['{"id":1,"title":"a"},{"id":2,"title":"b"}'],
        ['{"id":1,"title":"a"}', ',{"id":2,"title":"b"},{"id":3,"title":"c"}'],
    ],
)
def test_lists_of_any_length_in_any_number_of_pieces_are_lists(pieces: list[str]) -> None:
    wanted = orjson.loads(f"[{''.join(pieces)}]")
    assert read_xml("".join(xml_format.many(SHOTS, pieces))) == wanted
    assert read_json("".join(json_format.many(SHOTS, pieces))) == wanted


@given(st.text())
def test_any_text_is_read_back_but_for_what_xml_cannot_hold(text: str) -> None:
    row = orjson.dumps({"id": 1, "title": text}).decode()
    assert read_xml(xml_format.one(SHOTS, row))["title"] == without_control_characters(text)
    assert read_json(json_format.one(SHOTS, row))["title"] == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_a_client_sends_back_is_what_it_is_taken_to_have_read(text: str) -> None:
    row = orjson.dumps({"id": 1, "title": text}).decode()
    seen = read_xml(xml_format.one(SHOTS, row))
    sent = xml_format.decode(util.to_xml(dict(seen), root="shot"))
    assert sent["title"] == xml_format.as_read(text)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (5, "5"),
        (True, "true"),
        (False, "false"),
        (1.5, "1.5"),
        ("x", "x"),
        ("", ""),
        (" ", " "),
        ("a\n b", "a\n b"),
        (None, None),
        (dt.datetime(2010, 3, 8, 12, tzinfo=dt.UTC), "2010-03-08 12:00:00+00:00"),
    ],
)
def test_a_body_of_the_client_is_read_as_text(value: Any, read: str | None) -> None:
    assert xml_format.decode(util.to_xml({"frame_count": value}, root="shot")) == {"frame_count": read}


def test_lists_and_objects_in_a_body_are_read() -> None:
    body = util.to_xml({"departments": [1, 2], "company": {"id": 2, "name": "ILM"}}, root="user")
    assert xml_format.decode(body) == {"departments": ["1", "2"], "company": {"id": "2", "name": "ILM"}}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<",
        b"<shot>",
        b"<shot>&nbsp;</shot>",
        b"<!DOCTYPE shot><shot><a/></shot>",
        b"\x00",
        b"<a>\x01</a>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><shot><a>&b;</a></shot>',
        b"<a>" * 40 + b"</a>" * 40,
        b'<?xml version="1.0" encoding="no-such"?><a><b/></a>',
    ],
)
def test_xml_that_is_none_or_declares_something_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        xml_format.decode(body)


@pytest.mark.parametrize("body", [b"{", b"nope", b"\xff", b'{"a": NaN}', b'"\\ud800"', b"[" * 5000])
def test_json_that_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        json_format.decode(body)


def test_an_object_without_attributes_is_empty() -> None:
    assert xml_format.decode(b"<shot/>") == {}
    assert xml_format.decode(b"<shot> </shot>") == {}


@pytest.mark.filterwarnings("ignore:.*utcfromtimestamp:DeprecationWarning")
def test_a_client_without_further_libraries_reads_moments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(util, "date_parse", None)
    row = '{"id": 1, "due_date": "2010-03-08T12:00:00Z"}'
    moment = read_xml(xml_format.one(TASKS, row))["due_date"]
    assert moment == dt.datetime(2010, 3, 8, 12)  # noqa: DTZ001 - such a client knows no zones
