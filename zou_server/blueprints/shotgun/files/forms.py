"""The forms below `/upload`: what uploads, shares and links files. Answers are texts with HTTP status 200.

`1:<id>` is success; anything else is shown to the user, and a status of 400 or more would lose it.
"""

from __future__ import annotations

import mimetypes
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import orjson
from flask import Response, request
from werkzeug.exceptions import HTTPException

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.call import Call, projection_for
from zou_server.blueprints.shotgun.callers import caller
from zou_server.blueprints.shotgun.files.addresses import PENDING
from zou_server.blueprints.shotgun.files.attachments import File, attachment
from zou_server.blueprints.shotgun.files.parts import UploadParts
from zou_server.blueprints.shotgun.files.spelling import MOVIE_FIELD
from zou_server.blueprints.shotgun.spelling import SPELLING
from zou_server.models.conditions import Op, Output, Projection, Query, Where
from zou_server.models.errors import DomainError, Invalid, NotFound
from zou_server.models.registry import facet
from zou_server.models.versions import no_picture
from zou_server.query.spelling import Spelling
from zou_server.services.files.find_thumbnail import find_thumbnail
from zou_server.services.files.row_pictures import FIELDS, keep_thumbnail
from zou_server.services.previews.formats import MediaForm, review_form
from zou_server.services.previews.image_sequence import is_sequence
from zou_server.services.previews.keys import new_source_key
from zou_server.services.previews.send_preview import Desk, receive
from zou_server.services.read.integrity import translated
from zou_server.services.write.operations import Create, Operation, Update

if TYPE_CHECKING:
    from zou_server.blueprints.shotgun.schema.wire_types import WireType
    from zou_server.services.people.authenticate import Authenticator
    from zou_server.services.ports import Storage, Stored
    from zou_server.services.studio import Studio
    from zou_server.services.write.unit_of_work import UnitOfWork

_PLAIN = Spelling()
_OF_TARGET = ("project_id", "task_id", "object_id", "revision", "data")
LONGEST_EXTENSION = 10


@dataclass(frozen=True, slots=True)
class Target:
    """The row that a form is about."""

    type: WireType
    id: uuid.UUID
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SentForm:
    """A file that is in the store."""

    name: str
    key: str
    stored: Stored
    has_frames: bool = False
    """True for an archive of numbered pictures."""

    @property
    def extension(self) -> str:
        """The end of its name."""
        return self.key.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Forms:
    """The parts that the forms need."""

    studio: Studio
    authenticator: Authenticator
    storage: Storage
    most_bytes: int

    def answer(self, form: Callable[[Forms, Call], str]) -> Response:
        """The text that a form answers."""
        request.max_content_length = self.most_bytes
        try:
            with translated():
                actor = caller(self.authenticator, request.form)
                call = Call("upload", {}, actor, self.studio, self.authenticator, self.studio.now())
                said = form(self, call)
        except errors.Fault as fault:
            said = f"0:{fault.render('upload')}"
        except DomainError as error:
            said = f"0:{error.message}"
        except HTTPException as error:
            said = f"0:{error.description}"
        return Response(said, mimetype="text/plain")


def given(name: str) -> str | None:
    """A field of the form, None when it is empty or left out."""
    return request.form.get(name) or None


_NUMBER = re.compile(r"[0-9]{1,30}\Z")


def target_of(call: Call, type_name: str | None, number: str | None) -> Target:
    """The row that a type and a number mean."""
    wire_type = call.type_in({"type": type_name})
    if not _NUMBER.match(number or ""):
        raise errors.missing("entity_id", "integer", number)
    id_ = call.words.known((wire_type.name, int(number or 0)))
    known_fields = [name for name in _OF_TARGET if name in wire_type.facet.fields]
    shown = Projection(tuple(Output(name, name) for name in known_fields))
    query = Query(wire_type.facet, shown, Where("id", Op.EQ, id_))
    return Target(
        wire_type, uuid.UUID(id_), orjson.loads(call.studio.read(call.actor).one(query, _PLAIN) or "{}")
    )


def upload_file(forms: Forms, call: Call) -> str:
    """A file for a row, or for one of its fields."""
    target = target_of(call, given("entity_type"), given("entity_id"))
    part = request.files.get("file")
    if part is None:
        raise errors.Fault("The form has no file.")
    name = (part.filename or "file").replace("\\", "/").rpartition("/")[2]
    return _uploaded(forms, call, target, name, part.stream)


def _uploaded(forms: Forms, call: Call, target: Target, name: str, stream: IO[bytes]) -> str:
    key_name = given("field_name")
    field = None if key_name is None else call.words.field(target.type, key_name)
    if key_name is not None and (field is None or field.data_type != "url" or not field.editable):
        raise errors.unknown_field(target.type.name, key_name)
    sent = _kept(forms, name, stream)
    try:
        with forms.studio.write(call.actor) as work:
            made = _attach(work, forms, target, sent, key_name)
            work.commit()
    except BaseException:
        forms.storage.delete(sent.key)
        raise
    return f"1:{made}\n"


def _kept(forms: Forms, name: str, stream: IO[bytes]) -> SentForm:
    extension = "".join(c for c in name.rpartition(".")[2].lower() if c.isascii() and c.isalnum())
    extension = extension[:LONGEST_EXTENSION] if "." in name and extension else "bin"
    key = new_source_key("previews", uuid.uuid4(), extension)
    stored = forms.storage.put(key, stream)
    if not stored.size:
        forms.storage.delete(key)
        raise Invalid("The file is empty.")
    return SentForm(name, key, stored, is_sequence(forms.storage, key))


def _attach(work: UnitOfWork, forms: Forms, target: Target, sent: SentForm, key_name: str | None) -> int:
    """Make the attachment, let the field name it, and let a version's movie be its preview."""
    said = {"link_type": "upload", "content_type": mimetypes.guess_type(sent.name)[0], "key": sent.key}
    id_, made = attachment(
        File(given("display_name") or sent.name, said),
        linked_to=target.id,
        project_id=_project(target),
        filename=sent.name,
        file_size=sent.stored.size,
        file_extension=sent.extension,
        tag_list=(given("tag_list") or "").split(",") if given("tag_list") else None,
    )
    operations: list[Operation] = [made]
    if key_name is not None:
        operations.append(Update(target.type.facet, target.id, {"data": {key_name: str(id_)}}))
    number = work.execute(operations)[0].number
    is_media = review_form(sent.extension, has_frames=sent.has_frames) is not MediaForm.OTHER
    if target.type.name == "Version" and key_name == MOVIE_FIELD and is_media:
        _review(work, forms, target, sent)
    return number


def _project(target: Target) -> Any:
    return str(target.id) if target.type.name == "Project" else target.row.get("project_id")


def _review(work: UnitOfWork, forms: Forms, target: Target, sent: SentForm) -> None:
    """The movie of a version is a preview, which every client reviews."""
    preview = facet("PreviewFile")
    id_ = uuid.uuid4()
    values = {
        "name": str(id_)[:13],
        "version_id": target.id,
        "task_id": target.row.get("task_id"),
        "revision": target.row.get("revision") or 1,
        "source": "shotgun",
    }
    work.execute([Create(preview, values, id=id_)])
    stem = sent.name.rpartition(".")[0][:250]
    desk = Desk(forms.studio, forms.storage)
    receive(work, desk, id_, sent.key, sent.stored, stem, has_frames=sent.has_frames)
    work.execute([Update(facet("Version"), target.id, {"preview_file_id": id_})])


def publish_thumbnail(forms: Forms, call: Call) -> str:
    """A picture that stands for a row."""
    target = target_of(call, given("entity_type"), given("entity_id"))
    part = request.files.get("thumb_image")
    if part is None:
        raise errors.Fault("The form has no picture.")
    return _thumbnail(forms, call, target, part.filename or "thumbnail", part.stream)


def _thumbnail(forms: Forms, call: Call, target: Target, name: str, stream: IO[bytes]) -> str:
    is_filmstrip = given("filmstrip") in ("True", "true", "1")
    shown = keep_thumbnail(forms.storage, stream, filmstrip=is_filmstrip)
    field = "filmstrip_image" if is_filmstrip else "image"
    with forms.studio.write(call.actor) as work:
        shown["attachment"] = _named(work, target, name, shown["key"])
        work.execute([Update(target.type.facet, target.id, {"data": {field: shown}})])
        work.commit()
    return f"1:{shown['attachment']}\n"


def _named(work: UnitOfWork, target: Target, name: str, key: str) -> int:
    """The number of the attachment that a thumbnail is."""
    said = {"link_type": "upload", "content_type": "image/jpeg", "thumbnail": key}
    _, made = attachment(File(name, said), project_id=_project(target))
    return work.execute([made])[0].number


def share_thumbnail(forms: Forms, call: Call) -> str:
    """One picture for many rows; a source without one takes theirs away."""
    field = "filmstrip_image" if given("filmstrip_thumbnail") in ("True", "true", "1") else "image"
    source = target_of(call, *_split(given("source_entity")))
    shown = (source.row.get("data") or {}).get(field)
    targets = [target_of(call, *_split(each)) for each in (given("entities") or "").split(",") if each]
    if not targets:
        raise errors.missing("entities", "string", None)
    if shown is None and field == "image":
        if _is_pending(call, source):
            return "2:The thumbnail is being made.\n"
        shown = _of_preview(forms, call, source)
        targets += [source] if shown else []
    with forms.studio.write(call.actor) as work:
        if shown and "attachment" not in shown:
            shown["attachment"] = _named(work, source, "thumbnail", shown["key"])
        work.execute(
            [
                Update(each.type.facet, each.id, {"data": {field: shown or no_picture(each.type.name)}})
                for each in targets
            ]
        )
        work.commit()
    return f"1:{shown['attachment']}\n" if shown else "1:\n"


def _is_pending(call: Call, source: Target) -> bool:
    found = call.studio.read(call.actor).rows(
        Query(
            source.type.facet,
            projection_for(call.words, source.type, ["image"]),
            Where("id", Op.EQ, str(source.id)),
        ),
        SPELLING,
    )
    return any((row.get("image") or "").endswith(PENDING) for row in found)


def _of_preview(forms: Forms, call: Call, source: Target) -> dict[str, Any] | None:
    """The picture of the preview that a row shows, as one of its own: only such can be shared."""
    if source.type.facet.model.__name__ not in ("Entity", "Version"):
        return None
    try:
        key = find_thumbnail(call.studio.read(call.actor), forms.storage, source.type.facet, source.id)
    except NotFound:
        return None
    with forms.storage.open(key).stream as stream:
        return keep_thumbnail(forms.storage, stream, filmstrip=False)


def _split(name: str | None) -> tuple[str, str]:
    type_name, _, number = (name or "").rpartition("_")
    return type_name, number


# -- uploads in parts ----------------------------------------------------------------------------------------


def upload_link_info(forms: Forms, call: Call) -> str:
    """Where to send a file; the name of the upload is its proof."""
    kind, name = given("upload_type") or "Attachment", given("filename") or "file"
    upload = forms_parts(forms).begin(call.actor, name)
    url = f"{request.host_url}upload/parts/{upload}/1"
    return f"1\n{url}\n{int(forms.studio.now().timestamp())}\n{kind}\n{upload}\n"


def upload_link_for_part(forms: Forms, _call: Call) -> str:
    """Where to send one part."""
    upload, number = given("upload_id") or "", given("part_number") or ""
    forms_parts(forms).check(upload)
    if not number.isdigit():
        raise errors.missing("part_number", "integer", number)
    return f"1\n{request.host_url}upload/parts/{upload}/{int(number)}\n"


def complete_upload(forms: Forms, _call: Call) -> str:
    """All parts are there."""
    forms_parts(forms).check(given("upload_id") or "")
    return "1\n"


def link_file(forms: Forms, call: Call) -> str:
    """Let a row have the file that was sent in parts."""
    target = target_of(call, given("entity_type"), given("entity_id"))
    lines = (given("upload_link_info") or "").split("\n")
    if len(lines) < len(("1", "url", "timestamp", "type", "id")):
        raise errors.missing("upload_link_info", "string", None)
    parts = forms_parts(forms)
    with parts.whole(lines[4]) as (name, stream):
        thumbnail = lines[3] == "Thumbnail" or given("field_name") in FIELDS
        take = _thumbnail if thumbnail else _uploaded
        said = take(forms, call, target, name, stream)
    parts.forget(lines[4])
    return said


def forms_parts(forms: Forms) -> UploadParts:
    """The parts of uploads under way."""
    return UploadParts(forms.storage)


FORMS: Mapping[str, Callable[[Forms, Call], str]] = {
    "upload_file": upload_file,
    "publish_thumbnail": publish_thumbnail,
    "share_thumbnail": share_thumbnail,
    "api_get_upload_link_info": upload_link_info,
    "api_get_upload_link_for_part": upload_link_for_part,
    "api_complete_multipart_upload": complete_upload,
    "api_link_file": link_file,
}
"""Path below `/upload` -> the form."""
