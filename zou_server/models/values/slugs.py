"""Names made fit for paths: words, digits and underscores of any script, and nothing that leads elsewhere.

What the production server does too: accents go ("Café" is Cafe), all that is no letter or digit becomes
one underscore. What it does and we do not: letters of other scripts stay as they are, with their vowel
signs, or two names could become one; case is kept unless the descriptor's style says otherwise; a part
that a Windows machine could not make (`nul`, `com1`) gets an underscore behind it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

STYLES: Mapping[str, Callable[[str], str]] = {
    "": lambda text: text,
    "none": lambda text: text,
    "lowercase": str.lower,
    "uppercase": str.upper,
}
"""Style of a descriptor -> what it does to a value."""

LONGEST_PART = 255
"""Bytes that a file system allows one name."""

_KEPT = frozenset("LNM")
_RUNS = re.compile("_{2,}")
_OTHERS = re.compile("[^0-9A-Za-z]+")
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


def slug(text: str) -> str:
    """The words of a text joined by underscores; "" when nothing of it can be kept."""
    if text.isascii():
        return _OTHERS.sub("_", text).strip("_")
    letters = "".join(_letter(each) for each in unicodedata.normalize("NFC", text))
    return _RUNS.sub("_", letters).strip("_")


def _letter(letter: str) -> str:
    plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode() or letter
    return plain if all(unicodedata.category(each)[0] in _KEPT for each in plain) else "_"


def words(text: str) -> str:
    """The fixed words of a file name: every other sign an underscore, at the ends too."""
    return "".join(_letter(each) for each in text)


def joined(parts: str) -> str:
    """A file name without the doubled and trailing underscores that empty values leave."""
    return _RUNS.sub("_", parts).strip("_")


def harmless(part: str) -> str:
    """A folder or file name that every system can make."""
    return f"{part}_" if _DEVICES.match(part) else part
