"""What `ftrack.update` events call the attributes of rows."""

from __future__ import annotations

from zou_server.blueprints.ftrack.hub.updates import _keys_of, _members


def test_events_name_no_attribute_that_clients_never_see() -> None:
    named = {kind: [key for key in _keys_of(kind).values() if key.startswith("~")] for kind in _members()}
    assert "Status" in named
    assert {kind: keys for kind, keys in named.items() if keys} == {}
