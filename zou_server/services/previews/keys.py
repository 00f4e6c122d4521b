"""Where the files of previews are kept."""

from __future__ import annotations

import secrets
import uuid

MOVIES = {"originals": "mp4", "low": "mp4", "tiles": "png", "web": "webm", "strip": "jpg"}
"""The renditions of movies, by the word for them in addresses and keys, and their extensions."""


def new_source_key(kind: str, id_: uuid.UUID | str, extension: str) -> str:
    """A key that nothing has yet, for a file as it is sent: two who send at once never share one."""
    return f"{kind}/sources/{_spread(id_)}-{secrets.token_hex(8)}.{extension}"


def movie_key(size: str, id_: uuid.UUID | str) -> str:
    """Where a rendition of a movie is kept."""
    return f"movies/{size}/{_spread(id_)}.{MOVIES[size]}"


def rendition_key(place: str, id_: uuid.UUID | str) -> str:
    """Where a rendition is kept, by the first words of its key: `pictures/previews`, `movies/low`."""
    folder, _, size = place.partition("/")
    extension = MOVIES[size] if folder == "movies" else "png"
    return f"{place}/{_spread(id_)}.{extension}"


def extension_of(key: str) -> str:
    """The extension of what was sent under a source key."""
    return key.rpartition(".")[2]


def _spread(id_: uuid.UUID | str) -> str:
    """Below two folders by the first digits of the id, so that no folder grows too large."""
    name = str(id_)
    return f"{name[:3]}/{name[3:6]}/{name}"
