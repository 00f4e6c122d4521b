"""Pages that Kitsu has open all day: how many statements each takes, and what must exist for it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from tests.contracts.statements import noted

if TYPE_CHECKING:
    from tests.clients.zou.kitsu.page import Page
    from tests.clients.zou.people.own.site import OwnSite

STATEMENTS = {
    # page: the statements that answer it, beside the one that says who asks
    "projects/{project}/schedule-items/task-types": 1,
    "projects/{project}/schedule-items/{step}/sequences": 1,
    "projects/{project}/schedule-items/{step}/asset-types": 1,
    "projects/{project}/quotas/{step}?detail=month&count_mode=weighted": 1,
    "projects/{project}/quotas/persons/{person}?count_mode=feedback": 1,
    "persons/{person}/time-spents/year/2026": 1,
    "persons/{person}/time-spents/week/2026/40?project_id={project}": 1,
    "projects/{project}/news?page=1": 2,
    "projects/{project}/news?page_size=50&page=2": 2,
    "projects/{project}/episodes/stats": 1,
    "projects/{project}/episodes/retake-stats": 1,
}


def names_of(site: OwnSite) -> dict[str, str]:
    made = site.made
    return {
        "project": str(made.project),
        "step": str(made.steps["Animation"]),
        "person": str(made.artist.person_id),
    }


@pytest.mark.parametrize("page", STATEMENTS)
def test_a_page_takes_few_statements(lead: Page, site: OwnSite, page: str) -> None:
    path, studio = f"/data/{page.format(**names_of(site))}", site.app.extensions["studio"]
    lead.get(path)
    with noted(studio.reads, studio.writes) as statements:
        lead.get(path)
    assert len(statements) == 1 + STATEMENTS[page]


@pytest.mark.parametrize("page", STATEMENTS)
def test_what_a_page_is_about_must_exist(lead: Page, site: OwnSite, page: str) -> None:
    hidden = str(site.kit.project())
    for name, id_ in (("project", hidden), ("step", str(uuid.uuid4())), ("person", str(uuid.uuid4()))):
        if f"{{{name}}}" in page.partition("?")[0]:
            path = f"/data/{page.format(**{**names_of(site), name: id_})}"
            refused = lead.answer("GET", path)
            assert refused.status_code == 404
            assert id_ in refused.get_json()["message"]
