"""Events that have a name and a payload of their own beside create, update and delete.

The row says whose event it is; `facts` are further keys of the payload (docs/protocols/zou.md 15: ids).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zou_server.services.write.record_changes import plain
from zou_server.services.write.write_events import Recorded

if TYPE_CHECKING:
    from zou_server.models.base import Identity
    from zou_server.services.write.targets import Known


def named_event(action: str, about: Identity | Known, **facts: Any) -> Recorded:
    """The event `<kind>:<action>` of a row, with what else its payload says."""
    payload = {name: plain(value) for name, value in facts.items()}
    return Recorded(action, about.kind, about.id, about.name, about.project_id, new=payload, first=True)
