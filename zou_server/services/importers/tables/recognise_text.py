"""The text of a file in the encoding that it is in: recognised or refused, never wrong letters.

A file in UTF-8 or with a mark proves what it is. One in the old encoding of Windows (cp1252) or of Japan
(Shift-JIS, EUC-JP) proves nothing, but read in another one it becomes text that nobody writes; what could be
several is refused.
"""

from __future__ import annotations

import codecs
import re

from zou_server.models.errors import Invalid
from zou_server.services.importers.tables.decode_text import sure_encoding
from zou_server.services.importers.tables.odd_western import is_odd

SAY_UTF8 = "save it as CSV UTF-8, or say the encoding (Content-Type: text/csv; charset=...)"

_NO_LETTERS = re.compile(r"[\x00-\x08\x0e-\x1f\x80-\x9f]")
"""What a file that is no text holds, read in an encoding in which every byte is a letter."""

_JAPANESE = ("cp932", "euc_jp")
_KANA = re.compile("[\u3041-\u30ff]")
_ODD = re.compile("[\uff61-\uff9f\ue000-\uf8ff]")
"""Half-width kana and letters of nobody: Japanese text that was read in the wrong encoding."""

_ALONE = re.compile("(?<![\u3041-\u9fff])[\u3041-\u9fff][a-z]")
"""One letter of Japan within a western word."""


def recognised_text(content: bytes, said: str = "") -> str:
    """The text; `said` is what the sender says of it. Invalid when that is none, or any of several."""
    sure = sure_encoding(content)
    if sure is not None:
        return _plain(_decoded(content, sure))
    if said:
        named = _named(said)
        if named != "utf-8":  # many programs say utf-8 whatever they send; a file says better what it is
            return _plain(_decoded(content, named))
    try:
        return _plain(content.decode("utf-8"))
    except UnicodeDecodeError:
        return _old(content)


def _named(said: str) -> str:
    try:
        found = codecs.lookup(said)
    except LookupError:
        found = None
    if found is None or not getattr(found, "_is_text_encoding", True):
        message = f"The encoding '{said[:40]}' is not known here; send the file in UTF-8."
        raise Invalid(message, {"charset": ["is not known"]})
    return found.name


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeError:
        raise Invalid(f"The file begins like {encoding} text and goes on as something else.") from None


def _plain(text: str) -> str:
    if "\0" in text:
        raise Invalid("The file is not a CSV file: it holds NUL characters.")
    return text


def _old(content: bytes) -> str:
    """The text of a file that is not Unicode."""
    if b"\0" in content:
        raise Invalid("The file is not a CSV file: it holds NUL characters.")
    try:
        western: str | None = content.decode("cp1252")
    except UnicodeDecodeError:
        western = None
    if western is not None and not _NO_LETTERS.search(western) and not is_odd(western):
        return western
    japanese = [text for text in (_japanese(content, each) for each in _JAPANESE) if text is not None]
    if len(japanese) == 1:
        return japanese[0]
    raise Invalid(f"The file is no text in an encoding that can be told from others: {SAY_UTF8}.")


def _japanese(content: bytes, encoding: str) -> str | None:
    """The text in an encoding of Japan, None when it is no such text."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return (
        text
        if _KANA.search(text) and not any(each.search(text) for each in (_ODD, _ALONE, _NO_LETTERS))
        else None
    )
