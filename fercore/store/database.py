"""The database: how it is opened, migrated, read from and written to."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from fercore.errors import FercoreError, InputError, MovedDatabaseError, StoredDataError
from fercore.language import tr
from fercore.language.sentences import sentence
from fercore.store.database_errors import reason
from fercore.store.database_url import SETTING, address
from fercore.store.tables.base import Base

HEAD: Final = "0031"
BUSY_SECONDS: Final = 30
MIGRATIONS: Final = Path(__file__).parent / "migrations"


class Database:
    """A pool of connections to one migrated database."""

    def __init__(self, url: str) -> None:
        connection_url = address(url)
        self.url = url
        self.is_sqlite = connection_url.drivername == "sqlite"
        self.engine = _engine(connection_url)
        # SQLite lets one write at a time and those who wait look again now and then: some would wait for seconds.
        self._turn = Lock() if self.is_sqlite else nullcontext()
        shown = connection_url.render_as_string(hide_password=True)
        try:
            _migrate(self.engine)
        except FercoreError:
            raise
        except SQLAlchemyError as error:
            raise StoredDataError(
                sentence(
                    "The database {shown} cannot be opened: {reason}. Check {setting}, or restore a backup.",
                    shown=shown,
                    reason=reason(error),
                    setting=SETTING,
                )
            ) from error
        except Exception as error:  # Alembic, a driver's options, a migration that met rows it did not foresee
            first = (str(error).splitlines() or [""])[0]
            raise StoredDataError(
                sentence(
                    "The database {shown} cannot be brought up to date ({name}: {first}). Check "
                    "{setting}, or restore a backup; nothing was changed.",
                    shown=shown,
                    name=type(error).__name__,
                    first=first,
                    setting=SETTING,
                )
            ) from error
        self._file = self._present_file()

    def _present_file(self) -> tuple[int, int] | None:
        """(device, inode) of SQLite's file as it lies at its path now; None where there is none."""
        path = self.engine.url.database if self.is_sqlite else None
        if not path:
            return None
        try:
            state = Path(path).stat()
        except OSError:
            return None
        return state.st_dev, state.st_ino

    def _check_file(self) -> None:
        """Refuse to go on in a file that was moved, removed or replaced: what is written there would be lost."""
        if self._file is None or self._present_file() == self._file:
            return
        path = self.engine.url.database
        raise MovedDatabaseError(
            tr("The database file '{path}' was removed or replaced while fercore was running.", path=path)
            + " "
            + tr("Put it back, or start fercore again to use the file that is there now.")
        )

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that leaves nothing behind."""
        self._check_file()
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def one_moment(self) -> Iterator[Session]:
        """A session that sees the store as it is now to its end, whoever writes meanwhile."""
        with self.reading() as session:
            if self.is_sqlite:
                session.execute(text("BEGIN"))
            else:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose work is committed as one transaction, or not at all."""
        self._check_file()  # before a new connection would make a file where there is none
        with self._turn, Session(self.engine, expire_on_commit=False) as session, session.begin():
            if self.is_sqlite:
                # Taking the write lock at once waits for others; upgrading a read lock later fails.
                session.execute(text("BEGIN IMMEDIATE"))
            self._check_file()
            yield session
            self._check_file()

    def flush_log(self) -> None:
        """Empty SQLite's log, in which deleted rows would otherwise stand for a while."""
        if self.is_sqlite:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Return all connections."""
        self.engine.dispose()


def insert_new(session: Session, table: type[Base]) -> Any:
    """An INSERT that leaves out rows which another process has stored in the meantime."""
    dialect = import_module(f"sqlalchemy.dialects.{session.get_bind().dialect.name}")
    return dialect.insert(table.plain()).on_conflict_do_nothing()


def _engine(url: URL) -> Engine:
    if url.drivername != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        # Seven rows of 48 x 48 pixels fill a page of 16 KB; one would waste nearly half of SQLite's 4 KB.
        # The size counts when the file is made and changes nothing later.
        cursor.execute("PRAGMA page_size=16384")
        _switch_to_log(cursor)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def _switch_to_log(cursor: Any) -> None:
    """Let a new file keep a write-ahead log; for the process that does so at the same moment, SQLite does not wait."""
    deadline = monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise
            sleep(0.05)
        else:
            return


def _migrate(engine: Engine) -> None:
    """Apply missing migrations; Alembic is imported only when there are any."""
    with engine.connect() as connection:
        version = _version(connection)
    if version == HEAD:
        return
    known = {path.name[: len(HEAD)] for path in MIGRATIONS.glob("versions/*.py")}
    if version is not None and version not in known:
        raise InputError(sentence("This database is of a newer fercore: update fercore first."))
    from alembic import command
    from alembic.config import Config

    with _without_foreign_keys(engine) as connection, connection.begin():
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4663)")
        if _version(connection) == HEAD:
            return
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def _without_foreign_keys(engine: Engine) -> Iterator[Connection]:
    """A connection on which SQLite lets a table be replaced: to drop one that others refer to would empty those."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            yield connection
            return
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
        try:
            yield connection
        finally:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


@cache
def revisions() -> frozenset[str]:
    """All schemas that this fercore can migrate from, and its own."""
    return frozenset(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
