"""The takes of a playlist as they were sent, in one ZIP file."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from zou_server.models.errors import NotFound

if TYPE_CHECKING:
    from zou_server.services.playlists.takes import PlaylistTake
    from zou_server.services.ports import Storage


def zip_takes(storage: Storage, takes: Iterable[PlaylistTake], target: Path) -> int:
    """Write the files in the order of the playlist, numbered; how many there are.

    What the store has lost is left out. Nothing is compressed: pictures and movies are already.
    """
    amount = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for place, take in enumerate(takes, 1):
            try:
                opened = storage.open(take.source_key)
            except NotFound:
                continue
            with (
                opened.stream as source,
                archive.open(f"{place:03}_{take.file_name}", "w", force_zip64=True) as into,
            ):
                shutil.copyfileobj(source, into, 1024 * 1024)
            amount += 1
    return amount
