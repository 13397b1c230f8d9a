"""The database's sign of life."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from fercore.errors import FercoreError
from fercore.store import Store


def database_answers(store: Store) -> bool:
    """True if the database answers the smallest question."""
    try:
        with store.database.reading() as session:
            return bool(session.scalar(text("SELECT 1")) == 1)
    except (SQLAlchemyError, FercoreError):
        return False
