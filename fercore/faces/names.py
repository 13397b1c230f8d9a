"""Names of files: what operating systems and old programs write, decoded; and paths that text cannot hold, kept."""

import os
import re
import unicodedata
from pathlib import Path
from typing import Final
from urllib.parse import quote_from_bytes, unquote_to_bytes

_LITTER: Final = frozenset({"__macosx", "thumbs.db", "desktop.ini", "@eadir", "$recycle.bin"})
_URI: Final = "file://"
_PACKED: Final = re.compile(r"\.(zip|tar|tgz|tar\.gz|gz|csv|csv\.gz|parquet)$", re.IGNORECASE)


def decoded_name(raw: bytes) -> str:
    """A file name in NFC: Macs write UTF-8, Korean Windows cp949, and every byte means something in cp437."""
    for encoding in ("utf-8", "cp949"):
        try:
            return unicodedata.normalize("NFC", raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def readable_path(path: Path | str) -> str:
    """A path on disk as text that everything can hold and show: bytes that are not UTF-8 are decoded as names are."""
    text = str(path)
    return text if _is_text(text) else "/".join(decoded_name(os.fsencode(part)) for part in text.split("/"))


def stored_place(place: str) -> str:
    """A place on disk as text that a database can hold: as it is, or a file URI where its bytes are not UTF-8."""
    return place if _is_text(place) else _URI + quote_from_bytes(os.fsencode(place), safe="/!")


def real_place(stored: str) -> str:
    """The place on disk that `stored_place` was given."""
    return os.fsdecode(unquote_to_bytes(stored.removeprefix(_URI))) if stored.startswith(_URI) else stored


def given_name(path: Path) -> str:
    """The name of what a user hands over, a part of the path of each file in it: a folder's, or an archive's stem."""
    path = path if path.name not in ("", "..") else path.resolve()
    name = decoded_name(os.fsencode(path.name))
    return name if path.is_dir() else _PACKED.sub("", name)


def is_litter(name: str) -> bool:
    """True if a file or folder of that name was left behind by an operating system."""
    return name.startswith(".") or name.lower() in _LITTER


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
