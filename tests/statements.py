"""SQL that is put into words once for all tests of a process, and not again for each test's own database."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

_KNOWN: LRUCache = LRUCache(2000)


def remember(engine: Engine) -> None:
    """Let an engine find the words of each statement that any other of its kind has compiled."""
    engine.update_execution_options(compiled_cache=_KNOWN)


@pytest.fixture(scope="session", autouse=True)
def dialects_are_alike() -> Iterator[None]:
    """SQLAlchemy finds compiled statements by their dialect, of which each engine has one of its own: compiling the
    same ones again took a third of the time of all tests with a store."""
    with pytest.MonkeyPatch.context() as patch:
        for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
            patch.setattr(dialect, "__eq__", lambda mine, other: type(mine) is type(other))
            patch.setattr(dialect, "__hash__", lambda mine: hash(type(mine)))
        yield
