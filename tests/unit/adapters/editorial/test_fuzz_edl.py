"""Edit decision lists that somebody or something has damaged are read right, told of, or refused."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from tests.contracts.nasty import examples, try_seeds
from tests.unit.adapters.editorial.test_read_edl import HEAD, event, read
from zou_server.adapters.editorial.read_edl import NoEdlError
from zou_server.footage.frame_rate import frame_rate

WHOLE = HEAD + "".join(
    event(f"{n:03}", how=how, record=f"01:00:{2 * n:02}:00 01:00:{2 * n + 2:02}:00", name=f"SH{n}") + more
    for n, (how, more) in enumerate(
        [
            ("V     C", "M2   AX   048.0   00:00:00:00\n"),
            ("AA/V  C", "* ASC_SOP (1 1 1)(0 0 0)(1 1 1)\n"),
            ("V     D    012", "* TO CLIP NAME: SH9\n"),
            ("A2    C", "AUD  3  4\n"),
            ("V     W001 024", "* LOC: 01:00:00:12 RED x\n"),
            ("NONE  C", "FCM: DROP FRAME\n"),
            ("V     K B", "FINAL CUT PRO REEL: TAPE 1 REPLACED BY: AX\n"),
            ("V2    C", "REEL AX IS CLIP x.mov\n* FRMC START: 1001 FRMC END: 1048 FRMC DURATION: 48\n"),
        ]
    )
)


def _damaged(chance: random.Random) -> str:
    """A list after a few accidents: characters changed, lost and doubled, lines moved."""
    text = list(WHOLE)
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(text) or 1)
        accident = chance.randrange(5)
        if accident == 0:
            text[place : place + 1] = chance.choice("0123456789:;., *VACDWK\n\t\0é(")
        elif accident == 1:
            del text[place : place + chance.randint(1, 40)]
        elif accident == 2:
            text[place:place] = text[place : place + chance.randint(1, 80)]
        elif accident == 3:
            text[place:place] = chance.choice(["9" * 30, "99:99:99:99", "\r", " " * 300, "M2 ", "001  "])
        else:
            lines = "".join(text).split("\n")
            chance.shuffle(lines)
            text = list("\n".join(lines))
    return "".join(text)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The four timecodes of each line that has them."""
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        times = re.findall(r"\d{1,2}[:;.,]\d\d[:;.,]\d\d[:;.,]\d{2,3}", line)
        if len(times) == 4:
            yield number, times


def check_damaged(seed: int) -> bool:
    """Whether a list is read, or refused: what is read has the length that its line says, or is told of."""
    rate, text = frame_rate(24), _damaged(random.Random(seed))  # noqa: S311 - no secret
    try:
        clips = read(text)
    except NoEdlError:
        return False  # another rate, as far as anybody can know
    times = dict(_lines(text))
    for clip in clips:
        if clip.frames is None:
            assert clip.why
            continue
        start, end = (rate.frames(each) for each in times[clip.line][2:])
        assert clip.frames in (end - start, end - start + rate.day), clip
        assert clip.first is not None
        assert 0 <= clip.first < 1000 * 3600 * 24
    return any(clip.frames is not None for clip in clips)


def test_fuzz_damage_never_makes_a_wrong_length() -> None:
    try_seeds(check_damaged, examples(300))
