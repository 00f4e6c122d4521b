"""ftrack_api, unmodified, logs in and learns the types of the studio."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.clients.ftrack.show import Show
from tests.clients.ftrack.site import (
    USER,
    ServerError,
    Session,
    Site,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_a_session_starts_and_knows_the_types(session: Session) -> None:
    expected = {
        "Project",
        "Context",
        "TypedContext",
        "Sequence",
        "Shot",
        "AssetBuild",
        "Episode",
        "Folder",
        "Milestone",
        "Task",
        "User",
        "Status",
        "State",
        "Type",
        "ObjectType",
        "Priority",
        "ProjectSchema",
        "Location",
        "Setting",
        "Appointment",
        "Note",
    }

    assert expected <= set(session.types)
    assert session.server_information["is_timezone_support_enabled"] is True
    assert session.types["User"].default_projections == ["id"]
    assert session.query("Location").all()


@pytest.mark.parametrize(("user", "key"), [(USER, "not a key"), ("nobody@example.com", "")])
def test_a_wrong_key_or_user_is_refused(site: Site, user: str, key: str) -> None:
    with (
        pytest.raises(ServerError, match="InvalidCredentialsError"),
        site.session(user, key),
    ):
        pass


def test_the_schemas_are_fetched_once_while_they_stay_the_same(site: Site, tmp_path: Path) -> None:
    for _ in range(2):
        with site.session(schema_cache_path=str(tmp_path)) as session:
            assert session.server_information["schema_hash"]
    kept = (tmp_path / "ftrack_api_schema_cache.json").read_text()

    with site.session(schema_cache_path=str(tmp_path)) as session:
        cached, hash_ = session._read_schemas_from_cache(str(tmp_path / "ftrack_api_schema_cache.json"))  # noqa: SLF001

    assert hash_ == session.server_information["schema_hash"]
    assert json.loads(kept) == cached


def test_every_attribute_of_every_row_can_be_read(session: Session, show: Show) -> None:
    assert show.task
    for name in session.types:
        for row in session.query(show.asked_for(name)).all()[:2]:
            assert set(row.keys()) == {key for key, _ in row.items()}
