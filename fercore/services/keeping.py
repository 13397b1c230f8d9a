"""Backup and restore of a whole installation: database, photos and models in one zip file.

The database travels as an SQLite file whatever it lives in, so that a backup of one kind restores into
the other.
"""

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Final

from sqlalchemy import Table, delete, func, insert, select, text
from sqlalchemy.orm import Session

from fercore.errors import InputError, UnreadableSourceError, disk_error
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.services import wording
from fercore.settings import sqlite_url
from fercore.sources.emotion_map import SHIPPED
from fercore.store import Store
from fercore.store.database import HEAD, Database
from fercore.store.tables import Base, Dataset, Run, Snapshot

DATABASE: Final = "fercore.db"
MANIFEST: Final = "manifest.json"
KEPT: Final = ("photos", "models", "recipes")
WORDS: Final = f"words/{SHIPPED.name}"
CHUNK: Final = 2000


def backup(store: Store, file: Path, progress: Progress = silent) -> dict[str, Any]:
    """Write everything into a zip file, which appears only when it is complete."""
    target = file.with_name(f".{file.name}.part")
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            # Files from before 1980, as container images and package stores have them, get the earliest date of a zip.
            zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive,
        ):
            rows = _dump(store.database, Path(folder) / DATABASE, progress)
            archive.write(Path(folder) / DATABASE, DATABASE)
            files = [found for prefix, folder in _folders(store).items() for found in _files(folder, prefix)]
            files += [(path, WORDS) for path in [wording.own_file(store)] if path.is_file()]
            for number, (path, name) in enumerate(files):
                progress(number, len(files), tr("Packing {name}", name=name))
                archive.write(path, name, zipfile.ZIP_STORED)
            archive.writestr(MANIFEST, json.dumps({"format": 1, "schema": HEAD, "rows": rows}))
        target.replace(file)
    except OSError as error:
        why = tr("'{name}' cannot be written: {why}.", name=file, why=error.strerror or error)
        raise disk_error(why, error) from None
    finally:
        target.unlink(missing_ok=True)
    return {"file": str(file), "rows": rows, "files": len(files)}


def restore(store: Store, file: Path, replace: bool = False, progress: Progress = silent) -> dict[str, Any]:
    """Put a backup into this installation; raises InputError unless that is empty or may be replaced."""
    if not replace and not _is_empty(store):
        raise InputError(
            tr("This installation is not empty. Restore into an empty one, or say --replace to lose what is here.")
        )
    with _opened(file) as archive, tempfile.TemporaryDirectory() as folder:
        names = _checked(archive)
        archive.extract(DATABASE, folder)
        with closing(Database(sqlite_url(Path(folder) / DATABASE))) as source:
            _check_rows(source, _manifest(archive)["rows"])
            rows = _load(source, store.database, progress)
        _unpack(store, archive, names, progress)
    return {"file": str(file), "rows": rows, "files": len(names)}


def _dump(database: Database, target: Path, progress: Progress) -> int:
    with (
        closing(Database(sqlite_url(target))) as copy,
        database.one_moment() as session,
        copy.writing() as into,
    ):
        return _copy(session, into, progress)


def _load(source: Database, database: Database, progress: Progress) -> int:
    with source.reading() as session, database.writing() as into:
        for table in reversed(Base.metadata.sorted_tables):
            into.execute(delete(table))
        rows = _copy(session, into, progress)
        if not database.is_sqlite:
            _advance_sequences(into)
        return rows


def _copy(source: Session, target: Session, progress: Progress) -> int:
    """All rows of all tables, parents first; returns how many."""
    copied = 0
    total = sum(source.scalar(select(func.count()).select_from(table)) or 0 for table in Base.metadata.sorted_tables)
    for table in Base.metadata.sorted_tables:
        result = source.execute(select(table).execution_options(yield_per=CHUNK))
        for part in result.mappings().partitions(CHUNK):
            target.execute(insert(table), [dict(row) for row in part])
            copied += len(part)
            progress(copied, total, tr("Copying {table}", table=table.name))
    return copied


def _advance_sequences(session: Session) -> None:
    """PostgreSQL counts its keys apart from the rows: go on behind the highest."""
    for table in Base.metadata.sorted_tables:
        column = _serial(table)
        if column is not None:
            session.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column}'), "
                    f"(SELECT coalesce(max({column}), 0) + 1 FROM {table.name}), false)"
                )
            )


def _serial(table: Table) -> str | None:
    column = table.autoincrement_column
    return column.name if column is not None else None


def _is_empty(store: Store) -> bool:
    with store.database.reading() as session:
        return not any(session.scalar(select(func.count()).select_from(t)) for t in (Dataset, Snapshot, Run))


def _folders(store: Store) -> dict[str, Path]:
    """What travels beside the database, by its name in a backup."""
    return {"photos": store.photos, "models": store.settings.models_dir, "recipes": store.recipes}


def _files(folder: Path, prefix: str) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "README.md":
            yield path, f"{prefix}/{path.relative_to(folder).as_posix()}"


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except OSError as error:
        raise UnreadableSourceError(
            tr("'{name}' cannot be read: {why}.", name=file, why=error.strerror or error)
        ) from None
    except zipfile.BadZipFile:
        raise UnreadableSourceError(tr("'{name}' is no backup: it is not a zip file.", name=file)) from None


def _checked(archive: zipfile.ZipFile) -> list[str]:
    """All files of a backup but its database; raises UnreadableSourceError for a file that no backup would have."""
    names = archive.namelist()
    if MANIFEST not in names or DATABASE not in names:
        raise UnreadableSourceError(tr("This zip file is no backup of fercore: it lacks {name}.", name=MANIFEST))
    files = [name for name in names if name not in (MANIFEST, DATABASE) and not name.endswith("/")]
    for name in files:
        path = PurePosixPath(name)
        known = name == WORDS or path.parts[0] in KEPT
        if path.is_absolute() or ".." in path.parts or not known or "\\" in name:
            raise UnreadableSourceError(tr("This zip file is no backup of fercore: it holds '{name}'.", name=name))
    if _manifest(archive)["schema"] > HEAD:
        raise UnreadableSourceError(tr("This backup is of a newer fercore: update fercore first."))
    return files


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """What a backup says of itself; raises UnreadableSourceError where it is damaged."""
    try:
        found = json.loads(archive.read(MANIFEST))
    except (ValueError, RecursionError, KeyError):
        found = None
    kinds = {"schema": str, "rows": int}
    if not isinstance(found, dict) or any(type(found.get(name)) is not kind for name, kind in kinds.items()):
        raise UnreadableSourceError(tr("This backup is damaged: its {name} cannot be read.", name=MANIFEST))
    return found


def _check_rows(source: Database, expected: int) -> None:
    """Refuse a database with other rows than its backup was made with, before anything is replaced by it."""
    with source.reading() as session:
        rows = sum(session.scalar(select(func.count()).select_from(t)) or 0 for t in Base.metadata.sorted_tables)
    if rows != expected:
        raise UnreadableSourceError(
            tr(
                "This backup is damaged: it was made of {expected} rows, and its database has {rows}.",
                expected=f"{expected:,}",
                rows=f"{rows:,}",
            )
        )


def _unpack(store: Store, archive: zipfile.ZipFile, names: list[str], progress: Progress) -> None:
    roots = {**_folders(store), "words": wording.own_file(store).parent}
    for number, name in enumerate(names):
        progress(number, len(names), tr("Unpacking {name}", name=name))
        kind, *rest = PurePosixPath(name).parts
        target = roots[kind].joinpath(*rest)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as source, target.open("wb") as output:
            shutil.copyfileobj(source, output)
