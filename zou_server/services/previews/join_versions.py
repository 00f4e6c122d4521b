"""Every take of a task's revision belongs to one version, and every version to a product that numbers it.

Zou knows previews by task and revision, Shotgun and ftrack know versions: these rules keep one row for both.
Each is a few statements, however many rows a list of operations made.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.base import Identity
from zou_server.models.production import Entity, full_entity_name
from zou_server.models.registry import facet
from zou_server.models.review import PreviewFile
from zou_server.models.task import Task, TaskType
from zou_server.models.versions import Product, Version
from zou_server.services.previews.name_take import name_of_take
from zou_server.services.write.write_events import Recorded

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

Values = dict[str, Any]


def join_versions(work: UnitOfWork, previews: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Let new previews belong to the version of their task's revision, which is made where it is missing."""
    found = work.session.execute(_places(previews)).all()
    products: dict[uuid.UUID, uuid.UUID] = {row.task_id: row.product_id for row in found if row.product_id}
    versions: dict[tuple[uuid.UUID, int], uuid.UUID] = {
        (row.task_id, row.revision): row.version_id for row in found if row.version_id
    }
    new_products, new_versions = [], []
    for row in found:
        if row.task_id not in products:
            new_products.append(_product(row.task_id, row.entity_id or row.project_id, row))
            products[row.task_id] = new_products[-1]["id"]
        if (row.task_id, row.revision) not in versions:
            new_versions.append(_version(row, products[row.task_id]))
            versions[row.task_id, row.revision] = new_versions[-1]["id"]
    _make(work, "Product", new_products)
    _make(work, "Version", new_versions)
    _set(work, PreviewFile, "version_id", {row.id: versions[row.task_id, row.revision] for row in found})


def _places(previews: Sequence[uuid.UUID]) -> sa.Select[*tuple[Any, ...]]:
    """The previews with their tasks, and the products and versions that there are of them."""
    product = sa.and_(Product.task_id == Task.id, Product.deleted_at.is_(None))
    version = sa.and_(
        Version.product_id == Product.id,
        Version.revision == sa.func.coalesce(PreviewFile.revision, 1),
        Version.deleted_at.is_(None),
    )
    about = Entity.__table__.alias()
    return (
        sa.select(
            PreviewFile.id,
            PreviewFile.task_id,
            PreviewFile.person_id,
            PreviewFile.created_by_id,
            PreviewFile.created_at,
            sa.func.coalesce(PreviewFile.revision, 1).label("revision"),
            Task.entity_id,
            Task.project_id,
            TaskType.name.label("product_name"),
            full_entity_name(about).label("full_name"),
            Product.id.label("product_id"),
            Version.id.label("version_id"),
        )
        .join(Task, Task.id == PreviewFile.task_id)
        .outerjoin(TaskType, TaskType.id == Task.task_type_id)
        .outerjoin(about, about.c.id == Task.entity_id)
        .outerjoin(Product, product)
        .outerjoin(Version, version)
        .where(PreviewFile.id.in_(previews))
        .order_by(PreviewFile.revision, PreviewFile.position, PreviewFile.id)
    )


def _product(task_id: uuid.UUID | None, object_id: uuid.UUID | None, row: Any) -> Values:
    about = {"task_id": task_id, "object_id": object_id, "project_id": row.project_id}
    return {"id": uuid.uuid4(), "name": row.product_name, **about}


def _version(row: Any, product_id: uuid.UUID) -> Values:
    return {
        "id": uuid.uuid4(),
        "name": name_of_take(
            {"full_name": row.full_name, "step": row.product_name, "revision": row.revision}
        ),
        "revision": row.revision,
        "is_for_previews": True,
        "object_id": row.entity_id or row.project_id,
        "task_id": row.task_id,
        "person_id": row.person_id,
        "preview_file_id": row.id,
        "product_id": product_id,
        "project_id": row.project_id,
        "created_by_id": row.created_by_id,
        "updated_by_id": row.created_by_id,
    }


def number_versions(work: UnitOfWork, versions: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Give new versions the product that they are takes of and the next numbers in it."""
    rows = work.session.execute(_unnumbered(versions)).all()
    products: dict[tuple[Any, Any], uuid.UUID] = {}
    for row in rows:
        if row.known_product_id:
            products.setdefault((row.task_id, row.of_id), row.known_product_id)
    new: list[Values] = []
    for row in rows:
        if (row.task_id, row.of_id) not in products:
            new.append(_product(row.task_id, row.of_id, row))
            products[row.task_id, row.of_id] = new[-1]["id"]
    _make(work, "Product", new)
    chosen = {row.id: row.product_id or products[row.task_id, row.of_id] for row in rows}
    last = _last_revisions(work, set(chosen.values()))
    numbers: dict[uuid.UUID, int] = {}
    for row in rows:
        product = chosen[row.id]
        numbers[row.id] = last[product] = last.get(product, 0) + 1
    _set(work, Version, "product_id", chosen)
    _set(work, Version, "revision", numbers)


def _unnumbered(versions: Sequence[uuid.UUID]) -> sa.Select[*tuple[Any, ...]]:
    of = sa.func.coalesce(Version.object_id, Version.project_id)
    mine = sa.and_(
        Product.deleted_at.is_(None),
        sa.or_(
            Product.task_id == Version.task_id,
            sa.and_(Version.task_id.is_(None), Product.task_id.is_(None), Product.object_id == of),
        ),
    )
    known = sa.select(Product.id).where(mine).order_by(Product.created_at).limit(1).scalar_subquery()
    return (
        sa.select(
            Version.id,
            Version.product_id,
            Version.task_id,
            Version.project_id,
            of.label("of_id"),
            sa.func.coalesce(TaskType.name, Identity.name).label("product_name"),
            known.label("known_product_id"),
        )
        .outerjoin(Task, Task.id == Version.task_id)
        .outerjoin(TaskType, TaskType.id == Task.task_type_id)
        .outerjoin(Identity, Identity.id == of)
        .where(Version.id.in_(versions), Version.revision.is_(None))
        .order_by(Version.created_at, Version.id)
    )


def _last_revisions(work: UnitOfWork, products: set[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The last number of each product, which stays locked: two who publish at once get one each."""
    if not products:
        return {}
    ordered = sorted(products)
    work.session.execute(
        sa.select(Product.id)
        .where(Product.id.in_(ordered))
        .order_by(Product.id)
        .with_for_update(key_share=True)
    )
    found = work.session.execute(
        sa.select(Version.product_id, sa.func.max(Version.revision))
        .where(Version.product_id.in_(ordered), Version.deleted_at.is_(None))
        .group_by(Version.product_id)
    )
    return {product: last or 0 for product, last in found if product is not None}


# -- rows ----------------------------------------------------------------------------------------------------


def _make(work: UnitOfWork, name: str, rows: list[Values]) -> None:
    """Write rows with their identities, and tell of those that a dialect shows."""
    if not rows:
        return
    made = facet(name)
    work.session.execute(
        sa.insert(Identity),
        [
            {"id": row["id"], "kind": name, "name": row.get("name"), "project_id": row["project_id"]}
            for row in rows
        ],
    )
    stamps = {"created_at": work.now, "updated_at": work.now}
    work.session.execute(sa.insert(made.model), [{**row, **stamps} for row in rows])
    if name == "Version":
        for row in rows:
            work.record(
                Recorded(
                    "create", name, row["id"], row["name"], row["project_id"], first=True, made=_told(row)
                )
            )


def _told(row: Mapping[str, Any]) -> list[tuple[str, Any]]:
    shown = ("name", "revision", "object_id", "task_id", "person_id", "project_id")
    return [(key, row[key]) for key in shown if row[key] is not None]


def _set(work: UnitOfWork, model: Any, column: str, values: Mapping[uuid.UUID, Any]) -> None:
    """Set one column of many rows by one statement."""
    if not values:
        return
    table = model.__table__
    given = _pairs(values.items(), table.c[column].type)
    work.session.execute(sa.update(table).where(table.c.id == given.c.id).values({column: given.c.value}))


def _pairs(items: Iterable[tuple[uuid.UUID, Any]], kind: Any) -> sa.FromClause:
    ids, values = zip(*items, strict=True)
    unnested = sa.func.unnest(
        sa.cast(list(ids), sa.ARRAY(sa.Uuid())), sa.cast(list(values), sa.ARRAY(kind))
    ).table_valued(sa.column("id", sa.Uuid()), sa.column("value", kind))
    return unnested.render_derived()
