"""What the rows of before become when a database is upgraded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from tests.operations.databases_of_before import OfRevision, upgraded
from zou_server.adapters import migrate

if TYPE_CHECKING:
    pass

OLD_NAMES = """
INSERT INTO object (id, kind, number, name)
SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid, kind, nextval('object_number'), name
FROM (VALUES (1, 'Shot', 'SH010'), (2, 'Note', NULL), (3, 'Note', NULL), (4, 'Product', NULL),
             (5, 'Product', NULL), (6, 'Product', 'mine'), (7, 'TaskType', 'Layout'), (8, 'Task', NULL)
) AS v (n, kind, name);
INSERT INTO note (id, title, created_at, updated_at)
VALUES ('00000000-0000-4000-8000-000000000002', 'Fog', now(), now()),
       ('00000000-0000-4000-8000-000000000003', NULL, now(), now());
INSERT INTO task_type (id, name, allow_timelog, archived, created_at, updated_at)
VALUES ('00000000-0000-4000-8000-000000000007', 'Layout', true, false, now(), now());
INSERT INTO task (id, task_type_id, difficulty, created_at, updated_at)
VALUES ('00000000-0000-4000-8000-000000000008', '00000000-0000-4000-8000-000000000007', 3, now(), now());
INSERT INTO product (id, name, object_id, task_id, created_at, updated_at)
VALUES ('00000000-0000-4000-8000-000000000004', NULL, '00000000-0000-4000-8000-000000000001',
        '00000000-0000-4000-8000-000000000008', now(), now()),
       ('00000000-0000-4000-8000-000000000005', NULL, '00000000-0000-4000-8000-000000000001',
        NULL, now(), now()),
       ('00000000-0000-4000-8000-000000000006', 'mine', NULL, NULL, now(), now())
"""


def test_notes_and_products_of_before_get_the_names_that_new_ones_have(of_revision: OfRevision) -> None:
    with upgraded(of_revision, "0038", OLD_NAMES) as connection:
        names = text("SELECT name FROM object WHERE kind = :kind ORDER BY id")
        found = {kind: connection.scalars(names, {"kind": kind}).all() for kind in ("Note", "Product")}
        kept = connection.scalars(text("SELECT name FROM product ORDER BY id")).all()
    assert found == {"Note": ["Fog", None], "Product": ["Layout", "SH010", "mine"]}
    assert kept == found["Product"]


OLD_PLACES = """
INSERT INTO object (id, kind, name)
SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid, 'Location', said
FROM (VALUES (1, 'a folder'), (2, 'of Shotgun'), (3, 'of ftrack')) AS given(n, said);
INSERT INTO location (id, name, linux_path, created_at, updated_at)
SELECT id, name, CASE name WHEN 'a folder' THEN '/mnt' END, now(), now() FROM object;
INSERT INTO change_set (base, last, created_at, client)
SELECT 10 * row_number() OVER (ORDER BY id), 10 * row_number() OVER (ORDER BY id), now(),
       CASE name WHEN 'of ftrack' THEN 'ftrack' ELSE 'shotgun' END FROM object;
INSERT INTO event (base, ordinal, head, action, kind, object_id, object_name)
SELECT 10 * row_number() OVER (ORDER BY id), 0, true, 'create', 'Location', id, name FROM object
"""


def test_places_of_before_that_shotgun_made_or_that_are_folders_are_local_storages(
    of_revision: OfRevision,
) -> None:
    kinds = "SELECT o.name, o.kind, e.kind FROM object o JOIN event e ON e.object_id = o.id ORDER BY o.name"
    with upgraded(of_revision, "0040", OLD_PLACES) as connection:
        found = [tuple(row) for row in connection.execute(text(kinds))]
        connection.commit()  # who goes back waits for whoever reads the log
        migrate.downgrade(connection.engine, "0040")
        before = [tuple(row) for row in connection.execute(text(kinds))]
    assert found == [
        ("a folder", "LocalStorage", "LocalStorage"),
        ("of Shotgun", "LocalStorage", "LocalStorage"),
        ("of ftrack", "Location", "Location"),
    ]
    assert {kind for _, *both in before for kind in both} == {"Location"}


OLD_VERSIONS = """
INSERT INTO object (id, kind, name)
SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid, 'Version', said
FROM (VALUES (1, 'v001'), (2, 'hero_v001'), (3, 'v1000'), (4, 'v002')) AS given(n, said);
INSERT INTO version (id, name, revision, is_published, created_at, updated_at)
SELECT id, name, CASE name WHEN 'v1000' THEN 1000 ELSE 1 END, true, now(), now() FROM object
"""


def test_versions_of_before_were_made_for_previews_when_their_name_is_their_number(
    of_revision: OfRevision,
) -> None:
    with upgraded(of_revision, "0045", OLD_VERSIONS) as connection:
        made = connection.scalars(text("SELECT name FROM version WHERE is_for_previews ORDER BY name")).all()
    assert made == ["v001", "v1000"]
