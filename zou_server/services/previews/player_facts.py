"""What players ask of a file before they play it: its frames and its size, as a text beside a component."""

from __future__ import annotations

from typing import Any

import orjson

FACTS = "ftr_meta"
"""The key under which players look for it."""


def movie_facts(duration: float, rate: float, width: int, height: int) -> str:
    """The facts of a movie, whose frames are counted from 0."""
    last = max(0, round(duration * rate) - 1)
    return _text(frameIn=0, frameOut=last, frameRate=rate, width=width, height=height)


def picture_facts(width: int, height: int) -> str:
    """The facts of a picture."""
    return _text(format="image", width=width, height=height)


def _text(**facts: Any) -> str:
    return orjson.dumps(facts).decode()
