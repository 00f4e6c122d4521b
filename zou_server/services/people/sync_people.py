"""The people of a directory taken over by a job that a client asked for, which tells what came of it."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.models.actor import SYSTEM
from zou_server.models.errors import DomainError
from zou_server.models.policies import require
from zou_server.models.registry import facet
from zou_server.models.teamwork import ClientJob
from zou_server.services.people.admit import synchronise
from zou_server.services.write.operations import Create, Update

if TYPE_CHECKING:
    from zou_server.services.ports import Directory
    from zou_server.services.studio import Studio
    from zou_server.services.write.unit_of_work import UnitOfWork

TASK = "sync_people"
TYPE = "SYNC_USERS_LDAP"
"""What clients call this job."""


def order_sync(work: UnitOfWork) -> uuid.UUID:
    """Have the people of the directory taken over; the id of the job that tells of it."""
    require(work.actor, "studio", "update", "have the server do jobs")
    values = {"details": _details("Waits for its turn."), "person_id": str(work.actor.person_id)}
    (made,) = work.execute([Create(facet("ClientJob"), values)])
    work.defer(TASK, {"job_id": str(made.id)})
    return made.id


def sync_people(studio: Studio, directory: Directory | None, role: str, job_id: uuid.UUID) -> None:
    """Do such a job, unless somebody ended it; what cannot be done says why in the job's data."""
    if not _tell(studio, job_id, "running", "Asks the directory."):
        return
    if directory is None:
        _tell(studio, job_id, "failed", "There is no directory: ZOU_SERVER_LDAP_URL names one.")
        return
    try:
        done = synchronise(studio, directory, role)
    except DomainError as error:
        _tell(studio, job_id, "failed", error.message)
        return
    said = f"{done.new} new, {done.changed} changed, {done.closed} closed, {done.same} as they were."
    _tell(studio, job_id, "done", said, **asdict(done))


def give_up_sync(studio: Studio, job_id: uuid.UUID) -> None:
    """Note that the job broke down."""
    _tell(studio, job_id, "failed", "The server could not do this; its log says why.")


def _tell(studio: Studio, job_id: uuid.UUID, status: str, description: str, **counts: Any) -> bool:
    """Say how far the job is; False when it is gone, or has ended."""
    with studio.write(SYSTEM) as work:
        row = work.session.get(ClientJob, job_id)
        if row is None or row.deleted_at is not None or row.status not in ("queued", "running"):
            return False
        values = {"status": status, "details": _details(description, **counts)}
        if status != "running":
            values["finished_at"] = work.now.isoformat()
        work.execute([Update(facet("ClientJob"), job_id, values)])
        work.commit()
        return True


def _details(description: str, **counts: Any) -> str:
    return orjson.dumps({"type": TYPE, "description": description, **counts}).decode()
