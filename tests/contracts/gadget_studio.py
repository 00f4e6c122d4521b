"""A program: a studio with one type more than ours, asked for it in every dialect.

Run by `test_a_new_entity.py` with a migrated database and a directory, as a process of its own: what is
registered once stays registered. The class below, with its table, is all that anybody writes for a type.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tests.contracts.dialects import DIALECTS, Dialect, Refused, Wire, plain
from tests.contracts.world import World, open_world
from tests.studio import GivenDatabase
from zou_server.models.base import LIVE, Row, owner, reference
from zou_server.models.registry import Facet, Many, entity, facet


@entity(
    "gadgets",
    policy="production",
    many={"helpers": Many("Person", through="GadgetHelper", near="gadget_id", far="person_id")},
)
class Gadget(Row):
    """A thing on the set that somebody must find again."""

    name: Mapped[str] = mapped_column(info={"max_length": 40})
    shelf: Mapped[str | None] = mapped_column(info={"choices": ("high", "low")})
    weight: Mapped[float | None]
    count: Mapped[int | None] = mapped_column(default=1, info={"minimum": 0})
    is_fragile: Mapped[bool] = mapped_column(default=False)
    bought_on: Mapped[dt.date | None]
    seen_at: Mapped[dt.datetime | None]
    project_id: Mapped[uuid.UUID] = owner("project", nullable=False)
    keeper_id: Mapped[uuid.UUID | None] = reference("person", info={"target": "Person"})

    __table_args__ = (sa.Index("uq_gadget_name", "project_id", "name", unique=True, postgresql_where=LIVE),)


@entity("gadget-helpers", names=dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner")), display="")
class GadgetHelper(Row):
    """Somebody may move a gadget too."""

    gadget_id: Mapped[uuid.UUID] = owner("gadget", nullable=False)
    person_id: Mapped[uuid.UUID] = owner("person", nullable=False, info={"target": "Person"})


def main(url: str, directory: Path) -> None:
    """Ask for gadgets in every dialect; print what was seen of them, as JSON."""
    engine = sa.create_engine(url)
    Row.metadata.create_all(
        engine, tables=[Row.metadata.tables["gadget"], Row.metadata.tables["gadget_helper"]]
    )
    engine.dispose()
    with open_world(GivenDatabase(url), directory) as world:
        found = {kind.name: lived(world, kind(world, world.admin), facet("Gadget")) for kind in DIALECTS}
        events = {event["client"] for event in world.kit.events() if event["kind"] == "Gadget"}
    sys.stdout.write(json.dumps({"seen": found, "clients": sorted(events - {None})}))


def lived(world: World, dialect: Dialect, gadget: Facet) -> Wire:
    """The keys of a gadget that was made, found, changed and deleted in a dialect."""
    made, other = (world.factory.make("Gadget", full=True) for _ in range(2))
    id_, other_id = dialect.id_of(gadget, made), dialect.id_of(gadget, other)
    shown, wanted = dialect.show(gadget, id_), dialect.show(gadget, other_id)
    dialect.delete(gadget, id_)
    dialect.delete(gadget, other_id)
    again = dialect.create(gadget, settable(dialect, gadget, shown))
    assert settable(dialect, gadget, dialect.show(gadget, again)) == settable(dialect, gadget, shown)
    dialect.update(gadget, again, settable(dialect, gadget, wanted))
    after = dialect.show(gadget, again)
    assert settable(dialect, gadget, after) == settable(dialect, gadget, wanted)
    for key in dialect.keys(gadget):
        if key.filterable and key.name in after and key.name not in ("created_at", "updated_at"):
            assert again in [row["id"] for row in dialect.list(gadget, where=(key.name, after[key.name]))], (
                key
            )
    assert set(after) - {"type"} <= dialect.described(gadget)
    dialect.delete(gadget, again)
    assert again not in [row["id"] for row in dialect.list(gadget)]
    with pytest.raises(Refused) as refused:
        dialect.show(gadget, again)
    assert refused.value.status == dialect.missing
    return {key: plain(value) for key, value in after.items()}


def settable(dialect: Dialect, gadget: Facet, row: Wire) -> dict[str, Any]:
    """What of a row a client may set."""
    return {
        key.name: plain(row[key.name]) for key in dialect.keys(gadget) if key.editable and key.name in row
    }


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
