"""components of previews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0046"
branch_labels = None
depends_on = None

# What is ready to be looked at becomes components of its version, as it does when it gets ready today. A preview
# that came as a component has its own. The first of a version is called as players look for it.
PICTURE = "jpe|jpeg|jpg|png|gif|webp|bmp|heic|heif|avif|tif|tiff|tga|exr|sxr|dpx|cin|hdr|rgbe|psd|psb"
SERVER = "3a372bde-05bc-11e4-8908-20c9d081909b"
SHOWN = f"""
CREATE TEMP TABLE shown_preview ON COMMIT DROP AS
SELECT gen_random_uuid() AS stored_id, gen_random_uuid() AS component_id, gen_random_uuid() AS place_id,
       gen_random_uuid() AS told_id, p.id AS preview_id, p.version_id, p.task_id, v.project_id,
       coalesce(p.width, 0) AS width, coalesce(p.height, 0) AS height, coalesce(p.duration, 0) AS duration,
       coalesce(p.file_size, 0) AS size, p.source_key, form.name AS form,
       coalesce(nullif(p.original_name, ''), p.name) AS own_name, NULL::text AS name,
       row_number() OVER (PARTITION BY p.version_id ORDER BY p.position, p.created_at, p.id) = 1
           AND NOT EXISTS (SELECT FROM component c WHERE c.version_id = p.version_id AND c.deleted_at IS NULL
                           AND c.name IN ('ftrackreview-mp4', 'ftrackreview-image')) AS is_first,
       left(p.id::text, 3) || '/' || substr(p.id::text, 4, 3) || '/' || p.id AS place,
       CASE WHEN p.data->>'frame_rate' ~ '^[0-9]{{1,4}}([.][0-9]{{1,9}})?$'
            THEN (p.data->>'frame_rate')::float ELSE 25.0 END AS rate
FROM preview_file p
JOIN version v ON v.id = p.version_id AND v.deleted_at IS NULL
CROSS JOIN LATERAL (SELECT CASE WHEN p.is_movie THEN 'movie' WHEN p.source_key ~ '[.]({PICTURE})$'
                                THEN 'picture' ELSE 'other' END AS name) AS form
WHERE p.status = 'ready' AND p.source_key IS NOT NULL AND p.deleted_at IS NULL
  AND p.source IS DISTINCT FROM 'ftrack' AND EXISTS (SELECT FROM location WHERE id = '{SERVER}')
"""  # noqa: S608 - constants
NAMES = """
UPDATE shown_preview SET name = CASE WHEN is_first AND form = 'movie' THEN 'ftrackreview-mp4'
                                     WHEN is_first AND form = 'picture' THEN 'ftrackreview-image'
                                     ELSE own_name END
"""
IDENTITIES = """
INSERT INTO object (id, kind, name, project_id)
SELECT stored_id, 'StoredFile', own_name, NULL FROM shown_preview
UNION ALL SELECT component_id, 'Component', name, project_id FROM shown_preview
UNION ALL SELECT place_id, 'ComponentLocation', NULL, project_id FROM shown_preview
UNION ALL SELECT told_id, 'MetadataEntry', 'ftr_meta', project_id FROM shown_preview WHERE form <> 'other'
"""
STORED = """
INSERT INTO stored_file (id, created_at, updated_at, name, file_key, size, media_type, preview_file_id)
SELECT stored_id, now(), now(), own_name,
       CASE form WHEN 'movie' THEN 'movies/originals/' || place || '.mp4'
                 WHEN 'picture' THEN 'pictures/originals/' || place || '.png' ELSE source_key END,
       size,
       CASE form WHEN 'movie' THEN 'video/mp4' WHEN 'picture' THEN 'image/png'
                 ELSE 'application/octet-stream' END,
       preview_id
FROM shown_preview
"""
COMPONENTS = """
INSERT INTO component (id, created_at, updated_at, name, file_type, size, is_published, system_type,
                       task_id, version_id, project_id, stored_file_id)
SELECT component_id, now(), now(), name,
       CASE form WHEN 'movie' THEN '.mp4' WHEN 'picture' THEN '.png'
                 ELSE '.' || substring(source_key from '[^.]*$') END,
       size, false, 'file', task_id, version_id, project_id, stored_id
FROM shown_preview
"""
PLACES = f"""
INSERT INTO component_location (id, created_at, updated_at, path, component_id, location_id)
SELECT place_id, now(), now(), component_id::text, component_id, '{SERVER}' FROM shown_preview
"""  # noqa: S608 - constants
TOLD = """
INSERT INTO metadata_entry (id, created_at, updated_at, object_id, key, value, parent_type, project_id)
SELECT told_id, now(), now(), component_id, 'ftr_meta',
       CASE form WHEN 'movie' THEN json_build_object(
                     'frameIn', 0, 'frameOut', greatest(0, round(duration * rate)::int - 1),
                     'frameRate', rate, 'width', width, 'height', height)
                 ELSE json_build_object('format', 'image', 'width', width, 'height', height) END::text,
       'FileComponent', project_id
FROM shown_preview WHERE form <> 'other'
"""


# Before, they would be files without bytes.
RETIRED = """
WITH shown AS (
    SELECT s.id AS stored_id, c.id AS component_id
    FROM stored_file s JOIN component c ON c.stored_file_id = s.id WHERE s.preview_file_id IS NOT NULL
), gone AS (
    SELECT stored_id AS id FROM shown UNION SELECT component_id FROM shown
    UNION SELECT l.id FROM component_location l JOIN shown ON l.component_id = shown.component_id
    UNION SELECT m.id FROM metadata_entry m JOIN shown ON m.object_id = shown.component_id
), objects AS (UPDATE object o SET deleted_at = now() FROM gone WHERE o.id = gone.id AND o.deleted_at IS NULL),
stored AS (UPDATE stored_file o SET deleted_at = now() FROM gone WHERE o.id = gone.id AND o.deleted_at IS NULL),
places AS (
    UPDATE component_location o SET deleted_at = now() FROM gone WHERE o.id = gone.id AND o.deleted_at IS NULL),
told AS (UPDATE metadata_entry o SET deleted_at = now() FROM gone WHERE o.id = gone.id AND o.deleted_at IS NULL)
UPDATE component o SET deleted_at = now() FROM gone WHERE o.id = gone.id AND o.deleted_at IS NULL
"""


def upgrade() -> None:
    """Make the change."""
    op.add_column("component", sa.Column("stored_file_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_component_stored_file_id",
        "component",
        ["stored_file_id"],
        unique=False,
        postgresql_where=sa.text("stored_file_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_component_stored_file_id"),
        "component",
        "stored_file",
        ["stored_file_id"],
        ["id"],
        initially="DEFERRED",
        deferrable=True,
    )
    op.drop_constraint(op.f("fk_component_location_stored_file_id"), "component_location", type_="foreignkey")
    op.drop_column("component_location", "stored_file_id")
    op.add_column("stored_file", sa.Column("preview_file_id", sa.Uuid(), nullable=True))
    op.create_index(
        "uq_stored_file_preview",
        "stored_file",
        ["preview_file_id", "file_key"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_foreign_key(
        op.f("fk_stored_file_preview_file_id"),
        "stored_file",
        "preview_file",
        ["preview_file_id"],
        ["id"],
        initially="DEFERRED",
        deferrable=True,
    )
    for statement in (SHOWN, NAMES, IDENTITIES, STORED, COMPONENTS, PLACES, TOLD):
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    """Undo the change."""
    op.execute(RETIRED)
    op.drop_constraint(op.f("fk_stored_file_preview_file_id"), "stored_file", type_="foreignkey")
    op.drop_index(
        "uq_stored_file_preview", table_name="stored_file", postgresql_where=sa.text("deleted_at IS NULL")
    )
    op.drop_column("stored_file", "preview_file_id")
    op.add_column(
        "component_location", sa.Column("stored_file_id", sa.UUID(), autoincrement=False, nullable=True)
    )
    op.create_foreign_key(
        op.f("fk_component_location_stored_file_id"),
        "component_location",
        "stored_file",
        ["stored_file_id"],
        ["id"],
        initially="DEFERRED",
        deferrable=True,
    )
    op.drop_constraint(op.f("fk_component_stored_file_id"), "component", type_="foreignkey")
    op.drop_index(
        "ix_component_stored_file_id",
        table_name="component",
        postgresql_where=sa.text("stored_file_id IS NOT NULL"),
    )
    op.drop_column("component", "stored_file_id")
