"""How fields that hold files are shown: links to attachments, thumbnails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.sql import ColumnElement

from zou_server.blueprints.shotgun.files.addresses import (
    ATTACHMENTS,
    MARK,
    MOVIES,
    PENDING,
    PICTURES,
    PREVIEWS,
    STRIPS,
    THUMBNAILS,
    WEB_MOVIES,
)
from zou_server.models.base import Identity
from zou_server.models.records import DeclaredRecord
from zou_server.models.review import PreviewFile
from zou_server.models.rows_of import row_of

Value = ColumnElement[Any]
MOVIE_FIELD = "sg_uploaded_movie"
"""The field of a version that its movie is uploaded to."""
_UUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_ROOT = sa.literal("{}")


def _text(value: Value) -> Value:
    return value.op("#>>", return_type=sa.Text())(sa.cast(_ROOT, ARRAY(sa.Text())))


def _part(value: Value, key: str) -> Value:
    return value.op("->>", return_type=sa.Text())(sa.literal_column(f"'{key}'"))


def shown_file(value: Value) -> Value:
    """The attachment that a field names, as clients know a file; null for none."""
    record, identity = row_of(DeclaredRecord.__table__), row_of(Identity.__table__)
    text = _text(value)
    named = sa.case((text.op("~")(sa.literal(_UUID)), sa.cast(text, sa.Uuid())), else_=None)
    found = (
        sa.select(
            _shape(
                record.c.data.op("->", return_type=JSONB())(sa.literal_column("'this_file'")),
                record,
                identity,
            )
        )
        .select_from(record.join(identity, identity.c.id == record.c.id))
        .where(record.c.id == named, record.c.deleted_at.is_(None))
    )
    return found.correlate_except(record, identity).scalar_subquery()


def _shape(file: Value, record: Any, identity: Any) -> Value:
    """What is kept of a file, with its address, type, id and name."""
    known = sa.func.jsonb_build_object(
        sa.text("'url'"),
        _address(file, record),
        sa.text("'name'"),
        record.c.name,
        sa.text("'type'"),
        sa.text("'Attachment'"),
        sa.text("'id'"),
        identity.c.number,
        type_=JSONB(),
    )
    return file.op("-", return_type=JSONB())(sa.literal_column("'key'")).op("||", return_type=JSONB())(known)


def _address(file: Value, record: Any) -> Value:
    """Where a file is: at this site, or where somebody says that it is."""
    here = sa.func.concat(f"{MARK}/{ATTACHMENTS}/", sa.cast(record.c.id, sa.Text()))
    return sa.case((_part(file, "link_type") == "upload", here), else_=_part(file, "url"))


def told_file(attachment: Value, *outer: Any) -> Value:
    """The attachment with this id as an event tells of it, retired or not; null for none."""
    record, identity = DeclaredRecord.__table__.alias(), Identity.__table__.alias()
    file = record.c.data.op("->", return_type=JSONB())(sa.literal_column("'this_file'"))
    link_type = _part(file, "link_type")
    is_web = link_type == sa.literal_column("'web'")
    said: dict[str, Value] = {
        "attachment_id": identity.c.number,
        "attachment_type": sa.case((is_web, sa.literal_column("'http_url'")), else_=link_type),
        "attachment_uuid": sa.cast(record.c.id, sa.Text()),
        "display_name": record.c.name,
        "url": _address(file, record),
        "icon_url": sa.null(),
        "icon_class": sa.null(),
    }
    parts = [part for key, each in said.items() for part in (sa.literal_column(f"'{key}'"), each)]
    found = sa.select(sa.func.jsonb_build_object(*parts, type_=JSONB())).select_from(
        record.join(identity, identity.c.id == record.c.id)
    )
    return found.where(record.c.id == attachment).correlate(*outer).scalar_subquery()


def own_file(value: Value) -> Value:
    """The file of an attachment itself: `value` is the id of the attachment."""
    return shown_file(sa.func.to_jsonb(sa.cast(value, sa.Text()), type_=JSONB()))


def shown_image(value: Value) -> Value:
    """The address of a thumbnail; that of a constant picture while it is made."""
    return sa.case(
        (sa.func.coalesce(sa.func.jsonb_typeof(value), sa.literal_column("''")) != "object", None),
        (_part(value, "ready") > _now(), f"{MARK}{PENDING}"),
        else_=sa.func.concat(f"{MARK}/{THUMBNAILS}/", _part(value, "key")),
    )


def _now() -> Value:
    return sa.func.to_char(
        sa.func.timezone("UTC", sa.func.now()), sa.literal_column("'YYYY-MM-DD\"T\"HH24:MI:SS.MS'")
    )


def file_of_preview(value: Value) -> Value:
    """What was uploaded as the movie of a version, else what its preview shows: a movie, or a picture."""
    row: Any = getattr(value, "table", None)
    if row is None:
        return sa.null()
    return sa.func.coalesce(
        _own(row, MOVIE_FIELD),
        _of_preview(value, row, "video/mp4", MOVIES, lambda preview: _is_ready(preview) & preview.c.is_movie),
        _of_preview(value, row, "image/png", PICTURES, _has_picture),
    )


def _own(row: Any, name: str) -> Value:
    return shown_file(row.c.data.op("->", return_type=JSONB())(sa.literal_column(f"'{name}'")))


def _is_ready(preview: Any) -> ColumnElement[bool]:
    ready: ColumnElement[bool] = preview.c.status == sa.literal_column("'ready'")
    return ready


def _has_picture(preview: Any) -> ColumnElement[bool]:
    return _is_ready(preview) & (preview.c.extension == sa.literal_column("'png'"))


def mp4_of_preview(value: Value) -> Value:
    """The movie that was made of an uploaded one, as clients know a file: `value` is the preview's id."""
    return _movie(value, "mp4", MOVIES, is_there=_is_ready)


def webm_of_preview(value: Value) -> Value:
    """The same as WebM."""
    return _movie(value, "webm", WEB_MOVIES, is_there=_has_web_movie)


def _has_web_movie(preview: Any) -> ColumnElement[bool]:
    return _part(preview.c.data, "has_web_movie") == sa.literal_column("'true'")


def _movie(value: Value, kind: str, place: str, is_there: Callable[[Any], ColumnElement[bool]]) -> Value:
    row: Any = getattr(value, "table", None)
    if row is None:
        return sa.null()
    return sa.func.coalesce(
        _own(row, f"{MOVIE_FIELD}_{kind}"),
        _of_preview(
            value, row, f"video/{kind}", place, lambda preview: preview.c.is_movie & is_there(preview)
        ),
    )


def _of_preview(
    value: Value, row: Any, media_type: str, place: str, is_there: Callable[[Any], ColumnElement[bool]]
) -> Value:
    """A rendition of a preview as clients know a file, by the number of what was uploaded."""
    top, _, extension = media_type.partition("/")
    preview, identity = row_of(PreviewFile.__table__), row_of(Identity.__table__)
    sent = _part(row.c.data, MOVIE_FIELD)
    attachment = sa.case((sent.op("~")(sa.literal(_UUID)), sa.cast(sent, sa.Uuid())), else_=None)
    plain = "movie" if top == "video" else top
    pairs: dict[str, Value] = {
        "url": sa.func.concat(f"{MARK}/{place}/", sa.cast(preview.c.id, sa.Text())),
        "name": sa.func.concat(sa.func.coalesce(preview.c.original_name, plain), f".{extension}"),
        "content_type": sa.literal_column(f"'{media_type}'"),
        "link_type": sa.literal_column("'upload'"),
        "type": sa.literal_column("'Attachment'"),
        "id": identity.c.number,
    }
    parts = [part for key, each in pairs.items() for part in (sa.literal_column(f"'{key}'"), each)]
    found = (
        sa.select(sa.func.jsonb_build_object(*parts, type_=JSONB()))
        .select_from(preview.outerjoin(identity, identity.c.id == attachment))
        .where(preview.c.id == value, is_there(preview))
    )
    return found.correlate(row).scalar_subquery()


def strip_of_preview(value: Value) -> Value:
    """The strip of frames given to a version, else that of its movie."""
    row: Any = getattr(value, "table", None)
    if row is None:
        return sa.null()
    preview = row_of(PreviewFile.__table__)
    address = sa.func.concat(f"{MARK}/{STRIPS}/", sa.cast(preview.c.id, sa.Text()))
    found = sa.select(address).where(preview.c.id == value, _has_web_movie(preview))
    return _own_image(row, "filmstrip_image", found.correlate(row).scalar_subquery())


def _own_image(row: Any, key: str, other: Value) -> Value:
    """The picture given to a row, else another; none where it was taken away."""
    own = row.c.data.op("->", return_type=JSONB())(sa.literal_column(f"'{key}'"))
    is_away = own == sa.cast(sa.literal_column("'false'"), JSONB())
    return sa.func.coalesce(shown_image(own), sa.case((is_away, None), else_=other))


def preview_image(value: Value) -> Value:
    """The thumbnail given to a row, else the picture of the preview that it is known by (`value`)."""
    row: Any = getattr(value, "table", None)
    if row is None:
        return sa.null()
    preview = row_of(PreviewFile.__table__)
    ready = sa.case(
        (
            preview.c.status == "ready",
            sa.func.concat(f"{MARK}/{PREVIEWS}/", sa.cast(preview.c.id, sa.Text())),
        ),
        (preview.c.status == "processing", f"{MARK}{PENDING}"),
        else_=None,
    )
    of_preview = sa.select(ready).where(preview.c.id == value, preview.c.deleted_at.is_(None))
    return _own_image(row, "image", of_preview.correlate(row).scalar_subquery())
