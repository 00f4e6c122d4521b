"""Keys made from names."""

from __future__ import annotations

import pytest

from zou_server.services.rules.vocabulary import slug


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Frame In", "frame_in"),
        ("Équipe de nuit!", "equipe_de_nuit"),
        ("カメラA", "カメラa"),
        ("レンズA", "レンズa"),
        ("  spaces  ", "spaces"),
    ],
)
def test_a_name_becomes_a_key_that_no_other_name_becomes(name: str, key: str) -> None:
    assert slug(name) == key
