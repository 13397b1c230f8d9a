"""A backup as a file: what it must be before anything of it is believed."""

import json
import lzma
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from fercore.errors import UnreadableSourceError
from fercore.language import tr
from fercore.language.sentences import words
from fercore.language.system_reasons import reason
from fercore.sources.emotion_map import SHIPPED
from fercore.store.database import HEAD, revisions

DATABASE: Final = "fercore.db"
MANIFEST: Final = "manifest.json"
KEPT: Final = ("photos", "models", "recipes")
WORDS: Final = f"words/{SHIPPED.name}"
LONGEST_NAME: Final = 255  # bytes of one part of a path, on every usual file system
LARGEST_MANIFEST: Final = 1 << 20
MOST_TIMES: Final = 2  # what unpacks to more than so often the manifest's size was changed since
# What zipfile and its decompressors raise for content that is not what its directory says.
DAMAGE: Final = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError),
    *(EOFError, NotImplementedError, RuntimeError, ValueError),
)
_NOT_COUNTED: Final = ("alembic_version", "sqlite_sequence")


@dataclass(frozen=True)
class BackupContents:
    """The manifest and the directory of a backup; `size` in bytes is None for older backups."""

    schema: str
    rows: int
    size: int | None
    files: list[str]
    unpacked: int


@contextmanager
def opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """The zip file; raises UnreadableSourceError for what is none, or is damaged where it is read."""
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except OSError as error:
        raise UnreadableSourceError(
            tr("'{name}' cannot be read: {why}.", name=file, why=words(reason(error)))
        ) from None
    except DAMAGE as error:
        if not _is_zip(file):
            raise UnreadableSourceError(tr("'{name}' is not a backup: it is not a zip file.", name=file)) from None
        raise UnreadableSourceError(
            tr(
                "'{name}' is damaged ({why}). Nothing was restored: use another backup.",
                name=file,
                why=words(reason(error)),
            )
        ) from None


def _is_zip(file: Path) -> bool:
    try:
        return zipfile.is_zipfile(file)
    except OSError:
        return False


def contents(archive: zipfile.ZipFile) -> BackupContents:
    """The manifest of a backup; raises UnreadableSourceError for what no backup would say or hold."""
    names = [info.filename for info in archive.infolist()]
    if MANIFEST not in names or DATABASE not in names:
        lacking = MANIFEST if MANIFEST not in names else DATABASE
        raise UnreadableSourceError(tr("This zip file is not a fercore backup: it lacks {name}.", name=lacking))
    if len(names) != len(set(names)):
        twice = next(name for name in names if names.count(name) > 1)
        raise UnreadableSourceError(tr("This zip file is not a fercore backup: it holds '{name}' twice.", name=twice))
    files = [name for name in names if name not in (MANIFEST, DATABASE) and not name.endswith("/")]
    for name in files:
        _check_name(name)
    schema, rows, size = _manifest(archive)
    unpacked = sum(info.file_size for info in archive.infolist())
    if size is not None and unpacked > MOST_TIMES * size:
        raise UnreadableSourceError(
            tr("This backup unpacks to {real} bytes, but its manifest says {told}.", real=unpacked, told=size)
        )
    return BackupContents(schema, rows, size, files, unpacked)


def _check_name(name: str) -> None:
    path = PurePosixPath(name)
    known = name == WORDS or (len(path.parts) > 1 and path.parts[0] in KEPT)
    odd = path.is_absolute() or ".." in path.parts or "\\" in name or not name.isprintable()
    long = any(len(part.encode("utf-8", "surrogatepass")) > LONGEST_NAME for part in path.parts)
    if odd or long or not known:
        shown = name if len(name) <= 100 else f"{name[:100]}…"
        raise UnreadableSourceError(tr("This zip file is not a fercore backup: it holds '{name}'.", name=shown))


def _manifest(archive: zipfile.ZipFile) -> tuple[str, int, int | None]:
    """(schema, rows, bytes)."""
    if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise UnreadableSourceError(tr("This zip file is not a fercore backup: its manifest is too large."))
    try:
        contents = json.loads(archive.read(MANIFEST))
        schema, rows, size = contents["schema"], contents["rows"], contents.get("bytes")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnreadableSourceError(tr("This zip file is not a fercore backup: its manifest cannot be read.")) from None
    sound = isinstance(schema, str) and type(rows) is int and (size is None or type(size) is int) and rows >= 0
    if not sound or contents.get("format") != 1:
        raise UnreadableSourceError(tr("This zip file is not a fercore backup: its manifest cannot be read."))
    if schema not in revisions():
        newer = schema.isascii() and schema.isdigit() and schema > HEAD
        raise UnreadableSourceError(
            tr("This backup is of a newer fercore: update fercore first.")
            if newer
            else tr("This zip file is not a fercore backup: its schema is '{schema}'.", schema=schema[:40])
        )
    return schema, rows, size


def check_database(file: Path, contents: BackupContents) -> None:
    """Raise UnreadableSourceError where a backup's database is not whole, or not the one of its manifest."""
    try:
        with closing(sqlite3.connect(f"file:{file.as_posix()}?mode=ro&immutable=1", uri=True)) as database:
            fault = _fault(database, contents)
    except sqlite3.Error as error:
        fault = str(error)
    if fault is not None:
        raise UnreadableSourceError(
            tr("The database in this backup cannot be used ({why}). Nothing was restored.", why=fault)
        )


def _fault(database: sqlite3.Connection, contents: BackupContents) -> str | None:
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    if "alembic_version" not in tables:
        return tr("it is not a fercore database")
    versions = [version for (version,) in database.execute("SELECT version_num FROM alembic_version")]
    if versions != [contents.schema]:
        return tr("its schema is not the manifest's")
    checked = [message for (message,) in database.execute("PRAGMA integrity_check(1)")]
    if checked != ["ok"]:
        return str(checked[0])
    if database.execute("PRAGMA foreign_key_check").fetchone() is not None:
        return tr("rows refer to missing rows")
    counted = [name for name in tables if name not in _NOT_COUNTED]
    rows = sum(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in counted)
    return None if rows == contents.rows else tr("rows: {real}, in the manifest: {told}", real=rows, told=contents.rows)
