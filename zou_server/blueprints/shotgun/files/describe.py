"""The forms and downloads as OpenAPI."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zou_server.blueprints.shotgun.files.addresses import PENDING, PLACES
from zou_server.blueprints.shotgun.files.forms import FORMS
from zou_server.description import Schema, answer, one_of, operation, parameter

_TEXT: Schema = {"type": "string"}
_SAID = answer("`1:` and an id, or `0:` and why not.", _TEXT, media="text/plain")
_KEPT = answer("The bytes.", _TEXT, media="*/*")
_ELSEWHERE = answer("The file is at another address.")
_NOT_THERE = answer("There is no such file.")
_REFUSED = answer("Log in first, or ask for a new address.")
_NUMBER = parameter("number", "path", {"type": "integer"})
_NO_ADDRESS = answer("This is not the address of a file.")
_DOWNLOAD: Mapping[int, Schema] = {
    200: _KEPT,
    302: _ELSEWHERE,
    400: _NOT_THERE,
    403: _REFUSED,
    404: _NO_ADDRESS,
}


def describe_files(tag: str) -> dict[str, Any]:
    """Every route that has to do with files, and the one that answers Toolkit's metrics."""
    said = {200: _SAID}
    part = {200: answer("The part is kept."), 404: answer("There is no such upload.")}
    shown = {200: answer("The picture.", _TEXT, media="image/png")}
    upload = [parameter("upload", "path", _TEXT), _NUMBER]
    place = [
        parameter("place", "path", one_of(sorted(PLACES))),
        parameter("id_", "path", {"type": "string", "format": "uuid"}),
    ]

    def one(method: str, summary: str, answers: Mapping[int, Schema], *parameters: Schema) -> dict[str, Any]:
        return {method: operation(tag, summary, answers, parameters=parameters, security=[])}

    return {
        **{f"/upload/{name}": one("post", _sentence(form), said) for name, form in FORMS.items()},
        "/upload/{name}": one(
            "post", "Refuse a form that there is not", said, parameter("name", "path", _TEXT)
        ),
        "/upload/parts/{upload}/{number}": one("put", "Send a part of a file", part, *upload),
        "/upload/get_thumbnail_url": one("get", "Ask for a thumbnail as old clients do", said),
        "/file_serve/attachment/{number}": one("get", "Download an attachment", _DOWNLOAD, _NUMBER),
        "/file_serve/{place}/{id_}": one("get", "Download by a signed address", _DOWNLOAD, *place),
        PENDING: one("get", "The picture that stands for a thumbnail being made", shown),
        "/api3/track_metrics": one("post", "Take the metrics of Toolkit", {200: answer("It is heard.")}),
    }


def _sentence(form: Callable[..., str]) -> str:
    return str(form.__doc__).splitlines()[0].rstrip(".")
