"""What Ruby's ActiveResource of Rails 2.3 to 8 sends and asks for: bodies as ActiveSupport writes them."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from defusedxml.ElementTree import fromstring

from tests.clients.shotrunner.site import numbers, person, raw

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

XML = {"Content-Type": "application/xml", "Accept": "application/xml"}
JSON = {"Content-Type": "application/json", "Accept": "application/json"}


def shot_xml(show: Any, dash: str, extra: str = "") -> bytes:
    """A shot as `to_xml` writes it, indented, with dashes or without."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<shot>
  <shot{dash}code>R{next(numbers)}</shot{dash}code>
  <sequence{dash}id type="integer">{show.sequence.id}</sequence{dash}id>
  <frame{dash}count type="integer">96</frame{dash}count>
  <supervisor{dash}id nil="true"/>
  <title></title>
  <description nil="true"></description>
{extra}</shot>
""".encode()


def test_elements_have_dashes_or_underscores(site: Any, show: Any) -> None:
    for dash in ("-", "_"):
        status, headers, body = raw(f"{site.url}/shots.xml", "POST", shot_xml(show, dash), **XML)
        assert (status, headers["Content-Type"]) == (201, "application/xml; charset=utf-8")
        shot = fromstring(body)
        assert shot.tag == "shot"
        assert shot.findtext("frame-count") == "96"
        title, description = shot.find("title"), shot.find("description")
        assert title is not None and description is not None  # noqa: PT018
        assert (title.get("type"), title.get("nil"), title.text) == ("string", None, None)
        assert description.get("nil") == "true"


def test_moments_decimals_and_symbols_are_read_by_what_the_attribute_is(site: Any, show: Any) -> None:
    number = f'<taskable-id type="integer">{show.shot.id}</taskable-id>'
    body = f"""<task><taskable-type>Shot</taskable-type>{number}
      <due-date type="dateTime">2010-03-08T12:00:00Z</due-date><start-date type="date">2010-03-01</start-date>
      <estimated-time type="decimal">1.5</estimated-time><pct-complete type="decimal">20.0</pct-complete>
      <status type="symbol">wip</status></task>""".encode()
    status, _, answer = raw(f"{site.url}/tasks.xml", "POST", body, **XML)
    assert status == 201, answer
    task = fromstring(answer)
    found = {key: task.findtext(key) for key in ("due-date", "start-date", "estimated-time", "status")}
    assert found == {
        "due-date": "2010-03-08T12:00:00+0000",
        "start-date": "2010-03-01T00:00:00+0000",
        "estimated-time": "1.5",
        "status": "wip",
    }
    assert task.findtext("pct-complete") == "20"


def test_json_comes_with_its_root_and_without_and_decimals_are_texts(site: Any, show: Any) -> None:
    values = {"taskable_type": "Shot", "taskable_id": show.shot.id, "estimated_time": "1.5", "title": "x"}
    for body in (values, {"task": {**values, "title": "y"}}):
        status, _, answer = raw(f"{site.url}/tasks.json", "POST", orjson.dumps(body), **JSON)
        assert (status, orjson.loads(answer)["task"]["estimated_time"]) == (201, 1.5)


def test_lists_of_any_length_are_arrays_and_nothing_else_has_attributes(site: Any, show: Any) -> None:
    for path, tag in (
        (f"sequences/{show.sequence.id}/shots", "shots"),
        (f"shots/{show.shot.id}/tasks", "tasks"),
    ):
        found = fromstring(raw(f"{site.url}/{path}.xml")[2])
        assert (found.tag, found.attrib) == (tag, {"type": "array"})
        assert all(not each.attrib for each in found)


def test_an_array_of_numbers_in_xml_is_a_list_also_when_it_is_empty(site: Any, sr: Any, show: Any) -> None:
    team = [person(sr, f"rails{sr.extension}{next(numbers)}").id for _ in range(2)]
    place = f"{site.url}/projects/{show.project.id}.xml?include=team"
    for sent in (team, []):
        inner = "".join(f'<team type="integer">{each}</team>' for each in sent)
        body = f'<project><team type="array">{inner}</team></project>'.encode()
        status, _, answer = raw(place, "PUT", body, **XML)
        assert status == 200, answer
        found = fromstring(answer).find("team")
        assert found is not None
        assert found.get("type") == "array"
        assert sorted(int(each.text or 0) for each in found) == sent


def test_a_put_and_a_patch_change_and_answer_the_object(site: Any, show: Any) -> None:
    place = f"{site.url}/shots/{show.shot.id}"
    for method, title in (("PUT", "first"), ("PATCH", "second")):
        body = f"<shot><title>{title}</title></shot>".encode()
        status, _, answer = raw(f"{place}.xml", method, body, **XML)
        assert (status, fromstring(answer).findtext("title")) == (200, title)
        status, _, answer = raw(f"{place}.json", method, orjson.dumps({"title": f"{title} again"}), **JSON)
        assert (status, orjson.loads(answer)["shot"]["title"]) == (200, f"{title} again")


def test_a_blank_object_has_what_a_new_one_begins_with(site: Any) -> None:
    status, _, answer = raw(f"{site.url}/users/new.json")
    user = orjson.loads(answer)["user"]
    assert (status, user["status"], user["im_type"], user["id"]) == (200, "P", "AIM", None)
    assert fromstring(raw(f"{site.url}/tasks/new.xml")[2]).findtext("pct-complete") == "0"
    assert raw(f"{site.url}/users/new.json", "POST", b"{}", **JSON)[0] == 404
    assert raw(f"{site.url}/users/newer.json")[0] == 404


def test_the_extension_says_the_format_and_a_head_has_no_body(site: Any, show: Any) -> None:
    place = f"{site.url}/shots/{show.shot.id}"
    assert raw(f"{place}.xml", Accept="application/json")[1]["Content-Type"].startswith("application/xml")
    assert raw(f"{place}.xml", "HEAD")[::2] == (200, b"")
    assert raw(f"{site.url}/shots/999999999.xml", "HEAD")[::2] == (404, b"")
    status, headers, body = raw(f"{place}.xml", "DELETE")
    assert (status, body, headers["Content-Length"]) == (200, b"", "0")
