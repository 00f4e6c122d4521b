"""A row that somebody else has changed is not deleted unseen, and pages neither repeat nor lose a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
import requests
import sqlalchemy as sa

from tests.contracts.rules.hands import DIALECTS, Hand
from tests.contracts.rules.site import PASSWORD
from tests.studio import unique
from zou_server.models.production import Entity

if TYPE_CHECKING:
    import uuid

    from tests.contracts.rules.site import Site
    from zou_server.models.actor import Actor

NOON = dt.datetime(2030, 3, 4, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def admin(site: Site) -> Actor:
    """Who runs the studio."""
    return site.person("admin")


def _delete_in_zou(site: Site, hand: Hand, shot: uuid.UUID, version: int) -> int:
    headers = {
        "Authorization": f"Bearer {hand.client.tokens['access_token']}",
        "If-Match": f'"{version}"',
    }
    url = f"{site.url}/api/data/shots/{shot}?force=true"
    with requests.delete(url, headers=headers, timeout=60) as answer:
        return answer.status_code


def _delete_in_shotrunner(site: Site, hand: Hand, shot: uuid.UUID, version: int) -> int:
    number = hand.number("Shot", shot)
    url = f"{site.url}/shots/{number}.json?lock_version={version}"
    with requests.delete(url, auth=(hand.email, PASSWORD), timeout=60) as answer:
        return answer.status_code


DELETES: dict[str, tuple[Callable[[Site, Hand, uuid.UUID, int], int], int, int]] = {
    "zou": (_delete_in_zou, 412, 204),
    "shotrunner": (_delete_in_shotrunner, 409, 200),
}
"""Dialects with versions: how one deletes what one has seen, and the answers to a stale and a fresh one."""


@pytest.mark.parametrize("dialect", DELETES)
def test_a_row_that_has_changed_since_one_saw_it_is_not_deleted(
    site: Site, admin: Actor, dialect: str
) -> None:
    kit, hand = site.kit, site.hand(admin, dialect)
    delete, stale, done = DELETES[dialect]
    shot = kit.shot(kit.project())
    seen = kit.row("Shot", shot, "lock_version")
    kit.update("Shot", shot, description="another's word")
    assert delete(site, hand, shot, seen) == stale
    assert kit.row("Shot", shot, "description") == "another's word"
    assert delete(site, hand, shot, seen + 1) == done
    assert kit.row("Shot", shot, "id") is None


# -- pages of rows that nothing tells apart but their id -----------------------------------------------------

PAGE, ROWS = 7, 40


def _zou_pages(hand: Hand, project: uuid.UUID) -> list[list[str]]:
    found = []
    for page in range(1, 9):
        url = f"{hand.url}/api/data/shots?project_id={project}&page={page}&limit={PAGE}"
        headers = {"Authorization": f"Bearer {hand.client.tokens['access_token']}"}
        with requests.get(url, headers=headers, timeout=60) as answer:
            found.append([each["name"] for each in answer.json()["data"]])
    return found


def _shotgun_pages(hand: Hand, project: uuid.UUID) -> list[list[str]]:
    link = {"type": "Project", "id": hand.number("Project", project)}
    order = [{"field_name": "updated_at", "direction": "desc"}]
    return [
        [
            each["code"]
            for each in hand.client.find(
                "Shot", [["project", "is", link]], ["code"], order=order, limit=PAGE, page=page
            )
        ]
        for page in range(1, 9)
    ]


def _ftrack_pages(hand: Hand, project: uuid.UUID) -> list[list[str]]:
    hand.client.reset()
    asked = f'select name from Shot where project_id is "{project}" order by created_at descending'
    return [
        [row["name"] for row in hand.client.query(f"{asked} offset {page * PAGE} limit {PAGE}").all()]
        for page in range(8)
    ]


def _shotrunner_pages(hand: Hand, project: uuid.UUID) -> list[list[str]]:
    number = hand.number("Project", project)
    return [
        [
            each.shot_code
            for each in hand.client.Shot.find(
                project_id=number, order="-updated_at", page=page, per_page=PAGE
            )
        ]
        for page in range(1, 9)
    ]


PAGES: dict[str, Callable[[Hand, uuid.UUID], list[list[str]]]] = {
    "zou": _zou_pages,
    "shotgun": _shotgun_pages,
    "ftrack": _ftrack_pages,
    "shotrunner": _shotrunner_pages,
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_pages_of_rows_of_one_moment_neither_repeat_nor_lose_a_row(
    site: Site, admin: Actor, dialect: str
) -> None:
    kit = site.kit
    project = kit.project()
    names = sorted(unique("Shot") for _ in range(ROWS))
    for name in names:
        kit.create("Shot", name=name, project_id=project)
    with kit.studio.writes.begin() as connection:
        connection.execute(
            sa.update(Entity)
            .where(Entity.project_id == project)
            .values(created_at=NOON, updated_at=NOON, sort_order=0)
        )
    pages = PAGES[dialect](site.hand(admin, dialect), project)
    assert [len(page) for page in pages] == [7, 7, 7, 7, 7, 5, 0, 0]
    assert sorted(name for page in pages for name in page) == names
