from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from db import migrate
from db.base import Base
from db.engine import open_engine
from verifier.errors import BrokenSetup

VIEWS = {
    "v_agreements",
    "v_calibration",
    "v_conflicts",
    "v_current_statements",
    "v_held_pairs",
    "v_outlet_matrix",
    "v_review_queue",
    "v_runs",
    "v_speaker_statements",
    "v_speaker_timeline",
    "v_stories",
    "v_wire_copies",
}
SEARCHED = ("statement_search", "article_search")  # full-text tables, and on SQLite what FTS5 keeps beside them
REVISIONS = [script.revision for script in ScriptDirectory.from_config(migrate.config()).walk_revisions()]


def test_the_tables_are_what_the_migrations_make(engine: Engine) -> None:
    with engine.connect() as connection:
        ours = lambda _, name, *__: not (name or "").startswith(SEARCHED)  # noqa: E731
        opts = {"compare_type": True, "include_object": ours}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Base.metadata) == []


def test_the_views_are_there_and_can_be_read(engine: Engine) -> None:
    assert set(inspect(engine).get_view_names()) == VIEWS
    with engine.connect() as connection:
        for view in sorted(VIEWS):
            assert connection.execute(text(f"SELECT * FROM {view}")).all() == []  # noqa: S608


def test_every_constraint_has_its_name(engine: Engine) -> None:
    found = inspect(engine)
    for table in Base.metadata.tables:
        constraints = [*found.get_unique_constraints(table), *found.get_foreign_keys(table)]
        constraints += found.get_check_constraints(table)
        assert all((one["name"] or "").startswith(("uq_", "fk_", "ck_")) for one in constraints), table


def test_the_last_file_is_the_head() -> None:
    assert migrate.head() == REVISIONS[0]


def test_upgrade_from_nothing_and_again(empty_url: str) -> None:
    assert migrate.revision(empty_url) is None
    migrate.upgrade(empty_url)
    assert migrate.revision(empty_url) == migrate.head()
    migrate.upgrade(empty_url)
    migrate.check(empty_url)


@pytest.mark.parametrize("older", REVISIONS)
def test_upgrade_from_each_revision(empty_url: str, older: str) -> None:
    migrate.upgrade(empty_url, older)
    migrate.upgrade(empty_url)
    migrate.check(empty_url)


def test_down_to_nothing_and_up_again(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.connect() as connection:
        command.downgrade(migrate.config(connection), "base")
        connection.commit()
        assert inspect(connection).get_table_names() == ["alembic_version"]
        assert inspect(connection).get_view_names() == []
    engine.dispose()
    migrate.upgrade(database_url)
    migrate.check(database_url)


def test_two_processes_upgrade_at_once(empty_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    together = [context.Process(target=migrate.upgrade, args=(empty_url,)) for _ in range(2)]
    for process in together:
        process.start()
    for process in together:
        process.join(60)
    assert [process.exitcode for process in together] == [0, 0]
    migrate.check(empty_url)


def test_check_says_what_to_do(empty_url: str) -> None:
    with pytest.raises(BrokenSetup, match="run `crossquote db upgrade`"):
        migrate.check(empty_url)


def test_a_database_from_the_future(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    engine = open_engine(empty_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    for act in (migrate.check, migrate.upgrade):
        with pytest.raises(BrokenSetup, match="install a newer crossquote"):
            act(empty_url)


@pytest.mark.postgres
def test_an_encoding_that_cannot_hold_every_text(postgres_server: str, empty_postgres_url: str) -> None:
    engine = open_engine(empty_postgres_url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        latin = "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
        connection.execute(text(latin))
    engine.dispose()
    with pytest.raises(BrokenSetup, match="ENCODING 'UTF8'"):
        migrate.upgrade(postgres_server.replace("/postgres?", "/latin?"))


def test_looking_at_a_missing_file_does_not_make_it(tmp_path: Path) -> None:
    assert migrate.revision(f"sqlite:///{tmp_path / 'none.db'}") is None
    assert not (tmp_path / "none.db").exists()
