"""Thumbnails of any row: pictures in the store, and what `data` says of them."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import IO, TYPE_CHECKING, Any

from PIL import Image

from zou_server.services.files.threadpool import aside
from zou_server.services.thumbnails.read_picture import read_picture

if TYPE_CHECKING:
    from zou_server.services.ports import Storage

PENDING_SECONDS = 2
"""How long a new thumbnail is shown as being made: clients expect to see that once."""
LARGEST = (800, 800)
FIELDS = {"image": "image", "thumb_image": "image"}


def key_of(id_: str) -> str:
    """Where a thumbnail is kept."""
    return f"pictures/shown/{id_[:3]}/{id_[3:6]}/{id_}.jpg"


def keep_thumbnail(storage: Storage, stream: IO[bytes], *, filmstrip: bool) -> dict[str, Any]:
    """Keep a picture as a thumbnail; Invalid for what is none. Returns what a row says of it."""
    content = aside(lambda: _drawn(stream, filmstrip=filmstrip))
    id_ = str(uuid.uuid4())
    storage.put(key_of(id_), io.BytesIO(content))
    ready = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=0 if filmstrip else PENDING_SECONDS)
    return {"key": id_, "ready": ready.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]}


def _drawn(stream: IO[bytes], *, filmstrip: bool) -> bytes:
    image = read_picture(stream)
    if not filmstrip:
        image.thumbnail(LARGEST)
    buffer = io.BytesIO()
    _flat(image).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def _flat(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.convert("RGB")
    ground = Image.new("RGB", image.size, "black")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def pending_picture() -> bytes:
    """The constant picture that stands for one being made."""
    buffer = io.BytesIO()
    Image.new("RGB", (160, 90), (60, 60, 60)).save(buffer, "PNG")
    return buffer.getvalue()
