"""What else a scene needs: files with bytes, a comment with its parts, news, notifications, imported rows.

Each of them is there before the first request and is named by a route's own arguments (`bodies.py`), so
that no other route changes or removes it: what a store keeps is not undone.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

from tests.factories import Factory
from tests.media import movie, picture
from tests.studio import StudioKit
from zou_server.adapters.storage import make_storage
from zou_server.models.actor import Actor
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import facet
from zou_server.services.file_trees.keep_working_file import working_file_key
from zou_server.services.files.attachments import KeptFile, new_file_key
from zou_server.services.previews.keys import new_source_key, rendition_key
from zou_server.services.thumbnails.pictures import picture_key
from zou_server.services.thumbnails.set_avatar import noted_avatar
from zou_server.services.write.operations import Act

SHOTGUN_ID = 4711
IMPORTED = (
    "Asset",
    "Episode",
    "HumanUser",
    "Membership",
    "Note",
    "PreviewFile",
    "Project",
    "Scene",
    "Sequence",
    "Shot",
    "Task",
    "TaskStatus",
    "TaskType",
)
"""What Shotgun's synchronisers remove: a row of each is known by `SHOTGUN_ID`."""

RENDITIONS = ("originals", "previews", "thumbnails", "thumbnails-square")
MOVIES = ("originals", "low", "tiles")
DAY = "2026-01-05"


def parts_of_a_comment(kit: StudioKit, rows: Mapping[str, uuid.UUID], film: Path) -> dict[str, uuid.UUID]:
    """A comment on the task, its reply, its attachment and its movie; and a working file with its content."""
    task = rows["Task"]
    note = _acted(kit, "comment", "Task", task, text="with parts")
    preview = _acted(kit, "add_preview", "Note", note)
    return {
        "comment with parts": note,
        "reply": _acted(kit, "reply", "Note", note, text="answered"),
        "attachment with bytes": _attachment(kit, note),
        "shown movie": _shown(kit, preview, film),
        "working file with bytes": _working_file(kit, task),
    }


def time_spent(kit: StudioKit, rows: Mapping[str, uuid.UUID], person: uuid.UUID) -> uuid.UUID:
    """An hour of somebody on the task."""
    return kit.create("TimeSpent", task_id=rows["Task"], person_id=person, date=DAY, duration=60.0)


def of_departments(factory: Factory) -> None:
    """A machine and a licence of the department that the routes name."""
    for name in ("HardwareItem", "Software"):
        column = "hardware_item_id" if name == "HardwareItem" else "software_id"
        links: dict[str, Any] = {"department_id": factory.target("Department"), column: factory.target(name)}
        factory.kit.create(f"{name}DepartmentLink", **links)


def notifications(
    kit: StudioKit, rows: Mapping[str, uuid.UUID], actors: Mapping[str, Actor]
) -> dict[str, uuid.UUID]:
    """What everybody was told of the comment, by `told` and who."""
    about: dict[str, Any] = {
        "task_id": rows["Task"],
        "project_id": rows["Project"],
        "comment_id": rows["comment with parts"],
    }
    return {
        f"told {who}": kit.create("Notification", person_id=actor.person_id, **about)
        for who, actor in actors.items()
    }


def imported(factory: Factory) -> None:
    """Rows that came from Shotgun, on which nothing hangs."""
    for name in IMPORTED:
        factory.make(name, shotgun_id=SHOTGUN_ID)


def pictured(kit: StudioKit, rows: Iterable[tuple[str, uuid.UUID]]) -> None:
    """A picture for each row: (facet, id)."""
    storage = make_storage(kit.settings)
    for name, id_ in rows:
        storage.put(picture_key("thumbnails", id_), _opened(picture()))
        kit.execute(noted_avatar(facet(name), id_, there=True))


def short_film(directory: Path) -> Path:
    """A movie of some frames."""
    directory.mkdir(parents=True, exist_ok=True)
    return movie(directory / "short.mp4", "-pix_fmt", "yuv420p", seconds=0.2)


def _acted(kit: StudioKit, action: str, name: str, id_: uuid.UUID, /, **values: Any) -> uuid.UUID:
    return kit.execute(Act(action, facet(name), id_, values))[0].id


def _attachment(kit: StudioKit, note: uuid.UUID) -> uuid.UUID:
    key = new_file_key()
    stored = make_storage(kit.settings).put(key, _opened(picture()))
    kept = KeptFile(key, "plate.png", "png", "image/png", stored.size, stored.checksum)
    _acted(kit, "attach", "Note", note, files=[kept])
    where = Where("comment_id", Op.EQ, str(note))
    return uuid.UUID(kit.rows("AttachmentFile", "id", where=where)[0]["id"])


def _shown(kit: StudioKit, id_: uuid.UUID, film: Path) -> uuid.UUID:
    """Let a preview show a movie, with everything that is made of one."""
    storage, key = make_storage(kit.settings), new_source_key("previews", id_, "mp4")
    stored = storage.put(key, _opened(film.read_bytes()))
    known = {"checksum": stored.checksum, "size": stored.size, "name": "short", "extension": "mp4"}
    _acted(kit, "receive_preview", "PreviewFile", id_, source_key=key, **known)
    for size in RENDITIONS:
        storage.put(rendition_key(f"pictures/{size}", id_), _opened(picture()))
    for size in MOVIES:
        storage.put(rendition_key(f"movies/{size}", id_), _opened(film.read_bytes()))
    facts = {"width": 64, "height": 48, "duration": 0.2, "file_size": stored.size, "data": {}}
    _acted(kit, "settle_preview", "PreviewFile", id_, source_key=key, outcome="ready", **facts)
    line = {"type": "line", "x2": 9, "stroke": "red"}
    drawn = [{"time": 0, "drawing": {"objects": [line]}}]
    return _acted(kit, "annotate_preview", "PreviewFile", id_, additions=drawn)


def _working_file(kit: StudioKit, task: uuid.UUID) -> uuid.UUID:
    id_ = kit.create("WorkingFile", name="with bytes", task_id=task, revision=1)
    make_storage(kit.settings).put(working_file_key(id_), _opened(b"a scene"))
    return id_


def _opened(content: bytes) -> IO[bytes]:
    return io.BytesIO(content)
