"""A store that does not answer while faces are reviewed: what shows it, and what is said of it."""

from typing import Final

from sqlalchemy.exc import InterfaceError, OperationalError

from fercore.errors import StoredDataError
from fercore.language import tr

AWAY: Final = (StoredDataError, OperationalError, InterfaceError)


def why_away(error: Exception) -> str:
    """Why decisions wait in the browser, as a sentence."""
    if isinstance(error, StoredDataError):
        return str(error)
    return tr("The database does not answer.")
