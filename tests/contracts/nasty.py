"""What nobody should send, and everybody does in the end: strategies for values, texts and whole bodies."""

from __future__ import annotations

import json
import os
import secrets
import uuid
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

HUGE = 10**400


def examples(few: int) -> int:
    """How many requests to try: few in the suite, FUZZ times as many where time is no matter (`.ci/run`)."""
    return few * int(os.environ.get("FUZZ", "1"))


def try_seeds(check: Callable[[int], bool], times: int) -> None:
    """Check with new seeds; a failure says which one it was, so that it can be had again.

    A check says whether what it made could be read: when nothing could, nothing was shown.
    """
    read = 0
    for _ in range(times):
        seed = secrets.randbits(32)
        try:
            read += check(seed)
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise
    assert read, f"all of {times} were refused"


TEXTS = (
    "", " ", "null", "None", "true", "0", "-1", "1e400", "NaN", "\x00", "a\x00b", "\ud800", "\udfff x",
    "é" * 400, "a" * 70_000, "%", "%%", "%s", "%(v0)s", "'", '"', "\\", "'; drop table entity; --", "{}",
    "{0}", "[", "[]", '["a"', "[[]]", "\u202e", "\ufffe", "2030-02-30", "2030-01-31T25:00:00", "0000-00-00",
    "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "9" * 30, "../../etc/passwd", "<a>&b;",
    "00000000-0000-0000-0000-000000000000", ":v", "$1", "a::number", "a.b.c", "data.x::date",
)  # fmt: skip
"""Texts that mean something to somebody on the way: to JSON, to Python, to SQL, to a calendar."""

NUMBERS = (0, -1, 2**31, -(2**31) - 1, 2**53 + 1, 2**63, -(2**63) - 1, 10**18, HUGE, 0.5, -0.0, 1e308, 1e-320)

# By their places, so that a failure does not print all of them.
texts = st.integers(0, len(TEXTS) - 1).map(lambda place: TEXTS[place]) | st.text(max_size=12)
scalars = st.none() | st.booleans() | st.sampled_from(NUMBERS) | texts
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
"""Any JSON value, most of them of the wrong type wherever they are sent."""


def nested(depth: int, opening: bytes = b"[", closing: bytes = b"]") -> bytes:
    """JSON so deep that a parser may give up before it ends."""
    return opening * depth + b"1" + closing * depth


BODIES = (
    b"", b" ", b"\x00", b"\xff\xfe", b'{"name": "\xff"}', b'{"name": "\xed\xa0\x80"}', b"\xef\xbb\xbf{}",
    b"{", b"nul", b'{"name": NaN}', b'{"name": Infinity}', b'{"name": 1e400}', b'{"name": 1, "name": 2}',
    b'"text"', b"12", b"null",
    nested(100), nested(60_000), nested(20_000, b'{"name":', b"}"), '{"name": "é"}'.encode("utf-16"),
    b"<shot>", b"<shot><title>a</title></shot>", b"<shot><title>\x00</title></shot>", b"<!DOCTYPE a><shot/>",
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nName\r\n--b--\r\n',
    b"Name,Sequence\n\xff,\x00\n", b"email=a&password=b",
)  # fmt: skip
"""Bodies that are no JSON, or JSON of a kind that parsers disagree about."""

bodies = (
    st.sampled_from(BODIES) | st.binary(max_size=40) | values.map(lambda value: json.dumps(value).encode())
)

CONTENT_TYPES = (
    "application/json", "application/json; charset=utf-16", "application/xml", "text/plain", "nonsense", "",
    "multipart/form-data", "multipart/form-data; boundary=b", "application/x-www-form-urlencoded", "text/csv",
)  # fmt: skip
content_types = st.sampled_from(CONTENT_TYPES)

queries = st.lists(
    st.tuples(
        st.sampled_from(
            (
                "page",
                "limit",
                "fields",
                "order_by",
                "relations",
                "cursor",
                "name",
                "id",
                "order",
                "include",
                "force",
            )
        )
        | texts,
        texts,
    ),
    max_size=2,
)
"""Query strings out of names that mean something and values that should not be there."""


def wrong_ids() -> tuple[str, ...]:
    """Ids of nothing, and what is no id."""
    return (
        str(uuid.UUID(int=7)),
        "0",
        "-1",
        "99999999999999999999999",
        "x",
        "%00",
        "..",
        "a b",
        "%ff",
        "\u00e9",
    )
