"""What is made and reviewed: products, their versions, the files of a version and where those are.

A product is what a studio makes of something (the animation of a shot), a version one take of it, whose
number is unique in its product. A component is a file or frame sequence of a version; a location is where
components are kept, and spells their paths; a stored file is bytes that this server holds. See
docs/adr/0005-the-domain-walked-on-paper.md.
"""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.base import LIVE, Base, Row, owner, reference
from zou_server.models.conditions import All, Op, Where
from zou_server.models.free_links import text_in
from zou_server.models.registry import Computed, FacetSpec, Kind, Many, entity, union
from zou_server.models.rows_of import row_of
from zou_server.models.status import standing

_NOWHERE: dict[str, str | None] = dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner"))
_SHOTGUN: dict[str, str | None] = {"zou": None, "ftrack": None, "shotrunner": None}


@entity(
    "products",
    names={**_NOWHERE, "ftrack": "Asset"},
    policy="file",
    many={"versions": Many("Version", by="product_id", writable=False)},
)
class Product(Row):
    """What is made of a shot, an asset, a project: `task_id` where its versions are the takes of a task."""

    name: Mapped[str | None] = mapped_column(info={"max_length": 250})
    object_id: Mapped[uuid.UUID | None] = owner("object")
    task_id: Mapped[uuid.UUID | None] = owner("task")
    output_type_id: Mapped[uuid.UUID | None] = reference("output_type")
    project_id: Mapped[uuid.UUID | None] = owner("project")

    __table_args__ = (
        sa.Index("uq_product_task_id", "task_id", unique=True, postgresql_where=LIVE),
        sa.Index("ix_product_object_id", "object_id"),
        sa.Index("ix_product_project_id", "project_id"),
    )


def is_latest(row: FromClause) -> ColumnElement[Any]:
    """True for the version with the highest revision of its product."""
    other: sa.Table = Version.__table__  # type: ignore[assignment]
    later = other.alias()
    return ~sa.exists().where(
        later.c.product_id == row.c.product_id,
        later.c.revision > row.c.revision,
        later.c.deleted_at.is_(None),
    ).correlate(row)


TAKEN_AWAY = False
"""What `data` of a version holds in place of a picture that was taken away: its preview stays, and so do the
pictures of that in other clients, but they stand for the version no more. A new file for its preview, from
whichever client, or a picture of its own ends that."""

PICTURES = ("image", "filmstrip_image")
"""The keys of `data` that hold the picture of a row, and its frames as a strip."""


def no_picture(facet_name: str) -> bool | None:
    """What `data` of a row holds where it is to have no picture."""
    return TAKEN_AWAY if facet_name == "Version" else None


MOVIE_RATE = "sg_uploaded_movie_frame_rate"
"""What is said of the frames a second of a version's movie, by whoever knows better than the movie."""


def movie_rate(row: FromClause) -> ColumnElement[Any]:
    """The frames a second of the movie: what was said of it, else what it was sent with."""
    shown = row_of(Base.metadata.tables["preview_file"])
    sent = sa.func.coalesce(text_in(shown, "source_frame_rate"), text_in(shown, "frame_rate"))
    measured = sa.select(sent).where(shown.c.id == row.c.preview_file_id, shown.c.is_movie)
    said = sa.func.coalesce(text_in(row, MOVIE_RATE), measured.correlate(row).scalar_subquery())
    is_number = said.op("~")(sa.literal_column("'^[0-9]{1,9}(\\.[0-9]{1,30})?$'"))
    return sa.case((is_number, sa.cast(said, sa.Float())), else_=None)


TRANSCODING = "sg_uploaded_movie_transcoding_status"
"""What is said of how far the movies are that are made of a version's, by whoever makes them elsewhere."""

_FAR = {"processing": 0, "ready": 1, "broken": -1}


def transcoding(row: FromClause) -> ColumnElement[Any]:
    """How far they are: what was said of it, else 0 under way, 1 done, -1 failed."""
    shown = row_of(Base.metadata.tables["preview_file"])
    far = sa.case({name: sa.literal_column(str(n)) for name, n in _FAR.items()}, value=shown.c.status)
    known = sa.select(far).where(shown.c.id == row.c.preview_file_id, shown.c.is_movie)
    said = text_in(row, TRANSCODING)
    is_number = said.op("~")(sa.literal_column("'^-?[0-9]{1,9}$'"))
    own = sa.case((is_number, sa.cast(said, sa.Integer())), else_=None)
    return sa.func.coalesce(own, known.correlate(row).scalar_subquery())


@entity(
    "versions",
    names={**_SHOTGUN, "ftrack": "AssetVersion"},
    computed={
        "is_latest": Computed(Kind.BOOLEAN, is_latest, inner=True),
        "movie_rate": Computed(Kind.NUMBER, movie_rate, inner=True),
        "transcoding": Computed(Kind.INTEGER, transcoding, inner=True),
        "standing_id": Computed(Kind.LINK, standing, target="Status", inner=True),
    },
    policy="file",
    many={
        "previews": Many("PreviewFile", by="version_id", writable=False),
        "components": Many("Component", by="version_id", writable=False),
        "published_files": Many("PublishedFile", by="version_id", writable=False),
    },
)
class Version(Row):
    """One take of a product, to be reviewed.

    `object_id` and `task_id` say what it is of, as its product does; versions are asked for by them. One that
    nobody published was made `is_for_previews`, and goes with the last of them.
    """

    name: Mapped[str | None] = mapped_column(info={"max_length": 250})
    description: Mapped[str | None]
    revision: Mapped[int | None]
    object_id: Mapped[uuid.UUID | None] = reference("object")
    task_id: Mapped[uuid.UUID | None] = reference("task")
    person_id: Mapped[uuid.UUID | None] = reference("person", info={"target": "Person"})
    status_id: Mapped[uuid.UUID | None] = reference("status")
    preview_file_id: Mapped[uuid.UUID | None] = reference("preview_file", closes_cycle=True)
    product_id: Mapped[uuid.UUID | None] = owner("product")
    project_id: Mapped[uuid.UUID | None] = owner("project")
    is_published: Mapped[bool] = mapped_column(default=True, server_default=sa.true(), info={"inner": True})
    thumbnail_id: Mapped[uuid.UUID | None] = reference("component", closes_cycle=True, info={"inner": True})
    is_for_previews: Mapped[bool] = mapped_column(
        default=False, server_default=sa.false(), info={"inner": True}
    )

    __table_args__ = (
        sa.Index("uq_version_revision", "product_id", "revision", unique=True, postgresql_where=LIVE),
        sa.Index("ix_version_object_id", "object_id", "created_at"),
        sa.Index("ix_version_task_id", "task_id", "revision"),
        sa.Index("ix_version_project_id", "project_id", "created_at", "id", postgresql_where=LIVE),
        sa.Index("ix_version_created_at", "created_at", "id", postgresql_where=LIVE),
    )


_UNPUBLISHED = Where("is_published", Op.EQ, value=False)


@entity(
    "components",
    names=_NOWHERE,
    policy="file",
    facets=(
        FacetSpec(
            "PublishedFile",
            "published-files",
            where=Where("is_published", Op.EQ, value=True),
            defaults={"is_published": True},
            names=_SHOTGUN,
            kind="PublishedFile",
        ),
        FacetSpec(
            "FileComponent",
            "file-components",
            where=All((_UNPUBLISHED, Where("system_type", Op.EQ, "file"))),
            defaults={"is_published": False, "system_type": "file"},
            names={**_NOWHERE, "ftrack": "FileComponent"},
            kind="Component",
        ),
        FacetSpec(
            "SequenceComponent",
            "sequence-components",
            where=All((_UNPUBLISHED, Where("system_type", Op.EQ, "sequence"))),
            defaults={"is_published": False, "system_type": "sequence"},
            names={**_NOWHERE, "ftrack": "SequenceComponent"},
            kind="SequenceComponent",
        ),
        FacetSpec(
            "ContainerComponent",
            "container-components",
            where=All((_UNPUBLISHED, Where("system_type", Op.EQ, "container"))),
            defaults={"is_published": False, "system_type": "container"},
            names={**_NOWHERE, "ftrack": "ContainerComponent"},
            kind="ContainerComponent",
        ),
    ),
    kind=None,
    many={
        "places": Many("ComponentLocation", by="component_id", writable=False),
        "members": Many("Component", by="container_id", writable=False),
    },
)
class Component(Row):
    """A file or a frame sequence of a version, or a container of such; `is_published` for others to use.

    `file_type` is the extension with its dot, `frame_start`, `frame_end` and `padding` those of a sequence;
    `system_type` tells a file, a frame sequence and a container apart. `stored_file_id` is whose bytes it has
    where they are not its own: those of a preview.
    """

    name: Mapped[str | None] = mapped_column(info={"max_length": 250})
    label: Mapped[str | None] = mapped_column(info={"max_length": 250})
    description: Mapped[str | None]
    revision: Mapped[int | None]
    file_type: Mapped[str | None] = mapped_column(info={"max_length": 40})
    size: Mapped[int | None] = mapped_column(sa.BigInteger)
    frame_start: Mapped[int | None]
    frame_end: Mapped[int | None]
    padding: Mapped[int | None]
    is_published: Mapped[bool] = mapped_column(default=False)
    system_type: Mapped[str] = mapped_column(default="file", server_default="file", info={"inner": True})
    object_id: Mapped[uuid.UUID | None] = owner("object")
    task_id: Mapped[uuid.UUID | None] = reference("task")
    status_id: Mapped[uuid.UUID | None] = reference("status")
    output_type_id: Mapped[uuid.UUID | None] = reference("output_type")
    version_id: Mapped[uuid.UUID | None] = owner("version")
    container_id: Mapped[uuid.UUID | None] = owner("component")
    stored_file_id: Mapped[uuid.UUID | None] = owner("stored_file", info={"inner": True})
    project_id: Mapped[uuid.UUID | None] = owner("project")

    __table_args__ = (
        sa.Index("ix_component_object_id", "object_id", "created_at"),
        sa.Index("ix_component_version_id", "version_id"),
        sa.Index("ix_component_container_id", "container_id"),
        sa.Index("ix_component_task_id", "task_id"),
        sa.Index("ix_component_project_id", "project_id", "created_at", "id", postgresql_where=LIVE),
        sa.Index(
            "ix_component_stored_file_id",
            "stored_file_id",
            postgresql_where=sa.text("stored_file_id IS NOT NULL"),
        ),
    )


union(
    "AnyComponent",
    ("FileComponent", "SequenceComponent", "ContainerComponent", "PublishedFile"),
    names={**_NOWHERE, "ftrack": "Component"},
)


@entity(
    "locations",
    names=_NOWHERE,
    kind=None,
    facets=(
        FacetSpec(
            "NamedPlace",
            "named-places",
            where=Where("is_local", Op.EQ, value=False),
            defaults={"is_local": False},
            names={**_NOWHERE, "ftrack": "Location"},
            kind="Location",
        ),
        FacetSpec(
            "LocalStorage",
            "local-storages",
            where=Where("is_local", Op.EQ, value=True),
            defaults={"is_local": True},
            names=_SHOTGUN,
            kind="LocalStorage",
        ),
    ),
)
class Location(Row):
    """Where components are kept; a local storage (`is_local`) is a folder, with the path of each platform.

    The others are named places, which the programs of a studio know; five of them come with the server.
    """

    name: Mapped[str] = mapped_column(info={"max_length": 250})
    label: Mapped[str | None] = mapped_column(info={"max_length": 250})
    description: Mapped[str | None]
    linux_path: Mapped[str | None]
    mac_path: Mapped[str | None]
    windows_path: Mapped[str | None]
    priority: Mapped[int | None] = mapped_column(default=0)
    is_local: Mapped[bool] = mapped_column(default=False, server_default=sa.false(), info={"inner": True})

    __table_args__ = (sa.Index("uq_location_name", "name", unique=True, postgresql_where=LIVE),)


@entity("stored-files", names=_NOWHERE, policy="file", display="name", project="")
class StoredFile(Row):
    """Bytes that this server holds: `file_key` in the file store, `checksum` their SHA-256.

    `preview_file_id` is the preview that they are a rendition of.
    """

    name: Mapped[str | None] = mapped_column(info={"max_length": 250})
    file_key: Mapped[str]
    size: Mapped[int] = mapped_column(sa.BigInteger)
    checksum: Mapped[str | None]
    media_type: Mapped[str | None]
    preview_file_id: Mapped[uuid.UUID | None] = owner("preview_file")

    __table_args__ = (
        sa.Index("ix_stored_file_checksum", "checksum"),
        sa.Index("uq_stored_file_preview", "preview_file_id", "file_key", unique=True, postgresql_where=LIVE),
    )


@entity("component-locations", names={**_NOWHERE, "ftrack": "ComponentLocation"}, policy="file", display="")
class ComponentLocation(Row):
    """A component is at a location, as `path` below it."""

    path: Mapped[str | None]
    component_id: Mapped[uuid.UUID] = owner("component", nullable=False)
    location_id: Mapped[uuid.UUID | None] = owner("location")

    __table_args__ = (
        sa.Index("uq_component_location", "component_id", "location_id", unique=True, postgresql_where=LIVE),
        sa.Index("ix_component_location_location_id", "location_id"),
    )
