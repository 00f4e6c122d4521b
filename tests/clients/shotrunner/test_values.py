"""The real pyactiveresource against a served studio: what is refused, and how values travel."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pyactiveresource import connection

from tests.clients.shotrunner.site import (
    LOGIN,
    PASSWORD,
    classes,
    inside,
    new_show,
    numbers,
    person,
    raw,
)
from zou_server.models.registry import facet
from zou_server.services.write.operations import Edit, Mode, Ref, Update

# The client leaves the answers that it raises for open, for the garbage collector to close.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


# -- what is refused ------------------------------------------------------------------------------------


def test_a_refused_object_says_which_attribute_is_wrong(sr: Any, show: Any) -> None:
    shot = sr.Shot({"shot_code": "", "sequence_id": None, "frame_count": 1, "status": None})
    assert not shot.save()
    assert shot.errors.on("shot_code") == "can't be blank"
    assert shot.errors.on("sequence_id") == "can't be blank"
    wrong = {
        "status": "nope",
        "sequence_id": 10**9,
        "frame_count": "many",
        "supervisor_id": show.shot.id,
    }
    for key, value in wrong.items():
        shot = sr.Shot.find(show.shot.id)
        setattr(shot, key, value)
        assert not shot.save(), key
        assert shot.errors.on(key), (key, shot.errors.errors)
    assert sr.Shot.find(show.shot.id).lock_version == 0


def test_a_name_that_is_taken_is_filed_under_its_attribute(sr: Any, show: Any) -> None:
    twin = sr.Project.create({"code": show.name})
    assert twin.id is None
    assert twin.errors.on("code") == "has already been taken"


def test_documented_lengths_are_counted_in_characters(sr: Any) -> None:
    limits = {
        "department": 40,
        "address_line1": 40,
        "address_line2": 40,
        "city": 25,
        "state": 2,
        "zipcode": 10,
        "work_phone": 20,
        "home_phone": 20,
        "skype_name": 255,
    }
    for key, limit in limits.items():
        user = sr.User({"login": f"u{next(numbers)}", key: "é" * (limit + 1)})
        assert not user.save(), key
        assert user.errors.on(key), (key, user.errors.errors)
        setattr(user, key, "é" * limit)
        assert user.save(), (key, user.errors.errors)
        assert getattr(user, key) == "é" * limit


def test_an_attribute_that_does_not_exist_is_refused_by_name(sr: Any, show: Any) -> None:
    shot = sr.Shot.find(show.shot.id)
    shot.staus = "wip"
    assert not shot.save()
    assert shot.errors.on("staus") == "is not an attribute"


def test_read_only_attributes_are_ignored(sr: Any, show: Any) -> None:
    shot = sr.Shot.find(show.shot.id)
    shot.created_by, shot.created_at = "somebody", "2000-01-01T00:00:00Z"
    assert shot.save()
    assert shot.created_by == LOGIN
    assert shot.lock_version == 0
    made = sr.Shot({"shot_code": "b", "sequence_id": show.sequence.id, "lock_version": 7, "created_by": "x"})
    assert made.save()
    assert made.lock_version == 0


def test_a_version_that_is_no_number_is_invalid(sr: Any, show: Any) -> None:
    shot = sr.Shot({"id": show.shot.id, "lock_version": "soon"})
    assert not shot.save()
    assert shot.errors.on("lock_version")


def test_a_task_hangs_on_what_the_document_allows(sr: Any, show: Any) -> None:
    for wrong in (
        {"taskable_type": "Project", "taskable_id": show.project.id},
        {"taskable_type": "shot", "taskable_id": show.shot.id},
    ):
        task = sr.Task(wrong)
        assert not task.save()
        assert task.errors.on("taskable_type") == "is not included in the list"
    gone = sr.Task({"taskable_type": "Shot", "taskable_id": 10**9})
    assert not gone.save()
    assert gone.errors.on("taskable_id") or gone.errors.on("taskable_type")
    lone = sr.Task({"taskable_type": "Shot"})
    assert not lone.save()
    assert lone.errors.errors["base"] == ["taskable_id can't be blank"] or lone.errors.errors


@pytest.mark.parametrize(("known", "password"), [(True, "wrong"), (False, PASSWORD), (True, ""), (None, "")])
def test_a_wrong_login_is_unauthorized(site: Any, sr: Any, known: bool | None, password: str) -> None:  # noqa: FBT001
    login = f"w{next(numbers)}"
    if known:
        person(sr, login)
    wrong = classes(site.url, sr.extension, "" if known is None else login, password)
    with pytest.raises(connection.UnauthorizedAccess) as refused:
        wrong.Shot.find()
    assert refused.value.response.headers["WWW-Authenticate"].startswith("Basic ")
    assert refused.value.response.body
    assert not wrong.Shot.exists(1)


def test_a_project_that_one_is_not_a_member_of_does_not_exist(site: Any, sr: Any, show: Any) -> None:
    login = f"eve{next(numbers)}"
    eve = person(sr, login)
    theirs = classes(site.url, sr.extension, login)
    assert show.shot.id not in [each.id for each in theirs.Shot.find()]
    assert not theirs.Shot.exists(show.shot.id)
    for path in (
        f"/shots/{show.shot.id}",
        f"/projects/{show.project.id}/shots",
        f"/sequences/{show.sequence.id}/shots",
    ):
        with pytest.raises(connection.ResourceNotFound):
            theirs.Base.find(from_=f"{path}.{sr.extension}")
    with pytest.raises(connection.ResourceNotFound):
        theirs.Shot({"id": show.shot.id, "title": "x"}).save()
    assert list(theirs.Shot.find(with_deleted=1)) == []
    sr.Member.create({"user_id": eve.id, "project_id": show.project.id})
    assert theirs.Shot.exists(show.shot.id)
    with pytest.raises(connection.ForbiddenAccess):
        theirs.Shot({"id": show.shot.id, "title": "x"}).save()


def test_a_method_that_a_path_lacks_and_a_format_that_nobody_speaks_are_refused(site: Any, sr: Any) -> None:
    status, headers, body = raw(f"{site.url}/shots.{sr.extension}", "DELETE")
    assert status == 405
    assert "GET" in headers["Allow"]
    assert body
    status, _, body = raw(f"{site.url}/shots.yaml")
    assert status == 406
    assert b"yaml" in body


def test_a_body_that_cannot_be_read_is_a_bad_request(site: Any) -> None:
    bodies = {
        "json": [b"{", b"[1]", b'"x"', b"\xff", b'{"shot": [1]}'],
        "xml": [
            b"<shot>",
            b"<!DOCTYPE a [<!ENTITY b 'c'>]><shot><title>&b;</title></shot>",
            b"\xff\xfe",
            b"<shot><title>\x01</title></shot>",
            b"<a>" * 60 + b"</a>" * 60,
            b"<shot type='array'><a/></shot>",
            b"<?xml version='1.0' encoding='nonsense'?><shot><a/></shot>",
        ],
    }
    for extension, each in bodies.items():
        for body in each:
            status, _, answer = raw(f"{site.url}/shots.{extension}", "POST", body)
            assert status in (400, 422), (extension, body, answer)
            assert answer


# -- values ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Ünïcödé 日本語 🎬",
        " spaces  kept ",
        "<b>&amp;</b> ]]>",
        '"quotes" \\ back',
        "line\nline\ttab",
        "",
        "   ",
    ],
)
def test_text_comes_back_as_it_was_sent(sr: Any, show: Any, text: str) -> None:
    show.shot.description = text
    assert show.shot.save()
    assert show.shot.description == text
    assert sr.Shot.find(show.shot.id).description == text
    assert sr.Shot.find_first(description=text, id=show.shot.id) or text == ""


def test_a_control_character_in_one_row_leaves_the_list_readable(site: Any, sr: Any, show: Any) -> None:
    classes(site.url, "json").Shot({"id": show.shot.id, "title": "a\x01b\x0b￾c"}).save()
    found = sr.Shot.find(sequence_id=show.sequence.id)[0]
    assert found.title == {"json": "a\x01b\x0b￾c", "xml": "abc"}[sr.extension]
    found.frame_count = 5
    assert found.save()
    assert classes(site.url, "json").Shot.find(show.shot.id).title == "a\x01b\x0b￾c"


def test_moments_are_read_in_every_spelling_and_shown_in_utc(sr: Any, show: Any) -> None:
    spellings = (
        "2010-03-08T12:00:00Z",
        "2010-03-08 12:00:00",
        "2010-03-08T14:00:00+02:00",
        "2010-03-08T12:00:00+0000",
        "2010-03-08 12:00:00.000000+00:00",
    )
    for spelling in spellings:
        show.project.due_date = spelling
        assert show.project.save(), show.project.errors.errors
        shown = show.project.due_date
        if sr.extension == "xml":
            assert shown == dt.datetime(2010, 3, 8, 12, tzinfo=dt.UTC)
        else:
            assert shown == "2010-03-08T12:00:00Z"
    show.project.due_date = "2010-03-08"
    assert show.project.save()
    show.project.due_date = "0001-01-01T00:00:00+14:00"
    assert not show.project.save()
    assert show.project.errors.on("due_date") == "is not a date and time"
    show.project.due_date = None
    assert show.project.save()
    assert show.project.due_date is None


def test_moments_in_xml_need_no_further_library(site: Any, show: Any) -> None:
    _, _, body = raw(f"{site.url}/shots/{show.shot.id}.xml")
    assert b'<created-at type="datetime">' in body
    assert b"+0000</created-at>" in body
    assert b"Z<" not in body


def test_estimated_time_is_in_hours_and_kept_in_minutes(site: Any, sr: Any, show: Any) -> None:
    name = f"comp{next(numbers)}"
    task = sr.Task.create(
        {
            "taskable_type": "Shot",
            "taskable_id": show.shot.id,
            "estimated_time": 1.5,
            "title": name,
        }
    )
    assert task.estimated_time == 1.5
    assert [each.id for each in sr.Task.find(estimated_time=1.5, taskable_id=show.shot.id)] == [task.id]
    with inside(site) as work:
        table = facet("Task").table
        mine = table.select().with_only_columns(table.c.estimation).where(table.c.name == name)
        assert list(work.session.scalars(mine)) == [90.0]


def test_the_assignee_is_the_primary_one_and_replacing_them_leaves_the_others(
    site: Any,
    sr: Any,
    show: Any,
) -> None:
    people = [sr.User.create({"login": f"p{next(numbers)}"}) for _ in range(3)]
    task = sr.Task.create({"taskable_type": "Shot", "taskable_id": show.shot.id, "user_id": people[0].id})
    with inside(site) as work:
        more = Edit(Mode.ADD, [Ref("Person", people[1].id)])
        work.execute([Update(facet("Task"), Ref("Task", task.id), {"assignees": more})])
    task.user_id = people[2].id
    assert task.save()
    assert task.user_id == people[2].id
    for each, tasks in zip(people, ([], [task.id], [task.id]), strict=True):
        assert [task.id for task in sr.Task.find(user_id=each.id)] == tasks


def test_an_administrator_is_made_and_unmade_by_the_flag_alone(sr: Any) -> None:
    user = sr.User({"login": f"m{next(numbers)}", "role": "x"})
    assert not user.save()
    assert user.errors.on("role") == "is not an attribute"
    user = sr.User.create({"login": f"m{next(numbers)}"})
    assert (user.admin, user.status) == (False, "P")
    user.admin, user.status = True, "I"
    assert user.save()
    assert (user.admin, user.status) == (True, "I")
    user.status = "?"
    assert not user.save()
    assert user.errors.on("status") == "is not included in the list"


# -- the server as a whole ------------------------------------------------------------------------------


def test_a_site_with_a_path_reaches_the_same(site: Any, sr: Any, show: Any) -> None:
    below = classes(site.url, sr.extension, prefix="/api/shotrunner")
    shot = below.Shot.create({"shot_code": "SC010_0020", "sequence_id": show.sequence.id})
    shot.title = "x"
    assert shot.save()
    assert sr.Shot.find(shot.id).title == "x"


def test_what_was_done_is_in_the_log_under_this_client(site: Any, show: Any) -> None:
    with inside(site) as work:
        log = facet("EventLog").table
        found = work.session.execute(log.select().where(log.c.object_name == show.name)).mappings().all()
    assert {(row["action"], row["client"]) for row in found} == {("create", "shotrunner")}


def test_no_answer_is_a_redirect_with_or_without_a_slash_too_many(site: Any) -> None:
    show = new_show(classes(site.url, "json"))
    rules = [rule for rule in site.app.url_map.iter_rules() if rule.endpoint.startswith("shotrunner.")]
    assert len(rules) > 100
    client = site.app.test_client()
    values = {
        "number": show.shot.id,
        "child_number": 1,
        "name": "shots",
        "extension": "json",
        "size": "10x10",
    }
    for rule in rules:
        path = rule.build({name: values[name] for name in rule.arguments})[1]
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
            for each in (path, f"{path}/", "/" + path[1:].replace("/", "//")):
                answer = client.open(each, method=method)
                assert answer.status_code in (401, 404, 405), (method, each, answer.status_code)


def test_a_patch_is_a_put_and_a_place_is_a_path_that_can_be_read(site: Any, sr: Any, show: Any) -> None:
    path = f"{site.url}/shots/{show.shot.id}.{sr.extension}"
    body = {"json": b'{"title": "x"}', "xml": b"<shot><title>x</title></shot>"}[sr.extension]
    assert raw(path, "PATCH", body)[0] == 200
    assert sr.Shot.find(show.shot.id).title == "x"
    body = {"json": b'{"code": "%s"}', "xml": b"<project><code>%s</code></project>"}[sr.extension]
    name = f"PATCH{next(numbers)}".encode()
    status, headers, _ = raw(f"{site.url}/projects.{sr.extension}", "POST", body % name)
    assert status == 201
    status, _, answer = raw(site.url + headers["Location"])
    assert status == 200
    assert name in answer
