"""Frames of Socket.IO 0.9: `code:id:endpoint:data`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

DISCONNECT, CONNECT, HEARTBEAT, EVENT = "0", "1", "2", "5"
CONNECTED_FRAME, HEARTBEAT_FRAME, DISCONNECT_FRAME = "1::", "2::", "0::"
EVENT_NAME = "ftrack.event"


@dataclass(frozen=True, slots=True)
class HubFrame:
    """One frame of a client; `id` ends in + when it wants an answer."""

    code: str
    id: str
    data: str


def read_frame(text: str) -> HubFrame | None:
    """The frame in a message; None for what is none."""
    code, id_, _endpoint, data = (*text.split(":", 3), "", "", "")[:4]
    return HubFrame(code, id_, data) if code.isdecimal() else None


def event_of(frame: HubFrame) -> Mapping[str, Any] | None:
    """The event that a frame publishes; None when it is not one."""
    try:
        found = orjson.loads(frame.data)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(found, dict) or found.get("name") != EVENT_NAME:
        return None
    arguments = found.get("args")
    event = arguments[0] if isinstance(arguments, list) and arguments else None
    return event if isinstance(event, dict) and isinstance(event.get("topic"), str) else None


def event_frame(event: Mapping[str, Any]) -> str:
    """The frame that delivers an event."""
    return "5:::" + orjson.dumps({"name": EVENT_NAME, "args": [event]}).decode()


def answer_frame(frame: HubFrame, problem: str = "") -> str:
    """The answer to a frame that wants one."""
    said = {"success": False, "message": problem} if problem else {"success": True}
    return f"6:::{frame.id.rstrip('+')}+" + orjson.dumps([said]).decode()
