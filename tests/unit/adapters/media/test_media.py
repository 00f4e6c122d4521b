"""Real pictures and movies made into renditions: right colours, right shapes, no harm from bad ones."""

from __future__ import annotations

import shutil
import signal
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import OpenImageIO as oiio  # noqa: N813 - its documentation calls it so
import pytest
from PIL import Image, ImageCms

from tests import media
from tests.processes import ended
from tests.waiting import wait_until
from zou_server.adapters.media import ffmpeg
from zou_server.adapters.media.choose_layer import ImagePart, choose_layer
from zou_server.adapters.media.ffmpeg import probe
from zou_server.adapters.media.guard import ABANDONED, TOO_LONG
from zou_server.adapters.media.local_media import LocalMedia
from zou_server.adapters.media.movies import frame
from zou_server.adapters.media.run import GIBIBYTE, GUARD, Limits, run_guarded
from zou_server.models.errors import Invalid, Unreadable
from zou_server.services.ports import MovieShape
from zou_server.services.thumbnails.sizes import SIZES

SMALL = MovieShape(width=128, height=72)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where renditions go."""
    path = tmp_path / "renditions"
    path.mkdir()
    return path


def drawn(source: Path, folder: Path) -> np.ndarray[Any, Any]:
    """The full-size rendition as numbers."""
    rendered = LocalMedia().picture(source, source.suffix[1:], folder)
    with Image.open(rendered.files["pictures/originals"]) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def srgb(linear: Any) -> Any:
    """The sRGB curve (IEC 61966-2-1), the reference: screen values of linear ones, 0 to 255."""
    clipped = np.clip(linear, 0.0, 1.0)
    curved = np.where(clipped <= 0.0031308, 12.92 * clipped, 1.055 * clipped ** (1 / 2.4) - 0.055)
    return np.round(curved * 255)


# -- colours -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "tile"),
    [
        ("a.exr", oiio.HALF, 0),
        ("tiled.exr", oiio.FLOAT, 16),
        ("a.hdr", oiio.FLOAT, 0),
        ("a.tif", oiio.FLOAT, 0),
    ],
)
def test_a_linear_ramp_gets_the_curve_of_a_screen(
    tmp_path: Path, folder: Path, name: str, kind: Any, tile: int
) -> None:
    source = media.film_picture(tmp_path / name, media.ramp(), kind, tile=tile)
    assert np.abs(drawn(source, folder) - srgb(media.ramp())).max() <= 1


@pytest.mark.parametrize(
    ("name", "kind"), [("a.tga", oiio.UINT8), ("a.tif", oiio.UINT16), ("a.png", oiio.UINT16)]
)
def test_whole_numbers_are_those_of_a_screen_already(
    tmp_path: Path, folder: Path, name: str, kind: Any
) -> None:
    source = media.film_picture(tmp_path / name, media.ramp(), kind)
    assert np.abs(drawn(source, folder) - media.ramp() * 255).max() <= 1


def test_a_log_scan_gets_lighter_middles_and_film_white_is_white(tmp_path: Path, folder: Path) -> None:
    codes = np.array([0, 95, 445, 685, 1023], np.float32) / 1023
    pixels = np.repeat(np.stack([codes] * 3, axis=-1)[None], 4, axis=0)
    source = media.film_picture(
        tmp_path / "scan.dpx", pixels, oiio.UINT16, oiio__BitsPerSample=10, dpx__Transfer="Printing density"
    )
    linear = [
        (10 ** ((code - 685) * 0.002 / 0.6) - 10 ** (-590 / 300)) / (1 - 10 ** (-590 / 300))
        for code in (0, 95, 445, 685, 1023)
    ]
    assert np.abs(drawn(source, folder)[0, :, 0] - srgb(np.array(linear))).max() <= 1


def test_a_dpx_that_says_it_is_linear_or_video_is_believed(tmp_path: Path, folder: Path) -> None:
    for transfer, expected in (("Linear", srgb(media.ramp())), ("ITU-R 709-4", media.ramp() * 255)):
        source = media.film_picture(
            tmp_path / "a.dpx", media.ramp(), oiio.UINT16, oiio__BitsPerSample=16, dpx__Transfer=transfer
        )
        assert np.abs(drawn(source, folder) - expected).max() <= 1


def test_aces_primaries_are_brought_to_those_of_a_screen(tmp_path: Path, folder: Path) -> None:
    acescg = (0.713, 0.293, 0.165, 0.83, 0.128, 0.044, 0.32168, 0.33767)
    red = np.zeros((4, 4, 3), np.float32)
    red[:, :] = (0.61312, 0.07020, 0.02062)  # the red of sRGB, in ACEScg
    source = media.film_picture(tmp_path / "aces.exr", red, oiio.FLOAT, chromaticities=acescg)
    assert np.abs(drawn(source, folder)[0, 0] - (255, 0, 0)).max() <= 2


def test_an_overscanned_exr_shows_its_display_window_and_infinities_are_white(
    tmp_path: Path, folder: Path
) -> None:
    pixels = np.full((6, 8, 3), 1.0, np.float32)
    pixels[3, 3] = np.inf
    pixels[3, 4] = np.nan
    source = media.film_picture(
        tmp_path / "over.exr", pixels, oiio.HALF, x=-2, y=-1, full_width=10, full_height=8
    )
    shown = drawn(source, folder)
    assert shown.shape == (8, 10, 3)
    assert (shown[0, 0] == 255).all()
    assert (shown[2, 1] == 255).all()
    assert (shown[2, 2] == 0).all()
    assert (shown[7, 9] == 0).all()


def exr(path: Path, parts: list[tuple[dict[str, Any], dict[str, float]]]) -> Path:
    """An EXR of parts: attributes of each, and its channels with the value that they have everywhere."""
    specs = []
    for attributes, channels in parts:
        spec = oiio.ImageSpec(8, 4, len(channels), oiio.HALF)
        spec.channelnames = tuple(channels)
        for name, value in attributes.items():
            spec.attribute(name.replace("__", ":"), value)
        specs.append(spec)
    output: Any = oiio.ImageOutput.create(str(path))
    assert output.open(str(path), specs if len(specs) > 1 else specs[0]), output.geterror()
    for number, (_, channels) in enumerate(parts):
        if number:
            assert output.open(str(path), specs[number], "AppendSubimage"), output.geterror()
        pixels = np.empty((4, 8, len(channels)), np.float32)
        pixels[:] = list(channels.values())
        assert output.write_image(pixels), output.geterror()
    output.close()
    return path


def colours(layer: str, value: float) -> dict[str, float]:
    """The channels of a layer, "" for plain ones."""
    return {f"{layer}.{each}" if layer else each: value for each in "RGB"}


GREY, OTHER = 0.18, 0.9


@pytest.mark.parametrize(
    "parts",
    [
        [({}, {**colours("AO", OTHER), **colours("rgba", GREY), "rgba.A": 1.0})],
        [({}, {**colours("", GREY), **colours("beauty", OTHER)})],
        [({}, {**colours("N", OTHER), "Z": 9.0, **colours("Beauty", GREY)})],
        [({}, {**colours("ViewLayer.Normal", OTHER), **colours("ViewLayer.Combined", GREY)})],
        [({}, {**colours("crypto_asset00", OTHER), **colours("lighting", GREY)})],
        [({}, {"red": GREY, "green": GREY, "blue": GREY, "alpha": 1.0})],
        [({}, {"Y": GREY})],
        [({"name": "depth"}, colours("", OTHER)), ({"name": "rgba"}, colours("", GREY))],
        [({"name": "Z"}, {"Z": 9.0}), ({"name": "main"}, colours("", GREY))],
        [
            ({"name": "AO.left", "view": "left"}, colours("AO.left", OTHER)),
            ({"name": "main"}, colours("", GREY)),
        ],
        [
            ({"name": "left", "view": "left"}, colours("", GREY)),
            ({"name": "right", "view": "right"}, colours("", OTHER)),
        ],
    ],
)
def test_the_layer_and_the_part_that_are_the_picture_are_shown(
    tmp_path: Path, folder: Path, parts: list[tuple[dict[str, Any], dict[str, float]]]
) -> None:
    shown = drawn(exr(tmp_path / "layers.exr", parts), folder)
    assert shown.min() == shown.max() == srgb(GREY)


def test_a_project_may_prefer_other_layers() -> None:
    parts = [ImagePart((*colours("rgba", 1), *colours("comp", 1), *colours("ViewLayer.Diffuse", 1), "Z"))]
    chosen = {
        words: choose_layer(parts, words).layer for words in (("comp",), ("diffuse", "comp"), ("sky",), ())
    }
    assert chosen == {
        ("comp",): "comp",
        ("diffuse", "comp"): "ViewLayer.Diffuse",
        ("sky",): "rgba",
        (): "rgba",
    }
    assert choose_layer([ImagePart(("id", "Y"))]).channels == (1, 1, 1)
    assert choose_layer([ImagePart(("Z",))]).channels == (0, 0, 0)


def test_a_deep_picture_is_flattened_and_shows_nothing_that_nobody_wrote(
    tmp_path: Path, folder: Path
) -> None:
    """Two samples for each pixel: a half transparent one before a grey wall."""
    spec = oiio.ImageSpec(32, 16, 5, oiio.FLOAT)
    spec.channelnames = ("R", "G", "B", "A", "Z")
    spec.deep = True
    data = oiio.DeepData()
    data.init(32 * 16, 5, (oiio.TypeFloat,) * 5, spec.channelnames)
    for pixel in range(32 * 16):
        data.set_samples(pixel, 2)
        for sample, values in enumerate(((0.1, 0.1, 0.1, 0.5, 1.0), (0.16, 0.16, 0.16, 1.0, 5.0))):
            for channel, value in enumerate(values):
                data.set_deep_value(pixel, channel, sample, value)
    path = tmp_path / "deep.exr"
    output: Any = oiio.ImageOutput.create(str(path))
    assert output.open(str(path), spec), output.geterror()
    assert output.write_deep_image(data), output.geterror()
    output.close()
    shown = drawn(path, folder)
    assert shown.shape == (16, 32, 3)
    assert shown.min() == shown.max() == srgb(0.1 + 0.5 * 0.16)


def test_a_picture_with_a_profile_of_its_own_is_shown_in_srgb(tmp_path: Path, folder: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    with Image.new("RGB", (8, 8), (200, 30, 30)) as image:
        image.save(tmp_path / "wrong.png", icc_profile=lab.tobytes())  # no profile of RGB: left alone
    assert (drawn(tmp_path / "wrong.png", folder)[0, 0] == (200, 30, 30)).all()
    with Image.new("CMYK", (8, 8), (0, 255, 255, 0)) as image:
        image.save(tmp_path / "print.jpg")
    red = drawn(tmp_path / "print.jpg", folder)[0, 0]
    assert red[0] > 200
    assert red[1] < 60


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "HEIF"])
def test_pictures_of_cameras_and_phones_are_drawn_in_every_size(
    tmp_path: Path, folder: Path, kind: str
) -> None:
    if kind == "HEIF":
        from pillow_heif import register_heif_opener  # noqa: PLC0415 - it changes Pillow for good

        register_heif_opener()
    names = {"JPEG": "jpg", "TIFF": "tif", "HEIF": "heic"}
    source = tmp_path / f"shot.{names.get(kind, kind.lower())}"
    source.write_bytes(media.picture((1600, 900), kind))
    rendered = LocalMedia().picture(source, source.suffix[1:], folder)
    assert (rendered.width, rendered.height) == (1600, 900)
    sizes = {}
    for place, path in rendered.files.items():
        with Image.open(path) as image:
            sizes[place] = image.size
    assert sizes == {
        "pictures/originals": (1600, 900),
        "pictures/previews": (1200, 675),
        "pictures/thumbnails": (150, 100),
        "pictures/thumbnails-square": (100, 100),
    }
    assert len(sizes) == len(SIZES)


def test_a_photoshop_file_is_drawn_flattened(tmp_path: Path, folder: Path) -> None:
    header = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 2, 4, 8, 3) + struct.pack(">III", 0, 0, 0)
    planes = bytes([200] * 8) + bytes([100] * 8) + bytes([50] * 8)
    source = tmp_path / "comp.psd"
    source.write_bytes(header + struct.pack(">H", 0) + planes)
    shown = drawn(source, folder)
    assert shown.shape == (2, 4, 3)
    assert (shown[0, 0] == (200, 100, 50)).all()


# -- pictures that are none ----------------------------------------------------------------------------------


def _huge_png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def _huge_exr(path: Path) -> bytes:
    """A small EXR whose header says that it is 50,000 pixels wide and high."""
    content = media.film_picture(path, media.ramp(8, 8)).read_bytes()
    small, huge = struct.pack("<4i", 0, 0, 7, 7), struct.pack("<4i", 0, 0, 49_999, 49_999)
    return content.replace(small, huge)


def _zip_bomb(path: Path) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 10_000_000)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("huge.png", lambda path: _huge_png(), "2500000000 pixels"),
        ("huge.exr", _huge_exr, "exceeds"),
        ("text.png", lambda path: b"I am no picture", "format is not known"),
        ("bomb.png", _zip_bomb, "format is not known"),
        ("bomb.psd", _zip_bomb, "not a picture"),
        ("empty.jpg", lambda path: b"", "format is not known"),
        ("empty.exr", lambda path: b"", "not a picture"),
        ("half.jpg", lambda path: media.picture((400, 300), "JPEG")[:900], "truncated"),
        ("half.exr", lambda path: media.film_picture(path, media.ramp(64, 512)).read_bytes()[:999], "broken"),
        ("page.tif", lambda path: b"<html>", "not a picture"),
    ],
)
def test_a_file_that_is_no_picture_says_why(
    tmp_path: Path, folder: Path, name: str, content: Any, reason: str
) -> None:
    source = tmp_path / name
    source.write_bytes(content(tmp_path / f"made.{name.rpartition('.')[2]}"))
    with pytest.raises(Unreadable, match=reason) as refused:
        LocalMedia().picture(source, source.suffix[1:], folder)
    assert str(tmp_path) not in refused.value.message


# -- movies --------------------------------------------------------------------------------------------------


@pytest.fixture(params=["the wheel's", "the system's"])
def _each_ffmpeg(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once with the ffmpeg of the wheel, once with that of this machine where it has one."""
    found = imageio_ffmpeg.get_ffmpeg_exe() if request.param == "the wheel's" else shutil.which("ffmpeg")
    if found is None:
        pytest.skip("this machine has no ffmpeg of its own")
    for module in (ffmpeg, media):
        monkeypatch.setattr(module, "program", lambda: found)


def made(source: Path, folder: Path, shape: MovieShape = SMALL) -> tuple[Any, Any, list[int]]:
    """The rendered movie, what ffmpeg says of the full one, and the reported per cents."""
    told: list[int] = []
    rendered = LocalMedia().movie(source, folder, shape, told.append)
    return rendered, probe(rendered.files["movies/originals"]), told


@pytest.mark.usefixtures("_each_ffmpeg")
@pytest.mark.parametrize("sound", [True, False])
def test_a_movie_becomes_what_browsers_play_with_and_without_sound(
    tmp_path: Path, folder: Path, *, sound: bool
) -> None:
    source = media.movie(tmp_path / "a.mov", size="321x241", sound=sound)
    rendered, full, told = made(source, folder)
    assert (full.codec, full.pixel_format, full.rate, full.has_sound) == ("h264", "yuv420p", 25.0, sound)
    assert (rendered.width, rendered.height, rendered.duration) == (128, 72, 1.0)
    assert rendered.original == {"width": 321, "height": 241, "duration": probe(source).duration}
    assert told == sorted(told)
    assert max(told) <= 90
    low = probe(rendered.files["movies/low"])
    assert (low.codec, low.width, low.height, low.has_sound) == ("h264", 128, 72, sound)


def test_without_a_size_the_shape_of_the_movie_is_kept_and_the_small_one_is_1280_wide(
    tmp_path: Path, folder: Path
) -> None:
    source = media.movie(tmp_path / "a.mp4", size="100x50", seconds=0.2)
    rendered, full, _ = made(source, folder, MovieShape(height=720))
    low = probe(rendered.files["movies/low"])
    assert (full.width, full.height, low.width, low.height) == (1440, 720, 1280, 640)


def test_a_variable_frame_rate_becomes_even(tmp_path: Path, folder: Path) -> None:
    uneven = "select=not(mod(n\\,3)*mod(n\\,7)),setpts=PTS"
    source = media.movie(tmp_path / "a.mkv", "-vf", uneven, "-fps_mode", "vfr", rate="30")
    _, full, _ = made(source, folder, MovieShape(rate="24000/1001", width=64, height=48))
    assert full.rate == float(Fraction(24000, 1001)), "ffmpeg says 23.98"
    assert 0.8 < full.duration <= 1.1


def test_the_bit_rate_of_the_project_is_the_most_that_a_movie_takes(tmp_path: Path, folder: Path) -> None:
    noise = ("-vf", "noise=alls=100:allf=t", "-c:v", "libx264", "-crf", "1")
    source = media.movie(tmp_path / "noise.mp4", *noise, size="160x120")
    sizes = []
    for bits in (1, 4):
        shape = MovieShape(width=160, height=120, full_bits=bits, low_bits=1)
        sizes.append(made(source, folder, shape)[0].files["movies/originals"].stat().st_size)
    assert sizes[1] > 1.25 * sizes[0]


def test_a_movie_that_need_not_be_normalised_keeps_its_pictures(tmp_path: Path, folder: Path) -> None:
    browsers = ("-c:v", "libx264", "-pix_fmt", "yuv420p")
    source = media.movie(tmp_path / "a.mov", *browsers, size="96x64")
    _, full, _ = made(source, folder, MovieShape(width=128, height=72, keep=True))
    assert (full.width, full.height, full.rate) == (96, 64, 24.0)


def test_the_frames_of_a_movie_can_be_had_one_by_one(tmp_path: Path, folder: Path) -> None:
    flashes = "drawbox=t=fill:c=black,drawbox=t=fill:c=white:enable='eq(n\\,10)'"
    source = media.movie(tmp_path / "a.mp4", "-vf", flashes, rate="25")
    full = made(source, folder)[0].files["movies/originals"]
    light: list[Any] = []
    for number in (9, 10, 11):
        with Image.open(LocalMedia().frame(full, number, folder)) as image:
            light.append(image.convert("L").getpixel((64, 36)))
    assert light[1] > 200
    assert light[0] < 40
    assert light[2] < 40
    with pytest.raises(Invalid, match="not between 0 and 24"):
        LocalMedia().frame(full, 25, folder)


def test_a_late_frame_of_a_film_at_23976_is_that_frame(tmp_path: Path) -> None:
    flash = "drawbox=t=fill:c=black,drawbox=t=fill:c=white:enable='eq(n\\,3600)'"
    film = media.movie(tmp_path / "a.mp4", "-vf", flash, size="16x16", rate="24000/1001", seconds=151)
    light: list[Any] = []
    for number in (3599, 3600, 3601):
        frame(film, number, tmp_path / f"{number}.png")
        with Image.open(tmp_path / f"{number}.png") as image:
            light.append(image.convert("L").getpixel((8, 8)))
    assert [value > 128 for value in light] == [False, True, False]


@pytest.mark.usefixtures("_each_ffmpeg")
def test_a_movie_is_as_long_as_its_pictures_whatever_its_sound_is(tmp_path: Path, folder: Path) -> None:
    source = media.movie(tmp_path / "a.mov", "-af", "apad=pad_dur=2", rate="25", sound=True)
    rendered, full, _ = made(source, folder)
    assert rendered.duration == 1.0
    assert full.duration > 2
    with pytest.raises(Invalid, match="after the last frame"):
        LocalMedia().frame(rendered.files["movies/originals"], 30, folder)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"I am no movie",
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        media.picture(),
    ],
)
def test_a_file_that_is_no_movie_says_why(tmp_path: Path, folder: Path, content: bytes) -> None:
    source = tmp_path / "take.mp4"
    source.write_bytes(content)
    with pytest.raises(Unreadable, match="not a movie") as refused:
        made(source, folder)
    assert str(tmp_path) not in refused.value.message


def test_a_movie_of_sound_alone_says_so(tmp_path: Path, folder: Path) -> None:
    sound = tmp_path / "sound.mov"
    quiet = ["-loglevel", "error", "-nostdin", "-y"]
    made = ["-f", "lavfi", "-i", "sine=duration=1", str(sound)]
    subprocess.run([ffmpeg.program(), *quiet, *made], check=True, timeout=60)
    with pytest.raises(Unreadable, match="holds no pictures"):
        LocalMedia().movie(sound, folder, SMALL, lambda _: None)


def test_a_movie_that_breaks_off_is_refused(tmp_path: Path, folder: Path) -> None:
    source = media.movie(tmp_path / "a.mp4")
    source.write_bytes(source.read_bytes()[:2000])
    with pytest.raises(Unreadable):
        made(source, folder)


# -- the guard -----------------------------------------------------------------------------------------------


def test_a_program_that_takes_too_long_is_stopped() -> None:
    finished = run_guarded(["sleep", "60"], Limits(0.2, GIBIBYTE))
    assert finished.status == TOO_LONG
    assert finished.is_late


def test_a_program_that_wants_too_much_memory_fails_alone() -> None:
    greedy = [sys.executable, "-c", "len(bytearray(3 * 1024**3))"]
    finished = run_guarded(greedy, Limits(20, GIBIBYTE))
    assert finished.status != 0
    assert "MemoryError" in finished.said


def test_a_program_is_stopped_with_whoever_asked_for_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    asking = (
        "import subprocess, sys\n"
        f"subprocess.Popen([sys.executable, '-I', '-S', {str(GUARD)!r}, '60', '{GIBIBYTE}', sys.executable, "
        f"'-c', {script!r}], stdin=subprocess.PIPE).wait()"
    )
    with subprocess.Popen([sys.executable, "-c", asking]) as asker:
        wait_until(note.read_text, "it does not begin")
        asker.send_signal(signal.SIGKILL)
    assert ended([int(note.read_text())])


def test_an_error_of_the_listener_stops_the_program() -> None:
    def refuse(line: str) -> None:
        raise KeyError(line)

    started = time.monotonic()
    with pytest.raises(KeyError, match="hello"):
        run_guarded(["sh", "-c", "echo hello; sleep 60"], Limits(60, GIBIBYTE), refuse)
    assert time.monotonic() - started < 50
    assert ABANDONED != TOO_LONG
