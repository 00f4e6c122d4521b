"""Who works on a task, when it starts, waits and ends, and how long it took."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.contracts.statements import noted
from tests.studio import StudioKit, unique
from zou_server.adapters.storage import LocalStorage
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Order, Where
from zou_server.models.errors import DomainError, Forbidden, InUse, Invalid, NotFound
from zou_server.models.registry import facet
from zou_server.services.files.attachments import SentFile, harmless_name, stored_attachments
from zou_server.services.tasks.locked_weeks import refuse_locked_days
from zou_server.services.write.operations import Act, Create, Delete

TASK, NOTE, TIME, PROJECT = facet("Task"), facet("Note"), facet("TimeSpent"), facet("Project")
LONG_AGO = "2020-01-02"


def today() -> str:
    return dt.datetime.now(ZoneInfo("Europe/Paris")).date().isoformat()  # where people live who do not say


def in_department(kit: StudioKit, role: str, project: uuid.UUID, department: str) -> Actor:
    """Somebody on the team who works in a department."""
    actor = kit.person(role, {project: None})
    row = kit.rows("Department", "id", where=Where("name", Op.EQ, department))[0]
    return Actor(
        actor.person_id,
        actor.name,
        role,
        project_roles=actor.project_roles,
        department_ids=(uuid.UUID(row["id"]),),
    )


def step(kit: StudioKit, name: str) -> str:
    found: str = kit.rows("TaskType", "id", where=Where("name", Op.EQ, name))[0]["id"]
    return found


def on_task(kit: StudioKit, project: uuid.UUID, *people: Actor) -> uuid.UUID:
    """A new task of a new shot with people on it."""
    assigned = [person.person_id for person in people]
    return kit.create(
        "Task", entity_id=kit.shot(project), task_type_id=step(kit, "Animation"), assignees=assigned
    )


def act(kit: StudioKit, action: str, task: uuid.UUID, actor: Actor = SYSTEM, **values: Any) -> uuid.UUID:
    return kit.execute(Act(action, TASK, task, values), actor=actor)[0].id


def spend(
    kit: StudioKit, task: uuid.UUID, person: Actor, minutes: float, actor: Actor | None = None, **more: Any
) -> uuid.UUID:
    values = {"person_id": person.person_id, "date": today(), "duration": minutes, **more}
    return act(kit, "spend-time", task, actor or person, **values)


# -- assignation -------------------------------------------------------------------------------------


def test_a_person_is_put_on_a_task_once_and_the_task_tells_of_it(kit: StudioKit) -> None:
    project = kit.project()
    manager, artist = kit.person("manager", {project: None}), kit.person("user", {project: None})
    task = on_task(kit, project)
    for _ in range(2):
        act(kit, "assign", task, manager, person_id=artist.person_id)
    assert kit.row("Task", task, "assignees*", "assigner_id") == {
        "assignees*": [str(artist.person_id)],
        "assigner_id": str(manager.person_id),
    }
    told = [event for event in kit.events(task) if event["action"] in ("assign", "unassign")]
    assert [(event["action"], event["new"]) for event in told] == [
        ("assign", {"person_id": str(artist.person_id)})
    ]
    act(kit, "unassign", task, manager)
    assert kit.row("Task", task, "assignees*") == []
    assert kit.events(task)[-2]["action"] == "unassign" or kit.events(task)[-1]["action"] == "unassign"


def test_every_way_of_changing_assignees_tells_of_it(kit: StudioKit) -> None:
    project = kit.project()
    one, two = kit.person("user", {project: None}), kit.person("user", {project: None})
    task = kit.create("Task", project_id=project, assignees=[one.person_id])
    kit.update("Task", task, assignees=[two.person_id])
    told = [(e["action"], e["new"]["person_id"]) for e in kit.events(task) if e["action"].endswith("assign")]
    first, second = str(one.person_id), str(two.person_id)
    assert sorted(told) == sorted([("assign", first), ("unassign", first), ("assign", second)])


def test_zou_reads_the_event_with_its_facts(kit: StudioKit) -> None:
    project = kit.project()
    artist = kit.person("user", {project: None})
    task = on_task(kit, project)
    act(kit, "assign", task, person_id=artist.person_id)
    where = Where("object_id", Op.EQ, str(task))
    found = kit.rows("ApiEvent", "event_name", "payload", where=where, order=(Order("number"),))
    payload = next(each["payload"] for each in found if each["event_name"] == "task:assign")
    assert payload == {
        "task_id": str(task),
        "project_id": str(project),
        "person_id": str(artist.person_id),
    }


@pytest.mark.parametrize(
    ("role", "department", "whom", "may"),
    [
        ("manager", "", "other", True),
        ("supervisor", "", "other", True),
        ("supervisor", "Animation", "other", True),
        ("supervisor", "Lighting", "other", False),
        ("user", "Animation", "self", True),
        ("user", "Lighting", "self", False),
        ("user", "Animation", "other", False),
        ("client", "", "self", False),
    ],
)
def test_who_may_put_whom_on_a_task(
    kit: StudioKit, role: str, department: str, whom: str, *, may: bool
) -> None:
    project = kit.project()
    actor = in_department(kit, role, project, department) if department else kit.person(role, {project: None})
    person = actor if whom == "self" else kit.person("user", {project: None})
    task = on_task(kit, project)
    if may:
        act(kit, "assign", task, actor, person_id=person.person_id)
        act(kit, "unassign", task, actor, person_id=person.person_id)
        return
    with pytest.raises(Forbidden):
        act(kit, "assign", task, actor, person_id=person.person_id)


def test_nobody_is_put_on_a_task_who_does_not_exist(kit: StudioKit) -> None:
    task = on_task(kit, kit.project())
    with pytest.raises(Invalid, match="person_id"):
        act(kit, "assign", task, person_id=uuid.uuid4())
    with pytest.raises(Invalid, match="is required"):
        act(kit, "assign", task)


def test_many_assignations_take_as_many_statements_as_two(kit: StudioKit) -> None:
    project = kit.project()
    manager, artist = kit.person("manager", {project: None}), kit.person("user", {project: None})
    for action in ("assign", "unassign"):
        counts = []
        for size in (2, 20):
            tasks = [on_task(kit, project, *([artist] if action == "unassign" else [])) for _ in range(size)]
            acts = [Act(action, TASK, task, {"person_id": artist.person_id}) for task in tasks]
            with noted(kit.studio.writes) as statements:
                kit.execute(*acts, actor=manager)
            counts.append(len(statements))
        assert 0 < counts[0] == counts[1]


# -- start and review --------------------------------------------------------------------------------


def test_a_task_starts_once(kit: StudioKit) -> None:
    project = kit.project()
    artist = kit.person("user", {project: None})
    task = on_task(kit, project, artist)
    act(kit, "start", task, artist)
    started = kit.row("Task", task, "task_status.code", "real_start_date", "lock_version")
    assert started["task_status.code"] == "wip"
    assert started["real_start_date"] is not None
    act(kit, "start", task, artist)
    assert kit.row("Task", task, "task_status.code", "real_start_date", "lock_version") == started
    assert len(kit.row("Task", task, "comments*")) == 1


def test_a_task_goes_to_review_with_the_status_that_the_studio_has_for_it(kit: StudioKit) -> None:
    project = kit.project()
    artist = kit.person("user", {project: None})
    task = on_task(kit, project, artist)
    statuses = len(kit.rows("TaskStatus", "id"))
    act(kit, "to-review", task, artist, comment="please", revision=3)
    assert kit.row("Task", task, "task_status.is_feedback_request") is True
    assert kit.row("Task", task, "end_date") is not None
    assert len(kit.rows("TaskStatus", "id")) == statuses
    told = [event for event in kit.events(task) if event["action"] == "to-review"]
    assert told[-1]["new"] == {"revision": 3}
    act(kit, "start", task, artist)
    act(kit, "to-review", task, artist, change_status=False)
    assert kit.row("Task", task, "task_status.code") == "wip"


@pytest.mark.parametrize("action", ["start", "to-review"])
def test_only_who_works_on_a_task_starts_it_or_sends_it_to_review(kit: StudioKit, action: str) -> None:
    project = kit.project()
    task = on_task(kit, project)
    with pytest.raises(Forbidden):
        act(kit, action, task, kit.person("user", {project: None}))


def test_who_is_not_on_a_task_is_refused_when_it_is_in_progress_already_too(kit: StudioKit) -> None:
    project = kit.project()
    task = on_task(kit, project)
    act(kit, "start", task)
    with pytest.raises(Forbidden, match="assigned"):
        act(kit, "start", task, kit.person("user", {project: None}))


@pytest.mark.parametrize(("action", "code"), [("start", "wip"), ("to-review", "wfa")])
def test_a_client_starts_no_task_and_sends_none_to_review_whatever_their_statuses_are(
    kit: StudioKit, action: str, code: str
) -> None:
    project = kit.project()
    task = on_task(kit, project)
    status = kit.rows("TaskStatus", "id", where=Where("code", Op.EQ, code))[0]["id"]
    kit.update("TaskStatus", status, is_client_allowed=True)
    with pytest.raises(Forbidden, match="role"):
        act(kit, action, task, kit.person("client", {project: None}))
    assert kit.row("Task", task, "task_status.code") == "todo"
    kit.update("TaskStatus", status, is_client_allowed=False)


@pytest.mark.parametrize(("of_studio", "of_project"), [(True, False), (False, True), (True, None)])
def test_what_a_project_says_of_clients_and_a_status_comes_before_the_studios_word(
    kit: StudioKit, *, of_studio: bool, of_project: bool | None
) -> None:
    project = kit.project()
    task, client = on_task(kit, project), kit.person("client", {project: None})
    status = kit.create("TaskStatus", name=unique("Liked"), code=unique("lk"), is_client_allowed=of_studio)
    kit.create("StatusUse", project_id=project, status_id=status, is_client_allowed=of_project)
    said = Act("comment", facet("Task"), task, {"text": "as it is", "sets_status_id": status})
    if of_studio if of_project is None else of_project:
        kit.execute(said, actor=client)
        assert kit.row("Task", task, "task_status_id") == str(status)
    else:
        with pytest.raises(Forbidden, match="status"):
            kit.execute(said, actor=client)


def test_a_vendor_starts_what_they_are_assigned_to(kit: StudioKit) -> None:
    project = kit.project()
    vendor = kit.person("vendor", {project: None})
    task = on_task(kit, project, vendor)
    act(kit, "start", task, vendor)
    assert kit.row("Task", task, "task_status.code") == "wip"


def test_without_a_status_for_it_nothing_starts_and_none_is_made(kit: StudioKit) -> None:
    task = on_task(kit, kit.project())
    wip = kit.rows("TaskStatus", "id", where=Where("is_wip", Op.EQ, value=True))
    for each in wip:
        kit.update("TaskStatus", each["id"], is_wip=False)
    with pytest.raises(Invalid, match="work in progress"):
        act(kit, "start", task)
    for each in wip:
        kit.update("TaskStatus", each["id"], is_wip=True)


# -- time --------------------------------------------------------------------------------------------


def test_time_is_set_added_to_and_forgotten_and_the_task_knows_the_sum(kit: StudioKit) -> None:
    project = kit.project()
    artist = kit.person("user", {project: None})
    task = on_task(kit, project, artist)
    entry = spend(kit, task, artist, 60)
    assert spend(kit, task, artist, 30) == entry
    spend(kit, task, artist, 15, add=True)
    assert kit.row("TimeSpent", entry, "duration") == 45
    spend(kit, task, artist, 100, date=LONG_AGO)
    assert kit.row("Task", task, "duration") == 145
    assert "duration" in [event["attribute"] for event in kit.events(task)]
    place = {"person_id": artist.person_id, "date": LONG_AGO}
    act(kit, "forget-time", task, artist, **place)
    assert kit.row("Task", task, "duration") == 45
    with pytest.raises(NotFound):
        act(kit, "forget-time", task, artist, **place)


def test_the_sum_follows_every_change_of_an_entry(kit: StudioKit) -> None:
    project = kit.project()
    artist = kit.person("user", {project: None})
    one, two = on_task(kit, project), on_task(kit, project)

    def durations() -> list[float]:
        return [kit.row("Task", task, "duration") for task in (one, two)]

    entries = kit.execute(
        *(
            Create(TIME, {"task_id": task, "person_id": artist.person_id, "date": day, "duration": 10})
            for task in (one, two)
            for day in ("2030-01-01", "2030-01-02")
        )
    )
    assert durations() == [20, 20]
    kit.update("TimeSpent", entries[0].id, duration=50)
    kit.update("TimeSpent", entries[1].id, task_id=two, date="2030-01-03")
    assert durations() == [50, 30]
    kit.delete("TimeSpent", entries[3].id)
    assert durations() == [50, 20]
    kit.revive("TimeSpent", entries[3].id)
    assert durations() == [50, 30]


def test_many_entries_take_as_many_statements_as_two(kit: StudioKit) -> None:
    project = kit.project()
    artist = kit.person("user", {project: None})
    counts = []
    for size in (2, 20):
        tasks = [on_task(kit, project) for _ in range(size)]
        values = {"person_id": artist.person_id, "date": today(), "duration": 10}
        with noted(kit.studio.writes) as statements:
            kit.execute(*(Create(TIME, {"task_id": task, **values}) for task in tasks))
        counts.append(len(statements))
        assert {kit.row("Task", task, "duration") for task in tasks} == {10}
    assert 0 < counts[0] == counts[1]


@pytest.mark.parametrize("minutes", [0, -5, "x", None, float("inf")])
def test_time_that_is_none_is_refused(kit: StudioKit, minutes: Any) -> None:
    project = kit.project()
    artist = kit.person("user", {project: None})
    with pytest.raises(Invalid, match="duration"):
        spend(kit, on_task(kit, project, artist), artist, minutes)


@pytest.mark.parametrize(
    ("role", "whose", "assigned", "may"),
    [
        ("user", "own", True, True),
        ("user", "own", False, False),
        ("user", "other", True, False),
        ("vendor", "own", True, True),
        ("supervisor", "other", False, False),
        ("manager", "other", False, True),
    ],
)
def test_whose_time_one_may_note(kit: StudioKit, role: str, whose: str, *, assigned: bool, may: bool) -> None:
    project = kit.project()
    actor, other = kit.person(role, {project: None}), kit.person("user", {project: None})
    task = on_task(kit, project, *([actor, other] if assigned else []))
    person = actor if whose == "own" else other
    if may:
        assert spend(kit, task, person, 10, actor=actor)
        return
    with pytest.raises(Forbidden):
        spend(kit, task, person, 10, actor=actor)


@pytest.fixture
def locked(kit: StudioKit) -> Iterator[None]:
    """The studio has locked its timesheets."""
    rows = kit.rows("Organisation", "id")
    studio = rows[0]["id"] if rows else kit.create("Organisation", name="Studio")
    kit.update("Organisation", studio, timesheets_locked=True)
    yield
    kit.update("Organisation", studio, timesheets_locked=False)


@pytest.mark.usefixtures("locked")
def test_locked_weeks_are_closed_but_to_managers(kit: StudioKit) -> None:
    project = kit.project()
    artist, manager = kit.person("user", {project: None}), kit.person("manager", {project: None})
    task = on_task(kit, project, artist)
    assert spend(kit, task, artist, 10)
    with pytest.raises(Forbidden, match="locked"):
        spend(kit, task, artist, 10, date=LONG_AGO)
    entry = spend(kit, task, artist, 10, actor=manager, date=LONG_AGO)
    kit.update("TimeSpent", entry, duration=10)
    for change in (
        lambda: act(kit, "forget-time", task, artist, person_id=artist.person_id, date=LONG_AGO),
        lambda: kit.update("TimeSpent", entry, actor=artist, duration=20),
        lambda: kit.delete("TimeSpent", entry, actor=artist),
    ):
        with pytest.raises(Forbidden, match="locked"):
            change()
    kit.delete("TimeSpent", entry, actor=manager)
    kit.delete("Task", task, actor=manager)


@pytest.mark.usefixtures("locked")
@pytest.mark.parametrize(
    ("zone", "now", "is_closed"),
    [
        ("UTC", "2030-03-10T23:30:00", False),  # a Sunday
        ("UTC", "2030-03-11T00:30:00", True),
        ("Asia/Tokyo", "2030-03-10T23:30:00", True),
        ("America/Los_Angeles", "2030-03-11T02:00:00", False),
        ("America/Los_Angeles", "2030-03-11T08:00:00", True),
        ("Pacific/Kiritimati", "2030-03-10T10:30:00", True),
    ],
)
def test_a_week_is_over_when_it_is_where_somebody_lives(
    kit: StudioKit, zone: str, now: str, *, is_closed: bool
) -> None:
    artist = kit.person("user")
    kit.update("Person", artist.person_id, timezone=zone)
    with kit.studio.write(artist) as work:
        work.now = dt.datetime.fromisoformat(now).replace(tzinfo=dt.UTC)
        refuse_locked_days(work, [dt.date(2030, 3, 11)])
        if is_closed:
            with pytest.raises(Forbidden, match="locked"):
                refuse_locked_days(work, [dt.date(2030, 3, 10)])
        else:
            refuse_locked_days(work, [dt.date(2030, 3, 10)])


# -- removing ----------------------------------------------------------------------------------------


def test_tasks_of_a_project_are_removed_together_or_not_at_all(kit: StudioKit) -> None:
    project, other = kit.project(), kit.project()
    mine, stranger = [on_task(kit, project) for _ in range(3)], on_task(kit, other)
    manager = kit.person("manager", {project: None})
    wanted = Act("delete-tasks", PROJECT, project, {"task_ids": [str(mine[0]), str(stranger)]})
    with pytest.raises(NotFound, match=str(stranger)):
        kit.execute(wanted, actor=manager)
    assert kit.row("Task", mine[0], "id") == str(mine[0])
    with pytest.raises(Forbidden):
        kit.execute(
            Act("delete-tasks", PROJECT, project, {"task_ids": [str(mine[0])]}),
            actor=kit.person("supervisor", {project: None}),
        )
    kit.execute(Act("delete-tasks", PROJECT, project, {"task_ids": [str(mine[0])]}), actor=manager)
    kit.execute(
        Act("delete-tasks", PROJECT, project, {"task_type_id": step(kit, "Animation")}), actor=manager
    )
    assert kit.rows("Task", "id", where=Where("project_id", Op.EQ, str(project))) == []
    assert kit.row("Task", stranger, "id") == str(stranger)


def test_many_tasks_are_removed_by_as_many_statements_as_two(kit: StudioKit) -> None:
    counts = []
    for size in (2, 20):
        project = kit.project()
        tasks = [on_task(kit, project) for _ in range(size)]
        kit.execute(*(Act("comment", TASK, task, {"text": "x"}) for task in tasks))
        with noted(kit.studio.writes) as statements:
            kit.execute(Act("delete-tasks", PROJECT, project, {"task_ids": [str(task) for task in tasks]}))
        counts.append(len(statements))
    assert 0 < counts[0] == counts[1]


def test_a_task_with_comments_goes_only_when_forced(kit: StudioKit) -> None:
    task = on_task(kit, kit.project())
    act(kit, "comment", task, text="x")
    with kit.studio.write(SYSTEM) as work, pytest.raises(InUse):
        work.execute([Delete(TASK, task, by="zou")])
    with kit.studio.write(SYSTEM) as work:
        work.execute([Delete(TASK, task, by="zou", force=True)])
        work.commit()
    assert kit.row("Task", task, "id") is None


# -- attachments -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("notes.txt", "notes.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\shot.exr", "shot.exr"),
        ("a\x00b\n.txt", "ab.txt"),
        ("..", "file"),
        ("", "file"),
        ("e\u0301te\u0301.png", "\u00e9t\u00e9.png"),
        ("\u202egnp.exe", "gnp.exe"),
        ("x" * 400 + ".png", "x" * 246 + ".png"),
        ("a." + "x" * 400, "a." + "x" * 20),
        ("con|<x>.txt", "con__x_.txt"),
    ],
)
def test_a_file_name_is_made_harmless(given: str, kept: str) -> None:
    assert harmless_name(given) == kept


def files_in(kit: StudioKit) -> list[str]:
    folder = kit.settings.storage_dir
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]


def test_an_upload_that_fails_leaves_nothing(kit: StudioKit) -> None:
    storage = LocalStorage(kit.settings.storage_dir)
    project = kit.project()
    note = act(kit, "comment", on_task(kit, project), text="x")
    stranger = kit.person("user", {project: None})
    before = files_in(kit)

    def attach(*sent: SentFile) -> None:
        with stored_attachments(storage, sent) as incoming, kit.studio.write(stranger) as work:
            work.execute([Act("attach", NOTE, note, {"files": incoming.keep()})])
            work.commit()

    with pytest.raises(Forbidden):
        attach(SentFile("a.txt", io.BytesIO(b"a")), SentFile("b.txt", io.BytesIO(b"b")))

    class Broken(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise OSError

    with pytest.raises((OSError, DomainError)):
        attach(SentFile("a.txt", io.BytesIO(b"a")), SentFile("b.txt", Broken()))
    with stored_attachments(storage, [SentFile("c.txt", io.BytesIO(b"c"))]):
        pass  # nobody asked for it
    assert files_in(kit) == before
    assert kit.row("Note", note, "attachment_files*") == []
