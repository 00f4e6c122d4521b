"""How many statements comments take."""

from __future__ import annotations

from dataclasses import replace

from tests.contracts.statements import noted
from tests.services.talk.test_status_rules import rule
from tests.services.talk.words import TASK, code, comment, siblings, status
from tests.studio import StudioKit
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import facet
from zou_server.models.visible_rows import FOLLOWED
from zou_server.services.write.operations import Act


def test_a_comment_with_everything_takes_few_statements(kit: StudioKit) -> None:
    project = kit.project()
    artist = replace(kit.person("user", {project: None}), types_with_defaults=frozenset())
    rule(
        kit,
        project,
        in_task_type_id="Layout",
        in_task_status_id="wfa",
        out_task_type_id="Animation",
        out_task_status_id="ready",
    )
    layout, animation, _ = siblings(kit, "Layout", "Animation", "FX", project=project)
    kit.update("Task", layout, assignees=[artist.person_id])
    wfa = status(kit, "wfa")
    with noted(kit.studio.writes) as statements:
        comment(kit, layout, f"@{artist.name} @Animation #FX", actor=artist, sets_status_id=wfa)
    assert code(kit, animation) == "ready"
    assert 0 < len(statements) <= 12


def test_many_comments_take_as_many_statements_as_two(kit: StudioKit) -> None:
    project = kit.project(max_retakes=5)
    artist = kit.person("manager", {project: None})
    counts = []
    for size in (2, 20):
        tasks = [siblings(kit, "Layout", "Animation", project=project)[0] for _ in range(size)]
        acts = [
            Act(
                "comment",
                TASK,
                task,
                {"text": f"@{artist.name} #all", "sets_status_id": status(kit, "retake")},
            )
            for task in tasks
        ]
        with noted(kit.studio.writes) as statements:
            kit.execute(*acts, actor=artist)
        counts.append(len(statements))
    assert 0 < counts[0] == counts[1]


def test_many_watchers_of_a_note_take_as_many_statements_as_two(kit: StudioKit) -> None:
    project = kit.project()
    manager = kit.person("manager", {project: None})
    followed = facet("HumanUser").fields[f"links:{FOLLOWED}"].many
    assert followed is not None
    counts = []
    for size in (2, 20):
        note = kit.create("Note", project_id=project, text="who watches?")
        people = [kit.person("user", {project: None}).person_id for _ in range(size)]
        watch = Act("watch", facet("Note"), note, {"watcher_ids": people})
        with noted(kit.studio.writes) as statements:
            kit.execute(watch, actor=manager)
        counts.append(len(statements))
        links = kit.rows(followed.through, followed.near, where=Where(followed.far, Op.EQ, str(note)))
        assert {row[followed.near] for row in links} == {str(id_) for id_ in people}
    assert 0 < counts[0] == counts[1]
