"""Who is told of a comment, a reply and an assignation; all in one statement."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.statements import noted
from tests.studio import StudioKit, open_studio
from zou_server.models.actor import Actor
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import facet
from zou_server.services.write.operations import Act, Create, Update

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres


class Talk:
    """A project with a lead, two artists, a client and an outsider, and a task in a sequence."""

    def __init__(self, kit: StudioKit) -> None:
        self.kit = kit
        self.project = kit.project()
        self.lead = kit.person("manager", {self.project: None})
        self.ann = kit.person("user", {self.project: None})
        self.bob = kit.person("user", {self.project: None})
        self.client = kit.person("client", {self.project: None})
        self.sequence = kit.create("Sequence", name="sq010", project_id=self.project)
        self.shot = kit.shot(self.project, parent_id=self.sequence)
        self.step = uuid.UUID(kit.rows("TaskType", "id")[0]["id"])
        self.task = self.new_task(self.shot)
        self.statuses = {row["code"]: uuid.UUID(row["id"]) for row in kit.rows("TaskStatus", "id", "code")}

    def new_task(self, entity: uuid.UUID, **values: Any) -> uuid.UUID:
        """A task of the step on an entity."""
        return self.kit.create("Task", entity_id=entity, task_type_id=self.step, **values)

    def comment(
        self, author: Actor, text: str = "hello", task: uuid.UUID | None = None, **values: object
    ) -> uuid.UUID:
        """A comment on the task."""
        action = Act("comment", facet("Task"), task or self.task, {"text": text, **values})
        return self.kit.execute(action, actor=author)[0].id

    def told(self, person: Actor) -> list[tuple[str, bool]]:
        """What a person was told, oldest first: the type, and whether a status changed."""
        rows = self.kit.rows(
            "Notification",
            "notification_type",
            "change",
            "created_at",
            where=Where("person_id", Op.EQ, str(person.person_id)),
        )
        rows.sort(key=lambda row: (row["created_at"], row["notification_type"]))
        return [(row["notification_type"], row["change"]) for row in rows]


@pytest.fixture(scope="module")
def kit(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioKit]:
    directory: Path = tmp_path_factory.mktemp("told")
    with open_studio(postgres, directory) as kit:
        yield kit


@pytest.fixture
def talk(kit: StudioKit) -> Talk:
    return Talk(kit)


def test_an_assignee_is_told_of_the_assignation_and_of_comments_by_others(talk: Talk) -> None:
    talk.kit.update("Task", talk.task, actor=talk.lead, assignees=[talk.ann.person_id])
    talk.comment(talk.lead, sets_status_id=talk.statuses["wip"])
    talk.comment(talk.lead)
    assert talk.told(talk.ann) == [("assignation", False), ("comment", True), ("comment", False)]
    assert talk.told(talk.lead) == talk.told(talk.bob) == []


def test_nobody_is_told_of_what_they_did_themselves(talk: Talk) -> None:
    talk.kit.update("Task", talk.task, actor=talk.lead, assignees=[talk.lead.person_id])
    talk.comment(talk.lead)
    assert talk.told(talk.lead) == []


def test_a_subscriber_of_the_task_is_told(talk: Talk) -> None:
    talk.kit.create("Subscription", actor=talk.bob, task_id=talk.task)
    talk.comment(talk.lead)
    assert talk.told(talk.bob) == [("comment", False)]


def test_a_subscriber_of_a_step_of_the_sequence_is_told(talk: Talk) -> None:
    talk.kit.create("Subscription", actor=talk.bob, entity_id=talk.sequence, task_type_id=talk.step)
    talk.comment(talk.lead)
    elsewhere = talk.new_task(talk.kit.shot(talk.project))
    talk.comment(talk.lead, task=elsewhere)
    assert talk.told(talk.bob) == [("comment", False)]


def test_who_has_left_the_team_is_told_nothing(talk: Talk) -> None:
    talk.kit.create("Subscription", actor=talk.bob, task_id=talk.task)
    member = talk.kit.rows("Membership", "id", where=Where("person_id", Op.EQ, str(talk.bob.person_id)))
    talk.kit.delete("Membership", uuid.UUID(member[0]["id"]))
    talk.comment(talk.lead)
    assert talk.told(talk.bob) == []


def test_a_client_is_told_of_comments_that_are_for_clients_only(talk: Talk) -> None:
    talk.kit.create("Subscription", actor=talk.client, task_id=talk.task)
    talk.comment(talk.lead)
    talk.comment(talk.lead, for_client=True)
    assert talk.told(talk.client) == [("comment", False)]


def test_the_author_of_a_comment_is_told_of_a_reply(talk: Talk) -> None:
    comment = talk.comment(talk.lead)
    talk.kit.create("Note", actor=talk.bob, parent_id=comment, project_id=talk.project, text="why?")
    assert talk.told(talk.lead) == [("reply", False)]


def test_a_comment_that_is_removed_takes_its_notifications_along(talk: Talk) -> None:
    talk.kit.create("Subscription", actor=talk.bob, task_id=talk.task)
    comment = talk.comment(talk.lead)
    talk.kit.delete("Note", comment)
    assert talk.told(talk.bob) == []
    talk.kit.revive("Note", comment)
    assert talk.told(talk.bob) == [("comment", False)]


def test_each_notification_leaves_an_event(talk: Talk) -> None:
    talk.kit.create("Subscription", actor=talk.bob, task_id=talk.task)
    talk.comment(talk.lead)
    found = talk.kit.rows("Notification", "id", where=Where("person_id", Op.EQ, str(talk.bob.person_id)))
    events = talk.kit.events(uuid.UUID(found[0]["id"]))
    assert [(event["action"], event["kind"], event["actor_id"]) for event in events] == [
        ("create", "Notification", str(talk.lead.person_id))
    ]


def test_a_failed_transaction_tells_nobody(talk: Talk) -> None:
    talk.kit.create("Subscription", actor=talk.bob, task_id=talk.task)
    with talk.kit.studio.write(talk.lead) as work:
        work.execute([Act("comment", facet("Task"), talk.task, {"text": "never said"})])
    assert talk.told(talk.bob) == []


def test_many_comments_are_told_of_by_as_many_statements_as_one(talk: Talk) -> None:
    tasks = [talk.new_task(talk.kit.shot(talk.project)) for _ in range(12)]
    for task in tasks:
        talk.kit.create("Subscription", actor=talk.bob, task_id=task)
    with noted(talk.kit.studio.writes) as statements:
        counted = []
        for some in (tasks[:1], tasks[1:]):
            statements.clear()
            talk.kit.execute(
                *(Create(facet("Note"), {"object_id": task, "text": "look"}) for task in some),
                actor=talk.lead,
            )
            counted.append(len(statements))
    assert counted[0] == counted[1]
    assert talk.told(talk.bob) == [("comment", False)] * 12


def test_a_comment_in_the_name_of_another_is_told_to_whoever_wrote_it(talk: Talk) -> None:
    talk.kit.update("Task", talk.task, assignees=[talk.lead.person_id], actor=talk.lead)
    talk.comment(talk.lead, person_id=str(talk.bob.person_id))
    assert talk.told(talk.lead) == [("comment", False)]
    assert talk.told(talk.bob) == []


def test_whoever_is_assigned_in_the_same_list_hears_of_its_comment(talk: Talk) -> None:
    task = facet("Task")
    comment = Act("comment", task, talk.task, {"text": "have a look"})
    assign = Update(task, talk.task, {"assignees": [talk.ann.person_id]})
    talk.kit.execute(comment, assign, actor=talk.lead)
    assert sorted(talk.told(talk.ann)) == [("assignation", False), ("comment", False)]


def test_a_comment_that_concerns_nobody_else_looks_for_nobody(talk: Talk) -> None:
    action = Act("comment", facet("Task"), talk.task, {"text": "to myself"})
    talk.kit.execute(action, actor=talk.lead)
    with noted(talk.kit.studio.writes) as alone:
        talk.kit.execute(action, actor=talk.lead)
    talk.kit.update("Task", talk.task, assignees=[talk.ann.person_id])
    with noted(talk.kit.studio.writes) as followed:
        talk.kit.execute(action, actor=talk.lead)
    assert len(alone) == len(followed) - 1
    assert talk.told(talk.ann)[-1] == ("comment", False)
