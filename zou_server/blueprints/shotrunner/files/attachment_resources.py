"""The paths of attachments: bytes within a body, in a form, alone; and pictures of what has one."""

# ruff: noqa: ARG002 - the methods share one interface, and few need all of it

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response, request

from zou_server.blueprints.shotrunner.answers import single
from zou_server.blueprints.shotrunner.files.attached import sent_within
from zou_server.blueprints.shotrunner.refusals import WrongAttributes
from zou_server.blueprints.shotrunner.resources import (
    BelowResource,
    CollectionResource,
    MakingResource,
    MemberResource,
    ShotRunnerResource,
    needed_row,
)
from zou_server.blueprints.shotrunner.wire_values import EMPTY
from zou_server.blueprints.shotrunner.writes import BLANK, attributes_of_body
from zou_server.models.errors import Invalid, NotFound
from zou_server.services.files.attachments import SentFile, stored_attachments
from zou_server.services.files.find_thumbnail import find_thumbnail
from zou_server.services.files.kept_files import AttachedFile, attached_file, give_file
from zou_server.services.files.threadpool import aside
from zou_server.services.files.use_as_thumbnail import use_as_thumbnail
from zou_server.services.thumbnails.fit_picture import fit_picture
from zou_server.services.write.operations import Ref
from zou_server.stored import Download, send_opened
from zou_server.web import current_actor

if TYPE_CHECKING:
    from zou_server.services.ports import Opened, Storage
    from zou_server.services.write.unit_of_work import UnitOfWork

LARGEST_IN_BODY = 12 * 2**20
"""What still fits into a body in base 64; larger files are fetched and sent alone."""

THUMBNAIL_SIZES: Mapping[str, int] = {"small": 100, "medium": 400, "large": 1200}
"""The widest and highest that a picture is, by the word for it in addresses."""


def _give_what_is_within(
    resource: ShotRunnerResource, work: UnitOfWork, number: int, given: Mapping[str, Any]
) -> None:
    with sent_within(resource.site.storage, given) as incoming:
        for kept in incoming.keep():
            give_file(work, resource.site.storage, number, kept)


class AttachmentsResource(CollectionResource):
    """`/attachments.json`."""

    def follow(self, work: UnitOfWork, number: int, given: Mapping[str, Any]) -> None:
        """Let the attachment be of the bytes that the body holds."""
        _give_what_is_within(self, work, number, given)


class AttachmentResource(MemberResource):
    """`/attachments/5.json`."""

    def follow(self, work: UnitOfWork, number: int, given: Mapping[str, Any]) -> None:
        """Let the attachment be of the bytes that the body holds."""
        _give_what_is_within(self, work, number, given)


class AttachmentBelowResource(BelowResource):
    """`/attachments/5/use_as_thumbnail.json` and `/attachments/5/data.json`."""

    def get(self, number: int, name: str, extension: str) -> Response:
        """The bytes in base 64, for clients that read nothing else."""
        if name != "data":
            return super().get(number, name, extension)
        file = attached_file(self.studio.read(current_actor()), number)
        content = _within_a_body(self.site.storage, file)
        row = orjson.dumps({"id": number, "data": base64.b64encode(content).decode()}).decode()
        return single(self.vocabulary, extension, row)

    def put(self, number: int, name: str, extension: str) -> Response:
        """Let the picture be the thumbnail of what it belongs to."""
        if name != "use_as_thumbnail":
            return super().put(number, name, extension)
        with self.studio.write(current_actor()) as work:
            needed_row(work.read, self.vocabulary, ("id",), number)
            use_as_thumbnail(work, self.site.storage, number)
            shown = needed_row(work.read, self.vocabulary, self.vocabulary.shown, number)
            work.commit()
        return single(self.vocabulary, extension, shown)


class ProjectsResource(CollectionResource):
    """`/projects.json`."""

    def follow(self, work: UnitOfWork, number: int, given: Mapping[str, Any]) -> None:
        """Let the picture that the body names be the project's, in every tool."""
        show_logo(self, work, number, given)


class ProjectResource(MemberResource):
    """`/projects/5.json`: its logo is the picture of an attachment."""

    def follow(self, work: UnitOfWork, number: int, given: Mapping[str, Any]) -> None:
        """Let the picture that the body names be the project's, in every tool."""
        show_logo(self, work, number, given)


def show_logo(resource: ShotRunnerResource, work: UnitOfWork, number: int, given: Mapping[str, Any]) -> None:
    """Let the picture of the attachment that a body names be the project's."""
    named = given.get("logo_image_id")
    if named not in EMPTY:
        use_as_thumbnail(work, resource.site.storage, int(str(named)), Ref("Project", number))


# -- paths without an extension ------------------------------------------------------------------------


class DataResource(ShotRunnerResource):
    """`/attachments/5/data`: the bytes themselves."""

    def get(self, number: int, extension: str = "json") -> Response:
        """The bytes, whole or a range of them, to be saved under the name of the file."""
        file = attached_file(self.studio.read(current_actor()), number)
        opened = _opened(self.site.storage, file)
        return send_opened(opened, Download("", file.media_type, file.name, attachment=True))

    def put(self, number: int, extension: str = "json") -> Response:
        """Take the body as the bytes; the file keeps the name that the attachment has."""
        request.max_content_length = self.site.most_bytes
        file = attached_file(self.studio.read(current_actor()), number)
        name = request.args.get("filename") or file.name
        return self._kept(number, SentFile(name, request.stream), extension)

    def _kept(self, number: int, sent: SentFile, extension: str) -> Response:
        with (
            stored_attachments(self.site.storage, [sent]) as incoming,
            self.studio.write(current_actor()) as work,
        ):
            for kept in incoming.keep():
                give_file(work, self.site.storage, number, kept)
            row = needed_row(work.read, self.vocabulary, self.vocabulary.shown, number)
            work.commit()
        return single(self.vocabulary, extension, row)


class UploadResource(MakingResource):
    """`/attachments/upload`: an attachment and its file in one form."""

    def post(self, extension: str = "json") -> Response:
        """Make an attachment of the form's fields and its `file`."""
        request.max_content_length = self.site.most_bytes
        given = attributes_of_body(self.vocabulary, dict(request.form))
        if "file" not in request.files:
            raise WrongAttributes(fields={"file": [BLANK]})
        return self.make(extension, {"title": request.files["file"].filename or "file", **given})

    def follow(self, work: UnitOfWork, number: int, given: Mapping[str, Any]) -> None:
        """Let the attachment be of the form's file."""
        sent = request.files["file"]
        file = SentFile(sent.filename or "file", sent.stream)
        with stored_attachments(self.site.storage, [file]) as incoming:
            for kept in incoming.keep():
                give_file(work, self.site.storage, number, kept)


class ThumbnailResource(ShotRunnerResource):
    """`/shots/5/thumb/medium`: the picture of whatever has one, fitted into a square of that size."""

    def get(self, number: int, size: str, extension: str = "json") -> Response:
        """The picture."""
        wanted = THUMBNAIL_SIZES.get(size)
        if wanted is None:
            raise NotFound(f"There is no size '{size[:40]}': {', '.join(THUMBNAIL_SIZES)}.")
        key = find_thumbnail(
            self.studio.read(current_actor()), self.site.storage, self.vocabulary.facet, number
        )
        with self.site.storage.open(key).stream as stream:
            fitted = aside(lambda: fit_picture(stream, wanted))
        if fitted is None:
            raise NotFound(f"The file of this {self.vocabulary.singular} is no picture.")
        answer = Response(fitted.content, mimetype=fitted.media_type)
        answer.cache_control.private, answer.cache_control.max_age = True, 3600
        return answer


PICTURED = ("projects", "sequences", "shots", "elements", "assets", "tasks", "attachments")
"""Plurals of what has thumbnails."""

FILE_PATHS: tuple[tuple[str, tuple[str, ...], str, type[ShotRunnerResource]], ...] = (
    ("data", ("attachments",), "/<int:number>/data", DataResource),
    ("upload", ("attachments",), "/upload", UploadResource),
    ("upload_as", ("attachments",), "/upload.<extension>", UploadResource),
    ("thumb", PICTURED, "/<int:number>/thumb/<size>", ThumbnailResource),
)
"""Name, the plurals that have it, the path behind the plural, and what answers it."""


def _opened(storage: Storage, file: AttachedFile) -> Opened:
    if not file.key:
        raise NotFound("This attachment has no file.")
    return storage.open(file.key)


def _within_a_body(storage: Storage, file: AttachedFile) -> bytes:
    opened = _opened(storage, file)
    with opened.stream as stream:
        if opened.size > LARGEST_IN_BODY:
            raise Invalid("This file is too large for a body: fetch it without an extension.")
        return stream.read()
