"""The four real clients with the same few verbs: what a rule is about, in each one's own words."""

from __future__ import annotations

import datetime as dt
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import arrow
import gazu
import shotgun_api3
from pyactiveresource import connection

from tests.clients.ftrack.site import ServerError, ftrack_api
from tests.clients.shotrunner.site import classes
from tests.studio import StudioKit

DIALECTS = ("zou", "shotgun", "ftrack", "shotrunner")


class Refused(Exception):
    """A client was told that it may not, or that what it says cannot be."""


class Hand(ABC):
    """A client in somebody's hands; rows are named by our ids, fields by the words of `WORDS`."""

    words: ClassVar[Mapping[str, str]]
    errors: ClassVar[tuple[type[Exception], ...]]

    def __init__(self, kit: StudioKit, url: str, email: str, password: str, api_key: str) -> None:
        self.kit, self.url, self.email, self.password, self.api_key = kit, url, email, password, api_key
        self.client = self.connect()

    @abstractmethod
    def connect(self) -> Any:
        """A client that is logged in."""

    @abstractmethod
    def change(self, kind: str, id_: uuid.UUID, key: str, value: Any) -> None:
        """Set one key of a row, in the dialect's own words."""

    @abstractmethod
    def make(self, kind: str, **values: Any) -> Any:
        """Make a row, in the dialect's own words."""

    @abstractmethod
    def remove(self, kind: str, id_: uuid.UUID) -> None:
        """Delete a row."""

    @abstractmethod
    def comment(self, task: uuid.UUID, text: str) -> None:
        """Say something about a task."""

    @abstractmethod
    def sees(self, kind: str, id_: uuid.UUID) -> bool:
        """Whether a row is there for this person."""

    @abstractmethod
    def value(self, word: str, value: Any) -> Any:
        """A value as this client sends it."""

    def close(self) -> None:
        """Let go of the connection."""
        self.client = None

    def set(self, kind: str, id_: uuid.UUID, word: str, value: Any) -> None:
        """Set what a word stands for; Refused when that may not be."""
        with self.refusals():
            self.change(kind, id_, self.words[word], self.value(word, value))

    def delete(self, kind: str, id_: uuid.UUID) -> None:
        """Delete a row; Refused when that may not be."""
        with self.refusals():
            self.remove(kind, id_)

    def say(self, task: uuid.UUID, text: str) -> None:
        """Comment on a task; Refused when that may not be."""
        with self.refusals():
            self.comment(task, text)

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Turn what a client raises into Refused."""
        try:
            yield
        except self.errors as error:
            raise Refused(str(error)) from error

    def number(self, kind: str, id_: uuid.UUID) -> int:
        """The integer id of a row."""
        found: int = self.kit.row(kind, id_, "number", retired=True)
        return found


class Zou(Hand):
    """gazu."""

    words: ClassVar[Mapping[str, str]] = {
        "status": "task_status_id",
        "progress": "completion_rate",
        "description": "description",
        "real start": "real_start_date",
        "real end": "end_date",
        "name": "name",
        "due": "due_date",
        "estimation": "estimation",
        "parent": "parent_id",
        "entity": "entity_id",
        "active": "active",
    }
    errors: ClassVar[tuple[type[Exception], ...]] = (
        gazu.exception.NotAllowedException,
        gazu.exception.ParameterException,
        gazu.exception.RouteNotFoundException,
    )

    def connect(self) -> Any:
        client = gazu.client.create_client(f"{self.url}/api")
        gazu.log_in(self.email, self.password, client=client)
        return client

    def change(self, kind: str, id_: uuid.UUID, key: str, value: Any) -> None:
        gazu.client.put(f"data/{PLURALS[kind]}/{id_}", {key: value}, client=self.client)

    def make(self, kind: str, **values: Any) -> Any:
        return gazu.client.post(f"data/{PLURALS[kind]}", values, client=self.client)

    def remove(self, kind: str, id_: uuid.UUID) -> None:
        gazu.client.delete(f"data/{PLURALS[kind]}/{id_}", client=self.client)

    def comment(self, task: uuid.UUID, text: str) -> None:
        status = self.kit.row("Task", task, "task_status_id")
        gazu.task.add_comment(str(task), {"id": status}, comment=text, client=self.client)

    def sees(self, kind: str, id_: uuid.UUID) -> bool:
        rows = gazu.client.fetch_all(f"{PLURALS[kind]}?id={id_}", client=self.client)
        return bool(rows)

    def value(self, _word: str, value: Any) -> Any:
        if isinstance(value, dt.datetime):
            return value.isoformat()
        return str(value) if isinstance(value, uuid.UUID) else value

    def close(self) -> None:
        self.client.session.close()


class Shotgun(Hand):
    """shotgun_api3, with a person's log-in."""

    words: ClassVar[Mapping[str, str]] = {
        "status": "sg_status_list",
        "description": "sg_description",
        "name": "content",
        "due": "due_date",
        "estimation": "est_in_mins",
        "parent": "sg_sequence",
        "entity": "entity",
        "active": "sg_status_list",
    }
    errors: ClassVar[tuple[type[Exception], ...]] = (shotgun_api3.Fault,)

    def connect(self) -> Any:
        return shotgun_api3.Shotgun(self.url, login=self.email, password=self.password)

    def change(self, kind: str, id_: uuid.UUID, key: str, value: Any) -> None:
        self.client.update(THEIRS.get(kind, kind), self.number(kind, id_), {key: value})

    def make(self, kind: str, **values: Any) -> Any:
        return self.client.create(kind, values)

    def remove(self, kind: str, id_: uuid.UUID) -> None:
        self.client.delete(THEIRS.get(kind, kind), self.number(kind, id_))

    def comment(self, task: uuid.UUID, text: str) -> None:
        link = {"type": "Task", "id": self.number("Task", task)}
        project = self.kit.row("Task", task, "project_id")
        number = self.kit.row("Project", project, "number")
        self.client.create(
            "Note",
            {"project": {"type": "Project", "id": number}, "note_links": [link], "content": text},
        )

    def sees(self, kind: str, id_: uuid.UUID) -> bool:
        number = self.number(kind, id_)
        return bool(self.client.find_one(THEIRS.get(kind, kind), [["id", "is", number]]))

    def value(self, word: str, value: Any) -> Any:
        if word == "status":
            return self.kit.row("TaskStatus", value, "shotgun_code")
        if word == "active":
            return "act" if value else "dis"
        if word == "due":
            return value.date()
        if isinstance(value, uuid.UUID):
            kind = KIND_OF[word]
            return {"type": kind, "id": self.number(kind, value)}
        return value

    def close(self) -> None:
        self.client.close()


class Ftrack(Hand):
    """ftrack_api, with a person's key."""

    words: ClassVar[Mapping[str, str]] = {
        "status": "status_id",
        "description": "description",
        "name": "name",
        "due": "end_date",
        "estimation": "bid",
        "parent": "parent_id",
        "entity": "parent_id",
        "active": "is_active",
    }
    errors: ClassVar[tuple[type[Exception], ...]] = (ServerError,)

    def connect(self) -> Any:
        options = {"auto_connect_event_hub": False, "plugin_paths": [], "schema_cache_path": False}
        return ftrack_api.Session(self.url, self.api_key, self.email, **options)

    def change(self, kind: str, id_: uuid.UUID, key: str, value: Any) -> None:
        self.client.reset()
        row = self.client.get(THEIRS_IN_FTRACK.get(kind, kind), str(id_))
        if row is None:
            raise Refused(f"there is no {kind}")
        row[key] = value
        self.client.commit()

    def make(self, kind: str, **values: Any) -> Any:
        self.client.reset()
        row = self.client.create(kind, values)
        self.client.commit()
        return row

    def remove(self, kind: str, id_: uuid.UUID) -> None:
        self.client.reset()
        self.client.delete(self.client.get(THEIRS_IN_FTRACK.get(kind, kind), str(id_)))
        self.client.commit()

    def comment(self, task: uuid.UUID, text: str) -> None:
        self.client.reset()
        user = self.client.query(f'User where email is "{self.email}"').one()
        self.client.get("Task", str(task)).create_note(text, user)
        self.client.commit()

    def sees(self, kind: str, id_: uuid.UUID) -> bool:
        self.client.reset()
        name = THEIRS_IN_FTRACK.get(kind, kind)
        return bool(self.client.query(f'{name} where id is "{id_}"').first())

    def value(self, _word: str, value: Any) -> Any:
        if isinstance(value, dt.datetime):
            return arrow.get(value)
        return str(value) if isinstance(value, uuid.UUID) else value

    def close(self) -> None:
        self.client.reset()
        self.client.close()


class ShotRunner(Hand):
    """pyactiveresource."""

    words: ClassVar[Mapping[str, str]] = {
        "status": "status",
        "progress": "pct_complete",
        "description": "description",
        "real start": "real_start_date",
        "real end": "end_date",
        "name": "title",
        "due": "due_date",
        "estimation": "estimated_time",
        "parent": "sequence_id",
        "entity": "taskable_id",
        "active": "status",
    }
    errors: ClassVar[tuple[type[Exception], ...]] = (
        connection.ForbiddenAccess,
        connection.ResourceNotFound,
        connection.ResourceConflict,
        connection.BadRequest,
        connection.ResourceInvalid,
        connection.ClientError,
    )

    def connect(self) -> Any:
        return classes(self.url, "json", self.email, self.password)

    def change(self, kind: str, id_: uuid.UUID, key: str, value: Any) -> None:
        row = getattr(self.client, THEIRS_IN_SHOTRUNNER.get(kind, kind)).find(self.number(kind, id_))
        setattr(row, key, value)
        self._save(row)

    def make(self, kind: str, **values: Any) -> Any:
        row = getattr(self.client, kind)(values)
        self._save(row)
        return row

    @staticmethod
    def _save(row: Any) -> None:
        if not row.save():
            raise Refused(str(row.errors.full_messages()))

    def remove(self, kind: str, id_: uuid.UUID) -> None:
        getattr(self.client, THEIRS_IN_SHOTRUNNER.get(kind, kind)).find(self.number(kind, id_)).destroy()

    def comment(self, task: uuid.UUID, text: str) -> None:
        self.make("Note", noteable_type="Task", noteable_id=self.number("Task", task), message=text)

    def sees(self, kind: str, id_: uuid.UUID) -> bool:
        name = THEIRS_IN_SHOTRUNNER.get(kind, kind)
        return bool(getattr(self.client, name).exists(self.number(kind, id_)))

    def value(self, word: str, value: Any) -> Any:
        if word == "status":
            return self.kit.row("TaskStatus", value, "code")
        if word == "active":
            return "A" if value else "I"
        if isinstance(value, dt.datetime):
            return value.isoformat()
        return self.number(KIND_OF[word], value) if isinstance(value, uuid.UUID) else value


HANDS: Mapping[str, type[Hand]] = {
    "zou": Zou,
    "shotgun": Shotgun,
    "ftrack": Ftrack,
    "shotrunner": ShotRunner,
}


def said_in(words: Iterable[str]) -> list[tuple[str, str]]:
    """Each dialect with each of the words that it has."""
    return [(dialect, word) for dialect in DIALECTS for word in words if word in HANDS[dialect].words]


PLURALS = {
    "Task": "tasks",
    "Shot": "shots",
    "Sequence": "sequences",
    "Asset": "assets",
    "Episode": "episodes",
    "Person": "persons",
    "Project": "projects",
    "Note": "comments",
    "TimeSpent": "time-spents",
    "WorkingFile": "working-files",
    "Subscription": "subscriptions",
    "TaskStatus": "task-status",
    "EntityType": "entity-types",
}
THEIRS = {"Person": "HumanUser", "TimeSpent": "TimeLog", "TaskStatus": "Status"}
THEIRS_IN_FTRACK = {
    "Person": "User",
    "Asset": "AssetBuild",
    "TaskStatus": "Status",
    "EntityType": "ObjectType",
}
THEIRS_IN_SHOTRUNNER = {"Person": "User", "TaskStatus": "Code"}
KIND_OF = {"parent": "Sequence", "entity": "Shot"}
"""Word -> the kind of row that it is a link to."""
