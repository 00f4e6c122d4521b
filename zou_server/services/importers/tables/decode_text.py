"""The text of a file that names no encoding: by its mark, by its NULs, else UTF-8."""

from __future__ import annotations

import codecs

MARKED = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like UTF-16's, so it is looked for first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD = 2000
_MOSTLY = 0.4


def sure_encoding(content: bytes) -> str | None:
    """The encoding that a file's first bytes prove; None when they prove none."""
    for mark, encoding in MARKED:
        if content.startswith(mark):
            return encoding
    head = content[:_HEAD]
    for odd, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        # Text of western letters in UTF-16 has a NUL at every second place, and none at the others.
        nuls, letters = head[odd::2], head[1 - odd :: 2]
        if nuls.count(0) > len(nuls) * _MOSTLY and not letters.count(0):
            return encoding
    return None


def decoded_leniently(content: bytes) -> str:
    """The text of a file whose words outside ASCII are only names; a letter may be wrong, no line is lost."""
    for encoding in filter(None, (sure_encoding(content), "utf-8", "cp1252")):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")
