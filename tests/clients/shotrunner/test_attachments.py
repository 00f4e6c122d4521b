"""Attachments of ShotRunner: bytes in and out, and pictures that every other tool shows too."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from PIL import Image
from pyactiveresource import connection

from tests.clients.shotrunner.site import PASSWORD, classes, numbers, person, raw

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def picture(color: str = "red", size: tuple[int, int] = (640, 360)) -> bytes:
    """A PNG of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, "PNG")
    return buffer.getvalue()


def attach(sr: Any, about: Any, content: bytes | None = None, **values: object) -> Any:
    """An attachment of an object."""
    where = {"attachment_container_type": type(about).__name__, "attachment_container_id": about.id}
    data = {} if content is None else {"data": base64.b64encode(content).decode()}
    return sr.Attachment.create({"title": "plate.png", **where, **data, **values})


def opened(content: bytes) -> Image.Image:
    """Bytes as a picture."""
    return Image.open(io.BytesIO(content)).convert("RGB")


def is_blue(content: bytes) -> bool:
    """True for a picture that is blue in its corner."""
    red, _, blue = opened(content).crop((0, 0, 1, 1)).tobytes()
    return blue > 200 > red


def test_an_attachment_has_what_the_document_says(sr: Any, show: Any) -> None:
    made = attach(sr, show.shot, description="The *plate*")
    found = sr.Attachment.find(made.id)
    assert (found.title, found.description) == ("plate.png", "The *plate*")
    assert (found.attachment_container_type, found.attachment_container_id) == ("Shot", show.shot.id)
    assert (found.project_id, found.created_by) == (show.project.id, "sam")
    found.title = "Plate"
    assert found.save()
    assert sr.Attachment.find(made.id).title == "Plate"
    made.destroy()
    assert not sr.Attachment.exists(made.id)


@pytest.mark.parametrize("missing", ["attachment_container_type", "attachment_container_id"])
def test_an_attachment_belongs_to_something_that_exists(sr: Any, show: Any, missing: str) -> None:
    whole = {"attachment_container_type": "Shot", "attachment_container_id": show.shot.id}
    for wrong in (None, 10**9 if missing.endswith("id") else "User"):
        assert sr.Attachment.create({"title": "x", **whole, missing: wrong}).id is None


def test_the_files_of_an_object_are_listed_below_it_and_found_by_it(sr: Any, show: Any) -> None:
    task = sr.Task.create({"taskable_type": "Shot", "taskable_id": show.shot.id, "title": "comp"})
    note = sr.Note.create({"noteable_type": "Shot", "noteable_id": show.shot.id, "message": "x"})
    for about in (show.project, show.sequence, show.shot, task, note):
        made = attach(sr, about)
        path = f"/{type(about).plural}/{about.id}/attachments.{sr.extension}"
        assert [each.id for each in sr.Attachment.find(from_=path)] == [made.id]
        kind = {"attachment_container_type": type(about).__name__}
        found = sr.Attachment.find(**kind, attachment_container_id=about.id)
        assert [each.id for each in found] == [made.id]
        below = type("Attachment", (sr.Attachment,), {"_prefix_source": f"/{type(about).plural}/$above"})
        second = below({"title": "second"}, {"above": about.id})
        assert second.save()
        assert second.attachment_container_id == about.id


def test_bytes_travel_within_a_body_alone_and_in_a_form(site: Any, sr: Any, show: Any) -> None:
    content = bytes(range(256)) * 40
    made = attach(sr, show.shot, content)
    place = f"{site.url}/attachments/{made.id}/data"
    assert "data" not in sr.Attachment.find(made.id).to_dict()
    status, headers, got = raw(place)
    assert (status, got) == (200, content)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("attachment")
    assert raw(place, Range="bytes=0-9")[::2] == (206, content[:10])
    within = made.get("data")
    assert base64.b64decode(within.get("attachment", within)["data"]) == content
    assert raw(place, "PUT", b"other bytes", **{"Content-Type": "application/octet-stream"})[0] == 200
    assert raw(place)[2] == b"other bytes"
    body = (
        b"--x\r\nContent-Disposition: form-data; name=attachment_container_type\r\n\r\nShot\r\n"
        b"--x\r\nContent-Disposition: form-data; name=attachment_container_id\r\n\r\n%d\r\n"
        b"--x\r\nContent-Disposition: form-data; name=file; filename=../notes.txt\r\n\r\nhello\r\n--x--\r\n"
    ) % show.shot.id
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    status, headers, _ = raw(f"{site.url}/attachments/upload.{sr.extension}", "POST", body, **form)
    assert status == 201
    number = int(headers["Location"].rpartition("/")[2].partition(".")[0])
    assert raw(f"{site.url}/attachments/{number}/data")[2] == b"hello"


def test_what_is_not_base_64_or_no_file_is_refused_and_nothing_is_made(site: Any, sr: Any, show: Any) -> None:
    wrong = {"attachment_container_type": "Shot", "attachment_container_id": show.shot.id, "data": "%%%"}
    assert sr.Attachment.create(wrong).id is None
    assert not sr.Attachment.find(attachment_container_id=show.shot.id)
    empty = attach(sr, show.shot)
    assert raw(f"{site.url}/attachments/{empty.id}/data")[0] == 404
    assert raw(f"{site.url}/attachments/upload", "POST", b"")[0] == 422
    with pytest.raises(connection.ResourceInvalid):
        empty.put("use_as_thumbnail")


def test_thumbnails_are_fitted_into_the_size_asked_for(site: Any, sr: Any, show: Any) -> None:
    made = attach(sr, show.shot, picture())
    for size, widest in (("small", 100), ("medium", 400), ("large", 640)):
        status, headers, content = raw(f"{site.url}/attachments/{made.id}/thumb/{size}")
        assert (status, headers["Content-Type"], opened(content).width) == (200, "image/jpeg", widest)
    assert raw(f"{site.url}/attachments/{made.id}/thumb/huge")[0] == 404
    text = attach(sr, show.shot, b"no picture")
    assert raw(f"{site.url}/attachments/{text.id}/thumb/small")[0] == 404
    with pytest.raises(connection.ResourceInvalid):
        text.put("use_as_thumbnail")


@pytest.mark.parametrize("name", ["Shot", "Asset", "Element"])
def test_an_attached_picture_becomes_the_thumbnail_of_its_object(
    site: Any, sr: Any, show: Any, name: str
) -> None:
    values = {
        "Asset": {"asset_label": "Hero", "asset_type": "Prop", "project_id": show.project.id},
        "Element": {"label": "fg", "shot_id": show.shot.id},
    }
    about = show.shot if name == "Shot" else getattr(sr, name).create(values[name])
    about.reload()
    assert about.thumbnail_loc is None
    attach(sr, about, picture("blue")).put("use_as_thumbnail")
    about.reload()
    assert about.thumbnail_loc == f"{site.url}/{type(about).plural}/{about.id}/thumb/medium"
    assert is_blue(raw(str(about.thumbnail_loc))[2])
    about.title = "With a picture"
    assert about.save()
    about.thumbnail_loc = "http://elsewhere.example/1.jpg"
    assert about.save()
    assert type(about).find(about.id).thumbnail_loc == "http://elsewhere.example/1.jpg"
    about.thumbnail_loc = None
    assert about.save()
    assert type(about).find(about.id).thumbnail_loc.startswith(site.url)


def test_the_logo_of_a_project_is_the_picture_of_an_attachment(site: Any, sr: Any, show: Any) -> None:
    made = attach(sr, show.project, picture("green"))
    made.put("use_as_thumbnail")
    project = sr.Project.find(show.project.id)
    assert project.logo_image_id == made.id
    assert project.save()
    other = attach(sr, show.project, picture("blue"))
    project.logo_image_id = other.id
    assert project.save()
    content = raw(f"{site.url}/projects/{project.id}/thumb/large")[2]
    assert is_blue(content)
    project.logo_image_id = 10**9
    assert not project.save()
    task = sr.Task.create({"taskable_type": "Shot", "taskable_id": show.shot.id, "title": "comp"})
    for about in (task, show.sequence):
        attach(sr, about, picture()).put("use_as_thumbnail")
        assert raw(f"{site.url}/{type(about).plural}/{about.id}/thumb/small")[0] == 200
    note = sr.Note.create({"noteable_type": "Task", "noteable_id": task.id, "message": "x"})
    with pytest.raises(connection.ResourceInvalid):
        attach(sr, note, picture()).put("use_as_thumbnail")


def test_files_are_for_who_sees_the_project(site: Any, sr: Any, show: Any) -> None:
    login = f"files{sr.extension}{next(numbers)}"
    stranger = person(sr, login)
    made = attach(sr, show.shot, picture())
    made.put("use_as_thumbnail")
    theirs = classes(site.url, sr.extension, login)
    proof = base64.b64encode(f"{login}:{PASSWORD}".encode()).decode()

    def ask(path: str, method: str = "GET", body: bytes | None = None) -> int:
        return raw(f"{site.url}/{path}", method, body, Authorization=f"Basic {proof}")[0]

    paths = (
        f"attachments/{made.id}/data",
        f"attachments/{made.id}/thumb/small",
        f"shots/{show.shot.id}/thumb/small",
        f"attachments/{made.id}.json",
    )
    assert [ask(path) for path in paths] == [404] * 4
    assert ask(paths[0], "PUT", b"mine") == 404
    sr.Member.create({"user_id": stranger.id, "project_id": show.project.id})
    assert [ask(path) for path in paths] == [200] * 4
    with pytest.raises(connection.ForbiddenAccess):
        theirs.Attachment.find(made.id).put("use_as_thumbnail")


def test_a_vendor_has_the_files_of_what_they_work_on_and_no_others(site: Any, sr: Any, show: Any) -> None:
    login = f"vendor{sr.extension}{next(numbers)}"
    vendor = person(sr, login)
    role = sr.Role.create({"name": "Vendor", "rights": "vendor"})
    sr.Member.create({"user_id": vendor.id, "project_id": show.project.id, "role_id": role.id})
    where = {"taskable_type": "Shot", "title": "roto"}
    sr.Task.create({**where, "taskable_id": show.shot.id, "user_id": vendor.id})
    other = sr.Shot.create({"shot_code": "SC010_0020", "sequence_id": show.sequence.id})
    mine, hidden = attach(sr, show.shot, b"mine"), attach(sr, other, b"hidden")
    theirs = classes(site.url, sr.extension, login)
    assert [each.id for each in theirs.Attachment.find()] == [mine.id]
    below = theirs.Attachment.find(from_=f"/shots/{show.shot.id}/attachments.{sr.extension}")
    assert [each.id for each in below] == [mine.id]
    with pytest.raises(connection.ResourceNotFound):
        theirs.Attachment.find(hidden.id)
    sent = attach(theirs, theirs.Shot.find(show.shot.id), b"my work")
    assert sent.id in [each.id for each in sr.Attachment.find(attachment_container_id=show.shot.id)]


def test_files_go_along_with_what_moves_to_another_project(sr: Any, show: Any) -> None:
    task = sr.Task.create({"taskable_type": "Shot", "taskable_id": show.shot.id, "title": "comp"})
    note = sr.Note.create({"noteable_type": "Task", "noteable_id": task.id, "message": "x"})
    files = [attach(sr, each) for each in (show.shot, task, note)]
    other = sr.Project.create({"code": f"MOVED{next(numbers)}"})
    sequence = sr.Sequence.create({"sequence_code": "SC900", "project_id": other.id})
    show.shot.sequence_id = sequence.id
    assert show.shot.save()
    assert {sr.Attachment.find(each.id).project_id for each in files} == {other.id}
