"""How fields that hold files are shown: links to attachments, thumbnails."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.sql import ColumnElement

from zou_server.blueprints.shotgun.files.addresses import (
    ATTACHMENTS,
    MARK,
    MOVIES,
    PENDING,
    PREVIEWS,
    THUMBNAILS,
)
from zou_server.models.base import Identity
from zou_server.models.records import DeclaredRecord
from zou_server.models.review import PreviewFile

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
    record, identity = DeclaredRecord.__table__.alias(), Identity.__table__.alias()
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
    address = sa.func.concat(f"{MARK}/{ATTACHMENTS}/", sa.cast(record.c.id, sa.Text()))
    url = sa.case((_part(file, "link_type") == "upload", address), else_=_part(file, "url"))
    known = sa.func.jsonb_build_object(
        sa.text("'url'"),
        url,
        sa.text("'name'"),
        record.c.name,
        sa.text("'type'"),
        sa.text("'Attachment'"),
        sa.text("'id'"),
        identity.c.number,
        type_=JSONB(),
    )
    return file.op("-", return_type=JSONB())(sa.literal_column("'key'")).op("||", return_type=JSONB())(known)


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


def movie_of_preview(value: Value) -> Value:
    """The movie that was made of an uploaded one, as clients know a file: `value` is the preview's id."""
    row: Any = getattr(value, "table", None)
    if row is None:
        return sa.null()
    preview, identity = PreviewFile.__table__.alias(), Identity.__table__.alias()
    sent = row.c.data.op("->>", return_type=sa.Text())(sa.literal_column(f"'{MOVIE_FIELD}'"))
    attachment = sa.case((sent.op("~")(sa.literal(_UUID)), sa.cast(sent, sa.Uuid())), else_=None)
    name = sa.func.concat(sa.func.coalesce(preview.c.original_name, "movie"), ".mp4")
    pairs: dict[str, Value] = {
        "url": sa.func.concat(f"{MARK}/{MOVIES}/", sa.cast(preview.c.id, sa.Text())),
        "name": name,
        "content_type": sa.literal_column("'video/mp4'"),
        "link_type": sa.literal_column("'upload'"),
        "type": sa.literal_column("'Attachment'"),
        "id": identity.c.number,
    }
    parts = [part for key, each in pairs.items() for part in (sa.literal_column(f"'{key}'"), each)]
    found = (
        sa.select(sa.func.jsonb_build_object(*parts, type_=JSONB()))
        .select_from(preview.outerjoin(identity, identity.c.id == attachment))
        .where(preview.c.id == value, preview.c.is_movie, preview.c.status == "ready")
    )
    return found.correlate(row).scalar_subquery()


def transcoding(value: Value) -> Value:
    """How far the movie is that is made of an uploaded one: 0 under way, 1 done, -1 failed."""
    return sa.case({"processing": 0, "ready": 1, "broken": -1}, value=value, else_=None)


def preview_image(value: Value) -> Value:
    """The thumbnail given to a row, else the picture of the preview that it is known by (`value`)."""
    row: Any = getattr(value, "table", None)
    if row is None:
        return sa.null()
    preview = PreviewFile.__table__.alias()
    ready = sa.case(
        (
            preview.c.status == "ready",
            sa.func.concat(f"{MARK}/{PREVIEWS}/", sa.cast(preview.c.id, sa.Text())),
        ),
        (preview.c.status == "processing", f"{MARK}{PENDING}"),
        else_=None,
    )
    of_preview = sa.select(ready).where(preview.c.id == value, preview.c.deleted_at.is_(None))
    own = row.c.data.op("->", return_type=JSONB())(sa.literal_column("'image'"))
    return sa.func.coalesce(shown_image(own), of_preview.correlate(row).scalar_subquery())
