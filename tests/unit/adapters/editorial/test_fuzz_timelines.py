"""OpenTimelineIO and Final Cut XML that somebody or something has damaged give possible clips or none."""

from __future__ import annotations

import random
import re
import tempfile
import uuid
from functools import cache, partial
from pathlib import Path

import orjson
import pytest

from tests.contracts.nasty import examples, try_seeds
from tests.unit.adapters.editorial.test_write_timelines import CASES, cut
from zou_server.adapters.editorial.timelines import OtioTimelines
from zou_server.footage.frame_rate import frame_rate
from zou_server.models.errors import Invalid
from zou_server.services.ports import Clip
from zou_server.services.production.cut_items import clip_of_item, item_of

NUMBERS = ("-1", "0", "-5", "99999999999999999999", "1e308", "NaN", "null", "0.5", "x", "")


VALUES = ("-1", "0", "-5", "1", "7", "1001", "2147483648", "99999999999999999999", "1e308", "0.5", "1e-9")
IS_VALUE = re.compile(r"(?<=: )-?\d+(?:\.\d+)?(?=,?\n)|(?<=>)-?\d+(?:\.\d+)?(?=<)")


def _miscounted(text: str, chance: random.Random) -> str:
    """A file that can still be parsed, but says other numbers: what is refused at once tests little."""
    for _ in range(chance.randint(1, 4)):
        found = chance.choice(list(IS_VALUE.finditer(text)))
        text = text[: found.start()] + chance.choice(VALUES) + text[found.end() :]
    return text


def _damaged(text: str, chance: random.Random) -> str:
    """A file after a few accidents: numbers and characters changed, pieces lost, doubled and swapped."""
    for _ in range(chance.randint(1, 6)):
        accident = chance.randrange(4)
        numbers = list(re.finditer(r"-?\d+(?:\.\d+)?", text))
        if accident < 2 and numbers:
            found = chance.choice(numbers)
            text = text[: found.start()] + chance.choice(NUMBERS) + text[found.end() :]
        elif accident == 2:
            place = chance.randrange(len(text) or 1)
            text = text[:place] + text[place + chance.randint(1, 60) :]
        else:
            tags = re.findall(r"<\w+>[^<>]*</\w+>|\"[^\"]*\": [^\n]*", text)
            if tags:
                text = text.replace(chance.choice(tags), chance.choice(tags), chance.randint(1, 3))
    return text


@cache
def _wholes(extension: str) -> list[str]:
    return [OtioTimelines().file(cut(*clips), extension).decode() for clips in CASES.values()]


def check_damaged(extension: str, seed: int) -> bool:
    """Whether a file has clips: possible ones, whatever the library does (some damage ends its process)."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cut"
        harm = chance.choice((_miscounted, _miscounted, _damaged))
        path.write_text(harm(chance.choice(_wholes(extension)), chance))
        clips = _clips(path, extension)
    for clip in clips:
        if clip.frames is None:
            assert clip.why
            continue
        assert clip.first is not None
        assert 0 <= clip.first <= 2**31
        assert 0 <= clip.frames <= 2**31
        item = {"shot_id": str(uuid.UUID(int=1)), **orjson.loads(orjson.dumps(item_of(clip)))}
        is_possible = clip.frames > 0 and clip.first + clip.frames <= 2**31
        assert (clip_of_item(item) is not None) is is_possible
    return any(clip.frames is not None for clip in clips)


@pytest.mark.parametrize("extension", ["otio", "xml"])
def test_fuzz_damage_gives_possible_clips_or_none(extension: str) -> None:
    try_seeds(partial(check_damaged, extension), examples(15))


def test_a_speed_that_no_cut_can_have_is_told(tmp_path: Path) -> None:
    path = tmp_path / "cut.otio"
    whole = next(each for each in _wholes("otio") if '"time_scalar": 2.0' in each)
    path.write_text(whole.replace('"time_scalar": 2.0', '"time_scalar": 1e306'))
    assert "has a speed that no cut can have: 1e+306" in {clip.why for clip in _clips(path, "otio")}


def _clips(path: Path, extension: str) -> list[Clip]:
    """The clips of a file; none where it cannot be read, which a sentence tells."""
    try:
        return OtioTimelines().clips(path, extension, frame_rate(24))
    except Invalid as error:
        if f"This .{extension} file cannot be read: " in error.message:
            return []
        raise
