"""Names written in a text behind a sign: `@Jane Doe`, `@Animation`, `#Modeling`."""

from __future__ import annotations

import re
from collections.abc import Iterable


def find_names(text: str, sign: str, names: Iterable[str]) -> set[str]:
    """The names that stand in the text behind the sign, case ignored, in lower case.

    Where one name begins with another the longer one is meant. A sign inside a word means nothing, so
    that the address jane@example.com names nobody.
    """
    known = sorted({name.lower() for name in names if name}, key=len, reverse=True)
    if sign not in text or not known:
        return set()
    words = "|".join(re.escape(name) for name in known)
    return set(re.findall(rf"(?<!\w){re.escape(sign)}({words})(?!\w)", text.lower()))
