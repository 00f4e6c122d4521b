"""Publishing what one works in: a working revision, an output revision made of it, the task to review.

All of it or nothing. Source: docs/protocols/zou.md 1 (POST /project/files/working-files/publish).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.production import Entity
from zou_server.models.registry import Kind
from zou_server.models.task import Task
from zou_server.services.actions.files.new_output_file import new_output_file
from zou_server.services.actions.files.new_working_file import new_working_file
from zou_server.services.actions.send_to_review import send_to_review
from zou_server.services.file_trees.descriptor import BadPath
from zou_server.services.write.given import given_values
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context

VALUES: Mapping[str, Kind] = {
    "person_id": Kind.LINK,
    "comment": Kind.TEXT,
    "name": Kind.TEXT,
    "sep": Kind.TEXT,
    "working_file_revision": Kind.INTEGER,
}


def publish_working_file(context: Context, row: Task, values: Mapping[str, Any]) -> Result:
    """Make both files and send the task to review; the result is the output file.

    Its source is the working file: the revision asked for, else the next.
    """
    found = given_values(values, VALUES)
    shared = {name: found[name] for name in ("person_id", "comment", "name", "sep")}
    working = new_working_file(context, row, {**shared, "revision": found["working_file_revision"]})
    entity = None if row.entity_id is None else context.session.get(Entity, row.entity_id)
    if entity is None:
        raise BadPath("The task is about no entity, so nothing can be published from it.")
    source = {"source_file_id": working.id, "task_type_id": row.task_type_id}
    output = new_output_file(context, entity, {**shared, **source})
    context.session.flush()  # whoever made the working file is on the task now
    told = {"person_id": found["person_id"], "comment": found["comment"], "name": found["name"]}
    send_to_review(context, row, told)
    return output
