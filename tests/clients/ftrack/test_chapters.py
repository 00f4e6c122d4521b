"""The chapters of ftrack's own documentation, in their order, on one server; and once more on the same."""

from __future__ import annotations

import json
import uuid
from importlib import import_module
from pathlib import Path
from typing import Any

import arrow
import pytest

from tests.clients.ftrack.site import USER, Session, Site, ftrack_api

ROUNDS = ("first", "again")


class Book:
    """What one chapter leaves for the next."""

    project: Any
    task: Any
    version: Any


@pytest.fixture(scope="module", params=ROUNDS)
def round_(request: pytest.FixtureRequest) -> str:
    """Which time the chapters run on the same server."""
    return str(request.param)


@pytest.fixture(scope="module")
def reader(site: Site, round_: str) -> Any:
    """One session for all chapters."""
    assert round_ in ROUNDS
    with site.session() as session:
        yield session


@pytest.fixture(scope="module")
def book(reader: Session) -> Book:
    """The project that the first chapter makes."""
    book = Book()
    name = f"projectname_{uuid.uuid1().hex}"
    schema = reader.query("ProjectSchema").first()
    book.project = reader.create(
        "Project", {"name": name, "full_name": f"{name}_full", "project_schema": schema}
    )
    shot_status = schema.get_statuses("Shot")[0]
    task_type = schema.get_types("Task")[0]
    task_status = schema.get_statuses("Task", task_type["id"])[0]
    for sequence_number in range(1, 5):
        sequence = reader.create("Sequence", {"name": f"seq_{sequence_number}", "parent": book.project})
        for shot_number in range(1, 5):
            shot = reader.create(
                "Shot", {"name": f"{shot_number}0".zfill(3), "parent": sequence, "status": shot_status}
            )
            for task_number in range(1, 5):
                book.task = reader.create(
                    "Task",
                    {
                        "name": f"task_{task_number}",
                        "parent": shot,
                        "status": task_status,
                        "type": task_type,
                    },
                )
    reader.commit()
    return book


def test_tutorial(reader: Session, book: Book) -> None:
    active = reader.query("Project where status is active")
    assert book.project in active.all()
    week = arrow.now().shift(weeks=+1)
    reader.query(f'Project where status is active and end_date before "{week}"').all()
    child = book.project["children"][0]
    assert child["parent"] is book.project
    assert reader.query('Context where parent.name like "projectname%"').all()
    sequence = reader.create("Sequence", {"name": "Starlord Reveal"})
    sequence["description"] = "First hero character reveal."
    book.project["children"].append(sequence)
    reader.commit()
    assert reader.query("Project").first().keys()


def test_unit_of_work_and_deleting(reader: Session, book: Book) -> None:
    user = reader.create("User", {})
    user["username"] = f"martin{uuid.uuid4().hex}"
    other = reader.create("User", {"username": f"bjorn{uuid.uuid4().hex}"})
    other["email"] = f"{other['username']}@example.com"
    assert reader.recorded_operations
    reader.commit()
    with reader.auto_populating(auto_populate=False):
        book.task["bid"] = 8
        reader.commit()
    parent = book.task["parent"]
    gone = reader.create("Task", {"name": "gone", "parent": parent})
    gone.create_note("also gone", author=user)
    reader.commit()
    id_ = gone["id"]
    reader.delete(gone)
    reader.commit()
    assert not reader.query(f"Note where parent_id is {id_}").all()


def test_querying(reader: Session, book: Book) -> None:
    id_ = book.project["id"]
    reader.query(
        'Project where status is active and (name like "%thrones" or full_name like "%thrones")'
    ).all()
    assert len(reader.query(f'Task where project.id is "{id_}"').all()) == 64
    reader.query(f'Task where project.id is "{id_}" and status.type.name is "Done"').all()
    reader.query(f'Task where timelogs.start >= "{arrow.now().floor("day")}"').all()
    reader.query('Note where author has (first_name is "Jane" and last_name is "Doe")').all()
    reader.query('Note where author.first_name is "Jane" and author.last_name is "Doe"').all()
    reader.query("Project where metadata any (key=some_key and value=some_value)").all()
    assert reader.query("User where not timelogs any ()").all()
    for criteria in (
        "bid >= 10",
        'status.type.name in ("In Progress", "Done")',
        'status.name not_in ("Omitted", "On Hold")',
        'name not_like "%thrones"',
    ):
        reader.query(f"Task where {criteria}").first()
    for project in reader.query("select full_name, status from Project").all():
        assert project["full_name"]


def test_locations_and_components(reader: Session, tmp_path: Path) -> None:
    location = reader.ensure("Location", {"name": "studio.temporary"})
    location.accessor = import_module("ftrack_api.accessor.disk").DiskAccessor(prefix=str(tmp_path / "kept"))
    location.structure = import_module("ftrack_api.structure.id").IdStructure()
    location.priority = 30
    source = tmp_path / "a.txt"
    source.write_text("a")
    component = reader.create_component(str(source), location=None)
    location.add_component(component, reader.get("Location", ftrack_api.symbol.ORIGIN_LOCATION_ID))
    reader.commit()
    assert reader.pick_location(component) is location
    assert Path(location.get_filesystem_path(component)).read_text() == "a"
    assert reader.get_component_availability(component, locations=[location])[location["id"]] == 100.0
    location.remove_component(component)
    location.priority = 1_000


def test_publishing_versions(reader: Session, book: Book, tmp_path: Path) -> None:
    kind = reader.query('AssetType where name is "Geometry"').one()
    asset = reader.create("Asset", {"name": "My asset", "type": kind, "parent": book.task["parent"]})
    book.version = reader.create("AssetVersion", {"asset": asset, "task": book.task})
    reader.commit()
    movie = tmp_path / "file.mov"
    movie.write_bytes(b"movie")
    book.version.create_component(str(movie), location="auto")
    reader.commit()
    server = reader.query('Location where name is "ftrack.server"').one()
    review = book.version.create_component(str(movie), data={"name": "ftrackreview-mp4"}, location=server)
    review["metadata"]["ftr_meta"] = json.dumps({"frameIn": 0, "frameOut": 150, "frameRate": 25})
    reader.commit()
    assert len(book.version["components"]) == 2


def test_review_sessions(reader: Session, book: Book) -> None:
    review = reader.create(
        "ReviewSession",
        {"name": "Weekly review", "description": "See updates from last week.", "project": book.project},
    )
    reader.create(
        "ReviewSessionObject",
        {
            "name": "Compositing",
            "description": "Fixed shadows.",
            "version": "Version 3",
            "review_session": review,
            "asset_version": book.version,
        },
    )
    invitee = reader.create(
        "ReviewSessionInvitee",
        {"name": "John Doe", "email": "john.doe@example.com", "review_session": review},
    )
    reader.commit()
    assert len(review["review_session_objects"]) == 1
    reader.delete(invitee)
    reader.commit()
    assert reader.query('ReviewSession where name is "Weekly review"').all()


def test_metadata_and_scopes(reader: Session, book: Book) -> None:
    sequence = book.project["children"][0]
    sequence["metadata"]["frame_padding"] = "5"
    sequence["metadata"] = {"frame_padding": "4"}
    reader.commit()
    found = reader.query('Sequence where metadata any (key is "frame_padding" and value is "4")')
    assert sequence in found.all()
    scope = reader.ensure("Scope", {"name": "London"})
    book.task["scopes"].append(scope)
    reader.commit()
    assert book.task in reader.query('Task where scopes.name is "London"').all()
    book.task["scopes"].remove(scope)
    reader.commit()


def test_custom_attributes(site: Site, book: Book) -> None:
    key = f"my_{uuid.uuid4().hex}"
    with site.session() as session:
        role = session.query("SecurityRole").first()
        for word, default, config in (
            ("text", "bar", {"markdown": False}),
            ("number", 42, {"isdecimal": True}),
            ("date", arrow.Arrow(2017, 2, 8), {}),
            (
                "enumerator",
                ["bar"],
                {"multiSelect": True, "data": json.dumps([{"menu": "B", "value": "bar"}])},
            ),
        ):
            session.create(
                "CustomAttributeConfiguration",
                {
                    "project_id": book.project["id"],
                    "entity_type": "assetversion",
                    "type": session.query(f'CustomAttributeType where name is "{word}"').one(),
                    "label": word,
                    "key": f"{key}_{word}",
                    "default": default,
                    "config": json.dumps(config),
                    "write_security_roles": [role],
                    "read_security_roles": [role],
                },
            )
        session.commit()
    with site.session() as session:
        version = session.get("AssetVersion", book.version["id"])
        attributes = version["custom_attributes"]
        assert (attributes[f"{key}_text"], attributes[f"{key}_number"]) == ("bar", 42)
        assert (attributes[f"{key}_date"], attributes[f"{key}_enumerator"]) == (
            arrow.get("2017-02-08"),
            ["bar"],
        )
        attributes[f"{key}_text"] = "foo"
        session.commit()
        found = session.query(
            f'AssetVersion where custom_attributes any (key is "{key}_text" and value is "foo")'
        )
        assert found.one() is version
        assert session.query("CustomAttributeConfiguration").all()


def test_links_of_a_row(reader: Session, book: Book) -> None:
    task = reader.query(f"select link from Task where id is {book.task['id']}").first()
    assert [reader.get(item["type"], item["id"])["name"] for item in task["link"]][-1] == task["name"]
    for version in reader.query(f'select link from AssetVersion where user.username is "{USER}"').all():
        assert version["link"]


def test_jobs_and_their_attachments(reader: Session, tmp_path: Path) -> None:
    user = reader.query(f'User where username is "{USER}"').one()
    job = reader.create(
        "Job", {"user": user, "status": "running", "data": json.dumps({"description": "My custom job."})}
    )
    server = reader.query('Location where name is "ftrack.server"').one()
    path = tmp_path / "log.txt"
    path.write_text("done")
    component = reader.create_component(str(path), data={"name": "My file"}, location=server)
    reader.create("JobComponent", {"component_id": component["id"], "job_id": job["id"]})
    job["status"] = "done"
    reader.commit()
    assert [server.get_url(each["component"]) for each in job["job_components"]]


def test_notes(reader: Session, book: Book, tmp_path: Path) -> None:
    user = reader.query(f'User where username is "{USER}"').one()
    note = book.task.create_note("My new note", author=user)
    by_hand = reader.create("Note", {"content": "My new note", "author": user})
    book.task["notes"].append(by_hand)
    note.create_reply("My new reply on note", author=user)
    label = reader.query('NoteLabel where name is "External Note"').first()
    labelled = book.task.create_note("New note with label", author=user, labels=[label])
    category = reader.query('NoteCategory where name is "External Note"').first()
    with pytest.warns(PendingDeprecationWarning):
        told = book.task.create_note("New note with category", author=user, category=category)
    reader.commit()
    assert (labelled["category"]["id"], told["category"]["id"]) == (label["id"], category["id"])
    server = reader.query('Location where name is "ftrack.server"').one()
    path = tmp_path / "sketch.txt"
    path.write_text("x")
    component = reader.create_component(str(path), data={"name": "My file"}, location=server)
    reader.create("NoteComponent", {"component_id": component["id"], "note_id": note["id"]})
    reader.commit()
    assert [each["component"]["name"] for each in note["note_components"]] == ["My file"]


def test_lists_and_timers(reader: Session, book: Book) -> None:
    user = reader.query(f'User where username is "{USER}"').one()
    category = reader.query("ListCategory").first()
    base = {"owner": user, "project": book.project, "category": category}
    versions = reader.create("AssetVersionList", {**base, "name": "versions"})
    tasks = reader.create("TypedContextList", {**base, "name": "tasks"})
    versions["items"].append(book.version)
    tasks["items"].append(book.task)
    reader.commit()
    versions["items"].remove(book.version)
    reader.commit()
    user.start_timer(book.task)
    user.start_timer(book.task, force=True)
    timelog = user.stop_timer()
    assert timelog["context"] is book.task


def test_assignments_and_allocations(site: Site, book: Book) -> None:
    with site.session() as session:
        task, project = session.get("Task", book.task["id"]), session.get("Project", book.project["id"])
        user = session.query(f"User where username is {session.api_user}").one()
        session.create("Appointment", {"context": task, "resource": user, "type": "assignment"})
        session.create("Appointment", {"context": project, "resource": user, "type": "allocation"})
        session.commit()
        team = {each["resource"] for each in project["allocations"]}
        assert user in team
        found = session.query(
            f'select first_name, last_name from User where assignments any (context_id = "{task["id"]}")'
        )
        assert user in found.all()
        mine = session.query(
            f'select link from Task where assignments any (resource.username = "{session.api_user}")'
        )
        assert task in mine.all()


def test_thumbnails(reader: Session, book: Book, tmp_path: Path) -> None:
    path = tmp_path / "image.jpg"
    path.write_bytes(b"no picture at all")
    server = reader.get("Location", ftrack_api.symbol.SERVER_LOCATION_ID)
    thumbnail = reader.create_component(str(path), {"name": "thumbnail"}, location=server)
    book.task["thumbnail"] = thumbnail
    reader.commit()
    book.task["parent"]["thumbnail_id"] = book.task["thumbnail_id"]
    reader.commit()
    assert "size=500" in server.get_thumbnail_url(thumbnail, size=500)


def test_entity_links(reader: Session, book: Book) -> None:
    shots = reader.query(f"Shot where project.id is {book.project['id']}").all()
    reader.create("TypedContextLink", {"from": shots[0], "to": shots[1]})
    reader.commit()
    assert [(each["from"], each["to"]) for each in shots[1]["incoming_links"]] == [(shots[0], shots[1])]


def test_security_roles(reader: Session) -> None:
    names = [each["name"] for each in reader.query('select name from SecurityRole where type is "PROJECT"')]
    assert "Project Manager" in names
