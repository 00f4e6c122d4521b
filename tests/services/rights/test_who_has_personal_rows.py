"""What people keep and are told is theirs: the rules hold below every dialect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.studio import StudioKit, open_studio
from zou_server.models.actor import Actor
from zou_server.models.errors import DomainError, Forbidden
from zou_server.models.registry import facet
from zou_server.services.write.operations import Act

if TYPE_CHECKING:
    import uuid

    from tests.conftest import SuitePostgres


class Team:
    """Two artists, a manager, a manager of another project, a task and what each of them keeps."""

    def __init__(self, kit: StudioKit) -> None:
        self.kit = kit
        self.project, self.other = kit.project(), kit.project()
        self.ann = kit.person("user", {self.project: None})
        self.bob = kit.person("user", {self.project: None})
        self.lead = kit.person("manager", {self.project: None})
        self.stranger = kit.person("manager", {self.other: None})
        self.task = kit.create("Task", entity_id=kit.shot(self.project), assignees=[self.ann.person_id])

    def seen(self, kind: str, by: Actor) -> set[str]:
        """The ids of the rows that somebody sees."""
        return {row["id"] for row in self.kit.rows(kind, "id", actor=by)}


@pytest.fixture(scope="module")
def kit(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioKit]:
    with open_studio(postgres, tmp_path_factory.mktemp("personal")) as kit:
        yield kit


@pytest.fixture
def team(kit: StudioKit) -> Team:
    return Team(kit)


def test_notifications_are_seen_by_whom_they_tell_and_the_manager_of_the_project(team: Team) -> None:
    team.kit.execute(Act("comment", facet("Task"), team.task, {"text": "look"}), actor=team.lead)
    (told,) = team.seen("Notification", team.ann)
    assert team.seen("Notification", team.lead) == {told}
    assert team.seen("Notification", team.bob) == team.seen("Notification", team.stranger) == set()


def test_nobody_makes_notifications_for_others(team: Team) -> None:
    with pytest.raises(Forbidden):
        team.kit.create("Notification", actor=team.lead, person_id=team.ann.person_id)


def test_nobody_reads_the_notifications_of_others_for_them(team: Team) -> None:
    read = Act("read-notifications", facet("Person"), team.ann.person_id, {})
    with pytest.raises(Forbidden):
        team.kit.execute(read, actor=team.lead)


@pytest.mark.parametrize("kind", ["Subscription", "SearchFilter", "SearchFilterGroup", "DesktopLoginLog"])
def test_nobody_keeps_a_row_for_somebody_else(team: Team, kind: str) -> None:
    values = _values(team, kind)
    with pytest.raises(Forbidden):
        team.kit.create(kind, actor=team.lead, person_id=team.ann.person_id, **values)
    own = team.kit.create(kind, actor=team.lead, **values)
    with pytest.raises(Forbidden):
        team.kit.update(kind, own, actor=team.lead, person_id=team.ann.person_id)


@pytest.mark.parametrize("kind", ["SearchFilter", "SearchFilterGroup", "DesktopLoginLog"])
def test_nobody_sees_or_takes_away_what_somebody_else_keeps(team: Team, kind: str) -> None:
    own = team.kit.create(kind, actor=team.ann, **_values(team, kind))
    assert str(own) not in team.seen(kind, team.bob) | team.seen(kind, team.lead)
    for somebody in (team.bob, team.lead):
        with pytest.raises(DomainError):
            team.kit.delete(kind, own, actor=somebody)
    team.kit.delete(kind, own, actor=team.ann)


def test_a_shared_filter_is_for_the_department_it_names(team: Team) -> None:
    craft = team.kit.create("Department", name=f"Craft {team.project}")
    values = {**_values(team, "SearchFilter"), "is_shared": True, "department_id": craft}
    shared = team.kit.create("SearchFilter", actor=team.lead, **values)
    insider = Actor(
        team.bob.person_id,
        team.bob.name,
        "user",
        project_roles=team.bob.project_roles,
        department_ids=(craft,),
    )
    assert str(shared) in team.seen("SearchFilter", insider)
    assert str(shared) not in team.seen("SearchFilter", team.ann)
    assert str(shared) not in team.seen("SearchFilter", team.stranger)


def _values(team: Team, kind: str) -> dict[str, uuid.UUID | str]:
    named: dict[str, uuid.UUID | str] = {"name": "mine", "list_type": "shot", "project_id": team.project}
    values: dict[str, dict[str, uuid.UUID | str]] = {
        "SearchFilter": named,
        "SearchFilterGroup": named,
        "Subscription": {"task_id": team.task},
    }
    return values.get(kind, {})
