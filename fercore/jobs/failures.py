"""Messages of failed jobs: one sentence for what people can mend, the type and text of anything else."""

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

from fercore.errors import FercoreError, visible
from fercore.language.sentences import sentence as worded
from fercore.settings import Settings
from fercore.store.database_errors import sentence as database_sentence

_OWN: Final = "This is a fault of fercore itself"
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)


def sentence(error: BaseException, settings: Settings) -> str:
    """Why a job failed."""
    for cause in _chain(error):
        if (folder := _full_folder(cause, settings)) is not None:
            return worded(
                "The disk is full: '{folder}' has no room left. Free some space there, then continue; "
                "what was finished before is kept.",
                folder=folder,
            )
        if _is_gone(cause, settings.models_dir):
            return worded(
                "The models folder '{folder}' was removed or changed while the job wrote to it. "
                "Put it back and resume; without its checkpoint, the run starts again from its first epoch.",
                folder=settings.models_dir,
            )
    if isinstance(error, FercoreError):
        return str(error)
    if isinstance(error, DBAPIError):
        return database_sentence(error)
    return worded(
        "This is a fault of fercore itself ({kind}: {reason}). The job's log says where.",
        kind=type(error).__name__,
        reason=visible(str(error)),
    )


def is_foreseen(error: BaseException, settings: Settings) -> bool:
    """True if its sentence says it all, so that nobody needs to read a traceback."""
    return not sentence(error, settings).startswith(_OWN)


def _full_folder(error: BaseException, settings: Settings) -> Path | None:
    """The folder without room that an error is about; None for any other error."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return Path(str(error.filename)).absolute().parent if error.filename else settings.models_dir
    # Libraries in C tell only the text; SQLite has its own words, and its file is in the data folder.
    text = str(error).lower()
    if "no space left on device" in text or f"errno = {errno.ENOSPC}" in text:
        return settings.models_dir
    return settings.data_dir if isinstance(error, DBAPIError) and "disk is full" in text else None


def _is_gone(error: BaseException, folder: Path) -> bool:
    """True if a file could not be written or read because a folder that belongs to the job is there no more."""
    if not isinstance(error, FileNotFoundError | NotADirectoryError) or not error.filename:
        return False
    path = Path(str(error.filename)).absolute()
    return path.is_relative_to(folder.absolute()) and not path.parent.is_dir()


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, then what it came from."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__
