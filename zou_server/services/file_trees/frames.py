"""The part of a file name that says which frame it is: `.1001`, `.####`, `.%04d`, `.1-25#`, `_[1-25]`."""

from __future__ import annotations

import re
from collections.abc import Iterator

import fileseq

_ZOU = re.compile(r"_\[(\d+-\d+)\](?P<extension>\.[^/]*)?\Z", re.ASCII)


def stems(file_name: str) -> Iterator[tuple[str, str]]:
    """The stems that a name may have without extension and frames, each with its frame range ("" for none).

    The plain readings come first: a name may end in digits that are a revision.
    """
    yield file_name, ""
    whole = _ZOU.search(file_name)
    if whole is not None:
        yield file_name[: whole.start()], whole[1]
        return
    stem, dot, _ = file_name.rpartition(".")
    if dot:
        yield stem, ""
    try:
        found = fileseq.FileSequence(file_name)
    except fileseq.ParseException:
        return
    if found.padding():
        yield found.basename().rstrip("._"), found.frameRange()
