"""The actions that prepare and complete uploads; each runs in the unit of work of its request."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.blueprints.ftrack.files.transfers import MOST_PARTS, component_id
from zou_server.blueprints.ftrack.ids import Action
from zou_server.models.errors import Invalid
from zou_server.services.files.component_bytes import (
    join_parts,
    require_parts,
    require_writer,
    use_own_bytes,
)

if TYPE_CHECKING:
    from zou_server.blueprints.ftrack.tools import Tools
    from zou_server.services.write.unit_of_work import UnitOfWork

_LEAST_PARTS = 2
_UNSAFE = frozenset('"\\\r\n')


def get_upload_metadata(tools: Tools, work: UnitOfWork, action: Action) -> str:
    """Where to put the bytes of a component, whose row may come later; in parts when there are many."""
    id_, name = component_id(action.get("component_id")), action.get("file_name")
    if not isinstance(name, str) or not name:
        raise Invalid("file_name is missing.", {"file_name": ["is missing"]})
    require_writer(work, id_)
    parts = action.get("parts")
    if isinstance(parts, int) and parts > _LEAST_PARTS:
        if parts > MOST_PARTS:
            raise Invalid(f"A file is sent in at most {MOST_PARTS} parts.")
        urls = [
            {"part_number": part, "signed_url": tools.transfers.upload_url(work.actor, id_, part)}
            for part in range(1, parts + 1)
        ]
        return _json({"component_id": str(id_), "upload_id": str(id_), "urls": urls})
    headers = {"Content-Type": "application/octet-stream", "Content-Disposition": _attachment(name)}
    url = tools.transfers.upload_url(work.actor, id_)
    return _json({"url": url, "component_id": str(id_), "headers": headers})


def _attachment(name: str) -> str:
    plain = name.encode("ascii", "replace").decode()
    return f'attachment; filename="{"".join("_" if each in _UNSAFE else each for each in plain)}"'


def complete_multipart_upload(tools: Tools, work: UnitOfWork, action: Action) -> str:
    """Make one of the parts that were sent, once the rest of the request stands."""
    id_, storage = component_id(action.get("component_id")), tools.transfers.storage
    numbers = _part_numbers(action.get("parts"))
    require_writer(work, id_)
    require_parts(storage, id_, numbers)
    use_own_bytes(work, id_)
    work.after_commit(partial(join_parts, storage, id_, numbers))
    said = {"action": "complete_multipart_upload", "component_id": str(id_)}
    return _json({**said, "url": tools.transfers.upload_url(work.actor, id_)})


def _part_numbers(parts: Any) -> list[int]:
    """The numbers of the parts, in the order of the file."""
    if not isinstance(parts, list) or not 0 < len(parts) <= MOST_PARTS:
        raise Invalid("parts is missing.", {"parts": ["is missing"]})
    found = [each.get("part_number") if isinstance(each, dict) else None for each in parts]
    numbers = sorted({each for each in found if type(each) is int and 0 < each <= MOST_PARTS})
    if len(numbers) != len(parts):
        raise Invalid("Each of parts has a part_number of its own.", {"parts": ["have no part_number"]})
    return numbers


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
