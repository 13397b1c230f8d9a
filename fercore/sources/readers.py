"""The readers by the names that people type."""

from typing import Final

from fercore.errors import InputError
from fercore.language.sentences import sentence
from fercore.sources import aihub, ckplus, fer2013, folder, jaffe, parquet
from fercore.sources.record import Reader

READERS: Final[dict[str, Reader]] = {
    "fer2013": fer2013.read,
    "ckplus": ckplus.read,
    "jaffe": jaffe.read,
    "aihub": aihub.read,
    "folder": folder.read,
    "parquet": parquet.read,
}


def reader(name: str) -> Reader:
    """The reader of that name; raises `InputError` naming the known ones."""
    if name not in READERS:
        raise InputError(
            sentence("There is no source '{name}'. There is: {known}.", name=name, known=", ".join(READERS))
        )
    return READERS[name]
