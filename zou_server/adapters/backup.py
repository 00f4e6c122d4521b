"""A studio in one directory: its database table by table, its files and its secret key.

The tables are PostgreSQL's own COPY text, so that a backup of one PostgreSQL version is read by any other;
the tables themselves are made by our migrations, at the revision of the backup. Everything has a checksum: a
backup is read again after it was written, and a restored table is read out again before it is committed.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import shutil
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import IO, TYPE_CHECKING, Any

from psycopg2 import sql
from sqlalchemy import text

from zou_server import __version__
from zou_server.adapters.migrate import current_revision, knows_revision, upgrade
from zou_server.services.events.log_parts import LogParts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy import Engine

    from zou_server.settings import Settings

FORMAT = 1
MANIFEST, TABLES, FILES, SECRET = "manifest.json", "tables", "files", "secret.key"
FILE_LIST = "files.tsv"
BLOCK = 1024 * 1024
_STEADY = """
SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
SET LOCAL idle_in_transaction_session_timeout = 0;
SET LOCAL synchronize_seqscans = off; SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD';
SET LOCAL intervalstyle = 'postgres'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'
"""
_FIND_TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND c.relname <> 'alembic_version'
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY c.relname ORDER BY c.relname
"""
_FIND_SEQUENCES = """
SELECT sequencename, last_value FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL ORDER BY 1
"""
_FIND_LINKS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY oid
"""


class BackupError(Exception):
    """A backup that cannot be made or read; the message says why."""

    code = "backup"
    cure = "Do what the message says, and run the command again; a backup that failed has changed nothing."


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a backup: which columns, how many rows, the checksum of their text."""

    name: str
    columns: list[str]
    rows: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """The manifest of a backup: what it holds."""

    revision: str
    format: int = FORMAT
    version: str = __version__
    made_at: str = ""
    tables: list[Table] = field(default_factory=list)
    sequences: dict[str, int] = field(default_factory=dict)
    files: int = 0
    files_in: str = "local"

    @property
    def rows(self) -> int:
        """How many rows all tables have together."""
        return sum(table.rows for table in self.tables)


class Checked:
    """A stream whose bytes are added to a checksum as they pass."""

    def __init__(self, stream: Any) -> None:
        self._stream, self.digest = stream, hashlib.sha256()

    def write(self, block: bytes) -> int:
        """Write and add."""
        self.digest.update(block)
        return int(self._stream.write(block))

    def read(self, size: int = -1) -> bytes:
        """Read and add."""
        block: bytes = self._stream.read(size)
        self.digest.update(block)
        return block


class Nowhere:
    """A stream that keeps nothing."""

    def write(self, block: bytes) -> int:
        """Forget it."""
        return len(block)


def make_backup(engine: Engine, settings: Settings, target: Path) -> Manifest:
    """Write a backup into a new or empty directory, while the server runs, and read it again.

    Raises BackupError.
    """
    if target.exists() and any(target.iterdir()):
        message = f"{target} is not empty; name a new directory"
        raise BackupError(message)
    (target / TABLES).mkdir(parents=True, mode=0o700)
    target.chmod(0o700)
    revision = current_revision(engine)
    if revision is None:
        message = "the database holds no studio; there is nothing to back up"
        raise BackupError(message)
    manifest = Manifest(revision, made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))
    _write_tables(engine, target / TABLES, manifest)
    # After the rows: a file without its row is harmless, a row without its file is not.
    manifest.files_in = settings.storage
    if settings.storage == "local":
        manifest.files = _copy_files(settings.storage_dir, target)
    (target / SECRET).touch(mode=0o600)
    (target / SECRET).write_text(settings.secret_key)
    _check_backup(target, manifest)
    (target / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1))
    return manifest


def restore_backup(engine: Engine, settings: Settings, source: Path) -> Manifest:
    """Fill an empty database, the file store and the secret key from a backup, all or nothing.

    Raises BackupError.
    """
    manifest = read_manifest(source)
    if current_revision(engine) is not None:
        message = (
            "the database holds a studio already; restore into an empty database or a new data directory"
        )
        raise BackupError(message)
    if not knows_revision(manifest.revision):
        message = (
            f"the backup is at revision {manifest.revision}, of zou-server {manifest.version}, which this "
            f"version ({__version__}) does not know; restore it with that version or a newer one"
        )
        raise BackupError(message)
    if settings.storage_dir.exists() and any(settings.storage_dir.iterdir()):
        message = f"{settings.storage_dir} holds files already; restore into a new data directory"
        raise BackupError(message)
    _check_backup(source, manifest)
    upgrade(engine, manifest.revision)
    try:
        _make_room(engine, source / TABLES)
        _read_tables(engine, source / TABLES, manifest)
        if manifest.files_in == "local" and settings.storage == "local":
            shutil.copytree(source / FILES, settings.storage_dir, dirs_exist_ok=True)
            _check_files(source, settings.storage_dir)
    except BaseException:
        _empty(engine)
        shutil.rmtree(settings.storage_dir, ignore_errors=True)
        raise
    secret = settings.data_dir / "secret.key"
    secret.touch(mode=0o600)
    secret.write_text((source / SECRET).read_text())
    upgrade(engine)
    return manifest


def read_manifest(source: Path) -> Manifest:
    """The manifest of a backup; BackupError when the file is none or was cut short."""
    try:
        found = json.loads((source / MANIFEST).read_text())
        manifest = Manifest(**{**found, "tables": [Table(**each) for each in found["tables"]]})
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{source} is no whole backup: its {MANIFEST} is missing or cannot be read"
        raise BackupError(message) from error
    if manifest.format != FORMAT:
        message = f"{source} is a backup of another form ({manifest.format}); use a newer zou-server"
        raise BackupError(message)
    return manifest


# -- the database --------------------------------------------------------------------------------------------


def _write_tables(engine: Engine, folder: Path, manifest: Manifest) -> None:
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute(_STEADY)
        cursor.execute(_FIND_TABLES)
        for name, columns in cursor.fetchall():
            with gzip.open(folder / f"{name}.copy.gz", "wb", compresslevel=1) as file:
                manifest.tables.append(_copied_out(cursor, name, columns, file))
        cursor.execute(_FIND_SEQUENCES)
        manifest.sequences = dict(cursor.fetchall())
        connection.rollback()


def _copied_out(cursor: Any, name: str, columns: list[str], file: Any) -> Table:
    checked = Checked(file)
    rows = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT")  # so that those of a table in parts come too
    cursor.copy_expert(rows.format(_listed(columns), sql.Identifier(name)), checked)
    return Table(name, columns, cursor.rowcount, checked.digest.hexdigest())


def _listed(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _make_room(engine: Engine, folder: Path) -> None:
    """Make the parts of the log for the numbers that the backup has; before there were any, nothing."""
    with gzip.open(folder / "event_counter.copy.gz", "rt") as file:
        _, upcoming = file.read().split()
    with engine.begin() as connection:
        if connection.exec_driver_sql("SELECT to_regclass('event_from_1') IS NOT NULL").scalar_one():
            counted = text("UPDATE event_counter SET next = :upcoming")
            connection.execute(counted, {"upcoming": int(upcoming)})
            LogParts(connection).make_ahead()


def _read_tables(engine: Engine, folder: Path, manifest: Manifest) -> None:
    """Load all tables in one transaction; links between them are made again at its end, and so checked."""
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(_STEADY)
        cursor.execute(_FIND_LINKS)
        links = cursor.fetchall()
        for table, name, _ in links:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute(sql.SQL("TRUNCATE {}").format(_listed(table.name for table in manifest.tables)))
        for table in manifest.tables:
            _load(cursor, table, folder)
        for name, value in manifest.sequences.items():
            cursor.execute("SELECT setval(quote_ident(%s)::regclass, %s)", (name, value))
        for table, name, definition in links:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        connection.commit()


def _load(cursor: Any, table: Table, folder: Path) -> None:
    identifier = sql.Identifier(table.name)
    cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(identifier))
    with gzip.open(folder / f"{table.name}.copy.gz", "rb") as file:
        cursor.copy_expert(
            sql.SQL("COPY {} ({}) FROM STDIN").format(identifier, _listed(table.columns)), file
        )
    cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(identifier))
    loaded = _copied_out(cursor, table.name, table.columns, Nowhere())
    if (loaded.rows, loaded.sha256) != (table.rows, table.sha256):
        message = f"table {table.name} came out differently than it went in; nothing was restored"
        raise BackupError(message)


def _empty(engine: Engine) -> None:
    """Take back the tables of a restore that failed."""
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")


# -- the files -----------------------------------------------------------------------------------------------


def _copy_files(store: Path, target: Path) -> int:
    """Copy every stored file and note its checksum; one that is removed meanwhile was unwanted."""
    (target / FILES).mkdir()
    count = 0
    with (target / FILE_LIST).open("w") as listed:
        for path in sorted(store.rglob("*")):
            name = path.relative_to(store).as_posix()
            if not path.is_file() or name.startswith(".incoming/"):
                continue
            copy = target / FILES / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                with path.open("rb") as source, copy.open("wb") as sink:
                    checked = Checked(sink)
                    shutil.copyfileobj(source, checked, BLOCK)
                shutil.copystat(path, copy)
            except FileNotFoundError:
                copy.unlink(missing_ok=True)
                continue
            listed.write(f"{checked.digest.hexdigest()}\t{name}\n")
            count += 1
    return count


def _check_backup(place: Path, manifest: Manifest) -> None:
    """Read a backup and compare it with its checksums."""
    for table in manifest.tables:
        path = place / TABLES / f"{table.name}.copy.gz"
        try:
            with gzip.open(path, "rb") as file:
                digest = _digest(file)
        except (OSError, EOFError) as error:
            message = f"{path} cannot be read: {error}"
            raise BackupError(message) from error
        if digest != table.sha256:
            message = f"{path} is damaged: its checksum is another than the manifest's"
            raise BackupError(message)
    if manifest.files_in == "local":
        _check_files(place, place / FILES)


def _check_files(place: Path, store: Path) -> None:
    """Compare stored files with the checksums of a backup."""
    with (place / FILE_LIST).open() as listed:
        for line in listed:
            digest, _, name = line.rstrip("\n").partition("\t")
            try:
                with (store / name).open("rb") as file:
                    found = _digest(file)
            except OSError as error:
                message = f"{store / name} cannot be read: {error.strerror}"
                raise BackupError(message) from error
            if found != digest:
                message = f"{store / name} is damaged: its checksum is another than that of the backup"
                raise BackupError(message)


def _digest(file: IO[bytes] | gzip.GzipFile) -> str:
    checked = Checked(file)
    while checked.read(BLOCK):
        pass
    return checked.digest.hexdigest()
