"""``zou-server check``: is this machine able to run the server, and if not, what to do."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from sqlalchemy import text

from zou_server.adapters.data_directory import DataDirectoryInUseError
from zou_server.adapters.database import UnfitDatabaseError, check_database
from zou_server.adapters.migrate import current_revision, head_revision, knows_revision, newer_sentence
from zou_server.adapters.postgres.programs import EmbeddedPostgresError
from zou_server.adapters.postgres.studio_database import engine_of
from zou_server.adapters.replica.watch import ReplicaWatch
from zou_server.adapters.storage import make_storage
from zou_server.data_dir import SettingsError
from zou_server.models.errors import Unavailable
from zou_server.settings import Settings, named_site

if TYPE_CHECKING:
    from sqlalchemy import Engine

GIBIBYTE = 1024**3
LEAST_SECRET_BYTES = 32
LEAST_FREE_BYTES = 2 * GIBIBYTE
_MEND_BUCKET = (
    "the bucket must exist at s3_endpoint and its keys may put, get, delete and list objects: "
    "look at the settings that begin with ZOU_SERVER_S3_"
)


@dataclass(frozen=True)
class Finding:
    """One thing looked at: ``wrong`` stops the server, ``warn`` costs a feature."""

    verdict: Literal["ok", "warn", "wrong"]
    subject: str
    sentence: str


def check_everything(data_dir: Path | None) -> list[Finding]:
    """Look at everything the server needs. Starts the embedded PostgreSQL for a moment if none runs.

    Where no studio is yet, all is tried in a directory beside it, and nothing is left behind.
    """
    database_url, place = named_site(data_dir)
    if database_url or (place / "postgres").exists():
        return _check_site(data_dir)
    parent = next(each for each in (place, *place.parents) if each.exists())
    try:
        with TemporaryDirectory(dir=parent, prefix="check-") as trial:
            _give_to_owner_of(parent, Path(trial))
            findings = [
                replace(each, sentence=each.sentence.replace(trial, str(place)))
                for each in _check_site(Path(trial))
                if each.subject != "migrations"
            ]
    except OSError:
        return _check_site(data_dir)  # nothing can be made there, which it tells in its own words
    return [*findings, Finding("ok", "migrations", f"no studio in {place} yet; zou-server serve makes one")]


def _give_to_owner_of(parent: Path, trial: Path) -> None:
    """Let whoever the server would run as have the directory, where that is ours to give."""
    if os.geteuid() == 0:
        trial.chmod(0o711)
        os.chown(trial, parent.stat().st_uid, parent.stat().st_gid)


def _check_site(data_dir: Path | None) -> list[Finding]:
    try:
        settings = Settings.from_env(data_dir=data_dir)
    except SettingsError as error:
        return [Finding("wrong", "settings", str(error))]
    return [
        Finding("ok", "settings", f"data directory {settings.data_dir}"),
        *_check_secret(settings),
        check_storage(settings),
        *_check_database(settings),
        _check_ffmpeg(),
    ]


def _check_secret(settings: Settings) -> list[Finding]:
    """Look whether the key that signs tokens can be guessed."""
    if len(settings.secret_key.encode()) >= LEAST_SECRET_BYTES:
        return []
    mend = f"use at least {LEAST_SECRET_BYTES} bytes: whoever guesses it logs in as anybody"
    return [Finding("warn", "secret_key", f"ZOU_SERVER_SECRET_KEY is short; {mend}")]


def check_storage(settings: Settings) -> Finding:
    """Look whether files can be stored."""
    in_bucket = settings.storage == "s3"
    place = f"bucket {settings.s3_bucket}" if in_bucket else str(settings.storage_dir)
    try:
        make_storage(settings).check()
    except SettingsError as error:
        return Finding("wrong", "storage", str(error))
    except Unavailable as error:
        mend = _MEND_BUCKET if in_bucket else "let the user that runs zou-server write there"
        return Finding("wrong", "storage", f"{place}: {error.message} {mend[0].upper()}{mend[1:]}.")
    if in_bucket:
        return Finding("ok", "storage", f"{place}, written to and read from")
    free = shutil.disk_usage(settings.storage_dir).free
    sentence = f"{settings.storage_dir}, {free / GIBIBYTE:.1f} GiB free"
    if free < LEAST_FREE_BYTES:
        return Finding("warn", "storage", f"{sentence}; make room before uploads fail")
    return Finding("ok", "storage", sentence)


def _check_database(settings: Settings) -> list[Finding]:
    """Look whether the database answers, fits, and has this version's tables."""
    try:
        with engine_of(settings) as engine:
            check_database(engine)
            with engine.connect() as connection:
                version = connection.scalar(text("SHOW server_version"))
            current, head = current_revision(engine), head_revision()
            replica = _check_replica(settings, engine)
    except (UnfitDatabaseError, EmbeddedPostgresError, DataDirectoryInUseError) as error:
        return [Finding("wrong", "database", str(error))]
    kind = "at DATABASE_URL" if settings.database_url else "embedded"
    findings = [Finding("ok", "database", f"PostgreSQL {version}, {kind}"), *replica]
    if current == head:
        findings.append(Finding("ok", "migrations", f"at {head}"))
    elif not knows_revision(current):
        findings.append(Finding("wrong", "migrations", newer_sentence(current)))
    else:
        mend = "run zou-server upgrade-db; serve does so too"
        findings.append(Finding("warn", "migrations", f"database is at {current}, not at {head}; {mend}"))
    return findings


def _check_replica(settings: Settings, primary: Engine) -> list[Finding]:
    """Look whether the replica, where there is one, may answer reads."""
    if not settings.read_database_url:
        return []
    watch = ReplicaWatch(primary, settings.read_database_url, settings.replica_lag_seconds)
    try:
        state = watch.state()
    finally:
        watch.stop()
    if state.is_used:
        return [Finding("ok", "replica", "answers, and follows the database")]
    return [Finding("warn", "replica", f"{state.reason}; until it is mended the database answers all reads")]


def _check_ffmpeg() -> Finding:
    """Look for the program that reads movies."""
    place = shutil.which("ffmpeg")
    if place is None:
        mend = "install ffmpeg to have thumbnails and proxies of movies"
        return Finding("warn", "ffmpeg", f"not found on PATH; {mend}")
    return Finding("ok", "ffmpeg", place)
