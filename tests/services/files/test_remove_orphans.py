"""Files that no row names: a process that is killed leaves some, and a day later they are gone."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
import uuid
from typing import IO

import pytest

from tests.media import picture
from tests.studio import StudioKit
from zou_server.adapters.storage import LocalStorage
from zou_server.models.actor import SYSTEM
from zou_server.models.registry import facet
from zou_server.services.files.attachments import SentFile, new_file_key, stored_attachments
from zou_server.services.files.remove_orphans import DAY, find_orphans, remove_orphans
from zou_server.services.previews.keys import new_source_key, rendition_key
from zou_server.services.previews.send_preview import Desk, Sent, send_preview
from zou_server.services.write.operations import Act, Create

PROGRAM = """
import io, sys, time, uuid
from pathlib import Path
from zou_server.adapters.database import make_engine
from zou_server.adapters.jobs import JobQueue
from zou_server.adapters.storage import LocalStorage
from zou_server.models.actor import SYSTEM
from zou_server.services.previews.send_preview import Desk, Sent, send_preview
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.settings import Settings

class Slow(LocalStorage):
    def put(self, key, stream):
        stored = super().put(key, stream)
        print(key, flush=True)
        time.sleep(60)
        return stored

settings = Settings.from_env({}, database_url=sys.argv[1], data_dir=Path(sys.argv[2]))
studio = Studio(make_engine(settings, autocommit=True), make_engine(settings), RULEBOOK, JobQueue())
sent = Sent("take.png", io.BytesIO(b"a picture"))
send_preview(Desk(studio, Slow(settings.storage_dir)), SYSTEM, uuid.UUID(sys.argv[3]), sent)
"""
"""Sends a preview's file, and stands still between the bytes and the row."""


@pytest.fixture
def storage(kit: StudioKit) -> LocalStorage:
    """The store of the studio."""
    return LocalStorage(kit.settings.storage_dir)


def out(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def aged(storage: LocalStorage, key: str, seconds: float = DAY + 60) -> str:
    """Let a file have been there for so long."""
    moment = time.time() - seconds
    os.utime(storage.root / key, (moment, moment))
    return key


def preview(kit: StudioKit) -> uuid.UUID:
    task = kit.create("Task", entity_id=kit.shot(kit.project()))
    return kit.create("PreviewFile", name="take", task_id=task)


def test_what_a_killed_process_stored_is_removed_a_day_later_and_the_file_can_be_sent_again(
    kit: StudioKit, storage: LocalStorage
) -> None:
    id_ = preview(kit)
    arguments = (kit.settings.database_url, str(kit.settings.data_dir), str(id_))
    program = [sys.executable, "-c", PROGRAM, *arguments]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        key = out(process).readline().strip()
        process.send_signal(signal.SIGKILL)
    assert storage.exists(key)
    assert kit.row("PreviewFile", id_, "source_key") is None

    assert list(remove_orphans(kit.studio.writes, storage)) == [], "it may still be under way"
    aged(storage, key)
    assert len(list(remove_orphans(kit.studio.writes, storage))) == 1
    assert not storage.exists(key)

    again = Sent("take.png", io.BytesIO(picture()))
    send_preview(Desk(kit.studio, storage), SYSTEM, id_, again)
    kept = kit.row("PreviewFile", id_, "source_key")
    assert storage.exists(kept)


def test_what_a_row_names_stays_however_old_it_is_and_when_the_row_is_retired(
    kit: StudioKit, storage: LocalStorage
) -> None:
    id_ = preview(kit)
    send_preview(Desk(kit.studio, storage), SYSTEM, id_, Sent("take.png", io.BytesIO(picture())))
    task = kit.row("PreviewFile", id_, "task_id")
    note = kit.execute(Act("comment", facet("Task"), task, {"text": "look"}))[0].id
    with stored_attachments(storage, [SentFile("plate.png", io.BytesIO(picture()))]) as incoming:
        (attached,) = incoming.keep()
        kit.execute(Act("attach", facet("Note"), note, {"files": [attached]}))
    source = kit.row("PreviewFile", id_, "source_key")
    kit.delete("PreviewFile", id_)
    kit.delete("Note", note)
    kept = [aged(storage, key) for key in (source, attached.file_key)]
    assert list(remove_orphans(kit.studio.writes, storage)) == []
    assert all(storage.exists(key) for key in kept)


def test_orphans_of_every_kind_are_found_and_renditions_are_none(
    kit: StudioKit, storage: LocalStorage
) -> None:
    """Renditions have the key of their row: there is one for each row, and it is made again."""
    nobody = uuid.uuid4()
    orphans = {
        new_source_key("previews", nobody, "mov"),
        new_source_key("backgrounds", nobody, "hdr"),
        new_file_key(),
    }
    rendition = rendition_key("pictures/previews", nobody)
    for key in (*orphans, rendition):
        storage.put(key, io.BytesIO(b"x"))
        aged(storage, key)
    assert set(find_orphans(kit.studio.writes, storage)) == orphans
    assert sorted(remove_orphans(kit.studio.writes, storage)) == sorted(orphans)
    assert storage.exists(rendition)


def test_a_store_that_is_still_empty_has_no_orphans(kit: StudioKit, storage: LocalStorage) -> None:
    assert list(find_orphans(kit.studio.writes, LocalStorage(storage.root / "nothing"))) == []


@pytest.mark.parametrize("folder", ["attachments", "previews/sources"])
def test_the_file_of_an_attachment_is_no_orphan(kit: StudioKit, storage: LocalStorage, folder: str) -> None:
    keys = [f"{folder}/abc/def/{uuid.uuid4()}.bin" for _ in range(2)]
    for key in keys:
        storage.put(key, io.BytesIO(b"bytes"))
    file = {"link_type": "upload", "key": keys[0]}
    with kit.studio.write(SYSTEM) as work:
        work.execute([Create(facet("Attachment"), {"name": "a", "data": {"this_file": file}})])
        work.commit()
    found = set(find_orphans(kit.studio.reads, storage, older_than=-1))
    assert keys[1] in found
    assert keys[0] not in found
