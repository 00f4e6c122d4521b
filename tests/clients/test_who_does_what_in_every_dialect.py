"""The same people through the four real clients: what one dialect hides or refuses, the others do too."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import gazu
import pytest
import shotgun_api3
from pyactiveresource.connection import ForbiddenAccess, ResourceNotFound

from tests.clients.ftrack.site import ServerError, ftrack_api
from tests.clients.served_studio import served_studio
from tests.clients.shotrunner.site import classes
from tests.conftest import SuitePostgres
from tests.studio import StudioKit, unique
from zou_server.models.actor import Actor
from zou_server.models.conditions import Op, Where
from zou_server.models.studio_settings import PRIMARY
from zou_server.services.install.manage_credentials import create_api_key
from zou_server.services.people.set_password import set_password

# pyactiveresource leaves its sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

PASSWORD = "a long enough password"
DIALECTS = ("zou", "shotgun", "ftrack", "shotrunner")


@dataclass
class Site:
    """A served studio: two projects, two shots with a task in the first."""

    kit: StudioKit
    url: str
    project: uuid.UUID
    foreign: uuid.UUID
    shots: list[uuid.UUID]
    tasks: list[uuid.UUID]

    def person(self, role: str, *, on_team: bool = True) -> Actor:
        """Somebody with a password and an API key."""
        actor = self.kit.person(role, {self.project: None} if on_team else {})
        set_password(self.kit.studio.writes, actor.person_id, PASSWORD)
        return actor

    def name(self, kind: str, id_: uuid.UUID) -> str:
        """What a row is called."""
        found: str = self.kit.row(kind, id_, "name")
        return found


class Caller:
    """Somebody with all four clients."""

    def __init__(self, site: Site, actor: Actor) -> None:
        self.site = site
        self.email: str = site.kit.row("Person", actor.person_id, "email")
        self.key = create_api_key(site.kit.studio.writes, self.email)

    def names(self, dialect: str, kind: str) -> set[str]:
        """The names of all rows of a kind that they see."""
        return set(_NAMES[dialect](self, kind))

    def zou(self) -> Any:
        """gazu, logged in."""
        client = gazu.client.create_client(f"{self.site.url}/api")
        gazu.log_in(self.email, PASSWORD, client=client)
        return client

    def shotgun(self) -> Any:
        """shotgun_api3 with a person's log-in."""
        return closing(shotgun_api3.Shotgun(self.site.url, login=self.email, password=PASSWORD))

    def ftrack(self) -> Any:
        """A session of ftrack_api."""
        options = {"auto_connect_event_hub": False, "plugin_paths": [], "schema_cache_path": False}
        return ftrack_api.Session(self.site.url, self.key, self.email, **options)

    def shotrunner(self) -> Any:
        """ActiveResource's classes."""
        return classes(self.site.url, "json", self.email, PASSWORD)


def _with_gazu(caller: Caller, kind: str) -> Iterator[str]:
    client = caller.zou()
    for row in gazu.client.fetch_all(f"{kind.lower()}s", client=client):
        yield row["first_name" if kind == "Person" else "name"]
    client.session.close()


def _with_shotgun(caller: Caller, kind: str) -> Iterator[str]:
    key = {"Shot": "code", "Task": "content", "Project": "name", "Person": "firstname"}[kind]
    with caller.shotgun() as sg:
        for row in sg.find("HumanUser" if kind == "Person" else kind, [], [key]):
            yield row[key]


def _with_ftrack(caller: Caller, kind: str) -> Iterator[str]:
    kind, key = ("User", "first_name") if kind == "Person" else (kind, "name")
    for row in caller.ftrack().query(f"select {key} from {kind}").all():
        yield row[key]


def _with_shotrunner(caller: Caller, kind: str) -> Iterator[str]:
    key = {"Shot": "shot_code", "Task": "title", "Project": "code", "Person": "first_name"}[kind]
    for row in getattr(caller.shotrunner(), "User" if kind == "Person" else kind).find():
        yield row.attributes[key]


_NAMES: dict[str, Callable[[Caller, str], Iterator[str]]] = {
    "zou": _with_gazu,
    "shotgun": _with_shotgun,
    "ftrack": _with_ftrack,
    "shotrunner": _with_shotrunner,
}


def with_one_task(kit: StudioKit, url: str) -> Site:
    """A served studio with one project, a shot in it, and a task on that."""
    project = kit.project()
    shot, step = kit.shot(project), kit.create("TaskType", name="Paint")
    task = kit.create("Task", name="paint it", entity_id=shot, task_type_id=step)
    return Site(kit, url, project, project, [shot], [task])


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The studio, served."""
    with served_studio(postgres, tmp_path_factory.mktemp("roles")) as (kit, url):
        project, foreign = kit.project(), kit.project()
        sequence = kit.create("Sequence", name=unique("SQ"), project_id=project)
        shots = [kit.shot(project, parent_id=sequence) for _ in range(2)]
        kit.shot(foreign)
        department = kit.create("Department", name=unique("Animation"))
        step = kit.create("TaskType", name=unique("Animation"), department_id=department)
        tasks = [kit.create("Task", name=unique("T"), entity_id=shot, task_type_id=step) for shot in shots]
        yield Site(kit, url, project, foreign, shots, tasks)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_somebody_on_no_team_sees_no_project_and_nothing_in_it(site: Site, dialect: str) -> None:
    outsider = Caller(site, site.person("manager", on_team=False))
    for kind in ("Project", "Shot", "Task"):
        assert outsider.names(dialect, kind) == set()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_vendor_sees_what_they_are_assigned_to(site: Site, dialect: str) -> None:
    vendor = site.person("vendor")
    site.kit.update("Task", site.tasks[0], assignees=[vendor.person_id])
    caller = Caller(site, vendor)
    assert caller.names(dialect, "Project") == {site.name("Project", site.project)}
    assert caller.names(dialect, "Shot") == {site.name("Shot", site.shots[0])}
    assert caller.names(dialect, "Task") == {site.name("Task", site.tasks[0])}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_client_learns_of_no_client_of_another_project(site: Site, dialect: str) -> None:
    client, fellow = site.person("client"), site.person("client")
    rival = site.kit.person("client", {site.foreign: None})
    seen = Caller(site, client).names(dialect, "Person")
    assert site.kit.row("Person", fellow.person_id, "first_name") in seen
    assert site.kit.row("Person", rival.person_id, "first_name") not in seen


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_closed_project_is_gone_for_all_but_administrators(site: Site, dialect: str) -> None:
    kit = site.kit
    artist = kit.person("user")
    project = kit.project()
    kit.create("Membership", project_id=project, person_id=artist.person_id)
    set_password(kit.studio.writes, artist.person_id, PASSWORD)
    caller = Caller(site, artist)
    assert caller.names(dialect, "Project") == {site.name("Project", project)}
    closed = kit.rows("ProjectStatus", "id", where=Where("name", Op.EQ, "Closed"))[0]["id"]
    kit.update("Project", project, project_status_id=closed)
    assert caller.names(dialect, "Project") == set()


def test_a_client_learns_no_name_of_staff_with_any_client(site: Site) -> None:
    boss, client = site.person("manager"), site.person("client")
    note = site.kit.create(
        "Note", boss, text="for you", for_client=True, object_id=site.tasks[0], person_id=boss.person_id
    )
    caller = Caller(site, client)
    zou = caller.zou()
    comment = gazu.client.get(f"data/comments/{note}", client=zou)
    people = gazu.client.get("data/persons", client=zou)
    told = [repr(comment), repr(people)]
    zou.session.close()
    with caller.shotgun() as sg:
        told.append(repr(sg.find("Note", [], ["content", "user", "created_by"])))
        told.append(repr(sg.find("HumanUser", [], ["name", "login", "email", "firstname"])))
    session = caller.ftrack()
    told.append(repr([dict(each) for each in session.query("select username, first_name from User").all()]))
    told.append(repr([each.attributes for each in caller.shotrunner().User.find()]))
    assert "for you" in told[0]
    email = site.kit.row("Person", boss.person_id, "email")
    for text in told:
        assert boss.name not in text
        assert email not in text
    assert client.name in told[1]


def test_a_supervisor_of_another_department_is_refused_with_every_client(site: Site) -> None:
    lead = site.person("supervisor")
    site.kit.update(
        "Person", lead.person_id, departments=[site.kit.create("Department", name=unique("Light"))]
    )
    caller, task = Caller(site, lead), site.tasks[1]
    zou = caller.zou()
    with pytest.raises(gazu.exception.NotAllowedException):
        gazu.client.put(f"data/tasks/{task}", {"priority": 3}, client=zou)
    zou.session.close()
    number = site.kit.row("Task", task, "number")
    with caller.shotgun() as sg, pytest.raises(shotgun_api3.Fault, match="another department"):
        sg.update("Task", number, {"due_date": "2030-01-01"})
    session = caller.ftrack()
    found = session.query(f'Task where id is "{task}"').one()
    found["bid"] = 7200.0
    with pytest.raises(ServerError, match="another department"):
        session.commit()
    named = caller.shotrunner().Task.find(number)
    named.due_date = "2030-01-01"
    with pytest.raises(ForbiddenAccess):
        named.save()
    assert site.kit.row("Task", task, "due_date") is None
    assert site.kit.row("Task", task, "priority") == 0


def test_an_artist_is_not_told_addresses_with_any_client_but_finds_who_has_one(site: Site) -> None:
    artist, boss = site.person("user"), site.person("manager")
    email = site.kit.row("Person", boss.person_id, "email")
    site.kit.update("Person", boss.person_id, login=unique("boss").replace(" ", ""))
    caller = Caller(site, artist)
    zou = caller.zou()
    assert gazu.person.get_person_by_email(email, client=zou)["id"] == str(boss.person_id)
    assert email not in repr(gazu.client.get("data/persons", client=zou))
    zou.session.close()
    with caller.shotgun() as sg:
        row = sg.find_one("HumanUser", [["email", "is", email]], ["email", "name"])
        assert (row["name"], row["email"]) == (boss.name, None)
    session = caller.ftrack()
    assert session.query(f'select email from User where email is "{email}"').one()["email"] in (None, "")
    assert email not in repr([each.attributes for each in caller.shotrunner().User.find()])


def test_a_row_of_another_project_is_absent_by_its_number_too(site: Site) -> None:
    caller = Caller(site, site.person("user"))
    shot = site.kit.rows("Shot", "id", "number", where=Where("project_id", Op.EQ, str(site.foreign)))[0]
    with caller.shotgun() as sg:
        assert sg.find_one("Shot", [["id", "is", shot["number"]]]) is None
        with pytest.raises(shotgun_api3.Fault):
            sg.update("Shot", shot["number"], {"description": "x"})
    with pytest.raises(ResourceNotFound):
        caller.shotrunner().Shot.find(shot["number"])
    assert caller.ftrack().query(f'Shot where id is "{shot["id"]}"').first() is None


def test_custom_fields_that_a_role_does_not_read_are_empty_with_every_client(site: Site) -> None:
    kit, secret = site.kit, uuid.uuid4().hex
    admin, artist = Caller(site, site.person("admin")), Caller(site, site.person("user"))
    hidden = kit.shot(site.project)
    with admin.shotgun() as sg:
        links = sg.schema_field_create(
            "Shot", "multi_entity", unique("Closed links"), {"valid_types": ["Shot"]}
        )
        text = sg.schema_field_create("Shot", "text", unique("Closed text"))
        number = {id_: kit.row("Shot", id_, "number") for id_ in (hidden, *site.shots)}
        wanted = {links: [{"type": "Shot", "id": number[hidden]}], text: secret}
        sg.update("Shot", number[site.shots[0]], wanted)
    for row in kit.rows("FieldDescriptor", "id", "field_name"):
        if row["field_name"] in (links, text):
            kit.update("FieldDescriptor", uuid.UUID(row["id"]), read_roles=["manager"])
    for project in (site.foreign, site.project):  # the nearer field is not the first
        values: dict[str, Any] = {"name": text, "field_name": text, "read_roles": []}
        kit.create("FieldDescriptor", entity_type="Shot", project_id=project, **values)
    manager = Caller(site, site.person("manager"))
    asked = ["id", "is", number[site.shots[0]]]
    link = {"type": "Shot", "id": number[hidden]}
    for caller, known in ((manager, [link]), (artist, [])):
        with caller.shotgun() as sg:
            seen = sg.find_one("Shot", [asked], [links]) or {}
            assert [{"type": each["type"], "id": each["id"]} for each in seen.get(links) or []] == known
            if known:
                assert sg.find_one("Shot", [asked, [links, "is", link]]) is not None
                continue
            with pytest.raises(shotgun_api3.Fault):
                sg.find("Shot", [asked, [text, "is", secret]])
            log = sg.find(
                "EventLogEntry", [["entity", "is", {"type": "Shot", "id": number[hidden]}]], ["meta"]
            )
            assert links not in repr(log)
        zou = caller.zou()
        assert secret not in repr(gazu.client.get(f"data/shots/{site.shots[0]}", client=zou))
        zou.session.close()
        shot = (
            caller.ftrack().query(f'select custom_attributes from Shot where id is "{site.shots[0]}"').one()
        )
        assert secret not in repr(dict(shot["custom_attributes"].items()))
        assert secret not in repr(caller.shotrunner().Shot.find(number[site.shots[0]]).attributes)


@pytest.fixture(scope="module")
def companies(site: Site) -> Iterator[dict[str, Actor]]:
    """Artists of the house and of two vendors, each on a project of its own that holds a shot with a task."""
    kit, made = site.kit, dict[str, Actor]()
    own = kit.create("Studio", name=unique("House"), data={PRIMARY: True})
    for name, studio in (("house", own), ("one", None), ("two", None)):
        project = kit.project()
        shot = kit.shot(project)
        kit.create(
            "Task", name=unique("T"), entity_id=shot, task_type_id=kit.create("TaskType", name=unique("S"))
        )
        made[name] = kit.person("user", {project: None})
        company = studio or kit.create("Studio", name=unique(name))
        kit.update("Person", made[name].person_id, studio_id=company)
        set_password(kit.studio.writes, made[name].person_id, PASSWORD)
    yield made
    kit.update("Studio", own, data={PRIMARY: None})


@pytest.mark.parametrize("dialect", DIALECTS)
def test_vendors_see_their_own_company_the_house_and_shared_projects_and_nothing_of_each_other(
    site: Site, companies: dict[str, Actor], dialect: str
) -> None:
    names = {name: each.name for name, each in companies.items()}
    one, two = Caller(site, companies["one"]), Caller(site, companies["two"])
    for kind in ("Project", "Shot", "Task"):
        mine, theirs = one.names(dialect, kind), two.names(dialect, kind)
        assert len(mine) == 1
        assert not mine & theirs
    assert one.names(dialect, "Person") == {names["one"], names["house"]}
    assert two.names(dialect, "Person") == {names["two"], names["house"]}
    assert set(names.values()) <= Caller(site, companies["house"]).names(dialect, "Person")
    shared = site.kit.project()
    for actor in (companies["one"], companies["two"]):
        site.kit.create("Membership", project_id=shared, person_id=actor.person_id)
    assert names["two"] in one.names(dialect, "Person")
    assert one.names(dialect, "Project") & two.names(dialect, "Project") == {site.name("Project", shared)}
    site.kit.delete("Project", shared)
