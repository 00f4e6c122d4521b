"""The production that gazu's functions are called on, made with gazu itself, and the functions' speaker."""

from __future__ import annotations

import datetime as dt
import importlib
import itertools
import subprocess
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import gazu
import imageio_ffmpeg
from PIL import Image

Row = dict[str, Any]
DAY = dt.date(2030, 1, 9)
"""A Wednesday, in the second week of its year."""


class Speaker:
    """gazu's modules with the client of one log-in; it remembers what was called.

    `speaker.asset.get_asset(id)` calls `gazu.asset.get_asset(id, client=...)`.
    """

    def __init__(self, client: Any) -> None:
        self.log_in = client
        self.called: set[str] = set()

    def __getattr__(self, module: str) -> Any:
        return _Module(self, module)


class _Module:
    def __init__(self, speaker: Speaker, name: str) -> None:
        self._speaker, self._name = speaker, name

    def __getattr__(self, function: str) -> Callable[..., Any]:
        self._speaker.called.add(f"{self._name}.{function}")
        found = getattr(importlib.import_module(f"gazu.{self._name}"), function)
        return partial(found, client=self._speaker.log_in)


class Stage:
    """Rows to call functions with, each made when it is first asked for; `new_...` are fresh each time."""

    def __init__(self, url: str, email: str, password: str, directory: Path) -> None:
        self.url, self.email, self.password, self.directory = url, email, password, directory
        self.client = gazu.client.create_client(f"{url}/api")
        gazu.log_in(email, password, client=self.client)
        self.g = Speaker(self.client)
        self._made = Speaker(self.client)
        self._numbers = itertools.count(1)

    def name(self, word: str = "Thing") -> str:
        """A name that nothing else has."""
        return f"{word} {next(self._numbers)}"

    def file(self, suffix: str) -> str:
        """The path of a file that is not there yet."""
        return str(self.directory / f"file{next(self._numbers)}{suffix}")

    def text_file(self, text: str, suffix: str = ".csv") -> str:
        """The path of a file with a text."""
        path = self.file(suffix)
        Path(path).write_text(text, encoding="utf-8")
        return path

    # -- files -----------------------------------------------------------------------------------

    @cached_property
    def picture(self) -> str:
        """The path of a small picture."""
        path = self.file(".png")
        Image.new("RGB", (320, 180), "teal").save(path)
        return path

    @cached_property
    def movie(self) -> str:
        """The path of a movie of one second."""
        path = self.file(".mp4")
        subprocess.run(
            [
                imageio_ffmpeg.get_ffmpeg_exe(),
                "-y",
                "-loglevel",
                "error",
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=320x180:rate=25:duration=1",
                "-pix_fmt",
                "yuv420p",
                path,
            ],
            check=True,
        )
        return path

    # -- vocabulary ------------------------------------------------------------------------------

    @cached_property
    def asset_type(self) -> Row:
        return self._named("asset", "get_asset_type_by_name", "Character")

    @cached_property
    def modeling(self) -> Row:
        return self._named("task", "get_task_type_by_name", "Modeling")

    @cached_property
    def animation(self) -> Row:
        return self._named("task", "get_task_type_by_name", "Animation")

    @cached_property
    def edit_step(self) -> Row:
        return self._named("task", "get_task_type_by_name", "Edit")

    def status(self, short_name: str) -> Row:
        """A task status."""
        return self._named("task", "get_task_status_by_short_name", short_name)

    def _named(self, module: str, function: str, *arguments: Any) -> Row:
        found = getattr(getattr(self._made, module), function)(*arguments)
        assert found is not None, f"the studio has no {arguments}"
        return dict(found)

    def post(self, path: str, body: Any) -> Any:
        """What the server says to a POST that gazu has no function for."""
        return gazu.client.post(path, body, client=self.client)

    # -- the production --------------------------------------------------------------------------

    @cached_property
    def me(self) -> Row:
        return self._named("client", "get_current_user")

    @cached_property
    def project(self) -> Row:
        """A series, whose team is its administrator."""
        found = self._made.project.new_project(
            "The Series",
            "tvshow",
            team=[self.me],
            asset_types=[self.asset_type],
            task_types=[self.modeling, self.animation],
            task_statuses=[self.status(name) for name in ("todo", "wip", "wfa", "done")],
        )
        return dict(found)

    def new_project(self) -> Row:
        return dict(self._made.project.new_project(self.name("Project")))

    @cached_property
    def episode(self) -> Row:
        return self._named("shot", "get_episode_by_name", self.project, "E01")

    @cached_property
    def sequence(self) -> Row:
        return dict(self._made.shot.new_sequence(self.project, "SQ01", self.episode))

    @cached_property
    def shot(self) -> Row:
        found = self._made.shot.new_shot(self.project, self.sequence, "SH010", nb_frames=50)
        self._made.casting.update_shot_casting(
            self.project, found, [{"asset_id": self.asset["id"], "nb_occurences": 2}]
        )
        return dict(self._made.shot.get_shot(found["id"]))

    def new_shot(self) -> Row:
        return dict(self._made.shot.new_shot(self.project, self.sequence, self.name("Shot")))

    @cached_property
    def scene(self) -> Row:
        return dict(self._made.scene.new_scene(self.project, self.sequence, "SC01"))

    @cached_property
    def asset(self) -> Row:
        return dict(self._made.asset.new_asset(self.project, self.asset_type, "Keeper", episode=self.episode))

    def new_asset(self, project: Row | None = None) -> Row:
        return dict(self._made.asset.new_asset(project or self.project, self.asset_type, self.name("Asset")))

    @cached_property
    def edit(self) -> Row:
        return dict(self._made.edit.new_edit(self.project, "Rough Cut", episode=self.episode))

    @cached_property
    def concept(self) -> Row:
        return dict(self._made.concept.new_concept(self.project, "Sketch", entity_concept_links=[self.asset]))

    @cached_property
    def instance(self) -> Row:
        """The asset, once more, in the scene."""
        return dict(self._made.scene.new_scene_asset_instance(self.scene, self.asset))

    @cached_property
    def person(self) -> Row:
        return self.new_person()

    def new_person(self, **more: Any) -> Row:
        name = self.name("Ada")
        mail = f"{name.replace(' ', '').lower()}@example.com"
        return dict(self._made.person.new_person(name, "Lovelace", mail, **more))

    # -- work ------------------------------------------------------------------------------------

    @cached_property
    def task(self) -> Row:
        """The animation of the shot, which the administrator works on."""
        return self._task(self.shot)

    def new_task(self) -> Row:
        return self._task(self.new_shot())

    def _task(self, shot: Row) -> Row:
        return dict(self._made.task.new_task(shot, self.animation, assignees=[self.me]))

    @cached_property
    def asset_task(self) -> Row:
        return dict(self._made.task.new_task(self.asset, self.modeling, assignees=[self.me]))

    def new_comment(self, task: Row | None = None, **more: Any) -> Row:
        return dict(
            self._made.task.add_comment(task or self.task, self.status("wip"), self.name("Words"), **more)
        )

    @cached_property
    def preview(self) -> Row:
        """A picture of the task, ready to be looked at."""
        return self.new_preview()

    def new_preview(self, path: str | None = None) -> Row:
        task = self.new_task()
        comment = self.new_comment(task)
        found = self._made.task.add_preview(task, comment, path or self.picture)
        return dict(self._made.files.wait_for_preview_file(found, poll_interval=0.2))

    @cached_property
    def movie_preview(self) -> Row:
        """A movie of a task, ready to be looked at."""
        return self.new_preview(self.movie)

    # -- files of the studio ---------------------------------------------------------------------

    @cached_property
    def filed(self) -> Row:
        """The project, with a file tree."""
        return dict(
            self.post(f"actions/projects/{self.project['id']}/set-file-tree", {"tree_name": "simple"})
        )

    @cached_property
    def software(self) -> Row:
        return dict(self._made.files.new_software("Sweeper", "swp", "swp"))

    @cached_property
    def output_type(self) -> Row:
        return dict(self._made.files.new_output_type("Sweepings", "swe"))

    @cached_property
    def working_file(self) -> Row:
        assert self.filed
        return dict(self._made.files.new_working_file(self.task, "swept", software=self.software))

    @cached_property
    def output_file(self) -> Row:
        assert self.filed
        return dict(
            self._made.files.new_entity_output_file(self.shot, self.output_type, self.animation, "Out")
        )


def has(rows: Any, **wanted: Any) -> bool:
    """True when one of the rows says all of this."""
    return any(all(row.get(key) == value for key, value in wanted.items()) for row in rows)


def there(row: Row) -> bool:
    """True: for calls whose answer must hold a row that nobody has asked for yet."""
    return bool(row["id"])


def ids(rows: Any) -> list[str]:
    """The ids of rows."""
    return [row["id"] for row in rows]
