"""Playlists shared by a link that writes over them: a watermark, and what each frame is."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests import media
from tests.clients.zou.review.site import Site, open_site
from tests.conftest import SuitePostgres
from tests.studio import unique
from zou_server.adapters.media.local_media import LocalMedia
from zou_server.services.playlists.draw_mark import Mark, draw_mark


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(postgres, tmp_path_factory.mktemp("marked")) as site:
        site.kit.update("Project", site.project, resolution="320x180", is_preview_download_allowed=True)
        yield site


@pytest.fixture(scope="module")
def token(site: Site) -> str:
    return site.person("manager")[1]


@pytest.fixture(scope="module")
def takes(site: Site, token: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A grey picture and a black movie from frame 1001 on, by the word for each."""
    folder, found = tmp_path_factory.mktemp("takes"), {}
    options = ("-vf", "drawbox=color=black:t=fill", "-timecode", "00:00:40:01")
    movie = media.movie(folder / "a.mov", *options, rate="25", size="320x180", sound=True)
    files = {"still": media.picture((640, 360), colour="#808080"), "movie": movie.read_bytes()}
    for word, content in files.items():
        id_ = site.preview()
        name = "a.png" if word == "still" else "a.mov"
        assert site.upload(id_, content, name, token).status_code == 201
        found[word] = str(id_)
    site.work()
    return found


@pytest.fixture
def playlist(site: Site, takes: dict[str, str]) -> str:
    """A playlist of both."""
    shots = [
        {"entity_id": str(site.kit.shot(site.project)), "preview_file_id": take} for take in takes.values()
    ]
    return str(site.kit.create("Playlist", name=unique("Shown"), project_id=site.project, shots=shots))


def shared(site: Site, token: str, playlist: str, **said: Any) -> dict[str, Any]:
    answer = site.send("POST", f"/data/playlists/{playlist}/share", token, json=said)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def guest(site: Site, link: dict[str, Any], path: str) -> Any:
    """What a guest gets by a link."""
    return site.app.test_client().get(f"/api/shared/playlists/{link['token']}/{path}", buffered=True)


def pixels(content: bytes) -> np.ndarray[Any, np.dtype[np.uint8]]:
    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image.convert("L"))


def frames(content: bytes, folder: Path, *numbers: int) -> list[np.ndarray[Any, np.dtype[np.uint8]]]:
    """Frames of a movie, grey."""
    movie = folder / "got.mp4"
    movie.write_bytes(content)
    return [pixels(LocalMedia().frame(movie, number, folder).read_bytes()) for number in numbers]


def corner(picture: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Where the numbers of frames are."""
    height, width = picture.shape
    return picture[height * 4 // 5 :, width * 2 // 3 :]


def test_a_watermark_is_all_over_what_a_link_shows_and_nowhere_else(
    site: Site, token: str, playlist: str, takes: dict[str, str], tmp_path: Path
) -> None:
    link = shared(site, token, playlist, watermark=" for Ada only ")
    assert (link["watermark"], link["burn_in"]) == ("for Ada only", False)
    still, movie = takes["still"], takes["movie"]
    picture_path = f"pictures/originals/preview-files/{still}.png"
    movie_path = f"movies/originals/preview-files/{movie}.mp4"
    waiting = guest(site, link, picture_path)
    assert (waiting.status_code, waiting.get_json()["status"]) == (202, "processing"), "never without it"
    assert len(site.kit.jobs("mark_take")) == 2, "each take is marked once"
    site.work()
    marked = pixels(guest(site, link, picture_path).data)
    plain = pixels(site.send("GET", f"/pictures/previews/preview-files/{still}.png", token).data)
    assert (plain.min(), plain.max()) == (128, 128)
    quarters = [half for row in np.array_split(marked, 3) for half in np.array_split(row, 3, axis=1)]
    assert all(quarter.max() > 150 for quarter in quarters), "no part is without"
    assert np.median(marked) == 128, "and most of it is the picture"
    for size in ("originals", "low"):
        shown = guest(site, link, f"movies/{size}/preview-files/{movie}.mp4")
        assert (shown.status_code, shown.mimetype) == (200, "video/mp4")
    first, later = frames(guest(site, link, movie_path).data, tmp_path, 0, 20)
    assert first.max() > 40
    assert np.abs(first.astype(int) - later).max() < 40, "no numbers were asked for"
    (bare,) = frames(
        site.send("GET", f"/movies/originals/preview-files/{movie}.mp4", token).data, tmp_path, 0
    )
    assert bare.max() < 10
    assert guest(site, link, f"preview-files/{movie}/download").status_code == 403
    plain_link = shared(site, token, playlist)
    assert pixels(guest(site, plain_link, picture_path).data).max() == 128
    assert guest(site, plain_link, f"preview-files/{movie}/download").status_code == 200


def test_thumbnails_and_every_tile_of_a_marked_link_are_marked(
    site: Site, token: str, playlist: str, takes: dict[str, str]
) -> None:
    link, still, movie = shared(site, token, playlist, watermark="Ada"), takes["still"], takes["movie"]
    paths = [
        f"pictures/thumbnails/preview-files/{still}.png",
        f"pictures/thumbnails/preview-files/{movie}.png",
        f"movies/tiles/preview-files/{movie}.png",
    ]
    assert [guest(site, link, path).status_code for path in paths] == [202] * 3, "never without it"
    site.work()
    small, poster, sheet = (pixels(guest(site, link, path).data) for path in paths)
    plain = [pixels(site.send("GET", f"/{path}", token).data) for path in paths]
    assert [each.shape for each in plain] == [small.shape, poster.shape, sheet.shape]
    assert (small.max() > plain[0].max(), poster.max() > plain[1].max()) == (True, True)
    tiles = [
        tile for row in np.array_split(sheet, sheet.shape[0] // 100) for tile in np.array_split(row, 8, 1)
    ]
    assert all(tile.max() > 40 for tile in tiles)
    assert plain[2].max() < 10


def test_takes_that_a_link_of_before_had_marked_are_marked_in_all_sizes_when_they_are_looked_at(
    site: Site, token: str, playlist: str, takes: dict[str, str]
) -> None:
    before = site.stored()
    link, path = (
        shared(site, token, playlist, watermark="Ada"),
        f"pictures/thumbnails/preview-files/{takes['still']}.png",
    )
    site.work()
    for kept in (site.kit.settings.storage_dir / "marked" / "pictures" / "thumbnails").rglob("*.png"):
        kept.unlink()
    id_ = uuid.UUID(link["id"])
    site.kit.update(
        "PlaylistShareLink", id_, data={"marked": None, "ordered": dict.fromkeys(takes.values(), "")}
    )
    assert guest(site, link, path).status_code == 202
    site.work()
    assert guest(site, link, path).status_code == 200
    site.send("DELETE", f"/data/playlists/{playlist}/share/{link['token']}", token)
    assert site.stored() <= before


def test_a_burn_in_counts_the_frames_by_their_true_numbers(
    site: Site, token: str, playlist: str, takes: dict[str, str], tmp_path: Path
) -> None:
    link = shared(site, token, playlist, burn_in=True)
    site.work()
    content = guest(site, link, f"movies/originals/preview-files/{takes['movie']}.mp4").data
    shown = frames(content, tmp_path, 0, 1, 10)
    assert all(corner(frame).max() > 150 for frame in shown)
    assert np.abs(corner(shown[0]).astype(int) - corner(shown[1])).max() > 80, "1001 and 1002"
    height, width = shown[0].shape
    assert shown[0][: height // 2].max() < 10, "only below"
    assert shown[0][height * 4 // 5 :, : width // 3].max() > 150, "what it is called"
    still = pixels(guest(site, link, f"pictures/originals/preview-files/{takes['still']}.png").data)
    assert still[still.shape[0] * 4 // 5 :, : still.shape[1] // 3].max() > 200


def test_a_take_that_comes_into_the_playlist_later_is_marked_when_it_is_looked_at(
    site: Site, token: str, playlist: str, takes: dict[str, str]
) -> None:
    entry = {"entity_id": str(site.kit.shot(site.project)), "preview_file_id": takes["still"]}
    site.kit.update("Playlist", uuid.UUID(playlist), shots=[])
    link = shared(site, token, playlist, watermark="late")
    assert site.kit.jobs("mark_take") == []
    site.kit.update("Playlist", uuid.UUID(playlist), shots=[entry])
    path = f"pictures/originals/preview-files/{takes['still']}.png"
    assert [guest(site, link, path).status_code for _ in range(3)] == [202, 202, 202]
    assert len(site.kit.jobs("mark_take")) == 1
    site.work()
    assert pixels(guest(site, link, path).data).max() > 150


def test_what_was_made_for_a_link_goes_with_it(
    site: Site, token: str, playlist: str, takes: dict[str, str]
) -> None:
    before = site.stored()
    link = shared(site, token, playlist, watermark="soon gone", burn_in=True)
    site.work()
    made = site.stored() - before
    assert len(made) == 7, "two pictures in two sizes, two movies, a sheet of tiles"
    closed = site.send("DELETE", f"/data/playlists/{playlist}/share/{link['token']}", token)
    assert (closed.status_code, site.stored()) == (200, before)
    path = f"pictures/originals/preview-files/{takes['still']}.png"
    assert guest(site, link, path).status_code == 404


@pytest.mark.parametrize("text", ["x" * 81, "für Ada", "秘密", "a\nb", "a\x00b"])
def test_a_watermark_that_cannot_be_written_is_refused(
    site: Site, token: str, playlist: str, text: str
) -> None:
    answer = site.send("POST", f"/data/playlists/{playlist}/share", token, json={"watermark": text})
    assert (answer.status_code, "watermark" in answer.get_data(as_text=True)) == (400, True)


def test_a_take_whose_movie_is_broken_says_so(
    site: Site, token: str, playlist: str, takes: dict[str, str]
) -> None:
    root = site.kit.settings.storage_dir
    (low,) = [
        path
        for path in root.rglob(f"{takes['movie']}.mp4")
        if "marked" not in path.parts and "low" in path.parts
    ]
    whole = low.read_bytes()
    low.write_bytes(b"broken")
    try:
        link = shared(site, token, playlist, watermark="broken")
        site.work()
        answer = guest(site, link, f"movies/low/preview-files/{takes['movie']}.mp4")
        assert (answer.status_code, "cannot be shown" in answer.get_data(as_text=True)) == (404, True)
    finally:
        low.write_bytes(whole)


@pytest.mark.parametrize("size", [(16, 16), (4000, 30), (30, 4000), (1920, 1080)])
def test_a_mark_fits_pictures_of_any_shape(size: tuple[int, int]) -> None:
    layer = draw_mark(size, Mark("for Ada only", "SQ01_SH010_Animation_v003"))
    assert (layer.size, layer.mode) == (size, "RGBA")
    assert layer.getbbox() is not None
