"""Rows that hold anything at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.shotgun_rows import ROWS
from tests.studio import StudioKit
from zou_server.models.actor import SYSTEM
from zou_server.services.importers.shotgun.import_rows import import_rows
from zou_server.services.importers.shotgun.kinds import KINDS

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(["", "\x00", "x" * 700, "2031-13-45", "9999-12-31", "0001-01-01", "1,2,3", "-1", "act"]),
)


ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["id", "name", "type", "url", "x"]), inner, max_size=4),
        st.fixed_dictionaries(
            {"id": st.integers(-1, 720), "type": st.sampled_from(["Shot", "Asset", "Project", "Task"])}
        ),
    ),
    max_leaves=6,
)


def _rows_of(kind: str) -> st.SearchStrategy[Any]:
    keys = sorted({"id", "sg_any", "sg_", "sg_\x00", *KINDS[kind].keys})
    wrong = st.dictionaries(st.sampled_from(keys), ANYTHING, max_size=len(keys))
    spoiled = st.tuples(st.sampled_from(ROWS[kind]), wrong).map(lambda pair: {**pair[0], **pair[1]})
    return st.lists(st.one_of(ANYTHING, wrong, spoiled), max_size=4)


@pytest.mark.parametrize("kind", ROWS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_row_whatever_it_holds_breaks_an_import(
    harbour: StudioKit, kind: str, data: st.DataObject
) -> None:
    rows = data.draw(_rows_of(kind))
    with harbour.studio.write(SYSTEM) as work:
        found = import_rows(work, kind, rows)
        work.session.flush()
        again = import_rows(work, kind, rows)  # in the same transaction, which is thrown away
    assert again.created == 0
    assert len(found.incomplete) <= len(rows)
