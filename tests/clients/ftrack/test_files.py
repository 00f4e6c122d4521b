"""ftrack_api, unmodified, sends files to the server's own location, fetches them and removes them."""

from __future__ import annotations

import hashlib
import io
import uuid
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from tests.clients.ftrack.show import Show
from tests.clients.ftrack.site import PASSWORD, USER, ServerError, Session, Site, ftrack_api, unique
from tests.media import picture
from zou_server.adapters.storage import make_storage
from zou_server.services.install.manage_credentials import create_api_key
from zou_server.services.thumbnails.pictures import store_picture
from zou_server.settings import Settings

SERVER = "3a372bde-05bc-11e4-8908-20c9d081909b"


def test_a_file_is_sent_fetched_and_removed(site: Site, session: Session, show: Show, tmp_path: Path) -> None:
    source = tmp_path / "plate.txt"
    source.write_bytes(b"0123456789" * 1000)
    asset = session.create("Asset", {"name": unique("plate"), "parent": session.get("Project", show.project)})
    version = session.create("AssetVersion", {"asset": asset})
    server = session.get("Location", SERVER)
    component = version.create_component(str(source), {"name": "main"}, location=server)
    session.commit()

    url = server.get_url(component)
    answer = requests.get(url, timeout=30)
    assert answer.content == source.read_bytes()
    assert "main.txt" in answer.headers["Content-Disposition"]
    part = requests.get(url, headers={"Range": "bytes=10-14"}, timeout=30)
    assert (part.status_code, part.content) == (206, b"01234")
    assert requests.get(url.replace(site.key, "wrong"), timeout=30).status_code == 401
    assert requests.get(server.get_thumbnail_url(component, size=10), timeout=30).status_code == 200
    signed = session.call([{"action": "generate_signed_url", "component_id": component["id"]}])
    assert requests.get(signed[0]["signed_url"], timeout=30).content == source.read_bytes()
    server.remove_component(component)
    assert requests.get(url, timeout=30).status_code == 404
    place = session.query(f"ComponentLocation where component_id is {component['id']}").first()
    assert place is None


def test_an_empty_file_is_one_too(session: Session, tmp_path: Path) -> None:
    source = tmp_path / "empty.txt"
    source.touch()
    server = session.get("Location", SERVER)
    component = session.create_component(str(source), location=server)
    session.commit()

    assert requests.get(server.get_url(component), timeout=30).content == b""


def test_a_thumbnail_is_a_component_of_what_it_shows(session: Session, show: Show, tmp_path: Path) -> None:
    small = tmp_path / "small.png"
    small.write_bytes(requests.get(f"{session.server_url}/img/thumbnail2.png", timeout=30).content)
    shot = session.get("Shot", show.shots[0])
    made = shot.create_thumbnail(str(small))
    session.commit()

    assert session.query(f"Shot where thumbnail_id is {made['id']}").one() is shot
    assert (
        session.query(f"select thumbnail.name from Shot where id is {shot['id']}").one()["thumbnail"] is made
    )


def test_a_thumbnail_fits_into_the_size_asked_for(session: Session, tmp_path: Path) -> None:
    source = tmp_path / "wide.png"
    source.write_bytes(picture((400, 200)))
    server = session.get("Location", SERVER)
    component = session.create_component(str(source), location=server)
    session.commit()
    sizes = {}
    for size in (100, 1000, None):
        answer = requests.get(server.get_thumbnail_url(component, size=size), timeout=30)
        assert answer.headers["Content-Type"] in ("image/jpeg", "image/png")
        sizes[size] = Image.open(io.BytesIO(answer.content)).size
    assert sizes == {100: (100, 50), 1000: (400, 200), None: (400, 200)}


def test_a_file_may_come_in_parts(site: Site, session: Session) -> None:
    id_ = str(uuid.uuid4())
    asked = {"action": "get_upload_metadata", "component_id": id_, "file_name": "big.bin", "parts": 3}
    (found,) = session.call([{**asked, "file_size": 30, "checksum": None}])
    parts = []
    for place in found["urls"]:
        answer = requests.put(place["signed_url"], data=str(place["part_number"]).encode() * 10, timeout=30)
        parts.append({"part_number": place["part_number"], "e_tag": answer.headers["ETag"]})
    session.call(
        [{"action": "complete_multipart_upload", "component_id": id_, "upload_id": id_, "parts": parts}]
    )
    session.create("FileComponent", {"id": id_, "name": "big", "file_type": ".bin"})
    session.commit()
    url = f"{site.url}/component/get?id={id_}&username={USER}&apiKey={site.key}"

    assert requests.get(url, timeout=30).content == b"1" * 10 + b"2" * 10 + b"3" * 10


def test_nobody_sends_to_an_address_that_was_not_given(site: Site) -> None:
    answer = requests.put(f"{site.url}/component/upload/abc", data=b"x", timeout=30)

    assert answer.status_code == 401


def test_the_bytes_of_projects_one_is_not_on_stay_hidden(
    site: Site, session: Session, show: Show, tmp_path: Path
) -> None:
    login = unique("guest")
    site.create("Person", login=login, email=f"{login}@example.com", role="user")
    key = create_api_key(site.engine, f"{login}@example.com")
    source = tmp_path / "secret.txt"
    source.write_text("secret")
    asset = session.create("Asset", {"name": unique("s"), "parent": session.get("Project", show.project)})
    version = session.create("AssetVersion", {"asset": asset})
    component = version.create_component(str(source), location=session.get("Location", SERVER))
    session.commit()
    query = f"id={component['id']}&username={login}&apiKey={key}"

    for what in ("get", "remove", "thumbnail"):
        assert requests.get(f"{site.url}/component/{what}?{query}", timeout=30).status_code == 404


def test_a_key_is_replaced(site: Site, session: Session) -> None:
    login = unique("keyed")
    id_ = site.create("Person", login=login, email=f"{login}@example.com", role="user")
    first = session.reset_remote("api_key", entity=session.get("User", id_))["api_key"]
    with site.session(login, first) as theirs:
        boss = theirs.query(f"User where username is {USER}").first()
        second = theirs.reset_remote("api_key", entity=theirs.get("User", id_))["api_key"]
    with pytest.raises(ServerError, match="InvalidCredentials"), site.session(login, first):
        pass
    with (
        site.session(login, second) as again,
        pytest.raises(ServerError, match="Only administrators see and change the keys of others"),
    ):
        again.reset_remote("api_key", entity=boss)


def test_names_are_searched_for(session: Session, show: Show) -> None:
    (found,) = session.call([{"action": "search", "entity_type": "Shot", "terms": ["sh00"]}])

    assert set(show.shots) <= {each["id"] for each in found["data"]}


def test_browsers_of_configured_origins_may_ask(site: Site) -> None:
    answer = requests.options(f"{site.url}/api", headers={"Origin": "https://elsewhere.io"}, timeout=30)

    assert answer.status_code == 204
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_long_answers_are_compressed(site: Site) -> None:
    answer = site.post([{"action": "query_schemas"}])  # requests asks for gzip by itself

    assert answer.headers["Content-Encoding"] == "gzip"
    assert hashlib.md5(answer.text.encode(), usedforsecurity=False).digest()
    assert {each["id"] for each in answer.json()[0]} >= {"Task"}


def test_the_server_says_who_asks(session: Session) -> None:
    found = session.server_information

    assert found["user_information"]["username"] == session.api_user or found["user_information"]["id"]
    assert found["storage_scenario"]["scenario"] == "ftrack.automatic"
    assert isinstance(session, ftrack_api.Session)


COLORS = {"red": (255, 0, 0), "lime": (0, 255, 0), "blue": (0, 0, 255)}


def _shown(session: Session, type_: str, id_: str) -> str | None:
    """The colour in the middle of what `thumbnail_url` of a row leads to; None where it has none."""
    asked = f"select thumbnail_url from {type_} where id is {id_}"
    url = session.query(asked).one()["thumbnail_url"]
    if url is None:
        return None
    answer = requests.get(url["url"], params={"size": 40}, timeout=30)
    assert answer.status_code == 200, answer.text
    image = Image.open(io.BytesIO(answer.content)).convert("RGB")
    assert max(image.size) <= 40
    found = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(found, tuple)
    near = {
        name: sum(abs(a - b) for a, b in zip(found, color, strict=True)) for name, color in COLORS.items()
    }
    return min(near, key=lambda name: near[name])


def _plain(color: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), color).save(buffer, "PNG")
    return buffer.getvalue()


def test_pictures_that_another_client_gave_are_shown(site: Site, show: Show) -> None:
    login = {"email": USER, "password": PASSWORD}
    token = requests.post(f"{site.url}/api/auth/login", json=login, timeout=30).json()["access_token"]
    person = site.create("Person", email=f"{unique('p')}@example.com", role="user")
    project, shot = site.create("Project", name=unique("pictured")), show.shots[1]
    with site.session() as session:
        assert [_shown(session, *each) for each in (("User", person), ("Shot", shot))] == [None, None]
    for path, color in ((f"persons/{person}", "red"), (f"projects/{project}", "lime")):
        answer = requests.post(
            f"{site.url}/api/pictures/thumbnails/{path}",
            files={"file": ("a.png", _plain(color))},
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
        assert answer.status_code == 201, answer.text
    preview = site.create("PreviewFile", name="still", extension="png", status="ready")
    storage = make_storage(Settings.from_env({}, database_url="postgresql:///none", data_dir=site.directory))
    store_picture(storage, uuid.UUID(preview), Image.new("RGB", (300, 200), "blue"))
    site.change("Shot", shot, preview_file_id=preview)
    site.change("Task", show.task, last_preview_file_id=preview)

    with site.session() as session:
        assert _shown(session, "User", person) == "red"
        assert _shown(session, "Project", project) == "lime"
        assert _shown(session, "Shot", shot) == "blue"
        assert _shown(session, "Task", show.task) == "blue"
        url = session.query(f"select thumbnail_url from Shot where id is {shot}").one()["thumbnail_url"][
            "url"
        ]
        for wrong in (f"{url}x", url.replace("/picture/", "/signed/")):
            assert requests.get(wrong, timeout=30).status_code == 404


def test_an_address_of_a_picture_opens_as_long_as_its_person_sees_the_row(
    site: Site, session: Session, show: Show
) -> None:
    login = unique("viewer")
    person = site.create("Person", login=login, email=f"{login}@example.com", role="user")
    team = session.create(
        "Appointment",
        {
            "context": session.get("Project", show.project),
            "resource": session.get("User", person),
            "type": "allocation",
        },
    )
    session.commit()
    preview = site.create("PreviewFile", name="still", extension="png", status="ready")
    storage = make_storage(Settings.from_env({}, database_url="postgresql:///none", data_dir=site.directory))
    store_picture(storage, uuid.UUID(preview), Image.new("RGB", (300, 200), "blue"))
    site.change("Shot", show.shots[0], preview_file_id=preview)
    key = create_api_key(site.engine, f"{login}@example.com")
    with site.session(login, key) as theirs:
        asked = f"select thumbnail_url from Shot where id is {show.shots[0]}"
        url = theirs.query(asked).one()["thumbnail_url"]["url"]

    first = requests.get(url, timeout=30)
    assert first.status_code == 200
    assert "no-cache" in first.headers["Cache-Control"]
    again = requests.get(url, headers={"If-None-Match": first.headers["ETag"]}, timeout=30)
    assert (again.status_code, again.content) == (304, b"")
    session.delete(team)
    session.commit()
    for headers in ({}, {"If-None-Match": first.headers["ETag"]}):
        assert requests.get(url, headers=headers, timeout=30).status_code == 404
    session.create("Appointment", {"context_id": show.project, "resource_id": person, "type": "allocation"})
    session.commit()
    assert requests.get(url, timeout=30).status_code == 200
    site.change("Person", person, active=False)
    assert requests.get(url, timeout=30).status_code == 404


def test_a_signed_address_of_a_file_opens_as_long_as_its_person_sees_it(
    site: Site, session: Session, show: Show, tmp_path: Path
) -> None:
    login = unique("viewer")
    person = site.create("Person", login=login, email=f"{login}@example.com", role="user")
    site.create("Membership", project_id=show.project, person_id=person)
    source = tmp_path / "plate.txt"
    source.write_bytes(b"0123456789")
    asset = session.create("Asset", {"name": unique("plate"), "parent": session.get("Project", show.project)})
    version = session.create("AssetVersion", {"asset": asset})
    server = session.get("Location", SERVER)
    component = version.create_component(str(source), {"name": "main"}, location=server)
    session.commit()
    key = create_api_key(site.engine, f"{login}@example.com")
    with site.session(login, key) as theirs:
        asked = [{"action": "generate_signed_url", "component_id": component["id"]}]
        (answer,) = theirs.call(asked)
        assert requests.get(answer["signed_url"], timeout=30).content == source.read_bytes()
        with pytest.raises(
            ServerError, match="does not let you update a Component"
        ):  # somebody else's file is theirs to see and not to replace
            theirs.get_upload_metadata(component["id"], "plate.txt", 10)
    site.change("Person", person, active=False)
    assert requests.get(answer["signed_url"], timeout=30).status_code == 404


def _component(session: Session, show: Show, tmp_path: Path, text: str = "before") -> Any:
    source = tmp_path / "plate.txt"
    source.write_text(text)
    asset = session.create("Asset", {"name": unique("plate"), "parent": session.get("Project", show.project)})
    version = session.create("AssetVersion", {"asset": asset})
    component = version.create_component(
        str(source), {"name": "main"}, location=session.get("Location", SERVER)
    )
    session.commit()
    return component


def _bytes(site: Site, id_: str) -> bytes:
    found = requests.get(f"{site.url}/component/get?id={id_}&username={USER}&apiKey={site.key}", timeout=30)
    return found.content


def test_a_request_may_change_a_component_and_ask_where_to_send_it(
    site: Site, session: Session, show: Show, tmp_path: Path
) -> None:
    id_ = _component(session, show, tmp_path)["id"]
    made = str(uuid.uuid4())
    upload = {"action": "get_upload_metadata", "file_name": "x", "file_size": 1}
    change = {"entity_type": "FileComponent", "entity_data": {"name": "other"}}
    answers = site.post(
        [
            {"action": "update", **change, "entity_key": [id_]},
            {**upload, "component_id": id_},
            {"action": "create", **change, "entity_key": [made]},
            {**upload, "component_id": made},
        ],
        strict=True,
    )
    assert answers.status_code == 200, answers.text
    for answer, asked in zip(answers.json()[1::2], (id_, made), strict=True):
        assert requests.put(answer["url"], data=asked.encode(), timeout=30).status_code == 200
        assert _bytes(site, asked) == asked.encode()


def test_a_request_may_change_a_user_and_ask_for_a_new_key(site: Site, session: Session) -> None:
    login = unique("renewed")
    person = site.create("Person", login=login, email=f"{login}@example.com", role="user")
    user = {"entity_type": "User", "entity_key": [person]}
    update = {"action": "update", **user, "entity_data": {"first_name": "New"}}
    _, answer = session.call([update, {"action": "reset_remote", "reset_type": "api_key", **user}])
    with site.session(login, answer["data"]["api_key"]) as theirs:
        assert theirs.query(f"User where id is {person}").one()["first_name"] == "New"


def test_bytes_of_a_component_that_was_deleted_meanwhile_are_refused(
    session: Session, show: Show, tmp_path: Path
) -> None:
    component = _component(session, show, tmp_path)
    place = session.get_upload_metadata(component["id"], "plate.txt", 5)
    session.delete(component)
    session.commit()
    refused = requests.put(place["url"], data=b"after", timeout=30)
    assert (refused.status_code, refused.json()["exception"]) == (404, "NotFoundError")
    with pytest.raises(ServerError, match=f"There is no Component {component['id']}"):
        session.get_upload_metadata(component["id"], "plate.txt", 5)


@pytest.mark.parametrize("lost", ["account", "role"])
def test_who_lost_the_right_to_write_sends_no_bytes(
    site: Site, session: Session, show: Show, tmp_path: Path, lost: str
) -> None:
    component = _component(session, show, tmp_path)
    login = unique("artist")
    person = site.create("Person", login=login, email=f"{login}@example.com", role="manager")
    site.create("Membership", project_id=show.project, person_id=person)
    with site.session(login, create_api_key(site.engine, f"{login}@example.com")) as theirs:
        place = theirs.get_upload_metadata(component["id"], "plate.txt", 5)
    assert requests.put(place["url"], data=b"first", timeout=30).status_code == 200
    site.change("Person", person, **({"active": False} if lost == "account" else {"role": "user"}))
    assert requests.put(place["url"], data=b"later", timeout=30).status_code in (403, 404)
    assert _bytes(site, component["id"]) == b"first"


@pytest.mark.parametrize(
    "parts", [[{"part_number": 4}], [{"part_number": 1}] * 2, [1], [{}], [{"part_number": 0}]]
)
def test_parts_that_were_not_sent_are_not_joined(site: Site, session: Session, parts: list[Any]) -> None:
    id_ = str(uuid.uuid4())
    asked = {"action": "get_upload_metadata", "component_id": id_, "file_name": "big.bin", "parts": 3}
    (found,) = session.call([{**asked, "file_size": 30, "checksum": None}])
    for place in found["urls"]:
        requests.put(place["signed_url"], data=b"x", timeout=30)
    done = {"action": "complete_multipart_upload", "component_id": id_, "upload_id": id_, "parts": parts}
    with pytest.raises(ServerError, match=r"Part 4 was not sent|part_number"):
        session.call([done])
    assert site.post([{**done, "parts": [{"part_number": each} for each in (3, 1, 2)]}], strict=True).ok
