"""A custom value that one client wrote in its own spelling is read as its type by the others."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import gazu
import pytest

from tests.clients.served_studio import served_studio
from tests.clients.test_who_does_what_in_every_dialect import Caller, Site
from tests.conftest import SuitePostgres

TYPES = ("date", "number", "boolean", "string", "taglist")


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The studio, served: its shots have a custom field of each type."""
    with served_studio(postgres, tmp_path_factory.mktemp("values")) as (kit, url):
        project = kit.project()
        for each in TYPES:
            kit.create(
                "FieldDescriptor", name=each, field_name=f"a_{each}", entity_type="Shot", data_type=each
            )
        yield Site(kit, url, project, project, [], [])


@pytest.fixture(scope="module")
def boss(site: Site) -> Caller:
    """An administrator with all four clients."""
    return Caller(site, site.person("admin"))


class Shown:
    """One shot, written by gazu or ftrack_api, and asked for by shotgun_api3."""

    def __init__(self, boss: Caller) -> None:
        self.boss, kit = boss, boss.site.kit
        self.id = kit.shot(boss.site.project)
        self.code = kit.row("Shot", self.id, "name")

    def keep(self, **data: Any) -> None:
        """Have Zou's client keep values as they are."""
        client = self.boss.zou()
        gazu.client.put(f"data/entities/{self.id}", {"data": data}, client=client)
        client.session.close()

    def keep_with_ftrack(self, key: str, value: object) -> None:
        """Have ftrack's client keep a value of a custom attribute."""
        session = self.boss.ftrack()
        session.get("Shot", str(self.id))["custom_attributes"][key] = value
        session.commit()
        session.close()

    def read_with_ftrack(self, key: str) -> Any:
        """What ftrack's client reads of a custom attribute."""
        session = self.boss.ftrack()
        found = session.get("Shot", str(self.id))["custom_attributes"][key]
        session.close()
        return found

    @property
    def data(self) -> dict[str, Any]:
        """The custom fields as Kitsu reads them."""
        found: dict[str, Any] = self.boss.site.kit.row("Shot", self.id, "data")
        return found

    def ask(self, field: str, *filters: Any) -> list[Any]:
        """What shotgun_api3 finds of the shot under the filters."""
        with self.boss.shotgun() as sg:
            found = sg.find("Shot", [["code", "is", self.code], *filters], [field])
        return [row[field] for row in found]

    def sum(self, field: str, summary: str, grouping: str) -> dict[str, Any]:
        """What shotgun_api3 sums up of the shot."""
        with self.boss.shotgun() as sg:
            found: dict[str, Any] = sg.summarize(
                "Shot",
                [["code", "is", self.code]],
                [{"field": field, "type": summary}],
                grouping=[{"field": field, "type": grouping, "direction": "asc"}],
            )
        return found


@pytest.fixture
def shown(boss: Caller) -> Shown:
    """A shot of its own."""
    return Shown(boss)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(dt.datetime(2026, 3, 29), id="midnight"),  # noqa: DTZ001 - as scripts write it
        pytest.param(dt.datetime(2026, 3, 29, 23, 30), id="evening"),  # noqa: DTZ001
    ],
)
def test_a_date_of_ftracks_client_is_a_day_of_shotguns(shown: Shown, written: dt.datetime) -> None:
    shown.keep_with_ftrack("a_date", written)
    assert shown.ask("sg_a_date") == ["2026-03-29"]
    assert shown.ask("sg_a_date", ["sg_a_date", "is", "2026-03-29"]) == ["2026-03-29"]
    assert shown.ask("sg_a_date", ["sg_a_date", "greater_than", "2026-03-29"]) == []
    assert shown.sum("sg_a_date", "latest", "exact")["summaries"]["sg_a_date"] == "2026-03-29"


def test_the_day_of_a_moment_is_that_in_utc(shown: Shown) -> None:
    shown.keep(a_date="2026-03-29T23:30:00-05:00")
    assert shown.ask("sg_a_date", ["sg_a_date", "is", "2026-03-30"]) == ["2026-03-30"]


@pytest.mark.parametrize("odd", ["", "31/12/2026", "2026-02-30", "2026-02-28T25:00:00", "0000-01-01", 5, []])
def test_what_is_no_date_is_no_date_everywhere(shown: Shown, odd: object) -> None:
    shown.keep(a_date=odd)
    assert shown.ask("sg_a_date", ["sg_a_date", "is", None]) == [None]
    assert shown.ask("sg_a_date", ["sg_a_date", "is_not", None]) == []
    assert shown.sum("sg_a_date", "earliest", "week")["summaries"]["sg_a_date"] is None


@pytest.mark.parametrize(("kept", "read"), [("12.50", 12.5), (" 7 ", 7), (3, 3), ("many", None), ("", None)])
def test_a_number_that_was_kept_as_a_text_is_a_number(shown: Shown, kept: object, read: float | None) -> None:
    shown.keep(a_number=kept)
    assert shown.ask("sg_a_number", ["sg_a_number", "is", read]) == [read]
    assert shown.sum("sg_a_number", "sum", "tens")["summaries"]["sg_a_number"] == (read or 0)


@pytest.mark.parametrize("kept", ["TRUE", "1", 1, True, "no", "", None])
def test_a_tick_is_shown_as_it_is_found(shown: Shown, kept: object) -> None:
    shown.keep(a_boolean=kept)
    (ticked,) = shown.ask("sg_a_boolean")
    assert ticked is (kept in ("TRUE", "1", True))
    assert shown.ask("sg_a_boolean", ["sg_a_boolean", "is", ticked]) == [ticked]


def test_a_number_in_a_text_has_a_first_letter(shown: Shown) -> None:
    shown.keep(a_string=42)
    (group,) = shown.sum("sg_a_string", "count", "firstletter")["groups"]
    assert group["group_value"] == "4"


@pytest.mark.parametrize("large", [10**20, 1e300, -1e19])
def test_a_number_that_no_answer_could_hold_is_refused(shown: Shown, large: float) -> None:
    with pytest.raises(gazu.exception.ParameterException, match="too large"):
        shown.keep(a_number=large)
    shown.keep(a_number=1)
    assert shown.ask("sg_a_number") == [1]


@pytest.mark.parametrize("kept", ["night,rain", " night , rain,", ["night", "rain"]])
def test_a_list_of_words_is_a_list_however_it_is_kept(shown: Shown, kept: object) -> None:
    shown.keep(a_taglist=kept)
    assert shown.ask("sg_a_taglist") == [["night", "rain"]]
    assert shown.read_with_ftrack("a_taglist") == ["night", "rain"]


@pytest.mark.parametrize("kept", ["night,rain,dusk", "night, rain, dusk"])
def test_a_word_of_a_list_that_kitsu_keeps_is_found(shown: Shown, kept: str) -> None:
    shown.keep(a_taglist=kept)
    for word in ("night", "rain", "dusk"):
        assert shown.ask("sg_a_taglist", ["sg_a_taglist", "is", word])
    assert shown.ask("sg_a_taglist", ["sg_a_taglist", "is", "ai"]) == []
    assert shown.ask("sg_a_taglist", ["sg_a_taglist", "is", None]) == []
    shown.keep(a_taglist="")
    assert shown.ask("sg_a_taglist", ["sg_a_taglist", "is", None]) == [[]]


def test_lists_of_words_are_kept_as_kitsu_reads_them(shown: Shown) -> None:
    with shown.boss.shotgun() as sg:
        (row,) = sg.find("Shot", [["code", "is", shown.code]])
        made = sg.update("Shot", row["id"], {"sg_a_taglist": ["night", "rain"]})
    assert (made["sg_a_taglist"], shown.data["a_taglist"]) == (["night", "rain"], "night,rain")
    shown.keep_with_ftrack("a_taglist", ["dusk", "rain"])
    assert (shown.ask("sg_a_taglist"), shown.data["a_taglist"]) == ([["dusk", "rain"]], "dusk,rain")
    with_comma = ["dusk, late", "rain"]
    shown.keep_with_ftrack("a_taglist", with_comma)
    assert (shown.ask("sg_a_taglist"), shown.data["a_taglist"]) == ([with_comma], with_comma)


@pytest.mark.parametrize(("kept", "read"), [("false", False), ("true", True), (True, True), ("", False)])
def test_a_flag_that_kitsu_keeps_is_no_text_for_ftracks_client(
    shown: Shown, kept: object, *, read: bool
) -> None:
    shown.keep(a_boolean=kept)
    assert shown.read_with_ftrack("a_boolean") is read


@pytest.mark.parametrize(
    ("kept", "read"), [("12.50", 12.5), (" 7 ", 7), (3, 3), ("many", None), ("2" * 30, float("2" * 30))]
)
def test_a_number_that_was_kept_as_a_text_is_a_number_for_ftracks_client(
    shown: Shown, kept: object, read: float | None
) -> None:
    shown.keep(a_number=kept)
    assert shown.read_with_ftrack("a_number") == read


def test_every_configuration_has_a_config_that_ftracks_clients_can_parse(site: Site, boss: Caller) -> None:
    list_ = site.kit.create(
        "FieldDescriptor",
        name="Look",
        field_name="a_look",
        entity_type="Shot",
        data_type="list",
        choices=["dark", "light"],
    )
    session = boss.ftrack()
    found = {
        each["key"]: json.loads(each["config"])
        for each in session.query("select key, config from CustomAttributeConfiguration")
    }
    assert set(found) >= {f"a_{each}" for each in TYPES}
    assert found["a_taglist"]["multiSelect"] is True
    assert json.loads(found["a_look"]["data"]) == [
        {"menu": "dark", "value": "dark"},
        {"menu": "light", "value": "light"},
    ]
    own = json.dumps({"multiSelect": False, "data": json.dumps([{"menu": "Dim", "value": "dim"}])})
    row = session.query('CustomAttributeConfiguration where key is "a_look"').one()
    row["config"] = own
    session.commit()
    assert site.kit.row("FieldDescriptor", list_, "choices") == ["dim"]
    assert _config_of(boss, "a_look") == json.loads(own), "its own words for the choices stay"
    site.kit.update("FieldDescriptor", list_, choices=["dim", "dark"])
    assert [each["value"] for each in json.loads(_config_of(boss, "a_look")["data"])] == ["dim", "dark"]
    session.close()


def _config_of(boss: Caller, key: str) -> Any:
    session = boss.ftrack()
    row = session.query(f'select config from CustomAttributeConfiguration where key is "{key}"').one()
    found = json.loads(row["config"])
    session.close()
    return found


def test_an_empty_text_is_none_for_shotguns_client(shown: Shown) -> None:
    shown.keep(a_string="")
    shown.boss.site.kit.update("Shot", shown.id, description="")
    for field in ("sg_a_string", "description"):
        assert shown.ask(field, [field, "is", None]) == [None]
        assert shown.ask(field, [field, "is_not", None]) == []
        (group,) = shown.sum(field, "count", "exact")["groups"]
        assert (group["group_value"], group["summaries"][field]) == (None, 0)
