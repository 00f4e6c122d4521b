"""The migrations as a whole: one line of them, from nothing to what the models describe and back."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from zou_server.adapters import migrate
from zou_server.models import Base
from zou_server.packaged import packaged_dir
from zou_server.services.install.install_first_data import install_first_data

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.conftest import SuitePostgres


def test_there_is_one_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(packaged_dir("migrations")))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_the_migrations_make_exactly_what_the_models_describe(engine: Engine) -> None:
    assert migrate.is_migrated(engine)
    assert migrate.differences(engine, Base.metadata) == []


def test_what_is_made_can_be_undone_and_made_again(engine: Engine) -> None:
    migrate.downgrade(engine, "base")
    assert migrate.current_revision(engine) is None
    migrate.upgrade(engine)
    assert migrate.differences(engine, Base.metadata) == []


def test_the_log_says_the_same_whether_a_new_row_is_one_row_of_it_or_many(engine: Engine) -> None:
    install_first_data(engine)
    log = "SELECT base + ordinal, id, action, attribute, old, new FROM event_log ORDER BY 1"
    with engine.connect() as connection:
        before = connection.exec_driver_sql(log).all()
    assert len([row for row in before if row.attribute == "name"]) > 10
    migrate.downgrade(engine, "0003")
    with engine.connect() as connection:
        assert connection.exec_driver_sql(log).all() == before
    migrate.upgrade(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql(log).all() == before


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
