"""The routes of files: forms, downloads, and the picture that stands for one being made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from flask import Response, request

from zou_server.blueprints.shotgun.files.addresses import PENDING, PLACES
from zou_server.blueprints.shotgun.files.forms import FORMS, forms_parts
from zou_server.models.errors import DomainError
from zou_server.services.files.row_pictures import pending_picture

if TYPE_CHECKING:
    from flask import Blueprint

    from zou_server.blueprints.shotgun.files.addresses import Addresses
    from zou_server.blueprints.shotgun.files.downloads import Downloads
    from zou_server.blueprints.shotgun.files.forms import Forms


@dataclass(frozen=True, slots=True)
class Files:
    """All that has to do with files."""

    forms: Forms
    downloads: Downloads
    addresses: Addresses


def add_file_routes(blueprint: Blueprint, files: Files) -> None:
    """Add the routes; names of forms are those that the client posts to."""
    for name, form in FORMS.items():
        blueprint.add_url_rule(f"/upload/{name}", name, partial(files.forms.answer, form), methods=["POST"])
    blueprint.add_url_rule("/upload/<name>", "no_form", partial(_no_form, files.forms), methods=["POST"])
    blueprint.add_url_rule(
        "/upload/parts/<upload>/<int:number>", "upload_part", partial(_part, files.forms), methods=["PUT"]
    )
    blueprint.add_url_rule("/upload/get_thumbnail_url", "get_thumbnail_url", _no_thumbnail)
    blueprint.add_url_rule("/file_serve/attachment/<int:number>", "download", files.downloads.by_number)
    blueprint.add_url_rule("/file_serve/<place>/<uuid:id_>", "signed", partial(_signed, files.downloads))
    blueprint.add_url_rule(PENDING, "pending", _pending)
    blueprint.add_url_rule("/api3/track_metrics", "track_metrics", _tracked, methods=["POST"])


def _part(forms: Forms, upload: str, number: int) -> Response:
    request.max_content_length = forms.most_bytes
    try:
        checksum = forms_parts(forms).put(upload, number, request.stream)
    except DomainError as error:
        return Response(error.message, status=404, mimetype="text/plain")
    return Response("", headers={"ETag": f'"{checksum}"'})


def _signed(downloads: Downloads, place: str, id_: Any) -> Any:
    return downloads.signed(place, str(id_)) if place in PLACES else Response(status=404)


def _no_form(forms: Forms, name: str) -> Response:
    """A sentence in place of 404, which the client takes for a server that is away and tries again."""
    request.max_content_length = forms.most_bytes
    return Response(f"0:There is no form '{name[:40]}' here.", mimetype="text/plain")


def _no_thumbnail() -> Response:
    return Response("0\nAsk for the field 'image'.", mimetype="text/plain")


@cache
def _picture() -> bytes:
    return pending_picture()


def _pending() -> Response:
    return Response(_picture(), mimetype="image/png")


def _tracked() -> Response:
    """Toolkit tells how it is used; nobody here wants to know."""
    return Response("{}", mimetype="application/json")
