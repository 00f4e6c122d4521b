"""Casting: only what differs changes, in few statements, and what is ready is counted."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.contracts.statements import noted
from tests.studio import StudioKit, open_studio, unique
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Where
from zou_server.models.errors import Forbidden, Invalid, NotFound
from zou_server.models.registry import facet
from zou_server.services.casting.cast_assets import Cast, CastPart, cast_asset, replace_castings
from zou_server.services.write.operations import Create

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres


class Stage:
    """A project with a shot, some assets, and two steps in order."""

    def __init__(self, kit: StudioKit) -> None:
        self.kit = kit
        self.project = kit.project()
        self.type = kit.create("AssetType", name=unique("Type")[:30])
        self.first, self.second = (kit.create("TaskType", name=unique("Step")) for _ in range(2))
        kit.update("Project", self.project, task_types=[self.first, self.second])
        self.shot = kit.shot(self.project)

    def assets(self, count: int) -> list[uuid.UUID]:
        """New assets."""
        values = [
            {"name": unique("Asset"), "project_id": self.project, "entity_type_id": self.type}
            for _ in range(count)
        ]
        return [result.id for result in self.kit.execute(*(Create(facet("Asset"), each) for each in values))]

    def replace(self, cast: Cast, actor: Actor = SYSTEM, shot: uuid.UUID | None = None) -> None:
        """Give the shot this cast."""
        with self.kit.studio.write(actor) as work:
            replace_castings(work, self.project, {shot or self.shot: cast})
            work.commit()

    def lines(self) -> dict[str, tuple[int, str]]:
        """Asset -> its part in the shot."""
        rows = self.kit.rows(
            "EntityLink",
            "entity_out_id",
            "nb_occurences",
            "label",
            where=Where("entity_in_id", Op.EQ, str(self.shot)),
        )
        return {row["entity_out_id"]: (row["nb_occurences"], row["label"]) for row in rows}

    def links(self) -> dict[str, str]:
        """Asset -> the id of its link."""
        where = Where("entity_in_id", Op.EQ, str(self.shot))
        rows = self.kit.rows("EntityLink", "id", "entity_out_id", where=where)
        return {row["entity_out_id"]: row["id"] for row in rows}


@pytest.fixture(scope="module")
def kit(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioKit]:
    """A studio of this module's own."""
    with open_studio(postgres, tmp_path_factory.mktemp("casting")) as kit:
        yield kit


@pytest.fixture
def stage(kit: StudioKit) -> Stage:
    """A new project."""
    return Stage(kit)


def test_a_list_is_replaced_and_only_what_differs_changes(stage: Stage) -> None:
    kept, changed, gone, new = stage.assets(4)
    stage.replace({kept: CastPart(1, "fixed"), changed: CastPart(1), gone: CastPart(1)})
    before = stage.links()
    stage.replace({kept: CastPart(1, "fixed"), changed: CastPart(3), new: CastPart(2)})
    assert stage.lines() == {str(kept): (1, "fixed"), str(changed): (3, ""), str(new): (2, "")}
    after = stage.links()
    assert after[str(kept)] == before[str(kept)]
    assert after[str(changed)] == before[str(changed)]
    assert stage.kit.row("EntityLink", uuid.UUID(before[str(kept)]), "lock_version") == 0


def test_the_same_list_again_leaves_no_event(stage: Stage) -> None:
    cast = {asset: CastPart(2) for asset in stage.assets(3)}
    stage.replace(cast)
    before = len(stage.kit.events())
    stage.replace(cast)
    assert len(stage.kit.events()) == before


def test_the_statements_do_not_grow_with_the_list(kit: StudioKit) -> None:
    counts = []
    for size in (2, 40):
        stage = Stage(kit)
        first, second = stage.assets(size), stage.assets(size)
        stage.replace({asset: CastPart(1) for asset in first})
        with noted(kit.studio.writes) as statements:
            stage.replace({asset: CastPart(2) for asset in (*first[: size // 2], *second)})
            counts.append(len(statements))
    assert counts[0] == counts[1]


def test_an_asset_is_put_into_many_shots_and_taken_out_again(stage: Stage) -> None:
    (asset,) = stage.assets(1)
    other = stage.kit.shot(stage.project)
    with stage.kit.studio.write(SYSTEM) as work:
        cast_asset(work, stage.project, asset, [stage.shot, other], 2, "animate")
        work.commit()
    assert stage.lines() == {str(asset): (2, "animate")}
    with stage.kit.studio.write(SYSTEM) as work:
        cast_asset(work, stage.project, asset, [stage.shot], label="fixed")
        work.commit()
    assert stage.lines() == {str(asset): (2, "fixed")}
    with stage.kit.studio.write(SYSTEM) as work:
        cast_asset(work, stage.project, asset, [stage.shot, other], 0)
        work.commit()
    assert stage.lines() == {}


def test_the_entities_and_the_assets_tell_of_it(stage: Stage) -> None:
    (asset,) = stage.assets(1)
    stage.replace({asset: CastPart(1)})
    assert "casting-update" in [event["action"] for event in stage.kit.events(stage.shot)]
    assert "casting-update" in [event["action"] for event in stage.kit.events(asset)]


def test_how_many_assets_are_used_is_kept(stage: Stage) -> None:
    assets = stage.assets(3)
    stage.replace({asset: CastPart(1) for asset in assets})
    assert stage.kit.row("Shot", stage.shot, "nb_entities_out") == 3
    stage.kit.delete("Asset", assets[0])
    assert stage.kit.row("Shot", stage.shot, "nb_entities_out") == 2
    stage.kit.revive("Asset", assets[0])
    assert stage.kit.row("Shot", stage.shot, "nb_entities_out") == 3


# -- ready ---------------------------------------------------------------------------------------------------


def ready(stage: Stage, task: uuid.UUID) -> int:
    found: int = stage.kit.row("Task", task, "nb_assets_ready")
    return found


def test_a_task_counts_the_assets_that_are_ready_for_its_step_or_a_later_one(stage: Stage) -> None:
    early, late = stage.assets(2)
    first = stage.kit.create("Task", entity_id=stage.shot, task_type_id=stage.first)
    second = stage.kit.create("Task", entity_id=stage.shot, task_type_id=stage.second)
    stage.replace({early: CastPart(1), late: CastPart(1)})
    assert (ready(stage, first), ready(stage, second)) == (0, 0)
    stage.kit.update("Asset", early, ready_for=stage.first)
    stage.kit.update("Asset", late, ready_for=stage.second)
    assert (ready(stage, first), ready(stage, second)) == (2, 1)
    assert "update-casting-stats" in [event["action"] for event in stage.kit.events(first)]


def test_a_new_task_starts_with_the_right_number(stage: Stage) -> None:
    (asset,) = stage.assets(1)
    stage.kit.update("Asset", asset, ready_for=stage.first)
    stage.replace({asset: CastPart(1)})
    assert ready(stage, stage.kit.create("Task", entity_id=stage.shot, task_type_id=stage.first)) == 1


def test_an_asset_that_leaves_the_cast_is_ready_no_more(stage: Stage) -> None:
    (asset,) = stage.assets(1)
    stage.kit.update("Asset", asset, ready_for=stage.first)
    stage.replace({asset: CastPart(1)})
    task = stage.kit.create("Task", entity_id=stage.shot, task_type_id=stage.first)
    stage.replace({})
    assert ready(stage, task) == 0


# -- refusals ------------------------------------------------------------------------------------------------


def test_an_entity_of_another_project_is_not_found_and_nothing_changes(stage: Stage) -> None:
    (asset,) = stage.assets(1)
    stranger = stage.kit.shot(stage.kit.project())
    with stage.kit.studio.write(SYSTEM) as work, pytest.raises(NotFound):
        replace_castings(
            work, stage.project, {stage.shot: {asset: CastPart(1)}, stranger: {asset: CastPart(1)}}
        )
    assert stage.lines() == {}


def test_what_does_not_exist_cannot_be_cast(stage: Stage) -> None:
    with pytest.raises(Invalid):
        stage.replace({uuid.uuid4(): CastPart(1)})


def test_an_asset_is_not_cast_in_itself(stage: Stage) -> None:
    (asset,) = stage.assets(1)
    with pytest.raises(Invalid):
        stage.replace({asset: CastPart(1)}, shot=asset)


@pytest.mark.parametrize("role", ["supervisor", "user", "client", "vendor"])
def test_only_managers_cast(stage: Stage, role: str) -> None:
    (asset,) = stage.assets(1)
    somebody = stage.kit.person(role, {stage.project: None})
    with pytest.raises(Forbidden):
        stage.replace({asset: CastPart(1)}, somebody)


def test_a_manager_of_another_project_learns_nothing(stage: Stage) -> None:
    (asset,) = stage.assets(1)
    with pytest.raises(NotFound):
        stage.replace({asset: CastPart(1)}, stage.kit.person("manager", {stage.kit.project(): None}))
