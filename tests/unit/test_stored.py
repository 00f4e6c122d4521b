"""The names that stored files are offered under: no path, no second header, no program in a page."""

from __future__ import annotations

import pytest
from werkzeug.http import parse_options_header

from zou_server.stored import Download, disposition, harmless_name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("plate.exr", "plate.exr"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system.ini", "system.ini"),
        ("a\r\nSet-Cookie: x=1.png", "aSet-Cookie_ x=1.png"),
        ('"; filename="evil.exe', "__ filename=_evil.exe"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("été 2.png", "été 2.png"),
        ("nul\0.png", "nul.png"),
        ("", "download"),
        ("...", "download"),
        (".png", "png"),
        ("x" * 500 + ".png", "x" * 146 + ".png"),
    ],
)
def test_a_name_keeps_its_words_and_loses_what_could_harm(given: str, kept: str) -> None:
    assert harmless_name(given) == kept


@pytest.mark.parametrize("name", ["plate.exr", "été 2.png", "日本語.png", 'a"b.png', "100%.png"])
def test_a_name_comes_back_whole_from_the_header(name: str) -> None:
    said = disposition(name, attachment=True)
    said.encode("ascii")
    assert parse_options_header(said) == ("attachment", {"filename": harmless_name(name)})


@pytest.mark.parametrize(
    ("media_type", "attachment", "kind"),
    [
        ("image/png", False, ""),
        ("video/mp4", True, "attachment"),
        ("image/svg+xml", False, "attachment"),
        ("text/html", False, "attachment"),
    ],
)
def test_only_what_cannot_run_is_shown_in_place(media_type: str, attachment: bool, kind: str) -> None:  # noqa: FBT001
    assert Download("a/b", media_type, attachment=attachment).disposition == kind
