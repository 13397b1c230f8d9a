"""The database's URL, in the forms in which people set it, or one sentence."""

from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from fercore.errors import InputError
from fercore.language.sentences import sentence

SETTING: Final = "FERCORE_DATABASE_URL"
_DRIVERS: Final = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "postgresql+psycopg2": "postgresql+psycopg",
}
_FORMS: Final = "sqlite:////data/fercore.db or postgresql+psycopg://user:password@host/name"


def address(given: str) -> URL:
    """The database that a URL names; raises `InputError`, without the password, for any other text."""
    if given[:1] in ("'", '"'):
        raise InputError(
            sentence(
                "{setting} begins with a quotation mark, which is not part of a URL. Remove the marks around it.",
                setting=SETTING,
            )
        )
    if "://" not in given:
        raise InputError(
            sentence(
                "{setting} is not a URL. For a file, write it as sqlite:///PATH; expected {forms}.",
                setting=SETTING,
                forms=_FORMS,
            )
        )
    try:
        url = make_url(given)
    except (ArgumentError, ValueError) as error:
        # What SQLAlchemy says may repeat the password.
        raise InputError(
            sentence("{setting} cannot be read as a URL. Expected {forms}.", setting=SETTING, forms=_FORMS)
        ) from error
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise InputError(
            sentence(
                "{setting} names '{drivername}', which is not supported. Expected {forms}.",
                setting=SETTING,
                drivername=url.drivername,
                forms=_FORMS,
            )
        )
    return url.set(drivername=driver)
