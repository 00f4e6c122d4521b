"""The migrations as a whole: one line of them, from nothing to what the models describe and back."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from tests.operations.databases_of_before import OfRevision, upgraded
from tests.operations.squash_migrations import squash
from zou_server.adapters import migrate
from zou_server.models import Base
from zou_server.packaged import packaged_dir

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.conftest import SuitePostgres

OLD_EVENTS = """
INSERT INTO change_set (id, base, last, client, created_at)
VALUES (gen_random_uuid(), 1, 3, 'test', '2024-02-29T12:00:00Z');
INSERT INTO event (change_set_id, ordinal, uid, action, kind, object_id, object_name, attribute, new)
SELECT id, ordinal, CASE ordinal WHEN 0 THEN id END, 'create', 'Shot', id, 'sh010', attribute, value
FROM change_set, (VALUES (0, NULL, NULL), (1, 'name', '"sh010"'::jsonb), (2, 'code', '"a%b"'::jsonb))
     AS given(ordinal, attribute, value);
"""
ADD_BOT = """
INSERT INTO object (id, kind) VALUES (:id, 'Script');
INSERT INTO person (id, first_name, role, is_bot, created_at, updated_at, active, archived, use_12_hour_clock,
    has_avatar, notifications_enabled, notifications_slack_enabled, notifications_mattermost_enabled,
    notifications_discord_enabled, is_guest, is_generated_from_ldap)
VALUES (:id, :name, 'admin', true, now(), now(), true, false, false,
    false, false, false, false, false, false, false)
"""
OLD_TIME = """
WITH made AS (
    INSERT INTO object (id, kind) SELECT gen_random_uuid(), 'Timelog' FROM generate_series(1, 2) RETURNING id
)
INSERT INTO timelog (id, start, duration, created_at, updated_at)
SELECT id, CASE row_number() OVER () WHEN 1 THEN '2030-03-04T23:30:00Z'::timestamptz END, 60, now(), now()
FROM made
"""
OLD_TALK = """
DO $$ DECLARE a_key record; BEGIN
    FOR a_key IN SELECT conrelid::regclass AS t, conname AS n FROM pg_constraint
                 WHERE contype = 'f' AND conrelid IN ('note'::regclass, 'task'::regclass)
    LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', a_key.t, a_key.n); END LOOP;
END $$;
INSERT INTO task (id, difficulty, created_at, updated_at)
VALUES ('00000000-0000-4000-8000-000000000001', 3, now(), now());
INSERT INTO note (id, object_id, text, sets_status_id, parent_id, deleted_at, created_at, updated_at)
SELECT gen_random_uuid(), ('00000000-0000-4000-8000-00000000000' || about)::uuid, said,
       ('00000000-0000-4000-8000-0000000000' || status)::uuid,
       CASE WHEN said = 'reply' THEN gen_random_uuid() END, CASE WHEN said = 'gone' THEN now() END,
       now() + row_number() OVER () * interval '1 minute', now()
FROM (VALUES (1, 'first', 10), (1, 'same', 10), (1, 'gone', 11), (1, 'reply', 11), (1, 'again', 10),
             (1, 'none', NULL), (1, 'other', 11), (2, 'elsewhere', 10)) AS n(about, said, status)
"""
CATALOG = """
SELECT 'column', attrelid::regclass || '.' || attname,
       concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
                 pg_get_expr(adbin, adrelid), col_description(attrelid, attnum))
FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
     LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v') AND attnum > 0 AND NOT attisdropped
UNION ALL SELECT 'table', relname, concat_ws(' ', relkind, obj_description(oid, 'pg_class'), reloptions)
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL SELECT 'view', viewname, definition FROM pg_views WHERE schemaname = 'public'
UNION ALL SELECT 'routine', p.oid::regprocedure::text, pg_get_functiondef(p.oid)
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE pronamespace = 'public'::regnamespace AND lanname IN ('sql', 'plpgsql')
UNION ALL SELECT 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'sequence', sequencename, concat_ws(' ', data_type, increment_by, last_value)
FROM pg_sequences WHERE schemaname = 'public'
UNION ALL SELECT 'value', enumtypid::regtype || '.' || enumlabel, '' FROM pg_enum
UNION ALL SELECT 'extension', extname, '' FROM pg_extension
ORDER BY 1, 2
"""


def catalog(engine: Engine) -> list[tuple[str, str, str]]:
    """Everything that PostgreSQL knows of a database, but for alembic's own table."""
    with engine.connect() as connection:
        found: list[Any] = list(
            connection.exec_driver_sql(CATALOG, execution_options={"no_parameters": True})
        )
    return [tuple(row) for row in found if "alembic_version" not in row[1]]


@pytest.fixture(scope="module")
def wanted(postgres: SuitePostgres) -> list[tuple[str, str, str]]:
    """The catalog of a database that came to be at once."""
    engine = create_engine(postgres.migrated_database())
    found = catalog(engine)
    engine.dispose()
    return found


def test_there_is_one_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(packaged_dir("migrations")))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_the_migrations_make_exactly_what_the_models_describe(engine: Engine) -> None:
    assert migrate.is_migrated(engine)
    assert migrate.differences(engine, Base.metadata) == []


def test_tables_that_pages_join_are_counted_while_they_are_small(engine: Engine) -> None:
    """Uncounted, each passes for one row, and what joins them goes through all of one for each of another."""
    joined = ["entity", "entity_type", "object", "preview_file", "task", "task_type", "time_spent"]
    options = "SELECT relname FROM pg_class WHERE 'autovacuum_analyze_threshold=10' = ANY (reloptions)"
    with engine.connect() as connection:
        small = set(connection.scalars(text(options)))
    assert set(joined) <= small


def test_what_is_made_can_be_undone_and_made_again(engine: Engine) -> None:
    migrate.downgrade(engine, "base")
    assert migrate.current_revision(engine) is None
    migrate.upgrade(engine)
    assert migrate.differences(engine, Base.metadata) == []


@pytest.mark.parametrize("revision", migrate.revisions())
def test_a_database_of_any_revision_becomes_what_the_models_describe(
    revision: str, of_revision: OfRevision, wanted: list[tuple[str, str, str]]
) -> None:
    """All that PostgreSQL knows of it is what it knows of the one that is compared with the models above."""
    old = of_revision(revision)
    assert migrate.current_revision(old) == revision
    migrate.upgrade(old)
    assert migrate.is_migrated(old)
    assert catalog(old) == wanted


def test_a_log_of_before_new_rows_were_one_event_reads_as_it_did(of_revision: OfRevision) -> None:
    old = of_revision("0003")
    log = text("SELECT base + ordinal, id, action, attribute, old, new FROM event_log ORDER BY 1")
    with old.begin() as connection:
        connection.exec_driver_sql(OLD_EVENTS, execution_options={"no_parameters": True})
        before = connection.execute(log).all()
    migrate.upgrade(old)
    with old.connect() as connection:
        assert connection.execute(log).all() == before
    assert [row.attribute for row in before] == [None, "name", "code"]


NEW_EVENTS = """
INSERT INTO event (base, ordinal, head, action, kind, object_id, project_id, attribute,
                   old, new_id, new_at, new, made)
SELECT 4, ordinal, head, action, 'Shot', id, id, attribute, said, two, moment, new, made
FROM gen_random_uuid() AS id, gen_random_uuid() AS one, LATERAL (VALUES
    (0, true, 'create', NULL, NULL::json, NULL::uuid, NULL::timestamptz, NULL::json,
     '[["name","sh020"],["project_id"],["nb_frames",null]]'::json),
    (4, true, 'update', 'parent_id', NULL, one, NULL, NULL, NULL),
    (5, true, 'update', 'done_at', '"x"', NULL, '2024-02-29T12:00:00Z', NULL, NULL),
    (6, false, 'update', 'done_at', NULL, NULL, '2024-02-29T12:00:00.5Z', NULL, NULL),
    (7, false, 'update', 'back:Shot.parent_id', NULL, one, NULL, '-2', NULL)
) AS given(ordinal, head, action, attribute, said, two, moment, new, made);
INSERT INTO change_set (base, last, created_at) VALUES (4, 11, now());
UPDATE event_counter SET next = 12;
"""


def test_a_log_in_parts_goes_back_and_comes_again_with_all_it_says(of_revision: OfRevision) -> None:
    database = of_revision("0031")
    log = text("SELECT base, last, ordinal, id, action, attribute, old, new FROM event_log ORDER BY 1, 3")
    heads = text("SELECT id, action, attribute, old, new FROM event_head ORDER BY base, ordinal")
    raw = {"no_parameters": True}
    with database.begin() as connection:
        connection.exec_driver_sql(OLD_EVENTS, execution_options=raw)
        before = connection.execute(log).all(), connection.execute(heads).all()
    migrate.upgrade(database)
    with database.begin() as connection:
        assert (connection.execute(log).all(), connection.execute(heads).all()) == before
        connection.exec_driver_sql(NEW_EVENTS, execution_options=raw)
        later = connection.execute(log).all(), connection.execute(heads).all()
    migrate.downgrade(database, "0031")
    with database.connect() as connection:
        assert (connection.execute(log).all(), connection.execute(heads).all()) == later
    migrate.upgrade(database)
    with database.connect() as connection:
        assert (connection.execute(log).all(), connection.execute(heads).all()) == later
    said = {row.attribute: row.new for row in later[0] if row.base == 4}
    assert (said["name"], said["nb_frames"], len(said["project_id"])) == ("sh020", None, 36)
    told = {"by": said["parent_id"], "is_added": False, "events_before": 2}
    assert said["back:Shot.parent_id"] == told
    moments = [row.new for row in later[0] if row.attribute == "done_at"]
    assert moments == ["2024-02-29T12:00:00+00:00", "2024-02-29T12:00:00.500000+00:00"]


def test_bots_of_before_have_addresses_of_their_own(of_revision: OfRevision) -> None:
    old = of_revision("0021")
    names = ("Night Farm", "night  farm", "", "pipeline")
    with old.begin() as connection:
        for number, name in enumerate(names):
            row = {"id": f"{number:08}-0000-4000-8000-000000000000", "name": name}
            connection.execute(text(ADD_BOT), row)
    migrate.upgrade(old)
    with old.connect() as connection:
        found = connection.scalars(text("SELECT email FROM person ORDER BY id")).all()
    assert [each.removesuffix("@bots.invalid") for each in found] == [
        "night-farm",
        "night-farm-00000001",
        "bot",
        "pipeline",
    ]


def test_time_logs_of_before_stay_on_the_days_of_utc_on_which_they_were_counted(
    of_revision: OfRevision,
) -> None:
    with upgraded(of_revision, "0019", OLD_TIME) as connection:
        days = connection.scalars(text("SELECT day::text FROM timelog ORDER BY start")).all()
    assert days == ["2030-03-04", None]


def test_comments_of_before_say_what_changed_the_status(of_revision: OfRevision) -> None:
    with upgraded(of_revision, "0033", OLD_TALK) as connection:
        rows = connection.execute(text("SELECT text, changes_status FROM note ORDER BY created_at"))
        said = {row.text: row.changes_status for row in rows}
    none = dict.fromkeys(("gone", "reply", "none", "elsewhere"))
    assert said == {"first": True, "same": False, "again": False, "other": True, **none}


OLD_FIELDS = """
INSERT INTO field_descriptor
    (id, entity_type, name, field_name, data_type, choices, created_at, updated_at, data)
SELECT gen_random_uuid(), 'Shot', v.name, v.name, v.type, v.choices::jsonb, now(), now(), v.data::jsonb
FROM (VALUES
    ('tick', 'boolean', NULL, '{"data_type": "checkbox", "default_value": true}'),
    ('list', 'list', '["a"]', '{"default_value": "a", "hidden_values": {"": ["a"], "7": ["b"]}}'),
    ('odd', 'list', '["a"]', '{"default_value": "c", "hidden_values": 5}'),
    ('link', 'string', NULL, '{"data_type": "entity", "default_value": "x"}'),
    ('where', 'string', NULL, '{"hidden_in": {"7": true, "8": false}}')
) AS v (name, type, choices, data);
INSERT INTO object (id, kind, number, name)
SELECT id, 'FieldDescriptor', nextval('object_number'), name FROM field_descriptor
"""


def test_what_was_said_of_fields_stays_said(of_revision: OfRevision) -> None:
    with upgraded(of_revision, "0035", OLD_FIELDS) as connection:
        rows = connection.execute(text("SELECT name, default_value, data FROM field_descriptor"))
        said = {row.name: (row.default_value, row.data) for row in rows}
    assert said == {
        "tick": (True, {"data_type": "checkbox"}),
        "list": ("a", {"hidden_values:": ["a"], "hidden_values:7": ["b"]}),
        "odd": (None, {}),
        "link": (None, {"data_type": "entity"}),
        "where": (None, {"hidden_in:7": True}),
    }


OLD_PREVIEWS = """
DO $$ DECLARE a_key record; BEGIN
    FOR a_key IN SELECT conrelid::regclass AS t, conname AS n FROM pg_constraint
                 WHERE contype = 'f' AND conrelid IN ('version'::regclass, 'preview_file'::regclass)
    LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', a_key.t, a_key.n); END LOOP;
END $$;
INSERT INTO object (id, kind) SELECT '3a372bde-05bc-11e4-8908-20c9d081909b', 'Location';
INSERT INTO location (id, name, created_at, updated_at)
VALUES ('3a372bde-05bc-11e4-8908-20c9d081909b', 'ftrack.server', now(), now());
INSERT INTO version (id, is_published, created_at, updated_at)
SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid, true, now(), now() FROM generate_series(1, 2) AS n;
INSERT INTO preview_file (id, version_id, position, name, original_name, status, source_key, is_movie, source,
    width, height, duration, file_size, data, validation_status, checksum, progress, problem, created_at,
    updated_at)
SELECT ('00000000-0000-4000-9000-00000000000' || n)::uuid,
       ('00000000-0000-4000-8000-00000000000' || of)::uuid, n, 'p' || n, original, status, source, movie, via,
       320, 180, 2, 77, said::jsonb, 'neutral', '', 100, '', now(), now()
FROM (VALUES (1, 1, 'take', 'ready', 'previews/sources/a.mov', true, 'webgui', '{"frame_rate": "24"}'),
             (2, 1, 'still', 'ready', 'previews/sources/a.exr', false, 'webgui', NULL),
             (3, 1, 'notes', 'ready', 'previews/sources/a.pdf', false, 'webgui', NULL),
             (4, 1, 'later', 'processing', 'previews/sources/b.mov', true, 'webgui', NULL),
             (5, 2, 'sent', 'ready', 'previews/sources/c.mov', true, 'ftrack', NULL),
             (6, 2, 'frame', 'ready', 'previews/sources/d.png', false, 'shotgun', NULL)
) AS v(n, of, original, status, source, movie, via, said)
"""
SHOWN = """
SELECT c.name, c.file_type, c.size, s.file_key, o.kind, l.path = c.id::text AS placed, m.value
FROM component c JOIN stored_file s ON s.id = c.stored_file_id JOIN object o ON o.id = c.id
JOIN component_location l ON l.component_id = c.id LEFT JOIN metadata_entry m ON m.object_id = c.id
WHERE c.deleted_at IS NULL ORDER BY s.preview_file_id
"""


def test_previews_of_before_become_components_of_their_versions(of_revision: OfRevision) -> None:
    with upgraded(of_revision, "0046", OLD_PREVIEWS) as connection:
        rows = connection.execute(text(SHOWN)).all()
        assert [row.name for row in rows] == ["ftrackreview-mp4", "still", "notes", "ftrackreview-image"]
        assert [row.file_type for row in rows] == [".mp4", ".png", ".pdf", ".png"]
        place = "000/000/00000000-0000-4000-9000-00000000000"
        assert [row.file_key for row in rows] == [
            f"movies/originals/{place}1.mp4",
            f"pictures/originals/{place}2.png",
            "previews/sources/a.pdf",
            f"pictures/originals/{place}6.png",
        ]
        assert {(row.size, row.kind, row.placed) for row in rows} == {(77, "Component", True)}
        facts = [row.value and json.loads(row.value) for row in rows]
        assert facts[0] == {"frameIn": 0, "frameOut": 47, "frameRate": 24, "width": 320, "height": 180}
        assert facts[1:] == [facts[3], None, {"format": "image", "width": 320, "height": 180}]
        engine = connection.engine
    migrate.downgrade(engine, "0046")
    migrate.upgrade(engine)
    with engine.connect() as connection:
        assert [row.name for row in connection.execute(text(SHOWN))] == [row.name for row in rows]
    engine.dispose()


def test_all_migrations_can_be_put_into_one_and_no_database_is_left_behind(
    engine: Engine, postgres: SuitePostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "migrations"
    shutil.copytree(packaged_dir("migrations"), copy, ignore=shutil.ignore_patterns("__pycache__"))
    known, wanted = migrate.revisions(), catalog(engine)
    monkeypatch.setattr(migrate, "packaged_dir", lambda _name: copy)
    written = squash(engine, copy, "The studio, whole")
    assert [path.name for path in (copy / "versions").glob("*.py")] == [written.name]
    assert migrate.revisions() == [*known, migrate.head_revision()]
    for revision in (None, known[0], known[-1]):
        database = create_engine(postgres.empty_database())
        if revision:
            migrate.upgrade(database, revision)
        migrate.upgrade(database)
        assert (migrate.is_migrated(database), catalog(database)) == (True, wanted)
        with database.connect() as connection:
            assert connection.scalars(text("SELECT next FROM event_counter")).all() == [1]
        migrate.upgrade(database)
        if revision is None:
            assert migrate.differences(database, Base.metadata) == []
            migrate.downgrade(database, "base")
            assert {kind for kind, *_ in catalog(database)} <= {"extension"}
            migrate.upgrade(database)
            assert catalog(database) == wanted
        database.dispose()


def test_a_database_of_today_is_upgraded_without_the_steps_of_before(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    from_config = ScriptDirectory.from_config

    def noted(config: Config) -> ScriptDirectory:
        read.append(Path(config.get_main_option("version_locations", "")).name)
        return from_config(config)

    monkeypatch.setattr(ScriptDirectory, "from_config", noted)
    migrate.upgrade(engine)
    assert set(read) == {"versions"}
    assert not migrate.knows_revision("of tomorrow")
    assert read[-1] == "earlier"


def test_servers_that_start_together_migrate_once(postgres: SuitePostgres) -> None:
    engine = create_engine(postgres.empty_database())
    failures: list[BaseException] = []

    def start() -> None:
        try:
            migrate.upgrade(engine)
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)

    servers = [threading.Thread(target=start) for _ in range(3)]
    for server in servers:
        server.start()
    for server in servers:
        server.join()
    assert failures == []
    assert migrate.is_migrated(engine)
    engine.dispose()


def test_readiness_tells_an_empty_database_from_one_that_does_not_answer(
    engine: Engine, postgres: SuitePostgres
) -> None:
    assert migrate.readiness_of(engine)() is None
    empty = create_engine(postgres.empty_database())
    assert migrate.readiness_of(empty)() == "the database is not migrated"
    empty.dispose()
    absent = create_engine("postgresql+psycopg2://me:hush@127.0.0.1:1/none")
    assert migrate.readiness_of(absent)() == "the database does not answer"
