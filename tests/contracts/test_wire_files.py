"""What a client was shown, it is shown tomorrow: the files of `tests/contracts/wire/` say it for every type.

They are no list that the code makes for itself: whoever changes a wire on purpose runs `make wire` and reads
the difference before committing it.
"""

from __future__ import annotations

import pytest

from tests.contracts.dialects import DIALECTS, Dialect
from tests.contracts.wire_files import Types, lost_or_changed, read, wire_of
from tests.contracts.world import World


@pytest.fixture(scope="module", params=DIALECTS, ids=lambda kind: kind.name)
def both(request: pytest.FixtureRequest, world: World) -> tuple[Types, Types]:
    """The wire of a dialect as it was recorded, and as it is."""
    kind: type[Dialect] = request.param
    return read(kind.name), wire_of(world, kind)


def test_no_key_is_lost_and_none_changes_its_kind(both: tuple[Types, Types]) -> None:
    assert list(lost_or_changed(*both)) == []


def test_a_new_key_is_recorded(both: tuple[Types, Types]) -> None:
    recorded, found = both
    new = [
        f"{name}.{key}" for name, keys in found.items() for key in keys if key not in recorded.get(name, {})
    ]
    assert new == [], "run `make wire`, and read the difference"


def test_a_lost_key_and_a_changed_one_are_seen() -> None:
    recorded = {"Shot": {"name": "string, may be set", "fps": "number, may be set"}, "Edit": {}}
    found = {"Shot": {"name": "string, read only", "code": "string, may be set"}}
    assert list(lost_or_changed(recorded, found)) == [
        "Shot.name was: string, may be set; is: string, read only",
        "Shot.fps was: number, may be set; it is gone",
        "Edit is gone",
    ]
