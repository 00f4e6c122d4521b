"""The colours of a project's own OpenColorIO configuration."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests import media
from zou_server.adapters.media.local_media import LocalMedia
from zou_server.footage.look import Look
from zou_server.models.errors import Unreadable
from zou_server.models.values.project_settings import CHECKS
from zou_server.services.previews.shape import LOOK, look_of

CONFIG = """\
ocio_profile_version: 2
roles: {scene_linear: lin, default: lin}
file_rules:
  - !<Rule> {name: Default, colorspace: default}
displays:
  Wall:
    - !<View> {name: Plain, colorspace: lin}
    - !<View> {name: Half, colorspace: half}
  Table:
    - !<View> {name: Half, colorspace: half}
colorspaces:
  - !<ColorSpace>
    name: lin
  - !<ColorSpace>
    name: half
    from_scene_reference: !<MatrixTransform> {matrix: [0.5, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 1]}
  - !<ColorSpace>
    name: swapped
    to_scene_reference: !<MatrixTransform> {matrix: [0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]}
"""


@pytest.fixture
def configs(tmp_path: Path) -> Path:
    """A directory of configurations."""
    folder = tmp_path / "configs"
    (folder / "shows").mkdir(parents=True)
    (folder / "shows" / "film.ocio").write_text(CONFIG)
    (folder / "broken.ocio").write_text("ocio_profile_version: 2\nroles: [")
    (tmp_path / "secret.ocio").write_text(CONFIG)
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A picture of 0.8, 0.4, 0.2."""
    pixels = np.tile(np.array([0.8, 0.4, 0.2], np.float32), (4, 8, 1))
    return media.film_picture(tmp_path / "a.exr", pixels)


def shown(source: Path, folder: Path, configs: Path | str, look: Look) -> tuple[int, ...]:
    """The colour that a picture is shown in."""
    drawn = LocalMedia(str(configs)).picture(source, source.suffix[1:], folder, look)
    with Image.open(drawn.files["pictures/originals"]) as image:
        return tuple(image.convert("RGB").tobytes()[:3])


@pytest.mark.parametrize(
    ("said", "colour"),
    [
        ({}, (204, 102, 51)),
        ({"view": "Half"}, (102, 51, 25)),
        ({"display": "Table"}, (102, 51, 25)),
        ({"space": "swapped"}, (102, 204, 51)),
    ],
)
def test_a_picture_is_shown_by_the_configuration_of_its_project(
    source: Path, tmp_path: Path, configs: Path, said: dict[str, str], colour: tuple[int, ...]
) -> None:
    look = replace(Look(config="shows/film.ocio"), **said)  # type: ignore[arg-type]
    assert shown(source, tmp_path, configs, look) == colour


def test_a_picture_of_a_screen_stays_as_it_is(tmp_path: Path, configs: Path) -> None:
    source = tmp_path / "a.png"
    source.write_bytes(media.picture(colour="#804020"))
    look = Look(config="shows/film.ocio", view="Half")
    assert shown(source, tmp_path, configs, look) == (0x80, 0x40, 0x20)


def test_a_configuration_that_comes_along_is_known_by_its_name(source: Path, tmp_path: Path) -> None:
    plain = shown(source, tmp_path, "", Look())
    aces = shown(source, tmp_path, "", Look(config="ocio://studio-config-v2.1.0_aces-v1.3_ocio-v2.3"))
    assert plain == (231, 170, 124), "the curve of sRGB"
    assert aces != plain
    assert aces[0] > aces[1] > aces[2]


@pytest.mark.parametrize(
    ("look", "reason"),
    [
        (Look(config="none.ocio"), "no colour configuration 'none.ocio'"),
        (Look(config="../secret.ocio"), "no colour configuration"),
        (Look(config="/etc/passwd"), "no colour configuration"),
        (Look(config="broken.ocio"), "cannot be read"),
        (Look(config="ocio://nonsense"), "cannot be read"),
        (Look(config="shows/film.ocio", view="Night"), "no view 'Night' of a display 'Wall'"),
        (Look(config="shows/film.ocio", space="nowhere"), "cannot show the picture"),
    ],
)
def test_a_configuration_that_cannot_be_used_says_why_and_no_other_is_taken(
    source: Path, tmp_path: Path, configs: Path, look: Look, reason: str
) -> None:
    with pytest.raises(Unreadable, match=reason) as refused:
        shown(source, tmp_path, configs, look)
    assert str(tmp_path) not in refused.value.message


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("ocio_config", "../a.ocio"),
        ("ocio_config", "/a.ocio"),
        ("ocio_config", "a.txt"),
        ("ocio_config", "ocio://"),
        ("ocio_config", "a/../b.ocio"),
        ("ocio_view", 7),
        ("ocio_space", "x" * 201),
        ("review_layers", " , "),
    ],
)
def test_a_setting_that_means_nothing_is_refused(key: str, said: object) -> None:
    with pytest.raises(ValueError, match="is"):
        CHECKS[key](said)


def test_a_project_says_its_look_in_its_custom_fields() -> None:
    nothing = dict.fromkeys(LOOK)
    assert look_of(nothing) == Look()
    said = {"review_layers": "comp, rgba", "ocio_config": " shows/my film.ocioz ", "ocio_view": "Plain"}
    assert look_of({**nothing, **said}) == Look(("comp", "rgba"), "shows/my film.ocioz", view="Plain")
    assert look_of({**nothing, "ocio_config": "../a.ocio"}) == Look(), "set before it was checked"
