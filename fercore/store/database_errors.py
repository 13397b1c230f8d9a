"""Failures of the database, in a sentence, with their remedy."""

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from fercore.language.sentences import sentence as worded

_ADVICE = {
    "locked": worded("Another program holds it: close that, then try again. What was finished before is kept."),
    "malformed": worded("Its file is damaged: restore a backup."),
    "not a database": worded(
        "Its file is damaged, or another program's: restore a backup, or check FERCORE_DATABASE_URL."
    ),
    "disk is full": worded("The disk has no space left: free some, then try again. What was finished before is kept."),
    "readonly": worded("Its file or folder may not be written to: check their permissions."),
    "disk i/o": worded("Its disk does not work as it should, or is full: check it, then try again."),
}
_OTHERWISE = worded("What was finished before is kept: try again when the database is back.")


def reason(error: SQLAlchemyError) -> str:
    """The database's own words, without the statement."""
    lines = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def sentence(error: SQLAlchemyError) -> str:
    """The failure and its remedy."""
    why = reason(error)
    advice = next((advice for words, advice in _ADVICE.items() if words in why.lower()), _OTHERWISE)
    return worded("The database could not be used: {reason}. {advice}", reason=why, advice=advice)
