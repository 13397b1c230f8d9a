"""The database: how it is opened, migrated, read from and written to."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from fercore.errors import FercoreError, InputError, StoredDataError
from fercore.store.address import SETTING, address
from fercore.store.tables.base import Base
from fercore.store.trouble import reason

HEAD: Final = "0012"
MIGRATIONS: Final = Path(__file__).parent / "migrations"


def now() -> datetime:
    """This moment in UTC; the one clock of the store."""
    return datetime.now(UTC)


class Database:
    """A pool of connections to one migrated database."""

    def __init__(self, url: str) -> None:
        found = address(url)
        self.url = url
        self.is_sqlite = found.drivername == "sqlite"
        self.engine = _engine(found)
        # SQLite lets one write at a time and those who wait look again now and then: some would wait for seconds.
        self._turn = Lock() if self.is_sqlite else nullcontext()
        shown = found.render_as_string(hide_password=True)
        try:
            _migrate(self.engine)
        except FercoreError:
            raise
        except SQLAlchemyError as error:
            raise StoredDataError(
                f"The database {shown} cannot be opened: {reason(error)}. Check {SETTING}, or restore a backup."
            ) from error
        except Exception as error:  # Alembic, a driver's options, a migration that met rows it did not foresee
            first = (str(error).splitlines() or [""])[0]
            raise StoredDataError(
                f"The database {shown} cannot be brought up to date ({type(error).__name__}: {first}). "
                f"Check {SETTING}, or restore a backup; nothing was changed."
            ) from error

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that leaves nothing behind."""
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
        with self._turn, Session(self.engine, expire_on_commit=False) as session, session.begin():
            if self.is_sqlite:
                # Taking the write lock at once waits for others; upgrading a read lock later fails.
                session.execute(text("BEGIN IMMEDIATE"))
            yield session

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
    engine = create_engine(url, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        # Seven rows of 48 x 48 pixels fill a page of 16 KB; one would waste nearly half of SQLite's 4 KB.
        # The size counts when the file is made and changes nothing later.
        pragmas = ("page_size=16384", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000")
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def _migrate(engine: Engine) -> None:
    """Apply missing migrations; Alembic is imported only when there are any."""
    with engine.connect() as connection:
        version = _version(connection)
    if version == HEAD:
        return
    known = {path.name[: len(HEAD)] for path in MIGRATIONS.glob("versions/*.py")}
    if version is not None and version not in known:
        raise InputError("This database is of a newer fercore: update fercore first.")
    from alembic import command
    from alembic.config import Config

    with engine.begin() as connection:
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


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
