"""The schema that migrations make is the one that the models describe; writers wait for each other."""

import sqlite3
import threading
from contextlib import closing

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, func, select, text

from fercore.errors import MovedDatabaseError, StoredDataError
from fercore.settings import sqlite_url
from fercore.store import database
from fercore.store.database import HEAD, MIGRATIONS, Database
from fercore.store.tables import Base, Dataset, Face
from tests.conftest import fill, lasting_engine


def test_migrations_lead_to_the_models(store):
    with store.database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == HEAD
        assert compare_metadata(context, Base.metadata) == []


def test_opening_again_changes_nothing(store):
    fill(store, "D", [3])
    again = Database(store.database.url)
    with again.reading() as session:
        assert session.scalar(select(func.count()).select_from(Dataset)) == 1
    again.close()


def test_a_new_file_that_another_process_begins_with_is_waited_for(tmp_path):
    """SQLite's own wait does not count while a file takes up its write-ahead log."""
    path = tmp_path / "fercore.db"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        end = threading.Timer(0.5, other.execute, ["COMMIT"])
        end.start()
        Database(sqlite_url(path)).close()
        end.join()


def test_sqlite_is_durable_and_shared(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "_engine", lasting_engine)
    opened = Database(sqlite_url(tmp_path / "fercore.db"))
    with opened.reading() as session:
        settings = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    opened.close()
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}


@pytest.mark.parametrize("happened", ["removed", "replaced by a copy", "replaced by an empty file"])
def test_a_file_that_is_not_the_one_that_was_opened_takes_nothing(lite, happened):
    fill(lite, "D", [3])
    file = lite.settings.data_dir / "fercore.db"
    lite.database.close()  # a new connection would open, or make, whatever lies at the path
    away = file.rename(file.with_name("away.db"))
    if happened != "removed":
        file.write_bytes(away.read_bytes() if happened == "replaced by a copy" else b"")
    before = file.read_bytes() if file.exists() else None
    for begin in (lite.database.reading, lite.database.writing, lite.database.one_moment):
        with pytest.raises(MovedDatabaseError, match=rf"The database file '{file}' was removed or replaced"), begin():
            pass
    assert (file.read_bytes() if file.exists() else None) == before
    away.replace(file)
    with lite.database.writing() as session:
        assert session.scalar(select(func.count()).select_from(Dataset)) == 1


def test_a_file_that_is_replaced_during_a_transaction_keeps_nothing_of_it(lite):
    file = lite.settings.data_dir / "fercore.db"
    with pytest.raises(MovedDatabaseError), lite.database.writing() as session:
        session.execute(text("INSERT INTO reviewers (name, added_at) VALUES ('Kim', '2026-01-01')"))
        away = file.rename(file.with_name("away.db"))
        file.write_bytes(b"")
    away.replace(file)
    with lite.database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM reviewers")) == 0


def test_writers_wait_for_each_other(store):
    """Eight threads write at once; nobody meets a locked database and nothing is lost."""
    errors = []

    def write(number):
        try:
            for part in range(5):
                fill(store, f"D{number}", [3], start=100 * number + part)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with store.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Dataset)) == 8


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"no database " * 100, id="other bytes"),
        pytest.param(b"SQLite format 3\0" + b"x" * 500, id="broken"),
    ],
)
def test_a_broken_database_is_one_sentence(tmp_path, content):
    path = tmp_path / "fercore.db"
    path.write_bytes(content)
    with pytest.raises(StoredDataError, match="cannot be opened"):
        Database(f"sqlite:///{path}")


def test_an_older_store_is_brought_up_to_date(postgres, tmp_path):
    """Faces stored before the latest tables are read afterwards, on both databases."""
    for url in (f"sqlite:///{tmp_path / 'old.db'}", postgres(empty=True)):
        engine = create_engine(url)
        with engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, "0001")
            connection.execute(text("INSERT INTO datasets VALUES (1, 'old', 'folder', '2026-01-01')"))
            connection.execute(text("INSERT INTO imports VALUES (1, 1, 'folder', 'p', '2026-01-01', NULL, 1, '[]')"))
            connection.execute(
                text(
                    "INSERT INTO faces (id, dataset_id, import_id, identity, split, source_word, pixel_hash, state) "
                    "VALUES (1, 1, 1, 'a', 'train', '', 'h', 'undecided')"
                )
            )
        engine.dispose()
        database = Database(url)
        with database.reading() as session:
            face = session.get_one(Face, 1)
            assert (face.identity, face.sharpness, face.doubtful) == ("a", None, None)
        with database.engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        database.close()
