"""The named routes of this wing, in the order to register them."""

from __future__ import annotations

from zou_server.blueprints.zou.named import Named
from zou_server.blueprints.zou.review import (
    annotated_frames,
    playlist_files,
    playlist_links,
    playlists,
    preview_backgrounds,
    preview_media,
    previews,
)

ROUTES: tuple[Named, ...] = (
    *playlists.ROUTES,
    *playlist_files.ROUTES,
    *playlist_links.ROUTES,
    *preview_backgrounds.ROUTES,
    *preview_media.ROUTES,
    *previews.ROUTES,
    *annotated_frames.ROUTES,
)
