"""JSON as ActiveResource reads it: bare lists, single objects under their root, never null.

Rows arrive from PostgreSQL as finished JSON text, so nothing is encoded here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from zou_server.blueprints.shotrunner.refusals import BadRequest, Messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from zou_server.blueprints.shotrunner.vocabulary import Vocabulary

extension = "json"
content_type = "application/json"


def decode(body: bytes) -> Any:
    """Return what a body holds; BadRequest when it is no JSON."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"The body is not JSON: {error}.") from None


def one(vocabulary: Vocabulary, row: str) -> str:
    """One object under its root; a lone attribute without it would be unwrapped to nothing."""
    return f'{{"{vocabulary.singular}": {row}}}'


def many(_: Vocabulary, pieces: Iterable[str]) -> Iterator[str]:
    """A bare list; the pieces joined are objects separated by commas."""
    yield "["
    yield from pieces
    yield "]"


def errors(messages: Messages) -> str:
    """The errors of each attribute."""
    return orjson.dumps({"errors": messages}).decode()


def as_read(value: Any) -> Any:
    """A value as a client of this format has it."""
    return value
