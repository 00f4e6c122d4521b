"""The two formats, by extension; and which one a request speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from flask import request
from werkzeug.exceptions import NotAcceptable

from zou_server.blueprints.shotrunner import json_format, xml_format

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from zou_server.blueprints.shotrunner.refusals import Messages
    from zou_server.blueprints.shotrunner.vocabulary import Vocabulary

MAX_BODY = 16 * 2**20


class WireFormat(Protocol):
    """A wire format: how objects, lists and errors are written, and bodies read."""

    extension: str
    content_type: str

    def decode(self, body: bytes) -> Any:
        """Return what a body holds."""

    def one(self, vocabulary: Vocabulary, row: str) -> str:
        """Write one object from its row."""

    def many(self, vocabulary: Vocabulary, pieces: Iterable[str]) -> Iterator[str]:
        """Write a list from texts that joined are rows separated by commas."""

    def errors(self, messages: Messages) -> str:
        """Write errors."""

    def as_read(self, value: Any) -> Any:
        """Return a value as a client of this format has it."""


FORMATS: Mapping[str, WireFormat] = {
    each.extension: cast("WireFormat", each) for each in (json_format, xml_format)
}
_BY_CONTENT: Mapping[str, str] = {
    "application/json": "json",
    "text/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}


def wanted_format(extension: str) -> WireFormat:
    """Return the format of an extension; NotAcceptable (406) when there is none."""
    found = FORMATS.get(extension)
    if found is None:
        raise NotAcceptable(f"There is no format '{extension[:40]}': use {' or '.join(FORMATS)}.")
    return found


def format_of_request() -> WireFormat:
    """Return the format to answer in, for errors too: an unknown extension is told so in JSON."""
    extension = (request.view_args or {}).get("extension", "")
    return FORMATS.get(extension, FORMATS["json"])


def body_of_request() -> Any:
    """Return what the body holds ({} for none): by its content type, else by the extension."""
    request.max_content_length = MAX_BODY
    body = request.get_data()
    if not body.strip():
        return {}
    return FORMATS[_BY_CONTENT.get(request.mimetype, format_of_request().extension)].decode(body)
