"""Rows as answers: one object, a list, a page of one, with the addresses of this server in them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Response, request

from zou_server.blueprints.shotrunner.formats import WireFormat, wanted_format
from zou_server.blueprints.shotrunner.nesting import DEEPLY, Parent
from zou_server.blueprints.shotrunner.parameters import AskedParameters, read_parameters
from zou_server.blueprints.shotrunner.spelling import MARK, SPELLING
from zou_server.services.read.reader import Page
from zou_server.web import current_actor

if TYPE_CHECKING:
    from zou_server.blueprints.shotrunner.vocabulary import Vocabulary
    from zou_server.services.read.spool import Spool
    from zou_server.services.studio import Studio

PAGING = ("page", "per_page", "limit", "offset")


def addressed(text: str | None) -> str | None:
    """A text of the database with the address by which the client reached this server."""
    return text if text is None else _placed(f"{request.host_url.rstrip('/')}{request.script_root}", text)


def _placed(address: str, text: str) -> str:
    return text.replace(MARK, address)


def single(
    vocabulary: Vocabulary, extension: str, row: str, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """One object as an answer."""
    wire = wanted_format(extension)
    return Response(wire.one(vocabulary, row), status=status, content_type=wire.content_type, headers=headers)


def listed(studio: Studio, vocabulary: Vocabulary, extension: str, parent: Parent | None) -> Response:
    """A list as an answer, streamed when it is big; a page says how much there is in all."""
    wire, actor = wanted_format(extension), current_actor()
    given = request.args.items(multi=True)
    asked = read_parameters(vocabulary, [pair for pair in given if parent is None or pair[0] != DEEPLY])
    reader = studio.read(actor)
    query = asked.query(reader, vocabulary, *([parent.condition] if parent else []))
    found = reader.listed(query, SPELLING)
    answer = many_rows(wire, vocabulary, found)
    if asked.is_paged:
        answer.headers.extend(page_headers(asked, reader.count(query, SPELLING)))
    return answer


def many_rows(wire: WireFormat, vocabulary: Vocabulary, found: Page | Spool) -> Response:
    """Rows as an answer."""
    if isinstance(found, Page):
        text = "".join(wire.many(vocabulary, [addressed(found.text) or ""] if found.text else []))
        return Response(text, content_type=wire.content_type)
    place = partial(_placed, f"{request.host_url.rstrip('/')}{request.script_root}")
    answer = Response(wire.many(vocabulary, map(place, found)), content_type=wire.content_type)
    answer.call_on_close(found.close)
    return answer


def page_headers(asked: AskedParameters, total: int) -> dict[str, str]:
    """The total, and where the neighbouring pages are."""
    limit, offset = asked.limit, asked.offset or 0
    places = {}
    if limit:
        places = {
            "prev": max(offset - limit, 0) if offset else None,
            "next": offset + limit if offset + limit < total else None,
        }
    kept = [pair for pair in request.args.items(multi=True) if pair[0] not in PAGING]
    here = f"{request.script_root}{request.path}"
    links = [
        f'<{here}?{urlencode([*kept, ("limit", limit), ("offset", at)])}>; rel="{rel}"'
        for rel, at in places.items()
        if at is not None
    ]
    return {"X-Total-Count": str(total)} | ({"Link": ", ".join(links)} if links else {})
