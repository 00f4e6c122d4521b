"""Make the demo series: a small TV show beside the short film, whose animation is shown as movies.

The takes are sent as the artists' tools send them, as archives of numbered pictures: the job worker makes
their movies, film strips and thumbnails as soon as it runs.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from zou_server.models.registry import facet
from zou_server.services.install import demo_production as film
from zou_server.services.install.demo_pictures import draw_frames, draw_poster
from zou_server.services.install.demo_work import MINUTES, Demo
from zou_server.services.previews.send_preview import Desk, Sent, check_may_send, send_preview
from zou_server.services.thumbnails.pictures import store_avatar
from zou_server.services.thumbnails.set_avatar import noted_avatar
from zou_server.services.write.operations import Create, RefBy

PROJECT = {
    "name": "Lamplighters",
    "code": "LL",
    "description": "Two keepers, one lighthouse, and a storm in every episode.",
    "fps": "24",
    "ratio": "16:9",
    "resolution": "1920x1080",
    "production_type": "tvshow",
    "production_style": "2d",
}
FRAMES = 36
STEPS = ("Storyboard", "Animation")
EPISODES = (("E01", "The long dark", "da"), ("E02", "Oil and salt", "yt"))
"""Each with how far its two steps are, by the letters of the film."""
SHOTS: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "SQ010": (("SH010", ("Lighthouse", "Keeper")), ("SH020", ("Keeper", "Storm Lamp"))),
    "SQ020": (("SH010", ("Gull", "Lighthouse")), ("SH020", ("Keeper", "Gull"))),
}
"""Sequence -> its shots and who is seen in them; the same in each episode."""
ASSETS = (
    ("Keeper", "Character", ""),
    ("Gull", "Character", ""),
    ("Lighthouse", "Environment", ""),
    ("Storm Lamp", "Prop", "E01"),
)
"""Name, type and the episode that an asset was made for; those of none are the main pack."""


class _Shot(NamedTuple):
    """A shot that was made."""

    id: uuid.UUID
    episode: str
    sequence: str
    name: str
    cast: tuple[str, ...]
    letters: str

    @property
    def label(self) -> str:
        """The name of its files."""
        return f"{self.episode}_{self.sequence}_{self.name}"


def install_series(made: Demo) -> None:
    """Make the series, with the people of the film; its studio has a queue for the movies."""
    demo = replace(made, actors=dict(made.actors), previews={})
    _open(demo)
    episodes = _ids(demo, [_named("Episode", name, title, demo.project_id) for name, title, _ in EPISODES])
    by_name = {name: id_ for (name, _, _), id_ in zip(EPISODES, episodes, strict=True)}
    assets = dict(zip((name for name, _, _ in ASSETS), _ids(demo, list(_assets(demo, by_name))), strict=True))
    shots = list(_shots(demo, by_name))
    links = [
        Create(facet("EntityLink"), {"entity_in_id": shot.id, "entity_out_id": assets[name]})
        for shot in shots
        for name in shot.cast
    ]
    demo.write(demo.actors[film.PRODUCER], links, -18)
    for shot in shots:
        _work(demo, shot)


def _open(demo: Demo) -> None:
    used = {
        "team": [actor.person_id for actor in demo.actors.values()],
        "asset_types": [RefBy("AssetType", "name", name) for name in dict.fromkeys(a[1] for a in ASSETS)],
        "task_types": [RefBy("TaskType", "name", name) for name in STEPS],
        "task_statuses": [RefBy("TaskStatus", "code", state.status) for state in film.STATES.values()],
    }
    dates = {"start_date": demo.day(-20).date(), "end_date": demo.day(120).date()}
    project = Create(facet("Project"), {**PROJECT, **dates, **used})
    (demo.project_id,) = demo.write(demo.administrator, [project], -20)
    demo.write(demo.administrator, [noted_avatar(facet("Project"), demo.project_id, there=True)], -20)
    store_avatar(demo.storage, demo.project_id, draw_poster(PROJECT["name"]))
    for key, actor in demo.actors.items():
        demo.actors[key] = replace(actor, project_roles={demo.project_id: actor.role})


def _ids(demo: Demo, operations: list[Create]) -> list[uuid.UUID]:
    return demo.write(demo.actors[film.PRODUCER], operations, -19)


def _named(kind: str, name: str, title: str, project_id: uuid.UUID, **more: Any) -> Create:
    return Create(facet(kind), {"name": name, "description": title, "project_id": project_id, **more})


def _assets(demo: Demo, episodes: Mapping[str, uuid.UUID]) -> Iterator[Create]:
    for name, type_, episode in ASSETS:
        place = {"source_id": episodes.get(episode), "entity_type_id": RefBy("AssetType", "name", type_)}
        yield _named("Asset", name, "", demo.project_id, **place)


def _shots(demo: Demo, episodes: Mapping[str, uuid.UUID]) -> Iterator[_Shot]:
    frames = {"frame_in": film.FIRST_FRAME, "frame_out": film.FIRST_FRAME + FRAMES - 1}
    for episode, _, letters in EPISODES:
        parts = [_named("Sequence", name, "", demo.project_id, parent_id=episodes[episode]) for name in SHOTS]
        for (sequence, listed), sequence_id in zip(SHOTS.items(), _ids(demo, parts), strict=True):
            place = {"parent_id": sequence_id, "nb_frames": FRAMES, "data": frames}
            made = [_named("Shot", name, "", demo.project_id, **place) for name, _ in listed]
            for (name, cast), id_ in zip(listed, _ids(demo, made), strict=True):
                yield _Shot(id_, episode, sequence, name, cast, letters)


def _work(demo: Demo, shot: _Shot) -> None:
    """The tasks of a shot, and a take of its animation where that has begun."""
    tasks = [_task(demo, shot, step, film.STATES[x]) for step, x in zip(STEPS, shot.letters, strict=True)]
    *_, animation = demo.write(demo.actors[film.PRODUCER], tasks, -17)
    if film.STATES[shot.letters[-1]].spent:
        _show(demo, shot, animation)


def _task(demo: Demo, shot: _Shot, step: str, state: film.TaskState) -> Create:
    days, people = film.STEPS[step].days, film.STEPS[step].people
    values = {
        "entity_id": shot.id,
        "task_type_id": RefBy("TaskType", "name", step),
        "task_status_id": RefBy("TaskStatus", "code", state.status),
        "assignees": [demo.actors[key].person_id for key in people],
        "estimation": days * MINUTES,
        "start_date": demo.day(state.begins),
        "due_date": demo.day(state.begins + days),
    }
    return Create(facet("Task"), values)


def _show(demo: Demo, shot: _Shot, task: uuid.UUID) -> None:
    """Send the frames of a take, and ask for approval."""
    artist = demo.actors[film.STEPS["Animation"].people[0]]
    name = f"{shot.label}_Animation_v001"
    take = {"name": name, "task_id": task, "person_id": artist.person_id, "revision": 1}
    (preview,) = demo.write(artist, [Create(facet("PreviewFile"), take)], -1)
    said = {"object_id": task, "text": film.DELIVERIES["Animation"], "previews": [preview]}
    said["sets_status_id"] = RefBy("TaskStatus", "code", "wfa")
    demo.write(artist, [Create(facet("Note"), said)], -1)
    check_may_send(demo.studio, artist, preview)
    send_preview(Desk(demo.studio, demo.storage), artist, preview, Sent(f"{name}.zip", _archive(shot)))


def _archive(shot: _Shot) -> io.BytesIO:
    """The frames of a shot as JPEG in an archive, numbered as in its cut."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        frames = draw_frames(shot.sequence, shot.label, dict.fromkeys(shot.cast, 1), "Animation", FRAMES)
        for number, frame in enumerate(frames, film.FIRST_FRAME):
            picture = io.BytesIO()
            frame.save(picture, "JPEG", quality=85)
            file.writestr(f"{shot.label}.{number}.jpg", picture.getvalue())
    archive.seek(0)
    return archive
