"""Taking the file of a preview: rights first, then the bytes, then the row and the job, all or nothing.

No transaction is open while the bytes come: that may take an hour.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import IO, Any

import sqlalchemy as sa

from zou_server.models.actor import Actor
from zou_server.models.conditions import All, Op, Output, Projection, Query, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.models.review import PreviewFile
from zou_server.query.spelling import Spelling
from zou_server.services.ports import Storage, Stored, WorkFolders
from zou_server.services.previews.formats import MediaForm, review_form, split_name
from zou_server.services.previews.image_sequence import ARCHIVE, is_sequence
from zou_server.services.previews.keys import new_source_key
from zou_server.services.previews.pack_frames import SentFrame, pack_frames
from zou_server.services.studio import Studio
from zou_server.services.write.operations import Act, Delete
from zou_server.services.write.unit_of_work import UnitOfWork

_ID = Projection((Output("id", "id"),))
_SOURCE = Projection((Output("source_key", "source_key"),))
_PLAIN = Spelling()

PROCESS = "process_preview"
"""The task that makes renditions."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file on its way: its name as the client says it, and its bytes.

    `others` are the files that come after it, to be asked for when its bytes were read.
    """

    name: str
    stream: IO[bytes]
    normalize: bool = True
    others: Iterable[SentFrame] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that receive a file; `folders` for those that come in pieces."""

    studio: Studio
    storage: Storage
    folders: WorkFolders | None = None


def check_may_send(studio: Studio, actor: Actor, id_: uuid.UUID) -> None:
    """Refuse a file before its bytes are looked at: a stranger's, a second one."""
    with studio.write(actor) as work:
        work.execute([Act("check_receiving", facet("PreviewFile"), id_, {})])


def send_preview(desk: Desk, actor: Actor, id_: uuid.UUID, sent: Sent) -> None:
    """Keep the file as it was sent and have renditions made of it; `check_may_send` came before.

    Invalid for an empty file, and for a kind that is not taken: then the preview, which was made for it
    alone, goes too.
    """
    try:
        stem, extension = split_name(sent.name)
    except Invalid:
        _drop_unfilled(desk.studio, actor, id_)
        raise
    key = new_source_key("previews", id_, extension)
    stored = desk.storage.put(key, sent.stream)
    try:
        others = iter(sent.others)
        second = next(others, None)
        if second is not None:
            first, (key, stored, stem) = key, _packed(desk, id_, key, sent.name, chain((second,), others))
            desk.storage.delete(first)
        refuse_empty(stored)
        has_frames = is_sequence(desk.storage, key)
        with desk.studio.write(actor) as work:
            receive(work, desk, id_, key, stored, stem, normalize=sent.normalize, has_frames=has_frames)
            work.commit()
    except BaseException:
        desk.storage.delete(key)
        raise


def _packed(
    desk: Desk, id_: uuid.UUID, first_key: str, name: str, others: Iterable[SentFrame]
) -> tuple[str, Stored, str]:
    """The frames that come one by one as an archive: its key, what is stored, and what it is called."""
    if desk.folders is None:
        raise Invalid("A preview takes one file here.", {"file": ["is more than one"]})
    key = new_source_key("previews", id_, ARCHIVE)
    with desk.folders.folder() as folder, desk.storage.local_copy(first_key) as first:
        archive = folder / f"frames.{ARCHIVE}"
        with first.open("rb") as stream:
            frames = pack_frames(chain((Sent(name, stream),), others), archive)
        with archive.open("rb") as stream:
            return key, desk.storage.put(key, stream), frames.name[:250] or "frames"


def refuse_empty(stored: Stored) -> None:
    """Invalid for a file without a byte."""
    if not stored.size:
        raise Invalid("The file is empty.", {"file": ["is empty"]})


def receive(  # noqa: PLR0913 - what is known of one file
    work: UnitOfWork,
    desk: Desk,
    id_: uuid.UUID,
    key: str,
    stored: Stored,
    stem: str,
    *,
    normalize: bool = True,
    has_frames: bool = False,
) -> None:
    """Note a file that is in the file store already and defer its job, inside a running transaction."""
    extension = key.rpartition(".")[2]
    known: Mapping[str, Any] = {
        "source_key": key,
        "checksum": stored.checksum,
        "size": stored.size,
        "name": stem,
        "extension": extension,
        "has_frames": has_frames,
    }
    before = work.read.one(Query(facet("PreviewFile"), _SOURCE, Where("id", Op.EQ, str(id_))), _PLAIN)
    work.execute([Act("receive_preview", facet("PreviewFile"), id_, known)])
    replaced = json.loads(before or "{}").get("source_key")
    if replaced and not _shares(work, replaced):
        work.after_commit(lambda: desk.storage.delete(replaced))
    if review_form(extension, has_frames=has_frames) is not MediaForm.OTHER:
        arguments = {"preview_id": str(id_), "source_key": key, "normalize": normalize}
        work.defer(PROCESS, arguments)


def _shares(work: UnitOfWork, key: str) -> bool:
    """True when a copy of the preview has the same file; also one that the sender may not see."""
    same = sa.exists().where(PreviewFile.source_key == key)
    return bool(work.session.scalar(sa.select(same)))


def _drop_unfilled(studio: Studio, actor: Actor, id_: uuid.UUID) -> None:
    """Remove a preview that never had a file; one that is to get a better file stays."""
    with studio.write(actor) as work:
        work.execute([Act("check_receiving", facet("PreviewFile"), id_, {})])
        unfilled = All((Where("id", Op.EQ, str(id_)), Where("source_key", Op.NULL)))
        if work.read.one(Query(facet("PreviewFile"), _ID, unfilled), _PLAIN) is not None:
            work.execute([Delete(facet("PreviewFile"), id_)])
            work.commit()
