"""Files that go with what somebody says in a chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from zou_server.models.chat import ChatMessage
from zou_server.models.registry import facet
from zou_server.services.files.attachments import KeptFile
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context


def attach_to_message(context: Context, row: ChatMessage, values: Mapping[str, Any]) -> Result:
    """Make a row for each of `files` (a list of KeptFile); the result is the message."""
    files: list[KeptFile] = list(values.get("files", ()))
    for file in files:
        context.link(facet("ChatFile"), {**asdict(file), "chat_message_id": row.id})
    return context.result_of(context.touch(facet("ChatMessage"), row))
