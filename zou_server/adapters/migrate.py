"""Bring a database to the shape the models describe, with the migrations this code carries."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from zou_server import __version__
from zou_server.adapters.database import UnfitDatabaseError, check_database
from zou_server.packaged import packaged_dir

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic.operations.ops import MigrationScript
    from sqlalchemy import Connection, Engine, MetaData

LOG_PART = re.compile(r"(event|change_set)_from_\d+")
"""What the tables are called that the log is kept in; models and migrations know the whole only."""

FOLDERS = ("versions", "earlier")
"""The newest migrations first: the others need to be read only for a database of before the squash."""

# Any number will do, as long as every zou-server uses the same one.
MIGRATION_LOCK = 0x5A4F55


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run every migration the database has not seen, all in one transaction.

    Servers that start at the same time wait for each other; the second finds nothing to do. Raises
    UnfitDatabaseError for a database that a newer version made.
    """
    with engine.begin() as connection:
        _wait_for_our_turn(connection)
        _refuse_newer(MigrationContext.configure(connection).get_current_revision())
        if not _take_earlier_steps(connection, revision):
            command.upgrade(_config(connection), revision)


def _take_earlier_steps(connection: Connection, wanted: str) -> bool:
    """Bring a database of before the newest squash to where that begins; True when `wanted` is before it."""
    present = MigrationContext.configure(connection).get_current_revision()
    if {present, wanted} <= {None, "head", *_chain("versions")}:
        return False
    earlier = _config(connection, "earlier")
    known = {each.revision for each in ScriptDirectory.from_config(earlier).walk_revisions()}
    if wanted in known:
        command.upgrade(earlier, wanted)
    elif present in known:
        command.upgrade(earlier, "head")
        (first,) = ScriptDirectory.from_config(_config(connection)).get_bases()
        command.stamp(_config(connection), first, purge=True)
    return wanted in known


def downgrade(engine: Engine, revision: str) -> None:
    """Undo migrations down to ``revision``, all in one transaction."""
    with engine.begin() as connection:
        _wait_for_our_turn(connection)
        command.downgrade(_config(connection), revision)


def current_revision(engine: Engine) -> str | None:
    """Return the revision the database is at, or None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def revisions() -> list[str]:
    """Every revision that a database may be at, the oldest first: those of before the squash too."""
    return [revision for folder in FOLDERS for revision in _chain(folder)][::-1]


def _chain(folder: str) -> list[str]:
    """The revisions of a folder, the newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config(None, folder)).walk_revisions()]


def next_revision() -> str:
    """The number of the next migration; none is given twice."""
    return f"{max(map(int, revisions())) + 1:04d}"


def head_revision() -> str | None:
    """Return the newest revision this code carries, or None when it carries none."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def knows_revision(revision: str | None) -> bool:
    """Tell whether this code carries a revision; an empty database has none, which is known too."""
    return revision is None or any(revision in _chain(folder) for folder in FOLDERS)


def newer_sentence(revision: str | None) -> str:
    """Return what is said of a database at a revision that this code does not know."""
    return (
        f"the database is newer ({revision}) than this version of zou-server ({__version__}, at "
        f"{head_revision()}): install the newer version again, or restore the backup made before the upgrade"
    )


def _refuse_newer(revision: str | None) -> None:
    if not knows_revision(revision):
        raise UnfitDatabaseError(newer_sentence(revision))


def is_migrated(engine: Engine) -> bool:
    """Tell whether the database is at the newest revision."""
    return current_revision(engine) == head_revision()


def require_migrated(engine: Engine) -> None:
    """Raise UnfitDatabaseError unless the database is reachable and at the newest revision."""
    check_database(engine)
    _refuse_newer(current_revision(engine))
    if not is_migrated(engine):
        message = "the database lacks this version's tables; run zou-server upgrade-db, then try again"
        raise UnfitDatabaseError(message)


def readiness_of(engine: Engine) -> Callable[[], str | None]:
    """Return a function that says why the server is not ready, or None when it is.

    The reason is safe to show to anybody: no address, no name.
    """
    head = head_revision()

    def why_not_ready() -> str | None:
        try:
            current = current_revision(engine)
        except SQLAlchemyError:
            return "the database does not answer"
        return None if current == head else "the database is not migrated"

    return why_not_ready


def differences(engine: Engine, metadata: MetaData) -> list[Any]:
    """Return what differs between the database and the models; empty when they are the same."""
    with engine.connect() as connection:
        options = {
            "compare_type": True,
            "compare_server_default": True,
            "include_name": is_ours,
            "include_object": is_table,
        }
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def write_migration(engine: Engine, summary: str) -> str | None:
    """Write a migration from the database's shape to the models'; its path, or None when they are the same.

    Files are numbered, so that they are read in the order they run, and formatted like the rest.
    """
    with engine.connect() as connection:
        written = command.revision(
            _formatting(_config(connection)),
            summary,
            autogenerate=True,
            rev_id=next_revision(),
            process_revision_directives=_drop_empty,
        )
    return written.path if isinstance(written, Script) else None


def _drop_empty(_context: object, _revision: object, directives: list[MigrationScript]) -> None:
    """Write nothing where nothing differs."""
    if all(each.upgrade_ops is None or each.upgrade_ops.is_empty() for each in directives):
        directives.clear()


def _formatting(config: Config) -> Config:
    """Have ruff put a written file into the shape that `make lint` asks for."""
    hooks = {"sort": "check --fix-only --quiet", "shape": "format --quiet"}
    config.set_section_option("post_write_hooks", "hooks", ",".join(hooks))
    for name, options in hooks.items():
        config.set_section_option("post_write_hooks", f"{name}.type", "module")
        config.set_section_option("post_write_hooks", f"{name}.module", "ruff")
        config.set_section_option(
            "post_write_hooks", f"{name}.options", f"{options} REVISION_SCRIPT_FILENAME"
        )
    return config


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Tell whether our models describe a table; they do not those of the job queue and the log's parts."""
    is_other = name is not None and (name.startswith("procrastinate_") or LOG_PART.fullmatch(name))
    return not (kind == "table" and is_other)


def is_table(schema_object: object, _name: str | None, kind: str, _reflected: bool, _other: object) -> bool:  # noqa: FBT001
    """Tell whether the models mean a table by this; a view is made by hand in its migration."""
    return not (kind == "table" and getattr(schema_object, "info", {}).get("view"))


def _wait_for_our_turn(connection: Connection) -> None:
    """Hold the migration lock until the transaction ends. However long a migration takes, we wait."""
    connection.execute(text("SET LOCAL lock_timeout = 0"))
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})


def _config(connection: Connection | None, folder: str = "versions") -> Config:
    """Return alembic's configuration; there is no alembic.ini. Its chatter goes nowhere.

    `folder` is where the migrations are: the steps of before the newest squash are in `earlier`.
    """
    config = Config(stdout=io.StringIO())
    place = str(packaged_dir("migrations")).replace("%", "%%")
    config.set_main_option("script_location", place)
    config.set_main_option("version_locations", f"{place}/{folder}")
    config.set_main_option("path_separator", "newline")  # a folder's name may hold any other
    config.attributes["connection"] = connection
    return config
