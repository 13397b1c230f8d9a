"""Files that come through the browser: written to the uploads folder, handed to a job, cleared behind it."""

import shutil
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final, Protocol
from uuid import uuid4

from fercore.store import Store
from fercore.store.jobs import queue

STALE_SECONDS: Final = 24 * 3600.0


class Upload(Protocol):
    """A browser's upload: a name, an id that no other upload has, and a stream of bytes."""

    name: str
    file_id: str

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move to a place in the file."""

    def read(self, size: int = -1, /) -> bytes:
        """Read bytes."""


def keep(store: Store, uploads: Sequence[Upload]) -> Path:
    """Write uploads into a folder of their own; returns the folder."""
    folder = store.uploads / uuid4().hex
    folder.mkdir()
    for upload in uploads:
        with (folder / safe_name(upload.name, folder)).open("wb") as target:
            upload.seek(0)
            _copy(upload, target)
    return folder


def safe_name(name: str, folder: Path) -> str:
    """A file name without folders, in NFC, not yet taken in the folder."""
    clean = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2].replace("\0", "")
    clean = clean.lstrip(".")[-150:] or "upload"
    stem, dot, suffix = clean.rpartition(".")
    number = 1
    while (folder / clean).exists():
        number += 1
        clean = f"{stem} ({number}).{suffix}" if dot else f"{suffix} ({number})"
    return clean


def clear(store: Store, path: Path) -> None:
    """Delete the uploads folder that a path lies in, if it does."""
    if path.resolve().is_relative_to(store.uploads.resolve()):
        inside = path.resolve().relative_to(store.uploads.resolve()).parts
        if inside:
            shutil.rmtree(store.uploads / inside[0], ignore_errors=True)


def clear_stale(store: Store) -> None:
    """Delete folders older than a day that no job may still read: what was looked at and never started."""
    oldest = time.time() - STALE_SECONDS
    old = [folder for folder in store.uploads.iterdir() if folder.is_dir() and folder.stat().st_mtime < oldest]
    if not old:
        return
    with store.database.reading() as session:
        named = {str(given.get("path", "")) for given in queue.unfinished_arguments(session)}
    for folder in old:
        if not any(folder.name in Path(path).parts for path in named):
            shutil.rmtree(folder, ignore_errors=True)


def _copy(source: Upload, target: IO[bytes]) -> None:
    while chunk := source.read(1 << 20):
        target.write(chunk)
