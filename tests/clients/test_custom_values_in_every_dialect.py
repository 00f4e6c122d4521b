"""A custom value that one client wrote in its own spelling is read as its type by the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import gazu
import pytest

from tests.clients.served_studio import served_studio
from tests.clients.test_who_does_what_in_every_dialect import Caller, Site
from tests.conftest import SuitePostgres

TYPES = ("date", "number", "boolean", "string")


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
