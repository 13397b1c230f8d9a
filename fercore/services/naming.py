"""Names that people give to datasets and snapshots."""

import unicodedata

from fercore.errors import InputError
from fercore.language import tr


def checked_name(name: str) -> str:
    """The name in NFC without surrounding blanks; raises InputError for one that cannot be used."""
    clean = unicodedata.normalize("NFC", name).strip()
    if not clean or len(clean) > 100 or not clean.isprintable() or "/" in clean:
        raise InputError(tr("'{name}' cannot be a name: use 1 to 100 printable characters without '/'.", name=name))
    return clean
