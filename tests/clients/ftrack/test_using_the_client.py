"""What ftrack_api, unmodified, offers beside queries and commits: plugins, caches, states, events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import arrow
import pytest
import requests

from tests.clients.ftrack.hub import Heard, listening, settle, subscribe
from tests.clients.ftrack.show import Show
from tests.clients.ftrack.site import ServerError, Session, Site, ftrack_api, unique
from tests.served import served
from zou_server.app import create_app
from zou_server.settings import Settings

SERVER = "3a372bde-05bc-11e4-8908-20c9d081909b"
PAGE = "https://tools.example.com"


# -- sessions ------------------------------------------------------------------------------------------------


def test_a_session_may_have_headers_cookies_and_a_time_of_its_own(site: Site, show: Show) -> None:
    with site.session(
        headers={"ftrack-pushtoken": "abc", "X-Studio": "somewhere"},
        cookies={"gateway": "open"},
        timeout=30,
        strict_api=True,
    ) as session:
        assert session.get("Shot", show.shots[0])["name"] == "SH000"
        with pytest.raises(ServerError, match="no attribute 'nonsense'"):
            session.query("Shot where nonsense is 1").all()


def test_a_session_that_was_closed_asks_nothing_any_more(site: Site) -> None:
    with site.session() as session, session as same:
        assert same.query("Location").all()
    assert session.closed
    with pytest.raises(ftrack_api.exception.ConnectionClosedError):
        session.query("Location").all()


PLUGIN = """
import functools
import ftrack_api
import ftrack_api.entity.factory


def made(event, session):
    session.seen = event["data"]["session"] is session


class Factory(ftrack_api.entity.factory.StandardFactory):
    def create(self, schema, bases=None):
        cls = super(Factory, self).create(schema, bases=bases)
        if schema["id"] == "Shot":
            cls.shout = lambda self: self["name"].upper()
            cls.default_projections = ["id", "name", "description"]
        return cls


def construct(event):
    return Factory().create(event["data"]["schema"])


def register(session, **kw):
    session.event_hub.subscribe(
        "topic=ftrack.api.session.ready", functools.partial(made, session=session)
    )
    session.event_hub.subscribe(
        "topic=ftrack.api.session.construct-entity-type and data.schema.id=Shot", construct, priority=10
    )
"""


def test_plugins_hear_of_the_session_and_make_its_classes(site: Site, show: Show, tmp_path: Path) -> None:
    (tmp_path / "studio_plugin.py").write_text(PLUGIN)
    session = ftrack_api.Session(
        site.url,
        site.key,
        "boss@example.com",
        auto_connect_event_hub=False,
        plugin_paths=[str(tmp_path)],
        schema_cache_path=False,
    )
    try:
        shot = session.get("Shot", show.shots[1])
        assert session.seen is True
        assert shot.shout() == "SH001"
        with session.auto_populating(auto_populate=False):
            assert shot["description"] == "take 1"
    finally:
        session.close()


def test_rows_keep_their_identity_in_caches_of_several_layers(site: Site, show: Show) -> None:
    kept = ftrack_api.cache.MemoryCache()

    def layers(session: Session) -> Any:
        return ftrack_api.cache.SerialisedCache(kept, encode=session.encode, decode=session.decode)

    with site.session(cache=layers) as session:
        task = session.get("Task", show.task)
        session.populate(task, "name, parent.name, status.state.name")
    with site.session(cache=layers) as session:
        with session.auto_populating(auto_populate=False):
            again = session.get("Task", show.task)
            assert (again["name"], again["parent"]["name"]) == ("animation", "SH000")
        assert session.query(f"Task where id is {show.task}").one() is again


def test_rows_know_whether_they_were_made_changed_or_deleted(session: Session, show: Show) -> None:
    state, states = ftrack_api.inspection.state, ftrack_api.symbol
    task = session.create("Task", {"name": unique("t"), "parent": session.get("Shot", show.shots[1])})
    assert state(task) is states.CREATED
    session.commit()
    assert state(task) is states.NOT_SET
    task["name"] = unique("t")
    assert state(task) is states.MODIFIED
    session.rollback()
    assert state(task) is states.NOT_SET
    session.delete(task)
    assert state(task) is states.DELETED
    session.commit()
    assert import_module("ftrack_api.formatter").format(session.get("Shot", show.shots[1])).startswith("Shot")


def test_one_row_is_asked_for_and_none_or_many_found(session: Session, show: Show) -> None:
    mine = f"Shot where project_id is {show.project}"
    assert session.query(f"{mine} and name is SH002").one()["id"] == show.shots[2]
    assert session.query(f"{mine} and name is nothing").first() is None
    with pytest.raises(ftrack_api.exception.NoResultFoundError):
        session.query(f"{mine} and name is nothing").one()
    assert session.query(f"{mine} order by name")[1]["name"] == "SH001"
    assert len(session.query(mine)) == 3


def test_days_are_moments_and_may_be_cleared(site: Site, session: Session, show: Show) -> None:
    sequence = session.create(
        "Sequence", {"name": unique("q"), "parent": session.get("Project", show.project)}
    )
    shot = session.create("Shot", {"name": unique("s"), "parent": sequence})
    task = session.create("Task", {"name": unique("t"), "parent": shot, "end_date": arrow.get("2026-05-06")})
    session.commit()
    with site.session() as later:
        found = later.get("Task", task["id"])
        assert found["end_date"] == arrow.get("2026-05-06")
        found["end_date"] = None
        later.commit()
    with site.session() as later:
        assert later.get("Task", task["id"])["end_date"] is None


# -- places of files -----------------------------------------------------------------------------------------


def test_a_resource_identifier_is_kept_as_a_transformer_wrote_it(
    site: Site, show: Show, tmp_path: Path
) -> None:
    base: Any = import_module("ftrack_api.resource_identifier_transformer.base").ResourceIdentifierTransformer

    class Marked(base):
        """Writes where a file is in another way than the disk does."""

        def encode(self, resource_identifier: str, context: Any = None) -> str:
            """Mark it."""
            assert context["component"]
            return f"✓:{resource_identifier}"

        def decode(self, resource_identifier: str, context: Any = None) -> str:
            """Read it back."""
            assert context
            return resource_identifier.removeprefix("✓:")

    name = unique("marked")
    source = tmp_path / "plate.exr"
    source.write_bytes(b"plate")
    with site.session() as session:
        location = session.create("Location", {"name": name})
        session.commit()
        location.accessor = ftrack_api.accessor.disk.DiskAccessor(prefix=str(tmp_path / "disk"))
        location.structure = ftrack_api.structure.standard.StandardStructure()
        location.resource_identifier_transformer = Marked(session)
        asset = session.create(
            "Asset", {"name": unique("plate"), "parent": session.get("Shot", show.shots[0])}
        )
        version = session.create("AssetVersion", {"asset": asset})
        session.commit()
        component = version.create_component(str(source), {"name": "main"}, location=location)
        kept = Path(location.get_filesystem_path(component))
        assert kept.read_bytes() == b"plate"
        assert kept.relative_to(tmp_path / "disk").parts[:2] == (show.name, "sq010")
        place = session.query(f"ComponentLocation where component_id is {component['id']}").one()
        assert place["resource_identifier"].startswith("✓:")


def test_whoever_listens_hears_where_components_come_and_go(site: Site, tmp_path: Path) -> None:
    source = tmp_path / "plate.txt"
    source.write_text("plate")
    with (
        site.session() as here,
        site.session() as there,
        listening(here) as sender,
        listening(there) as listener,
    ):
        heard = subscribe(listener, f"topic=ftrack.location.component-* and data.location_id={SERVER}")
        server = here.get("Location", SERVER)
        component = here.create_component(str(source), location=server)
        server.remove_component(component)
        settle(sender)
        found = heard.until(lambda events: len(events) == 2)
        assert [each["topic"].rpartition("-")[2] for each in found] == ["added", "removed"]
        assert {each["data"]["component_id"] for each in found} == {component["id"]}


def test_a_studio_may_say_where_everybodys_files_are(
    site: Site, session: Session, show: Show, tmp_path: Path
) -> None:
    location = session.create("Location", {"name": unique("central"), "label": "Central"})
    session.commit()
    mounts = dict.fromkeys(("windows", "linux", "osx"), str(tmp_path / "central"))
    scenario = {
        "scenario": "ftrack.centralized-storage",
        "data": {
            "location_id": location["id"],
            "location_name": location["name"],
            "accessor": {"mount_points": mounts},
        },
    }
    (tmp_path / "central").mkdir()
    setting = session.query('Setting where name is "storage_scenario" and group is "STORAGE"').one()
    before = setting["value"]
    setting["value"] = json.dumps(scenario)
    session.commit()
    try:
        with site.session() as later:
            assert later.server_information["storage_scenario"]["scenario"] == "ftrack.centralized-storage"
            assert later.pick_location()["id"] == location["id"]
            source = tmp_path / "plate.txt"
            source.write_text("plate")
            shot = later.get("Shot", show.shots[0])
            asset = later.create("Asset", {"name": unique("plate"), "parent": shot})
            version = later.create("AssetVersion", {"asset": asset})
            later.commit()
            component = version.create_component(str(source), location=later.pick_location())
            path = later.pick_location(component).get_filesystem_path(component)
            assert Path(path).is_relative_to(tmp_path / "central")
    finally:
        setting["value"] = before
        session.commit()


# -- events --------------------------------------------------------------------------------------------------


def _event(topic: str, **more: Any) -> Any:
    return ftrack_api.event.base.Event(topic=topic, **more)


def test_events_are_answered_in_the_order_of_priorities_and_stopped(session: Session) -> None:
    hub, topic, order = session.event_hub, unique("local"), []

    def first(event: Any) -> str:
        order.append("first")
        event.stop()
        return "first"

    hub.subscribe(f"topic={topic}", lambda _event: order.append("second"), priority=200)
    hub.subscribe(f"topic={topic}", first, priority=10)
    assert hub.publish(_event(topic), synchronous=True) == ["first"]
    assert order == ["first"]


def test_subscriptions_may_be_nested_and_end_with_anything(site: Site) -> None:
    topic = unique("studio.render")
    with site.session() as session, listening(session) as hub:
        some = subscribe(hub, f"topic={topic}.* and (data.shot.name=SH* or not data.count>1)")
        every = subscribe(hub, f"topic={topic}.*")
        for data in (
            {"shot": {"name": "SH010"}, "count": "5"},
            {"shot": {"name": "none"}, "count": "5"},
            {"shot": {"name": "none"}, "count": "1"},
        ):
            hub.publish(_event(f"{topic}.done", data=data))
        every.until(lambda events: len(events) == 3)
        settle(hub)
        assert [each["data"]["count"] for each in some.events] == ["5", "1"]


def test_a_hub_that_lost_its_connection_hears_again_what_it_subscribed_to(site: Site) -> None:
    topic = unique("again")
    with (
        site.session() as session,
        listening(session) as hub,
        site.session() as other,
        listening(other) as sender,
    ):
        heard = subscribe(hub, f"topic={topic}")
        hub.disconnect(unsubscribe=False)
        hub.connect()
        settle(hub)
        sender.publish(_event(topic, data={}))
        heard.until(bool)
        settle(hub)
        assert len(heard.events) == 1


def test_a_reply_reaches_whoever_asked(site: Site) -> None:
    topic, replies = unique("ask"), Heard()
    with site.session() as one, site.session() as two, listening(one) as asking, listening(two) as answering:
        answering.subscribe(f"topic={topic}", lambda event: {"heard": event["data"]["word"]})
        settle(answering)
        asking.publish(_event(topic, data={"word": "x"}), on_reply=replies)
        (reply,) = replies.until(bool)
        assert reply["data"] == {"heard": "x"}
        assert reply["in_reply_to_event"]


# -- pages of other origins ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def open_address(site: Site) -> Iterator[str]:
    """The same studio, which lets the pages of one other origin use it."""
    url = site.engine.url.render_as_string(hide_password=False)
    settings = Settings.from_env({}, database_url=url, data_dir=site.directory, cors_origins=PAGE)
    app = create_app(settings)
    with served(app) as address:
        yield address
    studio = app.extensions["studio"]
    studio.reads.dispose()
    studio.writes.dispose()


@pytest.mark.parametrize("path", ["/api", "/component/upload/abc", "/component/get"])
def test_browsers_let_pages_of_a_configured_origin_use_the_api(open_address: str, path: str) -> None:
    for origin, allowed in ((PAGE, PAGE), ("https://elsewhere.example.com", None)):
        answer = requests.options(f"{open_address}{path}", headers={"Origin": origin}, timeout=30)
        assert answer.ok
        assert answer.headers.get("Access-Control-Allow-Origin") == allowed
    asked = requests.options(f"{open_address}{path}", headers={"Origin": PAGE}, timeout=30).headers
    assert "PUT" in asked["Access-Control-Allow-Methods"]
    assert "ftrack-api-key" in asked["Access-Control-Allow-Headers"].lower()


# -- the vocabulary of 2015 ----------------------------------------------------------------------------------


def test_words_of_old_recipes_are_known(session: Session) -> None:
    status = session.query("select name, type.name, state.name from Status").first()
    assert status["type"]["name"] == status["state"]["name"]
    role = session.types["UserSecurityRole"]
    assert "projects" in {each.name for each in role.attributes}
